//! What holds for every call to every vault.

mod calls;
mod policy;
#[cfg(test)]
mod tests;

pub(crate) use calls::Calls;
pub use policy::{Rules, Verification};
