use core::fmt;
use std::time::Duration;

use bulla_core::Fault;

/// Why a document could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// The answer is none that may be used.
    Answer(BadAnswer),
    /// The server does not want us (401, 403).
    Denied {
        /// The status.
        status: u16,
    },
    /// The server asks for fewer requests (429).
    Throttled {
        /// When to come again, if it says so.
        retry_after: Option<Duration>,
    },
    /// No answer, or one that says that there is none now.
    Unavailable {
        /// What happened.
        why: Unreachable,
        /// When to come again, if it says so.
        retry_after: Option<Duration>,
    },
    /// The URL is none that we connect to.
    Url(UrlRefused),
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadAnswer {
    /// Its body is compressed, which we did not offer.
    Encoded,
    /// It leads elsewhere, which is not followed.
    Redirect {
        /// The status.
        status: u16,
    },
    /// A success that is not 200.
    Status {
        /// The status.
        status: u16,
    },
    /// It is longer than the limit.
    TooLarge {
        /// The limit in octets.
        limit: usize,
    },
    /// "Not modified" where nothing was known.
    Unasked,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreachable {
    /// The body ended early or could not be read.
    Body,
    /// No connection: name, address, TLS.
    Connect,
    /// The connection broke.
    Interrupted,
    /// The server says that it cannot (404, 408, 5xx and the like).
    Status {
        /// The status.
        status: u16,
    },
    /// It took too long.
    Timeout,
}

/// What is wrong with a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlRefused {
    /// The host is, or resolves to, an address that is not public.
    Address,
    /// It has a fragment.
    Fragment,
    /// It names no host.
    Host,
    /// `http:`, and not to this machine by explicit choice.
    NotHttps,
    /// A port that is not allowed.
    Port,
    /// It cannot be read.
    Syntax,
    /// It carries a user name or password.
    UserInfo,
}

/// Why a client could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// A certificate of a private authority cannot be read.
    Certificate,
    /// A proxy's URL cannot be read.
    Proxy,
    /// TLS could not be set up: no roots, or a proxy of the environment that cannot be read.
    Tls,
}

impl FetchError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answer(_) => "jwks.answer-refused",
            Self::Denied { .. } => "remote.denied",
            Self::Throttled { .. } => "remote.throttled",
            Self::Unavailable { .. } => "remote.unavailable",
            Self::Url(_) => "jwks.url-refused",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Url(_) => Fault::Policy,
            _ => Fault::Remote,
        }
    }

    /// When to come again, if the server says so.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    pub(crate) const fn unavailable(why: Unreachable) -> Self {
        Self::Unavailable {
            why,
            retry_after: None,
        }
    }
}

impl ClientError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "jwks.client"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(answer) => answer.fmt(f),
            Self::Denied { status } => write!(f, "the server refuses us with status {status}"),
            Self::Throttled { retry_after } => {
                f.write_str("the server asks for fewer requests")?;
                later(*retry_after, f)
            }
            Self::Unavailable { why, retry_after } => {
                why.fmt(f)?;
                later(*retry_after, f)
            }
            Self::Url(refused) => refused.fmt(f),
        }
    }
}

fn later(retry_after: Option<Duration>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match retry_after {
        Some(delay) => write!(f, " (again in {} s, it says)", delay.as_secs()),
        None => Ok(()),
    }
}

impl fmt::Display for BadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoded => f.write_str("the answer is compressed, which was not offered"),
            Self::Redirect { status } => {
                write!(
                    f,
                    "the server redirects with status {status}, which is not followed"
                )
            }
            Self::Status { status } => {
                write!(f, "the server answers with status {status}, and not 200")
            }
            Self::TooLarge { limit } => write!(f, "the answer is longer than {limit} octets"),
            Self::Unasked => {
                f.write_str("the server says `not modified` to a request without condition")
            }
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("the answer broke off"),
            Self::Connect => f.write_str("no connection to the server"),
            Self::Interrupted => f.write_str("the connection to the server broke"),
            Self::Status { status } => write!(f, "the server answers with status {status}"),
            Self::Timeout => f.write_str("the server did not answer in time"),
        }
    }
}

impl fmt::Display for UrlRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "the host of the URL is at an address that is not public",
            Self::Fragment => "the URL has a fragment",
            Self::Host => "the URL names no host",
            Self::NotHttps => "the URL is not https (http is for loopback, and by explicit choice)",
            Self::Port => "the port of the URL is not allowed",
            Self::Syntax => "not a URL",
            Self::UserInfo => "the URL carries a user name or a password",
        })
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "a certificate of a private authority is not PEM",
            Self::Proxy => "not the URL of a proxy",
            Self::Tls => "TLS cannot be set up: no roots to trust, or a proxy in the environment that is no URL",
        })
    }
}

impl std::error::Error for FetchError {}
impl std::error::Error for ClientError {}
