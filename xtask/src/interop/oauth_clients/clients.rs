//! The clients that the server knows, with keys that the driver made.

use serde_json::{Value, json};

use crate::Failure;
use crate::interop::driver::Driver;
use crate::interop::party::Party as _;

/// A client: its private key is the driver's.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) alg: &'static str,
    pub(super) key: Value,
    /// The rest of its table in the configuration.
    pub(super) table: String,
}

/// The clients, and the issuer whose assertions are grants.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) all: Vec<Client>,
    pub(super) issuer: Client,
}

/// The `iss` of grants.
pub(super) const ISSUER: &str = "https://idp.example.net";

const ALGS: [&str; 3] = ["ES256", "PS256", "Ed25519"];

/// For each algorithm a client whose keys stand in the configuration, one whose keys are fetched, and one whose tokens
/// are always bound.
pub(super) fn make(driver: &mut Driver) -> Result<Clients, Failure> {
    let mut all = Vec::new();
    let mut fetched = Vec::new();
    for alg in ALGS {
        let (key, public) = pair(driver, alg, "inline")?;
        let jwks = format!("jwks = '{}'\n", json!({"keys": [public]}));
        all.push(client(&format!("{alg}-inline"), alg, key, jwks));
        let (key, public) = pair(driver, alg, "bound")?;
        let jwks = format!(
            "jwks = '{}'\ndpop = \"required\"\n",
            json!({"keys": [public]})
        );
        all.push(client(&format!("{alg}-bound"), alg, key, jwks));
        let (key, public) = pair(driver, alg, "fetched")?;
        all.push(client(&format!("{alg}-fetched"), alg, key, String::new()));
        fetched.push(public);
    }
    let published = driver.ask("publish", json!({"keys": fetched}))?;
    let uri = published.get("jwks_uri").and_then(Value::as_str);
    let uri = uri.ok_or("the driver publishes nowhere")?;
    for client in &mut all {
        if client.table.is_empty() {
            client.table = format!("jwks_uri = \"{uri}\"\nallow_loopback_jwks = true\n");
        }
    }
    let (key, public) = pair(driver, "ES256", "idp")?;
    let issuer = format!("jwks = '{}'\n", json!({"keys": [public]}));
    let issuer = client("idp", "ES256", key, issuer);
    Ok(Clients { all, issuer })
}

fn client(id: &str, alg: &'static str, key: Value, table: String) -> Client {
    Client {
        id: id.to_lowercase(),
        alg,
        key,
        table,
    }
}

/// The private key and the public one.
fn pair(driver: &mut Driver, alg: &str, name: &str) -> Result<(Value, Value), Failure> {
    let kid = format!("{alg}-{name}");
    let mut made = driver.ask("generate", json!({"alg": alg, "kid": kid}))?;
    match (made.remove("private"), made.remove("public")) {
        (Some(private), Some(public)) => Ok((private, public)),
        _ => Err("the driver made no key".into()),
    }
}
