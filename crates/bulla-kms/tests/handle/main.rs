//! What a handle does with a vault, whichever it is.

mod decrypt;
mod map;
mod rotation;
mod sign;
mod vault;
