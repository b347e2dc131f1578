//! What an authorization server says about itself, [RFC 8414](https://www.rfc-editor.org/rfc/rfc8414).

mod document;
mod error;

pub use document::ServerMetadata;
pub use error::MetadataError;
