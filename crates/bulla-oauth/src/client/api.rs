use core::fmt;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

use super::{AccessToken, ClientError, TokenError, TokenSource, Transport};
use crate::dpop::{DpopProof, TargetUri};
use crate::issuer;
use crate::message::{Challenges, DPOP};

/// What a call of an API carries: the token, and the proof where it is bound to a key. Made for one request.
#[derive(Clone)]
pub struct Credentials {
    token: AccessToken,
    headers: HeaderMap,
    /// What the proof has.
    nonce: Option<String>,
}

impl Credentials {
    /// The token.
    #[must_use]
    pub const fn token(&self) -> &AccessToken {
        &self.token
    }

    /// `Authorization`, and `DPoP` where the token is bound to a key. For an HTTP client that has requests of its own.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

/// Without the token.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials").field(&self.token).finish()
    }
}

/// What an answer of an API means for the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Nothing: the answer is the answer.
    Take,
    /// The request may be sent once more, with new [`Credentials`]: the API wants a nonce in the proof, or takes the
    /// token for invalid, which is forgotten now.
    SendAgain,
}

/// Calling an API with the tokens.
impl TokenSource {
    /// What a request with this method to this URL is to carry. The proof is for this one request: make new credentials
    /// where it is sent again.
    ///
    /// A token goes over TLS alone, or to this machine ([RFC 6750 §5.3](https://www.rfc-editor.org/rfc/rfc6750#section-5.3)).
    /// Where something else sees to that, [`token`](Self::token) has the token without a header.
    ///
    /// # Errors
    ///
    /// [`TokenError`], also where the URL is neither `https` nor `http` on loopback, and where a key fails.
    pub async fn credentials(&self, method: &Method, url: &str) -> Result<Credentials, TokenError> {
        issuer::http_url(url)?;
        let token = self.token().await?;
        let mut headers = HeaderMap::new();
        let mut nonce = None;
        if let Some(key) = self.client().dpop_key() {
            let mut proof = DpopProof::new(method.as_str(), &TargetUri::parse(url)?)
                .access_token(token.as_str())
                .clock(Arc::clone(self.client().time()));
            nonce = self.client().nonces().of(url);
            if let Some(nonce) = &nonce {
                proof = proof.nonce(nonce);
            }
            let proof = proof.sign_async(key).await?;
            headers.insert(DPOP, secret(&proof)?);
        }
        let value = format!("{} {}", token.token_type().as_str(), token.as_str());
        headers.insert(AUTHORIZATION, secret(&value)?);
        Ok(Credentials {
            token,
            headers,
            nonce,
        })
    }

    /// Puts the credentials into a request.
    ///
    /// # Errors
    ///
    /// As for [`credentials`](Self::credentials).
    pub async fn authorize<B>(&self, request: &mut Request<B>) -> Result<Credentials, TokenError> {
        let url = request.uri().to_string();
        let credentials = self.credentials(request.method(), &url).await?;
        for (name, value) in credentials.headers() {
            request.headers_mut().insert(name, value.clone());
        }
        Ok(credentials)
    }

    /// Reads what an answer says about the credentials that the request carried: keeps the nonce for the next proof
    /// (RFC 9449 §9), and [forgets](Self::forget) a token that the API does not accept (RFC 6750 §3.1).
    ///
    /// Whoever is advised to send again does so once or twice, and not for ever.
    pub fn heed<B>(&self, url: &str, used: &Credentials, answer: &Response<B>) -> Advice {
        let nonces = self.client().nonces();
        nonces.heed(url, answer.headers());
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Advice::Take;
        }
        let challenges = Challenges::of_headers(answer.headers());
        let says = |error| {
            let mut named = challenges.iter().filter_map(|one| one.parameter("error"));
            named.any(|named| named == error)
        };
        if says("use_dpop_nonce") {
            // The nonce that the proof had already is not worth another request. Another call may have brought this one.
            let known = nonces.of(url);
            return if known.is_some() && known != used.nonce {
                Advice::SendAgain
            } else {
                Advice::Take
            };
        }
        if says("invalid_token") && self.may_replace(used.token()) {
            return Advice::SendAgain;
        }
        Advice::Take
    }

    /// Sends a request with credentials, and sends it again where that may help: once with another nonce, and once with
    /// another token. Its body is sent as often.
    ///
    /// # Errors
    ///
    /// [`TokenError`], also where there is no answer.
    pub async fn call(
        &self,
        transport: &dyn Transport,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TokenError> {
        let url = request.uri().to_string();
        let mut left = SENT_AGAIN;
        loop {
            let mut sent = request.clone();
            let used = self.authorize(&mut sent).await?;
            let answer = transport.send(sent).await?;
            if self.heed(&url, &used, &answer) == Advice::Take || left == 0 {
                return Ok(answer);
            }
            left -= 1;
        }
    }
}

fn secret(value: &str) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| ClientError::Proof)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Once for a nonce, once for a token.
const SENT_AGAIN: usize = 2;
