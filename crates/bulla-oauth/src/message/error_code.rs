use http::StatusCode;

/// The `error` of an answer: RFC 6749 §5.2, RFC 8707 §2, RFC 9449 §5 and §8, and those of RFC 6749 §4.1.2.1 for what is
/// the server's own doing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The client could not be authenticated.
    InvalidClient,
    /// The DPoP proof is not acceptable.
    InvalidDpopProof,
    /// The grant, an assertion for example, is not acceptable.
    InvalidGrant,
    /// The request lacks something, repeats something, or is malformed.
    InvalidRequest,
    /// A scope that is unknown, malformed, or more than the client may have.
    InvalidScope,
    /// A `resource` that is unknown, malformed, or not for this client.
    InvalidTarget,
    /// The server failed.
    ServerError,
    /// The server cannot answer at the moment.
    TemporarilyUnavailable,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// The server does not know this grant.
    UnsupportedGrantType,
    /// The proof needs the nonce that stands in the header `DPoP-Nonce`.
    UseDpopNonce,
    /// What another server sent, and none of the above.
    Other(String),
}

impl ErrorCode {
    /// The value on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidClient => "invalid_client",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::Other(code) => code,
        }
    }

    /// The code of a value on the wire.
    #[must_use]
    pub fn from_wire(value: &str) -> Self {
        const KNOWN: [ErrorCode; 11] = [
            ErrorCode::InvalidClient,
            ErrorCode::InvalidDpopProof,
            ErrorCode::InvalidGrant,
            ErrorCode::InvalidRequest,
            ErrorCode::InvalidScope,
            ErrorCode::InvalidTarget,
            ErrorCode::ServerError,
            ErrorCode::TemporarilyUnavailable,
            ErrorCode::UnauthorizedClient,
            ErrorCode::UnsupportedGrantType,
            ErrorCode::UseDpopNonce,
        ];
        KNOWN
            .into_iter()
            .find(|known| known.as_str() == value)
            .unwrap_or_else(|| Self::Other(value.to_owned()))
    }

    /// The status that the token endpoint answers with: 401 for the client, 503 and 500 for the server, else 400.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
