use core::time::Duration;
use std::sync::{Arc, OnceLock};

use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use azure_core::http::{ClientOptions, RetryOptions};
use azure_identity::{
    ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions,
    DeveloperToolsCredential, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};

use super::client::{Route, transport};
use crate::{OpenError, Opener};

/// Where a virtual machine asks who it is.
const METADATA_SERVICE: &str =
    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2019-08-01";

/// It is one hop away; elsewhere nobody answers.
const METADATA_WAIT: Duration = Duration::from_secs(1);

/// The credentials that Azure's own tools would use here; the first of these that there are:
///
/// 1. a client secret: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`;
/// 2. a workload identity: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_FEDERATED_TOKEN_FILE`;
/// 3. the managed identity of the machine or service, and with `AZURE_CLIENT_ID` that one of those assigned to it;
/// 4. the account that `az login` or `azd auth login` left.
///
/// `AZURE_AUTHORITY_HOST` is asked instead of the public cloud's authority, by the first two. The SDK has no such chain
/// itself; each link is the SDK's.
///
/// # Errors
///
/// [`OpenError::Client`] where what the environment says is incomplete or no use.
pub fn credential(opener: &Opener) -> Result<Arc<dyn TokenCredential>, OpenError> {
    let options = |route| {
        transport(opener, route).map(|transport| ClientOptions {
            // The handle tries again, and each of its tries asks for a token where there is none.
            retry: RetryOptions::none(),
            transport: Some(transport),
            ..ClientOptions::default()
        })
    };
    let environment = |name: &str| std::env::var(name).ok();
    let (far, near) = (options(Route::System)?, options(Route::Direct)?);
    chosen(&environment, far, near).map_err(|error| OpenError::Client {
        detail: error.to_string().into(),
    })
}

fn chosen(
    environment: &dyn Fn(&str) -> Option<String>,
    client_options: ClientOptions,
    near: ClientOptions,
) -> azure_core::Result<Arc<dyn TokenCredential>> {
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let (tenant, client) = (variable("AZURE_TENANT_ID"), variable("AZURE_CLIENT_ID"));
    if let Some(secret) = variable("AZURE_CLIENT_SECRET") {
        // A secret that is set is meant: another identity would be a surprise.
        let (Some(tenant), Some(client)) = (tenant, client) else {
            return Err(Error::with_message(
                ErrorKind::Credential,
                "AZURE_CLIENT_SECRET is set without AZURE_TENANT_ID and AZURE_CLIENT_ID",
            ));
        };
        let options = ClientSecretCredentialOptions { client_options };
        return Ok(ClientSecretCredential::new(
            &tenant,
            client,
            Secret::new(secret),
            Some(options),
        )?);
    }
    if let Some(file) = variable("AZURE_FEDERATED_TOKEN_FILE") {
        let options = WorkloadIdentityCredentialOptions {
            credential_options: ClientAssertionCredentialOptions { client_options },
            client_id: client,
            tenant_id: tenant,
            token_file_path: Some(file.into()),
        };
        return Ok(WorkloadIdentityCredential::new(Some(options))?);
    }
    let managed = ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
        user_assigned_id: client.map(UserAssignedId::ClientId),
        client_options: near,
    }));
    if variable("IDENTITY_ENDPOINT").is_some() || variable("MSI_ENDPOINT").is_some() {
        return Ok(managed?);
    }
    Ok(Arc::new(MachineOrDeveloper {
        machine: managed?,
        developer: DeveloperToolsCredential::new(None)?,
        chosen: OnceLock::new(),
    }))
}

/// The managed identity of a virtual machine if this is one, and else the developer's login.
#[derive(Debug)]
struct MachineOrDeveloper {
    machine: Arc<ManagedIdentityCredential>,
    developer: Arc<DeveloperToolsCredential>,
    chosen: OnceLock<bool>,
}

#[async_trait::async_trait]
impl TokenCredential for MachineOrDeveloper {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let is_machine = match self.chosen.get() {
            Some(chosen) => *chosen,
            None => has_metadata_service().await,
        };
        if is_machine {
            let _ = self.chosen.set(true);
            return self.machine.get_token(scopes, options).await;
        }
        let token = self.developer.get_token(scopes, options).await;
        if token.is_ok() {
            // Not before: the service of a machine that has just started may have been too slow to answer.
            let _ = self.chosen.set(false);
        }
        token.map_err(|error| {
            let message = format!(
                "no credentials: the environment names none, this machine has no managed identity, and {error}"
            );
            Error::with_error(ErrorKind::Credential, error, message)
        })
    }
}

/// The SDK would try for a minute. Without its header, Azure's service answers at once that the request is none; those of
/// other clouds, which have the same address, answer otherwise.
async fn has_metadata_service() -> bool {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(METADATA_WAIT)
        .build();
    let Ok(client) = client else {
        return false;
    };
    let answer = client.get(METADATA_SERVICE).send().await;
    answer.is_ok_and(|answer| answer.status() == reqwest::StatusCode::BAD_REQUEST)
}

#[cfg(test)]
mod tests {
    use azure_core::http::ClientOptions;

    use super::chosen;

    /// Which credential the environment leads to.
    fn of(environment: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        match chosen(
            &variable,
            ClientOptions::default(),
            ClientOptions::default(),
        ) {
            Ok(credential) => Ok(format!("{credential:?}")),
            Err(error) => Err(error.to_string()),
        }
    }

    const TENANT: (&str, &str) = ("AZURE_TENANT_ID", "contoso.example");
    const CLIENT: (&str, &str) = ("AZURE_CLIENT_ID", "client");
    const SECRET: (&str, &str) = ("AZURE_CLIENT_SECRET", "hidden");

    #[test]
    fn the_environment_says_which() {
        // The file is read when the credential is made.
        let file = ("AZURE_FEDERATED_TOKEN_FILE", "Cargo.toml");
        let service = ("IDENTITY_ENDPOINT", "http://127.0.0.1/msi");
        let header = ("IDENTITY_HEADER", "x");
        for (environment, name) in [
            (&[TENANT, CLIENT, SECRET, file][..], "ClientSecret"),
            (&[TENANT, CLIENT, file, service, header], "WorkloadIdentity"),
            (&[service, header], "ManagedIdentity"),
            (&[CLIENT, service, header], "ManagedIdentity"),
            (&[], "MachineOrDeveloper"),
            (&[TENANT], "MachineOrDeveloper"),
            (
                &[TENANT, CLIENT, ("AZURE_CLIENT_SECRET", "")],
                "MachineOrDeveloper",
            ),
        ] {
            let credential = of(environment).expect(name);
            assert!(credential.contains(name), "{environment:?}: {credential}");
            assert!(!credential.contains("hidden"), "{credential}");
        }
    }

    #[test]
    fn what_is_incomplete_is_not_passed_over() {
        let file = ("AZURE_FEDERATED_TOKEN_FILE", "no such file");
        for environment in [
            &[SECRET][..],
            &[SECRET, TENANT],
            &[SECRET, CLIENT],
            &[("AZURE_TENANT_ID", "a tenant?"), CLIENT, SECRET],
            &[TENANT, CLIENT, file],
            &[CLIENT, ("AZURE_FEDERATED_TOKEN_FILE", "Cargo.toml")],
        ] {
            let error = of(environment).expect_err("incomplete");
            assert!(!error.contains("hidden"), "{error}");
        }
    }
}
