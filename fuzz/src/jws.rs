//! The three serializations of a JWS, and the header by itself.

use bulla_core::base64url;
use bulla_core::jws::{Jws, Unverified};

use crate::accepting;

/// A compact token.
pub fn compact(octets: &[u8]) {
    let Ok(text) = str::from_utf8(octets) else {
        return;
    };
    if let Ok(jws) = Jws::parse_compact(text) {
        read(jws);
    }
    // The way that skips the decoding of the payload must agree on what is a token.
    if let Ok(jws) = Jws::parse_compact(text) {
        let _ = jws.verify_detached(b"payload", &accepting::verifier());
    }
}

/// A flattened JWS.
pub fn flattened(octets: &[u8]) {
    if let Ok(jws) = Jws::parse_flattened(octets) {
        assert!(
            Jws::parse_general(octets).is_err(),
            "flattened and general at once"
        );
        assert_eq!(jws.signatures().len(), 1);
        read(jws);
    }
}

/// A general JWS.
pub fn general(octets: &[u8]) {
    if let Ok(jws) = Jws::parse_general(octets) {
        assert!(
            Jws::parse_flattened(octets).is_err(),
            "flattened and general at once"
        );
        assert!((1..=16).contains(&jws.signatures().len()));
        read(jws);
    }
}

/// The octets of a protected header.
pub fn header(octets: &[u8]) {
    let token = format!("{}.cGF5bG9hZA.AA", base64url::encode(octets));
    if let Ok(jws) = Jws::parse_compact(&token) {
        read(jws);
    }
}

/// Asks a token everything it can be asked before and after verification.
fn read(jws: Jws<'_, Unverified>) {
    for entry in jws.signatures() {
        let header = entry.header();
        let _ = (
            header.typ(),
            header.cty(),
            header.kid(),
            header.crit(),
            header.b64(),
        );
        let _ = (header.jku(), header.x5u(), header.jwk(), header.x5c());
        for name in header.crit() {
            assert!(header.get(name).is_some(), "`crit` names what is not there");
        }
    }
    let shown = jws.dangerous_unverified_payload();
    if let Ok(verified) = jws.verify(&accepting::verifier()) {
        // What is shown before is what holds after; detached, there is nothing to show.
        if let Ok(Some(shown)) = shown {
            assert_eq!(verified.payload(), shown);
        }
    }
}
