use std::sync::Arc;

use bulla_core::jwa::{KeyManagementAlg, KeyManagementScheme, MacAlg, SignatureAlg};
use bulla_core::key::{AgreeAsync, MacAsync, SignAsync, UnwrapAsync};

use super::KeyHandle;
use super::mac::VaultMac;
use super::sign::VaultSign;
use super::unwrap::{VaultAgree, VaultUnwrap};
use crate::VaultError;

/// The bare operations, for programs that put something of their own around them: a cache, a queue, a thread that waits.
/// The [`Rules`](crate::Rules) hold for them as well.
impl KeyHandle {
    /// What [`signer`](Self::signer) signs with.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn sign(&self, alg: SignatureAlg) -> Result<Arc<dyn SignAsync>, VaultError> {
        if !self.permitted().signatures.contains(&alg) {
            return Err(self.not_permitted(alg.name().as_str()));
        }
        Ok(Arc::new(VaultSign::new(self, alg)?))
    }

    /// What [`mac_signer`](Self::mac_signer) computes codes with.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn mac(&self, alg: MacAlg) -> Result<Arc<dyn MacAsync>, VaultError> {
        if !self.permitted().macs.contains(&alg) {
            return Err(self.not_permitted(alg.name().as_str()));
        }
        Ok(Arc::new(VaultMac::new(self, alg)))
    }

    /// What [`decrypter`](Self::decrypter) unwraps with.
    ///
    /// # Errors
    ///
    /// As there, and for the algorithms of ECDH-ES.
    pub fn unwrap(&self, alg: KeyManagementAlg) -> Result<Arc<dyn UnwrapAsync>, VaultError> {
        let agrees = matches!(alg.facts().scheme, KeyManagementScheme::EcdhEs { .. });
        if agrees || !self.permitted().key_management.contains(&alg) {
            return Err(self.not_permitted(alg.name().as_str()));
        }
        Ok(Arc::new(VaultUnwrap::new(self, alg)))
    }

    /// What [`decrypter`](Self::decrypter) agrees with.
    ///
    /// # Errors
    ///
    /// As there, and for an algorithm that is not one of ECDH-ES.
    pub fn agree(&self, alg: KeyManagementAlg) -> Result<Arc<dyn AgreeAsync>, VaultError> {
        let agrees = matches!(alg.facts().scheme, KeyManagementScheme::EcdhEs { .. });
        if !agrees || !self.permitted().key_management.contains(&alg) {
            return Err(self.not_permitted(alg.name().as_str()));
        }
        Ok(Arc::new(VaultAgree::new(self)))
    }
}
