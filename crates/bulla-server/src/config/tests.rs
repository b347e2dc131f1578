use std::path::Path;
use std::time::Duration;

use bulla::jwa::SignatureAlg;
use bulla::oauth::assertion::Profile;
use bulla::oauth::message::GrantType;

use super::mistakes::MISTAKES;
use super::{Config, Jwks, Overrides, Place, Problem, Signing, StoreLocation};
use crate::rotation::RotationSchedule;
use crate::server::DpopUse;

/// RFC 7517 appendix A.1, and its private half from A.2.
const PUBLIC: &str = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1"}"#;
const PRIVATE: &str = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","kid":"1"}"#;

const ISSUER: &str = "issuer = \"https://auth.example.com\"\n";

fn read(text: &str) -> Result<Config, Vec<Problem>> {
    Config::read(Path::new("conf/bulla.toml"), text, &Overrides::default())
}

/// The example of the manual, and every other setting.
fn whole() -> String {
    format!(
        r#"
issuer = "https://auth.example.com"
listen = "127.0.0.1:9001"
store = "sqlite:bulla.db"
profile = "legacy"
access_token_lifetime = "5m"
signing_alg = "PS256"
key_encryption_key = "env:STORE_KEY"
dpop_nonce = false

[tls]
cert = "server.pem"
key = "/etc/server.key"

[rotation]
pending = "2d"
active = "30d"
retired = "2h"

[[client]]
id = "billing"
jwks_uri = "https://billing.example.com/jwks"
alg = ["ES256", "RS256"]
scopes = ["invoices:read", "invoices:write"]
resources = ["https://api.example.com"]
dpop = "required"
allow_loopback_jwks = false

[[client]]
id = "reports"
jwks = '{{"keys":[{PUBLIC}]}}'
grants = ["client_credentials", "jwt-bearer"]
enabled = false

[[client]]
id = "dev"
jwks_uri = "http://127.0.0.1:8000/jwks"
allow_loopback_jwks = true

[[trusted_issuer]]
issuer = "https://idp.example.net"
subject_prefix = "partner:"
clients = ["reports"]
"#
    )
}

#[test]
fn fapi2_binds_the_tokens_of_every_client() {
    let client = "[[client]]\nid = \"a\"\njwks_uri = \"https://a.example/jwks\"\n";
    for (profile, dpop) in [
        ("fapi2", DpopUse::Required),
        ("bis", DpopUse::Optional),
        ("legacy", DpopUse::Optional),
    ] {
        let config = read(&format!("{ISSUER}profile = \"{profile}\"\n{client}")).unwrap();
        assert_eq!(config.clients[0].dpop, dpop, "{profile}");
    }
}

#[test]
fn every_setting_is_read() {
    let config = read(&whole()).unwrap();
    assert_eq!(
        config.issuer.unwrap().value.as_str(),
        "https://auth.example.com"
    );
    assert_eq!(config.listen.value, "127.0.0.1:9001".parse().unwrap());
    let StoreLocation::Sqlite(store) = config.store.value;
    assert_eq!(store, Path::new("conf/bulla.db"), "beside the file");
    assert_eq!(config.profile, Profile::Legacy);
    assert_eq!(config.access_token_lifetime, Duration::from_secs(300));
    assert_eq!(config.signing, Signing::Stored(SignatureAlg::Ps256));
    assert_eq!(config.key_encryption_key.unwrap().value, "env:STORE_KEY");
    assert!(!config.dpop_nonce);
    let tls = config.tls.unwrap();
    assert_eq!(tls.cert.value, Path::new("conf/server.pem"));
    assert_eq!(tls.key.value, Path::new("/etc/server.key"));
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    assert_eq!(
        config.rotation,
        RotationSchedule::new()
            .pending(hours(48))
            .active(hours(720))
            .retired(hours(2))
    );
    let [billing, reports, dev] = config.clients.as_slice() else {
        panic!("{:?}", config.clients)
    };
    assert_eq!(billing.registered.id(), "billing");
    assert_eq!(
        billing.algorithms,
        [SignatureAlg::Es256, SignatureAlg::Rs256]
    );
    assert!(billing.scopes.contains("invoices:write"));
    assert_eq!(billing.resources.len(), 1);
    assert_eq!(billing.dpop, DpopUse::Required);
    assert_eq!(billing.grants, [GrantType::ClientCredentials]);
    assert!(matches!(&reports.jwks.value, Jwks::Inline(set) if set.keys().len() == 1));
    assert_eq!(reports.grants.len(), 2);
    assert!(dev.allow_loopback_jwks);
    assert!(matches!(
        config.trusted_issuers[0].jwks.value,
        Jwks::Discovered
    ));
}

#[test]
fn the_example_of_the_manual_is_read() {
    let manual = include_str!("../../../../docs/authorization-server.md");
    let (_, rest) = manual.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let config = read(example).unwrap();
    assert_eq!(config.clients.len(), 1);
    // And every setting has a row.
    for setting in super::mistakes::SETTINGS {
        assert!(manual.contains(&format!("`{setting}`")), "{setting}");
    }
}

#[test]
fn the_least_that_works() {
    let config = read(ISSUER).unwrap();
    assert_eq!(config.listen.value, "127.0.0.1:9000".parse().unwrap());
    assert_eq!(config.profile, Profile::Bis);
    assert_eq!(config.access_token_lifetime, Duration::from_secs(600));
    assert_eq!(config.signing, Signing::Stored(SignatureAlg::Es256));
    assert!(config.dpop_nonce && config.tls.is_none() && config.clients.is_empty());
    assert_eq!(config.rotation, RotationSchedule::new());
    let bare = Config::without_file(&Overrides::default()).unwrap();
    assert!(bare.issuer.is_none());
}

#[test]
fn every_mistake_has_its_place_and_its_remedy() {
    let mut missed = Vec::new();
    for (lines, place, what, fix) in MISTAKES {
        let lines = lines.replace("PRIVATE", PRIVATE).replace("PUBLIC", PUBLIC);
        let text = match lines.starts_with("issuer") {
            true => lines.clone(),
            false => format!("{ISSUER}{lines}"),
        };
        let problems = read(&text).map(|_| ()).expect_err(&lines);
        let expected = format!("conf/bulla.toml:{place}");
        let found = problems.iter().find(|problem| {
            problem.place().to_string() == expected
                && problem.what().contains(what)
                && problem.fix().contains(fix)
        });
        if found.is_none() || problems.len() != 1 {
            missed.push(format!("{place} {what}: {text}\n{problems:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn mistakes_are_told_all_at_once_in_order() {
    let text = "listen = 1\nprofile = \"x\"\n[[client]]\nid = \"\"\ndpop = 2\n";
    let problems = read(text).unwrap_err();
    let places: Vec<String> = problems
        .iter()
        .map(|found| found.place().to_string())
        .collect();
    let expected = ["1:1", "1:10", "2:11", "3:1", "4:6", "5:8"];
    let expected: Vec<String> = expected
        .iter()
        .map(|at| format!("conf/bulla.toml:{at}"))
        .collect();
    assert_eq!(places, expected, "{problems:#?}");
    assert_eq!(problems[0].what(), "the issuer is missing");
}

#[test]
fn variables_override_the_file_and_flags_override_both() {
    let variables = [
        ("BULLA_ISSUER", "https://variable.example"),
        ("BULLA_STORE", "sqlite:variable.db"),
        ("BULLA_LISTEN", "127.0.0.1:1"),
        ("BULLA_DPOP_NONCE", "true"),
        ("BULLA_ROTATION_PENDING", "3d"),
        ("BULLA_PASSWORD", "of the command line"),
        ("BULLA_PKCS11_PIN", "of a token"),
        ("OTHER", "nothing of ours"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let overrides = Overrides::default()
        .variables(variables)
        .flag("listen", "127.0.0.1:2");
    let config = Config::read(Path::new("conf/bulla.toml"), &whole(), &overrides).unwrap();
    assert_eq!(
        config.issuer.unwrap().value.as_str(),
        "https://variable.example"
    );
    assert_eq!(config.listen.value.port(), 2);
    assert_eq!(config.listen.place, Place::Flag("listen".to_owned()));
    let StoreLocation::Sqlite(store) = config.store.value;
    assert_eq!(
        store,
        Path::new("variable.db"),
        "where the program was started"
    );
    assert!(config.dpop_nonce);
}

#[test]
fn a_mistake_in_a_variable_or_a_flag_is_told_as_one() {
    let told = |overrides: Overrides| {
        let problems = Config::read(Path::new("bulla.toml"), ISSUER, &overrides).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        (problems[0].to_string(), problems[0].fix().to_owned())
    };
    let variable = |name: &str, value: &str| {
        Overrides::default().variables([(name.to_owned(), value.to_owned())])
    };
    let (what, _) = told(variable("BULLA_PROFILE", "x"));
    assert_eq!(what, "BULLA_PROFILE: profile: there is no profile \"x\"");
    let (what, fix) = told(variable("BULLA_ISSUR", "https://a.example"));
    assert_eq!(what, "BULLA_ISSUR: there is no such setting");
    assert_eq!(fix, "set BULLA_ISSUER, or unset it");
    let (what, _) = told(Overrides::default().flag("listen", "9000"));
    assert!(what.starts_with("--listen: listen: \"9000\""), "{what}");
}
