use std::str;

use bulla::oauth::client::{ConnectError, OAuthClient, TokenError, connect_with};
use bulla::oauth::message::TokenRequest;
use bulla::oauth::{Resource, Scopes};
use clap::Args;

use super::key;
use crate::algorithm::Algorithm;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::{Password, PasswordArgs};
use crate::output;
use crate::progress;
use crate::remote::RemoteArgs;
use crate::runtime;

/// Ask an authorization server for an access token, for the client itself.
///
/// Reads the server's metadata, authenticates by a new assertion (private_key_jwt), and prints the access token;
/// with --json the whole answer of the token endpoint. An issuer on loopback, and the endpoints that it names
/// there, may do without TLS.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "bulla token request --issuer <URL> --client-id <ID>\n       --key <KEYREF> [OPTIONS]"
)]
pub(crate) struct Request {
    /// The authorization server's issuer identifier
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// The client's identifier
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// The client's private key
    #[arg(long, value_name = "KEYREF")]
    key: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// The algorithm, where the key does not fix one
    #[arg(long)]
    alg: Option<Algorithm>,
    /// What the token shall allow: scopes, with a space between them
    #[arg(long, value_name = "S")]
    scope: Option<String>,
    /// What the token is for: the URI of an API
    #[arg(long, value_name = "URI")]
    resource: Option<String>,
    /// Have the token bound to a key (DPoP): this one, or a new one
    #[arg(long, value_name = "KEYREF", num_args = 0..=1)]
    dpop: Option<Option<String>>,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl Request {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let keyref = KeyRef::parse(&self.key)?;
        let dpop = self.dpop.as_ref().map(Option::as_deref);
        let dpop = dpop.map(|named| named.map(KeyRef::parse).transpose());
        let dpop = dpop.transpose()?;
        let is_stdin = |named: &Option<KeyRef>| named.as_ref().is_some_and(KeyRef::is_stdin);
        input::stdin_once([
            ("--key", keyref.is_stdin()),
            ("--dpop", dpop.as_ref().is_some_and(is_stdin)),
            self.password.stdin(),
        ])?;
        let wanted = self.wanted()?;
        let password = self.password.read()?;
        let client = self.client(&keyref, dpop.as_ref(), password.as_ref())?;
        let ask = || runtime::block_on(client.request(&wanted));
        let answer = progress::while_doing("asking for a token", ask)?
            .map_err(|error| refused(&error).about(&self.issuer))?;
        if matches!(dpop, Some(None)) {
            output::note(
                "the token is bound to a key that ends with this command; --dpop KEYREF binds it to one that stays",
            );
        }
        match globals.json {
            true => output::line(
                str::from_utf8(answer.answer().body())
                    .map_err(Failure::bug)?
                    .trim(),
            ),
            false => output::line(answer.token().access_token()),
        }
    }

    /// What is asked for.
    fn wanted(&self) -> Result<TokenRequest, Failure> {
        let mut request = TokenRequest::client_credentials();
        if let Some(scope) = &self.scope {
            let scopes = Scopes::parse(scope).map_err(|error| {
                Failure::usage(format_args!("--scope: {error}"), "write --scope 'a b'")
            })?;
            request = request.scopes(scopes);
        }
        if let Some(resource) = &self.resource {
            let resource = Resource::parse(resource.as_str()).map_err(|error| {
                Failure::new(error.code(), error.fault(), error).about("--resource")
            })?;
            request = request.resource(resource);
        }
        Ok(request)
    }

    fn client(
        &self,
        keyref: &KeyRef,
        dpop: Option<&Option<KeyRef>>,
        password: Option<&Password>,
    ) -> Result<OAuthClient, Failure> {
        let signer = key::signer(keyref, password, self.alg)?;
        let options = self.remote.options()?;
        let client =
            connect_with(&self.issuer, &self.client_id, signer, options).map_err(|error| {
                let failure = Failure::new(error.code(), error.fault(), &error);
                match error {
                    ConnectError::Issuer(_) => failure.about("--issuer"),
                    _ => failure,
                }
            })?;
        Ok(match dpop {
            None => client,
            Some(named) => client.dpop(key::dpop(named.as_ref(), password)?),
        })
    }
}

fn refused(error: &TokenError) -> Failure {
    Failure::new(error.code(), error.fault(), error)
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla token request --issuer https://auth.example.com --client-id billing \\
    --key key.jwk --scope invoices:read
  bulla token request --issuer http://127.0.0.1:9000 --client-id billing \\
    --key key.jwk --resource https://api.example.com --dpop dpop.jwk --json"
);
