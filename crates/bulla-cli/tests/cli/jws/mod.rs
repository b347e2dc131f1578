//! `bulla jws`, a verb a file.

mod inspect;
mod key_rules;
mod sign;
mod verify;
