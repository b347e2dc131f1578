//! `FAPI2SPFinalDpopNegativeTests` of the FAPI 2.0 conformance suite, a named test a case, and the modules about the times
//! and the scheme of proofs.

use bulla_core::base64url;
use bulla_core::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{PrivateJwk, SecretJwk};
use bulla_core::jws::Headers;
use bulla_core::key::{KeySpec, Signer};
use bulla_oauth::protect::DpopRules;
use serde_json::{Value, json};

use crate::site::{ALGS, API, Answer, Api, access_claims};
use crate::token::{NOW, backend, forged, key, resigned, sign, signer, signer_for, with, without};

struct Case {
    api: Api,
    key: PrivateJwk,
    token: String,
}

impl Case {
    async fn new() -> Self {
        let rules = DpopRules::optional(API).unwrap();
        let api = Api::with(|resource| resource.dpop(rules)).await;
        let key = key("d-1");
        let jkt = key.thumbprint(HashAlg::Sha256);
        let token = api.token(&with(access_claims(), "cnf", json!({ "jkt": jkt })));
        Self { api, key, token }
    }

    fn claims(&self) -> Value {
        let ath = base64url::encode(HashAlg::Sha256.digest(self.token.as_bytes()));
        json!({"jti": "p-1", "htm": "GET", "htu": format!("{API}/invoices"), "iat": NOW, "ath": ath})
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

    async fn send(&self, proofs: &[&str]) -> Answer {
        let authorization = format!("DPoP {}", self.token);
        let mut headers = vec![("authorization", &*authorization)];
        headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
        self.api.site.get(&headers).await
    }

    /// 401 `invalid_dpop_proof` with this reason and these words for the client.
    async fn refused(&self, proof: &str, reason: &str, words: &str) {
        self.all_refused(&[proof], reason, words).await;
    }

    async fn all_refused(&self, proofs: &[&str], reason: &str, words: &str) {
        let challenge = format!(
            "DPoP error=\"invalid_dpop_proof\", error_description=\"{words}\", algs=\"{ALGS}\""
        );
        assert_eq!(self.send(proofs).await.told(), (401, reason, &*challenge));
    }

    async fn claims_refused(&self, claims: &Value, reason: &str, words: &str) {
        self.refused(&self.proof(claims), reason, words).await;
    }

    async fn accepted(&self, claims: &Value) {
        let answer = self.send(&[&self.proof(claims)]).await;
        assert_eq!((answer.status, answer.reason), (200, None), "{claims}");
    }
}

const CLAIM: &str = "a claim of the proof is missing, malformed or out of time";
const TYPE: &str = "typ is not dpop+jwt";
const ALGORITHM: &str = "the algorithm of the proof is not accepted";
const FORM: &str = "the proof is malformed or its signature not valid";
const KEY: &str = "the proof has no public key that fits its algorithm";
const METHOD: &str = "htm is not the method of the request";
const URL: &str = "htu is not the URL of the request";
const TOKEN: &str = "ath is not the hash of the access token";
const SEVERAL: &str = "there are several DPoP headers";

#[tokio::test]
async fn happy_flow() {
    let case = Case::new().await;
    case.accepted(&case.claims()).await;
}

#[tokio::test]
async fn no_proof() {
    let case = Case::new().await;
    case.all_refused(&[], "oauth.dpop-missing", "a DPoP proof is needed")
        .await;
}

#[tokio::test]
async fn two_dpop_headers() {
    let case = Case::new().await;
    let one = case.proof(&case.claims());
    let two = case.proof(&with(case.claims(), "jti", "p-2"));
    case.all_refused(&[&one, &two], "oauth.dpop-malformed", SEVERAL)
        .await;
    case.all_refused(&[&one, &one], "oauth.dpop-malformed", SEVERAL)
        .await;
    case.refused(&format!("{one}, {two}"), "oauth.dpop-malformed", SEVERAL)
        .await;
}

#[tokio::test]
async fn a_malformed_proof() {
    let case = Case::new().await;
    let good = case.proof(&case.claims());
    for proof in ["", "x", "a.b", "a.b.c.d", &format!("{good}=")] {
        case.refused(proof, "jws.malformed", FORM).await;
    }
}

#[tokio::test]
async fn typ_missing() {
    let case = Case::new().await;
    let headers = Headers::new()
        .without_kid()
        .protected("jwk", case.key.public().to_value());
    let proof = sign(&signer(&case.key), headers, &case.claims());
    case.refused(&proof, "jwt.type-mismatch", TYPE).await;
}

#[tokio::test]
async fn typ_wrong() {
    let case = Case::new().await;
    for typ in ["JWT", "at+jwt", "dpop"] {
        let proof = sign(&signer(&case.key), case.headers().typ(typ), &case.claims());
        case.refused(&proof, "jwt.type-mismatch", TYPE).await;
    }
}

#[tokio::test]
async fn alg_missing() {
    let case = Case::new().await;
    let header = json!({"typ": "dpop+jwt", "jwk": case.key.public().to_value()});
    let proof = forged(&header, &case.proof(&case.claims()));
    let answer = case.send(&[&proof]).await;
    assert_eq!(answer.status, 401);
    assert!(answer.challenges[0].starts_with("DPoP error=\"invalid_dpop_proof\""));
}

#[tokio::test]
async fn alg_none() {
    let case = Case::new().await;
    for alg in ["none", "nOnE"] {
        let header = json!({"typ": "dpop+jwt", "alg": alg, "jwk": case.key.public().to_value()});
        let proof = forged(&header, &case.proof(&case.claims()));
        case.refused(&proof, "jws.algorithm-not-allowed", ALGORITHM)
            .await;
    }
}

#[tokio::test]
async fn alg_rs256() {
    let case = Case::new().await;
    let rsa = PrivateJwk::new(backend().generate(KeySpec::Rsa { bits: 2048 }).unwrap());
    let headers = Headers::new()
        .typ("dpop+jwt")
        .protected("jwk", rsa.public().to_value());
    let proof = sign(
        &signer_for(&rsa, SignatureAlg::Rs256),
        headers,
        &case.claims(),
    );
    case.refused(&proof, "jws.algorithm-not-allowed", ALGORITHM)
        .await;
}

#[tokio::test]
async fn alg_hs256() {
    let case = Case::new().await;
    let secret = SecretJwk::new(case.key.public().to_json().as_bytes());
    let mac = Signer::bind_to(&backend(), &secret, MacAlg::Hs256).unwrap();
    let proof = sign(&mac, case.headers(), &case.claims());
    case.refused(&proof, "jws.algorithm-not-allowed", ALGORITHM)
        .await;
}

#[tokio::test]
async fn jwk_missing() {
    let case = Case::new().await;
    let headers = Headers::new().typ("dpop+jwt").without_kid();
    let proof = sign(&signer(&case.key), headers, &case.claims());
    case.refused(&proof, "oauth.dpop-key-invalid", KEY).await;
}

#[tokio::test]
async fn jwk_private() {
    let case = Case::new().await;
    let private: Value = serde_json::from_str(&case.key.to_json()).unwrap();
    let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": private});
    let proof = forged(&header, &case.proof(&case.claims()));
    case.refused(&proof, "oauth.dpop-key-invalid", KEY).await;
}

#[tokio::test]
async fn jwk_symmetric() {
    let case = Case::new().await;
    let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": {"kty": "oct", "k": "AQ"}});
    let proof = forged(&header, &case.proof(&case.claims()));
    case.refused(&proof, "oauth.dpop-key-invalid", KEY).await;
}

#[tokio::test]
async fn signature_invalid() {
    let case = Case::new().await;
    let good = case.proof(&case.claims());
    let flipped = resigned(&good, |signature| signature[5] ^= 1);
    case.refused(&flipped, "jws.signature-invalid", FORM).await;
    let zeros = resigned(&good, |signature| signature.fill(0));
    case.refused(&zeros, "jws.signature-invalid", FORM).await;
}

#[tokio::test]
async fn signed_by_another_key_than_the_jwk() {
    let case = Case::new().await;
    let proof = sign(&signer(&key("d-2")), case.headers(), &case.claims());
    case.refused(&proof, "jws.signature-invalid", FORM).await;
}

#[tokio::test]
async fn of_another_key_than_the_token() {
    let case = Case::new().await;
    let other = key("d-2");
    let headers = Headers::new()
        .typ("dpop+jwt")
        .without_kid()
        .protected("jwk", other.public().to_value());
    let proof = sign(&signer(&other), headers, &case.claims());
    let answer = case.send(&[&proof]).await;
    let challenge = format!(
        "DPoP error=\"invalid_token\", error_description=\"the token is bound to another key than that of the proof\", algs=\"{ALGS}\""
    );
    assert_eq!(answer.told(), (401, "oauth.dpop-key-mismatch", &*challenge));
}

#[tokio::test]
async fn jti_missing() {
    let case = Case::new().await;
    case.claims_refused(&without(case.claims(), "jti"), "jwt.claim-missing", CLAIM)
        .await;
    case.claims_refused(&with(case.claims(), "jti", ""), "jwt.claim-invalid", CLAIM)
        .await;
}

#[tokio::test]
async fn htm_missing() {
    let case = Case::new().await;
    let claims = without(case.claims(), "htm");
    case.claims_refused(&claims, "oauth.dpop-method-mismatch", METHOD)
        .await;
}

#[tokio::test]
async fn htm_wrong() {
    let case = Case::new().await;
    for method in ["POST", "PUT", "get"] {
        let claims = with(case.claims(), "htm", method);
        case.claims_refused(&claims, "oauth.dpop-method-mismatch", METHOD)
            .await;
    }
}

#[tokio::test]
async fn htu_missing() {
    let case = Case::new().await;
    let claims = without(case.claims(), "htu");
    case.claims_refused(&claims, "oauth.dpop-url-mismatch", URL)
        .await;
}

#[tokio::test]
async fn htu_wrong() {
    let case = Case::new().await;
    for url in [
        "https://other.example.com/invoices",
        "http://api.example.com/invoices",
        "https://api.example.com/",
        "https://api.example.com/invoices/",
        "https://api.example.com/Invoices",
        "https://api.example.com:8443/invoices",
        "/invoices",
        "",
    ] {
        let claims = with(case.claims(), "htu", url);
        case.claims_refused(&claims, "oauth.dpop-url-mismatch", URL)
            .await;
    }
}

#[tokio::test]
async fn htu_query_and_fragment_are_ignored() {
    let case = Case::new().await;
    case.accepted(&with(case.claims(), "htu", format!("{API}/invoices?a=b#c")))
        .await;
}

#[tokio::test]
async fn htu_host_case_and_default_port_are_normalized() {
    let case = Case::new().await;
    case.accepted(&with(
        case.claims(),
        "htu",
        "https://API.Example.com/invoices",
    ))
    .await;
    let port = with(case.claims(), "htu", "HTTPS://api.example.com:443/invoices");
    case.accepted(&with(port, "jti", "p-2")).await;
}

#[tokio::test]
async fn a_host_header_of_the_sender_s_changes_nothing() {
    let case = Case::new().await;
    let claims = with(case.claims(), "htu", "https://evil.example/invoices");
    let authorization = format!("DPoP {}", case.token);
    let proof = case.proof(&claims);
    let answer = case
        .api
        .site
        .get(&[
            ("authorization", &authorization),
            ("dpop", &proof),
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
        ])
        .await;
    assert_eq!(
        (answer.status, answer.reason),
        (401, Some("oauth.dpop-url-mismatch"))
    );
}

#[tokio::test]
async fn iat_missing() {
    let case = Case::new().await;
    case.claims_refused(&without(case.claims(), "iat"), "jwt.claim-missing", CLAIM)
        .await;
}

#[tokio::test]
async fn iat_an_hour_ago() {
    let case = Case::new().await;
    case.claims_refused(
        &with(case.claims(), "iat", NOW - 3_600),
        "jwt.too-old",
        CLAIM,
    )
    .await;
}

#[tokio::test]
async fn iat_in_an_hour() {
    let case = Case::new().await;
    case.claims_refused(
        &with(case.claims(), "iat", NOW + 3_600),
        "jwt.too-old",
        CLAIM,
    )
    .await;
}

#[tokio::test]
async fn jti_used_before() {
    let case = Case::new().await;
    let proof = case.proof(&case.claims());
    assert_eq!(case.send(&[&proof]).await.status, 200);
    case.refused(&proof, "oauth.replayed", "the proof was used before")
        .await;
    // The same `jti` in a proof made anew is the same.
    let again = case.proof(&with(case.claims(), "iat", NOW - 1));
    case.refused(&again, "oauth.replayed", "the proof was used before")
        .await;
}

#[tokio::test]
async fn ath_missing() {
    let case = Case::new().await;
    let claims = without(case.claims(), "ath");
    case.claims_refused(&claims, "oauth.dpop-token-mismatch", TOKEN)
        .await;
}

#[tokio::test]
async fn ath_wrong() {
    let case = Case::new().await;
    let other = base64url::encode(HashAlg::Sha256.digest(b"another token"));
    for ath in [other, String::new(), case.token.clone()] {
        let claims = with(case.claims(), "ath", ath);
        case.claims_refused(&claims, "oauth.dpop-token-mismatch", TOKEN)
            .await;
    }
}

#[tokio::test]
async fn claims_that_nobody_knows_are_tolerated() {
    let case = Case::new().await;
    case.accepted(&with(
        case.claims(),
        "https://example.com/more",
        json!({"a": [1]}),
    ))
    .await;
}

#[tokio::test]
async fn a_proof_that_was_refused_does_not_use_up_its_jti() {
    let case = Case::new().await;
    let wrong = with(case.claims(), "htm", "POST");
    case.claims_refused(&wrong, "oauth.dpop-method-mismatch", METHOD)
        .await;
    case.accepted(&case.claims()).await;
}

#[tokio::test]
async fn ensure_dpop_proof_with_iat_10_seconds_before_succeeds() {
    let case = Case::new().await;
    case.accepted(&with(case.claims(), "iat", NOW - 10)).await;
}

#[tokio::test]
async fn ensure_dpop_proof_with_iat_10_seconds_after_succeeds() {
    let case = Case::new().await;
    case.accepted(&with(case.claims(), "iat", NOW + 8)).await;
    case.accepted(&with(with(case.claims(), "iat", NOW + 10), "jti", "p-2"))
        .await;
}

#[tokio::test]
async fn check_dpop_proof_nbf_exp() {
    let case = Case::new().await;
    case.accepted(&with(with(case.claims(), "nbf", NOW), "exp", NOW + 60))
        .await;
}

#[tokio::test]
async fn access_token_type_header_case_sensitivity() {
    let case = Case::new().await;
    for (index, scheme) in ["dpop", "DPOP", "dPoP"].iter().enumerate() {
        let proof = case.proof(&with(case.claims(), "jti", format!("c-{index}")));
        let authorization = format!("{scheme} {}", case.token);
        let headers = [("authorization", &*authorization), ("dpop", &*proof)];
        assert_eq!(case.api.site.get(&headers).await.status, 200, "{scheme}");
    }
}

#[tokio::test]
async fn a_dpop_token_sent_as_bearer_must_fail() {
    let case = Case::new().await;
    let answer = case.api.bearer(&case.token).await;
    assert_eq!(
        (answer.status, answer.reason),
        (401, Some("oauth.token-bound"))
    );
}

#[tokio::test]
async fn every_accepted_algorithm_is_accepted() {
    let case = Case::new().await;
    for (spec, alg) in [
        (KeySpec::Rsa { bits: 2048 }, SignatureAlg::Ps256),
        (
            KeySpec::Okp(bulla_core::jwk::OkpCurve::Ed25519),
            SignatureAlg::EdDsa,
        ),
        (
            KeySpec::Ec(bulla_core::jwk::EcCurve::P384),
            SignatureAlg::Es384,
        ),
    ] {
        let key = PrivateJwk::new(backend().generate(spec).unwrap());
        let jkt = key.thumbprint(HashAlg::Sha256);
        let token = case
            .api
            .token(&with(access_claims(), "cnf", json!({ "jkt": jkt })));
        let ath = base64url::encode(HashAlg::Sha256.digest(token.as_bytes()));
        let headers = Headers::new()
            .typ("dpop+jwt")
            .without_kid()
            .protected("jwk", key.public().to_value());
        let proof = sign(
            &signer_for(&key, alg),
            headers,
            &with(case.claims(), "ath", ath),
        );
        let authorization = format!("DPoP {token}");
        let headers = [("authorization", &*authorization), ("dpop", &*proof)];
        assert_eq!(case.api.site.get(&headers).await.status, 200, "{alg:?}");
    }
}
