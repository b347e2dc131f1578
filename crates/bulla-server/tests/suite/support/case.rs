//! A server on loopback, whose issuer is another host: what it thinks of itself is its configuration.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bulla::SecretBytes;
use bulla::jwk::{Jwk, JwkSet, PrivateJwk};
use bulla::jws::Headers;
use bulla::key::{KeySet, RotationKey};
use bulla::oauth::assertion::{AssertionPolicy, Profile, RegisteredClient};
use bulla::oauth::dpop::Nonces;
use bulla::oauth::{Issuer, Resource, Scopes};
use bulla_server::endpoints::router;
use bulla_server::grants::TrustedIssuers;
use bulla_server::rotation::SigningKeys;
use bulla_server::server::{Client, ClientKeys, DpopUse, Server};
use bulla_server::store::Store;
use http::Request;
use serde_json::Value;
use tokio::net::TcpListener;

use super::http::{Answer, error, send, with_assertion};
use super::log::{last_decision, listen};
use super::store::TestStore;
use super::tokens::{API, ISSUER, backend, key, now, sign, signer};

/// The one answer to whatever is wrong with an assertion.
pub(crate) const REFUSED: &[u8] =
    br#"{"error":"invalid_client","error_description":"client authentication failed"}"#;

/// What is to be started.
pub(crate) struct Setup {
    pub(crate) issuer: &'static str,
    pub(crate) profile: Profile,
    pub(crate) clients: Vec<Client>,
    pub(crate) issuers: TrustedIssuers,
    pub(crate) nonces: bool,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) signing: RotationKey,
}

impl Setup {
    /// Without clients.
    pub(crate) fn new(profile: Profile) -> Self {
        Self {
            issuer: ISSUER,
            profile,
            clients: Vec::new(),
            issuers: TrustedIssuers::default(),
            nonces: true,
            store: Arc::new(TestStore::default()),
            signing: signing_key(),
        }
    }

    pub(crate) fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// A client with these keys, and what the clients of the tests may have.
    pub(crate) fn register(
        self,
        client: RegisteredClient,
        keys: impl IntoIterator<Item = impl Into<Jwk>>,
    ) -> Self {
        let keys = ClientKeys::Fixed(Arc::new(self.keys(keys)));
        self.client(with_rights(Client::new(client, keys)))
    }

    /// Keys as the server compiles them.
    pub(crate) fn keys(&self, keys: impl IntoIterator<Item = impl Into<Jwk>>) -> KeySet {
        let issuer = Issuer::parse(self.issuer).unwrap();
        let policy = AssertionPolicy::new(self.profile, &issuer).keys();
        KeySet::compile(&JwkSet::new(keys), &backend(), &policy)
    }

    pub(crate) fn server(self) -> Server {
        let issuer = Issuer::parse(self.issuer).unwrap();
        let signing = SigningKeys::fixed(self.signing);
        let builder = Server::builder(issuer, self.store, signing, backend())
            .clients(self.clients)
            .trusted_issuers(self.issuers)
            .profile(self.profile)
            .clock(Arc::new(now()));
        let builder = if self.nonces {
            builder
        } else {
            builder.without_nonces()
        };
        builder.build(&SecretBytes::from(SECRET.to_vec())).unwrap()
    }

    /// On the runtime of the test.
    pub(crate) async fn start(self) -> SocketAddr {
        listen();
        let router = router(self.server()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

fn signing_key() -> RotationKey {
    let key = key("s-1");
    RotationKey::new(signer(&key), key.public()).unwrap()
}

const SECRET: [u8; 32] = [9; 32];

/// The nonces of the server, as they are at a time.
pub(crate) fn nonces(at: u64) -> Nonces {
    let clock = Arc::new(UNIX_EPOCH + Duration::from_secs(at));
    let secret = SecretBytes::from(SECRET.to_vec());
    Nonces::new(&backend(), &secret).unwrap().clock(clock)
}

/// What the clients of the tests may have.
pub(crate) fn with_rights(client: Client) -> Client {
    client
        .with_scopes(Scopes::parse("invoices:read invoices:write").unwrap())
        .with_resources([Resource::parse(API).unwrap()])
}

/// A server with the client `billing`.
pub(crate) struct Case {
    pub(crate) address: SocketAddr,
    pub(crate) key: PrivateJwk,
    pub(crate) store: Arc<TestStore>,
}

impl Case {
    pub(crate) async fn new(profile: Profile) -> Self {
        Self::with_key(profile, key("k-1")).await
    }

    pub(crate) async fn with_key(profile: Profile, key: PrivateJwk) -> Self {
        Self::with(profile, key, RegisteredClient::new("billing"), |setup| {
            setup
        })
        .await
    }

    /// Where the client is registered in another way, and the server set up in another.
    pub(crate) async fn with(
        profile: Profile,
        key: PrivateJwk,
        client: RegisteredClient,
        change: impl FnOnce(Setup) -> Setup,
    ) -> Self {
        let store = Arc::new(TestStore::default());
        let mut setup = Setup::new(profile).register(client, [key.public()]);
        setup.store = Arc::clone(&store) as Arc<dyn Store>;
        let address = change(setup).start().await;
        Self {
            address,
            key,
            store,
        }
    }

    /// With a client that uses DPoP in this way, and nonces or not.
    pub(crate) async fn dpop(profile: Profile, dpop: DpopUse, nonces: bool) -> Self {
        let client = RegisteredClient::new("billing");
        let change = |mut setup: Setup| {
            setup.nonces = nonces;
            let client = setup.clients.remove(0);
            setup.client(client.with_dpop(dpop))
        };
        Self::with(profile, key("k-1"), client, change).await
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        sign(&signer(&self.key), Headers::new(), claims)
    }

    pub(crate) async fn send(&self, request: &Request<Vec<u8>>) -> Answer {
        send(self.address, request).await
    }

    pub(crate) async fn answer(&self, token: &str) -> Answer {
        self.send(&with_assertion(token)).await
    }

    pub(crate) async fn status(&self, token: &str) -> u16 {
        self.answer(token).await.status().as_u16()
    }

    pub(crate) async fn accepted(&self, claims: &Value) {
        assert_eq!(self.status(&self.token(claims)).await, 200, "{claims}");
    }

    /// Refused by this check, with the answer that tells nothing.
    pub(crate) async fn refused(&self, token: &str, check: &str) {
        let answer = self.answer(token).await;
        let decision = last_decision();
        assert_eq!(
            (error(&answer), decision.get("check")),
            ((401, "invalid_client".into()), Some(check)),
            "{token}"
        );
        assert_eq!(answer.body(), REFUSED);
        assert_eq!(decision.get("part"), Some("client"));
        assert!(
            !decision.text().contains(token),
            "the log has the assertion"
        );
    }

    pub(crate) async fn refused_claims(&self, claims: &Value, check: &str) {
        self.refused(&self.token(claims), check).await;
    }
}
