//! What KMS says about a key, asked once.

use aws_sdk_kms::Client;
use aws_sdk_kms::operation::get_public_key::GetPublicKeyOutput;
use bulla_core::jwk::{Jwk, PublicJwk, pem};

use super::{algorithms, error};
use crate::rules::Calls;
use crate::{Description, OpenError, Opener, Permitted, VaultError};

pub(super) const PROVIDER: &str = "aws-kms";

/// The key that a name stands for now, and its ARN.
pub(super) async fn key(
    client: &Client,
    name: &str,
    calls: &Calls,
    opener: &Opener,
) -> Result<(Description, String), OpenError> {
    let found = match calls.run("describe", || public_key(client, name)).await? {
        Some(found) => asymmetric(found, opener)?,
        None => calls.run("describe", || secret_key(client, name)).await?,
    };
    let Found {
        arn,
        public,
        permitted,
    } = found;
    if permitted == Permitted::default() {
        return Err(OpenError::Vault(VaultError::unsupported(
            "no algorithm of JOSE is for this kind of key",
        )));
    }
    if !stands_for(name, &arn) {
        return Err(OpenError::Vault(VaultError::Integrity {
            what: "it is of another key than the one that was named",
        }));
    }
    let description = Description {
        provider: PROVIDER,
        name: name.to_owned(),
        version: arn.clone(),
        public,
        permitted,
    };
    Ok((description, arn))
}

struct Found {
    arn: String,
    public: Option<PublicJwk>,
    permitted: Permitted,
}

/// `None` where the key is symmetric.
async fn public_key(client: &Client, name: &str) -> Result<Option<GetPublicKeyOutput>, VaultError> {
    match client.get_public_key().key_id(name).send().await {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => {
            let is_symmetric = error.as_service_error().is_some_and(|error| {
                error.is_unsupported_operation_exception() || error.is_invalid_key_usage_exception()
            });
            if is_symmetric {
                Ok(None)
            } else {
                Err(error::of(&error))
            }
        }
    }
}

fn asymmetric(answer: GetPublicKeyOutput, opener: &Opener) -> Result<Found, OpenError> {
    let arn = arn(answer.key_id())?;
    let der = answer.public_key().ok_or(NO_KEY)?;
    let Jwk::Public(public) = pem::read(der.as_ref(), None, opener.backend.as_ref())? else {
        return Err(OpenError::Vault(NO_KEY));
    };
    let mut key_management = algorithms::decryptions(answer.encryption_algorithms());
    key_management.extend(algorithms::agreements(
        answer.key_agreement_algorithms(),
        public.key(),
    ));
    let permitted = Permitted {
        signatures: algorithms::signatures(answer.signing_algorithms(), public.key()),
        macs: Vec::new(),
        key_management,
    };
    Ok(Found {
        arn,
        public: Some(public),
        permitted,
    })
}

async fn secret_key(client: &Client, name: &str) -> Result<Found, VaultError> {
    let answer = client.describe_key().key_id(name).send().await;
    let answer = answer.map_err(|error| error::of(&error))?;
    let metadata = answer.key_metadata().ok_or(NO_KEY)?;
    if !metadata.enabled() {
        let state = metadata
            .key_state()
            .map_or("disabled", |state| state.as_str());
        return Err(VaultError::Disabled {
            detail: format!("its state is {state}").into(),
        });
    }
    Ok(Found {
        arn: arn(metadata.arn())?,
        public: None,
        permitted: Permitted {
            macs: algorithms::macs(metadata.mac_algorithms()),
            ..Permitted::default()
        },
    })
}

/// An alias may stand for any key. An ARN or an identifier is one key's, and an answer about another is wrong.
fn stands_for(name: &str, arn: &str) -> bool {
    if name.starts_with("alias/") || name.contains(":alias/") {
        return true;
    }
    let id = arn.split_once(":key/").map(|(_, id)| id);
    name == arn || id == Some(name)
}

/// An answer that names an alias would follow it to another key.
fn arn(named: Option<&str>) -> Result<String, VaultError> {
    match named {
        Some(arn) if arn.starts_with("arn:") && arn.contains(":key/") => Ok(arn.to_owned()),
        _ => Err(VaultError::Integrity {
            what: "it does not say which key it is of",
        }),
    }
}

const NO_KEY: VaultError = VaultError::Integrity {
    what: "there is no public key in it",
};
