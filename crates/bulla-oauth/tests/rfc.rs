//! The examples of the RFCs, with their printed keys, tokens and messages.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::base64url;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{EcCurve, PrivateJwk, PublicJwk};
use bulla_core::jws::{Builder, Headers};
use bulla_core::key::{Backend, KeySpec, Signer, Verifier};
use bulla_oauth::access_token::{AccessToken, AccessTokenPolicy, Presented};
use bulla_oauth::assertion::{AssertionPolicy, ClientAssertion, Profile, RegisteredClient};
use bulla_oauth::dpop::{DpopPolicy, DpopRequest, TargetUri, Thumbprint};
use bulla_oauth::grant::GrantPolicy;
use bulla_oauth::message::{
    ErrorCode, ErrorResponse, Grant, PresentedClient, ReceivedTokenRequest, TokenOutcome,
    TokenRequest, TokenType,
};
use bulla_oauth::metadata::ServerMetadata;
use bulla_oauth::{Issuer, Recorded, Scopes};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Response};
use serde_json::{Value, json};

fn backend() -> Arc<dyn Backend> {
    bulla_aws_lc::backend()
}

fn at(seconds: u64) -> Arc<SystemTime> {
    Arc::new(UNIX_EPOCH + Duration::from_secs(seconds))
}

fn key(kid: &str) -> PrivateJwk {
    let mut key = PrivateJwk::new(backend().generate(KeySpec::Ec(EcCurve::P256)).unwrap());
    key.members_mut().kid = Some(kid.into());
    key
}

fn decoded(segment: &str) -> Value {
    serde_json::from_slice(&base64url::decode(segment).unwrap()).unwrap()
}

const DPOP_KEY: &str = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;
const DPOP_THUMBPRINT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

/// RFC 9449 §4.1, figure 2.
const TOKEN_PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

/// RFC 9449 §7.1.
const RESOURCE_PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
const RESOURCE_TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

#[test]
fn rfc9449_4_1_proof_of_a_token_request() {
    let url = TargetUri::parse("https://server.example.com/token").unwrap();
    let policy = DpopPolicy::new(&backend()).clock(at(1_562_262_616));
    let verified = policy
        .verify(TOKEN_PROOF, &DpopRequest::new("POST", &url))
        .unwrap();
    assert_eq!(verified.single_use().id(), "-BwC3ESc6acc2lTc");
    let proved = verified.admit(Recorded::New).unwrap();
    assert_eq!(proved.thumbprint().to_string(), DPOP_THUMBPRINT);
    let header = decoded(TOKEN_PROOF.split('.').next().unwrap());
    assert_eq!(
        header["jwk"],
        serde_json::from_str::<Value>(DPOP_KEY).unwrap()
    );
}

#[test]
fn rfc9449_4_3_an_hour_later_or_elsewhere_it_is_refused() {
    let url = TargetUri::parse("https://server.example.com/token").unwrap();
    let later = DpopPolicy::new(&backend()).clock(at(1_562_266_216));
    let error = later
        .verify(TOKEN_PROOF, &DpopRequest::new("POST", &url))
        .unwrap_err();
    assert_eq!((error.check(), error.code()), ("time", "jwt.too-old"));
    let policy = DpopPolicy::new(&backend()).clock(at(1_562_262_616));
    let error = policy
        .verify(TOKEN_PROOF, &DpopRequest::new("GET", &url))
        .unwrap_err();
    assert_eq!(error.code(), "oauth.dpop-method-mismatch");
    let elsewhere = TargetUri::parse("https://server.example.com/other").unwrap();
    let error = policy
        .verify(TOKEN_PROOF, &DpopRequest::new("POST", &elsewhere))
        .unwrap_err();
    assert_eq!(error.code(), "oauth.dpop-url-mismatch");
}

#[test]
fn rfc9449_6_1_thumbprint_of_the_key() {
    let thumbprint = Thumbprint::of(&PublicJwk::parse(DPOP_KEY).unwrap());
    assert_eq!(thumbprint.to_string(), DPOP_THUMBPRINT);
    assert_eq!(Thumbprint::parse(DPOP_THUMBPRINT), Some(thumbprint));
    assert_eq!(
        serde_json::to_string(&thumbprint).unwrap(),
        format!("{DPOP_THUMBPRINT:?}")
    );
}

#[test]
fn rfc9449_7_1_proof_of_a_resource_request() {
    let url = TargetUri::parse("https://resource.example.org/protectedresource").unwrap();
    let policy = DpopPolicy::new(&backend()).clock(at(1_562_262_618));
    let request = DpopRequest::new("GET", &url)
        .access_token(RESOURCE_TOKEN)
        .bound_to(Thumbprint::parse(DPOP_THUMBPRINT).unwrap());
    let proved = policy
        .verify(RESOURCE_PROOF, &request)
        .unwrap()
        .admit(Recorded::New)
        .unwrap();
    assert_eq!(proved.thumbprint().to_string(), DPOP_THUMBPRINT);
    let other = DpopRequest::new("GET", &url).access_token("another");
    assert_eq!(
        policy.verify(RESOURCE_PROOF, &other).unwrap_err().code(),
        "oauth.dpop-token-mismatch"
    );
    // That of the token request is for another URL, and has no `ath`.
    assert!(policy.verify(TOKEN_PROOF, &request).is_err());
}

#[test]
fn rfc9449_8_nonce_error() {
    let mut answer = Response::new(br#"{"error":"use_dpop_nonce","error_description":"Authorization server requires nonce in DPoP proof"}"#.to_vec());
    *answer.status_mut() = http::StatusCode::BAD_REQUEST;
    answer.headers_mut().insert(
        "dpop-nonce",
        HeaderValue::from_static("eyJ7S_zG.eyJH0-Z.HX4w-7v"),
    );
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let needed = TokenOutcome::NonceNeeded {
        nonce: "eyJ7S_zG.eyJH0-Z.HX4w-7v".into(),
    };
    assert_eq!(TokenOutcome::read(&answer).unwrap(), needed);
    let ours = ErrorResponse::use_dpop_nonce("eyJ7S_zG.eyJH0-Z.HX4w-7v").to_http();
    assert_eq!(
        (ours.status(), &ours.headers()["dpop-nonce"]),
        (answer.status(), &answer.headers()["dpop-nonce"])
    );
}

#[test]
fn rfc9449_5_token_response() {
    let body = r#"{"access_token":"Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU","token_type":"DPoP","expires_in":2677,"refresh_token":"Q..Zkm29lexi8VnWg2zPW1x-tgGad0Ibc3s3EwM_Ni4-g"}"#;
    let TokenOutcome::Granted(token) = TokenOutcome::read(&Response::new(body.as_bytes())).unwrap()
    else {
        unreachable!("a token");
    };
    assert_eq!(
        (token.access_token(), token.token_type()),
        (RESOURCE_TOKEN, TokenType::Dpop)
    );
    assert_eq!(token.lifetime(), Some(Duration::from_secs(2677)));
}

/// The claims and the header of RFC 7523 §4, signed with a key of ours: its own is not printed.
fn rfc7523_example(key: &PrivateJwk) -> String {
    let claims = json!({
        "iss": "https://jwt-idp.example.com",
        "sub": "mailto:mike@example.com",
        "aud": "https://jwt-rp.example.net",
        "nbf": 1_300_815_780,
        "exp": 1_300_819_380,
        "http://claims.example.com/member": true,
    });
    let signer = Signer::bind(&backend(), key).unwrap();
    Builder::new(claims.to_string().as_bytes())
        .headers(Headers::new())
        .sign_compact(&signer)
        .unwrap()
}

#[test]
fn rfc7523_4_assertion_as_a_grant() {
    let key = key("16");
    let token = rfc7523_example(&key);
    assert_eq!(
        decoded(token.split('.').next().unwrap()),
        json!({"alg": "ES256", "kid": "16"})
    );

    // As it is sent: §2.1's request.
    let body = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={token}"
    );
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    let request = ReceivedTokenRequest::read(&Method::POST, &headers, body.as_bytes()).unwrap();
    let Grant::JwtBearer { assertion } = request.grant().unwrap() else {
        unreachable!("an assertion")
    };

    let server = Issuer::parse("https://jwt-rp.example.net").unwrap();
    let policy = GrantPolicy::new(&server).clock(at(1_300_816_000));
    let keys = Verifier::bind(&backend(), &key.public()).unwrap();
    let verified = policy
        .read(&assertion)
        .unwrap()
        .verify("https://jwt-idp.example.com", &keys)
        .unwrap();
    assert!(verified.single_use().is_none(), "the example has no jti");
    let principal = verified.admit(Recorded::New).unwrap();
    assert_eq!(principal.subject(), "mailto:mike@example.com");
    let claims: Value = serde_json::from_slice(principal.claims()).unwrap();
    assert_eq!(claims["http://claims.example.com/member"], true);
}

#[test]
fn rfc7521_4_1_1_a_bad_grant_is_invalid_grant() {
    let key = key("16");
    let token = rfc7523_example(&key);
    let keys = Verifier::bind(&backend(), &key.public()).unwrap();
    let server = Issuer::parse("https://jwt-rp.example.net").unwrap();
    let policy = |seconds| GrantPolicy::new(&server).clock(at(seconds));
    let trusted = "https://jwt-idp.example.com";
    let refused = [
        (
            "expiry",
            policy(1_300_819_390)
                .read(&token)
                .unwrap()
                .verify(trusted, &keys),
        ),
        (
            "not-before",
            policy(1_300_815_700)
                .read(&token)
                .unwrap()
                .verify(trusted, &keys),
        ),
        (
            "issuer",
            policy(1_300_816_000)
                .read(&token)
                .unwrap()
                .verify("https://other.example.com", &keys),
        ),
        (
            "jti",
            policy(1_300_816_000)
                .once()
                .read(&token)
                .unwrap()
                .verify(trusted, &keys),
        ),
        (
            "lifetime",
            policy(1_300_816_000)
                .lifetime(Duration::from_secs(60))
                .read(&token)
                .unwrap()
                .verify(trusted, &keys),
        ),
    ];
    for (check, result) in refused {
        let error = result.unwrap_err();
        assert_eq!(error.check(), check);
        assert_eq!(
            (error.response().status().as_u16(), error.response().code()),
            (400, &ErrorCode::InvalidGrant)
        );
    }
    let elsewhere = Issuer::parse("https://other.example.net").unwrap();
    let policy = GrantPolicy::new(&elsewhere).clock(at(1_300_816_000));
    let error = policy
        .read(&token)
        .unwrap()
        .verify(trusted, &keys)
        .unwrap_err();
    assert_eq!(
        (error.check(), error.code()),
        ("audience", "jwt.audience-mismatch")
    );
}

#[test]
fn rfc7523_2_2_assertion_of_a_client() {
    let key = key("22");
    let issuer = Issuer::parse("https://authz.example.net").unwrap();
    let signer = Signer::bind(&backend(), &key).unwrap();
    let assertion = ClientAssertion::new("s6BhdRkqt3", &issuer, &backend())
        .sign(&signer)
        .unwrap();
    let header = decoded(assertion.split('.').next().unwrap());
    assert_eq!(
        header,
        json!({"typ": "client-authentication+jwt", "alg": "ES256", "kid": "22"})
    );
    let claims = decoded(assertion.split('.').nth(1).unwrap());
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (&json!("s6BhdRkqt3"), &json!("s6BhdRkqt3"), &json!(issuer))
    );
    assert_eq!(
        claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(),
        60
    );

    let sent = TokenRequest::client_credentials()
        .to_http("https://authz.example.net/token.oauth2", &assertion, None)
        .unwrap();
    let body = String::from_utf8(sent.body().clone()).unwrap();
    let expected = format!(
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
    );
    assert_eq!(body, expected);
    let received = ReceivedTokenRequest::read(sent.method(), sent.headers(), sent.body()).unwrap();
    let PresentedClient::Assertion {
        assertion: read,
        client_id: None,
    } = received.client()
    else {
        unreachable!("an assertion")
    };
    assert_eq!(*read, assertion);
    let policy = AssertionPolicy::new(Profile::Fapi2, &issuer);
    let keys = Verifier::bind(&backend(), &key.public()).unwrap();
    let client = RegisteredClient::new("s6BhdRkqt3");
    assert!(
        policy
            .read(read, None)
            .unwrap()
            .verify(Some(&client), &keys)
            .is_ok()
    );
}

#[test]
fn rfc9068_2_2_access_token() {
    // Header and claims are printed, the key is not: signed with one of ours.
    let key = PrivateJwk::new(backend().generate(KeySpec::Rsa { bits: 2048 }).unwrap());
    let signer = Signer::bind_to(&backend(), &key, SignatureAlg::Rs256).unwrap();
    let claims = json!({
        "iss": "https://authorization-server.example.com/",
        "sub": "5ba552d67",
        "aud": "https://rs.example.com/",
        "exp": 1_639_528_912,
        "iat": 1_618_354_090,
        "jti": "dbe39bf3a3ba4238a513f51d6e1691c4",
        "client_id": "s6BhdRkqt3",
        "scope": "openid profile reademail",
    });
    let headers = Headers::new().typ("at+JWT").kid("RjEwOwOA");
    let token = Builder::new(claims.to_string().as_bytes())
        .headers(headers)
        .sign_compact(&signer)
        .unwrap();
    let issuer = Issuer::parse("https://authorization-server.example.com/").unwrap();
    let policy =
        AccessTokenPolicy::rfc9068(&issuer, "https://rs.example.com/").clock(at(1_618_354_100));
    let keys = Verifier::bind_to(&backend(), &key.public(), SignatureAlg::Rs256).unwrap();
    let access = policy
        .verify(&token, &keys)
        .unwrap()
        .presented(Presented::Bearer)
        .unwrap();
    assert_eq!(
        (access.subject(), access.client_id()),
        (Some("5ba552d67"), Some("s6BhdRkqt3"))
    );
    assert_eq!(
        *access.scopes(),
        Scopes::parse("reademail openid profile").unwrap()
    );
    assert_eq!(access.jwt_id(), Some("dbe39bf3a3ba4238a513f51d6e1691c4"));
}

#[test]
fn rfc9068_2_what_we_issue_has_every_claim() {
    let key = key("as-1");
    let issuer = Issuer::parse("https://authorization-server.example.com/").unwrap();
    let made = AccessToken::for_subject(
        "5ba552d67",
        "s6BhdRkqt3",
        &issuer,
        "https://rs.example.com/",
        &backend(),
    )
    .scopes(Scopes::parse("openid profile").unwrap())
    .claims(&json!({"tenant": 7}))
    .unwrap()
    .clock(at(1_618_354_090));
    let token = made.sign(&Signer::bind(&backend(), &key).unwrap()).unwrap();
    assert_eq!(
        decoded(token.split('.').next().unwrap()),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "as-1"})
    );
    let mut claims = decoded(token.split('.').nth(1).unwrap());
    let jti = claims.as_object_mut().unwrap().remove("jti").unwrap();
    assert_eq!(jti.as_str().unwrap().len(), 22);
    let expected = json!({
        "iss": "https://authorization-server.example.com/", "sub": "5ba552d67", "aud": "https://rs.example.com/",
        "iat": 1_618_354_090, "exp": 1_618_354_690, "client_id": "s6BhdRkqt3", "scope": "openid profile", "tenant": 7,
    });
    assert_eq!(claims, expected);
    let twice = made
        .claims(&json!({"client_id": "other"}))
        .unwrap()
        .sign(&Signer::bind(&backend(), &key).unwrap());
    assert_eq!(twice.unwrap_err().code(), "jwt.claim-duplicate");
}

/// RFC 8414 §3.2.
const METADATA: &str = r#"{
    "issuer":"https://server.example.com",
    "authorization_endpoint":"https://server.example.com/authorize",
    "token_endpoint":"https://server.example.com/token",
    "token_endpoint_auth_methods_supported":["client_secret_basic", "private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported":["RS256", "ES256"],
    "userinfo_endpoint":"https://server.example.com/userinfo",
    "jwks_uri":"https://server.example.com/jwks.json",
    "registration_endpoint":"https://server.example.com/register",
    "scopes_supported":["openid", "profile", "email", "address", "phone", "offline_access"],
    "response_types_supported":["code", "code token"],
    "service_documentation":"http://server.example.com/service_documentation.html",
    "ui_locales_supported":["en-US", "en-GB", "en-CA", "fr-FR", "fr-CA"]
}"#;

#[test]
fn rfc8414_3_2_metadata() {
    let issuer = Issuer::parse("https://server.example.com").unwrap();
    let metadata = ServerMetadata::read(METADATA.as_bytes(), &issuer).unwrap();
    assert_eq!(
        metadata.token_endpoint.as_deref(),
        Some("https://server.example.com/token")
    );
    assert_eq!(
        metadata.jwks_uri.as_deref(),
        Some("https://server.example.com/jwks.json")
    );
    assert_eq!(metadata.response_types_supported, ["code", "code token"]);
    assert_eq!(
        metadata.other["userinfo_endpoint"],
        "https://server.example.com/userinfo"
    );
    // Nothing is lost when it is written again.
    let written: Value = serde_json::from_slice(metadata.to_http().body()).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(METADATA).unwrap());
}

#[test]
fn rfc8414_3_3_metadata_of_another_issuer_is_refused() {
    let read = |text: &str, issuer: &str| {
        ServerMetadata::read(text.as_bytes(), &Issuer::parse(issuer).unwrap())
    };
    for issuer in [
        "https://server.example.com/",
        "https://SERVER.example.com",
        "https://other.example.com",
    ] {
        assert_eq!(
            read(METADATA, issuer).unwrap_err().code(),
            "oauth.metadata-issuer-mismatch",
            "{issuer}"
        );
    }
    let server = "https://server.example.com";
    let plain = METADATA.replace(
        "https://server.example.com/token",
        "http://server.example.com/token",
    );
    assert_eq!(
        read(&plain, server).unwrap_err().code(),
        "oauth.url-invalid"
    );
    let twice = METADATA.replacen('{', r#"{"issuer":"https://other.example.com","#, 1);
    assert_eq!(
        read(&twice, server).unwrap_err().code(),
        "oauth.metadata-malformed"
    );
    assert!(read("{}", server).is_err());
    let long = format!("{METADATA}{}", " ".repeat(256 * 1024));
    assert!(read(&long, server).is_err());
}

#[test]
fn rfc8414_2_metadata_that_we_write() {
    let issuer = Issuer::parse("https://auth.example.com").unwrap();
    let metadata = ServerMetadata::new(&issuer);
    let answer = metadata.to_http();
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=3600");
    // Required even where there is nothing to list.
    assert_eq!(
        answer.body(),
        br#"{"issuer":"https://auth.example.com","response_types_supported":[]}"#
    );
}
