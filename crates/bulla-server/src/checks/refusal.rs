use bulla::oauth::assertion::AssertionError;
use bulla::oauth::dpop::DpopCheckError;
use bulla::oauth::grant::GrantError;
use bulla::oauth::message::{ErrorResponse, TokenRequestError};
use http::Response;

/// What a check says no with: its name and the code for the audit log, and the answer, which may tell less.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) part: Part,
    pub(crate) check: &'static str,
    pub(crate) code: &'static str,
    answer: Box<Response<Vec<u8>>>,
}

/// What of a request is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The request around the rest.
    Request,
    /// Who asks.
    Client,
    /// The DPoP proof.
    Proof,
    /// The assertion that is a grant.
    Grant,
    /// The token that is issued.
    Token,
}

impl Part {
    /// As the audit log has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Client => "client",
            Self::Proof => "proof",
            Self::Grant => "grant",
            Self::Token => "token",
        }
    }
}

impl Refusal {
    pub(crate) fn new(
        part: Part,
        check: &'static str,
        code: &'static str,
        answer: &ErrorResponse,
    ) -> Self {
        Self {
            part,
            check,
            code,
            answer: Box::new(answer.to_http()),
        }
    }

    /// By a check of the request around the assertion.
    pub(crate) fn request(check: &'static str, error: &TokenRequestError) -> Self {
        Self {
            part: Part::Request,
            check,
            code: error.code(),
            answer: Box::new(error.to_http()),
        }
    }

    /// What whoever asked is told.
    pub(crate) fn into_answer(self) -> Response<Vec<u8>> {
        *self.answer
    }
}

impl From<AssertionError> for Refusal {
    fn from(error: AssertionError) -> Self {
        Self::new(Part::Client, error.check(), error.code(), &error.response())
    }
}

impl From<DpopCheckError> for Refusal {
    fn from(error: DpopCheckError) -> Self {
        Self::new(Part::Proof, error.check(), error.code(), &error.response())
    }
}

impl From<GrantError> for Refusal {
    fn from(error: GrantError) -> Self {
        Self::new(Part::Grant, error.check(), error.code(), &error.response())
    }
}
