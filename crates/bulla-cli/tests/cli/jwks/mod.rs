//! `bulla jwks`, a verb a file, and key sets named by their URL.

mod fetch;
mod issuer;
mod merge;
mod serve;
mod verify;
