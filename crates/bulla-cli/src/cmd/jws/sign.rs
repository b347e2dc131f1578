use clap::Args;

use bulla::jws::{BuildError, Builder, General, Headers};
use bulla::key::Signer;

use crate::algorithm::Algorithm;
use crate::args::Globals;
use crate::cmd::format::Format;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::json::Members;
use crate::keyref::KeyRef;
use crate::keys::{self, PasswordArgs};
use crate::output;
use crate::progress;

/// Sign octets, byte for byte.
///
/// The token goes to standard output. Several keys make one JWS in the general form, with a signature
/// each. A detached compact token (--detached) is made in constant memory for HS, RS, PS and ES keys.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Sign {
    /// The key to sign with: private, or symmetric; again for more signatures
    ///
    /// PATH, PATH#KID of a set, - for standard input, env:NAME; oct:PATH or oct:env:NAME for the octets of
    /// a symmetric key; pkcs11:.., awskms:.. or azurekv:.. for a key in a vault.
    #[arg(long, value_name = "KEYREF", required = true)]
    key: Vec<String>,
    #[command(flatten)]
    password: PasswordArgs,
    /// The algorithm, where the key does not fix one
    #[arg(long)]
    alg: Option<Algorithm>,
    /// The `kid` of the header, instead of the key's own
    #[arg(long, value_name = "ID")]
    kid: Option<String>,
    /// The `typ` of the header: what the token is
    #[arg(long, value_name = "T")]
    typ: Option<String>,
    /// The `cty` of the header: what the payload is
    #[arg(long, value_name = "C")]
    cty: Option<String>,
    /// More protected header parameters
    #[arg(long, value_name = "JSON|@FILE")]
    header: Option<String>,
    /// Header parameters that the signature does not cover (flattened, general)
    #[arg(long, value_name = "JSON|@FILE")]
    unprotected: Option<String>,
    /// Sign the payload as it is, not its base64url (RFC 7797)
    #[arg(long)]
    unencoded: bool,
    /// Leave the payload out of the token
    #[arg(long)]
    detached: bool,
    /// The form of the token [default: compact, with several keys general]
    #[arg(long)]
    format: Option<Format>,
    /// What to sign: a file, or - for standard input [default: -]
    input: Option<String>,
}

impl Sign {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let format = self.format()?;
        let headers = self.headers()?;
        let keyrefs = self
            .key
            .iter()
            .map(|text| KeyRef::parse(text))
            .collect::<Result<Vec<_>, _>>()?;
        let input = Input::octets(self.input.as_deref());
        input::stdin_once(
            keyrefs
                .iter()
                .map(|keyref| ("--key", keyref.is_stdin()))
                .chain([self.password.stdin(), ("INPUT", input.is_stdin())]),
        )?;

        let password = self.password.read()?;
        let signers = keyrefs
            .iter()
            .map(|keyref| keys::signer(keyref, password.as_ref(), self.alg))
            .collect::<Result<Vec<_>, _>>()?;

        let token = self.token(format, &headers, &signers, &input)?;
        match format {
            Format::Compact if globals.json => output::json(&serde_json::json!({ "token": token })),
            _ => output::line(&token),
        }
    }

    fn format(&self) -> Result<Format, Failure> {
        let format = self.format.unwrap_or(match self.key.len() {
            1 => Format::Compact,
            _ => Format::General,
        });
        if self.key.len() > 1 && format != Format::General {
            return Err(Failure::usage(
                "several keys make several signatures, and only the general form has room for them",
                "leave out --format, or sign with one key",
            ));
        }
        if self.key.len() > 1 && self.kid.is_some() {
            return Err(Failure::usage(
                "one --kid cannot name several keys",
                "leave it out: each signature carries its own key's kid",
            ));
        }
        if self.unprotected.is_some() && format == Format::Compact {
            return Err(Failure::usage(
                "the compact form has no place for an unprotected header",
                "use --format flattened, or protect the parameters with --header",
            ));
        }
        Ok(format)
    }

    fn headers(&self) -> Result<Headers, Failure> {
        keys::check_kid(self.kid.as_deref())?;
        let flags = [("kid", &self.kid), ("typ", &self.typ), ("cty", &self.cty)];
        let mut headers = Headers::new();
        for (name, value) in flags {
            if let Some(value) = value {
                headers = headers.protected(name, value.clone());
            }
        }
        if let Some(text) = &self.header {
            for (name, value) in Members::from_flag("--header", text)?.0 {
                let twice = flags
                    .iter()
                    .any(|(flag, value)| *flag == name && value.is_some());
                if twice || (name == "b64" && self.unencoded) {
                    return Err(Failure::usage(
                        format_args!("the header parameter {name:?} is given twice"),
                        "give it in --header or by its own flag, not both",
                    ));
                }
                headers = headers.protected(name, value);
            }
        }
        if self.unencoded {
            // After --header, so that a `crit` in it is added to.
            headers = headers.unencoded();
        }
        if let Some(text) = &self.unprotected {
            for (name, value) in Members::from_flag("--unprotected", text)?.0 {
                headers = headers.unprotected(name, value);
            }
        }
        Ok(headers)
    }

    fn token(
        &self,
        format: Format,
        headers: &Headers,
        signers: &[Signer],
        input: &Input,
    ) -> Result<String, Failure> {
        if let (Format::Compact, true, [signer]) = (format, self.detached, signers) {
            let mut payload = input.open()?;
            let builder = Builder::new("").headers(headers.clone());
            let sign = || builder.sign_compact_stream(&mut *payload, signer);
            return progress::while_doing("signing", sign).map_err(|error| failed(&error));
        }
        let payload = input.read()?;
        let payload = payload.as_slice();
        match (format, signers) {
            (Format::Compact | Format::Flattened, [signer]) => {
                let mut builder = Builder::new(payload).headers(headers.clone());
                if self.detached {
                    builder = builder.detached();
                }
                match format {
                    Format::Compact => builder.sign_compact(signer),
                    _ => builder.sign_flattened(signer),
                }
            }
            _ => {
                let mut general = General::new(payload);
                if self.detached {
                    general = general.detached();
                }
                signers
                    .iter()
                    .try_fold(general, |general, signer| general.sign(headers, signer))
                    .and_then(General::finish)
            }
        }
        .map_err(|error| failed(&error))
    }
}

fn failed(error: &BuildError) -> Failure {
    let failure = Failure::new(error.code(), error.fault(), error);
    match error {
        BuildError::PayloadUnencodable => failure.help("add --detached, or leave out --unencoded"),
        _ => failure,
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jws sign --key key.jwk message.txt > message.jws
  bulla jws sign --key key.jwk --detached big.iso > big.iso.jws
  bulla jws sign --key old.jwk --key new.jwk release.tar > release.jws.json"
);
