//! An authorization server for machines: `private_key_jwt`, DPoP, RFC 9068 access tokens and keys that rotate.
//!
//! | Module | What is in it |
//! |---|---|
//! | [`config`] | what it is configured with: a file, variables and flags |
//! | [`store`] | what must outlive the process: used `jti`, signing keys, shared secrets |
//! | [`rotation`] | the signing keys: announced, then signing, then retired |
//! | [`server`] | what every request is answered from: policies, clients, keys, store |
//! | [`endpoints`] | what it answers to: metadata, keys, tokens |
//! | [`grants`] | by what tokens are asked for |
//! | [`run`] | listening, until it is told to stop |
//! | [`audit`] | one event a decision, without secrets |

pub mod audit;
mod checks;
mod client_auth;
pub mod config;
pub mod endpoints;
pub mod grants;
pub mod rotation;
pub mod run;
pub mod server;
pub mod store;
