//! The public half of a key on a token.

use bulla_core::jwa::MlDsaParameters;
use bulla_core::jwk::{AkpPublicKey, Jwk, KeyError, PublicJwk, PublicKey, RsaPublicKey, pem};
use bulla_core::key::Backend;
use cryptoki::object::{
    Attribute, AttributeType, KeyType, MlDsaParameterSetType, ObjectClass, ObjectHandle,
};
use cryptoki::session::Session;

use super::curve::Curve;
use super::error::Failed;
use super::object::{Wanted, attribute};
use crate::{OpenError, VaultError};

/// The public half: of the public key object of the same `CKA_ID`, else of the certificate, else of what the private key
/// tells of itself.
pub(super) fn read(
    session: &Session,
    private: ObjectHandle,
    wanted: &Wanted,
    backend: &dyn Backend,
) -> Result<PublicKey, OpenError> {
    let kind = key_type(session, private)?;
    for object in same_id(session, wanted, ObjectClass::PUBLIC_KEY)? {
        if key_type(session, object)? == kind
            && let Some(key) = of_object(session, object, kind, backend)?
        {
            return Ok(key);
        }
    }
    for object in same_id(session, wanted, ObjectClass::CERTIFICATE)? {
        if let Some(Attribute::Value(der)) = attribute(session, object, AttributeType::Value)? {
            // The certificate itself is not published: whether it should be is not the token's to say.
            return Ok(PublicJwk::from_certificate(&der)?.key().clone());
        }
    }
    of_object(session, private, kind, backend)?.ok_or_else(|| {
        let detail = "its public half, neither as a public key nor as a certificate of the same id";
        OpenError::Vault(VaultError::NotFound {
            detail: detail.into(),
        })
    })
}

/// `CKA_KEY_TYPE`.
pub(super) fn key_type(session: &Session, object: ObjectHandle) -> Result<KeyType, Failed> {
    match attribute(session, object, AttributeType::KeyType)? {
        Some(Attribute::KeyType(kind)) => Ok(kind),
        _ => Err(Failed::from(VaultError::unsupported(
            "the token does not say of what type the key is",
        ))),
    }
}

/// The objects that belong to the key: those of its id or, where it has none, of its label.
fn same_id(
    session: &Session,
    wanted: &Wanted,
    class: ObjectClass,
) -> Result<Vec<ObjectHandle>, Failed> {
    let name = match wanted.id.is_empty() {
        true => Attribute::Label(wanted.label.clone()),
        false => Attribute::Id(wanted.id.clone()),
    };
    Ok(session.find_objects(&[Attribute::Class(class), name])?)
}

/// What a public or private key object tells, if it tells enough.
fn of_object(
    session: &Session,
    object: ObjectHandle,
    kind: KeyType,
    backend: &dyn Backend,
) -> Result<Option<PublicKey>, OpenError> {
    let get = |kind| attribute(session, object, kind);
    let key = match kind {
        KeyType::RSA => match (
            get(AttributeType::Modulus)?,
            get(AttributeType::PublicExponent)?,
        ) {
            (Some(Attribute::Modulus(n)), Some(Attribute::PublicExponent(e))) => Some(rsa(&n, &e)?),
            _ => None,
        },
        KeyType::EC | KeyType::EC_EDWARDS | KeyType::EC_MONTGOMERY => {
            match (get(AttributeType::EcParams)?, get(AttributeType::EcPoint)?) {
                (Some(Attribute::EcParams(curve)), Some(Attribute::EcPoint(point))) => {
                    Some(Curve::read(&curve, kind)?.key(&point)?)
                }
                _ => None,
            }
        }
        KeyType::ML_DSA => ml_dsa(session, object)?,
        other => return Err(unsupported(other)),
    };
    if key.is_some() {
        return Ok(key);
    }
    // CKA_PUBLIC_KEY_INFO of PKCS#11 2.40, which is empty on most tokens.
    match get(AttributeType::PublicKeyInfo)? {
        Some(Attribute::PublicKeyInfo(der)) if !der.is_empty() => {
            match pem::read(&der, None, backend)? {
                Jwk::Public(key) => Ok(Some(key.key().clone())),
                _ => Err(KeyError::malformed("CKA_PUBLIC_KEY_INFO", "is no public key").into()),
            }
        }
        _ => Ok(None),
    }
}

/// Big integers, which some tokens give with zeros before them.
fn rsa(n: &[u8], e: &[u8]) -> Result<PublicKey, KeyError> {
    fn trimmed(octets: &[u8]) -> &[u8] {
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        octets.get(zeros..).unwrap_or_default()
    }
    Ok(PublicKey::Rsa(RsaPublicKey::new(trimmed(n), trimmed(e))?))
}

fn ml_dsa(session: &Session, object: ObjectHandle) -> Result<Option<PublicKey>, OpenError> {
    let parameters = match attribute(session, object, AttributeType::ParameterSet)? {
        Some(Attribute::ParameterSet(set)) => {
            let parameters = [
                (MlDsaParameterSetType::ML_DSA_44, MlDsaParameters::MlDsa44),
                (MlDsaParameterSetType::ML_DSA_65, MlDsaParameters::MlDsa65),
                (MlDsaParameterSetType::ML_DSA_87, MlDsaParameters::MlDsa87),
            ];
            let found = parameters.iter().find(|(known, _)| set == (*known).into());
            match found {
                Some((_, parameters)) => *parameters,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    // Of a private key, CKA_VALUE is the secret: it is not asked for.
    match attribute(session, object, AttributeType::Class)? {
        Some(Attribute::Class(ObjectClass::PUBLIC_KEY)) => {}
        _ => return Ok(None),
    }
    match attribute(session, object, AttributeType::Value)? {
        Some(Attribute::Value(public)) => {
            Ok(Some(PublicKey::Akp(AkpPublicKey::new(parameters, public)?)))
        }
        _ => Ok(None),
    }
}

/// A type of key that JOSE has no algorithm for.
pub(super) fn unsupported(kind: KeyType) -> OpenError {
    OpenError::Vault(VaultError::unsupported(format!("keys of the type {kind}")))
}
