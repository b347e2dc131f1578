//! `bulla serve`: real processes on loopback.

mod check;
mod process;
mod replay;
mod rotation;
mod running;
mod tls;

use process::{Process, connect, post};
