//! Who takes part, and where they are.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinHandle;

use bulla::jwa::SignatureAlg;
use bulla::jwks::http::HttpOptions;
use bulla::key::{KeyRotation, RotationPolicy};
use bulla::oauth::Issuer;
use bulla::oauth::rotation::{KeyEndpoints, NewKeys};

use super::client::Client;
use super::overheard::Overheard;
use super::server::{self, Registration};
use super::{app, reach};
use crate::error::Failure;

/// The parties, running. They end with it.
pub(super) struct World {
    addresses: Addresses,
    client: Client,
    keys: KeyEndpoints,
    overheard: Overheard,
    tasks: Vec<JoinHandle<()>>,
}

/// Where the parties are found.
#[derive(Clone, Serialize)]
pub(super) struct Addresses {
    /// Its issuer identifier.
    pub(super) authorization_server: String,
    pub(super) token_endpoint: String,
    /// The client's application, which has the API beside it.
    pub(super) client: String,
    pub(super) jwks: String,
    /// What the API's tokens are for.
    pub(super) audience: String,
    pub(super) api: String,
    /// The page to try them out.
    pub(super) docs: String,
}

/// How long a new key is public before it signs: long enough to be seen. Elsewhere it is a quarter of an hour.
pub(super) const ANNOUNCED: Duration = Duration::from_secs(2);

impl World {
    /// Starts everybody: on their usual ports if these are free, or on any where it is for once.
    pub(super) async fn start(folder: &Path, once: bool) -> Result<Self, Failure> {
        let overheard = Overheard::listen();
        let ports = if once { (0, 0) } else { (9000, 8000) };
        let (server, server_at) = reach::listen(ports.0).await?;
        let (application, application_at) = reach::listen(ports.1).await?;
        let addresses = Addresses::new(
            &format!("http://{server_at}"),
            &format!("http://{application_at}"),
        );

        let options = HttpOptions::default().allow_loopback_http().no_proxy();
        let http = options.build().map_err(Failure::bug)?;
        let new_keys = NewKeys::local(&bulla::backend(), SignatureAlg::Es256);
        let policy = RotationPolicy::new()
            .announce(ANNOUNCED)
            .retain(Duration::from_secs(60));
        let rotation = KeyRotation::new(new_keys.generate()?, policy);
        let keys = KeyEndpoints::new(rotation.clone(), new_keys);
        let client = Client::new(&addresses, rotation, http.clone())?;

        let issuer = Issuer::parse(addresses.authorization_server.clone()).map_err(Failure::bug)?;
        let registration = Registration {
            jwks_uri: &addresses.jwks,
            resource: &addresses.audience,
        };
        // Both listen already: who is asked before the other is ready waits a moment.
        let routes = app::router(&addresses, &issuer, &client, &keys, &overheard)?;
        let mut tasks = vec![tokio::spawn(async move {
            let _ = axum::serve(application, routes).await;
        })];
        let routes = server::router(folder, &issuer, registration, &http).await?;
        tasks.push(tokio::spawn(async move {
            let _ = axum::serve(server, routes).await;
        }));
        Ok(Self {
            addresses,
            client,
            keys,
            overheard,
            tasks,
        })
    }

    pub(super) const fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    pub(super) const fn keys(&self) -> &KeyEndpoints {
        &self.keys
    }

    pub(super) const fn overheard(&self) -> &Overheard {
        &self.overheard
    }
}

impl Addresses {
    fn new(server: &str, client: &str) -> Self {
        Self {
            authorization_server: server.to_owned(),
            token_endpoint: format!("{server}/token"),
            client: client.to_owned(),
            jwks: format!("{client}/jwks"),
            audience: format!("{client}/api"),
            api: format!("{client}/api/invoices"),
            docs: format!("{client}/docs"),
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
