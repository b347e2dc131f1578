mod issuer;
mod keys;
mod server;
mod site;
mod time;

pub(crate) use issuer::{Answers, Issuer};
pub(crate) use keys::{Key, expect};
pub(crate) use server::{Reply, Server};
pub(crate) use site::Site;
pub(crate) use time::{TestClock, pass};

use bulla_core::jwt;
use bulla_jwks::{RemoteError, RemoteKeys};

pub(crate) const URL: &str = "https://issuer.example/jwks";

/// What an application does with a token.
pub(crate) async fn verify(
    keys: &RemoteKeys,
    token: &str,
) -> Result<(), RemoteError<jwt::VerifyError>> {
    let expect = expect();
    keys.verify(|keys| expect.verify::<()>(token, keys))
        .await
        .map(|_| ())
}

/// The code of the error that the token makes.
pub(crate) async fn code(keys: &RemoteKeys, token: &str) -> &'static str {
    match verify(keys, token).await {
        Ok(()) => "ok",
        Err(error) => error.code(),
    }
}
