use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method};

use super::grant::{CLIENT_ASSERTION_TYPE, CLIENT_CREDENTIALS, JWT_BEARER};
use super::{Form, Grant, PresentedClient, TokenRequestError};
use crate::resource::Resource;
use crate::scope::Scopes;

/// A request to the token endpoint, as a server reads it: RFC 6749 §3.2 and §4.4.2, RFC 7521 §4.2, RFC 8707 §2.
///
/// Reading it judges the form and how the client authenticates. Grant, scopes and resources are for after the client
/// is known, and each has an answer of its own.
///
/// ```
/// use bulla_oauth::message::{PresentedClient, ReceivedTokenRequest};
/// # use http::{HeaderMap, Method, header::CONTENT_TYPE};
/// # let mut headers = HeaderMap::new();
/// # headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
/// let body = b"grant_type=client_credentials&client_id=billing&scope=invoices%3Aread";
/// let request = ReceivedTokenRequest::read(&Method::POST, &headers, body)?;
/// // No credentials: 401 invalid_client.
/// assert!(matches!(request.client(), PresentedClient::Nothing { .. }));
/// assert_eq!(request.client().refusal().unwrap().status(), 401);
/// assert!(request.scopes()?.unwrap().contains("invoices:read"));
/// # Ok::<(), bulla_oauth::message::TokenRequestError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReceivedTokenRequest {
    form: Form,
    client: PresentedClient,
}

impl ReceivedTokenRequest {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// [`TokenRequestError`], whose [`response`](TokenRequestError::response) is the answer.
    pub fn read(
        method: &Method,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, TokenRequestError> {
        if method != Method::POST {
            return Err(TokenRequestError::Method);
        }
        check_content_type(headers)?;
        let form = Form::parse(body)?;
        let client = present(headers, &form)?;
        Ok(Self { form, client })
    }

    /// How the client authenticates.
    #[must_use]
    pub const fn client(&self) -> &PresentedClient {
        &self.client
    }

    /// What the token is asked for by.
    ///
    /// # Errors
    ///
    /// [`TokenRequestError::GrantMissing`], [`TokenRequestError::GrantUnsupported`].
    pub fn grant(&self) -> Result<Grant, TokenRequestError> {
        match self.form.get("grant_type") {
            None => Err(TokenRequestError::GrantMissing),
            Some(CLIENT_CREDENTIALS) => Ok(Grant::ClientCredentials),
            Some(JWT_BEARER) => match self.form.get("assertion") {
                Some(assertion) => Ok(Grant::JwtBearer {
                    assertion: assertion.to_owned(),
                }),
                None => Err(TokenRequestError::GrantMissing),
            },
            Some(_) => Err(TokenRequestError::GrantUnsupported),
        }
    }

    /// The scopes asked for; none where the parameter is missing.
    ///
    /// # Errors
    ///
    /// [`TokenRequestError::Scope`].
    pub fn scopes(&self) -> Result<Option<Scopes>, TokenRequestError> {
        let scope = self.form.get("scope").map(Scopes::parse).transpose();
        scope.map_err(|_| TokenRequestError::Scope)
    }

    /// What the token is for.
    ///
    /// # Errors
    ///
    /// [`TokenRequestError::Target`].
    pub fn resources(&self) -> Result<Vec<Resource>, TokenRequestError> {
        let resources = self.form.all("resource").map(Resource::parse);
        resources
            .collect::<Result<_, _>>()
            .map_err(|_| TokenRequestError::Target)
    }

    /// Any parameter, for extensions.
    #[must_use]
    pub const fn form(&self) -> &Form {
        &self.form
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), TokenRequestError> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let is_form = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().is_ok_and(|value| {
            let essence = value.split(';').next().unwrap_or_default();
            essence
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        }),
        _ => false,
    };
    if is_form {
        Ok(())
    } else {
        Err(TokenRequestError::ContentType)
    }
}

/// Exactly one mechanism (RFC 6749 §2.3), and an assertion never without its type (RFC 7521 §4.2).
fn present(headers: &HeaderMap, form: &Form) -> Result<PresentedClient, TokenRequestError> {
    let client_id = form.get("client_id").map(str::to_owned);
    let header = headers.contains_key(AUTHORIZATION);
    let secret = form.has("client_secret");
    let assertion = form.has("client_assertion") || form.has("client_assertion_type");
    match (header, secret, assertion) {
        (false, false, false) => Ok(PresentedClient::Nothing { client_id }),
        (header, secret, false) if header != secret => Ok(PresentedClient::Secret { header }),
        (false, false, true) => {
            match (
                form.get("client_assertion_type"),
                form.get("client_assertion"),
            ) {
                (Some(CLIENT_ASSERTION_TYPE), Some(assertion)) => Ok(PresentedClient::Assertion {
                    client_id,
                    assertion: assertion.to_owned(),
                }),
                _ => Err(TokenRequestError::AssertionType),
            }
        }
        _ => Err(TokenRequestError::AuthenticationRepeated),
    }
}
