//! An endpoint that a private authority vouches for.

use std::net::SocketAddr;
use std::sync::Arc;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::EcCurve;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::client::patient;
use crate::double::{Double, KeySpec, Usage};
use crate::suite::{self, Peers};

/// TLS before a server, and the authority that vouches for it.
async fn secured(upstream: SocketAddr) -> (SocketAddr, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A stranger breaks the handshake off, and no test.
                let mut client = acceptor.accept(stream).await.ok()?;
                let mut server = TcpStream::connect(upstream).await.ok()?;
                tokio::io::copy_bidirectional(&mut client, &mut server)
                    .await
                    .ok()
            });
        }
    });
    (address, authority.pem())
}

#[tokio::test]
#[ignore = "needs credentials in the environment; run by `cargo xtask test kms-aws`"]
async fn a_private_authority_is_trusted_where_it_is_named() {
    let double = Double::start().await;
    let (address, authority) = secured(double.address).await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let uri = format!("awskms:{}?endpoint=https://{address}", key.arn());
    let opener = patient().authority(authority);
    let handle = opener.open(&uri).await.unwrap();
    assert_eq!(handle.permitted().signatures, [SignatureAlg::Es256]);
    suite::signs(&handle, &mut Peers::none()).await;

    let calls = double.calls().len();
    let error = patient().open(&uri).await.unwrap_err();
    assert_eq!(error.code(), "remote.unavailable", "{error}");
    assert_eq!(double.calls().len(), calls, "a stranger asks nothing");
}
