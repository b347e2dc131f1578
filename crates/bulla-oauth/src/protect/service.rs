use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use tower_service::Service;

use super::{ProtectedResource, Refusal, Requirements};
use crate::access_token::Access;
use crate::message::{DPOP_NONCE, PresentedToken, TokenScheme};

/// A service that only admitted requests reach.
#[derive(Clone, Debug)]
pub struct Protected<S> {
    pub(super) inner: S,
    pub(super) resource: ProtectedResource,
    pub(super) needed: Arc<Requirements>,
}

/// What the layer leaves for the extractor.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    pub(super) resource: ProtectedResource,
}

impl<S, B, R> Service<Request<B>> for Protected<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<Vec<u8>>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was polled ready is the one to be called.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let (resource, needed) = (self.resource.clone(), Arc::clone(&self.needed));
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            if let Some(access) = resource.admitted_before(&parts) {
                if let Err(error) = needed.check(access) {
                    let (refusal, scheme) = (Refusal::Access(error), access.scheme());
                    resource.tell(&refusal);
                    return Ok(answer(&resource, &refusal, Some(scheme)));
                }
                return inner.call(Request::from_parts(parts, body)).await;
            }
            let admitted = match resource.admit(&parts, &needed).await {
                Ok(admitted) => admitted,
                Err(refusal) => return Ok(answer(&resource, &refusal, scheme(&parts))),
            };
            let next_nonce = admitted.next_nonce().map(str::to_owned);
            hide_token(&mut parts);
            parts.extensions.insert::<Access>(admitted.into_access());
            parts.extensions.insert(Passed { resource });
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            if let Some(Ok(nonce)) = next_nonce.as_deref().map(HeaderValue::from_str) {
                let headers = response.headers_mut();
                headers.insert(DPOP_NONCE, nonce);
                // Whoever kept the answer would hand out an old nonce (RFC 9449 §8.2).
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
            Ok(response)
        })
    }
}

impl ProtectedResource {
    /// What a layer of the same resource, around this one, admitted the request with: a proof is good for one look.
    fn admitted_before<'a>(&self, parts: &'a Parts) -> Option<&'a Access> {
        let passed = parts.extensions.get::<Passed>()?;
        let is_same = Arc::ptr_eq(&passed.resource.rules, &self.rules);
        is_same.then(|| parts.extensions.get())?
    }
}

fn answer<R: From<Vec<u8>>>(
    resource: &ProtectedResource,
    refusal: &Refusal,
    scheme: Option<TokenScheme>,
) -> Response<R> {
    resource.refuse(refusal, scheme).map(R::from)
}

/// How the token of a refused request was presented, if it was.
fn scheme(parts: &Parts) -> Option<TokenScheme> {
    let presented = PresentedToken::read(&parts.headers, None).ok()?;
    presented.map(|presented| presented.scheme())
}

/// From the logs of whatever comes after.
fn hide_token(parts: &mut Parts) {
    if let Some(value) = parts.headers.get_mut(AUTHORIZATION) {
        value.set_sensitive(true);
    }
}
