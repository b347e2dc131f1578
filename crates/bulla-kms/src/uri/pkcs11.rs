use std::path::{Path, PathBuf};

use super::{UriError, decoded, parameters};

/// A `pkcs11:` URI ([RFC 7512](https://www.rfc-editor.org/rfc/rfc7512)) that names one key pair or secret key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pkcs11Uri {
    token: Option<String>,
    serial: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    slot_id: Option<u64>,
    object: Option<String>,
    id: Option<Vec<u8>>,
    object_type: Option<ObjectType>,
    module_path: Option<PathBuf>,
    pin_source: Option<PinSource>,
}

/// What kind of object the key is, `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectType {
    /// The private half of a key pair: `private`.
    Private,
    /// A symmetric key: `secret-key`.
    SecretKey,
}

/// Where the PIN is. It is never part of the URI itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinSource {
    /// A file; one final line break is not part of the PIN.
    File(PathBuf),
    /// An environment variable.
    Env(String),
}

impl Pkcs11Uri {
    pub(super) fn parse(rest: &str) -> Result<Self, UriError> {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        let unknown = |name: &str| UriError::Parameter {
            name: name.to_owned(),
        };
        // `id` is octets, so it is not decoded as text.
        let (ids, texts): (Vec<&str>, Vec<&str>) =
            path.split(';').partition(|pair| pair.starts_with("id="));
        match ids.as_slice() {
            [] => {}
            [id] => {
                let id = id.strip_prefix("id=").unwrap_or(id);
                uri.id = Some(percent_encoding::percent_decode_str(id).collect());
            }
            _ => return Err(unknown("id")),
        }
        for (name, value) in parameters(&texts.join(";"), ';')? {
            match name {
                "token" => uri.token = Some(value),
                "serial" => uri.serial = Some(value),
                "manufacturer" => uri.manufacturer = Some(value),
                "model" => uri.model = Some(value),
                "object" => uri.object = Some(value),
                "slot-id" => {
                    let id = value.parse().map_err(|_| UriError::Part {
                        part: "slot-id",
                        why: "is not a number",
                    })?;
                    uri.slot_id = Some(id);
                }
                "type" => uri.object_type = Some(ObjectType::parse(&value)?),
                _ => return Err(unknown(name)),
            }
        }
        for (name, value) in parameters(query, '&')? {
            match name {
                "module-path" => uri.module_path = Some(value.into()),
                "pin-source" => uri.pin_source = Some(PinSource::parse(&value)?),
                _ => return Err(unknown(name)),
            }
        }
        if uri.object.is_none() && uri.id.is_none() {
            return Err(UriError::Part {
                part: "object",
                why: "is missing, and so is an id: it must name one key",
            });
        }
        Ok(uri)
    }

    /// The token's label.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The token's serial number.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.serial.as_deref()
    }

    /// The token's manufacturer.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.manufacturer.as_deref()
    }

    /// The token's model.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The slot.
    #[must_use]
    pub const fn slot_id(&self) -> Option<u64> {
        self.slot_id
    }

    /// The key's label, `CKA_LABEL`.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// The key's `CKA_ID`.
    #[must_use]
    pub fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// What kind of object it is; else either.
    #[must_use]
    pub const fn object_type(&self) -> Option<ObjectType> {
        self.object_type
    }

    /// The library that speaks to the token; else the environment variable `PKCS11_MODULE_PATH`.
    #[must_use]
    pub fn module_path(&self) -> Option<&Path> {
        self.module_path.as_deref()
    }

    /// Where the PIN is; else the environment variable `BULLA_PKCS11_PIN`, and without that there is no login.
    #[must_use]
    pub const fn pin_source(&self) -> Option<&PinSource> {
        self.pin_source.as_ref()
    }
}

impl ObjectType {
    fn parse(text: &str) -> Result<Self, UriError> {
        match text {
            "private" => Ok(Self::Private),
            "secret-key" => Ok(Self::SecretKey),
            _ => Err(UriError::Part {
                part: "type",
                why: "is neither private nor secret-key: public keys are found by their private one",
            }),
        }
    }
}

impl PinSource {
    /// `file:PATH`, `env:NAME`, or an absolute path.
    fn parse(text: &str) -> Result<Self, UriError> {
        if let Some(name) = text.strip_prefix("env:").filter(|name| !name.is_empty()) {
            return Ok(Self::Env(name.to_owned()));
        }
        let path = text.strip_prefix("file:").unwrap_or(text);
        let path = decoded(path.strip_prefix("//").unwrap_or(path))?;
        // RFC 7512 §2.4 also has commands to run, `|command`: never.
        if path.is_empty() || path.starts_with('|') || (path == text && !path.starts_with('/')) {
            return Err(UriError::Part {
                part: "pin-source",
                why: "is neither file:PATH nor env:NAME",
            });
        }
        Ok(Self::File(path.into()))
    }
}
