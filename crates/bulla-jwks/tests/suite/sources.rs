//! Sources, and how they compose.

use std::sync::Arc;

use bulla_core::jwk::JwkSet;
use bulla_jwks::http::HttpOptions;
use bulla_jwks::source::{Discovery, Failover, FixedSet, Https, WatchedFile};
use bulla_jwks::{RemoteKeys, discover};

use crate::support::{Answers, Issuer, Key, Reply, Server, Site, code, pass, verify};

const ISSUER: &str = "https://issuer.example";
const OPENID: &str = "https://issuer.example/.well-known/openid-configuration";
const KEYS: &str = "https://issuer.example/keys";

fn set(keys: &[&Key]) -> String {
    JwkSet::new(keys.iter().map(|key| key.public()))
        .to_json()
        .to_string()
}

fn metadata(issuer: &str, jwks_uri: &str) -> String {
    format!(
        r#"{{"issuer":"{issuer}","jwks_uri":"{jwks_uri}","response_types_supported":["code"]}}"#
    )
}

fn site(key: &Key) -> Site {
    let site = Site::default();
    site.put(OPENID, metadata(ISSUER, KEYS));
    site.put(KEYS, set(&[key]));
    site
}

#[tokio::test(start_paused = true)]
async fn a_fixed_set_verifies_for_ever() {
    let key = Key::new("a");
    let keys = RemoteKeys::from_source(FixedSet::new(JwkSet::new([key.public()])))
        .start()
        .unwrap();
    verify(&keys, &key.token()).await.unwrap();
    pass(30 * 86_400).await;
    verify(&keys, &key.token()).await.unwrap();
    assert_eq!(code(&keys, &Key::new("b").token()).await, "jwk.not-found");
}

#[tokio::test]
async fn a_file_is_read_again_when_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("partner.jwks");
    let (old, new) = (Key::new("old"), Key::new("renewed"));
    std::fs::write(&path, set(&[&old])).unwrap();
    let keys = RemoteKeys::from_source(WatchedFile::new(&path))
        .start()
        .unwrap();
    verify(&keys, &old.token()).await.unwrap();
    std::fs::write(&path, set(&[&new])).unwrap();
    // Its first token has the file looked at, without waiting for the five seconds.
    verify(&keys, &new.token()).await.unwrap();
    assert_eq!(code(&keys, &old.token()).await, "jwk.not-found");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_replaced_is_read_whatever_time_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let (path, next) = (folder.path().join("a.jwks"), folder.path().join("b.jwks"));
    let (old, new) = (Key::new("1"), Key::new("2"));
    let time = std::time::SystemTime::UNIX_EPOCH;
    for (path, key) in [(&path, &old), (&next, &new)] {
        std::fs::write(path, set(&[key])).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(time).unwrap();
    }
    let length = |path| std::fs::metadata(path).unwrap().len();
    assert_eq!(length(&path), length(&next));
    let keys = RemoteKeys::from_source(WatchedFile::new(&path))
        .start()
        .unwrap();
    verify(&keys, &old.token()).await.unwrap();
    std::fs::rename(&next, &path).unwrap();
    verify(&keys, &new.token()).await.unwrap();
    assert_eq!(code(&keys, &old.token()).await, "jwk.not-found");
}

#[tokio::test]
async fn a_file_that_is_half_written_or_gone_leaves_the_set_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("partner.jwks");
    let key = Key::new("a");
    let text = set(&[&key]);
    std::fs::write(&path, &text).unwrap();
    let keys = RemoteKeys::from_source(WatchedFile::new(&path))
        .start()
        .unwrap();
    keys.ready().await.unwrap();
    std::fs::write(&path, &text[..text.len() / 2]).unwrap();
    assert_eq!(code(&keys, &Key::new("b").token()).await, "jwks.malformed");
    verify(&keys, &key.token()).await.unwrap();

    let missing = RemoteKeys::from_source(WatchedFile::new(folder.path().join("none")))
        .start()
        .unwrap();
    assert_eq!(missing.ready().await.unwrap_err().code(), "io.not-found");
}

#[tokio::test(start_paused = true)]
async fn an_issuer_is_found_by_its_metadata() {
    let key = Key::new("a");
    let site = site(&key);
    let keys = discover(ISSUER).client(site.clone()).start().unwrap();
    verify(&keys, &key.token()).await.unwrap();
    assert_eq!(keys.name(), OPENID);
}

#[tokio::test(start_paused = true)]
async fn well_known_paths_are_those_of_openid_and_then_of_rfc_8414() {
    let key = Key::new("a");
    let issuer = "https://login.example/tenant/7";
    let site = Site::default();
    site.put(
        "https://login.example/.well-known/oauth-authorization-server/tenant/7",
        metadata(issuer, KEYS),
    );
    site.put(KEYS, set(&[&key]));
    let keys = discover(issuer).client(site.clone()).start().unwrap();
    verify(&keys, &key.token()).await.unwrap();
    let asked: Vec<String> = site
        .asked()
        .iter()
        .map(|request| request.url.to_string())
        .collect();
    assert_eq!(
        asked,
        [
            "https://login.example/tenant/7/.well-known/openid-configuration",
            "https://login.example/.well-known/oauth-authorization-server/tenant/7",
            KEYS,
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn metadata_of_another_issuer_is_refused_and_its_keys_not_fetched() {
    let key = Key::new("a");
    for named in [
        "https://evil.example",
        "https://issuer.example/",
        "https://ISSUER.example",
        "",
    ] {
        let site = site(&key);
        site.put(OPENID, metadata(named, KEYS));
        let keys = discover(ISSUER).client(site.clone()).start().unwrap();
        assert_eq!(
            keys.ready().await.unwrap_err().code(),
            "jwks.issuer-mismatch",
            "{named}"
        );
        assert_eq!(site.times_asked(KEYS), 0);
    }
    let site = site(&key);
    site.put(OPENID, "{}");
    let keys = discover(ISSUER).client(site).start().unwrap();
    assert_eq!(
        keys.ready().await.unwrap_err().code(),
        "jwks.metadata-malformed"
    );
    for issuer in [
        "https://issuer.example/?a=b",
        "https://issuer.example/#f",
        "issuer",
    ] {
        assert_eq!(
            discover(issuer).start().unwrap_err().code(),
            "jwks.url-refused",
            "{issuer}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn metadata_is_read_once_a_day_and_never_for_an_unknown_kid() {
    let key = Key::new("a");
    let site = site(&key);
    let keys = discover(ISSUER).client(site.clone()).start().unwrap();
    keys.ready().await.unwrap();
    for index in 0..40 {
        assert_eq!(
            code(&keys, &Key::new(&index.to_string()).token()).await,
            "jwk.not-found"
        );
        pass(31).await;
    }
    assert_eq!(site.times_asked(OPENID), 1);
    assert!(site.times_asked(KEYS) > 30);
    pass(86_400).await;
    assert_eq!(site.times_asked(OPENID), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_that_moved_are_found_again_and_metadata_that_fails_still_holds() {
    let key = Key::new("a");
    let site = site(&key);
    let keys = discover(ISSUER).client(site.clone()).start().unwrap();
    keys.ready().await.unwrap();
    let moved = "https://keys.example/v2";
    site.fail(KEYS, 404);
    site.put(OPENID, metadata(ISSUER, moved));
    site.put(moved, set(&[&key]));
    pass(1_000).await;
    assert!(site.times_asked(moved) >= 1);
    assert!(keys.health().last_error.is_none());

    site.fail(OPENID, 500);
    pass(3 * 86_400).await;
    verify(&keys, &key.token()).await.unwrap();
    assert!(
        keys.health().last_error.is_none(),
        "the keys themselves can be had"
    );
}

#[tokio::test]
async fn metadata_cannot_lead_to_plain_http_elsewhere() {
    let server = Server::start(|head| {
        let host = head
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap()
            .to_owned();
        Reply::json(&metadata(
            &format!("http://{host}"),
            "http://issuer.example/keys",
        ))
    })
    .await;
    let client = HttpOptions::default()
        .allow_loopback_http()
        .no_proxy()
        .build()
        .unwrap();
    let keys = discover(server.url("")).client(client).start().unwrap();
    assert_eq!(keys.ready().await.unwrap_err().code(), "jwks.url-refused");
}

#[tokio::test(start_paused = true)]
async fn the_next_source_is_asked_where_the_one_before_failed() {
    let (eu, us, pinned) = (Key::new("eu"), Key::new("us"), Key::new("pinned"));
    let (eu_url, us_url) = ("https://eu.example/keys", "https://us.example/keys");
    let site = Site::default();
    site.put(eu_url, set(&[&eu]));
    site.put(us_url, set(&[&us]));
    let client = Arc::new(site.clone());
    let sources = Failover::new(Https::new(eu_url.parse().unwrap(), client.clone()))
        .then(Https::new(us_url.parse().unwrap(), client))
        .then(FixedSet::new(JwkSet::new([pinned.public()])));
    let keys = RemoteKeys::from_source(sources).start().unwrap();
    verify(&keys, &eu.token()).await.unwrap();
    assert_eq!(site.times_asked(us_url), 0);
    // A key that the first does not have is not looked for in the next.
    assert_eq!(code(&keys, &us.token()).await, "jwk.not-found");
    assert_eq!(site.times_asked(us_url), 0);

    site.fail(eu_url, 500);
    pass(530).await;
    verify(&keys, &us.token()).await.unwrap();
    assert_eq!(code(&keys, &eu.token()).await, "jwk.not-found");
    let asked = site.asked();
    let first = asked
        .iter()
        .find(|request| request.url.as_str() == us_url)
        .unwrap();
    assert_eq!(
        first.etag, None,
        "one source's version is nothing to another"
    );

    site.put(us_url, r#"{"keys":[]}"#);
    pass(530).await;
    verify(&keys, &pinned.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_leaves_time_for_the_next() {
    let key = Key::new("a");
    let hanging = Issuer::new(&[]);
    hanging.answer(Answers::Hangs);
    let at = |url: &str| Https::new(url.parse().unwrap(), Arc::new(hanging.clone()));
    let sources = Failover::new(at("https://a.example/"))
        .then(at("https://b.example/"))
        .then(FixedSet::new(JwkSet::new([key.public()])));
    let keys = RemoteKeys::from_source(sources).start().unwrap();
    verify(&keys, &key.token()).await.unwrap();
    assert_eq!(hanging.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn when_all_sources_fail_all_errors_are_told() {
    let site = Site::default();
    site.fail("https://eu.example/", 500);
    let client = Arc::new(site);
    let sources = Failover::new(Https::new(
        "https://eu.example/".parse().unwrap(),
        client.clone(),
    ))
    .then(Discovery::new(ISSUER, client).unwrap());
    let keys = RemoteKeys::from_source(sources).start().unwrap();
    let error = keys.ready().await.unwrap_err().to_string();
    assert!(error.contains("500") && error.contains("404"), "{error}");
}
