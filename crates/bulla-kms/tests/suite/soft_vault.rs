use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg, SignatureScheme};
use bulla_core::jwk::{Jwk, PublicJwk, PublicKey, pem};
use bulla_core::key::BoxFuture;
use bulla_kms::{Description, Permitted, ToSign, VaultError, VaultKey};

use super::{Message, SoftKey, SoftSpec};

/// A vault in this process: what the tests are tried with, before any real one is.
pub struct SoftVault {
    key: SoftKey,
    /// Changes what would be answered.
    pub fault: Fault,
}

pub type Fault = fn(Result<Vec<u8>, VaultError>) -> Result<Vec<u8>, VaultError>;

impl SoftVault {
    pub fn new(spec: SoftSpec) -> Self {
        Self {
            key: SoftKey::generate(spec),
            fault: |answer| answer,
        }
    }

    pub fn key(&self) -> &SoftKey {
        &self.key
    }

    pub fn public(&self) -> Option<PublicJwk> {
        if self.key.spki().is_empty() {
            return None;
        }
        match pem::read(self.key.spki(), None, bulla_aws_lc::backend().as_ref()) {
            Ok(Jwk::Public(public)) => Some(public),
            other => panic!("no public key: {other:?}"),
        }
    }

    pub fn description(&self, permitted: Permitted) -> Description {
        Description {
            provider: "soft",
            name: "soft".into(),
            version: "1".into(),
            public: self.public(),
            permitted,
        }
    }
}

impl VaultKey for SoftVault {
    fn sign<'a>(
        &'a self,
        alg: SignatureAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let message = match message {
            ToSign::Digest(digest) => Message::Digest(digest.as_ref()),
            ToSign::Whole(message) => Message::Raw(message),
        };
        let signature = self.key.sign(alg, message);
        let answer = signature
            .map(|signature| match alg.facts().scheme {
                SignatureScheme::Ecdsa(curve, _) => fixed(&signature, curve.field_len()),
                _ => signature,
            })
            .ok_or_else(|| VaultError::unsupported(alg.name().as_str()));
        Box::pin(async { (self.fault)(answer) })
    }

    fn mac<'a>(
        &'a self,
        alg: MacAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let code = self.key.mac(alg, message.octets());
        let answer = code.ok_or_else(|| VaultError::unsupported(alg.name().as_str()));
        Box::pin(async { (self.fault)(answer) })
    }

    fn unwrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        encrypted_key: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        let sha256 = alg == KeyManagementAlg::RsaOaep256;
        let opened = self.key.open(sha256, encrypted_key);
        let answer = (self.fault)(opened.ok_or(VaultError::Refused));
        Box::pin(async { answer.map(SecretBytes::from) })
    }

    fn agree<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        let peer = pem::write_spki(ephemeral).unwrap();
        let secret = self.key.agree(peer.as_der());
        let answer = (self.fault)(secret.ok_or(VaultError::Refused));
        Box::pin(async { answer.map(SecretBytes::from) })
    }
}

/// R‖S of DER, for short lengths, written again on purpose: the vault is not to share the mistakes of what it tests.
fn fixed(der: &[u8], field: usize) -> Vec<u8> {
    let content = if der[1] == 0x81 { &der[3..] } else { &der[2..] };
    let (r, rest) = content[2..].split_at(usize::from(content[1]));
    let s = &rest[2..];
    let mut whole = Vec::new();
    for integer in [r, s] {
        let plain = integer.strip_prefix(&[0]).unwrap_or(integer);
        whole.resize(whole.len() + field - plain.len(), 0);
        whole.extend_from_slice(plain);
    }
    whole
}
