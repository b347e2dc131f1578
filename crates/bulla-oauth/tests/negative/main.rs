//! What a token endpoint and a protected resource have to refuse: one named test a row of the checklist, with the exact
//! answer, through the messages and checks that a server uses.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod client_authentication;
mod dpop;
mod resource;
mod resource_server;
mod server;
mod token;
mod token_request;
