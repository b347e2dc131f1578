use core::fmt;

use bulla_core::base64url;
use bulla_core::jwa::HashAlg;

/// The certificate that the client of a connection authenticated with, for tokens that are bound to one, [RFC 8705
/// §3](https://www.rfc-editor.org/rfc/rfc8705#section-3). Whatever terminates TLS puts it into the extensions of the
/// request.
///
/// ```
/// use bulla_oauth::protect::ClientCertificate;
/// # let der = b"a certificate".to_vec();
/// let mut request = http::Request::get("/invoices").body(())?;
/// request.extensions_mut().insert(ClientCertificate::from_der(&der));
/// # Ok::<(), http::Error>(())
/// ```
///
/// # Security
///
/// It is believed. Behind a proxy, take it from a header only where the proxy removes that header from what clients send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificate([u8; 32]);

impl ClientCertificate {
    /// The certificate of this DER. TLS has checked that the client holds its key; nothing else of it matters here.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Self {
        let mut octets = [0; 32];
        let digest = HashAlg::Sha256.digest(der);
        octets
            .iter_mut()
            .zip(digest.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self(octets)
    }

    /// By its `x5t#S256`: SHA-256 of its DER.
    #[must_use]
    pub const fn from_sha256(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// SHA-256 of its DER.
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientCertificate")
            .field(&base64url::encode(self.0))
            .finish()
    }
}
