use core::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum_server::Handle;
use tokio::task::JoinHandle;

use super::RunError;
use super::tasks::Tasks;
use crate::server::Server;

/// A server that listens. Dropped, it goes on; [`shut_down`](Self::shut_down) ends it.
#[must_use = "a server that nobody holds cannot be told to stop"]
pub struct Running {
    pub(super) server: Server,
    pub(super) address: SocketAddr,
    pub(super) handle: Handle<SocketAddr>,
    pub(super) serving: JoinHandle<io::Result<()>>,
    pub(super) drain: Duration,
    pub(super) tasks: Tasks,
}

impl Running {
    /// What requests are answered from.
    #[must_use]
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// What it listens on; the port is the one that it got.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connection, and ends when what is under way has ended, or has had its time.
    ///
    /// # Errors
    ///
    /// [`RunError::Serve`] where it had come to an end by itself.
    pub async fn shut_down(self) -> Result<(), RunError> {
        tracing::info!(address = %self.address, "stopping");
        self.handle.graceful_shutdown(Some(self.drain));
        self.ended().await
    }

    /// Waits until `stop` is ready, and shuts down.
    ///
    /// # Errors
    ///
    /// As for [`shut_down`](Self::shut_down).
    pub async fn until(mut self, stop: impl Future<Output = ()>) -> Result<(), RunError> {
        tokio::select! {
            ended = &mut self.serving => {
                self.tasks.end();
                outcome(ended)
            }
            () = stop => self.shut_down().await,
        }
    }

    async fn ended(self) -> Result<(), RunError> {
        let ended = self.serving.await;
        self.tasks.end();
        outcome(ended)
    }
}

fn outcome(ended: Result<io::Result<()>, tokio::task::JoinError>) -> Result<(), RunError> {
    match ended {
        Ok(ended) => ended.map_err(RunError::Serve),
        Err(error) => Err(RunError::Serve(io::Error::other(error))),
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("server", &self.server)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
