//! Listening, until it is told to stop.
//!
//! ```no_run
//! # async fn f(key_refs: &dyn bulla_server::config::KeyRefs) -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_server::config::{Config, Overrides};
//! let config = Config::without_file(&Overrides::default().flag("listen", "127.0.0.1:0")).unwrap();
//! let running = bulla_server::run::start(&config, key_refs).await?;
//! println!("{} listens on {}", running.server().issuer(), running.address());
//! running.shut_down().await?;
//! # Ok(()) }
//! ```

mod error;
mod limits;
mod listen;
mod running;
mod signals;
mod start;
mod tasks;
#[cfg(test)]
mod tests;

pub use error::RunError;
pub use limits::Limits;
pub use running::Running;
pub use signals::told_to_stop;
pub use start::{start, start_server};
