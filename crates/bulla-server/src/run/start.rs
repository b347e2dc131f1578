use std::net::{SocketAddr, TcpListener};

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;

use super::tasks::Tasks;
use super::{Limits, RunError, Running, listen};
use crate::config::{Config, KeyRefs, OpenError, Tls, read_tls};
use crate::endpoints;
use crate::server::Server;

/// Opens what a configuration names, and listens.
///
/// # Errors
///
/// [`RunError`]; nothing is left behind then.
pub async fn start(config: &Config, key_refs: &dyn KeyRefs) -> Result<Running, RunError> {
    // First the address: without an issuer of its own the server is called by it.
    let (listener, address) = listen::bind(config.listen.value)?;
    let server = config.open(key_refs, address).await?;
    let router = endpoints::router(server.clone())?;
    serve(
        server,
        router,
        listener,
        address,
        config.tls.as_ref(),
        Limits::new(),
    )
}

/// Listens on loopback, for a server that was put together by hand. What is mounted beside its endpoints is up to the
/// caller: `extend` gets their router.
///
/// # Errors
///
/// As for [`start`].
pub fn start_server(
    address: SocketAddr,
    limits: Limits,
    make: impl FnOnce(SocketAddr) -> Server,
    extend: impl FnOnce(Router) -> Router,
) -> Result<Running, RunError> {
    let (listener, address) = listen::bind(address)?;
    let server = make(address);
    let router = extend(endpoints::router(server.clone())?);
    serve(server, router, listener, address, None, limits)
}

fn serve(
    server: Server,
    router: Router,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<&Tls>,
    limits: Limits,
) -> Result<Running, RunError> {
    let failed = |error| RunError::Listen { address, error };
    let service = limits.around(router).into_make_service();
    let handle = Handle::new();
    let (serving, certificate) = match tls {
        Some(tls) => {
            let config = read_tls(tls).map_err(|problem| OpenError::Problems(vec![problem]))?;
            let config = RustlsConfig::from_config(config);
            let certificate = Some((tls.clone(), config.clone()));
            let listening = axum_server::from_tcp_rustls(listener, config).map_err(failed)?;
            let mut listening = listening.handle(handle.clone());
            listen::bound_time(&mut listening, &limits);
            (tokio::spawn(listening.serve(service)), certificate)
        }
        None => {
            let listening = axum_server::from_tcp(listener).map_err(failed)?;
            let mut listening = listening.handle(handle.clone());
            listen::bound_time(&mut listening, &limits);
            (tokio::spawn(listening.serve(service)), None)
        }
    };
    let mut tasks = Tasks::start(&server);
    if let Some((tls, config)) = certificate {
        tasks.watch(tls, config);
    }
    tracing::info!(
        issuer = server.issuer().as_str(),
        %address,
        tls = tls.is_some(),
        clients = server.clients().len(),
        "listening"
    );
    Ok(Running {
        server,
        address,
        handle,
        serving,
        drain: limits.drain,
        tasks,
    })
}
