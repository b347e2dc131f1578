//! What is tried: every library with every algorithm, with and without DPoP, and what has to be refused.

use serde_json::{Map, Value, json};

use super::clients::{Client, Clients, ISSUER};
use super::server::{API, Server};
use crate::Failure;
use crate::interop::case::{Cases, refused};
use crate::interop::driver::Driver;
use crate::interop::party::Party as _;

const LIBRARIES: [&str; 2] = ["openid-client", "oauth4webapi"];

/// A library that asks as a client.
struct Asker<'a> {
    library: &'static str,
    client: &'a Client,
    issuer: &'a str,
    driver: &'a mut Driver,
}

/// What was granted, and how it was asked for.
struct Granted(Map<String, Value>);

pub(super) fn run(
    server: &Server,
    clients: &Clients,
    driver: &mut Driver,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for library in LIBRARIES {
        for client in &clients.all {
            let mut asker = Asker {
                library,
                client,
                issuer: &server.issuer,
                driver: &mut *driver,
            };
            let name = |what: &str| format!("{library}::{}::{what}", client.id.replace('-', "_"));
            if client.id.ends_with("-bound") {
                for alg in ["ES256", "PS256", "Ed25519"] {
                    cases.check(&name(&format!("bound_by_dpop_{alg}")), || asker.bound(alg))?;
                }
                cases.check(&name("needs_a_proof"), || asker.needs_a_proof())?;
                continue;
            }
            cases.check(&name("client_credentials"), || asker.bearer())?;
            cases.check(&name("with_dpop"), || asker.bound("ES256"))?;
            cases.check(&name("for_a_resource"), || asker.for_a_resource())?;
            cases.check(&name("used_once"), || asker.used_once())?;
            cases.check(&name("another_key"), || asker.another_key())?;
            cases.check(&name("a_scope_too_many"), || asker.a_scope_too_many())?;
            if library == "oauth4webapi" {
                cases.check(&name("jwt_bearer"), || asker.jwt_bearer(&clients.issuer))?;
            }
        }
    }
    Ok(())
}

impl Asker<'_> {
    fn bearer(&mut self) -> Result<(), Failure> {
        let granted = self.grant(json!({"scope": "invoices:read"}))?;
        granted.has("token_type", &json!("bearer"))?;
        granted.has("scope", &json!("invoices:read"))?;
        granted.has("expires_in", &json!(300))?;
        let claims = self.verify(&granted, API)?;
        claim(&claims, "client_id", &json!(self.client.id))?;
        claim(&claims, "sub", &json!(self.client.id))?;
        claim(&claims, "scope", &json!("invoices:read"))
    }

    /// The first request has no nonce, so there are two, each with an assertion of its own.
    fn bound(&mut self, alg: &str) -> Result<(), Failure> {
        let granted = self.grant(json!({"dpop": alg}))?;
        granted.has("token_type", &json!("dpop"))?;
        for (name, value) in [("requests", 2), ("different", 2)] {
            if granted.0.get(name) != Some(&json!(value)) {
                return Err(format!("{name}: {:?}", granted.0.get(name)).into());
            }
        }
        let claims = self.verify(&granted, API)?;
        let jkt = granted.0.get("jkt").ok_or("no thumbprint")?;
        claim(&claims, "cnf", &json!({"jkt": jkt}))
    }

    fn needs_a_proof(&mut self) -> Result<(), Failure> {
        let refusal = self.grant(json!({})).map(|_| ());
        told(
            refusal,
            "a request without a proof",
            "invalid_dpop_proof 400",
        )
    }

    fn for_a_resource(&mut self) -> Result<(), Failure> {
        let other = format!("{API}/other");
        let granted = self.grant(json!({"resource": other}))?;
        self.verify(&granted, &other)?;
        let not_for_it = self.verify(&granted, API).map(|_| ());
        refused(not_for_it, "a token for another resource").map(|_| ())?;
        let unknown = self.grant(json!({"resource": "https://other.example.com"}));
        told(
            unknown.map(|_| ()),
            "an unknown resource",
            "invalid_target 400",
        )
    }

    fn used_once(&mut self) -> Result<(), Failure> {
        let granted = self.grant(json!({}))?;
        let last = granted.0.get("last").ok_or("no request")?;
        let again = self.driver.ask("replay", json!({"last": last}))?;
        let answer = (
            again.get("status"),
            again.get("body").and_then(|body| body.get("error")),
        );
        if answer != (Some(&json!(401)), Some(&json!("invalid_client"))) {
            return Err(format!("a request sent again: {answer:?}").into());
        }
        Ok(())
    }

    fn another_key(&mut self) -> Result<(), Failure> {
        let alg = self.client.alg;
        let kid = self.client.key.get("kid").ok_or("no kid")?;
        let made = self
            .driver
            .ask("generate", json!({"alg": alg, "kid": kid}))?;
        let key = made.get("private").ok_or("no key")?;
        let refusal = self.grant(json!({"key": key})).map(|_| ());
        told(refusal, "another key", "invalid_client 401")
    }

    fn a_scope_too_many(&mut self) -> Result<(), Failure> {
        let refusal = self.grant(json!({"scope": "invoices:read admin"}));
        told(refusal.map(|_| ()), "a scope too many", "invalid_scope 400")
    }

    fn jwt_bearer(&mut self, issuer: &Client) -> Result<(), Failure> {
        let about = json!({"alg": issuer.alg, "key": issuer.key, "issuer": ISSUER, "subject": "alice",
            "audience": self.issuer});
        let made = self.driver.ask("vouch", about)?;
        let token = made.get("token").ok_or("no assertion")?;
        let granted = self.grant(json!({"assertion": token}))?;
        let claims = self.verify(&granted, API)?;
        claim(&claims, "sub", &json!("alice"))?;
        claim(&claims, "client_id", &json!(self.client.id))?;
        let again = self.grant(json!({"assertion": token})).map(|_| ());
        told(again, "an assertion used again", "invalid_grant 400")
    }

    fn grant(&mut self, more: Value) -> Result<Granted, Failure> {
        let mut request = json!({"library": self.library, "issuer": self.issuer, "client_id": self.client.id,
            "alg": self.client.alg, "key": self.client.key});
        if let (Some(request), Value::Object(more)) = (request.as_object_mut(), more) {
            request.extend(more);
        }
        self.driver.ask("grant", request).map(Granted)
    }

    /// The claims, as an API reads them that was told issuer and audience.
    fn verify(&mut self, granted: &Granted, audience: &str) -> Result<Map<String, Value>, Failure> {
        let metadata = granted.0.get("metadata").ok_or("no metadata")?;
        let mut verified = self.driver.ask(
            "verify",
            json!({"token": granted.member("access_token")?, "issuer": self.issuer, "audience": audience,
                "jwks_uri": metadata.get("jwks_uri")}),
        )?;
        match verified.remove("claims") {
            Some(Value::Object(claims)) => Ok(claims),
            _ => Err("no claims".into()),
        }
    }
}

impl Granted {
    fn member(&self, name: &str) -> Result<&Value, Failure> {
        let granted = self.0.get("granted").and_then(|granted| granted.get(name));
        Ok(granted.ok_or_else(|| format!("the answer has no {name}"))?)
    }

    fn has(&self, name: &str, value: &Value) -> Result<(), Failure> {
        let found = self.member(name)?;
        if found == value {
            return Ok(());
        }
        Err(format!("{name} of the answer is {found}").into())
    }
}

fn claim(claims: &Map<String, Value>, name: &str, value: &Value) -> Result<(), Failure> {
    match claims.get(name) {
        Some(found) if found == value => Ok(()),
        found => Err(format!("the claim {name} is {found:?}").into()),
    }
}

/// Refused with this error and status.
fn told(result: Result<(), Failure>, what: &str, error: &str) -> Result<(), Failure> {
    let refusal = refused(result, what)?.to_string();
    if refusal.contains(error) {
        return Ok(());
    }
    Err(format!("{what}: {refusal}").into())
}
