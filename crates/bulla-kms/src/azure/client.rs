use std::sync::Arc;

use azure_core::http::{ClientOptions, RetryOptions, Transport};
use azure_security_keyvault_keys::KeyClientOptions;

use crate::{OpenError, Opener};

/// The options for a client of one's own that keys are opened with: the SDK does not try again, because the handle does,
/// and trusts the [authorities](Opener::authority) of the opener.
///
/// Set `verify_challenge_resource` to false in them for a vault outside the public clouds.
///
/// # Errors
///
/// [`OpenError::Client`] for an authority that is no certificate.
pub fn options(opener: &Opener) -> Result<KeyClientOptions, OpenError> {
    Ok(KeyClientOptions {
        client_options: ClientOptions {
            // Two that try again would multiply.
            retry: RetryOptions::none(),
            transport: Some(transport(opener, Route::System)?),
            ..ClientOptions::default()
        },
        ..KeyClientOptions::default()
    })
}

/// How requests go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// As the system says: by its proxies, if it has any.
    System,
    /// Straight, to what is on this machine or one hop away and gives tokens over plain HTTP. A proxy would see them.
    Direct,
}

/// HTTPS that trusts the platform's roots, what `SSL_CERT_FILE` names and the opener's authorities.
pub(super) fn transport(opener: &Opener, route: Route) -> Result<Transport, OpenError> {
    let failed = |why: &str| OpenError::Client { detail: why.into() };
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_deflate();
    if route == Route::Direct {
        builder = builder.no_proxy();
    }
    let named = std::env::var_os("SSL_CERT_FILE").and_then(|path| std::fs::read(path).ok());
    for pem in opener.authorities.iter().chain(&named) {
        let certificates = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|_| failed("a certificate of a private authority is not PEM"))?;
        if certificates.is_empty() {
            return Err(failed("no certificate is where an authority's should be"));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    let client = builder
        .build()
        .map_err(|error| failed(&error.to_string()))?;
    Ok(Transport::new(Arc::new(client)))
}
