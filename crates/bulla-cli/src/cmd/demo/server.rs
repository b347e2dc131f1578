//! The authorization server, in this process: a store, signing keys that are encrypted in it, and one client.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bulla::jwa::SignatureAlg;
use bulla::jwks::http::HttpClient;
use bulla::jwks::machine::CachePolicy;
use bulla::key::Backend;
use bulla::oauth::assertion::RegisteredClient;
use bulla::oauth::{Issuer, Resource, Scopes};
use bulla::{SecretBytes, jwks};
use bulla_server::endpoints;
use bulla_server::rotation::{KeyEncryption, RotationSchedule, SigningKeys};
use bulla_server::server::{Client, ClientKeys, Server};
use bulla_server::store::{SqliteStore, Store};

use super::client::{CLIENT, SCOPE};
use crate::error::Failure;

/// What the server is told about the client: where its keys are, and what it may ask for.
pub(super) struct Registration<'a> {
    pub(super) jwks_uri: &'a str,
    pub(super) resource: &'a str,
}

/// The least time between two looks at the client's keys.
pub(super) const COOLDOWN: Duration = Duration::from_millis(100);

/// The endpoints of a server that knows this client.
pub(super) async fn router(
    folder: &Path,
    issuer: &Issuer,
    registration: Registration<'_>,
    http: &HttpClient,
) -> Result<Router, Failure> {
    let backend = bulla::backend();
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(folder.join("bulla.db")).map_err(Failure::bug)?);
    let encryption = KeyEncryption::new(&backend, &secret(&backend)?)?;
    let signing = SigningKeys::open(
        Arc::clone(&store),
        issuer.as_str(),
        encryption,
        RotationSchedule::new(),
        SignatureAlg::Es256,
        Arc::clone(&backend),
    );
    let signing = signing.await.map_err(Failure::bug)?;
    let nonces = secret(&backend)?;
    let server = Server::builder(issuer.clone(), store, signing, backend)
        .clients([client(registration, http)?])
        .build(&nonces)
        .map_err(Failure::bug)?;
    endpoints::router(server).map_err(Failure::bug)
}

fn client(registration: Registration<'_>, http: &HttpClient) -> Result<Client, Failure> {
    let keys = jwks::https(registration.jwks_uri)
        .client(http.clone())
        // Here keys are rotated for fun, and faster than anywhere else.
        .policy(CachePolicy {
            cooldown: COOLDOWN,
            ..CachePolicy::default()
        })
        .start()
        .map_err(Failure::bug)?;
    let scopes = Scopes::parse(SCOPE).map_err(Failure::bug)?;
    let resource = Resource::parse(registration.resource).map_err(Failure::bug)?;
    let registered = RegisteredClient::new(CLIENT).algorithms([SignatureAlg::Es256]);
    Ok(Client::new(registered, ClientKeys::Remote(keys))
        .with_scopes(scopes)
        .with_resources([resource]))
}

fn secret(backend: &Arc<dyn Backend>) -> Result<SecretBytes, Failure> {
    let mut octets = [0; 32];
    backend.random(&mut octets).map_err(Failure::bug)?;
    Ok(SecretBytes::from(&octets[..]))
}
