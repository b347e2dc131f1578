//! The client's own key pairs.

use std::error::Error;

use bulla::jwa::SignatureAlg;
use bulla::key::{KeyRotation, RotationPolicy};
use bulla::oauth::rotation::{KeyEndpoints, NewKeys};

/// Key pairs that follow one another, with endpoints to publish and to rotate them.
///
/// They live as long as the program. Where it must go on with the same keys, make them in a vault or save them
/// encrypted, by a `MakeKey` of your own, and begin with `KeyRotation::restore`.
pub(crate) fn start() -> Result<KeyEndpoints, Box<dyn Error>> {
    let new_keys = NewKeys::local(&bulla::backend(), SignatureAlg::Es256);
    let first = new_keys.generate()?;
    // Public for 15 minutes before it signs, and for 10 minutes after.
    let keys = KeyRotation::new(first, RotationPolicy::new());
    Ok(KeyEndpoints::new(keys, new_keys))
}
