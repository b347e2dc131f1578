//! Who asks: `private_key_jwt` (RFC 7521 §4.2, RFC 7523 §2.2), and nothing else.
//!
//! A client that does not exist, one that is switched off, a `kid` that is not the client's and a wrong signature have one
//! answer, and one key is tried for each. What a clock can still tell: where a client publishes its keys, the first token
//! with an unknown `kid` waits until they were asked for, and while they cannot be had the answer is 503.

mod assertion;
mod missed;
mod nobody;
mod with_keys;

pub(crate) use assertion::{authenticate, delay};
pub(crate) use missed::Missed;
pub(crate) use nobody::{Nobody, OrNobody};
pub(crate) use with_keys::{Denied, with_keys};
