use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{KeyAgreementAlgorithmSpec, MessageType};
use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{PublicJwk, PublicKey, pem};
use bulla_core::key::BoxFuture;

use super::algorithms::{self, LIMIT};
use super::error;
use crate::{ToSign, VaultError, VaultKey, ecdsa};

/// One key of KMS, by its ARN.
pub(super) struct AwsKey {
    client: Client,
    arn: String,
    /// The length of R and of S, for a key on a curve of ECDSA.
    field: Option<usize>,
}

impl AwsKey {
    pub(super) fn new(client: Client, arn: String, public: Option<&PublicJwk>) -> Self {
        let field = match public.map(PublicJwk::key) {
            Some(PublicKey::Ec(key)) => Some(key.curve().field_len()),
            _ => None,
        };
        Self { client, arn, field }
    }

    async fn signature(
        &self,
        alg: SignatureAlg,
        message: &ToSign<'_>,
    ) -> Result<Vec<u8>, VaultError> {
        let spec = algorithms::signing(alg).ok_or_else(|| unsupported(alg.name().as_str()))?;
        let form = match message {
            ToSign::Digest(_) => MessageType::Digest,
            ToSign::Whole(_) => MessageType::Raw,
        };
        let request = self.client.sign().key_id(&self.arn);
        let request = request.signing_algorithm(spec).message_type(form);
        let answer = request.message(within_limit(message)?).send().await;
        let answer = answer.map_err(|error| error::of(&error))?;
        self.is_of_this_key(answer.key_id())?;
        let signature = answer.signature.ok_or(NOTHING)?.into_inner();
        match self.field {
            Some(field) => ecdsa::from_der(&signature, field),
            None => Ok(signature),
        }
    }

    async fn code(&self, alg: MacAlg, message: &ToSign<'_>) -> Result<Vec<u8>, VaultError> {
        let spec = algorithms::mac(alg).ok_or_else(|| unsupported(alg.name().as_str()))?;
        let request = self.client.generate_mac().key_id(&self.arn);
        let request = request.mac_algorithm(spec.clone());
        let answer = request.message(within_limit(message)?).send().await;
        let answer = answer.map_err(|error| error::of(&error))?;
        self.is_of_this_key(answer.key_id())?;
        // Nothing here can verify the code, so what it says about itself has to be right.
        if answer.mac_algorithm() != Some(&spec) {
            return Err(VaultError::Integrity {
                what: "it is by another algorithm",
            });
        }
        Ok(answer.mac.ok_or(NOTHING)?.into_inner())
    }

    async fn opened(
        &self,
        alg: KeyManagementAlg,
        encrypted_key: &[u8],
    ) -> Result<SecretBytes, VaultError> {
        let spec = algorithms::encryption(alg).ok_or_else(|| unsupported(alg.name().as_str()))?;
        let request = self.client.decrypt().key_id(&self.arn);
        let request = request.encryption_algorithm(spec);
        let answer = request
            .ciphertext_blob(Blob::new(encrypted_key))
            .send()
            .await;
        let answer = answer.map_err(|error| error::of(&error))?;
        self.is_of_this_key(answer.key_id())?;
        Ok(answer.plaintext.ok_or(NOTHING)?.into_inner().into())
    }

    async fn shared(&self, ephemeral: &PublicKey) -> Result<SecretBytes, VaultError> {
        let peer = pem::write_spki(ephemeral).map_err(|error| unsupported(&error.to_string()))?;
        let request = self.client.derive_shared_secret().key_id(&self.arn);
        let request = request.key_agreement_algorithm(KeyAgreementAlgorithmSpec::Ecdh);
        let answer = request.public_key(Blob::new(peer.as_der())).send().await;
        let answer = answer.map_err(|error| error::of(&error))?;
        self.is_of_this_key(answer.key_id())?;
        let secret = SecretBytes::from(answer.shared_secret.ok_or(NOTHING)?.into_inner());
        if Some(secret.expose().len()) != self.field {
            return Err(VaultError::Integrity {
                what: "the shared secret is not as long as the curve's field",
            });
        }
        Ok(secret)
    }

    /// Every answer names the key by its ARN, whatever it was asked by.
    fn is_of_this_key(&self, arn: Option<&str>) -> Result<(), VaultError> {
        if arn == Some(self.arn.as_str()) {
            return Ok(());
        }
        Err(VaultError::Integrity {
            what: "it is of another key",
        })
    }
}

impl VaultKey for AwsKey {
    fn sign<'a>(
        &'a self,
        alg: SignatureAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(self.signature(alg, message))
    }

    fn mac<'a>(
        &'a self,
        alg: MacAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(self.code(alg, message))
    }

    fn unwrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        encrypted_key: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        Box::pin(self.opened(alg, encrypted_key))
    }

    fn agree<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        Box::pin(self.shared(ephemeral))
    }
}

/// Said here, since KMS says no more than that a parameter is wrong.
fn within_limit(message: &ToSign<'_>) -> Result<Blob, VaultError> {
    let found = message.octets().len();
    if found > LIMIT {
        return Err(VaultError::TooLarge {
            limit: LIMIT,
            found,
        });
    }
    Ok(Blob::new(message.octets()))
}

fn unsupported(what: &str) -> VaultError {
    VaultError::unsupported(what)
}

const NOTHING: VaultError = VaultError::Integrity {
    what: "there is no result in it",
};
