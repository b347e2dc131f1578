use std::collections::HashSet;

use bulla_core::Limits;
use bulla_core::jwk::{Jwk, PrivateJwk};
use bulla_core::key::Backend;
use der::Decode as _;
use der::asn1::{ObjectIdentifier, OctetStringRef};

use super::super::stored_keys::check_len;
use super::super::{Entry, KeyStoreError, Passwords, Rejected, StoredKeys, certified};
use super::bags::{Bag, Bags, Content};
use super::budget::Budget;
use super::chains::Certificates;
use super::encryption::Opener;
use super::mac;
use super::structure::{ContentInfo, EncryptedData, Pfx, for_each, malformed, oid, sequence_of};

/// Reads a PKCS#12 file.
///
/// A key that cannot be read does not keep the others from being used: it is [rejected](StoredKeys::rejected), with the
/// reason. So is a certificate that is neither in the chain of a private key nor marked as trusted.
///
/// ```
/// # fn f(octets: &[u8], backend: &dyn bulla_core::key::Backend) -> Result<(), bulla_x509::key_store::KeyStoreError> {
/// use bulla_x509::key_store::{Passwords, pkcs12};
///
/// let store = pkcs12::read(octets, &Passwords::new("changeit"), backend)?;
/// for entry in store.entries() {
///     println!("{}: {}", entry.alias(), entry.key().kind());
/// }
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`KeyStoreError::PasswordMissing`]; [`KeyStoreError::PasswordWrong`] where the MAC is another, be it for the password or
/// because the file was changed; [`KeyStoreError::Unauthenticated`] where there is no MAC; [`KeyStoreError::Malformed`];
/// [`KeyStoreError::UnsupportedAlgorithm`], [`KeyStoreError::Unsupported`]; [`KeyStoreError::LimitExceeded`] for more than 2 MiB,
/// 1,000 keys, a million iterations for one key or twelve million for all.
pub fn read(
    octets: &[u8],
    passwords: &Passwords,
    backend: &dyn Backend,
) -> Result<StoredKeys, KeyStoreError> {
    check_len(octets)?;
    let pfx = Pfx::from_der(octets).map_err(|_| not_pkcs12(octets))?;
    if pfx.version != 3 {
        return Err(KeyStoreError::malformed("PKCS#12", "is not of version 3"));
    }
    let content = data(&pfx.auth_safe)?;
    let mac_data = pfx.mac_data.ok_or(KeyStoreError::Unauthenticated)?;
    let password = passwords.store().ok_or(KeyStoreError::PasswordMissing)?;
    let mut budget = Budget::new();
    mac::check(&mac_data, content, password, &mut budget)?;

    let mut bags = Bags::new(passwords, Opener { backend, budget });
    let safes = sequence_of(content, "AuthenticatedSafe")?;
    for_each(
        safes,
        "AuthenticatedSafe",
        |safe: ContentInfo<'_>| match safe.content_type {
            DATA => bags.add(data(&safe)?),
            ENCRYPTED_DATA => match decrypted(&safe, password, &mut bags.opener)? {
                Some(plain) => bags.add(plain.expose()),
                None => Ok(()),
            },
            _ => Err(KeyStoreError::Unsupported(
                "a safe that is protected by a key in place of a password",
            )),
        },
    )?;
    entries(bags.found, backend)
}

/// Whether a file begins as PKCS#12 does and no other structure of keys: a sequence whose first element is the number 3, and whose
/// second is a sequence.
#[must_use]
pub fn is_pkcs12(octets: &[u8]) -> bool {
    let [0x30, len, rest @ ..] = octets else {
        return false;
    };
    let more = if len & 0x80 == 0 { 0 } else { len & 0x7f };
    rest.get(more.into()..)
        .is_some_and(|content| content.starts_with(&[0x02, 0x01, 0x03, 0x30]))
}

fn not_pkcs12(octets: &[u8]) -> KeyStoreError {
    match octets {
        [0x30, 0x80, ..] => KeyStoreError::malformed(
            "PKCS#12",
            "is in BER; `openssl pkcs12 -in FILE -nodes | openssl pkcs12 -export -out FILE` writes it in DER",
        ),
        _ => malformed("PFX"),
    }
}

/// The octets of a content that is not encrypted.
fn data<'a>(content: &ContentInfo<'a>) -> Result<&'a [u8], KeyStoreError> {
    if content.content_type != DATA {
        return Err(KeyStoreError::Unsupported(
            "a store that is signed in place of having a MAC",
        ));
    }
    content
        .content
        .and_then(|any| any.decode_as::<&OctetStringRef>().ok())
        .map(OctetStringRef::as_bytes)
        .ok_or_else(|| malformed("ContentInfo"))
}

fn decrypted(
    safe: &ContentInfo<'_>,
    password: &str,
    opener: &mut Opener<'_>,
) -> Result<Option<bulla_core::SecretBytes>, KeyStoreError> {
    let encrypted: EncryptedData<'_> = safe
        .content
        .and_then(|any| any.decode_as().ok())
        .ok_or_else(|| malformed("EncryptedData"))?;
    let content = encrypted.content;
    content
        .data
        .map(|data| opener.open(content.algorithm, data.as_bytes(), password))
        .transpose()
}

/// Keys get the chains that belong to them; what belongs to no key must be trusted.
fn entries(bags: Vec<Bag>, backend: &dyn Backend) -> Result<StoredKeys, KeyStoreError> {
    let mut certificates = Certificates::of(&bags);
    let mut keys = Vec::new();
    for bag in &bags {
        let key = match &bag.content {
            Ok(Content::Private(key)) => Some(with_chain(key, bag, &mut certificates)),
            Ok(Content::Secret(key)) => Some(Ok(Jwk::Secret((**key).clone()))),
            Ok(Content::Certificate(der)) if bag.attributes.is_trusted => {
                Some(certified::trusted(der))
            }
            Ok(Content::Certificate(_)) => None,
            Err(error) => Some(Err(error.clone())),
        };
        keys.push(key);
    }
    let unreadable: HashSet<_> = bags.iter().filter_map(unreadable_id).collect();
    let (mut entries, mut rejected) = (Vec::new(), Vec::new());
    for (bag, key) in bags.iter().zip(keys) {
        let key = match (key, &bag.content) {
            (Some(key), _) => key,
            (None, Ok(Content::Certificate(der))) if certificates.is_used(der) => continue,
            (None, _) => match &bag.attributes.local_key_id {
                Some(id) if unreadable.contains(id) => continue,
                _ => Err(KeyStoreError::CertificateNotTrusted),
            },
        };
        let name = bag.alias.clone();
        match key {
            Ok(key) => entries.push(Entry::new(name, bag.attributes.created(), key, backend)),
            Err(error) => rejected.push(Rejected { name, error }),
        }
    }
    if entries.len() > Limits::DEFAULT.keys {
        return Err(KeyStoreError::LimitExceeded("the number of keys"));
    }
    Ok(StoredKeys::new(entries, rejected))
}

/// The local id of a key that could not be read: its certificate shares that fate, and is not rejected once more.
fn unreadable_id(bag: &Bag) -> Option<&Vec<u8>> {
    let id = bag.attributes.local_key_id.as_ref();
    id.filter(|_| bag.content.is_err())
}

fn with_chain(
    key: &PrivateJwk,
    bag: &Bag,
    certificates: &mut Certificates<'_>,
) -> Result<Jwk, KeyStoreError> {
    let chain = certificates.chain_of(key, bag.attributes.local_key_id.as_deref())?;
    certified::with_chain(key.clone(), chain).map(Jwk::Private)
}

const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.6");
