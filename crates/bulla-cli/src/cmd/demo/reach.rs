//! The ports of this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tokio::net::TcpListener;

use crate::error::Failure;

/// Listens on loopback: on this port if it is free, else on any that is. Zero is any.
pub(super) async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), Failure> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let failed = |error| Failure::io("listening on", Path::new("127.0.0.1"), &error);
    let listener = match TcpListener::bind(at(port)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind(at(0)).await.map_err(failed)?,
    };
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
