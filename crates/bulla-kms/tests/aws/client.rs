use std::fmt::Display;
use std::time::Duration;

use aws_credential_types::Credentials;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jws;
use bulla_kms::aws;
use bulla_kms::aws::aws_sdk_kms::config::{BehaviorVersion, Region};
use bulla_kms::aws::aws_sdk_kms::{Client, Config};
use bulla_kms::{KeyHandle, Opener, Rules};

/// A client for something on loopback, which believes any credentials.
pub(crate) fn client(endpoint: impl Display) -> Client {
    let credentials = Credentials::new("AKIDEXAMPLE", "of no account", None, None, "test");
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(format!("http://{endpoint}"))
        .credentials_provider(credentials);
    Client::from_conf(config.build())
}

/// Time enough for a machine that does something else too.
pub(crate) fn patient() -> Opener {
    Opener::new().rules(Rules::new().deadline(Duration::from_secs(60)))
}

pub(crate) async fn open(client: &Client, key: &str) -> KeyHandle {
    aws::open(client, key, &patient())
        .await
        .unwrap_or_else(|error| panic!("{key}: {error}"))
}

/// A token by ES256, or the code of the error.
pub(crate) async fn sign(handle: &KeyHandle) -> Result<String, &'static str> {
    let signer = handle.signer(SignatureAlg::Es256).unwrap();
    let made = jws::Builder::new("x").sign_compact_async(&signer).await;
    made.map_err(|error| error.code())
}
