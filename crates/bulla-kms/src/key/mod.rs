//! The handle: a key in a vault, ready for use.

mod bare;
mod description;
mod handle;
mod mac;
mod map;
mod probe;
mod sign;
mod unwrap;
mod wrap;

pub use description::{Description, Permitted};
pub use handle::KeyHandle;
pub use map::KeyMap;
