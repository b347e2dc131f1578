use bulla::Header;
use bulla::oauth::dpop::Thumbprint;

use crate::audit::Decision;
use crate::checks::Refusal;

/// What is known of a request so far, for the one line of the audit log that it ends with.
#[derive(Debug)]
pub(crate) struct Trail(Decision);

impl Trail {
    pub(super) fn new(endpoint: &'static str) -> Self {
        Self(Decision::new(endpoint))
    }

    /// Who it says asks, and with which key. Not verified yet.
    pub(crate) fn claimed(&mut self, client_id: &str, header: &Header) {
        let alg = header.alg().map_or("", |alg| alg.as_str());
        self.note(|decision| decision.client(client_id).key(alg, header.kid()));
    }

    pub(crate) fn jti(&mut self, jti: &str) {
        self.note(|decision| decision.jti(jti));
    }

    pub(super) fn note(&mut self, add: impl FnOnce(Decision) -> Decision) {
        self.0 = add(core::mem::take(&mut self.0));
    }

    pub(super) fn bound_to(&mut self, key: Thumbprint) {
        self.note(|decision| decision.bound_to(&key.to_string()));
    }

    pub(super) fn granted(self) {
        self.0.granted();
    }

    pub(super) fn refused(self, refusal: &Refusal) {
        let part = refusal.part.name();
        self.0.check(part, refusal.check).refused(refusal.code);
    }
}
