//! A protected resource of the crate's parts.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use bulla_core::jwk::JwkSet;
use bulla_core::jwk::PrivateJwk;
use bulla_core::key::{KeySet, KeySetPolicy};
use bulla_oauth::access_token::{AccessTokenPolicy, Presented};
use bulla_oauth::dpop::{DpopPolicy, DpopRequest, TargetUri};
use bulla_oauth::message::{Challenge, PresentedToken, TokenScheme, single_dpop};
use bulla_oauth::{Issuer, Recorded, Scopes};
use http::{Request, Response};

use crate::token::{ISSUER, backend, now};

pub(crate) const API: &str = "https://api.example.com/invoices";

pub(crate) struct Resource {
    pub(crate) policy: AccessTokenPolicy,
    pub(crate) dpop: DpopPolicy,
    pub(crate) keys: KeySet,
    pub(crate) needed: Scopes,
    used: Mutex<HashSet<[u8; 32]>>,
}

impl Resource {
    pub(crate) fn new(issuer_key: &PrivateJwk) -> Self {
        let issuer = Issuer::parse(ISSUER).unwrap();
        Self {
            policy: AccessTokenPolicy::rfc9068(&issuer, "https://api.example.com")
                .clock(Arc::new(now())),
            dpop: DpopPolicy::new(&backend()).clock(Arc::new(now())),
            keys: KeySet::compile(
                &JwkSet::new([issuer_key.public()]),
                &backend(),
                &KeySetPolicy::default(),
            ),
            needed: Scopes::parse("invoices:read").unwrap(),
            used: Mutex::default(),
        }
    }

    pub(crate) fn answer(&self, request: &Request<()>) -> Response<Vec<u8>> {
        match self.check(request) {
            Ok(()) => Response::new(Vec::new()),
            Err(challenge) => challenge.to_http(),
        }
    }

    fn check(&self, request: &Request<()>) -> Result<(), Box<Challenge>> {
        let presented = PresentedToken::read(request.headers(), request.uri().query())
            .map_err(|error| error.challenge(TokenScheme::Bearer))?
            .ok_or(Challenge::new(TokenScheme::Bearer))?;
        let scheme = presented.scheme();
        let token = self
            .policy
            .verify(presented.token(), &self.keys)
            .map_err(|error| error.challenge(scheme))?;
        let access = if scheme == TokenScheme::Bearer {
            token.presented(Presented::Bearer)
        } else {
            let proof =
                single_dpop(request.headers()).map_err(|error| error.challenge().unwrap())?;
            let proof =
                proof.ok_or_else(|| bulla_oauth::dpop::DpopError::Missing.challenge().unwrap())?;
            let url = TargetUri::parse(API).unwrap();
            let expected =
                DpopRequest::new(request.method().as_str(), &url).access_token(presented.token());
            let expected = match token.bound_to() {
                Some(key) => expected.bound_to(key),
                None => expected,
            };
            let proved = self.dpop.verify(proof, &expected).and_then(|verified| {
                let is_new = self
                    .used
                    .lock()
                    .unwrap()
                    .insert(verified.single_use().key());
                verified.admit(if is_new {
                    Recorded::New
                } else {
                    Recorded::Before
                })
            });
            let proved =
                proved.map_err(|error| error.challenge().unwrap().algs(self.dpop.allowed()))?;
            token.presented(Presented::Dpop(&proved))
        };
        let access = access.map_err(|error| error.challenge(scheme))?;
        access
            .require(&self.needed)
            .map_err(|error| Box::new(error.challenge(access.scheme())))
    }
}
