use std::time::Duration;

use bulla::oauth::Issuer;
use bulla::oauth::assertion::ClientAssertion;
use bulla::oauth::message::CLIENT_ASSERTION_TYPE;
use clap::Args;

use super::key;
use crate::algorithm::Algorithm;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::PasswordArgs;
use crate::output;
use crate::runtime;
use crate::time::Span;

/// Make a client assertion, to authenticate by (private_key_jwt).
///
/// The assertion says that it is of the client and for the authorization server, and has a `jti` of its own: a
/// server accepts it once. Send it as `client_assertion`, with a `client_assertion_type` of
/// urn:ietf:params:oauth:client-assertion-type:jwt-bearer. `bulla token request` does all of it.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "bulla token assertion --key <KEYREF> --client-id <ID>\n       --audience <ISSUER> [OPTIONS]"
)]
pub(crate) struct Assertion {
    /// The client's private key
    #[arg(long, value_name = "KEYREF")]
    key: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// The client's identifier (`iss` and `sub`)
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// The authorization server's issuer identifier (`aud`)
    #[arg(long, value_name = "ISSUER")]
    audience: String,
    /// The algorithm, where the key does not fix one
    #[arg(long)]
    alg: Option<Algorithm>,
    /// How long it is valid; servers refuse more than a few minutes
    #[arg(long, value_name = "D", default_value = "60s")]
    lifetime: Span,
}

impl Assertion {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let keyref = KeyRef::parse(&self.key)?;
        input::stdin_once([("--key", keyref.is_stdin()), self.password.stdin()])?;
        let audience = Issuer::parse(self.audience.as_str()).map_err(|error| {
            Failure::new(error.code(), error.fault(), error).about("--audience")
        })?;
        let lifetime = self.lifetime.0;
        if lifetime < SHORTEST {
            return Err(Failure::usage(
                "--lifetime: an assertion that is not valid for a second does not arrive",
                "leave it out for 60 seconds",
            ));
        }
        if lifetime > LONGEST {
            output::warn("servers refuse assertions that are valid for more than five minutes");
        }
        let password = self.password.read()?;
        let signer = key::signer(&keyref, password.as_ref(), self.alg)?;
        let assertion = ClientAssertion::new(self.client_id, &audience, &bulla::backend());
        let token = runtime::block_on(assertion.lifetime(lifetime).sign_async(&signer))?
            .map_err(|error| Failure::new(error.code(), error.fault(), error))?;
        match globals.json {
            true => output::json(&serde_json::json!({
                "client_assertion": token,
                "client_assertion_type": CLIENT_ASSERTION_TYPE,
            })),
            false => output::line(&token),
        }
    }
}

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla token assertion --key key.jwk --client-id billing \\
    --audience https://auth.example.com
  bulla token assertion --key rsa.pem --alg PS256 --client-id billing \\
    --audience https://auth.example.com --lifetime 30s --json"
);
