//! Nothing is fetched where it is off; where it is on, the listed URL and no other, however much it looks like it.

use std::sync::Arc;

use bulla::jws::Jws;
use bulla::trust::{AllowedUrls, HeaderKeys};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{Paths, Web, leaf, now, public_value, store, token, with_kid};

const LISTED: &str = "https://issuer.example/keys/jwks.json";

/// Each would be the listed one to some parser of URLs, or look like it to a person.
const LOOKALIKES: &[&str] = &[
    "http://issuer.example/keys/jwks.json",
    "HTTPS://issuer.example/keys/jwks.json",
    "Https://issuer.example/keys/jwks.json",
    "https://ISSUER.example/keys/jwks.json",
    "https://issuer.EXAMPLE/keys/jwks.json",
    "https://issuer.example./keys/jwks.json",
    "https://issuer.example:443/keys/jwks.json",
    "https://issuer.example:/keys/jwks.json",
    "https://issuer.example:0443/keys/jwks.json",
    "https://issuer.example:8443/keys/jwks.json",
    "https://issuer.example/keys/jwks.json/",
    "https://issuer.example//keys/jwks.json",
    "https://issuer.example/keys//jwks.json",
    "https://issuer.example/./keys/jwks.json",
    "https://issuer.example/x/../keys/jwks.json",
    "https://issuer.example/keys/%6awks.json",
    "https://issuer.example/keys%2Fjwks.json",
    "https://issuer.example/keys/jwks%2Ejson",
    "https://issuer.example/KEYS/jwks.json",
    "https://issuer.example/keys/jwks.json?",
    "https://issuer.example/keys/jwks.json?x=1",
    "https://issuer.example/keys/jwks.json#",
    "https://issuer.example/keys/jwks.json#frag",
    "https://issuer.example/keys/jwks.json;v=1",
    "https://issuer.example/keys/jwks.json%00",
    "https://issuer.example/keys/jwks.json\0",
    "https://issuer.example/keys/jwks.json ",
    " https://issuer.example/keys/jwks.json",
    "\thttps://issuer.example/keys/jwks.json",
    "https://issuer.example/keys/jwks.json\n",
    "https://issuer.example/keys/jw\nks.json",
    "https:/issuer.example/keys/jwks.json",
    "https:///issuer.example/keys/jwks.json",
    "https:issuer.example/keys/jwks.json",
    "https:\\\\issuer.example\\keys\\jwks.json",
    "https://issuer.example\\keys/jwks.json",
    "//issuer.example/keys/jwks.json",
    "issuer.example/keys/jwks.json",
    "https://user@issuer.example/keys/jwks.json",
    "https://@issuer.example/keys/jwks.json",
    "https://issuer.example@evil.example/keys/jwks.json",
    "https://issuer.example:x@evil.example/keys/jwks.json",
    "https://evil.example/https://issuer.example/keys/jwks.json",
    "https://evil.example/?https://issuer.example/keys/jwks.json",
    "https://evil.example/#https://issuer.example/keys/jwks.json",
    "https://issuer.example.evil.example/keys/jwks.json",
    "https://evil-issuer.example/keys/jwks.json",
    "https://issuer.example%2eevil.example/keys/jwks.json",
    "https://\u{456}ssuer.example/keys/jwks.json",
    "https://issuer\u{3002}example/keys/jwks.json",
    "https://issuer.ex\u{ad}ample/keys/jwks.json",
    "https://issuer.example/keys/jwks.js\u{43e}n",
    "https://issuer.example/keys/jwks.json\u{200b}",
    "\u{feff}https://issuer.example/keys/jwks.json",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/keys/jwks.json",
    "https://[::1]/keys/jwks.json",
    "file:///keys/jwks.json",
    "file:///etc/passwd",
    "data:application/json,{}",
    "gopher://issuer.example/keys/jwks.json",
    "",
];

/// A web where every URL there is has the attacker's key, so that a fetch would not only show but succeed.
fn everywhere() -> Arc<Web> {
    let page = json!({"keys":[public_value(&leaf())]}).to_string();
    Web::of(
        LOOKALIKES
            .iter()
            .copied()
            .chain([LISTED])
            .map(|url| (url, page.clone())),
    )
}

fn refused(keys: &HeaderKeys, token: &str) -> String {
    let error = now(keys.verify_jws(Jws::parse_compact(token).unwrap())).unwrap_err();
    error.code().to_owned()
}

#[test]
fn nothing_is_fetched_where_it_is_off() {
    let web = everywhere();
    let urls = || AllowedUrls::https([LISTED]).unwrap();
    // The other part is on, and the key is known by its kid: there are reasons to look, but not there.
    let only_chains = HeaderKeys::new(&bulla::backend())
        .certificates(Arc::new(Paths::default()))
        .certificate_urls(urls(), web.clone());
    let only_sets = HeaderKeys::new(&bulla::backend()).jwk_set_urls(urls(), web.clone());
    let neither = HeaderKeys::new(&bulla::backend()).certificates(Arc::new(Paths::default()));
    for (keys, parameter) in [
        (&only_chains, "jku"),
        (&only_sets, "x5u"),
        (&neither, "jku"),
        (&neither, "x5u"),
    ] {
        let token = token(&leaf(), json!({ parameter: LISTED }));
        assert_eq!(refused(keys, &token), "jwk.untrusted");
    }
    assert!(web.asked().is_empty(), "{:?}", web.asked());
}

#[test]
fn what_looks_like_the_listed_url_is_not_fetched() {
    let web = everywhere();
    let urls = || AllowedUrls::https([LISTED]).unwrap();
    let keys = HeaderKeys::new(&bulla::backend())
        .certificates(Arc::new(Paths::default()))
        .certificate_urls(urls(), web.clone())
        .jwk_set_urls(urls(), web.clone());
    for lookalike in LOOKALIKES {
        for parameter in ["jku", "x5u"] {
            let token = token(&leaf(), json!({ parameter: lookalike }));
            assert_eq!(refused(&keys, &token), "jwk.untrusted", "{lookalike:?}");
            assert!(!urls().contains(lookalike));
        }
    }
    assert!(web.asked().is_empty(), "{:?}", web.asked());
    let good = token(&leaf(), json!({"jku": LISTED}));
    now(keys.verify_jws(Jws::parse_compact(&good).unwrap())).unwrap();
    assert_eq!(web.asked(), [LISTED]);
}

#[test]
fn each_parameter_has_a_list_of_its_own() {
    let web = everywhere();
    let other = "https://issuer.example/keys/chain.pem";
    let keys = HeaderKeys::new(&bulla::backend())
        .certificates(Arc::new(Paths::default()))
        .certificate_urls(AllowedUrls::https([other]).unwrap(), web.clone())
        .jwk_set_urls(AllowedUrls::https([LISTED]).unwrap(), web.clone());
    assert_eq!(
        refused(&keys, &token(&leaf(), json!({"jku": other}))),
        "jwk.untrusted"
    );
    assert_eq!(
        refused(&keys, &token(&leaf(), json!({"x5u": LISTED}))),
        "jwk.untrusted"
    );
    assert!(web.asked().is_empty());
}

#[test]
fn a_token_whose_key_is_at_hand_fetches_nothing() {
    let web = everywhere();
    let keys = HeaderKeys::new(&bulla::backend())
        .store(store([with_kid(leaf(), "a")]))
        .jwk_set_urls(AllowedUrls::https([LISTED]).unwrap(), web.clone());
    let token = token(&leaf(), json!({"kid":"a","jku": LISTED}));
    now(keys.verify_jws(Jws::parse_compact(&token).unwrap())).unwrap();
    assert!(web.asked().is_empty());
}

/// Else a token of sixteen signatures would be sixteen requests.
#[test]
fn a_url_is_fetched_once_for_a_token() {
    use bulla::jws::{General, Headers};
    let web = everywhere();
    let keys = HeaderKeys::new(&bulla::backend())
        .jwk_set_urls(AllowedUrls::https([LISTED]).unwrap(), web.clone());
    let mut general = General::new("payload");
    for kid in 0..16 {
        let headers = Headers::new().kid(kid.to_string()).protected("jku", LISTED);
        general = general
            .sign(&headers, &crate::support::signer(&leaf()))
            .unwrap();
    }
    let json = general.finish().unwrap();
    let jws = Jws::parse_general(json.as_bytes()).unwrap();
    assert_eq!(
        now(keys.keys_for(&jws)).unwrap_err().code(),
        "jwk.not-found"
    );
    assert_eq!(web.asked(), [LISTED]);
}

#[test]
fn what_must_not_be_listed_is_refused_when_it_is_listed() {
    for url in LOOKALIKES {
        let is_plain_https = url.starts_with("https://")
            && url.bytes().all(|octet| octet.is_ascii_graphic())
            && !url.contains(['@', '#', '\\']);
        let listed = AllowedUrls::https([*url]);
        match listed {
            Ok(_) => assert!(is_plain_https && !url.starts_with("https:///"), "{url:?}"),
            Err(error) => {
                assert_eq!(error.code(), "jwk.url-refused");
                assert!(!is_plain_https || url.starts_with("https:///"), "{url:?}");
            }
        }
    }
    assert!(AllowedUrls::https(["https://"]).is_err());
    assert!(AllowedUrls::https(["https://?x"]).is_err());
}

#[test]
fn files_are_listed_only_where_files_are_allowed() {
    let file = "file:///etc/bulla/partners.jwks";
    assert!(AllowedUrls::https([file]).is_err());
    for bad in [
        "file:relative",
        "file://host/x",
        "file:///",
        "file:/x",
        "FILE:///x",
        "file:///a b",
    ] {
        assert!(AllowedUrls::https_or_file([bad]).is_err(), "{bad}");
    }
    let page = json!({"keys":[public_value(&leaf())]}).to_string();
    let web = Web::of([(file, page)]);
    let keys = HeaderKeys::new(&bulla::backend()).jwk_set_urls(
        AllowedUrls::https_or_file([file, LISTED]).unwrap(),
        web.clone(),
    );
    let token = token(&leaf(), json!({"jku": file}));
    now(keys.verify_jws(Jws::parse_compact(&token).unwrap())).unwrap();
    assert_eq!(web.asked(), [file]);
}

proptest! {
    /// However it was changed, it is not the listed one any more.
    #[test]
    fn no_changed_url_is_the_listed_one(
        position in 0..LISTED.len(),
        with in prop_oneof![Just(String::new()), "\\PC{1,3}", "[A-Z/%.:@#?]{1,2}"],
        cut in 0..2_usize,
    ) {
        let end = (position + cut).min(LISTED.len());
        let changed = format!("{}{with}{}", &LISTED[..position], &LISTED[end..]);
        prop_assume!(changed != LISTED);
        let web = everywhere();
        let keys = HeaderKeys::new(&bulla::backend())
            .jwk_set_urls(AllowedUrls::https([LISTED]).unwrap(), web.clone());
        let token = token(&leaf(), json!({"jku": changed}));
        prop_assert_eq!(refused(&keys, &token), "jwk.untrusted");
        prop_assert!(web.asked().is_empty());
    }
}
