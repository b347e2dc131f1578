//! Rows 17, 18 and 44 where the client publishes its keys at a `jwks_uri`.

use bulla::jwk::PrivateJwk;
use bulla::jwks::RemoteKeys;
use bulla::jwks::http::HttpOptions;
use bulla::jws::Headers;
use bulla::oauth::Issuer;
use bulla::oauth::assertion::{AssertionPolicy, Profile, RegisteredClient};
use bulla_server::server::{Client, ClientKeys};
use std::net::SocketAddr;

use crate::support::*;

struct Published {
    address: SocketAddr,
    client: Publisher,
    key: PrivateJwk,
}

impl Published {
    async fn new(registered: RegisteredClient) -> Self {
        let (client, key) = (Publisher::default(), key("k-1"));
        client.publish([key.public()]);
        let keys = remote(client.start().await);
        let registered = Client::new(registered, ClientKeys::Remote(keys));
        let setup = Setup::new(Profile::Bis).client(with_rights(registered));
        Self {
            address: setup.start().await,
            client,
            key,
        }
    }

    async fn billing() -> Self {
        Self::new(RegisteredClient::new("billing")).await
    }

    async fn answer(&self, key: &PrivateJwk) -> Answer {
        let token = sign(&signer(key), Headers::new(), &claims());
        send(self.address, &with_assertion(&token)).await
    }

    async fn status(&self, key: &PrivateJwk) -> u16 {
        self.answer(key).await.status().as_u16()
    }
}

/// As the configuration has a `jwks_uri` fetched that a client registered, but on this machine.
fn remote(address: SocketAddr) -> RemoteKeys {
    let http = HttpOptions::default()
        .no_proxy()
        .retries(0)
        .allow_loopback_http()
        .dangerous_allow_untrusted_loopback();
    let policy = AssertionPolicy::new(Profile::Bis, &Issuer::parse(ISSUER).unwrap());
    bulla::jwks::https(format!("http://{address}/jwks"))
        .untrusted()
        .client(http.build().unwrap())
        .algorithms(policy.keys())
        .start()
        .unwrap()
}

#[tokio::test]
async fn keys_are_asked_for_once() {
    let published = Published::billing().await;
    for _ in 0..5 {
        assert_eq!(published.status(&published.key).await, 200);
    }
    assert_eq!(published.client.asked(), 1);
}

#[tokio::test]
async fn row_17_keys_come_from_the_registered_address_alone() {
    let published = Published::billing().await;
    let attacker = Publisher::default();
    let own = key("k-2");
    attacker.publish([own.public()]);
    let url = format!("http://{}/jwks", attacker.start().await);
    for name in ["jku", "x5u"] {
        let headers = Headers::new().protected(name, url.as_str());
        let token = sign(&signer(&own), headers, &claims());
        let answer = send(published.address, &with_assertion(&token)).await;
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.body(), REFUSED);
    }
    assert_eq!(attacker.asked(), 0);
    assert!(published.client.asked() <= 2);
}

#[tokio::test]
async fn row_18_unknown_kid_after_at_most_one_refresh() {
    let published = Published::billing().await;
    assert_eq!(published.status(&published.key).await, 200);
    let before = published.client.asked();
    for kid in ["x-1", "x-1", "x-2", "x-3"] {
        let answer = published.answer(&key(kid)).await;
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.body(), REFUSED);
        assert_eq!(last_decision().get("code"), Some("jwk.not-found"));
    }
    assert_eq!(published.client.asked(), before + 1);
    assert_eq!(published.status(&published.key).await, 200);
}

#[tokio::test]
async fn a_key_that_was_published_since_is_found() {
    let published = Published::billing().await;
    assert_eq!(published.status(&published.key).await, 200);
    let next = key("k-2");
    let both = [published.key.public(), next.public()];
    published.client.publish(both);
    assert_eq!(published.status(&next).await, 200);
    assert_eq!(published.client.asked(), 2);
}

#[tokio::test]
async fn a_client_that_is_switched_off_makes_nobody_ask() {
    let published = Published::new(RegisteredClient::new("billing").disabled()).await;
    assert_eq!(published.status(&published.key).await, 401);
    assert_eq!(published.status(&key("x-1")).await, 401);
    assert_eq!(last_decision().get("check"), Some("client"));
    // When the server starts, and never again.
    assert!(published.client.asked() <= 1);
}

#[tokio::test]
async fn row_44_down_with_the_key_cached() {
    let published = Published::billing().await;
    assert_eq!(published.status(&published.key).await, 200);
    published.client.fail();
    assert_eq!(published.status(&published.key).await, 200);
}

#[tokio::test]
async fn row_44_down_with_the_key_not_cached() {
    let published = Published::billing().await;
    assert_eq!(published.status(&published.key).await, 200);
    published.client.fail();
    let began = std::time::Instant::now();
    let answer = published.answer(&key("k-2")).await;
    assert_eq!(error(&answer), (503, "server_error".into()));
    let delay = answer.headers()["retry-after"].to_str().unwrap();
    assert!((1..=60).contains(&delay.parse::<u64>().unwrap()), "{delay}");
    assert_eq!(last_decision().get("code"), Some("oauth.keys-unavailable"));
    assert!(began.elapsed().as_secs() < 10);
    assert_eq!(published.status(&published.key).await, 200);
}

/// What is told of a client that is switched off does not depend on whether its keys can be had, nor are they asked for.
#[tokio::test]
async fn row_27_a_disabled_client_whose_keys_cannot_be_had_is_told_nothing() {
    let (client, key) = (Publisher::default(), key("k-1"));
    client.fail();
    let keys = remote(client.start().await);
    let registered = RegisteredClient::new("billing").disabled();
    let registered = Client::new(registered, ClientKeys::Remote(keys));
    let setup = Setup::new(Profile::Bis).client(with_rights(registered));
    let published = Published {
        address: setup.start().await,
        client,
        key,
    };
    let answer = published.answer(&published.key).await;
    assert_eq!(error(&answer), (401, "invalid_client".into()));
    assert_eq!(answer.body(), REFUSED);
}

#[tokio::test]
async fn row_44_down_from_the_beginning() {
    let (client, key) = (Publisher::default(), key("k-1"));
    client.fail();
    let keys = remote(client.start().await);
    let registered = Client::new(RegisteredClient::new("billing"), ClientKeys::Remote(keys));
    let setup = Setup::new(Profile::Bis).client(with_rights(registered));
    let published = Published {
        address: setup.start().await,
        client,
        key,
    };
    let answer = published.answer(&published.key).await;
    assert_eq!(error(&answer), (503, "server_error".into()));
    assert!(answer.headers().contains_key("retry-after"));
}
