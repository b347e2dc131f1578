//! What the tests share: a server on loopback, requests to it, tokens of any content, and what it logs.

mod case;
mod http;
mod log;
mod publisher;
mod store;
mod tokens;

pub(crate) use case::{Case, REFUSED, Setup, nonces, with_rights};
pub(crate) use http::{Answer, error, form, get, send, with_assertion};
pub(crate) use log::last_decision;
pub(crate) use publisher::Publisher;
pub(crate) use tokens::*;
