//! Rows 47 and 48: proofs at the token endpoint, and the rules for proofs that both ends share.

use std::sync::Arc;
use std::time::Duration;

use bulla_core::SecretBytes;
use bulla_core::jwa::{MacAlg, SignatureAlg};
use bulla_core::jwk::{PrivateJwk, SecretJwk};
use bulla_core::jws::Headers;
use bulla_core::key::{KeySpec, Signer};
use bulla_oauth::assertion::Profile;
use bulla_oauth::dpop::{DpopKey, DpopProof, Nonces, TargetUri};
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::server::{Server, error, with_assertion};
use crate::token::*;

struct Case {
    server: Server,
    client: PrivateJwk,
    key: PrivateJwk,
}

fn proof_claims() -> Value {
    json!({"jti": "p-1", "htm": "POST", "htu": ENDPOINT, "iat": NOW})
}

impl Case {
    fn new() -> Self {
        let client = key("k-1");
        Self {
            server: Server::new(Profile::Fapi2, &client),
            client,
            key: key("d-1"),
        }
    }

    fn headers(&self) -> Headers {
        Headers::new()
            .typ("dpop+jwt")
            .without_kid()
            .protected("jwk", self.key.public().to_value())
    }

    fn proof(&self, claims: &Value) -> String {
        sign(&signer(&self.key), self.headers(), claims)
    }

    /// With a new assertion each time.
    fn request(&self, proofs: &[&str]) -> Request<Vec<u8>> {
        let unique = self.server.audit.lock().unwrap().len();
        let random = bulla_core::base64url::encode(signer_nonce());
        let claims = with(claims(), "jti", format!("{unique}-{random}"));
        let mut request = with_assertion(&sign(&signer(&self.client), Headers::new(), &claims));
        for proof in proofs {
            request
                .headers_mut()
                .append("dpop", HeaderValue::from_str(proof).unwrap());
        }
        request
    }

    #[track_caller]
    fn refused(&self, proof: &str, check: &str) {
        let answer = self.server.answer(&self.request(&[proof]));
        assert_eq!(error(&answer), (400, "invalid_dpop_proof".into()));
        assert_eq!(self.server.check(), check);
    }

    #[track_caller]
    fn refused_claims(&self, claims: &Value, check: &str) {
        self.refused(&self.proof(claims), check);
    }

    fn status(&self, proof: &str) -> u16 {
        self.server
            .answer(&self.request(&[proof]))
            .status()
            .as_u16()
    }
}

fn signer_nonce() -> [u8; 16] {
    let mut octets = [0; 16];
    backend().random(&mut octets).unwrap();
    octets
}

#[test]
fn a_good_proof_binds_the_token() {
    let case = Case::new();
    let answer = case
        .server
        .answer(&case.request(&[&case.proof(&proof_claims())]));
    assert_eq!(answer.status(), 200);
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["token_type"], "DPoP");
    let claims = bulla_core::base64url::decode(
        body["access_token"]
            .as_str()
            .unwrap()
            .split('.')
            .nth(1)
            .unwrap(),
    )
    .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let jkt = case.key.thumbprint(bulla_core::jwa::HashAlg::Sha256);
    assert_eq!(claims["cnf"], json!({"jkt": jkt}));
}

#[test]
fn row_47_missing_where_it_is_required() {
    let mut case = Case::new();
    case.server.dpop_required = true;
    assert_eq!(
        error(&case.server.answer(&case.request(&[]))),
        (400, "invalid_dpop_proof".into())
    );
    case.server.dpop_required = false;
    assert_eq!(case.server.answer(&case.request(&[])).status(), 200);
}

#[test]
fn row_47_two_headers() {
    let case = Case::new();
    let (one, two) = (
        case.proof(&proof_claims()),
        case.proof(&with(proof_claims(), "jti", "p-2")),
    );
    let refused = (400, "invalid_dpop_proof".to_owned());
    assert_eq!(
        error(&case.server.answer(&case.request(&[&one, &two]))),
        refused
    );
    assert_eq!(
        error(
            &case
                .server
                .answer(&case.request(&[&format!("{one}, {two}")]))
        ),
        refused
    );
}

#[test]
fn row_47_type() {
    let case = Case::new();
    for headers in [
        case.headers().typ("JWT"),
        case.headers().typ("at+jwt"),
        case.headers().typ("dpop+jwt;x=y"),
    ] {
        case.refused(&sign(&signer(&case.key), headers, &proof_claims()), "type");
    }
    let untyped = Headers::new()
        .without_kid()
        .protected("jwk", case.key.public().to_value());
    case.refused(&sign(&signer(&case.key), untyped, &proof_claims()), "type");
    let full = case.headers().typ("application/DPoP+JWT");
    assert_eq!(
        case.status(&sign(&signer(&case.key), full, &proof_claims())),
        200
    );
}

#[test]
fn row_47_algorithm() {
    let case = Case::new();
    let good = case.proof(&proof_claims());
    let jwk = case.key.public().to_value();
    for alg in ["none", "HS256", "RS256", "es256", ""] {
        case.refused(
            &forged(&json!({"typ": "dpop+jwt", "alg": alg, "jwk": jwk}), &good),
            "algorithm",
        );
    }
    case.refused(
        &forged(&json!({"typ": "dpop+jwt", "jwk": jwk}), &good),
        "algorithm",
    );
    let mac = SecretJwk::new(vec![1; 32]);
    let mac = Signer::bind_to(&backend(), &mac, MacAlg::Hs256).unwrap();
    case.refused(&sign(&mac, case.headers(), &proof_claims()), "algorithm");
    // FAPI 2.0: RSA only with PSS.
    let rsa = PrivateJwk::new(backend().generate(KeySpec::Rsa { bits: 2048 }).unwrap());
    let headers = || {
        Headers::new()
            .typ("dpop+jwt")
            .protected("jwk", rsa.public().to_value())
    };
    case.refused(
        &sign(
            &signer_for(&rsa, SignatureAlg::Rs256),
            headers(),
            &proof_claims(),
        ),
        "algorithm",
    );
    assert_eq!(
        case.status(&sign(
            &signer_for(&rsa, SignatureAlg::Ps256),
            headers(),
            &proof_claims()
        )),
        200
    );
}

#[test]
fn row_47_key() {
    let case = Case::new();
    let good = case.proof(&proof_claims());
    let header = |jwk: Value| json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
    let private: Value = serde_json::from_str(&case.key.to_json()).unwrap();
    case.refused(&forged(&header(private), &good), "key");
    case.refused(
        &forged(&json!({"typ": "dpop+jwt", "alg": "ES256"}), &good),
        "key",
    );
    case.refused(
        &forged(&header(json!({"kty": "oct", "k": "AQ"})), &good),
        "key",
    );
    case.refused(
        &forged(
            &header(json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"})),
            &good,
        ),
        "key",
    );
    let mut other_curve = case.key.public().to_value();
    other_curve["alg"] = json!("ES384");
    case.refused(&forged(&header(other_curve), &good), "key");
    let mut for_encryption = case.key.public().to_value();
    for_encryption["use"] = json!("enc");
    case.refused(&forged(&header(for_encryption), &good), "key");
}

#[test]
fn row_47_signature() {
    let case = Case::new();
    let good = case.proof(&proof_claims());
    case.refused(&resigned(&good, |signature| signature[5] ^= 1), "signature");
    case.refused(&resigned(&good, |signature| signature.fill(0)), "signature");
    let other = key("d-2");
    case.refused(
        &sign(&signer(&other), case.headers(), &proof_claims()),
        "signature",
    );
    case.refused("x", "form");
}

#[test]
fn row_47_claims_are_missing() {
    let case = Case::new();
    for (claim, check) in [
        ("jti", "jti"),
        ("htm", "method"),
        ("htu", "url"),
        ("iat", "time"),
    ] {
        case.refused_claims(&without(proof_claims(), claim), check);
    }
    case.refused_claims(&with(proof_claims(), "jti", ""), "jti");
    case.refused_claims(&with(proof_claims(), "jti", "j".repeat(257)), "jti");
    case.refused_claims(&with(proof_claims(), "htm", 1), "claims");
    case.refused_claims(&with(proof_claims(), "iat", "now"), "claims");
}

#[test]
fn row_47_method_and_url() {
    let case = Case::new();
    case.refused_claims(&with(proof_claims(), "htm", "GET"), "method");
    case.refused_claims(&with(proof_claims(), "htm", "post"), "method");
    for htu in [
        "https://auth.example.com/",
        "https://auth.example.com/token/",
        "http://auth.example.com/token",
        "/token",
        "",
    ] {
        case.refused_claims(&with(proof_claims(), "htu", htu), "url");
    }
    for (index, htu) in [
        "https://AUTH.example.com:443/token?q=1#f",
        "https://auth.example.com/x/../%74oken",
    ]
    .iter()
    .enumerate()
    {
        let claims = with(
            with(proof_claims(), "htu", *htu),
            "jti",
            format!("u-{index}"),
        );
        assert_eq!(case.status(&case.proof(&claims)), 200, "{htu}");
    }
}

#[test]
fn row_47_time() {
    let case = Case::new();
    for iat in [NOW - 3600, NOW + 3600, NOW - 301, NOW + 61] {
        case.refused_claims(&with(proof_claims(), "iat", iat), "time");
    }
    for (index, iat) in [NOW - 10, NOW + 8, NOW - 300].into_iter().enumerate() {
        let claims = with(
            with(proof_claims(), "iat", iat),
            "jti",
            format!("t-{index}"),
        );
        assert_eq!(case.status(&case.proof(&claims)), 200, "{iat}");
    }
}

#[test]
fn fapi2_check_dpop_proof_nbf_exp() {
    let case = Case::new();
    let claims = with(with(proof_claims(), "nbf", NOW), "exp", NOW + 60);
    assert_eq!(case.status(&case.proof(&claims)), 200);
    case.refused_claims(
        &with(with(proof_claims(), "jti", "p-2"), "exp", NOW),
        "time",
    );
    case.refused_claims(
        &with(with(proof_claims(), "jti", "p-3"), "nbf", NOW + 61),
        "time",
    );
}

#[test]
fn row_47_used_twice() {
    let case = Case::new();
    let proof = case.proof(&proof_claims());
    assert_eq!(case.status(&proof), 200);
    case.refused(&proof, "replay");
    // Of another key it is another proof.
    let other = Case {
        key: key("d-2"),
        ..case
    };
    assert_eq!(other.status(&other.proof(&proof_claims())), 200);
}

fn nonces(at: u64) -> Nonces {
    let clock = Arc::new(std::time::UNIX_EPOCH + Duration::from_secs(at));
    Nonces::new(&backend(), &SecretBytes::from(vec![9; 32]))
        .unwrap()
        .clock(clock)
}

#[test]
fn row_48_nonce_missing_or_old() {
    let mut case = Case::new();
    case.server.dpop = case.server.dpop.nonces(nonces(NOW));
    let old = nonces(NOW - 600).issue().unwrap();
    for claims in [
        proof_claims(),
        with(proof_claims(), "nonce", "x"),
        with(proof_claims(), "nonce", old),
    ] {
        let answer = case.server.answer(&case.request(&[&case.proof(&claims)]));
        assert_eq!(error(&answer), (400, "use_dpop_nonce".into()));
        let nonce = answer.headers()["dpop-nonce"].to_str().unwrap();
        assert_eq!(nonce, nonces(NOW).issue().unwrap());
    }
    let claims = with(proof_claims(), "nonce", nonces(NOW).issue().unwrap());
    assert_eq!(case.status(&case.proof(&claims)), 200);
}

#[test]
fn row_48_an_answer_carries_the_next_nonce_before_it_is_needed() {
    let mut case = Case::new();
    case.server.dpop = case.server.dpop.nonces(nonces(NOW));
    let claims = with(proof_claims(), "nonce", nonces(NOW - 90).issue().unwrap());
    let answer = case.server.answer(&case.request(&[&case.proof(&claims)]));
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["dpop-nonce"].to_str().unwrap(),
        nonces(NOW).issue().unwrap()
    );
}

#[test]
fn row_48_sent_again_with_the_same_assertion() {
    let mut case = Case::new();
    case.server.dpop = case.server.dpop.nonces(nonces(NOW));
    let mut request = case.request(&[&case.proof(&proof_claims())]);
    assert_eq!(
        error(&case.server.answer(&request)),
        (400, "use_dpop_nonce".into())
    );
    let claims = with(proof_claims(), "nonce", nonces(NOW).issue().unwrap());
    request
        .headers_mut()
        .insert("dpop", HeaderValue::from_str(&case.proof(&claims)).unwrap());
    assert_eq!(
        error(&case.server.answer(&request)),
        (401, "invalid_client".into())
    );
    assert_eq!(case.server.check(), "replay");
}

#[test]
fn what_we_make_is_accepted() {
    let case = Case::new();
    for alg in [
        SignatureAlg::Es256,
        SignatureAlg::Es384,
        SignatureAlg::Ed25519,
        SignatureAlg::EdDsa,
    ] {
        let key = DpopKey::generate(&backend(), alg).unwrap();
        let url = TargetUri::parse(ENDPOINT).unwrap();
        let proof = DpopProof::new("POST", &url)
            .clock(Arc::new(now()))
            .sign(&key)
            .unwrap();
        assert_eq!(case.status(&proof), 200, "{alg:?}");
    }
}
