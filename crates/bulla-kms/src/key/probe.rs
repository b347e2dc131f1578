//! One operation at opening whose result can be checked here.

use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, KeyManagementScheme};
use bulla_core::jwk::PublicJwk;
use bulla_core::key::{SignError, SigningInput};

use super::KeyHandle;
use super::sign::VaultSign;
use crate::{OpenError, VaultError};

/// Not a token, and nothing that a lenient reader takes for one.
const PROBE: &[u8] = b"Bulla tries the key before it is used; this is not a token.";

/// A signature with the first algorithm that signs; else a decryption with the first one that can be encrypted for here.
/// A key without a public half cannot be tried.
pub(super) async fn probe(handle: &KeyHandle) -> Result<(), OpenError> {
    let permitted = handle.permitted();
    let Some(public) = handle.public() else {
        return Ok(());
    };
    if let Some(alg) = permitted.signatures.first() {
        let input = SigningInput::octets(PROBE).map_err(|error| OpenError::bug(&error))?;
        let sign = VaultSign::new(handle, *alg)?;
        return match sign.sign(&input, true).await {
            Ok(_) => Ok(()),
            Err(SignError::Remote { source, .. }) => match source.downcast::<VaultError>() {
                Ok(error) => Err((*error).into()),
                Err(other) => Err(OpenError::bug(&other)),
            },
            Err(other) => Err(OpenError::bug(&other)),
        };
    }
    match permitted.key_management.first() {
        Some(alg) => Ok(decrypt(handle, public, *alg).await?),
        None => Err(VaultError::unsupported("it may neither sign nor decrypt").into()),
    }
}

async fn decrypt(
    handle: &KeyHandle,
    public: &PublicJwk,
    alg: KeyManagementAlg,
) -> Result<(), VaultError> {
    let held = &handle.0;
    let unfit = |error: &dyn core::fmt::Display| VaultError::unsupported(error.to_string());
    let (sent, got) = if let KeyManagementScheme::EcdhEs { .. } = alg.facts().scheme {
        let made = held.backend.ephemeral(public.key());
        let (ephemeral, secret) = made.map_err(|error| unfit(&error))?;
        let got = held
            .calls
            .run("agree", || held.key.agree(&ephemeral))
            .await?;
        (secret, got)
    } else {
        let mut secret = vec![0; 32];
        held.backend
            .random(&mut secret)
            .map_err(|error| unfit(&error))?;
        let secret = SecretBytes::from(secret);
        let wrap = held.backend.rsa_wrap(public.key(), alg);
        let wrapped = wrap.map_err(|error| unfit(&error))?.wrap(&secret);
        let wrapped = wrapped.map_err(|error| unfit(&error))?.encrypted_key;
        let got = held
            .calls
            .run("unwrap", || held.key.unwrap(alg, &wrapped))
            .await?;
        (secret, got)
    };
    if sent == got {
        Ok(())
    } else {
        Err(VaultError::Integrity {
            what: "what it decrypts is not what was encrypted for its public key",
        })
    }
}
