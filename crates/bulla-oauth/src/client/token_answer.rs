use core::fmt;

use http::Response;

use crate::message::TokenResponse;

/// A token, and the answer that it came with.
#[derive(Clone)]
pub struct TokenAnswer {
    token: TokenResponse,
    answer: Response<Vec<u8>>,
}

impl TokenAnswer {
    pub(super) const fn new(token: TokenResponse, answer: Response<Vec<u8>>) -> Self {
        Self { token, answer }
    }

    /// The token, read.
    #[must_use]
    pub const fn token(&self) -> &TokenResponse {
        &self.token
    }

    /// The token, read.
    #[must_use]
    pub fn into_token(self) -> TokenResponse {
        self.token
    }

    /// The answer as it came, members included that nobody here knows. A secret: not for logs.
    #[must_use]
    pub const fn answer(&self) -> &Response<Vec<u8>> {
        &self.answer
    }
}

/// Without the token.
impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenAnswer").field(&self.token).finish()
    }
}
