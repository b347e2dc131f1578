//! Prose chapters: what is known to go wrong with JOSE, every default, what does not compile, keys that live
//! elsewhere, and how keys earn trust.

#[doc = include_str!("attacks.md")]
pub mod attacks {}

#[doc = include_str!("defaults.md")]
pub mod defaults {}

#[doc = include_str!("promises.md")]
pub mod promises {}

#[doc = include_str!("remote_keys.md")]
pub mod remote_keys {}

#[doc = include_str!("trust.md")]
pub mod trust {}
