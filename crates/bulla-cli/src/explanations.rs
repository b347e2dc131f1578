//! What every code means and what to do about it: for `bulla explain`, and for the `help:` line of errors.

mod jwks;
mod key_store;
mod oauth;
mod payload;
mod server;
mod vault;
mod x509;

use crate::exit::Exit;

/// One code.
#[derive(Debug)]
pub(crate) struct Explanation {
    pub(crate) code: &'static str,
    pub(crate) exit: Exit,
    /// What it means, in a sentence or three.
    pub(crate) means: &'static str,
    /// What to do, in one line.
    pub(crate) help: &'static str,
}

/// The explanation of a code.
pub(crate) fn find(code: &str) -> Option<&'static Explanation> {
    all().find(|explanation| explanation.code == code)
}

/// What to do about a code, in one line.
pub(crate) fn help(code: &str) -> &'static str {
    find(code).map_or("see `bulla --help`", |explanation| explanation.help)
}

/// Every code, by noun.
pub(crate) fn all() -> impl Iterator<Item = &'static Explanation> {
    TOOL.iter()
        .chain(jwks::ALL)
        .chain(key_store::ALL)
        .chain(vault::ALL)
        .chain(oauth::ALL)
        .chain(payload::ALL)
        .chain(server::ALL)
        .chain(x509::ALL)
}

/// The codes that the commands print.
const TOOL: &[Explanation] = &[
    // jwt: claims. Told only after the signature held.
    token(
        "jwt.expired",
        "The signature is valid, and the token's `exp` is not after now (RFC 7519 §4.1.4).",
        "ask its issuer for a new token, or check this machine's clock; --leeway allows for skew",
    ),
    token(
        "jwt.not-yet-valid",
        "The signature is valid, and the token's `nbf` is still to come (RFC 7519 §4.1.5).",
        "wait, or check this machine's clock; --leeway allows for skew",
    ),
    token(
        "jwt.issuer-mismatch",
        "The signature is valid, and `iss` is not the issuer that was expected (RFC 7519 §4.1.1). \
         Issuers are compared octet by octet: a final slash makes another one.",
        "compare --issuer with what `bulla jwt inspect` shows as iss",
    ),
    token(
        "jwt.audience-mismatch",
        "The signature is valid, and none of the token's `aud` is an audience that was expected \
         (RFC 7519 §4.1.3). The token was made for somebody else.",
        "compare --audience with what `bulla jwt inspect` shows as aud",
    ),
    token(
        "jwt.subject-mismatch",
        "The signature is valid, and `sub` is not the subject that was expected (RFC 7519 §4.1.2).",
        "compare --subject with what `bulla jwt inspect` shows as sub",
    ),
    token(
        "jwt.claim-missing",
        "The signature is valid, and a claim that was asked for is not there. What is expected is \
         required: a token without `iss` does not satisfy --issuer.",
        "have the issuer add the claim, or do not ask for it",
    ),
    token(
        "jwt.claim-invalid",
        "The signature is valid, and a claim has the wrong JSON type or a value out of range, such as an `exp` \
         that is a string, or a check of the application's own failed.",
        "look at the claims with `bulla jwt inspect` and tell the issuer",
    ),
    token(
        "jwt.type-mismatch",
        "The signature is valid, and the header's `typ` is not the one expected (RFC 8725 §3.11). It says \
         what a token is for, so that an ID token cannot pass for an access token. Case and an \
         `application/` prefix do not matter.",
        "compare --typ with what `bulla jwt inspect` shows as typ",
    ),
    token(
        "jwt.too-old",
        "The signature is valid, and the token was issued longer ago than --max-age allows, by its `iat`.",
        "ask its issuer for a new token, or allow a greater --max-age",
    ),
    token(
        "jwt.malformed",
        "The payload is not a claims set: not one JSON object in UTF-8, with a member twice, or nested too deeply.",
        "look at the payload with `bulla jws inspect` and tell the issuer",
    ),
    token(
        "jwt.limit-exceeded",
        "Something in the claims is larger or deeper than is accepted from strangers.",
        "tell the issuer; the limits are those of the library's `Limits`",
    ),
    usage(
        "jwt.claim-duplicate",
        "A claim would stand in the token twice: given in two ways.",
        "give each claim once",
    ),
    // jws
    token(
        "jws.malformed",
        "Not a JWS as RFC 7515 describes it: parts missing, base64url that is not strict (padding, line \
         breaks, trailing bits), a header that is not one JSON object, a registered parameter of the \
         wrong type, or something before or after the token.",
        "pass the token alone: no quotes, no `Bearer `, no line breaks inside; `bulla jws inspect` shows one",
    ),
    token(
        "jws.signature-invalid",
        "The signature does not belong to this header and payload under this key. There is no more detail on purpose: \
         the token was altered, or another key signed it.",
        "make sure that the key is the signer's; if it is, the token was altered",
    ),
    token(
        "jws.algorithm-not-allowed",
        "The token names an algorithm that none of the keys is bound to. A key is bound to one algorithm \
         before a token is looked at, so a token cannot choose: `none`, or HMAC with a public key as its secret, \
         end here.",
        "if the algorithm is right, name it with --alg or use the key made for it; else refuse the token",
    ),
    token(
        "jws.critical-unknown",
        "The header's `crit` names a parameter that must be understood and is not, or breaks the rules of \
         RFC 7515 §4.1.11.",
        "if your application acts on the parameter, say so with --understood NAME",
    ),
    usage(
        "jws.not-streamable",
        "EdDSA and ML-DSA need the whole payload at once; a detached one that is too large for memory cannot be \
         used with them.",
        "use a key for ES256, RS256, PS256 or HS256, or sign a digest of the file",
    ),
    usage(
        "jws.input-is-token",
        "Octets were to be signed as they are, but they are the signing input of a token: a header in base64url, a dot, a payload.",
        "build the token instead, so that its header is checked",
    ),
    usage(
        "jws.payload-spent",
        "A streamed payload can be read once, and more than one signature asked for it.",
        "give the payload as a file and verify one signature at a time",
    ),
    token(
        "jws.limit-exceeded",
        "The token, its header, its `kid` or its number of signatures is larger than is accepted from strangers.",
        "a token of this size is not for this tool; detach a large payload (jws sign --detached)",
    ),
    token(
        "jws.payload-mismatch",
        "The token carries a payload and another was supplied, or it carries none and none was supplied \
         (RFC 7515 appendix F).",
        "supply the payload of a detached token, and only of such, with --payload FILE",
    ),
    usage(
        "jws.header-invalid",
        "The header asked for would be refused by whoever verifies it.",
        "see RFC 7515 §4.1 for what the registered parameters may hold",
    ),
    usage(
        "jws.header-unprotected",
        "The compact form has no place for an unprotected header (RFC 7515 §7.1).",
        "use --format flattened, or protect the parameters with --header",
    ),
    usage(
        "jws.payload-unencodable",
        "An unencoded payload (RFC 7797) cannot stand in this form: the compact one has room for printable ASCII \
         without full stops, the JSON ones for text. A JWT may not have one at all.",
        "add --detached, or leave out --unencoded",
    ),
    usage(
        "jws.payload-encoding-mixed",
        "All signatures of a JWS must agree on whether the payload is encoded (RFC 7797 §3).",
        "give every signature the same `b64`",
    ),
    usage(
        "jws.no-signer",
        "A JWS has at least one signature.",
        "name a key to sign with",
    ),
    bug(
        "jws.signing-failed",
        "The primitive that signs failed although the key was accepted.",
        "please report it, without the key",
    ),
    // jwe
    token(
        "jwe.malformed",
        "Not a JWE as RFC 7516 describes it.",
        "pass the token alone: no quotes, no line breaks inside",
    ),
    token(
        "jwe.decryption-failed",
        "The token cannot be decrypted with this key. There is no more detail on purpose.",
        "make sure that the key is the recipient's; if it is, the token was altered",
    ),
    token(
        "jwe.algorithm-not-allowed",
        "The token names an `alg` or `enc` that the key or the caller does not allow.",
        "if it is right, name it with --alg or --enc; else refuse the token",
    ),
    token(
        "jwe.critical-unknown",
        "The header's `crit` names a parameter that must be understood and is not (RFC 7516 §4.1.13).",
        "if your application acts on the parameter, say so with --understood NAME",
    ),
    token(
        "jwe.limit-exceeded",
        "The token, or what it inflates to, is larger than is accepted from strangers.",
        "a token of this size is not for this tool",
    ),
    token(
        "jwe.zip-malformed",
        "The content was decrypted, and does not inflate: its DEFLATE stream is broken, cut off, or followed by \
         something (RFC 7516 §4.1.3).",
        "tell whoever encrypted it",
    ),
    token(
        "jwe.zip-unsupported",
        "The content is compressed, with something that is not understood or not allowed.",
        "ask for a token without `zip`",
    ),
    usage(
        "jwe.header-invalid",
        "The header asked for would be refused by whoever decrypts it.",
        "see RFC 7516 §4.1 for what the registered parameters may hold",
    ),
    usage(
        "jwe.no-recipient",
        "A JWE has at least one recipient.",
        "name a key to encrypt to",
    ),
    usage(
        "jwe.not-compact",
        "The compact form has no place for additional data, an unprotected header or several recipients.",
        "use --format flattened or general",
    ),
    usage(
        "jwe.one-recipient-only",
        "`dir` and `ECDH-ES` agree on the content's own key, which several recipients cannot share (RFC 7516 §7.2.1).",
        "use an algorithm that wraps a key, such as ECDH-ES+A256KW",
    ),
    bug(
        "jwe.encryption-failed",
        "The primitive that encrypts failed although the key was accepted.",
        "please report it, without the key",
    ),
    bug(
        "jwe.zip-failed",
        "Compressing the content failed.",
        "please report it; without --zip it is not compressed",
    ),
    // jwk
    key(
        "jwk.malformed",
        "Not a key as a JWK, PEM, DER or certificate describes it, or its parts do not belong together. \
         The message names what was found and what was expected.",
        "was it cut or edited? `bulla jwk convert` and `openssl pkey` write keys anew",
    ),
    key(
        "jwk.unsupported",
        "A key type, curve or format that is not implemented, or that the key cannot be written in.",
        "`bulla alg` lists the algorithms with the keys they take",
    ),
    key(
        "jwk.too-weak",
        "The key is shorter than its algorithm requires: RSA 2048 bits, HMAC as long as its hash (RFC 7518 §3.2, §3.3).",
        "make a longer key with `bulla jwk generate`",
    ),
    key(
        "jwk.usage-mismatch",
        "The key does not fit: its type, curve, `alg`, `use` or `key_ops` are for something else.",
        "`bulla jwk inspect` shows what the key is for, `bulla alg` which key an algorithm takes",
    ),
    key(
        "jwk.not-found",
        "No key of the set has the `kid` that was asked for, by the command or by the token, or none can be used.",
        "`bulla jwk inspect` lists the keys of a set with their kid",
    ),
    key(
        "jwk.ambiguous",
        "Several keys would do, and nothing says which.",
        "name one key of a set by its kid (keys.jwks#KID), or a file that holds one key",
    ),
    key(
        "jwk.untrusted",
        "The key came with the token, in `jwk`, `x5c`, `jku` or `x5u`, and nobody has vouched for it.",
        "get the signer's key from the signer and pass it with --key",
    ),
    token(
        "jwk.disagrees",
        "What the token says about its key (`jwk`, `x5c`, `x5t`, `x5t#S256`) contradicts itself, or the key that was found under its names.",
        "reject the token: its header was put together from others', or its signer is misconfigured",
    ),
    usage(
        "jwk.url-refused",
        "A URL cannot be listed as one that tokens may name: it is not `https:` (or, where files are allowed, `file:///` with a path), or holds user information, a fragment or blanks.",
        "write the URL as the tokens have it; they are compared letter for letter",
    ),
    key(
        "jwk.kid-missing",
        "A key that is to follow others has no `kid`, or another than its public half: verifiers would not find it.",
        "give the key a kid; `bulla jwk thumbprint` prints a good one",
    ),
    key(
        "jwk.kid-reused",
        "A key that is to follow others has the `kid` of one of them. A kid names one key for ever.",
        "give the key another kid",
    ),
    key(
        "jwk.not-made",
        "A new key pair could not be made, so no key was rotated.",
        "the log of the program says why",
    ),
    key(
        "jwk.rotation-phases",
        "Of the signing keys that were stored not exactly one signs, or several wait to.",
        "restore the store from a copy; no tool of ours writes it so",
    ),
    usage(
        "jwk.rotation-pending",
        "The next signing key is announced already and does not sign yet; there is one at a time.",
        "wait until it signs, or replace the key at once if it is an emergency",
    ),
    key(
        "jwk.limit-exceeded",
        "The key or set is larger than is accepted: 2 MiB, 1,000 keys, a `kid` of 256 octets, 8 certificates.",
        "use a smaller set",
    ),
    key(
        "jwk.password-missing",
        "The key is encrypted, and no password was given.",
        "give the password with --password-file FILE or in BULLA_PASSWORD",
    ),
    key(
        "jwk.password-wrong",
        "The key is encrypted with another password, or the file was changed; the two cannot be told apart.",
        "check the password; one final line break in a password file is not part of it",
    ),
    // io
    io(
        "io.not-found",
        "There is no such file or environment variable.",
        "check the name; a token given in place of a file must be whole",
    ),
    io(
        "io.permission-denied",
        "The file may not be read or written.",
        "check its owner and mode",
    ),
    io(
        "io.exists",
        "The file is there already, and files with keys are not overwritten.",
        "choose another name, or overwrite it with --force",
    ),
    io(
        "io.read",
        "Reading failed.",
        "check that it is a file that can be read",
    ),
    io(
        "io.write",
        "Writing failed.",
        "check that there is room and that the folder can be written",
    ),
    // jwe: more
    token(
        "jwe.zip-unsupported",
        "The content is compressed with something other than DEF.",
        "ask its sender for a token without `zip`",
    ),
    token(
        "jwe.zip-malformed",
        "The token is authentic, and its compressed content is broken: cut off, or followed by something.",
        "tell its sender",
    ),
    usage(
        "jwe.header-invalid",
        "The header asked for is not allowed, or sets a parameter that the algorithm itself makes.",
        "leave alg, enc, zip, epk, apu, apv, iv, tag, p2s and p2c out of --header",
    ),
    usage(
        "jwe.not-compact",
        "The compact form has no place for aad or an unprotected header.",
        "use --format flattened or general",
    ),
    usage(
        "jwe.one-recipient-only",
        "dir and ECDH-ES use the key itself for the content, so there can be only one recipient.",
        "use ECDH-ES+A256KW or A256KW for several",
    ),
    usage(
        "jwe.no-recipient",
        "Nobody was named to encrypt to.",
        "name a key with --key",
    ),
    bug(
        "jwe.encryption-failed",
        "The primitive failed.",
        "please report it",
    ),
    bug("jwe.zip-failed", "Compressing failed.", "please report it"),
    // cli
    usage(
        "cli.usage",
        "The command line makes no sense: an unknown verb or flag, a value out of range, flags that exclude each \
         other, an algorithm that is unknown or `none`.",
        "see `bulla help` and `bulla VERB --help`",
    ),
    usage(
        "cli.not-built-in",
        "A kind of key reference or format that Bulla knows of and this build has no code for.",
        "use a key in a file, env: or standard input",
    ),
    bug(
        "cli.bug",
        "Bulla failed in a way that it should not.",
        "please report it with the command line, without keys",
    ),
];

const fn token(code: &'static str, means: &'static str, help: &'static str) -> Explanation {
    Explanation {
        code,
        exit: Exit::Token,
        means,
        help,
    }
}

const fn usage(code: &'static str, means: &'static str, help: &'static str) -> Explanation {
    Explanation {
        code,
        exit: Exit::Usage,
        means,
        help,
    }
}

const fn key(code: &'static str, means: &'static str, help: &'static str) -> Explanation {
    Explanation {
        code,
        exit: Exit::Key,
        means,
        help,
    }
}

const fn io(code: &'static str, means: &'static str, help: &'static str) -> Explanation {
    Explanation {
        code,
        exit: Exit::Io,
        means,
        help,
    }
}

const fn bug(code: &'static str, means: &'static str, help: &'static str) -> Explanation {
    Explanation {
        code,
        exit: Exit::Bug,
        means,
        help,
    }
}
