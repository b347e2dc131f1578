//! What is fetched: over https, and from nobody but the server that the URL names.

use std::path::PathBuf;
use std::sync::Arc;

use bulla::jwks::http::{
    Fetch as _, FetchError, HttpClient, HttpOptions, Request, Response, UrlRefused, check_url,
};
use bulla::jwks::source::Https;
use clap::Args;

use crate::error::Failure;
use crate::input::Input;
use crate::runtime;

/// How to reach servers.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RemoteArgs {
    /// Authorities to trust for https besides the platform's, PEM
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl RemoteArgs {
    /// The JWK Set at a URL.
    pub(crate) fn source(&self, url: &str) -> Result<Https, Failure> {
        let request = request(url)?;
        Ok(Https::new(request.url, Arc::new(self.client()?)))
    }

    /// The octets at a URL.
    pub(crate) fn fetch(&self, url: &str) -> Result<Vec<u8>, Failure> {
        let (client, mut request) = (self.client()?, request(url)?);
        request.accept = "application/jwk-set+json, application/json";
        match runtime::block_on(client.get(&request))? {
            Ok(Response::Document(document)) => Ok(document.body),
            Ok(_) => Err(Failure::bug("not modified, and nothing was known")),
            Err(error) => Err(failed(&error).about(url)),
        }
    }

    fn client(&self) -> Result<HttpClient, Failure> {
        self.options()?
            .build()
            .map_err(|error| Failure::new(error.code(), error.fault(), &error))
    }

    /// How a client is to be made.
    pub(crate) fn options(&self) -> Result<HttpOptions, Failure> {
        let name = concat!("bulla/", env!("CARGO_PKG_VERSION"));
        let mut options = HttpOptions::default().user_agent(name);
        if let Some(path) = &self.ca {
            options = options.authority(Input::path(path).read()?.to_vec());
        }
        Ok(options)
    }
}

/// What went wrong on the way.
fn failed(error: &FetchError) -> Failure {
    Failure::new(error.code(), error.fault(), error)
}

fn request(url: &str) -> Result<Request, Failure> {
    let url = url.parse().map_err(|error| {
        Failure::usage(
            format_args!("{url:?} is no URL: {error}"),
            "write https://HOST/PATH",
        )
    })?;
    let request = Request::new(url);
    match check_url(&request.url, request.origin, &HttpOptions::default()) {
        Ok(()) => Ok(request),
        Err(UrlRefused::NotHttps | UrlRefused::Host) => Err(Failure::usage(
            format_args!("{}: only https is fetched", request.url),
            "use https://; --ca names the certificate of a private authority",
        )),
        // The URL is not repeated: there may be a password in it.
        Err(refused) => Err(Failure::usage(
            refused,
            "write https://HOST/PATH, without user name and fragment",
        )),
    }
}
