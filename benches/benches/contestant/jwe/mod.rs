//! Who encrypts and decrypts, one a file.

mod bulla;
mod floor;
mod jose4rs;
#[cfg(feature = "peer-josekit")]
mod josekit;
mod key;

pub(crate) use floor::{Floor, FloorOneDraw};
pub(crate) use key::{JweKey, RawKey};

use crate::rows::jwe::Suite;

/// Makes a compact token of the content.
pub(crate) type Seal = Box<dyn FnMut(&[u8]) -> String>;

/// Opens a compact token and shows the content; false where it does not open.
pub(crate) type Open = Box<dyn FnMut(&str, &mut dyn FnMut(&[u8])) -> bool>;

/// A library that encrypts, with everything prepared that it lets one prepare.
pub(crate) trait JweWork {
    fn name(&self) -> &'static str;

    fn sealing(&self, suite: &Suite, key: &JweKey) -> Seal;

    fn opening(&self, suite: &Suite, key: &JweKey) -> Open;
}

/// Every library, ours first.
pub(crate) fn all() -> Vec<Box<dyn JweWork>> {
    vec![
        Box::new(bulla::Bulla),
        Box::new(jose4rs::Jose4rs),
        #[cfg(feature = "peer-josekit")]
        Box::new(josekit::Josekit),
    ]
}
