use azure_security_keyvault_keys::models::KeyOperationResult;
use bulla_core::SecretBytes;

use super::identifier::Identifier;
use crate::VaultError;

/// What an operation gave, if it was with the version that was asked for.
///
/// A vault that is asked for no version takes the newest, and a proxy or a restored vault may do so too: then the octets
/// belong to another key.
pub(super) fn of_version(
    answer: KeyOperationResult,
    pinned: &Identifier,
) -> Result<SecretBytes, VaultError> {
    let wrong = |what| VaultError::Integrity { what };
    // Taken first, so that they are wiped whatever is wrong.
    let octets = answer.result.map(SecretBytes::from);
    let kid = answer.kid.as_deref().and_then(Identifier::parse);
    if kid.as_ref() != Some(pinned) {
        return Err(wrong("the answer is of another version of the key"));
    }
    octets.ok_or_else(|| wrong("the answer has no value"))
}
