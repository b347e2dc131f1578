use std::net::SocketAddr;
use std::sync::Arc;

use bulla::SecretBytes;
use bulla::jwa::SignatureAlg;
use bulla::jwks::http::HttpOptions;
use bulla::jwks::source::WatchedFile;
use bulla::jwks::{RemoteBuilder, RemoteKeys, StartError, discover, https};
use bulla::key::{Backend, KeySet, KeySetPolicy};
use bulla::oauth::Issuer;
use bulla::oauth::assertion::Profile;

use super::{Config, Jwks, KeyRefs, OpenError, Signing, StoreLocation, encryption_key};
use crate::grants::{TrustedIssuer, TrustedIssuers};
use crate::rotation::{KeyEncryption, SigningKeys, SigningKeysError};
use crate::server::{Client, ClientKeys, Server};
use crate::store::{SqliteStore, Store};

impl Config {
    /// Opens what the configuration names: the store, the signing keys, the keys of the clients. `address` is what the
    /// server listens on, and its identifier where it has no other.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn open(
        &self,
        key_refs: &dyn KeyRefs,
        address: SocketAddr,
    ) -> Result<Server, OpenError> {
        let problems = self.inspect_named(key_refs).await;
        if !problems.is_empty() {
            return Err(OpenError::Problems(problems));
        }
        let backend = bulla::backend();
        let issuer = match &self.issuer {
            Some(given) => given.value.clone(),
            None => Issuer::parse(format!("http://{address}"))?,
        };
        let StoreLocation::Sqlite(path) = &self.store.value;
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path)?);
        let encryption = self.encryption(key_refs, &backend, &store, &issuer).await?;
        let secret = nonce_secret(&encryption, store.as_ref(), &issuer, &backend).await?;
        let signing = self
            .signing_keys(key_refs, &backend, &store, &issuer, encryption)
            .await?;
        let builder = Server::builder(issuer, store, signing, Arc::clone(&backend))
            .profile(self.profile)
            .access_token_lifetime(self.access_token_lifetime)
            .clients(self.open_clients(&backend)?)
            .trusted_issuers(self.open_issuers(&backend)?);
        let builder = match self.dpop_nonce {
            true => builder,
            false => builder.without_nonces(),
        };
        builder
            .build(&secret)
            .map_err(|_| OpenError::Keys(bulla::jwk::KeyError::Backend.into()))
    }

    /// The keys of the store alone, to look at and change them without a server.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open); [`SigningKeysError::Fixed`] where the configuration names one key.
    pub async fn open_signing_keys(
        &self,
        key_refs: &dyn KeyRefs,
    ) -> Result<SigningKeys, OpenError> {
        let problems = self.inspect_named(key_refs).await;
        if !problems.is_empty() {
            return Err(OpenError::Problems(problems));
        }
        if matches!(self.signing, Signing::Key { .. }) {
            return Err(SigningKeysError::Fixed.into());
        }
        let backend = bulla::backend();
        let issuer = match &self.issuer {
            Some(given) => given.value.clone(),
            None => Issuer::parse(format!("http://{}", self.listen.value))?,
        };
        let StoreLocation::Sqlite(path) = &self.store.value;
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path)?);
        let encryption = self.encryption(key_refs, &backend, &store, &issuer).await?;
        self.signing_keys(key_refs, &backend, &store, &issuer, encryption)
            .await
    }

    /// The key encryption key. It is made where there is none, unless keys in the store need one that is gone.
    async fn encryption(
        &self,
        key_refs: &dyn KeyRefs,
        backend: &Arc<dyn Backend>,
        store: &Arc<dyn Store>,
        issuer: &Issuer,
    ) -> Result<KeyEncryption, OpenError> {
        let found = encryption_key::find(self, key_refs, backend).await;
        if let Some(key) = found.map_err(OpenError::problem)? {
            return Ok(key);
        }
        if store.signing_keys(issuer.as_str()).await?.generation > 0 {
            // Another node that starts at the same time may have made both since.
            let found = encryption_key::find(self, key_refs, backend).await;
            if let Some(key) = found.map_err(OpenError::problem)? {
                return Ok(key);
            }
            let path = encryption_key::beside(self);
            return Err(OpenError::EncryptionKeyGone { path });
        }
        encryption_key::make(self, backend).map_err(OpenError::problem)
    }

    async fn signing_keys(
        &self,
        key_refs: &dyn KeyRefs,
        backend: &Arc<dyn Backend>,
        store: &Arc<dyn Store>,
        issuer: &Issuer,
        encryption: KeyEncryption,
    ) -> Result<SigningKeys, OpenError> {
        match &self.signing {
            Signing::Key { keyref, alg } => {
                let opened = key_refs.signing_key(&keyref.value, keyref.folder(), *alg);
                Ok(SigningKeys::fixed(opened.await?))
            }
            Signing::Stored(alg) => Ok(SigningKeys::open(
                Arc::clone(store),
                issuer.as_str(),
                encryption,
                self.rotation,
                *alg,
                Arc::clone(backend),
            )
            .await?),
        }
    }

    fn open_clients(&self, backend: &Arc<dyn Backend>) -> Result<Vec<Client>, OpenError> {
        let mut clients = Vec::new();
        for settings in &self.clients {
            let used: &[SignatureAlg] = match settings.algorithms.as_slice() {
                [] => self.profile.algorithms(),
                named => named,
            };
            let allow = settings.allow_loopback_jwks;
            let keys = open_keys(&settings.jwks.value, None, used, allow, backend);
            let keys = keys.map_err(|error| OpenError::Jwks {
                of: settings.registered.id().to_owned(),
                error,
            })?;
            clients.push(
                Client::new(settings.registered.clone(), keys)
                    .with_scopes(settings.scopes.clone())
                    .with_resources(settings.resources.clone())
                    .with_dpop(settings.dpop)
                    .with_grants(settings.grants.clone()),
            );
        }
        Ok(clients)
    }

    fn open_issuers(&self, backend: &Arc<dyn Backend>) -> Result<TrustedIssuers, OpenError> {
        let mut issuers = Vec::new();
        for settings in &self.trusted_issuers {
            let issuer = &settings.issuer.value;
            let used = Profile::Legacy.algorithms();
            let allow = settings.allow_loopback_jwks;
            let keys = open_keys(&settings.jwks.value, Some(issuer), used, allow, backend);
            let keys = keys.map_err(|error| OpenError::Jwks {
                of: issuer.to_string(),
                error,
            })?;
            let mut trusted = TrustedIssuer::new(issuer.as_str(), keys)
                .with_subject_prefix(settings.subject_prefix.clone());
            if let Some(clients) = &settings.clients {
                trusted = trusted.with_clients(clients.iter().map(|given| given.value.clone()));
            }
            issuers.push(trusted);
        }
        Ok(TrustedIssuers::new(issuers)?)
    }
}

/// What DPoP nonces are made with: made by the first node, shared by all.
async fn nonce_secret(
    encryption: &KeyEncryption,
    store: &dyn Store,
    issuer: &Issuer,
    backend: &Arc<dyn Backend>,
) -> Result<SecretBytes, OpenError> {
    // Of each key encryption key another: nodes that change over hand out nonces that the others take for old.
    let name = format!("dpop-nonces.{}", encryption.id());
    let mut octets = [0; 32];
    let random = backend.random(&mut octets);
    random.map_err(|_| SigningKeysError::Key(bulla::jwk::KeyError::Backend))?;
    let realm = issuer.as_str();
    let proposed = encryption
        .seal(realm, &name, &octets)
        .map_err(SigningKeysError::Key)?;
    let shared = store.share(realm, &name, &proposed).await?;
    let opened = encryption.open(realm, &name, &shared);
    opened
        .map(|opened| opened.secret)
        .ok_or_else(|| SigningKeysError::Sealed { name }.into())
}

fn open_keys(
    jwks: &Jwks,
    issuer: Option<&Issuer>,
    used: &[SignatureAlg],
    allow_loopback: bool,
    backend: &Arc<dyn Backend>,
) -> Result<ClientKeys, StartError> {
    let policy = KeySetPolicy::signatures(used.iter().copied());
    let builder = match jwks {
        Jwks::Inline(set) => {
            let keys = KeySet::compile(set, backend, &policy);
            return Ok(ClientKeys::Fixed(Arc::new(keys)));
        }
        Jwks::File(path) => RemoteKeys::from_source(WatchedFile::new(path)),
        Jwks::Url(url) => fetched(https(url.clone()), issuer.is_none(), allow_loopback)?,
        Jwks::Discovered => {
            let name = issuer.map(Issuer::as_str).unwrap_or_default();
            fetched(discover(name), issuer.is_none(), allow_loopback)?
        }
    };
    let started = builder
        .algorithms(policy)
        .backend(Arc::clone(backend))
        .start()?;
    Ok(ClientKeys::Remote(started))
}

/// A client chose its URL itself: nothing that is not public is connected to. Whoever runs the server chose the issuers.
fn fetched(
    mut builder: RemoteBuilder,
    is_clients: bool,
    allow_loopback: bool,
) -> Result<RemoteBuilder, StartError> {
    if is_clients {
        builder = builder.untrusted();
    }
    if !allow_loopback {
        return Ok(builder);
    }
    let options = HttpOptions::default()
        .allow_loopback_http()
        .dangerous_allow_untrusted_loopback()
        .no_proxy();
    Ok(builder.client(options.build().map_err(StartError::Client)?))
}
