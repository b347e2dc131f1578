use core::fmt;

/// How a client authenticates in a token request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PresentedClient {
    /// With an assertion (RFC 7521 §4.2).
    Assertion {
        /// The parameter `client_id`, where it is there.
        client_id: Option<String>,
        /// The assertion.
        assertion: String,
    },
    /// Not at all.
    Nothing {
        /// The parameter `client_id`, where it is there.
        client_id: Option<String>,
    },
    /// With a secret, in the `Authorization` header or in the form. Bulla takes none.
    Secret {
        /// Whether it is in the header: the answer then names a scheme (RFC 6749 §5.2).
        header: bool,
    },
}

impl PresentedClient {
    /// What is told to a client that presents anything but an assertion: 401 `invalid_client`. None for an assertion.
    #[must_use]
    pub fn refusal(&self) -> Option<super::ErrorResponse> {
        let refusal = super::ErrorResponse::new(super::ErrorCode::InvalidClient)
            .description("client authentication failed");
        match self {
            Self::Assertion { .. } => None,
            Self::Secret { header: true } => Some(refusal.www_authenticate("Basic")),
            Self::Nothing { .. } | Self::Secret { .. } => Some(refusal),
        }
    }
}

/// Without the assertion.
impl fmt::Debug for PresentedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assertion { client_id, .. } => write!(f, "Assertion({client_id:?})"),
            Self::Nothing { client_id } => write!(f, "Nothing({client_id:?})"),
            Self::Secret { .. } => f.write_str("Secret"),
        }
    }
}
