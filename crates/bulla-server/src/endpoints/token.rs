//! `POST /token` (RFC 6749 §3.2).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use bulla::Fault;
use bulla::oauth::access_token::AccessToken;
use bulla::oauth::dpop::ProvedKey;
use bulla::oauth::message::{ErrorCode, ErrorResponse, TokenResponse};
use bulla::oauth::{MakeError, Scopes};
use http::Response;

use super::{Gate, Trail};
use crate::checks::target::Target;
use crate::checks::{self, Part, Refusal};
use crate::{client_auth, grants};

pub(super) async fn answer(State(gate): State<Arc<Gate>>, request: Request) -> Response<Body> {
    let mut trail = Trail::new("token");
    let answer = match decide(&gate, request, &mut trail).await {
        Ok(response) => {
            trail.granted();
            response.to_http()
        }
        Err(refusal) => {
            trail.refused(&refusal);
            refusal.into_answer()
        }
    };
    answer.map(Body::from)
}

/// The checks in their order. Who asks is known before anything else is told; the proof is held against the request
/// after all that costs nothing, and a grant is used up last.
async fn decide(
    gate: &Gate,
    request: Request,
    trail: &mut Trail,
) -> Result<TokenResponse, Refusal> {
    let (parts, body) = request.into_parts();
    let server = &gate.server;
    let request = checks::request::check(&parts, body).await?;
    let (authenticated, client) =
        client_auth::authenticate(server, &gate.nobody, &request, trail).await?;
    let grant = checks::grant::check(&request, client)?;
    trail.note(|decision| decision.grant(grant.kind().as_str()));
    let scopes = checks::scope::check(&request, client)?;
    let target = checks::target::check(&request, client, server.issuer())?;
    let proved = checks::proof::check(&parts.headers, client, server, &gate.token_url).await?;
    let subject = grants::subject(&grant, client, server, &gate.nobody).await?;
    trail.note(|decision| {
        let decision = decision.subject(&subject).scope(&scopes.to_string());
        decision.resource(&target.to_string())
    });
    let token = Wanted {
        subject,
        client_id: authenticated.client_id(),
        target,
        scopes,
        proved,
    };
    token.issue(gate, trail).await
}

/// A token that is to be issued.
struct Wanted<'a> {
    subject: String,
    client_id: &'a str,
    target: Target,
    scopes: Scopes,
    proved: Option<ProvedKey>,
}

impl Wanted<'_> {
    async fn issue(self, gate: &Gate, trail: &mut Trail) -> Result<TokenResponse, Refusal> {
        let server = &gate.server;
        let token = AccessToken::for_subject(
            self.subject,
            self.client_id,
            server.issuer(),
            self.target.first,
            server.backend(),
        );
        let others = self.target.others.into_iter();
        let mut token = others
            .fold(token, AccessToken::audience)
            .scopes(self.scopes)
            .lifetime(server.access_token_lifetime())
            .clock(Arc::clone(server.clock()));
        if let Some(proved) = &self.proved {
            trail.bound_to(proved.thumbprint());
            token = token.bound_to(proved.thumbprint());
        }
        let signing = server.signing().snapshot();
        trail.note(|decision| decision.signing_key(signing.signer().kid().unwrap_or_default()));
        let signed = token.sign_async(signing.signer()).await;
        let response = token.response(signed.map_err(|error| not_signed(&error))?);
        Ok(match self.proved.as_ref().and_then(ProvedKey::next_nonce) {
            Some(nonce) => response.dpop_nonce(nonce),
            None => response,
        })
    }
}

/// A key that is far away may come back; whoever waits is told to. Nothing else signs in its place.
fn not_signed(error: &MakeError) -> Refusal {
    tracing::error!(
        code = error.code(),
        "no access token could be signed: {error}"
    );
    let answer = match error.fault() {
        Fault::Remote => ErrorResponse::unavailable(),
        _ => ErrorResponse::new(ErrorCode::ServerError),
    };
    Refusal::new(Part::Token, "signature", error.code(), &answer)
}
