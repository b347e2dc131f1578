//! `bulla token`, a verb a file.

mod assertion;
mod request;
mod server;
