//! The SDK's HTTPS, where it is to trust further authorities.

use aws_sdk_kms::config::SharedHttpClient;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::{OpenError, Opener};

/// `None` where the SDK's own will do: it trusts the platform's roots, or those that `SSL_CERT_FILE` names.
pub(super) fn client(opener: &Opener) -> Result<Option<SharedHttpClient>, OpenError> {
    if opener.authorities.is_empty() {
        return Ok(None);
    }
    let mut trusted = TrustStore::default();
    for authority in &opener.authorities {
        check(authority)?;
        trusted.add_pem_certificate(authority.as_slice());
    }
    let context = TlsContext::builder().with_trust_store(trusted).build();
    let context = context.map_err(|error| failed(&error.to_string()))?;
    // As the SDK makes its own, but for the roots.
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    });
    Ok(Some(client))
}

/// The SDK panics over what it cannot read, so it is read here first, in the same way.
fn check(authority: &[u8]) -> Result<(), OpenError> {
    let wrong = || failed("a certificate of a private authority is not PEM, or no authority's");
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(authority) {
        let certificate = certificate.map_err(|_| wrong())?;
        webpki::anchor_from_trusted_cert(&certificate).map_err(|_| wrong())?;
        found = true;
    }
    if found { Ok(()) } else { Err(wrong()) }
}

fn failed(why: &str) -> OpenError {
    OpenError::Client { detail: why.into() }
}

#[cfg(test)]
mod tests {
    use super::client;
    use crate::Opener;

    #[test]
    fn an_authority_that_is_none_is_told_and_does_not_panic() {
        assert!(client(&Opener::new()).expect("the SDK's own").is_none());
        for wrong in [
            "",
            "a path, perhaps",
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n",
            "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
        ] {
            let error = client(&Opener::new().authority(wrong)).expect_err(wrong);
            assert_eq!(error.code(), "remote.client", "{wrong}");
        }
    }
}
