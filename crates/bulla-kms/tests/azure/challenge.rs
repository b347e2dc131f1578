//! Who is asked for a token, and who gets it.

use bulla_kms::azure;

use crate::client::{Answer, bundle, client, opener};

/// Opens a key of a vault that asks for a token of `resource`; what went wrong, and whether a token went out.
async fn open(vault: &str, resource: &str) -> (Option<String>, bool) {
    let challenge =
        format!("Bearer authorization=\"https://login.windows.net/t\", resource=\"{resource}\"");
    let (client, wire) = client(vault, move |sent| {
        if sent.authorization.is_none() {
            return Answer::error(401, "AKV10000", None)
                .header("www-authenticate", challenge.clone());
        }
        Answer::json(200, &bundle())
    });
    let result = azure::open(client, "tokens", None, &opener()).await;
    let sent = wire.sent.lock().expect("no panic");
    let error = result
        .err()
        .map(|error| format!("{} {error}", error.code()));
    (error, sent.iter().any(|sent| sent.authorization.is_some()))
}

#[tokio::test]
async fn a_token_of_the_vaults_own_domain_is_sent() {
    for (vault, resource) in [
        ("https://contoso.vault.azure.net", "https://vault.azure.net"),
        (
            "https://contoso.managedhsm.azure.net",
            "https://managedhsm.azure.net",
        ),
        ("https://contoso.vault.azure.cn", "https://vault.azure.cn"),
    ] {
        assert_eq!(open(vault, resource).await, (None, true), "{resource}");
    }
}

#[tokio::test]
async fn a_vault_that_asks_for_another_domains_token_gets_none() {
    for resource in [
        "https://graph.microsoft.com",
        "https://azure.net.evil.example",
        "https://ontoso.vault.azure.net",
        "nothing",
    ] {
        let (error, sent) = open("https://contoso.vault.azure.net", resource).await;
        let error = error.expect(resource);
        assert!(error.starts_with("remote."), "{error}");
        assert!(!sent, "{resource}");
    }
    let (error, _) = open("https://vault.example", "https://vault.azure.net").await;
    let error = error.expect("another domain");
    assert!(error.starts_with("remote.denied"), "{error}");
}

#[tokio::test]
async fn a_challenge_for_claims_is_told_as_such() {
    let (client, _) = client(crate::client::VAULT, |_| {
        let challenge = "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"e30=\"";
        Answer::error(401, "AKV", None).header("www-authenticate", challenge)
    });
    let error = azure::open(client, "tokens", None, &opener())
        .await
        .expect_err("denied");
    assert_eq!(error.code(), "remote.denied");
    assert!(error.to_string().contains("insufficient_claims"), "{error}");
}

#[tokio::test]
async fn nothing_but_https_is_asked() {
    let (client, wire) = client("http://127.0.0.1:1", |_| Answer::json(200, &bundle()));
    let error = azure::open(client, "tokens", None, &opener())
        .await
        .expect_err("refused");
    assert_eq!(error.code(), "remote.denied");
    assert!(wire.sent.lock().expect("no panic").is_empty());
}
