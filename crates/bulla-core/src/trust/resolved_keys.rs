use core::fmt;

use super::ResolveError;
use crate::header::Header;
use crate::key::{
    Candidates, Decrypter, DecryptionKeys, KeyHint, KeyInfo, Keys, SelectError, Verifier,
};

/// The keys that were found for one token, bound to its algorithms: a snapshot, which verifies (or, of
/// [`Decrypter`]s, decrypts) without asking anybody.
///
/// It serves signatures (or recipients) that say of their key what that token's do, and no others: a signature is not
/// tried with what the one beside it found. Where some of them found no key, the reason is kept, and is their error
/// when the token is verified.
pub struct ResolvedKeys<K = Verifier> {
    rows: Vec<Row<K>>,
}

struct Row<K> {
    header: Header,
    found: Result<Found<K>, ResolveError>,
}

/// The keys of one signature or recipient, and what was tried before in vain.
pub(super) struct Found<K> {
    pub(super) keys: Vec<K>,
    pub(super) failures: Vec<ResolveError>,
}

impl<K> ResolvedKeys<K> {
    /// The keys, in the order in which they will be tried.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        let found = self.rows.iter().filter_map(|row| row.found.as_ref().ok());
        found.flat_map(|found| &found.keys)
    }

    /// What went wrong on the way: resolvers that failed, chains that were refused, and signatures that found no key.
    pub fn failures(&self) -> impl Iterator<Item = &ResolveError> {
        self.rows.iter().flat_map(|row| match &row.found {
            Ok(found) => found.failures.as_slice(),
            Err(error) => core::slice::from_ref(error),
        })
    }

    /// Keeps what was found for each header. An error where none found a key.
    pub(super) fn of<'h>(
        found: impl IntoIterator<Item = (&'h Header, Result<Found<K>, ResolveError>)>,
    ) -> Result<Self, ResolveError> {
        let row = |(header, found): (&Header, _)| Row {
            header: header.clone(),
            found,
        };
        let rows: Vec<Row<K>> = found.into_iter().map(row).collect();
        if rows.iter().any(|row| row.found.is_ok()) {
            return Ok(Self { rows });
        }
        let errors = rows.into_iter().filter_map(|row| row.found.err());
        Err(ResolveError::several(errors.collect()))
    }

    fn candidates(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, K>, SelectError> {
        let mut error = None;
        for row in self.rows.iter().filter(|row| row.is_of(hint)) {
            match &row.found {
                Ok(found) => return Ok(found.keys.iter().collect()),
                // The same may stand once more where it is protected, and earn trust there.
                Err(other) => error = error.or(Some(other)),
            }
        }
        Err(match error {
            Some(error) => SelectError::Resolve(Box::new(error.clone())),
            None => SelectError::NotFound {
                kid: hint.kid.map(str::to_owned),
            },
        })
    }
}

impl<K> Row<K> {
    fn is_of(&self, hint: &KeyHint<'_>) -> bool {
        match hint.header {
            Some(header) => self.header.names_key_as(header),
            // Asked without a token, by what a hint can say.
            None => {
                self.header.alg() == Some(hint.alg)
                    && self.header.kid() == hint.kid
                    && self.header.x5t() == hint.x5t
                    && self.header.x5t_s256() == hint.x5t_s256
            }
        }
    }
}

impl Keys for ResolvedKeys<Verifier> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        self.candidates(hint)
    }
}

impl DecryptionKeys for ResolvedKeys<Decrypter> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        self.candidates(hint)
    }
}

/// What is bound to an algorithm and knows its key.
pub(super) trait Bound {
    fn info(&self) -> &KeyInfo;
}

impl Bound for Verifier {
    fn info(&self) -> &KeyInfo {
        self.info()
    }
}

impl Bound for Decrypter {
    fn info(&self) -> &KeyInfo {
        self.info()
    }
}

impl<K: fmt::Debug> fmt::Debug for ResolvedKeys<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolvedKeys")
            .field("keys", &self.keys().collect::<Vec<_>>())
            .field("failures", &self.failures().collect::<Vec<_>>())
            .finish()
    }
}
