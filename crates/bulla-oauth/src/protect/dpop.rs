use std::sync::Arc;

use bulla_core::key::Backend;
use bulla_core::{Clock, SystemClock};

use super::external::External;
use super::replay::{MemoryReplay, ReplayStore};
use crate::dpop::{DpopPolicy, Nonces};
use crate::url_error::UrlError;

/// How a protected resource takes proofs of possession, [RFC 9449 §7](https://www.rfc-editor.org/rfc/rfc9449#section-7).
///
/// ```
/// use bulla_oauth::protect::DpopRules;
/// let rules = DpopRules::required("https://api.example.com")?.also_at("https://api.internal.example/v1")?;
/// # Ok::<(), bulla_oauth::UrlError>(())
/// ```
///
/// A proof names the URL that the client called. Behind a proxy the request does not say which that was, and `Host` and
/// `X-Forwarded-*` are what anybody writes: so the URL is configured, and the path of the request appended.
#[derive(Clone, Debug)]
pub struct DpopRules {
    pub(super) is_required: bool,
    pub(super) external: External,
    policy: Option<DpopPolicy>,
    nonces: Option<Nonces>,
    replay: Option<Arc<dyn ReplayStore>>,
}

/// The same, ready for use.
#[derive(Clone, Debug)]
pub(super) struct Proofs {
    pub(super) is_required: bool,
    pub(super) external: External,
    pub(super) policy: DpopPolicy,
    pub(super) replay: Arc<dyn ReplayStore>,
}

impl DpopRules {
    /// Takes bound tokens with a proof, and tokens that are bound to nothing without. Clients find the API at this URL: its
    /// beginning, without the path of a request.
    ///
    /// # Errors
    ///
    /// [`UrlError`] for anything but an absolute `http` or `https` URL without query and fragment.
    pub fn optional(base_url: &str) -> Result<Self, UrlError> {
        Ok(Self {
            is_required: false,
            external: External::new(base_url)?,
            policy: None,
            nonces: None,
            replay: None,
        })
    }

    /// Takes tokens with a proof alone.
    ///
    /// # Errors
    ///
    /// As for [`optional`](Self::optional).
    pub fn required(base_url: &str) -> Result<Self, UrlError> {
        Ok(Self {
            is_required: true,
            ..Self::optional(base_url)?
        })
    }

    /// Clients find the API at this URL, too. The `Host` of a request chooses among them.
    ///
    /// # Errors
    ///
    /// As for [`optional`](Self::optional).
    pub fn also_at(mut self, base_url: &str) -> Result<Self, UrlError> {
        self.external.add(base_url)?;
        Ok(self)
    }

    /// Wants one of these nonces in each proof.
    #[must_use]
    pub fn nonces(mut self, nonces: Nonces) -> Self {
        self.nonces = Some(nonces);
        self
    }

    /// Other algorithms and times than [`DpopPolicy`]'s own.
    #[must_use]
    pub fn policy(mut self, policy: DpopPolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Remembers used proofs there, and not in a [`MemoryReplay`] of this process.
    #[must_use]
    pub fn replay(mut self, store: impl ReplayStore + 'static) -> Self {
        self.replay = Some(Arc::new(store));
        self
    }

    /// With the defaults of a resource for what was not said.
    pub(super) fn ready(
        self,
        backend: &Arc<dyn Backend>,
        clock: Option<&Arc<dyn Clock>>,
    ) -> Proofs {
        let clock = clock.map_or_else(|| Arc::new(SystemClock) as Arc<dyn Clock>, Arc::clone);
        let policy = match self.policy {
            Some(policy) => policy,
            None => DpopPolicy::new(backend).clock(Arc::clone(&clock)),
        };
        Proofs {
            is_required: self.is_required,
            external: self.external,
            policy: match self.nonces {
                Some(nonces) => policy.nonces(nonces),
                None => policy,
            },
            replay: self
                .replay
                .unwrap_or_else(|| Arc::new(MemoryReplay::new().clock(clock))),
        }
    }
}
