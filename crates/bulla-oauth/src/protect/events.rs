//! What happens to requests: counted, and told to the log. Never with a token in it.

use metrics::counter;

use super::Refusal;
use crate::access_token::Access;

pub(super) fn admitted(access: &Access) {
    counter!("bulla_oauth_resource_requests_total", "outcome" => "admitted").increment(1);
    tracing::debug!(
        target: TARGET,
        client_id = access.client_id(),
        kid = access.kid(),
        jti = access.jwt_id(),
        scheme = access.scheme().as_str(),
        "admitted"
    );
}

pub(super) fn refused(refusal: &Refusal) {
    let code = refusal.code();
    counter!("bulla_oauth_resource_requests_total", "outcome" => code).increment(1);
    let check = match refusal {
        Refusal::Dpop(error) => Some(error.check()),
        _ => None,
    };
    if refusal.is_ours() {
        tracing::error!(target: TARGET, code, check, %refusal, "refused by no fault of the request");
    } else {
        tracing::info!(target: TARGET, code, check, %refusal, "refused");
    }
}

const TARGET: &str = "bulla_oauth::protect";
