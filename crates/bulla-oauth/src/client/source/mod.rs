//! Tokens that are kept while they are good.

mod builder;
mod held_token;
mod shared;
mod state;
mod timing;

pub use builder::TokenSourceBuilder;
pub use held_token::AccessToken;
pub use shared::TokenSource;
