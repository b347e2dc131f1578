use std::sync::Arc;

use super::{KeyName, ResolveError, Trusted};
use crate::jwk::Jwk;
use crate::key::BoxFuture;

/// Looks for keys that are not at hand: in key store files, directories, databases.
///
/// What it returns is trusted, so it must look only where keys are that the application trusts. Keys held
/// elsewhere, whose private half nobody gets to see, are no [`Jwk`]: configuration maps a name to those.
///
/// ```
/// use std::sync::Arc;
/// use bulla_core::{
///     Trusted,
///     jwk::Jwk,
///     key::BoxFuture,
///     trust::{KeyName, ResolveError, ResolveKey, Trust},
/// };
///
/// struct Table(Vec<(String, Jwk)>);
///
/// impl ResolveKey for Table {
///     fn name(&self) -> &str {
///         "the table of partners"
///     }
///
///     fn resolve<'a>(
///         &'a self,
///         name: KeyName<'a>,
///     ) -> BoxFuture<'a, Result<Vec<Arc<Trusted<Jwk>>>, ResolveError>> {
///         Box::pin(async move {
///             let KeyName::Kid(kid) = name else { return Ok(Vec::new()) };
///             let why = Trust::Resolver { name: self.name().to_owned(), found_by: name.kind() };
///             let rows = self.0.iter().filter(|(known, _)| known == kid);
///             Ok(rows.map(|(_, key)| Arc::new(Trusted::new(key.clone(), why.clone()))).collect())
///         })
///     }
/// }
/// ```
pub trait ResolveKey: Send + Sync {
    /// What to call the resolver in [`Trust::Resolver`](super::Trust::Resolver) and in errors: the path of a file, the name of a table.
    fn name(&self) -> &str;

    /// The keys of a name, the likeliest first; none where there is none.
    ///
    /// # Errors
    ///
    /// [`ResolveError::Resolver`] where it could not look.
    fn resolve<'a>(
        &'a self,
        name: KeyName<'a>,
    ) -> BoxFuture<'a, Result<Vec<Arc<Trusted<Jwk>>>, ResolveError>>;
}
