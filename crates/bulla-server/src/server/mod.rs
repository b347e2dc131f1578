//! What every request is answered from.

mod builder;
mod client;
mod clients;
mod state;

pub use builder::ServerBuilder;
pub use client::{Client, ClientKeys, DpopUse};
pub use clients::Clients;
pub use state::Server;
