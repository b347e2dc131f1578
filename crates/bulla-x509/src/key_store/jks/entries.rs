use bulla_core::Limits;
use bulla_core::jwk::Jwk;
use bulla_core::key::Backend;

use super::super::entry::java_time;
use super::super::{Entry, KeyStoreError, Passwords, Rejected, StoredKeys, certified};
use super::cursor::Cursor;
use super::protector;

/// What stands between the magic and the digest, which has been checked.
pub(super) fn read(
    mut cursor: Cursor<'_>,
    passwords: &Passwords,
    backend: &dyn Backend,
) -> Result<StoredKeys, KeyStoreError> {
    let _magic = cursor.u32()?;
    let version = cursor.u32()?;
    if !matches!(version, 1 | 2) {
        return Err(KeyStoreError::malformed(
            "JKS",
            "is of neither version 1 nor 2",
        ));
    }
    let count = cursor.u32()?;
    if usize::try_from(count).is_ok_and(|count| count > Limits::DEFAULT.keys) {
        return Err(KeyStoreError::LimitExceeded("the number of entries"));
    }
    let (mut entries, mut rejected) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let raw = RawEntry::read(&mut cursor, version)?;
        match raw.key(passwords, backend) {
            Ok(key) => entries.push(Entry::new(raw.alias, java_time(raw.created), key, backend)),
            Err(error) => rejected.push(Rejected {
                name: raw.alias,
                error,
            }),
        }
    }
    if !cursor.is_at_end() {
        return Err(KeyStoreError::malformed(
            "the JKS file",
            "goes on after its last entry",
        ));
    }
    Ok(StoredKeys::new(entries, rejected))
}

struct RawEntry<'a> {
    alias: String,
    created: u64,
    content: Content<'a>,
}

enum Content<'a> {
    Certificate(Certificate<'a>),
    /// A protected key; its chain, or nothing where that is longer than we take.
    Private(&'a [u8], Option<Vec<Certificate<'a>>>),
}

struct Certificate<'a> {
    is_x509: bool,
    der: &'a [u8],
}

impl<'a> RawEntry<'a> {
    fn read(cursor: &mut Cursor<'a>, version: u32) -> Result<Self, KeyStoreError> {
        let tag = cursor.u32()?;
        let alias = cursor.text()?;
        let created = cursor.u64()?;
        let content = match tag {
            PRIVATE => {
                let protected = cursor.block()?;
                Content::Private(protected, read_chain(cursor, version)?)
            }
            CERTIFICATE => Content::Certificate(Certificate::read(cursor, version)?),
            _ => {
                return Err(KeyStoreError::malformed(
                    "an entry of the JKS file",
                    "is neither a private key nor a certificate",
                ));
            }
        };
        Ok(Self {
            alias,
            created,
            content,
        })
    }

    fn key(&self, passwords: &Passwords, backend: &dyn Backend) -> Result<Jwk, KeyStoreError> {
        if self.alias.len() > Limits::DEFAULT.kid {
            return Err(KeyStoreError::LimitExceeded("the length of the alias"));
        }
        match &self.content {
            Content::Certificate(certificate) => certified::trusted(certificate.x509()?),
            Content::Private(protected, chain) => {
                let chain = chain
                    .as_ref()
                    .ok_or(KeyStoreError::LimitExceeded("the length of the chain"))?
                    .iter()
                    .map(|certificate| certificate.x509().map(<[u8]>::to_vec))
                    .collect::<Result<_, _>>()?;
                let password = passwords
                    .entry(&self.alias)
                    .ok_or(KeyStoreError::PasswordMissing)?;
                let plain = protector::open(protected, password)?;
                let key = certified::private(plain.expose(), backend)?;
                certified::with_chain(key, chain).map(Jwk::Private)
            }
        }
    }
}

/// Walks over every certificate and keeps a few.
fn read_chain<'a>(
    cursor: &mut Cursor<'a>,
    version: u32,
) -> Result<Option<Vec<Certificate<'a>>>, KeyStoreError> {
    let count = cursor.u32()?;
    let mut chain = Vec::new();
    let mut is_short = true;
    for _ in 0..count {
        let certificate = Certificate::read(cursor, version)?;
        if chain.len() < Limits::DEFAULT.x5c {
            chain.push(certificate);
        } else {
            is_short = false;
        }
    }
    Ok(is_short.then_some(chain))
}

impl<'a> Certificate<'a> {
    fn read(cursor: &mut Cursor<'a>, version: u32) -> Result<Self, KeyStoreError> {
        // Version 1 knew no other kind, and did not say so.
        let is_x509 = version == 1 || cursor.text()? == "X.509";
        Ok(Self {
            is_x509,
            der: cursor.block()?,
        })
    }

    fn x509(&self) -> Result<&'a [u8], KeyStoreError> {
        if self.is_x509 {
            Ok(self.der)
        } else {
            Err(KeyStoreError::Unsupported(
                "a certificate that is not X.509",
            ))
        }
    }
}

const PRIVATE: u32 = 1;
const CERTIFICATE: u32 = 2;
