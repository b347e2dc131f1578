use crate::jwk::{Jwk, KeyError, pem};

/// Reads a key file: PEM or DER of any structure, or a certificate, told apart by its content. JWKs are read by
/// [`Jwk::parse`].
///
/// # Errors
///
/// As for [`pem::read`].
///
/// ```
/// use bulla::{jwa::SignatureAlg, jwk::pem};
///
/// let key = bulla::generate(SignatureAlg::Es256)?;
/// let file = pem::write_pkcs8_encrypted(key.key(), b"correct horse", bulla::backend().as_ref())?;
///
/// let read = bulla::import(file.to_pem().as_bytes(), Some(b"correct horse"))?;
/// assert_eq!(read.thumbprint(bulla::jwa::HashAlg::Sha256), key.thumbprint(bulla::jwa::HashAlg::Sha256));
/// let error = bulla::import(file.to_pem().as_bytes(), None).unwrap_err();
/// assert_eq!(error.code(), "jwk.password-missing");
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
pub fn import(octets: &[u8], password: Option<&[u8]>) -> Result<Jwk, KeyError> {
    pem::read(octets, password, crate::backend().as_ref())
}
