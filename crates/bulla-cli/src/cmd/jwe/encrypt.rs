use std::path::PathBuf;

use clap::{Args, ValueEnum};

use bulla::jwa::ContentEncryptionAlg;
use bulla::jwe::{Builder, Deflate, EncryptError, RecipientHeader};
use bulla::key::Encrypter;

use crate::algorithm::{ContentEncryption, KeyManagement, LegacyArgs};
use crate::args::Globals;
use crate::cmd::format::Format;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::json::Members;
use crate::keyref::KeyRef;
use crate::keys;
use crate::output;

/// Encrypt octets, byte for byte, to whoever holds a key or knows a password.
///
/// The token goes to standard output. Several keys make one JWE in the general form, which any of them
/// opens.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "bulla jwe encrypt <--key KEYREF..|--password-file F> --alg ALG --enc ENC [OPTIONS] [INPUT]"
)]
pub(crate) struct Encrypt {
    /// The key to encrypt to: public, or symmetric; again for more recipients
    #[arg(
        long,
        value_name = "KEYREF",
        required_unless_present = "password_file",
        conflicts_with = "password_file"
    )]
    key: Vec<String>,
    /// The password to encrypt with, for the PBES2 algorithms
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// How the content key is encrypted, where the key does not fix it
    #[arg(long)]
    alg: Option<KeyManagement>,
    /// How the content is encrypted
    #[arg(long)]
    enc: Option<ContentEncryption>,
    /// Compress the content first; its length then tells something about it
    #[arg(long)]
    zip: Option<Zip>,
    /// Octets that are authenticated as well (flattened, general)
    #[arg(long, value_name = "FILE")]
    aad: Option<PathBuf>,
    /// Who sends, for ECDH-ES
    #[arg(long, value_name = "S")]
    apu: Option<String>,
    /// Who receives, for ECDH-ES
    #[arg(long, value_name = "S")]
    apv: Option<String>,
    /// Iterations of PBES2, 1000 to 600000 [default: 600000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1_000..=600_000))]
    p2c: Option<u32>,
    /// The `kid` of the header, instead of the key's own
    #[arg(long, value_name = "ID")]
    kid: Option<String>,
    /// The `typ` of the header: what the token is
    #[arg(long, value_name = "T")]
    typ: Option<String>,
    /// The `cty` of the header: what the content is
    #[arg(long, value_name = "C")]
    cty: Option<String>,
    /// More protected header parameters
    #[arg(long, value_name = "JSON|@FILE")]
    header: Option<String>,
    /// The form of the token [default: compact, with several keys or --aad general]
    #[arg(long)]
    format: Option<Format>,
    #[command(flatten)]
    legacy: LegacyArgs,
    /// What to encrypt: a file, or - for standard input [default: -]
    input: Option<String>,
}

/// The values of `zip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Zip {
    #[value(name = "DEF")]
    Def,
}

impl Encrypt {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let format = self.format()?;
        keys::check_kid(self.kid.as_deref())?;
        let keyrefs = self
            .key
            .iter()
            .map(|text| KeyRef::parse(text))
            .collect::<Result<Vec<_>, _>>()?;
        let input = Input::octets(self.input.as_deref());
        let aad = self.aad.as_deref().map(Input::path);
        let password = self.password_file.as_deref().map(Input::path);
        input::stdin_once(
            keyrefs
                .iter()
                .map(|keyref| ("--key", keyref.is_stdin()))
                .chain([
                    (
                        "--password-file",
                        password.as_ref().is_some_and(Input::is_stdin),
                    ),
                    ("--aad", aad.as_ref().is_some_and(Input::is_stdin)),
                    ("INPUT", input.is_stdin()),
                ]),
        )?;
        if let Some(KeyManagement(alg)) = self.alg {
            self.legacy.check(alg)?;
        }

        let encrypters = self.encrypters(&keyrefs)?;
        let enc = self.enc(&encrypters)?;
        let aad = aad.map(|aad| aad.read()).transpose()?;
        let plaintext = input.read()?;
        let builder = self.builder(&plaintext, enc, aad.as_ref().map(|aad| aad.to_vec()))?;
        let token = match (format, encrypters.as_slice()) {
            (Format::Compact, [encrypter]) => builder.encrypt_compact(encrypter),
            (Format::Flattened, [encrypter]) => builder.encrypt_flattened(encrypter),
            (_, several) => {
                let recipients: Vec<_> = several
                    .iter()
                    .map(|encrypter| (encrypter, RecipientHeader::new()))
                    .collect();
                builder.encrypt_general(&recipients)
            }
        }
        .map_err(|error| failed(&error))?;
        match format {
            Format::Compact if globals.json => output::json(&serde_json::json!({ "token": token })),
            _ => output::line(&token),
        }
    }

    fn format(&self) -> Result<Format, Failure> {
        let general = self.key.len() > 1 || self.aad.is_some();
        let format = self.format.unwrap_or(if general {
            Format::General
        } else {
            Format::Compact
        });
        if self.key.len() > 1 && format != Format::General {
            return Err(Failure::usage(
                "several keys are several recipients, and only the general form has room for them",
                "leave out --format, or encrypt to one key",
            ));
        }
        if self.key.len() > 1 && self.kid.is_some() {
            return Err(Failure::usage(
                "one --kid cannot name several keys",
                "leave it out: each recipient carries its own key's kid",
            ));
        }
        if self.aad.is_some() && format == Format::Compact {
            return Err(Failure::usage(
                "the compact form has no place for --aad",
                "use --format flattened or general",
            ));
        }
        Ok(format)
    }

    fn encrypters(&self, keyrefs: &[KeyRef]) -> Result<Vec<Encrypter>, Failure> {
        // The one password flag is the token's; a key file's password comes from the environment.
        let key_password = keys::password_from_environment();
        match &self.password_file {
            None if self.p2c.is_some() => Err(Failure::usage(
                "--p2c goes with --password-file",
                "leave it out: a key needs no iterations",
            )),
            None => keyrefs
                .iter()
                .map(|keyref| {
                    keys::encrypter(keyref, key_password.as_ref(), self.alg, &self.legacy)
                })
                .collect(),
            Some(path) => {
                let password = input::read_password(path)?;
                let KeyManagement(alg) = self.alg.ok_or_else(|| {
                    Failure::usage(
                        "a password fixes no algorithm",
                        "name it with --alg, for example --alg PBES2-HS512+A256KW",
                    )
                })?;
                let p2c = self.p2c.unwrap_or(600_000);
                Ok(vec![bulla::password_encrypter(
                    password.as_slice(),
                    alg,
                    p2c,
                )?])
            }
        }
    }

    fn enc(&self, encrypters: &[Encrypter]) -> Result<ContentEncryptionAlg, Failure> {
        let own = encrypters.iter().find_map(Encrypter::content_encryption);
        match (self.enc, own) {
            (Some(ContentEncryption(enc)), _) => Ok(enc),
            (None, Some(own)) => Ok(own),
            (None, None) => Err(Failure::usage(
                "the content encryption is missing",
                "name it with --enc, for example --enc A256GCM",
            )),
        }
    }

    fn builder<'a>(
        &self,
        plaintext: &'a [u8],
        enc: ContentEncryptionAlg,
        aad: Option<Vec<u8>>,
    ) -> Result<Builder<'a>, Failure> {
        let flags = [("kid", &self.kid), ("typ", &self.typ), ("cty", &self.cty)];
        let mut builder = Builder::new(plaintext, enc);
        for (name, value) in flags {
            if let Some(value) = value {
                builder = builder.header(name, value.clone());
            }
        }
        if let Some(text) = &self.header {
            for (name, value) in Members::from_flag("--header", text)?.0 {
                if flags
                    .iter()
                    .any(|(flag, value)| *flag == name && value.is_some())
                {
                    return Err(Failure::usage(
                        format_args!("the header parameter {name:?} is given twice"),
                        "give it in --header or by its own flag, not both",
                    ));
                }
                builder = builder.header(name, value);
            }
        }
        if let Some(Zip::Def) = self.zip {
            builder = builder.zip(Deflate);
        }
        if let Some(aad) = aad {
            builder = builder.aad(aad);
        }
        if let Some(apu) = &self.apu {
            builder = builder.apu(apu.as_str());
        }
        if let Some(apv) = &self.apv {
            builder = builder.apv(apv.as_str());
        }
        Ok(builder)
    }
}

pub(in crate::cmd) fn failed(error: &EncryptError) -> Failure {
    Failure::new(error.code(), error.fault(), error)
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwe encrypt --key bob.jwk --alg ECDH-ES --enc A256GCM letter.txt
  bulla jwe encrypt --password-file pass --alg PBES2-HS512+A256KW \\
    --enc A256GCM letter.txt
  bulla jwe encrypt --key bob.jwk --key eve.jwk --alg RSA-OAEP-256 \\
    --enc A256GCM letter.txt"
);
