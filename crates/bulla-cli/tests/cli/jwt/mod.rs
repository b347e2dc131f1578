//! `bulla jwt`, a verb a file.

mod inspect;
mod issue;
mod trust_anchors;
mod verify;
