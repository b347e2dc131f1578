//! The bare operations, each in a session that is given.

use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, SignatureAlg, SignatureScheme};
use bulla_core::jwk::{OkpCurve, PublicKey};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::elliptic_curve::{EcKdf, Ecdh1DeriveParams};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use der::Encode as _;
use der::asn1::OctetStringRef;
use zeroize::Zeroize as _;

use super::error::{Failed, of_data};
use super::mechanism;
use crate::VaultError;

/// How the token uses an AES key to wrap others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AesKeyWrap {
    /// `C_Encrypt` and `C_Decrypt`.
    Cipher,
    /// `C_WrapKey` and `C_UnwrapKey`, on an object of the session that shows its value.
    Object,
}

/// A signature, in the form that JOSE wants.
pub(super) fn sign(
    session: &Session,
    key: ObjectHandle,
    alg: SignatureAlg,
    curve: Option<OkpCurve>,
    octets: &[u8],
) -> Result<Vec<u8>, Failed> {
    let mechanism = mechanism::signature(alg, curve)
        .ok_or_else(|| VaultError::unsupported(alg.name().as_str()))?;
    let signed = mechanism::signed_octets(alg, octets);
    let signature = session.sign(&mechanism, key, &signed)?;
    match alg.facts().scheme {
        SignatureScheme::Ecdsa(curve, _) => Ok(whole(&signature, curve.field_len())?),
        _ => Ok(signature),
    }
}

/// R‖S, each as long as the field. A token may leave the same number of zeros out of both (PKCS#11 2.40 §2.3.1).
fn whole(signature: &[u8], field: usize) -> Result<Vec<u8>, VaultError> {
    let half = signature.len() / 2;
    let (r, s) = signature.split_at(half);
    let (Some(missing), true) = (field.checked_sub(half), r.len() == s.len()) else {
        return Err(VaultError::Integrity {
            what: "the signature is not as long as those of its curve",
        });
    };
    let zeros = vec![0; missing];
    Ok([&zeros, r, &zeros, s].concat())
}

/// A content encryption key, wrapped.
pub(super) fn wrap(
    session: &Session,
    key: ObjectHandle,
    how: AesKeyWrap,
    cek: &SecretBytes,
) -> Result<Vec<u8>, Failed> {
    match how {
        AesKeyWrap::Cipher => Ok(session.encrypt(&Mechanism::AesKeyWrap, key, cek.expose())?),
        AesKeyWrap::Object => {
            let mut template = open_secret();
            template.push(Attribute::Value(cek.expose().to_vec()));
            let object = session.create_object(&template);
            if let Some(Attribute::Value(copy)) = template.last_mut() {
                copy.zeroize();
            }
            let object = object?;
            let wrapped = session.wrap_key(&Mechanism::AesKeyWrap, key, object);
            session.destroy_object(object)?;
            Ok(wrapped?)
        }
    }
}

/// A content encryption key, unwrapped.
pub(super) fn unwrap(
    session: &Session,
    key: ObjectHandle,
    alg: KeyManagementAlg,
    aes: Option<AesKeyWrap>,
    encrypted: &[u8],
) -> Result<SecretBytes, Failed> {
    let mechanism =
        mechanism::decryption(alg).ok_or_else(|| VaultError::unsupported(alg.name().as_str()))?;
    if aes == Some(AesKeyWrap::Object) {
        let template = open_secret();
        let object = session
            .unwrap_key(&mechanism, key, encrypted, &template)
            .map_err(|error| of_data(session, error))?;
        return value(session, object);
    }
    let decrypted = session
        .decrypt(&mechanism, key, encrypted)
        .map_err(|error| of_data(session, error))?;
    Ok(SecretBytes::from(decrypted))
}

/// The shared secret Z with `ephemeral`, as long as the field.
pub(super) fn agree(
    session: &Session,
    key: ObjectHandle,
    ephemeral: &PublicKey,
) -> Result<SecretBytes, Failed> {
    let (point, len) = match ephemeral {
        PublicKey::Ec(key) => (key.to_uncompressed(), key.curve().field_len()),
        PublicKey::Okp(key) => (key.x().to_vec(), key.curve().key_len()),
        _ => return Err(Failed::from(VaultError::unsupported("this type of key"))),
    };
    let mut template = open_secret();
    template.push(Attribute::ValueLen(
        len.try_into()
            .map_err(|_| VaultError::unsupported("this length"))?,
    ));
    let derive = |point: &[u8]| {
        let parameters = Ecdh1DeriveParams::new(EcKdf::null(), point);
        session.derive_key(&Mechanism::Ecdh1Derive(parameters), key, &template)
    };
    let object = match derive(&point) {
        // Tokens must take the point as it is, and a few of the older ones take it in an OCTET STRING alone.
        Err(Error::Pkcs11(
            RvError::ArgumentsBad
            | RvError::DataInvalid
            | RvError::DataLenRange
            | RvError::MechanismParamInvalid,
            _,
        )) => {
            let wrapped = OctetStringRef::new(&point).and_then(|point| point.to_der());
            let wrapped = wrapped.map_err(|_| VaultError::unsupported("this length"))?;
            derive(&wrapped)
        }
        derived => derived,
    };
    let object = object.map_err(|error| of_data(session, error))?;
    let secret = value(session, object)?;
    if secret.len() == len {
        Ok(secret)
    } else {
        Err(Failed::from(VaultError::Integrity {
            what: "a shared secret of another length",
        }))
    }
}

/// What becomes a secret of this session, that can be read and is gone with it.
fn open_secret() -> Vec<Attribute> {
    vec![
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::Token(false),
        Attribute::Private(false),
        Attribute::Sensitive(false),
        Attribute::Extractable(true),
    ]
}

/// The value of such an object, which is destroyed.
fn value(session: &Session, object: ObjectHandle) -> Result<SecretBytes, Failed> {
    let value = session.get_attributes(object, &[AttributeType::Value]);
    // Taken first, so that it is wiped whatever else goes wrong.
    let value = value.map(|mut attributes| match attributes.pop() {
        Some(Attribute::Value(value)) => Some(SecretBytes::from(value)),
        _ => None,
    });
    session.destroy_object(object)?;
    match value? {
        Some(value) => Ok(value),
        None => Err(Failed::from(VaultError::unsupported(
            "the token does not give out the secret that it agreed on",
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn zeros_that_were_left_out() {
        assert_eq!(whole(&[1, 2], 2).expect("padded"), [0, 1, 0, 2]);
        assert_eq!(whole(&[1, 2, 3, 4], 2).expect("as it is"), [1, 2, 3, 4]);
        assert!(whole(&[1, 2, 3], 2).is_err());
        assert!(whole(&[1; 6], 2).is_err());
    }
}
