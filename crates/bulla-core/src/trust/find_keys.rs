//! What [`HeaderKeys`] finds for a whole token: to verify with, and to decrypt with.

use super::header_keys::HeaderKeys;
use super::resolved_keys::{Found, ResolvedKeys};
use super::said::Said;
use super::search::Search;
use super::{ResolveError, Trusted};
use crate::header::Header;
use crate::jwa::{AlgName, KeyManagementAlg, MacAlg, SignatureAlg};
use crate::jwe::{self, Jwe};
use crate::jwk::{Jwk, KeyError, UsageMismatch, Use, check_key_usage};
use crate::jws::{self, Jws};
use crate::jwt::{self, Jwt};
use crate::key::{Decrypter, Verifier};

/// The kind of algorithm that `alg` names, if the application allows it.
#[derive(Clone, Copy)]
enum Signed {
    Signature(SignatureAlg),
    Mac(MacAlg),
}

impl HeaderKeys {
    /// Finds the keys of each signature. What is fetched is fetched once for a token.
    ///
    /// # Errors
    ///
    /// [`ResolveError`] where no signature found a key. Where some did, the errors of the others are kept, and are theirs
    /// when the token is verified.
    ///
    /// ```
    /// # async fn f(token: &str, header_keys: &bulla_core::trust::HeaderKeys) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::jws::Jws;
    /// let jws = Jws::parse_compact(token)?;
    /// let keys = header_keys.keys_for(&jws).await?;
    /// for key in keys.keys() {
    ///     println!("{:?}, trusted by {}", key.info().kid(), key.info().trust());
    /// }
    /// let verified = jws.verify(&keys)?;
    /// # let _ = verified; Ok(()) }
    /// ```
    pub async fn keys_for(
        &self,
        jws: &Jws<'_, jws::Unverified>,
    ) -> Result<ResolvedKeys, ResolveError> {
        let mut search = Search::new(self);
        let mut found = Vec::new();
        for entry in jws.signatures() {
            let keys = search.signature(entry.header(), entry.protected()).await;
            found.push((entry.header(), keys));
        }
        ResolvedKeys::of(found)
    }

    /// Finds the keys of a JWT whose header was read. [`Expectations::resolve_and_verify`](jwt::Expectations::resolve_and_verify) takes all steps at once.
    ///
    /// # Errors
    ///
    /// [`ResolveError`] where there is none.
    pub async fn keys_for_jwt(
        &self,
        jwt: &Jwt<'_, jwt::Unverified<'_>>,
    ) -> Result<ResolvedKeys, ResolveError> {
        let header = jwt.header();
        let found = Search::new(self).signature(header, header).await;
        ResolvedKeys::of([(header, found)])
    }

    /// Finds the keys and verifies: at least one signature must hold.
    ///
    /// # Errors
    ///
    /// [`jws::VerifyError::Resolve`] where no signature found a key, and as for [`Jws::verify`].
    pub async fn verify_jws<'t>(
        &self,
        jws: Jws<'t, jws::Unverified>,
    ) -> Result<Jws<'t, jws::Verified>, jws::VerifyError> {
        let keys = self.keys_for(&jws).await?;
        jws.verify(&keys)
    }

    /// Finds the private and symmetric keys of each recipient: in stores and with resolvers, never in the token.
    ///
    /// # Errors
    ///
    /// [`ResolveError`] where no recipient found a key.
    pub async fn decryption_keys_for(
        &self,
        jwe: &Jwe<'_, jwe::Encrypted>,
    ) -> Result<ResolvedKeys<Decrypter>, ResolveError> {
        let search = Search::new(self);
        let mut found = Vec::new();
        for recipient in jwe.recipients() {
            let header = recipient.header();
            found.push((header, search.recipient(header, jwe.protected()).await));
        }
        ResolvedKeys::of(found)
    }

    /// Finds the keys and decrypts.
    ///
    /// # Errors
    ///
    /// [`jwe::DecryptError::Resolve`] where no recipient found a key, and as for [`Jwe::decrypt`].
    pub async fn decrypt_jwe<'t>(
        &self,
        jwe: Jwe<'t, jwe::Encrypted>,
    ) -> Result<Jwe<'t, jwe::Decrypted>, jwe::DecryptError> {
        let keys = self.decryption_keys_for(&jwe).await?;
        jwe.decrypt(&keys)
    }
}

impl Search<'_> {
    async fn signature(
        &mut self,
        header: &Header,
        protected: &Header,
    ) -> Result<Found<Verifier>, ResolveError> {
        let (with, name) = (self.with, alg(header));
        let alg = with.signed(name)?;
        let said = Said::read(header, protected, name, with.backend.as_ref(), &with.limits)?;
        self.any(&said, &move |key| with.bind_verifier(key, alg))
            .await
    }

    async fn recipient(
        &self,
        header: &Header,
        protected: &Header,
    ) -> Result<Found<Decrypter>, ResolveError> {
        let (with, name) = (self.with, alg(header));
        let allowed = KeyManagementAlg::from_name(name.as_str());
        let alg = allowed.filter(|alg| with.key_management.contains(alg));
        let alg = alg.ok_or_else(|| ResolveError::AlgorithmNotAllowed {
            alg: name.clone(),
            encrypted: true,
        })?;
        let said = Said::read(header, protected, name, with.backend.as_ref(), &with.limits)?;
        self.held(&said, &move |key| with.bind_decrypter(key, alg))
            .await
    }
}

impl HeaderKeys {
    fn signed(&self, alg: &AlgName) -> Result<Signed, ResolveError> {
        let signature = SignatureAlg::from_name(alg.as_str())
            .filter(|alg| self.policy.allows_signature(*alg))
            .map(Signed::Signature);
        let mac = || {
            MacAlg::from_name(alg.as_str())
                .filter(|alg| self.policy.allows_mac(*alg))
                .map(Signed::Mac)
        };
        signature
            .or_else(mac)
            .ok_or_else(|| ResolveError::AlgorithmNotAllowed {
                alg: alg.clone(),
                encrypted: false,
            })
    }

    fn bind_verifier(&self, key: &Trusted<Jwk>, alg: Signed) -> Result<Verifier, KeyError> {
        check_key_usage(key.members(), Use::Signatures)?;
        let why = key.why().clone();
        match (&**key, alg) {
            (Jwk::Public(key), Signed::Signature(alg)) => {
                Verifier::bind_to(&self.backend, &Trusted::new(key.clone(), why), alg)
            }
            (Jwk::Private(key), Signed::Signature(alg)) => {
                Verifier::bind_to(&self.backend, &Trusted::new(key.public(), why), alg)
            }
            (Jwk::Secret(key), Signed::Mac(alg)) => {
                Verifier::bind_to(&self.backend, &Trusted::new(key.clone(), why), alg)
            }
            (key, Signed::Signature(_)) => Err(unfit(key, "a key pair")),
            (key, Signed::Mac(_)) => Err(unfit(key, "a symmetric key")),
        }
    }

    fn bind_decrypter(
        &self,
        key: &Trusted<Jwk>,
        alg: KeyManagementAlg,
    ) -> Result<Decrypter, KeyError> {
        // The `keyUsage` of its certificate binds whoever encrypts to the key. What was encrypted all the same is read.
        let why = key.why().clone();
        match &**key {
            Jwk::Private(key) => {
                Decrypter::bind_to(&self.backend, &Trusted::new(key.clone(), why), alg)
            }
            Jwk::Secret(key) => {
                Decrypter::bind_to(&self.backend, &Trusted::new(key.clone(), why), alg)
            }
            Jwk::Public(_) => Err(KeyError::WrongKind {
                found: key.kind(),
                expected: "a private or symmetric key",
            }),
        }
    }
}

fn unfit(key: &Jwk, expected: &'static str) -> KeyError {
    KeyError::UsageMismatch(UsageMismatch::Type {
        found: key.kind(),
        expected,
    })
}

/// A token without `alg` names one that nothing allows.
fn alg(header: &Header) -> &AlgName {
    header.alg().unwrap_or(&NO_ALG)
}

static NO_ALG: AlgName = AlgName::from_static("");
