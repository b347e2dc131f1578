use core::fmt;
use core::time::Duration;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use bulla_core::Fault;
use bulla_core::key::{KeyPhase, KeyRotation, RotationError};
use bulla_jwks::publish::Published;
use metrics::counter;

use super::{MakeKey, routes};

/// The key pairs of a client, to be mounted: see the [module](crate::rotation). Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct KeyEndpoints(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    keys: KeyRotation,
    make: Box<dyn MakeKey>,
    max_age: Duration,
    /// What was made of which generation of the keys.
    published: Mutex<Option<(u64, Published)>>,
    /// Held while the next key is made: of many at once one makes a key, and the others find it waiting.
    turn: tokio::sync::Mutex<()>,
}

impl KeyEndpoints {
    /// Endpoints of these keys, whose successors `make` makes.
    ///
    /// The set may be kept for ten minutes, or for half as long as a new key is announced where that is less: a verifier
    /// that has just fetched the set must have fetched another before the next key signs.
    pub fn new(keys: KeyRotation, make: impl MakeKey + 'static) -> Self {
        let max_age = LONGEST.min(keys.policy().announced_for() / 2);
        Self(Arc::new(Inner {
            keys,
            make: Box::new(make),
            max_age,
            published: Mutex::new(None),
            turn: tokio::sync::Mutex::default(),
        }))
    }

    /// `GET` and `HEAD /jwks`, for everybody.
    pub fn jwks(&self) -> Router {
        routes::jwks(self.clone())
    }

    /// `GET /keys` and `POST /rotate`.
    ///
    /// # Security
    ///
    /// A page of another site is refused (403), as a browser names it in `Sec-Fetch-Site` or `Origin`: a form there would
    /// reach what the operator's browser reaches. Else neither asks who is there. Whoever reaches them sees `kid`s and dates, and may rotate the keys, which an
    /// authorization server that keeps sets for long may not follow: mount them behind a guard, or on a listener that
    /// only the operator reaches.
    pub fn admin(&self) -> Router {
        routes::admin(self.clone())
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRotation {
        &self.0.keys
    }

    /// The public halves, as `/jwks` answers with them.
    #[must_use]
    pub fn published(&self) -> Published {
        // The older number with the newer set is made again next time; the other way round would stay.
        let generation = self.0.keys.generation();
        let mut published = self
            .0
            .published
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match published.as_ref() {
            Some((of, set)) if *of == generation => set.clone(),
            _ => {
                let set = Published::new(&self.0.keys.published()).max_age(self.0.max_age);
                *published = Some((generation, set.clone()));
                set
            }
        }
    }

    /// Announces a new key pair, which signs once it has been public for long enough. Returns its `kid`.
    ///
    /// # Errors
    ///
    /// [`RotateError::Rotation`] where another waits already, [`RotateError::Make`].
    pub async fn rotate(&self) -> Result<String, RotateError> {
        let _turn = self.0.turn.lock().await;
        let mut keys = self.0.keys.keys().into_iter();
        if let Some(pending) = keys.find(|key| key.phase == KeyPhase::Pending) {
            return Err(RotateError::Rotation(RotationError::Pending {
                kid: pending.kid,
            }));
        }
        let next = self.0.make.make().await.map_err(RotateError::Make)?;
        let kid = next.kid().to_owned();
        self.0.keys.announce(next).map_err(RotateError::Rotation)?;
        told("announced", &kid);
        Ok(kid)
    }

    /// Puts a new key pair in the place of the current one at once, and publishes neither that nor the next any more: for
    /// a key that others may have. Returns its `kid`.
    ///
    /// # Errors
    ///
    /// [`RotateError::Make`], and [`RotateError::Rotation`] for a `kid` that was there before.
    pub async fn replace(&self) -> Result<String, RotateError> {
        let key = self.0.make.make().await.map_err(RotateError::Make)?;
        let kid = key.kid().to_owned();
        self.0.keys.replace(key).map_err(RotateError::Rotation)?;
        told("replaced", &kid);
        Ok(kid)
    }
}

fn told(how: &'static str, kid: &str) {
    counter!("bulla_oauth_client_rotations_total", "how" => how).increment(1);
    tracing::info!(kid, how, "client key");
}

/// Why keys were not rotated.
#[derive(Debug)]
#[non_exhaustive]
pub enum RotateError {
    /// The new key could not be made.
    Make(Box<dyn Error + Send + Sync>),
    /// The new key does not take part.
    Rotation(RotationError),
}

impl RotateError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Make(_) => "jwk.not-made",
            Self::Rotation(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Make(_) => Fault::Key,
            Self::Rotation(error) => error.fault(),
        }
    }
}

impl fmt::Display for RotateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(_) => f.write_str("a new key could not be made"),
            Self::Rotation(error) => error.fmt(f),
        }
    }
}

impl Error for RotateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Make(error) => Some(error.as_ref()),
            Self::Rotation(error) => Some(error),
        }
    }
}

const LONGEST: Duration = Duration::from_secs(600);
