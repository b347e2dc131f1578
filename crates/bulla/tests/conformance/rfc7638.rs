//! RFC 7638 §3.1 and RFC 9278.

use bulla::jwa::HashAlg;

use crate::rfc7517::RSA_PUBLIC;
use crate::support::public;

#[test]
fn section_3_1_thumbprint() {
    assert_eq!(
        public(RSA_PUBLIC).thumbprint(HashAlg::Sha256),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn section_3_1_ignores_what_is_not_required() {
    let mut key = public(RSA_PUBLIC);
    key.members_mut().kid = Some("another".into());
    key.members_mut().alg = None;
    assert_eq!(
        key.thumbprint(HashAlg::Sha256),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn rfc_9278_thumbprint_uri() {
    assert_eq!(
        public(RSA_PUBLIC).thumbprint_uri(HashAlg::Sha256),
        "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}
