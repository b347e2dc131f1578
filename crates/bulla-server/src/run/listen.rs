use std::io;
use std::net::{SocketAddr, TcpListener};

use axum_server::Server;
use hyper_util::rt::TokioTimer;

use super::{Limits, RunError};

/// A listener, and the address that it got.
pub(super) fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), RunError> {
    let bound = || -> io::Result<_> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    bound().map_err(|error| RunError::Listen { address, error })
}

/// Who sends the headers of a request slowly, or says nothing more, does not hold a connection.
pub(super) fn bound_time<A>(server: &mut Server<SocketAddr, A>, limits: &Limits) {
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers_in);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.headers_in)
        .keep_alive_timeout(limits.headers_in);
}
