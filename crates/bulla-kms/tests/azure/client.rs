//! A client whose requests go nowhere.

use std::sync::{Arc, Mutex};

use azure_core::credentials::{AccessToken, TokenRequestOptions};
use azure_core::http::headers::Headers;
use azure_core::http::{AsyncRawResponse, HttpClient, Request, StatusCode, Transport};
use azure_core::time::OffsetDateTime;
use bulla_kms::azure::{KeyClient, KeyClientOptions, TokenCredential};
use bulla_kms::{Opener, Rules, azure};
use serde_json::{Value, json};

pub(crate) const VAULT: &str = "https://contoso.vault.azure.net";
pub(crate) const KID: &str = "https://contoso.vault.azure.net/keys/tokens/0a1b";

/// The example key of RFC 7515 appendix A.3.
pub(crate) const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
pub(crate) const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

/// What a request is answered with.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_string(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn error(status: u16, message: &str, inner: Option<&str>) -> Self {
        let inner = inner.map(|code| json!({ "code": code }));
        Self::json(
            status,
            &json!({"error": {"code": "Error", "message": message, "innererror": inner}}),
        )
    }
}

/// A request as it would have gone out.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) url: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

type Answers = Box<dyn Fn(&Sent) -> Answer + Send + Sync>;

/// Everything between the SDK and the wire.
pub(crate) struct Wire {
    answers: Answers,
    pub(crate) sent: Mutex<Vec<Sent>>,
}

impl core::fmt::Debug for Wire {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Wire")
    }
}

#[async_trait::async_trait]
impl HttpClient for Wire {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let body: azure_core::Bytes = request.body().into();
        let authorization = azure_core::http::headers::AUTHORIZATION;
        let sent = Sent {
            url: request.url().to_string(),
            authorization: request.headers().get_optional_string(&authorization),
            body: String::from_utf8(body.to_vec()).expect("text"),
        };
        let answer = (self.answers)(&sent);
        self.sent.lock().expect("no panic").push(sent);
        let mut headers = Headers::new();
        for (name, value) in answer.headers {
            headers.insert(name, value);
        }
        Ok(AsyncRawResponse::from_bytes(
            StatusCode::from(answer.status),
            headers,
            answer.body,
        ))
    }
}

#[derive(Debug)]
struct Token;

#[async_trait::async_trait]
impl TokenCredential for Token {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let expires = OffsetDateTime::now_utc() + azure_core::time::Duration::hours(1);
        Ok(AccessToken::new(
            format!("token for {}", scopes[0]),
            expires,
        ))
    }
}

/// A client of `vault`, and the wire that has what it sent.
pub(crate) fn client(
    vault: &str,
    answers: impl Fn(&Sent) -> Answer + Send + Sync + 'static,
) -> (KeyClient, Arc<Wire>) {
    let wire = Arc::new(Wire {
        answers: Box::new(answers),
        sent: Mutex::default(),
    });
    let made = azure::options(&opener()).expect("options");
    let mut options = KeyClientOptions { ..made };
    options.client_options.transport =
        Some(Transport::new(Arc::clone(&wire) as Arc<dyn HttpClient>));
    let client = KeyClient::new(vault, Arc::new(Token), Some(options)).expect("a client");
    (client, wire)
}

/// Tries once, and does not try the key at opening.
pub(crate) fn opener() -> Opener {
    Opener::new().probe(false).rules(Rules::new().tries(1))
}

/// The answer to `get`: an EC key in a vault's words.
pub(crate) fn bundle() -> Value {
    json!({
        "key": {"kid": KID, "kty": "EC-HSM", "crv": "P-256", "x": X, "y": Y, "key_ops": ["sign", "verify"]},
        "attributes": {"enabled": true, "created": 1_700_000_000, "updated": 1_700_000_000},
    })
}

/// A vault that is asked for `bundle` and otherwise answers `operation`.
pub(crate) fn vault(
    bundle: Value,
    operation: impl Fn(&Sent) -> Answer + Send + Sync + 'static,
) -> (KeyClient, Arc<Wire>) {
    client(VAULT, move |sent| {
        if sent.authorization.is_none() {
            let challenge = "Bearer authorization=\"https://login.windows.net/t\", resource=\"https://vault.azure.net\"";
            return Answer::error(
                401,
                "AKV10000: Request is missing a Bearer or PoP token.",
                None,
            )
            .header("www-authenticate", challenge);
        }
        if sent.body.is_empty() {
            return Answer::json(200, &bundle);
        }
        operation(sent)
    })
}
