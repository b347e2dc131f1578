use core::fmt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use azure_security_keyvault_keys::KeyClient;

use super::{client, credential};
use crate::uri::AzureKeyVaultUri;
use crate::{OpenError, Opener};

/// The clients that an opener made for key URIs, one a vault: with them connections and tokens are kept from key to key,
/// and from one look at a followed key to the next.
#[derive(Clone, Default)]
pub(crate) struct Clients(Arc<Mutex<HashMap<Address, Arc<KeyClient>>>>);

/// The vault, and whether the resource of its challenge is checked.
type Address = (String, bool);

impl Clients {
    /// The client of the vault of a URI.
    pub(super) fn of(
        &self,
        uri: &AzureKeyVaultUri,
        opener: &Opener,
    ) -> Result<Arc<KeyClient>, OpenError> {
        let address = (uri.vault().to_owned(), uri.verify_resource());
        // Nothing is left half done by whoever panics while holding it.
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(&address) {
            return Ok(Arc::clone(client));
        }
        let mut options = client::options(opener)?;
        options.verify_challenge_resource = Some(uri.verify_resource());
        let credential = credential::credential(opener)?;
        let client = KeyClient::new(uri.vault(), credential, Some(options));
        let client = Arc::new(client.map_err(|error| OpenError::Client {
            detail: error.to_string().into(),
        })?);
        made.insert(address, Arc::clone(&client));
        Ok(client)
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients")
    }
}
