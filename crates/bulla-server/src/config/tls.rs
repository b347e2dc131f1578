use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::private_file::check_key_of_certificate;
use super::{Problem, Tls};

/// The certificate and its key, TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
pub(crate) fn read(tls: &Tls) -> Result<Arc<ServerConfig>, Problem> {
    let (cert, key) = (&tls.cert, &tls.key);
    let pem = "name a PEM file";
    let chain = certificates(&cert.value)
        .map_err(|why| Problem::new(&cert.place, format!("tls.cert: {why}"), pem))?;
    if let Err(mode) = check_key_of_certificate(&key.value) {
        let path = key.value.display();
        return Err(Problem::new(
            &key.place,
            format!("tls.key: {path} has mode {mode:04o}: others may read it"),
            format!("chmod 600 {path}"),
        ));
    }
    let private = PrivateKeyDer::from_pem_file(&key.value).map_err(|error| {
        let what = format!("tls.key: {}: {error}", key.value.display());
        Problem::new(&key.place, what, pem)
    })?;
    let unfit = |error: rustls::Error| {
        Problem::new(
            &key.place,
            format!("tls: certificate and key do not serve: {error}"),
            "name the key that belongs to the first certificate of the file",
        )
    };
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unfit)?;
    let mut config = builder
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unfit)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let said = |error: &dyn core::fmt::Display| format!("{}: {error}", path.display());
    let found = CertificateDer::pem_file_iter(path).map_err(|error| said(&error))?;
    let chain: Vec<_> = found
        .collect::<Result<_, _>>()
        .map_err(|error| said(&error))?;
    if chain.is_empty() {
        return Err(said(&"no certificate"));
    }
    Ok(chain)
}
