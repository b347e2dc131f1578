//! What is checked of a token request around the client's assertion, one check a file.
//! [`token`](crate::endpoints) has them in their order.

pub(crate) mod grant;
pub(crate) mod proof;
pub(crate) mod request;
pub(crate) mod scope;
pub(crate) mod target;

mod refusal;

pub(crate) use refusal::{Part, Refusal};
