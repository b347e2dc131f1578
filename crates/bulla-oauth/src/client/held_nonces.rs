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

    /// Takes the nonce of an answer.
    pub(super) fn heed(&self, url: &str, headers: &HeaderMap) {
        let nonce = nonce_of(headers).filter(|nonce| nonce.len() <= LONGEST);
        let (Some(nonce), Some(origin)) = (nonce, origin(url)) else {
            return;
        };
        let mut held = self.held();
        if held.len() >= MOST && !held.contains_key(&origin) {
            held.clear();
        }
        held.insert(origin, nonce);
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
        let answer = ErrorResponse::use_dpop_nonce(nonce).to_http();
        held.heed(url, answer.headers());
        held.of(url)
    }

    #[test]
    fn a_nonce_is_of_its_origin() {
        let held = HeldNonces::default();
        let n1 = heed(&held, "https://a.example/token", "n1");
        assert_eq!(n1.as_deref(), Some("n1"));
        assert_eq!(held.of("https://A.example:443/other?x"), n1);
        for other in [
            "http://a.example/",
            "https://a.example:8443/",
            "https://b.example/",
        ] {
            assert_eq!(held.of(other), None, "{other}");
        }
        let n2 = heed(&held, "https://a.example/x", "n2");
        assert_eq!(n2.as_deref(), Some("n2"));
    }

    #[test]
    fn memory_is_bounded() {
        let held = HeldNonces::default();
        for number in 0..3 * MOST {
            heed(&held, &format!("https://{number}.example/"), "n");
        }
        assert!(held.held().len() <= MOST);
        let long = "n".repeat(LONGEST + 1);
        assert_eq!(heed(&held, "https://long.example/", &long), None);
    }
}
