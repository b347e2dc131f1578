//! Which object on a token is the key.

use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

use super::error::Failed;
use crate::uri::ObjectType;
use crate::{Pkcs11Uri, VaultError};

/// A key that was found: what names it among the others of its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) class: ObjectClass,
    pub(super) label: Vec<u8>,
    pub(super) id: Vec<u8>,
}

impl Wanted {
    fn template(&self) -> Vec<Attribute> {
        vec![
            Attribute::Class(self.class),
            Attribute::Label(self.label.clone()),
            Attribute::Id(self.id.clone()),
        ]
    }

    /// As a URI names it.
    fn named(&self) -> String {
        let label = String::from_utf8_lossy(&self.label);
        let id: String = self
            .id
            .iter()
            .map(|octet| format!("%{octet:02x}"))
            .collect();
        let kind = match self.class == ObjectClass::SECRET_KEY {
            true => "secret-key",
            false => "private",
        };
        format!("object={label};id={id};type={kind}")
    }
}

/// The private or secret key that a URI describes.
pub(super) fn find(session: &Session, uri: &Pkcs11Uri) -> Result<(ObjectHandle, Wanted), Failed> {
    let classes: &[ObjectClass] = match uri.object_type() {
        Some(ObjectType::Private) => &[ObjectClass::PRIVATE_KEY],
        Some(ObjectType::SecretKey) => &[ObjectClass::SECRET_KEY],
        None => &[ObjectClass::PRIVATE_KEY, ObjectClass::SECRET_KEY],
    };
    let mut found = Vec::new();
    for class in classes {
        let mut template = vec![Attribute::Class(*class)];
        if let Some(label) = uri.object() {
            template.push(Attribute::Label(label.into()));
        }
        if let Some(id) = uri.id() {
            template.push(Attribute::Id(id.into()));
        }
        for key in session.find_objects(&template)? {
            found.push((key, described(session, key, *class)?));
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Failed::from(VaultError::NotFound {
            detail: "the token shows no private or secret key of this label and id".into(),
        })),
        (Some((_, one)), Some((_, other))) => Err(Failed::from(VaultError::Ambiguous {
            detail: format!("the keys {} and {}; say which", one.named(), other.named()).into(),
        })),
    }
}

/// The same key after the token was away.
pub(super) fn find_again(session: &Session, wanted: &Wanted) -> Result<ObjectHandle, Failed> {
    let found = session.find_objects(&wanted.template())?;
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(Failed::from(VaultError::NotFound {
            detail: format!("the token has no key {} any more", wanted.named()).into(),
        })),
        _ => Err(Failed::from(VaultError::Ambiguous {
            detail: format!("there are several keys {} now", wanted.named()).into(),
        })),
    }
}

fn described(session: &Session, key: ObjectHandle, class: ObjectClass) -> Result<Wanted, Failed> {
    let label = match attribute(session, key, AttributeType::Label)? {
        Some(Attribute::Label(label)) => label,
        _ => Vec::new(),
    };
    let id = match attribute(session, key, AttributeType::Id)? {
        Some(Attribute::Id(id)) => id,
        _ => Vec::new(),
    };
    Ok(Wanted { class, label, id })
}

/// An attribute, if the object has it and shows it. Tokens that do not know one of several fail for all of them, so each is
/// asked for by itself.
pub(super) fn attribute(
    session: &Session,
    object: ObjectHandle,
    kind: AttributeType,
) -> Result<Option<Attribute>, Failed> {
    use cryptoki::error::{Error, RvError};
    match session.get_attributes(object, &[kind]) {
        Ok(attributes) => Ok(attributes.into_iter().next()),
        Err(Error::Pkcs11(
            RvError::AttributeTypeInvalid
            | RvError::AttributeSensitive
            | RvError::AttributeValueInvalid
            | RvError::FunctionFailed
            | RvError::GeneralError,
            _,
        )) => Ok(None),
        // A value that cryptoki does not know: a mechanism of the vendor's, say.
        Err(error @ Error::Pkcs11(..)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// Whether a boolean attribute is there and true.
pub(super) fn is_set(
    session: &Session,
    object: ObjectHandle,
    kind: AttributeType,
) -> Result<bool, Failed> {
    Ok(match attribute(session, object, kind)? {
        Some(
            Attribute::Sign(value)
            | Attribute::Decrypt(value)
            | Attribute::Encrypt(value)
            | Attribute::Derive(value)
            | Attribute::Wrap(value)
            | Attribute::Unwrap(value)
            | Attribute::AlwaysAuthenticate(value),
        ) => value,
        _ => false,
    })
}
