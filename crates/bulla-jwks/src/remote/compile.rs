use std::sync::Arc;

use bulla_core::jwk::{Jwk, JwkSet};
use bulla_core::key::{Backend, KeySet, KeySetPolicy};

use super::Rejected;

/// Which keys of a set are used, and how.
#[derive(Clone, Debug)]
pub(super) struct Compiler {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) algorithms: KeySetPolicy,
}

/// A set ready for use.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) keys: KeySet,
    pub(super) set: JwkSet,
    pub(super) rejected: Vec<Rejected>,
}

impl Compiler {
    /// Takes the public keys of a set. Private and symmetric ones are dropped, not used by their public half: whoever
    /// published them has given them away.
    pub(super) fn compile(&self, set: &JwkSet) -> Compiled {
        let unreadable = set.rejected().iter().map(|key| Rejected {
            kid: key.kid.clone(),
            code: key.error.code(),
        });
        let mut rejected: Vec<Rejected> = unreadable.collect();
        let mut public = Vec::new();
        for key in set.keys() {
            match key {
                Jwk::Public(_) => public.push(key.clone()),
                _ => rejected.push(Rejected {
                    kid: key.members().kid.clone(),
                    code: "jwks.private-key",
                }),
            }
        }
        let keys = KeySet::compile_keys(&public, &self.backend, &self.algorithms);
        rejected.extend(keys.rejected().iter().map(|key| Rejected {
            kid: key.kid.clone(),
            code: key.error.code(),
        }));
        Compiled {
            keys,
            set: JwkSet::new(public),
            rejected,
        }
    }
}
