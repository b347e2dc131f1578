use bulla::jwks::{KeysUnavailable, MissingKey, RemoteError};
use bulla::key::Keys;

use crate::server::ClientKeys;

/// Runs `check` on somebody's keys, and again where one is missing that its owner may have published since.
pub(crate) async fn with_keys<T, E: MissingKey>(
    keys: &ClientKeys,
    mut check: impl FnMut(&dyn Keys) -> Result<T, E>,
) -> Result<T, Denied<E>> {
    match keys {
        ClientKeys::Fixed(keys) => check(keys.as_ref()).map_err(Denied::Refused),
        ClientKeys::Remote(keys) => {
            let verified = keys.verify(|snapshot| check(snapshot)).await;
            verified.map_err(|error| match error {
                RemoteError::Token(error) => Denied::Refused(error),
                RemoteError::Keys(why) => Denied::Unavailable(Some(Box::new(why))),
                _ => Denied::Unavailable(None),
            })
        }
    }
}

/// Why nothing could be verified.
#[derive(Debug)]
pub(crate) enum Denied<E> {
    /// The check said no.
    Refused(E),
    /// The keys cannot be had now.
    Unavailable(Option<Box<KeysUnavailable>>),
}
