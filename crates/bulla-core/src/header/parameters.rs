use core::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::json;

/// Every parameter of a header as it came. Most tokens are judged by the registered parameters, which are taken out
/// while reading; so a map of all of them is made when somebody asks for it.
#[derive(Clone, Default)]
pub(super) struct Parameters {
    /// Strict JSON: it was read once.
    text: Box<str>,
    map: OnceLock<Map<String, Value>>,
}

impl Parameters {
    pub(super) fn from_text(text: &str) -> Self {
        Self {
            text: text.into(),
            map: OnceLock::new(),
        }
    }

    /// The text they were read from, if there was one.
    pub(super) fn text(&self) -> Option<&str> {
        (!self.text.is_empty()).then_some(&*self.text)
    }

    pub(super) fn map(&self) -> &Map<String, Value> {
        self.map.get_or_init(|| read(&self.text))
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        self.map.into_inner().unwrap_or_else(|| read(&self.text))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.map().is_empty()
    }
}

fn read(text: &str) -> Map<String, Value> {
    if text.is_empty() {
        return Map::new();
    }
    // Its depth was checked when it was read.
    json::object(text.as_bytes(), usize::MAX).unwrap_or_default()
}

impl From<Map<String, Value>> for Parameters {
    fn from(map: Map<String, Value>) -> Self {
        Self {
            text: Box::default(),
            map: OnceLock::from(map),
        }
    }
}

impl PartialEq for Parameters {
    fn eq(&self, other: &Self) -> bool {
        self.map() == other.map()
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.map().fmt(f)
    }
}
