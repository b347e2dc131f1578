use core::fmt;
use std::io;
use std::net::IpAddr;

use bulla_core::key::BoxFuture;

/// Finds the addresses of a name.
pub trait Resolve: Send + Sync + fmt::Debug {
    /// The addresses of a name.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from finding any.
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}
