use core::time::Duration;
use std::sync::Arc;

use aws_sdk_kms::Client;
use aws_sdk_kms::config::retry::RetryConfig;

use super::describe::{self, PROVIDER};
use super::key::AwsKey;
use crate::rules::Calls;
use crate::{AwsKmsUri, KeyHandle, OpenError, Opener};

/// Credentials are looked for in the first call, which may ask other services.
const CREDENTIALS: Duration = Duration::from_secs(10);

/// Opens a key with a client that the caller has: `key` is its identifier, its ARN, an alias (`alias/NAME`), or the ARN of
/// an alias.
///
/// The client's own retries are switched off for what is done here; the opener's [`Rules`](crate::Rules) say how often a
/// call is tried.
///
/// # Errors
///
/// [`OpenError::Vault`]: among them [`VaultError::Disabled`](crate::VaultError::Disabled) for a key that is disabled or
/// waits for its deletion, [`VaultError::Unsupported`](crate::VaultError::Unsupported) for one that does nothing that JOSE
/// has. [`OpenError::Key`] for a public key that is unfit.
pub async fn open(client: &Client, key: &str, opener: &Opener) -> Result<KeyHandle, OpenError> {
    let config = client.config().to_builder();
    let client = Client::from_conf(config.retry_config(RetryConfig::disabled()).build());
    let rules = opener.rules.extended_by(CREDENTIALS);
    let calls = Calls::new(PROVIDER, rules);
    let (description, arn) = describe::key(&client, key, &calls, opener).await?;
    let key = AwsKey::new(client, arn, description.public.as_ref());
    KeyHandle::open(description, Arc::new(key), opener).await
}

/// Opens the key of a URI, with credentials from the SDK's default chain.
pub(crate) async fn open_uri(uri: &AwsKmsUri, opener: &Opener) -> Result<KeyHandle, OpenError> {
    let client = opener.aws.of(uri, opener).await?;
    open(&client, uri.key(), opener).await
}
