use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bulla_core::jwa::MacAlg;
use bulla_core::jwk::{KeyError, SecretJwk};
use bulla_core::jws::{Builder, Headers, Jws};
use bulla_core::key::{Backend, Signer, Verifier};
use bulla_core::{Clock, SecretBytes, SystemClock, base64url};

/// The nonces of a server, [RFC 9449 §8](https://www.rfc-editor.org/rfc/rfc9449#section-8), without a store: each is the time
/// and a MAC of it. Every node that has the secret accepts what another handed out.
///
/// A nonce is accepted for three minutes. Once it is a minute old, answers carry the next, so that clients that keep
/// calling are never sent back.
///
/// ```
/// use bulla_oauth::dpop::Nonces;
/// use bulla_core::SecretBytes;
/// # let backend = bulla_aws_lc::backend();
/// let mut secret = [0; 32];
/// backend.random(&mut secret)?;
/// let nonces = Nonces::new(&backend, &SecretBytes::from(&secret[..]))?;
/// let nonce = nonces.issue().unwrap();
/// assert!(nonces.accepts(&nonce));
/// assert!(!nonces.accepts("of somebody else"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Nonces {
    signer: Signer,
    /// Of the secret, and of those before it.
    verifiers: Vec<Verifier>,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
    backend: Arc<dyn Backend>,
}

impl Nonces {
    /// Nonces under a secret of at least 32 octets, which the nodes of a server share.
    ///
    /// # Errors
    ///
    /// [`NonceKeyError`] for a shorter one.
    pub fn new(backend: &Arc<dyn Backend>, secret: &SecretBytes) -> Result<Self, NonceKeyError> {
        let key = SecretJwk::new(secret.expose());
        Ok(Self {
            signer: Signer::bind_to(backend, &key, MacAlg::Hs256)?,
            verifiers: vec![Verifier::bind_to(backend, &key, MacAlg::Hs256)?],
            lifetime: Duration::from_secs(180),
            clock: Arc::new(SystemClock),
            backend: Arc::clone(backend),
        })
    }

    /// Accepts nonces of an older secret, too, while the nodes change over.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn also(mut self, secret: &SecretBytes) -> Result<Self, NonceKeyError> {
        let key = SecretJwk::new(secret.expose());
        self.verifiers
            .push(Verifier::bind_to(&self.backend, &key, MacAlg::Hs256)?);
        Ok(self)
    }

    /// Accepts a nonce for so long.
    #[must_use]
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Asks this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The nonce of now; none where the primitive fails, and then no proof with a nonce is accepted either.
    #[must_use]
    pub fn issue(&self) -> Option<String> {
        let now = seconds(self.clock.now());
        let made = Builder::new(&now.to_be_bytes()[..])
            .headers(header())
            .sign_compact(&self.signer)
            .ok()?;
        // The header is the same each time.
        made.split_once('.').map(|(_, rest)| rest.to_owned())
    }

    /// Whether the nonce is one of ours and not too old.
    #[must_use]
    pub fn accepts(&self, nonce: &str) -> bool {
        self.age(nonce).is_some_and(|age| age <= self.lifetime)
    }

    /// The next nonce, where the one of a request is so old that the client should have it.
    #[must_use]
    pub fn next(&self, nonce: &str) -> Option<String> {
        let is_young = self.age(nonce).is_some_and(|age| age < self.lifetime / 3);
        if is_young { None } else { self.issue() }
    }

    /// The age of a nonce of ours.
    fn age(&self, nonce: &str) -> Option<Duration> {
        if nonce.len() > LONGEST {
            return None;
        }
        let token = format!("{}.{nonce}", self.header_segment());
        let verified = Jws::parse_compact(&token)
            .ok()?
            .verify(&self.verifiers)
            .ok()?;
        let made = u64::from_be_bytes(verified.payload().try_into().ok()?);
        // One from the future is of a node whose clock is ahead.
        let age = seconds(self.clock.now()).checked_sub(made);
        Some(Duration::from_secs(age.unwrap_or_default()))
    }

    fn header_segment(&self) -> String {
        base64url::encode(format!(
            "{{\"alg\":\"{}\",\"typ\":\"{TYP}\"}}",
            self.signer.alg()
        ))
    }
}

/// What tells the MAC of a nonce from every other MAC under the secret.
const TYP: &str = "dpop-nonce";
/// More than any of ours.
const LONGEST: usize = 128;

fn header() -> Headers {
    Headers::new().typ(TYP).without_kid()
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nonces")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// The secret for nonces is too short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NonceKeyError(KeyError);

impl NonceKeyError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> bulla_core::Fault {
        self.0.fault()
    }
}

impl From<KeyError> for NonceKeyError {
    fn from(error: KeyError) -> Self {
        Self(error)
    }
}

impl fmt::Display for NonceKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the secret for DPoP nonces: {}", self.0)
    }
}

impl std::error::Error for NonceKeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64, secret: u8) -> Nonces {
        let backend = bulla_aws_lc::backend();
        let now: Arc<dyn Clock> = Arc::new(UNIX_EPOCH + Duration::from_secs(seconds));
        Nonces::new(&backend, &SecretBytes::from(vec![secret; 32]))
            .unwrap()
            .clock(now)
    }

    #[test]
    fn a_nonce_lives_three_minutes_and_is_renewed_after_one() {
        let nonce = at(1_000, 1).issue().unwrap();
        assert!(nonce.len() < LONGEST);
        assert!(at(1_000, 1).accepts(&nonce) && at(1_180, 1).accepts(&nonce));
        assert!(!at(1_181, 1).accepts(&nonce));
        assert_eq!(at(1_059, 1).next(&nonce), None);
        assert_eq!(at(1_060, 1).next(&nonce), at(1_060, 1).issue());
        assert!(at(1_000, 1).next("").is_some());
    }

    #[test]
    fn a_node_whose_clock_is_behind_accepts_it() {
        assert!(at(990, 1).accepts(&at(1_000, 1).issue().unwrap()));
    }

    #[test]
    fn a_nonce_of_another_secret_is_none_unless_it_was_ours() {
        let old = at(1_000, 1).issue().unwrap();
        assert!(!at(1_000, 2).accepts(&old));
        let both = at(1_000, 2).also(&SecretBytes::from(vec![1; 32])).unwrap();
        assert!(both.accepts(&old));
        assert_ne!(both.issue().unwrap(), old);
    }

    #[test]
    fn a_changed_nonce_is_none() {
        let nonce = at(1_000, 1).issue().unwrap();
        for index in 0..nonce.len() {
            let mut changed = nonce.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert!(
                !at(1_000, 1).accepts(&String::from_utf8(changed).unwrap()),
                "{index}"
            );
        }
    }

    #[test]
    fn a_short_secret_is_refused() {
        let short = SecretBytes::from(vec![1; 31]);
        assert_eq!(
            Nonces::new(&bulla_aws_lc::backend(), &short)
                .unwrap_err()
                .code(),
            "jwk.too-weak"
        );
    }
}
