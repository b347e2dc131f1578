//! Getting a document over HTTPS, and not more than that.
//!
//! [`Fetch`] is the joint: tests script it, and an application may put a client of its own behind it. [`HttpClient`] is
//! ours: no redirects, no decompression, bounded in time and size, and for addresses that came from somebody else kept
//! away from every network that is not public.

mod address;
mod body;
mod client;
mod error;
mod exchange;
mod fetch;
mod guarded;
mod location;
mod options;
mod resolve;

pub use address::is_public;
pub use client::HttpClient;
pub use error::{BadAnswer, ClientError, FetchError, Unreachable, UrlRefused};
pub use fetch::{Document, Fetch, Origin, Request, Response};
pub use location::check_url;
pub use options::HttpOptions;
pub use resolve::{Resolve, SystemResolver};
