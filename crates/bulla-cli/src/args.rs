//! The command line as a whole: nouns, verbs and what every verb takes.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cmd::{alg, completions, demo, explain, jwe, jwk, jwks, jws, jwt, man, serve, token};
use crate::error::Failure;
use crate::exit::after_help;

/// Sign, encrypt, issue and inspect JOSE objects: JWK, JWS, JWE and JWT.
///
/// A key is bound to one algorithm before a token is looked at; what a token says about itself is
/// compared, never obeyed. A verb writes its result to standard output, and only after every check has
/// passed; everything else goes to standard error.
#[derive(Debug, Parser)]
#[command(name = "bulla", version, max_term_width = 80, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every verb takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Globals {
    /// Print one JSON object instead
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Leave notes, warnings and progress out of standard error
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// When to use colour; NO_COLOR is respected
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub(crate) color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make, convert and look at keys
    #[command(subcommand)]
    Jwk(jwk::Verb),
    /// Fetch, merge and serve the key sets that are published
    #[command(subcommand)]
    Jwks(jwks::Verb),
    /// Sign and verify any octets
    #[command(subcommand)]
    Jws(jws::Verb),
    /// Encrypt and decrypt any octets
    #[command(subcommand)]
    Jwe(jwe::Verb),
    /// Issue and verify claims
    #[command(subcommand)]
    Jwt(jwt::Verb),
    /// Authenticate as a client, and ask for access tokens
    #[command(subcommand)]
    Token(token::Verb),
    Alg(alg::Alg),
    Explain(explain::Explain),
    Serve(serve::Serve),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Jwk(verb) => verb.run(globals),
            Self::Jwks(verb) => verb.run(globals),
            Self::Jws(verb) => verb.run(globals),
            Self::Jwe(verb) => verb.run(globals),
            Self::Jwt(verb) => verb.run(globals),
            Self::Token(verb) => verb.run(globals),
            Self::Alg(verb) => verb.run(globals),
            Self::Explain(verb) => verb.run(globals),
            Self::Serve(verb) => verb.run(globals),
            Self::Demo(verb) => verb.run(globals),
            Self::Completions(verb) => verb.run(globals),
            Self::Man(verb) => verb.run(globals),
        }
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Keys (KEYREF):
  PATH or file:PATH       a JWK, JWK Set, PEM, DER or X.509 certificate
  PATH#KID                one key of a set
  -                       standard input
  env:NAME                an environment variable
  oct:PATH, oct:env:NAME  these octets are a symmetric key
  https://...             a JWK Set, to verify with

Examples:
  bulla jwk generate --alg ES256 --out key.jwk --public-out public.jwk
  bulla jwt issue --key key.jwk --iss https://issuer.example --aud api --exp +5m
  bulla jwt verify --key public.jwk --issuer https://issuer.example \\
    --audience api token.jwt
  bulla demo"
);
