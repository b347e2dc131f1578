//! Rows 47 and 48: proofs at the token endpoint.

use bulla::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla::jwk::{PrivateJwk, SecretJwk};
use bulla::jws::Headers;
use bulla::key::Signer;
use bulla::oauth::assertion::Profile;
use bulla::oauth::dpop::{DpopKey, DpopProof, TargetUri};
use bulla_server::server::DpopUse;
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::support::*;

struct Proofs {
    case: Case,
    key: PrivateJwk,
}

fn proof_claims() -> Value {
    json!({"jti": unique(), "htm": "POST", "htu": ENDPOINT, "iat": NOW})
}

impl Proofs {
    /// A server that wants no nonce.
    async fn new() -> Self {
        Self::with(DpopUse::Optional, false).await
    }

    async fn with(dpop: DpopUse, nonces: bool) -> Self {
        Self {
            case: Case::dpop(Profile::Fapi2, dpop, nonces).await,
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
        let mut request = with_assertion(&self.case.token(&claims()));
        for proof in proofs {
            let proof = HeaderValue::from_str(proof).unwrap();
            request.headers_mut().append("dpop", proof);
        }
        request
    }

    async fn answer(&self, proofs: &[&str]) -> Answer {
        self.case.send(&self.request(proofs)).await
    }

    async fn status(&self, proof: &str) -> u16 {
        self.answer(&[proof]).await.status().as_u16()
    }

    async fn refused(&self, proof: &str, check: &str) {
        let answer = self.answer(&[proof]).await;
        let decision = last_decision();
        assert_eq!(
            (error(&answer), decision.get("check")),
            ((400, "invalid_dpop_proof".into()), Some(check)),
            "{proof}"
        );
        assert_eq!(decision.get("part"), Some("proof"));
    }

    async fn refused_claims(&self, claims: &Value, check: &str) {
        self.refused(&self.proof(claims), check).await;
    }

    async fn accepted(&self, claims: &Value) {
        assert_eq!(self.status(&self.proof(claims)).await, 200, "{claims}");
    }
}

#[tokio::test]
async fn a_good_proof_binds_the_token() {
    let proofs = Proofs::new().await;
    let answer = proofs.answer(&[&proofs.proof(&proof_claims())]).await;
    assert_eq!(error(&answer), (200, String::new()));
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["token_type"], "DPoP");
    let claims = claims_of(body["access_token"].as_str().unwrap());
    let jkt = proofs.key.thumbprint(HashAlg::Sha256);
    assert_eq!(claims["cnf"], json!({"jkt": jkt}));
    assert_eq!(last_decision().get("jkt"), claims["cnf"]["jkt"].as_str());
}

#[tokio::test]
async fn row_47_missing_where_it_is_required() {
    let proofs = Proofs::with(DpopUse::Required, false).await;
    let refused = error(&proofs.answer(&[]).await);
    assert_eq!(refused, (400, "invalid_dpop_proof".into()));
    assert_eq!(last_decision().get("code"), Some("oauth.dpop-missing"));
    proofs.accepted(&proof_claims()).await;
    let proofs = Proofs::new().await;
    let answer = proofs.answer(&[]).await;
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["token_type"], "Bearer");
}

#[tokio::test]
async fn a_client_that_uses_none_is_not_given_a_token_that_is_not_bound() {
    let proofs = Proofs::with(DpopUse::Never, false).await;
    proofs.refused_claims(&proof_claims(), "header").await;
    let code = Some("oauth.dpop-not-allowed");
    assert_eq!(last_decision().get("code"), code);
    assert_eq!(proofs.answer(&[]).await.status(), 200);
}

#[tokio::test]
async fn row_47_two_headers() {
    let proofs = Proofs::new().await;
    let one = proofs.proof(&proof_claims());
    let two = proofs.proof(&proof_claims());
    let refused = (400, "invalid_dpop_proof".to_owned());
    assert_eq!(error(&proofs.answer(&[&one, &two]).await), refused);
    let joined = format!("{one}, {two}");
    assert_eq!(error(&proofs.answer(&[&joined]).await), refused);
    assert_eq!(last_decision().get("check"), Some("header"));
}

#[tokio::test]
async fn row_47_type() {
    let proofs = Proofs::new().await;
    let made = |headers| sign(&signer(&proofs.key), headers, &proof_claims());
    for typ in ["JWT", "at+jwt", "dpop+jwt;x=y"] {
        let token = made(proofs.headers().typ(typ));
        proofs.refused(&token, "type").await;
    }
    let untyped = Headers::new()
        .without_kid()
        .protected("jwk", proofs.key.public().to_value());
    proofs.refused(&made(untyped), "type").await;
    let full = made(proofs.headers().typ("application/DPoP+JWT"));
    assert_eq!(proofs.status(&full).await, 200);
}

#[tokio::test]
async fn row_47_algorithm() {
    let proofs = Proofs::new().await;
    let good = proofs.proof(&proof_claims());
    let jwk = proofs.key.public().to_value();
    for alg in ["none", "HS256", "RS256", "es256", ""] {
        let header = json!({"typ": "dpop+jwt", "alg": alg, "jwk": jwk});
        proofs.refused(&forged(&header, &good), "algorithm").await;
    }
    let header = json!({"typ": "dpop+jwt", "jwk": jwk});
    proofs.refused(&forged(&header, &good), "algorithm").await;
    let mac = SecretJwk::new(vec![1; 32]);
    let mac = Signer::bind_to(&backend(), &mac, MacAlg::Hs256).unwrap();
    let token = sign(&mac, proofs.headers(), &proof_claims());
    proofs.refused(&token, "algorithm").await;
    // FAPI 2.0: RSA only with PSS.
    let rsa = rsa("x");
    let made = |alg| {
        let headers = Headers::new()
            .typ("dpop+jwt")
            .protected("jwk", rsa.public().to_value());
        sign(&signer_for(&rsa, alg), headers, &proof_claims())
    };
    let token = made(SignatureAlg::Rs256);
    proofs.refused(&token, "algorithm").await;
    assert_eq!(proofs.status(&made(SignatureAlg::Ps256)).await, 200);
}

#[tokio::test]
async fn row_47_key() {
    let proofs = Proofs::new().await;
    let good = proofs.proof(&proof_claims());
    let header = |jwk: Value| json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
    let private: Value = serde_json::from_str(&proofs.key.to_json()).unwrap();
    let mut other_curve = proofs.key.public().to_value();
    other_curve["alg"] = json!("ES384");
    let mut for_encryption = proofs.key.public().to_value();
    for_encryption["use"] = json!("enc");
    for header in [
        header(private),
        json!({"typ": "dpop+jwt", "alg": "ES256"}),
        header(json!({"kty": "oct", "k": "AQ"})),
        header(json!({"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"})),
        header(other_curve),
        header(for_encryption),
    ] {
        proofs.refused(&forged(&header, &good), "key").await;
    }
}

#[tokio::test]
async fn row_47_signature() {
    let proofs = Proofs::new().await;
    let good = proofs.proof(&proof_claims());
    let flipped = resigned(&good, |signature| signature[5] ^= 1);
    proofs.refused(&flipped, "signature").await;
    let zero = resigned(&good, |signature| signature.fill(0));
    proofs.refused(&zero, "signature").await;
    let other = sign(&signer(&key("d-2")), proofs.headers(), &proof_claims());
    proofs.refused(&other, "signature").await;
    proofs.refused("x", "form").await;
}

#[tokio::test]
async fn row_47_claims_are_missing() {
    let proofs = Proofs::new().await;
    for (claim, check) in [
        ("jti", "jti"),
        ("htm", "method"),
        ("htu", "url"),
        ("iat", "time"),
    ] {
        let lacking = without(proof_claims(), claim);
        proofs.refused_claims(&lacking, check).await;
    }
    for (claim, value, check) in [
        ("jti", json!(""), "jti"),
        ("jti", json!("j".repeat(257)), "jti"),
        ("htm", json!(1), "claims"),
        ("iat", json!("now"), "claims"),
    ] {
        let wrong = with(proof_claims(), claim, value);
        proofs.refused_claims(&wrong, check).await;
    }
}

#[tokio::test]
async fn row_47_method_and_url() {
    let proofs = Proofs::new().await;
    for method in ["GET", "post"] {
        let wrong = with(proof_claims(), "htm", method);
        proofs.refused_claims(&wrong, "method").await;
    }
    let local = format!("http://{}/token", proofs.case.address);
    for htu in [
        "https://auth.example.com/",
        "https://auth.example.com/token/",
        "http://auth.example.com/token",
        // Where the request arrives is not what the server is called.
        &local,
        "/token",
        "",
    ] {
        let wrong = with(proof_claims(), "htu", htu);
        proofs.refused_claims(&wrong, "url").await;
    }
    for htu in [
        "https://AUTH.example.com:443/token?q=1#f",
        "https://auth.example.com/x/../%74oken",
    ] {
        let same = with(proof_claims(), "htu", htu);
        proofs.accepted(&same).await;
    }
}

#[tokio::test]
async fn row_47_time() {
    let proofs = Proofs::new().await;
    for iat in [NOW - 3600, NOW + 3600, NOW - 301, NOW + 61] {
        let wrong = with(proof_claims(), "iat", iat);
        proofs.refused_claims(&wrong, "time").await;
    }
    for iat in [NOW - 10, NOW + 8, NOW - 299] {
        proofs.accepted(&with(proof_claims(), "iat", iat)).await;
    }
}

#[tokio::test]
async fn row_47_used_twice() {
    let mut proofs = Proofs::new().await;
    let once = proof_claims();
    let proof = proofs.proof(&once);
    assert_eq!(proofs.status(&proof).await, 200);
    proofs.refused(&proof, "replay").await;
    // Of another key it is another proof.
    proofs.key = key("d-2");
    proofs.accepted(&once).await;
}

#[tokio::test]
async fn row_48_nonce_missing_or_old() {
    let proofs = Proofs::with(DpopUse::Optional, true).await;
    let old = nonces(NOW - 600).issue().unwrap();
    for claims in [
        proof_claims(),
        with(proof_claims(), "nonce", "x"),
        with(proof_claims(), "nonce", old),
    ] {
        let answer = proofs.answer(&[&proofs.proof(&claims)]).await;
        assert_eq!(error(&answer), (400, "use_dpop_nonce".into()));
        let nonce = answer.headers()["dpop-nonce"].to_str().unwrap();
        proofs.accepted(&with(proof_claims(), "nonce", nonce)).await;
    }
}

#[tokio::test]
async fn row_48_an_answer_carries_the_next_nonce_before_it_is_needed() {
    let proofs = Proofs::with(DpopUse::Optional, true).await;
    let aging = nonces(NOW - 90).issue().unwrap();
    let claims = with(proof_claims(), "nonce", aging);
    let answer = proofs.answer(&[&proofs.proof(&claims)]).await;
    assert_eq!(error(&answer), (200, String::new()));
    let next = answer.headers()["dpop-nonce"].to_str().unwrap();
    assert_eq!(next, nonces(NOW).issue().unwrap());
}

#[tokio::test]
async fn row_48_sent_again_with_the_same_assertion() {
    let proofs = Proofs::with(DpopUse::Optional, true).await;
    let mut request = proofs.request(&[&proofs.proof(&proof_claims())]);
    let first = error(&proofs.case.send(&request).await);
    assert_eq!(first, (400, "use_dpop_nonce".into()));
    let nonce = nonces(NOW).issue().unwrap();
    let proof = proofs.proof(&with(proof_claims(), "nonce", nonce));
    let proof = HeaderValue::from_str(&proof).unwrap();
    request.headers_mut().insert("dpop", proof);
    let again = error(&proofs.case.send(&request).await);
    assert_eq!(again, (401, "invalid_client".into()));
    assert_eq!(last_decision().get("check"), Some("replay"));
}

#[tokio::test]
async fn what_we_make_is_accepted() {
    let proofs = Proofs::new().await;
    for alg in [
        SignatureAlg::Es256,
        SignatureAlg::Ed25519,
        SignatureAlg::EdDsa,
    ] {
        let key = DpopKey::generate(&backend(), alg).unwrap();
        let url = TargetUri::parse(ENDPOINT).unwrap();
        let proof = DpopProof::new("POST", &url)
            .clock(std::sync::Arc::new(now()))
            .sign(&key)
            .unwrap();
        assert_eq!(proofs.status(&proof).await, 200, "{alg:?}");
    }
}
