//! What every vault is tried with, whatever it is: the tests of a backend bring a key handle, and these ask of it what
//! [`KeyHandle`](bulla_kms::KeyHandle) promises. They panic where it does not hold.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "each vault uses what fits it, from tests of its own"
)]

mod decrypt;
mod mac;
mod peers;
mod rotation;
mod sign;
mod soft_key;
mod soft_vault;
mod wire;

pub use decrypt::{agrees, encrypted, open, opens, refuses_alike};
pub use mac::authenticates;
pub use peers::Peers;
pub use rotation::rotates_while_signing;
pub use sign::{PAYLOAD, long_token, signs, token, until_leading_zeros};
pub use soft_key::{Message, SoftKey, SoftSpec};
pub use soft_vault::{Fault, SoftVault};
pub use wire::{assert_no_trace, has_digest, trace};
