//! `bulla jwt`, a verb a file.

mod inspect;
mod issue;
mod verify;
