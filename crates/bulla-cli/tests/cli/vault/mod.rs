//! Keys in vaults, by their KEYREFs.

mod not_there;
mod token;
