//! Each pair of things that a token may say about its key, and a key that was found: what disagrees is refused, before
//! anything is asked where that can be told without.

use std::sync::Arc;

use bulla::jwk::Jwk;
use bulla::jws::Jws;
use bulla::trust::{AllowedUrls, HeaderKeys, ResolveError};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{
    LEAF_CERTIFICATE, Paths, RENEWED_CERTIFICATE, ROOT_CERTIFICATE, STRANGER_CERTIFICATE, Table,
    Web, base64, leaf, now, public_value, store, stranger, token, with_kid, x5c, x5t, x5t_s256,
};

const JWKS: &str = "https://issuer.example/jwks";
const CHAIN: &str = "https://issuer.example/chain.pem";

fn with(mut jwk: Value, name: &str, value: impl Into<Value>) -> Value {
    jwk[name] = value.into();
    jwk
}

/// Each contradicts itself, and says the same of the key where it does not.
fn contradictory() -> Vec<(&'static str, Value)> {
    let leaf_jwk = || public_value(&leaf());
    let leaf_chain = || x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE]);
    vec![
        (
            "jwk, x5c",
            json!({"jwk": public_value(&stranger()), "x5c": leaf_chain()}),
        ),
        (
            "x5c, jwk",
            json!({"jwk": leaf_jwk(), "x5c": x5c(&[STRANGER_CERTIFICATE])}),
        ),
        (
            "x5t, x5c",
            json!({"x5t": x5t(STRANGER_CERTIFICATE), "x5c": leaf_chain()}),
        ),
        (
            "x5t of another certificate of the key, x5c",
            json!({"x5t": x5t(RENEWED_CERTIFICATE), "x5c": leaf_chain()}),
        ),
        (
            "x5t of the root, x5c",
            json!({"x5t": x5t(ROOT_CERTIFICATE), "x5c": leaf_chain()}),
        ),
        (
            "x5t#S256, x5c",
            json!({"x5t#S256": x5t_s256(STRANGER_CERTIFICATE), "x5c": leaf_chain()}),
        ),
        (
            "x5t right, x5t#S256 wrong",
            json!({"x5t": x5t(LEAF_CERTIFICATE), "x5t#S256": x5t_s256(RENEWED_CERTIFICATE), "x5c": leaf_chain()}),
        ),
        (
            "alg, jwk.alg",
            json!({"jwk": with(leaf_jwk(), "alg", "ES384")}),
        ),
        (
            "kid, jwk.kid",
            json!({"kid": "a", "jwk": with(leaf_jwk(), "kid", "b")}),
        ),
        (
            "x5t, jwk.x5t",
            json!({"x5t": x5t(LEAF_CERTIFICATE), "jwk": with(leaf_jwk(), "x5t", x5t(STRANGER_CERTIFICATE))}),
        ),
        (
            "x5t#S256, jwk.x5t#S256",
            json!({"x5t#S256": x5t_s256(LEAF_CERTIFICATE), "jwk": with(leaf_jwk(), "x5t#S256", x5t_s256(STRANGER_CERTIFICATE))}),
        ),
        (
            "x5t, jwk.x5c",
            json!({"x5t": x5t(RENEWED_CERTIFICATE), "jwk": with(leaf_jwk(), "x5c", json!([base64(LEAF_CERTIFICATE)]))}),
        ),
    ]
}

/// What could be asked, all on.
fn all_on(web: &Arc<Web>, table: &Arc<Table>, paths: &Arc<Paths>) -> HeaderKeys {
    HeaderKeys::new(&bulla::backend())
        .store(store([with_kid(leaf(), "a")]))
        .resolver(table.clone())
        .certificates(paths.clone())
        .certificate_urls(AllowedUrls::https([CHAIN]).unwrap(), web.clone())
        .jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), web.clone())
        .header_jwk()
}

fn refused(keys: &HeaderKeys, token: &str) -> String {
    let jws = Jws::parse_compact(token).unwrap();
    let error = now(keys.keys_for(&jws)).unwrap_err();
    assert!(now(keys.verify_jws(jws)).is_err());
    error.code().to_owned()
}

#[test]
fn a_token_that_contradicts_itself_is_refused_before_anything_is_asked() {
    for (what, said) in contradictory() {
        let web = Web::of([(JWKS, "{}"), (CHAIN, "")]);
        let (table, paths) = (Table::of::<Jwk>([]), Arc::new(Paths::default()));
        let mut said = said;
        said["jku"] = json!(JWKS);
        said["x5u"] = json!(CHAIN);
        let keys = all_on(&web, &table, &paths);
        assert_eq!(
            refused(&keys, &token(&leaf(), said.clone())),
            "jwk.disagrees",
            "{what}"
        );
        assert!(web.asked().is_empty() && table.asked().is_empty(), "{what}");
        assert_eq!(*paths.asked.lock().unwrap(), 0, "{what}");
    }
}

/// Also where the parts that would look at it are off, and the key is found by its `kid`.
#[test]
fn a_token_that_contradicts_itself_is_refused_with_everything_off() {
    let stored = HeaderKeys::new(&bulla::backend()).store(store([with_kid(leaf(), "a")]));
    for (what, mut said) in contradictory() {
        said["kid"] = json!("a");
        let token = token(&leaf(), said);
        assert_eq!(refused(&stored, &token), "jwk.disagrees", "{what}");
        let nothing = HeaderKeys::new(&bulla::backend());
        assert_eq!(refused(&nothing, &token), "jwk.disagrees", "{what}");
    }
}

#[test]
fn a_found_key_that_contradicts_the_token_is_refused() {
    let mut certified = with_kid(leaf(), "a");
    certified.members_mut().x5c = Some(vec![LEAF_CERTIFICATE.to_vec()]);
    let mut secret = bulla::generate_secret(bulla::jwa::MacAlg::Hs256).unwrap();
    secret.members_mut().kid = Some("a".to_owned());
    for said in [
        json!({"kid":"a","jwk": public_value(&stranger())}),
        json!({"kid":"a","x5c": x5c(&[STRANGER_CERTIFICATE])}),
        json!({"kid":"a","x5t": x5t(STRANGER_CERTIFICATE)}),
        json!({"kid":"a","x5t#S256": x5t_s256(STRANGER_CERTIFICATE)}),
    ] {
        // The signer holds the key that was found, or the one that the header shows; neither helps.
        for signed_by in [leaf(), stranger()] {
            let token = token(&signed_by, said.clone());
            let stored = HeaderKeys::new(&bulla::backend()).store(store([certified.clone()]));
            assert_eq!(refused(&stored, &token), "jwk.disagrees", "{said}");
            let table = Table::of([(r#"kid "a""#.to_owned(), certified.clone())]);
            let resolved = HeaderKeys::new(&bulla::backend()).resolver(table);
            assert_eq!(refused(&resolved, &token), "jwk.disagrees", "{said}");
        }
    }
    let token = token(&leaf(), json!({"kid":"a","jwk": public_value(&leaf())}));
    let keys = HeaderKeys::new(&bulla::backend()).store(store([secret]));
    assert_eq!(
        refused(&keys, &token),
        "jwk.disagrees",
        "a secret is no public key"
    );
}

#[test]
fn of_several_keys_of_a_name_those_that_agree_are_used() {
    let keys = store([with_kid(stranger(), "a"), with_kid(leaf(), "a")]);
    let keys = HeaderKeys::new(&bulla::backend()).store(keys);
    let token = token(&leaf(), json!({"kid":"a","jwk": public_value(&leaf())}));
    let jws = Jws::parse_compact(&token).unwrap();
    let found = now(keys.keys_for(&jws)).unwrap();
    assert_eq!(found.keys().count(), 1);
    let codes: Vec<_> = found.failures().map(ResolveError::code).collect();
    assert_eq!(codes, ["jwk.disagrees"]);
    jws.verify(&found).unwrap();
}

#[test]
fn what_is_fetched_must_agree_with_the_token() {
    let pem = |certificates: &[&[u8]]| -> String {
        let block = |der: &&[u8]| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                base64(der)
            )
        };
        certificates.iter().map(block).collect()
    };
    let chain = pem(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE]);
    let set =
        json!({"keys":[with(public_value(&leaf()), "x5t", x5t(LEAF_CERTIFICATE))]}).to_string();
    let web = Web::of([(CHAIN, chain), (JWKS, set)]);
    let keys = || {
        HeaderKeys::new(&bulla::backend())
            .certificates(Arc::new(Paths::default()))
            .certificate_urls(AllowedUrls::https([CHAIN]).unwrap(), web.clone())
            .jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), web.clone())
    };
    for said in [
        json!({"x5u": CHAIN, "jwk": public_value(&stranger())}),
        json!({"x5u": CHAIN, "x5t": x5t(RENEWED_CERTIFICATE)}),
        json!({"x5u": CHAIN, "x5t#S256": x5t_s256(ROOT_CERTIFICATE)}),
        json!({"x5u": CHAIN, "x5c": x5c(&[STRANGER_CERTIFICATE])}),
        json!({"jku": JWKS, "jwk": public_value(&stranger())}),
        json!({"jku": JWKS, "x5c": x5c(&[STRANGER_CERTIFICATE])}),
    ] {
        assert_eq!(
            refused(&keys(), &token(&leaf(), said.clone())),
            "jwk.disagrees",
            "{said}"
        );
    }
    for said in [
        json!({"x5u": CHAIN, "jwk": public_value(&leaf()), "x5t": x5t(LEAF_CERTIFICATE)}),
        json!({"jku": JWKS, "jwk": public_value(&leaf()), "x5t": x5t(LEAF_CERTIFICATE)}),
    ] {
        let token = token(&leaf(), said);
        now(keys().verify_jws(Jws::parse_compact(&token).unwrap())).unwrap();
    }
}

/// The key that will be found is one that we can read, so what cannot be read is another.
#[test]
fn a_key_that_cannot_be_read_is_not_the_one_that_was_found() {
    let keys = HeaderKeys::new(&bulla::backend()).store(store([with_kid(leaf(), "a")]));
    let mut private: Value = serde_json::from_str(&Jwk::from(leaf()).to_json()).unwrap();
    private["kid"] = json!("a");
    let cut = &LEAF_CERTIFICATE[..LEAF_CERTIFICATE.len() - 1];
    for (said, code) in [
        (json!({"kid":"a","jwk":{"kty":"new"}}), "jwk.unsupported"),
        (json!({"kid":"a","jwk":{}}), "jwk.malformed"),
        (json!({"kid":"a","jwk": private}), "jwk.malformed"),
        (
            json!({"kid":"a","jwk":{"kty":"oct","k":"AAAA"}}),
            "jwk.malformed",
        ),
        (json!({"kid":"a","x5c": x5c(&[cut])}), "jwk.malformed"),
        (
            json!({"kid":"a","x5c": x5c(&[b"", LEAF_CERTIFICATE])}),
            "jwk.malformed",
        ),
        (
            json!({"kid":"a","jwk": with(public_value(&leaf()), "x5c", json!([base64(STRANGER_CERTIFICATE)]))}),
            "jwk.malformed",
        ),
    ] {
        // Signing refuses to make some of these; a stranger would not.
        let octets = with(said.clone(), "alg", "ES256").to_string();
        let made = bulla::jws::Builder::new("payload")
            .headers(bulla::jws::Headers::new().protected_octets(octets))
            .sign_compact(&crate::support::signer(&leaf()))
            .unwrap();
        assert_eq!(refused(&keys, &made), code, "{said}");
        let error = now(keys.verify_jws(Jws::parse_compact(&made).unwrap())).unwrap_err();
        assert_eq!(error.fault(), bulla::Fault::Token, "{said}: {error}");
    }
}

proptest! {
    /// Whatever a header says, in any combination: the token verifies only if all that it says is of the key that
    /// signed it.
    #[test]
    fn a_token_verifies_only_if_every_word_is_of_the_key_that_signed(
        signed_by_leaf in any::<bool>(),
        stored_leaf in any::<bool>(),
        words in proptest::collection::vec((0..5_usize, any::<bool>()), 0..5),
    ) {
        let mut said = Map::new();
        said.insert("kid".to_owned(), json!("a"));
        let mut all_of_signer = stored_leaf == signed_by_leaf;
        let mut chain_of = None;
        for (word, of_leaf) in words {
            let (key, certificate) = if of_leaf { (leaf(), LEAF_CERTIFICATE) } else { (stranger(), STRANGER_CERTIFICATE) };
            let (name, value) = match word {
                0 => ("jwk", public_value(&key)),
                1 => ("x5c", x5c(&[certificate])),
                2 => ("x5t", json!(x5t(certificate))),
                3 => ("x5t#S256", json!(x5t_s256(certificate))),
                _ => ("other", json!(of_leaf)),
            };
            if said.insert(name.to_owned(), value).is_some() {
                return Ok(());
            }
            if word < 4 {
                all_of_signer &= of_leaf == signed_by_leaf;
            }
            if word == 1 {
                chain_of = Some(of_leaf);
            }
        }
        let signed_by = if signed_by_leaf { leaf() } else { stranger() };
        let (mut stored, certificate) = if stored_leaf {
            (with_kid(leaf(), "a"), LEAF_CERTIFICATE)
        } else {
            (with_kid(stranger(), "a"), STRANGER_CERTIFICATE)
        };
        stored.members_mut().x5c = Some(vec![certificate.to_vec()]);
        let keys = HeaderKeys::new(&bulla::backend()).store(store([stored]));
        let token = token(&signed_by, Value::Object(said));
        let verified = now(keys.verify_jws(Jws::parse_compact(&token).unwrap()));
        prop_assert_eq!(verified.is_ok(), all_of_signer, "{:?} {:?}", verified.err(), chain_of);
    }
}
