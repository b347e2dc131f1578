use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;

use super::needed::{self, NeededScopes};
use super::service::Passed;
use super::{Refusal, events};
use crate::access_token::{Access, AccessError};

/// The access of a request that a [`ProtectLayer`](super::ProtectLayer) admitted, with the scopes of `N`: an extractor for
/// axum.
///
/// ```
/// use bulla_oauth::protect::Authorized;
/// async fn whoami(access: Authorized) -> String {
///     access.subject().unwrap_or_default().to_owned()
/// }
/// # let _ = axum::routing::get::<_, _, ()>(whoami);
/// ```
///
/// Without the scopes the answer is 403, and 500 without the layer: a route that somebody forgot to protect admits nobody.
pub struct Authorized<N = ()> {
    access: Access,
    needed: PhantomData<fn() -> N>,
}

impl<N> Authorized<N> {
    /// The access.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// The access.
    #[must_use]
    pub fn into_access(self) -> Access {
        self.access
    }
}

impl<N> Deref for Authorized<N> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<S: Sync, N: NeededScopes> FromRequestParts<S> for Authorized<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        extract::<N>(parts)
    }
}

#[allow(
    clippy::result_large_err,
    reason = "axum takes the answer as it is, once"
)]
fn extract<N: NeededScopes>(parts: &Parts) -> Result<Authorized<N>, Response> {
    let found = parts.extensions.get::<Access>();
    let (Some(access), Some(passed)) = (found, parts.extensions.get::<Passed>()) else {
        events::refused(&Refusal::Unprotected);
        return Err(Refusal::Unprotected.fault_of_ours().map(Body::from));
    };
    let needed = needed::of::<N>().map_err(|_| AccessError::ScopeMalformed);
    match needed.and_then(|needed| access.require(&needed)) {
        Ok(()) => Ok(Authorized {
            access: access.clone(),
            needed: PhantomData,
        }),
        Err(error) => {
            let refusal = Refusal::Access(error);
            passed.resource.tell(&refusal);
            let answer = passed.resource.refuse(&refusal, Some(access.scheme()));
            Err(answer.map(Body::from))
        }
    }
}

impl<N> Clone for Authorized<N> {
    fn clone(&self) -> Self {
        Self {
            access: self.access.clone(),
            needed: PhantomData,
        }
    }
}

impl<N> fmt::Debug for Authorized<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Authorized").field(&self.access).finish()
    }
}
