//! Tokens of Microsoft Entra, as Microsoft describes them.

use std::sync::LazyLock;
use std::time::Duration;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwt::{self, Expectations};
use bulla_core::key::Signer;
use bulla_jwks::entra;
use bulla_jwks::entra::{Entra, EntraBuilder};
use serde_json::{Value, json};

use crate::support::{Key, Site};

const CONTOSO: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const FABRIKAM: &str = "6babcaad-604b-40ac-a9d7-9fd97c0b779f";
const API: &str = "5c8e0e9a-54b3-4ae3-9d4f-4c0c6d1a1b9e";
const KEYS: &str = "https://login.microsoftonline.com/keys";

/// Making RSA keys takes a while.
static KEY: LazyLock<Key> =
    LazyLock::new(|| Key::with("nOo3ZDrODXEK1jKWhXslHR_KXEg", SignatureAlg::Rs256));

#[derive(Debug, serde::Deserialize)]
struct Me {
    oid: String,
}

/// A key as Microsoft publishes it: no `alg`, and an issuer.
fn published(key: &Key, issuer: Option<&str>) -> Value {
    let mut public: Value = serde_json::from_str(&key.public().to_json()).unwrap();
    let members = public.as_object_mut().unwrap();
    members.remove("alg");
    members.insert("use".into(), "sig".into());
    members.insert("cloud_instance_name".into(), "microsoftonline.com".into());
    if let Some(issuer) = issuer {
        members.insert("issuer".into(), issuer.into());
    }
    public
}

fn site(metadata_url: &str, issuer: &str, keys: &[Value]) -> Site {
    let site = Site::default();
    site.put(
        metadata_url,
        json!({"issuer": issuer, "jwks_uri": KEYS}).to_string(),
    );
    site.put(KEYS, json!({ "keys": keys }).to_string());
    site
}

fn v2(tenant: &str) -> String {
    format!("https://login.microsoftonline.com/{tenant}/v2.0")
}

fn v1(tenant: &str) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

fn claims(version: &str, tenant: &str) -> Value {
    json!({"ver": version, "tid": tenant, "oid": "someone"})
}

fn token_with(key: &Key, issuer: &str, claims: &Value, headers: &[(&str, &str)]) -> String {
    let signer = Signer::bind(&bulla_aws_lc::backend(), &key.pair).unwrap();
    let mut token = jwt::issue(issuer)
        .audience(API)
        .expires_in(Duration::from_secs(4_000))
        .claims(claims);
    for (name, value) in headers {
        token = token.header(*name, *value);
    }
    token.sign(&signer).unwrap()
}

fn token(issuer: &str, claims: &Value) -> String {
    token_with(&KEY, issuer, claims, &[])
}

async fn code(entra: &Entra, token: &str) -> &'static str {
    match entra.verify::<Me>(token).await {
        Ok(valid) => {
            assert_eq!(valid.claims().oid, "someone");
            "ok"
        }
        Err(error) => error.code(),
    }
}

fn single() -> (EntraBuilder, Site) {
    let url = format!("{}/.well-known/openid-configuration", v2(CONTOSO));
    let site = site(&url, &v2(CONTOSO), &[published(&KEY, Some(&v2(CONTOSO)))]);
    (entra(CONTOSO, API).client(site.clone()), site)
}

fn common(keys: &[Value]) -> Entra {
    let url = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration";
    entra("common", API)
        .client(site(url, TEMPLATE, keys))
        .start()
        .unwrap()
}

#[tokio::test]
async fn three_lines_verify_a_token_of_one_tenant() {
    let (builder, _) = single();
    let entra = builder.start().unwrap();
    assert_eq!(
        code(&entra, &token(&v2(CONTOSO), &claims("2.0", CONTOSO))).await,
        "ok"
    );
}

#[tokio::test]
async fn row_57_tokens_of_another_version_tenant_or_issuer_are_refused_each_with_its_reason() {
    let (builder, _) = single();
    let entra = builder.start().unwrap();
    for (issuer, claims, expected) in [
        (v1(CONTOSO), claims("1.0", CONTOSO), "jwks.entra-version"),
        (
            v2(CONTOSO),
            json!({"tid": CONTOSO, "oid": "someone"}),
            "jwks.entra-version",
        ),
        (
            v2(CONTOSO),
            json!({"ver": 2.0, "tid": CONTOSO, "oid": "someone"}),
            "jwks.entra-tenant",
        ),
        (
            v2(CONTOSO),
            json!({"ver": "2.0", "oid": "someone"}),
            "jwks.entra-tenant",
        ),
        (
            v2("contoso.com"),
            claims("2.0", "contoso.com"),
            "jwks.entra-tenant",
        ),
        (v2(FABRIKAM), claims("2.0", FABRIKAM), "jwks.entra-tenant"),
        (v2(FABRIKAM), claims("2.0", CONTOSO), "jwt.issuer-mismatch"),
        (v1(CONTOSO), claims("2.0", CONTOSO), "jwt.issuer-mismatch"),
        (
            format!("{}/", v2(CONTOSO)),
            claims("2.0", CONTOSO),
            "jwt.issuer-mismatch",
        ),
    ] {
        assert_eq!(
            code(&entra, &token(&issuer, &claims)).await,
            expected,
            "{issuer} {claims}"
        );
    }
}

#[tokio::test]
async fn an_audience_other_than_ours_and_an_old_token_are_refused_as_ever() {
    let (builder, _) = single();
    let elsewhere = builder
        .clone()
        .expectations(|expect| expect.audiences(["https://graph.microsoft.com"]));
    let late = builder.expectations(|expect| {
        expect.at(std::time::SystemTime::now() + Duration::from_secs(5_000))
    });
    let token = token(&v2(CONTOSO), &claims("2.0", CONTOSO));
    assert_eq!(
        code(&elsewhere.start().unwrap(), &token).await,
        "jwt.audience-mismatch"
    );
    assert_eq!(code(&late.start().unwrap(), &token).await, "jwt.expired");
}

#[tokio::test]
async fn the_issuer_cannot_be_forgotten_by_way_of_the_expectations() {
    let (builder, _) = single();
    let careless = builder
        .expectations(|_| Expectations::any_issuer_any_audience())
        .start()
        .unwrap();
    let foreign = token(&v2(FABRIKAM), &claims("2.0", FABRIKAM));
    assert_eq!(code(&careless, &foreign).await, "jwks.entra-tenant");
}

#[tokio::test]
async fn many_tenants_share_keys_whose_issuer_is_the_template() {
    let entra = common(&[published(&KEY, Some(TEMPLATE))]);
    for tenant in [CONTOSO, FABRIKAM] {
        assert_eq!(
            code(&entra, &token(&v2(tenant), &claims("2.0", tenant))).await,
            "ok"
        );
    }
    let crossed = token(&v2(FABRIKAM), &claims("2.0", CONTOSO));
    assert_eq!(code(&entra, &crossed).await, "jwt.issuer-mismatch");
    let no_guid = token(&v2("{tenantid}"), &claims("2.0", "{tenantid}"));
    assert_eq!(code(&entra, &no_guid).await, "jwks.entra-tenant");
}

#[tokio::test]
async fn a_key_of_one_tenant_verifies_no_token_of_another() {
    let of_contoso = token(&v2(CONTOSO), &claims("2.0", CONTOSO));
    let of_fabrikam = token(&v2(FABRIKAM), &claims("2.0", FABRIKAM));
    let entra = common(&[published(&KEY, Some(&v2(CONTOSO)))]);
    assert_eq!(code(&entra, &of_contoso).await, "ok");
    assert_eq!(code(&entra, &of_fabrikam).await, "jwks.entra-key-issuer");

    // A key that says nothing of its issuer is for nobody here, nor is one of another cloud.
    let silent = common(&[published(&KEY, None)]);
    assert_eq!(code(&silent, &of_contoso).await, "jwks.entra-key-issuer");
    let mut elsewhere = published(&KEY, Some(TEMPLATE));
    elsewhere["cloud_instance_name"] = "partner.microsoftonline.cn".into();
    assert_eq!(
        code(&common(&[elsewhere]), &of_contoso).await,
        "jwks.entra-key-issuer"
    );
    let mut odd = published(&KEY, None);
    odd["issuer"] = json!(7);
    assert_eq!(
        code(&common(&[odd]), &of_contoso).await,
        "jwks.entra-key-issuer"
    );
}

#[tokio::test]
async fn only_some_of_all_tenants_may_be_accepted() {
    let url =
        "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration";
    let site = site(url, TEMPLATE, &[published(&KEY, Some(TEMPLATE))]);
    let builder = entra("organizations", API).client(site);
    let some = builder.clone().only([CONTOSO]).start().unwrap();
    assert_eq!(
        code(&some, &token(&v2(CONTOSO), &claims("2.0", CONTOSO))).await,
        "ok"
    );
    assert_eq!(
        code(&some, &token(&v2(FABRIKAM), &claims("2.0", FABRIKAM))).await,
        "jwks.entra-tenant"
    );
    assert_eq!(
        builder.only(["contoso.com"]).start().unwrap_err().code(),
        "jwks.entra-tenant"
    );
    for tenant in ["contoso.onmicrosoft.com", "", "../common", "Common"] {
        assert_eq!(
            entra(tenant, API).start().unwrap_err().code(),
            "jwks.entra-tenant",
            "{tenant}"
        );
    }
}

#[tokio::test]
async fn tokens_of_version_1_have_their_own_metadata_and_issuer() {
    let url =
        format!("https://login.microsoftonline.com/{CONTOSO}/.well-known/openid-configuration");
    let site = site(&url, &v1(CONTOSO), &[published(&KEY, None)]);
    let entra = entra(CONTOSO, API).v1().client(site).start().unwrap();
    assert_eq!(
        code(&entra, &token(&v1(CONTOSO), &claims("1.0", CONTOSO))).await,
        "ok"
    );
    assert_eq!(
        code(&entra, &token(&v2(CONTOSO), &claims("2.0", CONTOSO))).await,
        "jwks.entra-version"
    );
}

#[tokio::test]
async fn version_1_for_many_tenants_compares_the_issuer_that_keys_name_in_version_2() {
    let url = "https://login.microsoftonline.com/common/.well-known/openid-configuration";
    let all = "https://sts.windows.net/{tenantid}/";
    let start = |keys: &[Value]| {
        entra("common", API)
            .v1()
            .client(site(url, all, keys))
            .start()
            .unwrap()
    };
    let token = token(&v1(CONTOSO), &claims("1.0", CONTOSO));
    assert_eq!(code(&start(&[published(&KEY, None)]), &token).await, "ok");
    assert_eq!(
        code(&start(&[published(&KEY, Some(TEMPLATE))]), &token).await,
        "ok"
    );
    assert_eq!(
        code(&start(&[published(&KEY, Some(&v2(CONTOSO)))]), &token).await,
        "ok"
    );
    assert_eq!(
        code(&start(&[published(&KEY, Some(&v2(FABRIKAM)))]), &token).await,
        "jwks.entra-key-issuer"
    );
}

#[tokio::test]
async fn an_application_with_keys_of_its_own_has_them_looked_up_by_its_id() {
    let url = format!(
        "{}/.well-known/openid-configuration?appid=a%26b",
        v2(CONTOSO)
    );
    let site = site(&url, &v2(CONTOSO), &[published(&KEY, Some(&v2(CONTOSO)))]);
    let entra = entra(CONTOSO, API)
        .app_id("a&b")
        .client(site.clone())
        .start()
        .unwrap();
    assert_eq!(
        code(&entra, &token(&v2(CONTOSO), &claims("2.0", CONTOSO))).await,
        "ok"
    );
    assert_eq!(site.times_asked(&url), 1);
}

#[tokio::test]
async fn national_clouds_and_external_tenants_have_their_own_hosts() {
    let us = format!("https://login.microsoftonline.us/{CONTOSO}/v2.0");
    let mut key = published(&KEY, Some(&us));
    key["cloud_instance_name"] = "microsoftonline.us".into();
    let metadata = format!("{us}/.well-known/openid-configuration");
    let in_us = entra(CONTOSO, API).authority("https://login.microsoftonline.us/");
    let entra_us = in_us.client(site(&metadata, &us, &[key])).start().unwrap();
    assert_eq!(
        code(&entra_us, &token(&us, &claims("2.0", CONTOSO))).await,
        "ok"
    );
    assert_eq!(
        code(&entra_us, &token(&v2(CONTOSO), &claims("2.0", CONTOSO))).await,
        "jwt.issuer-mismatch"
    );

    let issuer = format!("https://{CONTOSO}.ciamlogin.com/{CONTOSO}/v2.0");
    let metadata =
        format!("https://contoso.ciamlogin.com/{CONTOSO}/v2.0/.well-known/openid-configuration");
    let external = entra(CONTOSO, API)
        .authority("https://contoso.ciamlogin.com")
        .issuer_template("https://{tenantid}.ciamlogin.com/{tenantid}/v2.0")
        .client(site(&metadata, &issuer, &[published(&KEY, Some(&issuer))]))
        .start()
        .unwrap();
    assert_eq!(
        code(&external, &token(&issuer, &claims("2.0", CONTOSO))).await,
        "ok"
    );
}

#[tokio::test]
async fn a_token_for_graph_is_told_apart() {
    let (builder, _) = single();
    let entra = builder.start().unwrap();
    // Microsoft signs with the hash of the nonce in its place, so the signature over what is seen does not hold.
    let honest = token_with(
        &KEY,
        &v2(CONTOSO),
        &claims("2.0", CONTOSO),
        &[("nonce", "as signed")],
    );
    let seen = token_with(
        &KEY,
        &v2(CONTOSO),
        &claims("2.0", CONTOSO),
        &[("nonce", "as shown")],
    );
    let (_, signature) = honest.rsplit_once('.').unwrap();
    let (rest, _) = seen.rsplit_once('.').unwrap();
    let error = entra
        .verify::<Me>(&format!("{rest}.{signature}"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "jwks.entra-nonce");
    assert!(error.to_string().contains(API), "{error}");
    // Without it a wrong signature is a wrong signature.
    let plain = token(&v2(CONTOSO), &claims("2.0", CONTOSO));
    let (rest, _) = plain.rsplit_once('.').unwrap();
    assert_eq!(
        code(&entra, &format!("{rest}.{signature}")).await,
        "jws.signature-invalid"
    );
}

#[tokio::test]
async fn keys_without_alg_are_for_rs256_alone() {
    let (builder, _) = single();
    let entra = builder.start().unwrap();
    let mut ps256 = KEY.clone();
    ps256.pair.members_mut().alg = Some(SignatureAlg::Ps256.name().clone());
    let token = token_with(&ps256, &v2(CONTOSO), &claims("2.0", CONTOSO), &[]);
    assert_eq!(code(&entra, &token).await, "jws.algorithm-not-allowed");
}

#[tokio::test]
async fn a_certificate_that_is_not_the_keys_makes_the_key_unusable() {
    let other =
        rcgen::generate_simple_self_signed(vec!["accounts.accesscontrol.windows.net".to_owned()])
            .unwrap();
    let mut key = published(&KEY, Some(&v2(CONTOSO)));
    key["x5c"] = json!([base64_standard(other.cert.der())]);
    let url = format!("{}/.well-known/openid-configuration", v2(CONTOSO));
    let entra = entra(CONTOSO, API)
        .client(site(&url, &v2(CONTOSO), &[key]))
        .start()
        .unwrap();
    let token = token(&v2(CONTOSO), &claims("2.0", CONTOSO));
    assert_eq!(code(&entra, &token).await, "jwks.no-usable-key");
}

/// Standard base64 with padding, by way of the URL-safe one.
fn base64_standard(octets: &[u8]) -> String {
    let mut text = bulla_core::base64url::encode(octets)
        .replace('-', "+")
        .replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[tokio::test]
async fn a_rollover_is_followed_and_strangers_cause_one_request_in_five_minutes() {
    let (builder, site) = single();
    let entra = builder.start().unwrap();
    entra.keys().ready().await.unwrap();
    let next = Key::with("next", SignatureAlg::Rs256);
    let both = [
        published(&KEY, Some(&v2(CONTOSO))),
        published(&next, Some(&v2(CONTOSO))),
    ];
    site.put(KEYS, json!({ "keys": both }).to_string());
    let rolled = token_with(&next, &v2(CONTOSO), &claims("2.0", CONTOSO), &[]);
    assert_eq!(code(&entra, &rolled).await, "ok");
    for kid in ["x", "y", "z"] {
        let mut stranger = KEY.clone();
        stranger.pair.members_mut().kid = Some(kid.into());
        let token = token_with(&stranger, &v2(CONTOSO), &claims("2.0", CONTOSO), &[]);
        assert_eq!(code(&entra, &token).await, "jwk.not-found");
    }
    assert_eq!(site.times_asked(KEYS), 2);
}
