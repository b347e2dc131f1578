//! What was decided about whom, for those who must be able to tell afterwards.
//!
//! Each decision is one event of the tracing target `bulla::audit` and one count of the metric
//! `bulla_server_decisions_total`. Neither has an assertion, a proof, a token or a key in it, and a `jti` only hashed: who
//! reads the log can join events, and cannot use what stands in it.

use bulla::base64url;
use bulla::jwa::HashAlg;
use metrics::counter;

/// The target of the events.
pub const TARGET: &str = "bulla::audit";

/// A decision. What is not known of it is left out.
///
/// ```
/// use bulla_server::audit::Decision;
/// Decision::new("token")
///     .client("billing")
///     .grant("client_credentials")
///     .check("client", "audience")
///     .refused("jwt.audience-mismatch");
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is written until `granted` or `refused` is called"]
pub struct Decision {
    endpoint: &'static str,
    client: Option<String>,
    grant: Option<String>,
    subject: Option<String>,
    scope: Option<String>,
    resource: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    jti: Option<String>,
    signing_kid: Option<String>,
    thumbprint: Option<String>,
    part: Option<&'static str>,
    check: Option<&'static str>,
}

impl Decision {
    /// A decision of an endpoint.
    pub fn new(endpoint: &'static str) -> Self {
        Self {
            endpoint,
            ..Self::default()
        }
    }

    /// Who asked. Before the signature held it is who it *says* asked.
    pub fn client(mut self, id: &str) -> Self {
        self.client = Some(shortened(id));
        self
    }

    /// The grant.
    pub fn grant(mut self, grant: &str) -> Self {
        self.grant = Some(shortened(grant));
        self
    }

    /// The principal that the token is about.
    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = Some(shortened(subject));
        self
    }

    /// The scopes that were granted.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = Some(shortened(scope));
        self
    }

    /// What the token is for.
    pub fn resource(mut self, resource: &str) -> Self {
        self.resource = Some(shortened(resource));
        self
    }

    /// The algorithm and the `kid` of the assertion, as its header has them.
    pub fn key(mut self, alg: &str, kid: Option<&str>) -> Self {
        self.alg = Some(shortened(alg));
        self.kid = kid.map(shortened);
        self
    }

    /// The `jti` of the assertion. Its hash is written.
    pub fn jti(mut self, jti: &str) -> Self {
        self.jti = Some(hashed(jti));
        self
    }

    /// The `kid` of the key that signed the access token.
    pub fn signing_key(mut self, kid: &str) -> Self {
        self.signing_kid = Some(shortened(kid));
        self
    }

    /// The thumbprint of the key that the token is bound to.
    pub fn bound_to(mut self, thumbprint: &str) -> Self {
        self.thumbprint = Some(shortened(thumbprint));
        self
    }

    /// The check that decided, and what of the request it is about: [`endpoints`](crate::endpoints) has both in their
    /// order.
    pub const fn check(mut self, part: &'static str, check: &'static str) -> Self {
        self.part = Some(part);
        self.check = Some(check);
        self
    }

    /// It was granted.
    pub fn granted(self) {
        self.write(true, "granted");
    }

    /// It was refused, for the reason of this code. The sender is not told which.
    pub fn refused(self, code: &str) {
        self.write(false, code);
    }

    fn write(self, granted: bool, code: &str) {
        let outcome = if granted { "granted" } else { "refused" };
        counter!("bulla_server_decisions_total", "endpoint" => self.endpoint, "outcome" => outcome,
            "code" => code.to_owned())
        .increment(1);
        tracing::info!(
            target: TARGET,
            endpoint = self.endpoint,
            outcome,
            code,
            part = self.part,
            check = self.check,
            client = self.client,
            grant = self.grant,
            subject = self.subject,
            scope = self.scope,
            resource = self.resource,
            alg = self.alg,
            kid = self.kid,
            jti_hash = self.jti,
            signing_kid = self.signing_kid,
            jkt = self.thumbprint,
            "token request {outcome}"
        );
    }
}

/// More than any of ours, and little enough for a line.
const LONGEST: usize = 256;

/// What came from outside, bounded and on one line.
fn shortened(text: &str) -> String {
    let safe = |letter: char| match letter {
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    };
    text.chars().take(LONGEST).map(safe).collect()
}

/// Enough of SHA-256 to tell two apart.
fn hashed(text: &str) -> String {
    let digest = HashAlg::Sha256.digest(text.as_bytes());
    base64url::encode(digest.as_ref().get(..12).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_from_outside_is_one_short_line() {
        let text = shortened(&format!("a\r\nb\u{1b}[31m{}", "c".repeat(1_000)));
        assert!(text.chars().all(|letter| !letter.is_control()));
        assert_eq!(text.chars().count(), LONGEST);
    }

    #[test]
    fn a_jti_is_written_hashed() {
        let decision = Decision::new("token").jti("secret-jti");
        assert!(!format!("{decision:?}").contains("secret-jti"));
        assert_eq!(decision.jti.as_deref().map(str::len), Some(16));
        assert_ne!(hashed("a"), hashed("b"));
    }
}
