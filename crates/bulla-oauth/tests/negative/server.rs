//! A token endpoint of the crate's parts: what it takes to be one, but for I/O.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use bulla_core::jwk::{Jwk, JwkSet, PrivateJwk};
use bulla_core::key::{KeySet, Signer};
use bulla_oauth::access_token::AccessToken;
use bulla_oauth::assertion::{
    AssertionError, AssertionPolicy, AuthenticatedClient, Profile, RegisteredClient,
};
use bulla_oauth::dpop::{DpopError, DpopPolicy, DpopRequest, ProvedKey, TargetUri};
use bulla_oauth::message::{
    CLIENT_ASSERTION_TYPE, Grant, PresentedClient, ReceivedTokenRequest, TokenRequestError,
    single_dpop,
};
use bulla_oauth::{Issuer, Recorded, Scopes, SingleUse};
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use url::form_urlencoded;

use crate::token::{ENDPOINT, ISSUER, backend, key, now, signer};

pub(crate) struct Server {
    pub(crate) policy: AssertionPolicy,
    pub(crate) clients: HashMap<String, (RegisteredClient, KeySet)>,
    pub(crate) dpop: DpopPolicy,
    pub(crate) dpop_required: bool,
    pub(crate) store_down: bool,
    pub(crate) keys_down: bool,
    used: Arc<Mutex<HashSet<[u8; 32]>>>,
    signer: Signer,
    /// What an audit log would hold: the check that said no, and its code.
    pub(crate) audit: Mutex<Vec<(&'static str, &'static str)>>,
}

type Answer = Response<Vec<u8>>;

impl Server {
    /// With the client `billing`, whose key is the one given, and `other`, who has its own.
    pub(crate) fn new(profile: Profile, billing: &PrivateJwk) -> Self {
        let issuer = Issuer::parse(ISSUER).unwrap();
        let policy = AssertionPolicy::new(profile, &issuer).clock(Arc::new(now()));
        let mut server = Self {
            policy,
            clients: HashMap::new(),
            dpop: DpopPolicy::new(&backend()).clock(Arc::new(now())),
            dpop_required: false,
            store_down: false,
            keys_down: false,
            used: Arc::default(),
            signer: signer(&key("server")),
            audit: Mutex::default(),
        };
        server.register(RegisteredClient::new("billing"), [billing.public()]);
        server
    }

    /// Another node of the same server: the store is shared.
    pub(crate) fn second_node(&self, billing: &PrivateJwk) -> Self {
        Self {
            used: Arc::clone(&self.used),
            ..Self::new(self.policy.profile(), billing)
        }
    }

    pub(crate) fn register(
        &mut self,
        client: RegisteredClient,
        keys: impl IntoIterator<Item = impl Into<Jwk>>,
    ) {
        let keys = KeySet::compile(&JwkSet::new(keys), &backend(), &self.policy.keys());
        self.clients.insert(client.id().to_owned(), (client, keys));
    }

    pub(crate) fn answer(&self, request: &Request<Vec<u8>>) -> Answer {
        self.grant(request).unwrap_or_else(|refusal| *refusal)
    }

    fn grant(&self, request: &Request<Vec<u8>>) -> Result<Answer, Box<Answer>> {
        let told = |error: TokenRequestError| Box::new(error.to_http());
        let received =
            ReceivedTokenRequest::read(request.method(), request.headers(), request.body())
                .map_err(told)?;
        let client = self.authenticate(&received)?;
        if received.grant().map_err(told)? != Grant::ClientCredentials {
            return Err(told(TokenRequestError::GrantNotAllowed));
        }
        let allowed = Scopes::parse("invoices:read invoices:write").unwrap();
        let scopes = received.scopes().map_err(told)?.unwrap_or_default();
        if !scopes.is_subset(&allowed) {
            return Err(told(TokenRequestError::Scope));
        }
        let api = "https://api.example.com";
        if received
            .resources()
            .map_err(told)?
            .iter()
            .any(|resource| resource.as_str() != api)
        {
            return Err(told(TokenRequestError::Target));
        }
        let proved = self.proof(request)?;
        let issuer = Issuer::parse(ISSUER).unwrap();
        let token =
            AccessToken::for_client(client.client_id(), &issuer, api, &backend()).scopes(scopes);
        let token = match &proved {
            Some(proved) => token.bound_to(proved.thumbprint()),
            None => token,
        };
        let response = token.response(token.sign(&self.signer).unwrap());
        Ok(match proved.as_ref().and_then(ProvedKey::next_nonce) {
            Some(nonce) => response.dpop_nonce(nonce).to_http(),
            None => response.to_http(),
        })
    }

    fn authenticate(
        &self,
        request: &ReceivedTokenRequest,
    ) -> Result<AuthenticatedClient, Box<Answer>> {
        let told = |error: AssertionError| {
            self.audit
                .lock()
                .unwrap()
                .push((error.check(), error.code()));
            Box::new(error.response().to_http())
        };
        let PresentedClient::Assertion {
            client_id,
            assertion,
        } = request.client()
        else {
            return Err(Box::new(request.client().refusal().unwrap().to_http()));
        };
        let received = self
            .policy
            .read(assertion, client_id.as_deref())
            .map_err(told)?;
        let nobody = KeySet::compile(
            &JwkSet::new([key("nobody").public()]),
            &backend(),
            &self.policy.keys(),
        );
        let verified = match self.clients.get(received.client_id().peek()) {
            Some(_) if self.keys_down => Err(AssertionError::keys_unavailable()),
            Some((client, keys)) => received.verify(Some(client), keys),
            None => received.verify(None, &nobody),
        };
        let verified = verified.map_err(told)?;
        let recorded = self.record(verified.single_use());
        verified.admit(recorded).map_err(told)
    }

    fn proof(&self, request: &Request<Vec<u8>>) -> Result<Option<ProvedKey>, Box<Answer>> {
        let told = |error: DpopError| Box::new(error.response().to_http());
        let Some(proof) = single_dpop(request.headers()).map_err(told)? else {
            return if self.dpop_required {
                Err(told(DpopError::Missing))
            } else {
                Ok(None)
            };
        };
        let url = TargetUri::parse(ENDPOINT).unwrap();
        let verified = self.dpop.verify(proof, &DpopRequest::new("POST", &url));
        let verified = verified.and_then(|verified| {
            let recorded = self.record(verified.single_use());
            verified.admit(recorded)
        });
        verified.map(Some).map_err(|error| {
            self.audit
                .lock()
                .unwrap()
                .push((error.check(), error.code()));
            Box::new(error.response().to_http())
        })
    }

    fn record(&self, used: &SingleUse) -> Recorded {
        match (
            self.store_down,
            self.used.lock().unwrap().insert(used.key()),
        ) {
            (true, _) => Recorded::Unavailable,
            (false, true) => Recorded::New,
            (false, false) => Recorded::Before,
        }
    }

    /// The check that said no last.
    pub(crate) fn check(&self) -> &'static str {
        self.audit.lock().unwrap().last().unwrap().0
    }
}

/// A request with these parameters.
pub(crate) fn form(pairs: &[(&str, &str)]) -> Request<Vec<u8>> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    Request::post(ENDPOINT)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .unwrap()
}

/// A request of a client with this assertion.
pub(crate) fn with_assertion(assertion: &str) -> Request<Vec<u8>> {
    form(&[
        ("grant_type", "client_credentials"),
        ("client_assertion_type", CLIENT_ASSERTION_TYPE),
        ("client_assertion", assertion),
    ])
}

/// Status and `error` of a JSON answer that nobody may store; "" where there is no error.
pub(crate) fn error(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let error = body
        .get("error")
        .map_or("", |error| error.as_str().unwrap());
    (answer.status().as_u16(), error.to_owned())
}
