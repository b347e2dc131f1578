use std::sync::Arc;

use bulla_core::Trusted;
use bulla_core::jwk::Jwk;
use bulla_core::key::BoxFuture;
use bulla_core::trust::{KeyName, ResolveError, ResolveKey, Trust};

use super::{Entry, StoredKeys};

/// Key stores and directories as a [`ResolveKey`]: a token's `kid`, `x5t` and `x5t#S256` are looked for in them.
///
/// It never fails and never blocks: the files were read before.
///
/// # Security
///
/// Every key in the store is trusted, so it must be one that only the application's owner writes to. The trusted certificates of a
/// store are keys here, not anchors: a chain that leads to one of them earns nothing.
///
/// ```
/// # fn f(octets: &[u8], backend: &dyn bulla_core::key::Backend) -> Result<(), bulla_x509::key_store::KeyStoreError> {
/// use bulla_x509::key_store::{KeyStoreResolver, Passwords, StoredKeys};
///
/// let partners = StoredKeys::read(octets, &Passwords::new("changeit"), backend)?;
/// let resolver = KeyStoreResolver::new("partners.p12", partners);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct KeyStoreResolver {
    name: String,
    keys: StoredKeys,
}

impl KeyStoreResolver {
    /// A resolver with a name for audits and errors, such as the path of the file.
    #[must_use]
    pub fn new(name: impl Into<String>, keys: StoredKeys) -> Self {
        Self {
            name: name.into(),
            keys,
        }
    }

    /// What it looks in.
    #[must_use]
    pub const fn keys(&self) -> &StoredKeys {
        &self.keys
    }
}

impl ResolveKey for KeyStoreResolver {
    fn name(&self) -> &str {
        &self.name
    }

    fn resolve<'a>(
        &'a self,
        name: KeyName<'a>,
    ) -> BoxFuture<'a, Result<Vec<Arc<Trusted<Jwk>>>, ResolveError>> {
        let trusted = |entry: &Entry| {
            let why = Trust::Resolver {
                name: self.name.clone(),
                found_by: name.kind(),
            };
            Arc::new(Trusted::new(entry.key().clone(), why))
        };
        let found = self.keys.find_all(name).map(trusted).collect();
        Box::pin(core::future::ready(Ok(found)))
    }
}
