//! Keys read, chosen and bound to algorithms: all of it before a token is looked at.

mod anchors;
mod decrypt;
mod encrypt;
mod kid;
mod load;
mod mismatch;
mod password;
mod sign;
mod store;
pub(crate) mod vault;
mod verify;

pub(crate) use decrypt::{DecryptArgs, DecryptKeys, decrypter};
pub(crate) use encrypt::encrypter;
pub(crate) use kid::check_kid;
pub(crate) use load::{Loaded, load, load_one};
pub(crate) use password::{Password, PasswordArgs, from_environment as password_from_environment};
pub(crate) use sign::signer;
pub(crate) use store::text as store_password;
pub(crate) use verify::{KeyArgs, VerifyKeys};
