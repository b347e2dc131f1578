//! Keys in vaults, by their KEYREFs.

#[cfg(feature = "vaults")]
mod aws;
#[cfg(feature = "vaults")]
mod azure;
mod not_there;
mod token;
