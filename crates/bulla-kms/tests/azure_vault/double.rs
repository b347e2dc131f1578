//! A vault of one's own for each test: a process that ends with it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::http::ClientOptions;
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use azure_security_keyvault_keys::models::{
    CreateKeyParameters, CurveName, KeyAttributes, KeyOperation, KeyType,
    UpdateKeyPropertiesParameters,
};
use bulla_kms::azure::{KeyClient, KeyClientOptions};
use bulla_kms::{KeyHandle, Opener, azure};
use serde_json::{Value, json};

pub(crate) struct Double {
    child: Child,
    pub(crate) place: Value,
    http: reqwest::Client,
}

/// What key to make.
pub(crate) fn ec(curve: CurveName) -> CreateKeyParameters {
    CreateKeyParameters {
        kty: Some(KeyType::Ec),
        curve: Some(curve),
        ..CreateKeyParameters::default()
    }
}

pub(crate) fn rsa(bits: i32) -> CreateKeyParameters {
    CreateKeyParameters {
        kty: Some(KeyType::Rsa),
        key_size: Some(bits),
        ..CreateKeyParameters::default()
    }
}

pub(crate) fn only(mut key: CreateKeyParameters, ops: &[KeyOperation]) -> CreateKeyParameters {
    key.key_ops = Some(ops.to_vec());
    key
}

impl Double {
    /// Starts one. Panics where the environment names no interpreter, so that nothing passes unseen.
    pub(crate) fn start() -> Self {
        let python =
            std::env::var_os("BULLA_INTEROP_PYTHON").expect("BULLA_INTEROP_PYTHON is not set");
        let interop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop");
        let mut child = Command::new(python)
            .args(["-B", "-m", "azure_vault"])
            .current_dir(interop)
            // It ends when this end is closed, however this process ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the double starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("standard output"))
            .read_line(&mut line)
            .expect("a line");
        let place: Value = serde_json::from_str(&line).expect("where it is");
        let authority = place["certificate"].as_str().expect("PEM");
        let authority =
            reqwest::Certificate::from_pem(authority.as_bytes()).expect("a certificate");
        let http = reqwest::Client::builder()
            .tls_certs_only([authority])
            .build()
            .expect("a client");
        Self { child, place, http }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.place[name].as_str().expect(name)
    }

    pub(crate) fn opener(&self) -> Opener {
        Opener::new().authority(self.text("certificate"))
    }

    /// Options as for a vault outside the public clouds.
    pub(crate) fn options(&self) -> KeyClientOptions {
        KeyClientOptions {
            verify_challenge_resource: Some(false),
            ..azure::options(&self.opener()).expect("options")
        }
    }

    pub(crate) fn credential(
        &self,
        who: &str,
        secret: Option<&str>,
    ) -> Arc<ClientSecretCredential> {
        let mut cloud = CustomConfiguration::default();
        self.text("authority").clone_into(&mut cloud.authority_host);
        let client_options = ClientOptions {
            cloud: Some(Arc::new(CloudConfiguration::from(cloud))),
            ..self.options().client_options
        };
        let known = &self.place[who];
        let secret = secret.unwrap_or_else(|| known["secret"].as_str().expect("a secret"));
        ClientSecretCredential::new(
            self.text("tenant"),
            known["id"].as_str().expect("an id").to_owned(),
            secret.to_owned().into(),
            Some(ClientSecretCredentialOptions { client_options }),
        )
        .expect("a credential")
    }

    /// A client of `vault` or `hsm`, with a credential of its own.
    pub(crate) fn client(&self, address: &str) -> Arc<KeyClient> {
        self.client_of(address, "officer")
    }

    pub(crate) fn client_of(&self, address: &str, who: &str) -> Arc<KeyClient> {
        let credential = self.credential(who, None);
        let client = KeyClient::new(self.text(address), credential, Some(self.options()));
        Arc::new(client.expect("a client"))
    }

    /// A new key of the vault, opened.
    pub(crate) async fn key(&self, key: CreateKeyParameters) -> KeyHandle {
        let client = self.client("vault");
        create(&client, "tokens", key).await;
        self.open(&client).await
    }

    /// The newest version of the key that the other methods make.
    pub(crate) async fn open(&self, client: &Arc<KeyClient>) -> KeyHandle {
        let opened = azure::open(Arc::clone(client), "tokens", None, &self.opener()).await;
        opened.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What goes wrong from now on: operations, kinds, how often.
    pub(crate) async fn faults(&self, faults: Value) {
        self.control(json!({"faults": faults, "forget": true}))
            .await;
    }

    /// What was asked since the log was last forgotten, the operation's name first.
    pub(crate) async fn log(&self) -> Vec<(String, String)> {
        let said = self.control(json!({})).await;
        let entry = |entry: &Value| {
            let text = |name: &str| entry[name].as_str().expect(name).to_owned();
            (text("operation"), text("text"))
        };
        said["log"]
            .as_array()
            .expect("a log")
            .iter()
            .map(entry)
            .collect()
    }

    /// How often an operation was asked for.
    pub(crate) async fn asked(&self, operation: &str) -> usize {
        let log = self.log().await;
        log.iter().filter(|(name, _)| name == operation).count()
    }

    /// How many tokens were given out.
    pub(crate) async fn issued(&self) -> u64 {
        self.control(json!({})).await["issued"]
            .as_u64()
            .expect("a number")
    }

    pub(crate) async fn control(&self, command: Value) -> Value {
        self.control_at("vault", command).await
    }

    pub(crate) async fn control_at(&self, address: &str, command: Value) -> Value {
        let url = format!("{}/control", self.text(address));
        let answer = self.http.post(url).body(command.to_string()).send().await;
        let text = answer.expect("an answer").text().await.expect("text");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) async fn create(client: &KeyClient, name: &str, key: CreateKeyParameters) {
    let content = key.try_into().expect("JSON");
    client.create_key(name, content, None).await.expect("a key");
}

/// Changes the attributes, or the operations, of the key `tokens` in one version.
pub(crate) async fn update(
    client: &KeyClient,
    version: &str,
    attributes: Option<KeyAttributes>,
    ops: Option<Vec<KeyOperation>>,
) {
    let change = UpdateKeyPropertiesParameters {
        key_attributes: attributes,
        key_ops: ops,
        ..UpdateKeyPropertiesParameters::default()
    };
    let options = azure_security_keyvault_keys::models::KeyClientUpdateKeyPropertiesOptions {
        key_version: Some(version.to_owned()),
        ..Default::default()
    };
    let content = change.try_into().expect("JSON");
    let answer = client
        .update_key_properties("tokens", content, Some(options))
        .await;
    answer.expect("an update");
}
