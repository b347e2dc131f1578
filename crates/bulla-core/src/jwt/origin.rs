use std::sync::Arc;

use crate::header::Header;
use crate::jwe::{Decrypted, Jwe};
use crate::key::{KeyInfo, SeenHeader};

/// What stood around the claims, and whose keys opened it.
#[derive(Clone)]
pub(super) enum Origin {
    /// A JWS.
    Signed(Arc<SeenHeader>),
    /// A JWE, or one in the other.
    Encrypted(Arc<Layers>),
}

/// The layers of a token that is not just signed, the one next to the claims first.
pub(super) struct Layers {
    pub(super) inner: Layer,
    pub(super) outer: Option<Layer>,
}

pub(super) enum Layer {
    Signed(Arc<SeenHeader>),
    Encrypted {
        header: Box<Header>,
        key: Arc<KeyInfo>,
    },
}

impl Origin {
    pub(super) fn header(&self) -> &Header {
        match self {
            Self::Signed(seen) => seen.header(),
            Self::Encrypted(layers) => layers.inner.header(),
        }
    }

    pub(super) fn key(&self) -> &KeyInfo {
        match self {
            Self::Signed(seen) => seen.key(),
            Self::Encrypted(layers) => layers.inner.key(),
        }
    }

    pub(super) fn outer(&self) -> Option<&Layer> {
        match self {
            Self::Signed(_) => None,
            Self::Encrypted(layers) => layers.outer.as_ref(),
        }
    }

    /// What was checked of the layers, by name, from the outside in.
    pub(super) fn checked(&self) -> impl Iterator<Item = &'static str> {
        const SIGNED: &[&str] = &["signature", "alg"];
        const ENCRYPTED: &[&str] = &["decryption", "alg", "enc"];
        // `alg` is told once, however many layers compare one.
        const BOTH: &[&str] = &["decryption", "signature", "alg", "enc"];
        let names = match self {
            Self::Signed(_) => SIGNED,
            Self::Encrypted(layers) if layers.outer.is_some() => BOTH,
            Self::Encrypted(_) => ENCRYPTED,
        };
        names.iter().copied()
    }
}

impl Layer {
    pub(super) fn of(jwe: &Jwe<'_, Decrypted>) -> Self {
        Self::Encrypted {
            header: Box::new(jwe.header().clone()),
            key: jwe.shared_key(),
        }
    }

    pub(super) fn header(&self) -> &Header {
        match self {
            Self::Signed(seen) => seen.header(),
            Self::Encrypted { header, .. } => header,
        }
    }

    pub(super) fn key(&self) -> &KeyInfo {
        match self {
            Self::Signed(seen) => seen.key(),
            Self::Encrypted { key, .. } => key,
        }
    }
}
