//! Who asks: `private_key_jwt` (RFC 7521 §4.2, RFC 7523 §2.2), and nothing else.

mod assertion;
mod missed;
mod nobody;
mod with_keys;

pub(crate) use assertion::{authenticate, delay};
pub(crate) use missed::Missed;
pub(crate) use nobody::{Nobody, OrNobody};
pub(crate) use with_keys::{Denied, with_keys};
