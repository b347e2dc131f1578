//! What a token says about its key, with the real client and a hostile server on loopback: it must see no connection
//! when resolution is off, and no request but that for the listed URL when it is on.

use std::sync::Arc;

use bulla_core::Fault;
use bulla_core::jwk::JwkSet;
use bulla_core::jws::{Builder, General, Headers, Jws};
use bulla_core::key::Signer;
use bulla_core::trust::{
    AllowedUrls, FetchUrl, HeaderKeys, InMemoryKeyStore, KeyStore as _, PathRefused, Trust,
    TrustedPath, ValidatePath,
};
use bulla_core::{Trusted, jwk::Jwk};
use bulla_jwks::http::HttpOptions;

use crate::support::{Key, Reply, Server};
use crate::tls::{Here, certificates};

/// There is path validation, so `x5u` would be fetched if nothing else kept it from being.
struct NoPath;

impl ValidatePath for NoPath {
    fn validate(&self, _: &[Vec<u8>]) -> Result<TrustedPath, PathRefused> {
        Err(PathRefused::new(
            "x509.untrusted",
            Fault::Token,
            "none here",
        ))
    }
}

struct Scene {
    key: Key,
    server: Server,
    client: Arc<dyn FetchUrl>,
    listed: String,
}

impl Scene {
    /// A server that has the attacker's keys at every URL, under every name, and redirects from some.
    async fn new() -> Self {
        let key = Key::new("a");
        let set = JwkSet::new([key.public()]).to_json().to_string();
        let (authority, acceptor) = certificates("issuer.example");
        let server = Server::start_tls(acceptor, move |head| {
            if head.starts_with("GET /elsewhere ") {
                return Reply::status("302 Found", "Location: /jwks\r\n");
            }
            Reply::json(&set)
        })
        .await;
        let client = HttpOptions::default()
            .resolver(Arc::new(Here))
            .no_proxy()
            .retries(0)
            .authority(authority)
            .build()
            .unwrap();
        let listed = format!("https://issuer.example:{}/jwks", server.address.port());
        Self {
            key,
            server,
            client: Arc::new(client),
            listed,
        }
    }

    fn keys(&self) -> HeaderKeys {
        HeaderKeys::new(&bulla_aws_lc::backend())
    }

    fn listing(&self, urls: &[&str]) -> HeaderKeys {
        let urls = || AllowedUrls::https(urls.iter().copied()).unwrap();
        self.keys()
            .certificates(Arc::new(NoPath))
            .certificate_urls(urls(), self.client.clone())
            .jwk_set_urls(urls(), self.client.clone())
    }

    fn signer(&self) -> Signer {
        Signer::bind(&bulla_aws_lc::backend(), &self.key.pair).unwrap()
    }

    fn token(&self, parameter: &str, url: &str) -> String {
        Builder::new("x")
            .header(parameter, url)
            .sign_compact(&self.signer())
            .unwrap()
    }

    async fn refused(&self, keys: &HeaderKeys, token: &str) -> String {
        let jws = Jws::parse_compact(token).unwrap();
        let error = keys.verify_jws(jws).await.unwrap_err();
        error.code().to_owned()
    }
}

#[tokio::test]
async fn a_hostile_server_sees_no_connection_where_resolution_is_off() {
    let scene = Scene::new().await;
    let store = InMemoryKeyStore::new(&bulla_aws_lc::backend());
    let mut other = Key::new("other").public();
    other.members_mut().kid = Some("other".to_owned());
    store
        .insert(Trusted::new(Jwk::Public(other), Trust::Caller))
        .unwrap();
    let listing_others = scene.listing(&["https://issuer.example/jwks"]);
    for keys in [
        scene.keys().store(Arc::new(store)).header_jwk(),
        listing_others,
    ] {
        for parameter in ["jku", "x5u"] {
            let token = scene.token(parameter, &scene.listed);
            assert_eq!(scene.refused(&keys, &token).await, "jwk.untrusted");
        }
    }
    assert_eq!(scene.server.connections(), 0);
}

#[tokio::test]
async fn a_hostile_server_sees_requests_for_the_listed_url_alone() {
    let scene = Scene::new().await;
    let port = scene.server.address.port();
    let keys = scene.listing(&[&scene.listed]);
    for lookalike in [
        format!("https://issuer.example:{port}/jwks/"),
        format!("https://issuer.example:{port}/jwks?"),
        format!("https://issuer.example:{port}/jwks#"),
        format!("https://issuer.example:{port}/%6awks"),
        format!("https://issuer.example:{port}//jwks"),
        format!("https://issuer.example:{port}/x/../jwks"),
        format!("https://issuer.example:0{port}/jwks"),
        format!("https://ISSUER.example:{port}/jwks"),
        format!("HTTPS://issuer.example:{port}/jwks"),
        format!("https://user@issuer.example:{port}/jwks"),
        format!("https://issuer.example:{port}@127.0.0.1:{port}/jwks"),
        format!("https://issuer.example.:{port}/jwks"),
        format!("https://issuer.example.evil.example:{port}/jwks"),
        format!("https://127.0.0.1:{port}/jwks"),
        format!("https://localhost:{port}/jwks"),
        format!("http://issuer.example:{port}/jwks"),
        format!(" https://issuer.example:{port}/jwks"),
        format!("https://issuer.example:{port}/jwks\n"),
    ] {
        for parameter in ["jku", "x5u"] {
            let token = scene.token(parameter, &lookalike);
            let code = scene.refused(&keys, &token).await;
            assert_eq!(code, "jwk.untrusted", "{lookalike:?}");
        }
    }
    assert_eq!(scene.server.connections(), 0);

    let token = scene.token("jku", &scene.listed);
    let verified = keys
        .verify_jws(Jws::parse_compact(&token).unwrap())
        .await
        .unwrap();
    let url = scene.listed.clone();
    assert_eq!(
        *verified.verified()[0].key().trust(),
        Trust::JwkSetUrl { url }
    );
    assert_eq!(scene.server.connections(), 1);
    assert!(scene.server.seen()[0].starts_with("GET /jwks HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_redirect_from_the_listed_url_leads_nowhere() {
    let scene = Scene::new().await;
    let port = scene.server.address.port();
    let elsewhere = format!("https://issuer.example:{port}/elsewhere");
    let keys = scene.listing(&[&elsewhere]);
    let token = scene.token("jku", &elsewhere);
    let code = scene.refused(&keys, &token).await;
    assert_eq!(code, "jwks.answer-refused");
    assert_eq!(scene.server.seen().len(), 1, "{:?}", scene.server.seen());
}

#[tokio::test]
async fn a_token_of_many_signatures_is_one_request() {
    let scene = Scene::new().await;
    let keys = scene.listing(&[&scene.listed]);
    let mut general = General::new("x");
    for kid in 0..16 {
        let headers = Headers::new()
            .kid(kid.to_string())
            .protected("jku", scene.listed.as_str());
        general = general.sign(&headers, &scene.signer()).unwrap();
    }
    let json = general.finish().unwrap();
    let jws = Jws::parse_general(json.as_bytes()).unwrap();
    let error = keys.verify_jws(jws).await.unwrap_err();
    assert_eq!(error.code(), "jwk.not-found");
    assert_eq!(scene.server.connections(), 1);
}
