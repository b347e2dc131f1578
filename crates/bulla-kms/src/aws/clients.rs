use core::fmt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_kms::Client;

use super::https;
use crate::{AwsKmsUri, OpenError, Opener, UriError};

/// The clients that an opener has made so far, one a region and endpoint: with them go connections and credentials.
#[derive(Clone, Default)]
pub(crate) struct Clients(Arc<Mutex<HashMap<Address, Client>>>);

/// The region and the endpoint, where the key reference has them.
type Address = (Option<String>, Option<String>);

impl Clients {
    /// The client for the key of a URI, with credentials from the SDK's default chain.
    pub(super) async fn of(&self, uri: &AwsKmsUri, opener: &Opener) -> Result<Client, OpenError> {
        let region = uri.region().or_else(|| region_of_arn(uri.key()));
        let address = (region.map(str::to_owned), uri.endpoint().map(str::to_owned));
        if let Some(client) = self.known(&address) {
            return Ok(client);
        }
        let client = client(&address, opener).await?;
        // Of two that are made at once, either serves.
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(made.entry(address).or_insert(client).clone())
    }

    fn known(&self, address: &Address) -> Option<Client> {
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(address).cloned()
    }
}

async fn client((region, endpoint): &Address, opener: &Opener) -> Result<Client, OpenError> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(https) = https::client(opener)? {
        loader = loader.http_client(https);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.clone()));
    }
    let config = loader.load().await;
    if config.region().is_none() {
        return Err(OpenError::Uri(UriError::Part {
            part: "region",
            why: "is missing, and neither an ARN nor the environment has one",
        }));
    }
    let mut config = aws_sdk_kms::config::Builder::from(&config);
    if let Some(endpoint) = endpoint {
        config = config.endpoint_url(endpoint);
    }
    Ok(Client::from_conf(config.build()))
}

/// `arn:aws:kms:REGION:ACCOUNT:key/ID`
fn region_of_arn(key: &str) -> Option<&str> {
    let region = key.strip_prefix("arn:")?.split(':').nth(2)?;
    (!region.is_empty()).then_some(region)
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients")
    }
}

#[cfg(test)]
mod tests {
    use super::region_of_arn;

    #[test]
    fn an_arn_has_a_region() {
        for (key, region) in [
            ("arn:aws:kms:eu-west-1:1:key/x", Some("eu-west-1")),
            ("arn:aws-cn:kms:cn-north-1:1:alias/x", Some("cn-north-1")),
            ("arn:aws:kms::1:key/x", None),
            ("alias/arn:aws:kms:eu-west-1", None),
            ("1234", None),
        ] {
            assert_eq!(region_of_arn(key), region, "{key}");
        }
    }
}
