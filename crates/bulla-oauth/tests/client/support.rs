//! An authorization server in this process, which reads what it gets as a real one does.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{EcCurve, PrivateJwk};
use bulla_core::key::{Backend, BoxFuture, KeySpec, Signer};
use bulla_core::{base64url, json};
use bulla_jwks::http::{FetchError, Unreachable};
use bulla_oauth::Issuer;
use bulla_oauth::assertion::ClientAssertion;
use bulla_oauth::client::{AuthorizationServer, OAuthClient, TokenSource, Transport};
use bulla_oauth::dpop::DpopKey;
use bulla_oauth::message::{
    ErrorResponse, PresentedClient, ReceivedTokenRequest, TokenRequest, TokenResponse, TokenType,
};
use bulla_oauth::metadata::ServerMetadata;
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;

pub(crate) const ISSUER: &str = "https://auth.example.com";
pub(crate) const TOKEN: &str = "https://auth.example.com/token";
pub(crate) const WELL_KNOWN: &str =
    "https://auth.example.com/.well-known/oauth-authorization-server";
pub(crate) const OPENID: &str = "https://auth.example.com/.well-known/openid-configuration";

/// What the server does with the next request of its kind.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Answer(Response<Vec<u8>>),
    Grant(Duration),
    Break(Unreachable),
    /// No answer, until the transport gives up.
    Silence,
}

/// A server whose every answer can be scripted; what is not, is granted for ten minutes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    metadata: Vec<(String, Response<Vec<u8>>)>,
    steps: VecDeque<Step>,
    always: Option<Step>,
    received: Vec<Received>,
    looked_up: Vec<String>,
    bound: bool,
    takes: Duration,
}

/// A request to the token endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) form: Vec<(String, String)>,
    pub(crate) assertion: Jwt,
    pub(crate) proof: Option<Jwt>,
}

/// A token, not verified.
#[derive(Clone, Debug)]
pub(crate) struct Jwt {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

impl Jwt {
    pub(crate) fn read(text: &str) -> Self {
        let part = |index: usize| -> Value {
            let part = text.split('.').nth(index).expect("a part");
            json::from_slice(&base64url::decode(part).expect("base64url"), 32).expect("JSON")
        };
        Self {
            header: part(0),
            claims: part(1),
        }
    }

    pub(crate) fn jti(&self) -> &str {
        self.claims["jti"].as_str().expect("a jti")
    }
}

impl Received {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.form.iter();
        fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }
}

impl Server {
    pub(crate) fn new() -> Self {
        let server = Self::default();
        let issuer = Issuer::parse(ISSUER).expect("an issuer");
        let mut metadata = ServerMetadata::new(&issuer);
        metadata.token_endpoint = Some(TOKEN.to_owned());
        server.publish(WELL_KNOWN, metadata.to_http());
        server.lock().takes = Duration::from_millis(20);
        server
    }

    /// What stands at a well-known address; elsewhere is 404.
    pub(crate) fn publish(&self, url: &str, answer: Response<Vec<u8>>) {
        let mut inner = self.lock();
        inner.metadata.retain(|(known, _)| known != url);
        inner.metadata.push((url.to_owned(), answer));
    }

    pub(crate) fn withdraw(&self) {
        self.lock().metadata.clear();
    }

    pub(crate) fn then(&self, step: Step) -> &Self {
        self.lock().steps.push_back(step);
        self
    }

    /// What it does from now on with whatever is not scripted.
    pub(crate) fn always(&self, step: Option<Step>) {
        self.lock().always = step;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.lock().received.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().received.len()
    }

    pub(crate) fn looked_up(&self) -> Vec<String> {
        self.lock().looked_up.clone()
    }

    /// A client with a new key.
    pub(crate) fn client(&self) -> OAuthClient {
        self.client_with(signer())
    }

    pub(crate) fn client_with(
        &self,
        signer: impl bulla_oauth::client::CurrentSigner + 'static,
    ) -> OAuthClient {
        let issuer = Issuer::parse(ISSUER).expect("an issuer");
        let assertion = ClientAssertion::new("billing", &issuer, &backend());
        let server = AuthorizationServer::discover(issuer, Arc::new(self.clone()));
        OAuthClient::new(server, assertion, signer)
    }

    /// A client whose tokens are bound to a key.
    pub(crate) fn bound_client(&self) -> OAuthClient {
        self.lock().bound = true;
        self.client()
            .dpop(DpopKey::generate(&backend(), SignatureAlg::Es256).expect("a key"))
    }

    pub(crate) fn tokens(&self) -> TokenSource {
        self.client()
            .tokens(TokenRequest::client_credentials())
            .build()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().expect("a lock")
    }

    fn look_up(&self, url: String) -> Response<Vec<u8>> {
        let mut inner = self.lock();
        let found = inner.metadata.iter().find(|(known, _)| *known == url);
        let answer = found.map_or_else(|| status(404), |(_, answer)| answer.clone());
        inner.looked_up.push(url);
        answer
    }

    fn receive(&self, request: &Request<Vec<u8>>) -> Step {
        assert_eq!(request.uri().to_string(), TOKEN);
        let read = ReceivedTokenRequest::read(request.method(), request.headers(), request.body())
            .expect("a token request");
        let PresentedClient::Assertion { assertion, .. } = read.client() else {
            panic!("no assertion");
        };
        let proof = request.headers().get("dpop");
        let mut inner = self.lock();
        inner.received.push(Received {
            form: url::form_urlencoded::parse(request.body())
                .into_owned()
                .collect(),
            assertion: Jwt::read(assertion),
            proof: proof.map(|proof| Jwt::read(proof.to_str().expect("text"))),
        });
        let always = inner.always.clone();
        inner
            .steps
            .pop_front()
            .or(always)
            .unwrap_or(Step::Grant(TEN_MINUTES))
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, FetchError>> {
        Box::pin(async move {
            let takes = self.lock().takes;
            tokio::time::sleep(takes).await;
            if request.method() == Method::GET {
                return Ok(self.look_up(request.uri().to_string()));
            }
            match self.receive(&request) {
                Step::Answer(answer) => Ok(answer),
                Step::Break(why) => Err(broken(why)),
                Step::Silence => {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                    Err(broken(Unreachable::Timeout))
                }
                Step::Grant(lifetime) => {
                    let inner = self.lock();
                    let kind = if inner.bound {
                        TokenType::Dpop
                    } else {
                        TokenType::Bearer
                    };
                    let name = format!("secret-token-{}", inner.received.len());
                    Ok(TokenResponse::new(name, kind)
                        .expires_in(lifetime)
                        .to_http())
                }
            }
        })
    }
}

pub(crate) const TEN_MINUTES: Duration = Duration::from_secs(600);

fn broken(why: Unreachable) -> FetchError {
    FetchError::Unavailable {
        why,
        retry_after: None,
    }
}

pub(crate) fn status(status: u16) -> Response<Vec<u8>> {
    let mut answer = Response::new(b"<html>".to_vec());
    *answer.status_mut() = StatusCode::from_u16(status).expect("a status");
    answer
}

pub(crate) fn refuse(error: &ErrorResponse) -> Step {
    Step::Answer(error.to_http())
}

pub(crate) fn backend() -> Arc<dyn Backend> {
    bulla_aws_lc::backend()
}

pub(crate) fn signer() -> Signer {
    let backend = backend();
    let key = backend.generate(KeySpec::Ec(EcCurve::P256)).expect("a key");
    Signer::bind(&backend, &PrivateJwk::new(key)).expect("a signer")
}
