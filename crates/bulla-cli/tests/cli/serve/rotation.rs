use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use bulla::jwk::JwkSet;
use bulla::jwt::Expectations;

use super::process::ISSUER;
use super::{Process, connect, post};
use crate::desk::Desk;

#[test]
fn running_servers_see_a_rotation_within_five_seconds_and_keep_granting() {
    let desk = Desk::with_server("");
    let nodes = [Process::start(&desk), Process::start(&desk)];
    let keys = |node: &Process| node.get("/jwks").1["keys"].as_array().unwrap().len();
    assert_eq!((keys(&nodes[0]), keys(&nodes[1])), (1, 1));
    let rotated = desk.run("serve --config bulla.toml --rotate --json").json();
    let phases: Vec<_> = rotated["keys"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&phases[0]["phase"], &phases[1]["phase"]),
        (&"active".into(), &"pending".into())
    );
    desk.run("serve --config bulla.toml --rotate")
        .fails(2, "jwk.rotation-pending");
    let begun = Instant::now();
    while nodes.iter().any(|node| keys(node) != 2) {
        assert!(begun.elapsed() < Duration::from_secs(5), "not seen");
        for node in &nodes {
            assert_eq!(node.token(&desk.assertion()).0, 200);
        }
    }

    // The one that signs is removed: another does, and what the old one signed verifies no more.
    let active = phases[0]["kid"].as_str().unwrap().to_owned();
    let left = desk
        .run(&format!("serve --config bulla.toml --revoke {active}"))
        .text();
    assert!(!left.contains(&active), "{left}");
    let begun = Instant::now();
    let has_active = |node: &Process| node.get("/jwks").1.to_string().contains(&active);
    while nodes.iter().any(has_active) {
        assert!(begun.elapsed() < Duration::from_secs(5), "not seen");
    }
    assert_eq!(nodes[0].token(&desk.assertion()).0, 200);
    desk.run("serve --config bulla.toml --revoke none")
        .fails(3, "jwk.not-found");
}

/// Row 71. Whatever a verifier fetched from one node before a request verifies what the other node then signs.
#[test]
fn a_key_takes_over_between_a_thousand_requests_and_no_token_is_one_that_nobody_can_verify() {
    let desk = Desk::with_server("[rotation]\npending = \"6s\"\nactive = \"7s\"");
    let nodes = [Process::start(&desk), Process::start(&desk)];
    let fetch = |node: &Process| {
        let set = JwkSet::parse(node.get("/jwks").1.to_string()).unwrap();
        bulla::key_set(&set)
    };
    let expect = Expectations::new(ISSUER, "https://api.example.com").typ("at+jwt");
    let mut streams = [connect(nodes[0].address()), connect(nodes[1].address())];
    let mut keys = [fetch(&nodes[1]), fetch(&nodes[0])];
    let (mut kids, mut requests, mut since) = ([BTreeSet::new(), BTreeSet::new()], 0, 0);
    let begun = Instant::now();
    while requests < 1_000 || since < 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no key took over"
        );
        if requests % 40 == 0 {
            keys = [fetch(&nodes[1]), fetch(&nodes[0])];
        }
        let node = requests % 2;
        let (status, answer) = post(&mut streams[node], &desk.assertion());
        assert_eq!(status, 200, "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        let valid = expect.verify::<serde_json::Value>(token, &keys[node]);
        let valid = valid.unwrap_or_else(|error| panic!("request {requests}: {error}"));
        kids[node].insert(valid.header().kid().unwrap().to_owned());
        requests += 1;
        since += usize::from(kids.iter().all(|kids| kids.len() > 1));
    }
    assert!(kids[0].intersection(&kids[1]).count() >= 2, "{kids:?}");
}

#[test]
fn a_key_of_a_file_signs_and_is_not_rotated() {
    let desk = Desk::with_server("signing_key = \"signing.jwk\"");
    desk.run("jwk generate --alg PS256 --kid here --out signing.jwk")
        .ok();
    let server = Process::start(&desk);
    let (_, keys) = server.get("/jwks");
    assert_eq!(
        (&keys["keys"][0]["kid"], &keys["keys"][0]["alg"]),
        (&"here".into(), &"PS256".into())
    );
    assert_eq!(server.token(&desk.assertion()).0, 200);
    desk.run("serve --config bulla.toml --rotate")
        .fails(2, "rotation.fixed");
}

#[test]
fn without_the_key_that_encrypts_them_there_are_no_signing_keys() {
    let desk = Desk::with_server("");
    desk.run("serve --config bulla.toml --keys").text();
    std::fs::rename(desk.path("bulla.db.key"), desk.path("kept")).unwrap();
    desk.run("serve --config bulla.toml --keys")
        .fails(3, "rotation.encryption-key-gone");
    let check = || desk.run("serve --config bulla.toml --check");
    let said = check().fails(2, "config.invalid");
    assert!(said.contains("bulla.db.key is gone"), "{said}");
    desk.run("jwk generate --kty oct --size 256 --out bulla.db.key")
        .ok();
    desk.run("serve --config bulla.toml --keys")
        .fails(3, "rotation.sealed");
    let said = check().fails(2, "config.invalid");
    assert!(said.contains("bulla.db.key does not open"), "{said}");
    std::fs::rename(desk.path("kept"), desk.path("bulla.db.key")).unwrap();
    desk.run("serve --config bulla.toml --keys").text();
    assert_eq!(check().line(), "bulla.toml: good, 1 client");
}
