//! A real TLS server, vouched for by a private authority.

use std::sync::Arc;

use bulla_core::jwk::JwkSet;
use bulla_core::key::BoxFuture;
use bulla_jwks::http::{HttpOptions, Resolve};
use bulla_jwks::https;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::{Key, Reply, Server, verify};

/// Every name is this machine.
#[derive(Debug)]
pub(crate) struct Here;

impl Resolve for Here {
    fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, std::io::Result<Vec<std::net::IpAddr>>> {
        Box::pin(std::future::ready(Ok(vec!["127.0.0.1".parse().unwrap()])))
    }
}

/// An authority's certificate, and a server's that it signed, for a name.
pub(crate) fn certificates(name: &str) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    (authority.pem(), TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn keys_come_over_tls_from_a_server_that_a_private_authority_vouches_for() {
    let key = Key::new("a");
    let set = JwkSet::new([key.public()]).to_json().to_string();
    let (authority, acceptor) = certificates("issuer.example");
    let server = Server::start_tls(acceptor, move |_| Reply::json(&set)).await;
    let options = || {
        HttpOptions::default()
            .resolver(Arc::new(Here))
            .no_proxy()
            .retries(0)
    };
    let at = |name: &str| format!("https://{name}:{}/jwks", server.address.port());

    let client = options().authority(authority.clone()).build().unwrap();
    let keys = https(at("issuer.example"))
        .client(client.clone())
        .start()
        .unwrap();
    verify(&keys, &key.token()).await.unwrap();
    assert_eq!(server.seen().len(), 1);

    // The same server under a name that its certificate does not have.
    let wrong = https(at("other.example")).client(client).start().unwrap();
    assert_eq!(
        wrong.ready().await.unwrap_err().code(),
        "remote.unavailable"
    );

    // And for somebody who does not know the authority.
    let stranger = options().build().unwrap();
    let unknown = https(at("issuer.example"))
        .client(stranger)
        .start()
        .unwrap();
    assert_eq!(
        unknown.ready().await.unwrap_err().code(),
        "remote.unavailable"
    );
    assert_eq!(
        server.seen().len(),
        1,
        "no request was made to a server that nobody vouches for"
    );
}

#[test]
fn an_authority_that_is_no_certificate_is_told_at_once() {
    for pem in [
        "",
        "not PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let error = HttpOptions::default()
            .authority(pem)
            .build()
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.code(), "jwks.client", "{pem:?}");
    }
}
