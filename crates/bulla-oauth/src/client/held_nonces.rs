use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use url::Url;

use crate::message::nonce_of;

/// The nonce that each server sent last, [RFC 9449 §8.2](https://www.rfc-editor.org/rfc/rfc9449#section-8.2), by the origin
/// of the server: it means nothing to another.
#[derive(Debug, Default)]
pub(super) struct HeldNonces(Mutex<HashMap<String, String>>);

impl HeldNonces {
    pub(super) fn of(&self, url: &str) -> Option<String> {
        self.held().get(&origin(url)?).cloned()
    }

    /// Takes the nonce of an answer; says which it is where it is another than was known.
    pub(super) fn heed(&self, url: &str, headers: &HeaderMap) -> Option<String> {
        let nonce = nonce_of(headers).filter(|nonce| nonce.len() <= LONGEST)?;
        let origin = origin(url)?;
        let mut held = self.held();
        if held.get(&origin) == Some(&nonce) {
            return None;
        }
        if held.len() >= MOST {
            held.clear();
        }
        held.insert(origin, nonce.clone());
        Some(nonce)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

/// Servers. A nonce that was forgotten costs one more request.
const MOST: usize = 1_000;

/// Octets of a nonce that are kept and sent back.
const LONGEST: usize = 4 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ErrorResponse;

    fn heed(held: &HeldNonces, url: &str, nonce: &str) -> Option<String> {
        held.heed(
            url,
            ErrorResponse::use_dpop_nonce(nonce).to_http().headers(),
        )
    }

    #[test]
    fn a_nonce_is_of_its_origin() {
        let held = HeldNonces::default();
        assert_eq!(
            heed(&held, "https://a.example/token", "n1").as_deref(),
            Some("n1")
        );
        assert_eq!(
            held.of("https://A.example:443/other?x").as_deref(),
            Some("n1")
        );
        for other in [
            "http://a.example/",
            "https://a.example:8443/",
            "https://b.example/",
        ] {
            assert_eq!(held.of(other), None, "{other}");
        }
        assert_eq!(heed(&held, "https://a.example/x", "n1"), None);
        assert_eq!(
            heed(&held, "https://a.example/x", "n2").as_deref(),
            Some("n2")
        );
    }

    #[test]
    fn memory_is_bounded() {
        let held = HeldNonces::default();
        for number in 0..3 * MOST {
            heed(&held, &format!("https://{number}.example/"), "n");
        }
        assert!(held.held().len() <= MOST);
        assert_eq!(
            heed(&held, "https://long.example/", &"n".repeat(LONGEST + 1)),
            None
        );
    }
}
