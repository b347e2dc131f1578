//! What every code means and what to do about it: for `bulla explain`, and for the `help:` line of errors.

mod oauth;
mod payload;

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
    TOOL.iter().chain(payload::ALL).chain(oauth::ALL)
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
    // keystore: PKCS#12 and JKS.
    key(
        "keystore.malformed",
        "The file is not what PKCS#12 (RFC 7292) or JKS describes, or holds no key at all.",
        "look at it with `keytool -list -keystore FILE` or `openssl pkcs12 -info -in FILE`",
    ),
    key(
        "keystore.unsupported",
        "The store, or an entry of it, is protected by an algorithm or is of a kind that is not implemented. \
         JCEKS stores hold serialized Java objects and are not read.",
        "`keytool -importkeystore -deststoretype pkcs12` or `openssl pkcs12 -export` writes it anew",
    ),
    key(
        "keystore.unauthenticated",
        "The PKCS#12 store has no MAC. Whoever could write the file may have put another certificate into it.",
        "write the store anew with a MAC, as `openssl pkcs12 -export` does unless it is told -nomac",
    ),
    key(
        "keystore.certificate-not-trusted",
        "The certificate belongs to no private key of the store, and nobody marked it as trusted.",
        "`keytool -importcert -alias NAME -file FILE -keystore STORE` adds it as a trusted one",
    ),
    key(
        "keystore.limit-exceeded",
        "The store is larger than 2 MiB, has more than 1,000 keys or chains of more than eight certificates, or asks for \
         more than a million iterations for one key or twelve million for all.",
        "split the store",
    ),
    key(
        "keystore.certificate-missing",
        "PKCS#12 holds a public key only within a certificate, and the key has no `x5c`.",
        "`bulla jwk convert --to spki` writes a public key alone",
    ),
    usage(
        "keystore.alias-unfit",
        "PKCS#12 has no place for the alias: it is empty, longer than 256 octets, or has characters beyond U+FFFF.",
        "choose another alias",
    ),
    usage(
        "keystore.alias-taken",
        "Two keys were to be stored under one alias. The case of letters does not tell aliases apart.",
        "choose another alias for one of them",
    ),
    bug(
        "jwk.backend",
        "The library of primitives failed: no entropy, or an internal error.",
        "please report it, without the key",
    ),
    // x509: certificates that came with a token, then files of them.
    token(
        "x509.malformed",
        "A certificate of the chain is not what RFC 5280 describes, or not of version 3.",
        "look at it with `openssl x509 -inform DER -text`",
    ),
    token(
        "x509.empty-chain",
        "There is no certificate where a chain should be.",
        "have the sender put the certificates of the key into `x5c`",
    ),
    token(
        "x509.limit-exceeded",
        "The chain has more certificates, or longer ones, than are accepted from strangers.",
        "send the leaf and what is between it and the root, nothing else",
    ),
    token(
        "x509.chain-order",
        "A certificate does not certify the one before it. The order of a chain is fixed (RFC 7515 §4.1.6): it is not \
         sorted, and what does not belong there refuses it.",
        "put the leaf first, then its issuer, and so on; leave out what is none of these",
    ),
    token(
        "x509.untrusted-issuer",
        "No trust anchor vouches for the chain: its last certificate was not issued by any of them, or certificates are \
         missing between. Nothing is fetched to fill the gap.",
        "compare the issuer of the last certificate with the trust anchors",
    ),
    token(
        "x509.anchored-leaf",
        "The certificate is listed as a trust anchor itself. Nobody else vouches for it, and it was not said that being \
         listed is enough.",
        "list the authority that issued it, or trust the key itself",
    ),
    token(
        "x509.expired",
        "A certificate of the path, or the trust anchor, has expired.",
        "have it renewed, or check this machine's clock",
    ),
    token(
        "x509.not-yet-valid",
        "A certificate of the path, or the trust anchor, is not yet valid.",
        "wait, or check this machine's clock",
    ),
    token(
        "x509.authority-as-leaf",
        "The first certificate is of an authority, which signs certificates and not tokens.",
        "put the certificate of the signing key first",
    ),
    token(
        "x509.not-an-authority",
        "A certificate was issued with a key whose own certificate does not say that it is of an authority.",
        "have the certificate issued by an authority",
    ),
    token(
        "x509.path-length",
        "There are more authorities in the path than one of them allows below itself.",
        "have the certificate issued by an authority further up",
    ),
    token(
        "x509.name-constraint",
        "A name is outside what an authority may vouch for. Only constraints on DNS names and IP addresses are \
         compared; names of any other kind that is constrained are refused.",
        "have the certificate issued by an authority that may vouch for its names",
    ),
    token(
        "x509.key-usage",
        "The `keyUsage` of a certificate forbids what its key is used for: signing tokens, encrypting, or signing \
         certificates.",
        "have a certificate issued with digitalSignature, keyEncipherment or keyAgreement, as the key needs",
    ),
    token(
        "x509.extended-key-usage",
        "A certificate is restricted to other purposes, or does not list the one that was asked for (RFC 5280 \
         §4.2.1.12). Those of web sites are such.",
        "have a certificate issued for signing tokens",
    ),
    token(
        "x509.critical-extension",
        "A certificate has a critical extension that is not understood, so what it says cannot be heeded.",
        "have a certificate issued without it",
    ),
    token(
        "x509.signature-invalid",
        "A certificate was not signed with its issuer's key: it was altered, or somebody uses the issuer's name.",
        "get the certificates from their owner anew",
    ),
    token(
        "x509.signature-unsupported",
        "A certificate was signed in a way that is not implemented: with SHA-1, Ed448, or RSA below 2048 bits.",
        "have the certificate issued anew with SHA-256 or longer",
    ),
    token(
        "x509.revoked",
        "A revocation list names a certificate of the path.",
        "do not trust the key",
    ),
    token(
        "x509.revocation-unknown",
        "Revocation lists were given, and none of them speaks of a certificate of the path.",
        "give the lists of every authority of the path",
    ),
    token(
        "x509.revocation-list-outdated",
        "The next issue of a revocation list is due. Somebody may be keeping it from you.",
        "get the present list",
    ),
    token(
        "x509.revocation-list-invalid",
        "A revocation list was not signed by the issuer that it names, or by one who may not sign lists.",
        "get the list from the issuer anew",
    ),
    key(
        "x509.file-malformed",
        "A file is not one of certificates or revocation lists as RFC 5280 and RFC 7468 describe them.",
        "look at it with `openssl x509 -text` or `openssl crl -text`",
    ),
    key(
        "x509.file-unsupported",
        "A file holds a kind of revocation list or certificate that is not implemented.",
        "give complete, direct lists, and certificates of version 3",
    ),
    key(
        "x509.file-empty",
        "There is no certificate, or no revocation list, in the file.",
        "make sure that it is the right file, in PEM or DER",
    ),
    key(
        "x509.file-limit-exceeded",
        "The file is longer, or holds more, than is read.",
        "give only what is needed",
    ),
    key(
        "x509.key-mismatch",
        "The first certificate of the chain is of another key than the one that it is to stand beside.",
        "give the chain of this key, its own certificate first",
    ),
    // jwks: keys published elsewhere
    io(
        "jwks.answer-refused",
        "An issuer's answer is none that may be used: a redirect, a status that is no plain 200 or 304, \
         a compressed body, or one over the limit.",
        "give the final URL of the JWK Set; redirects are not followed",
    ),
    usage(
        "jwks.client",
        "The HTTPS client could not be made: a certificate or proxy that cannot be read, or no roots.",
        "check the certificate file, SSL_CERT_FILE and HTTPS_PROXY",
    ),
    token(
        "jwks.entra-key-issuer",
        "The signature holds, and Microsoft publishes the key for another issuer or another cloud.",
        "check which tenant and cloud the token is from",
    ),
    token(
        "jwks.entra-nonce",
        "The token is for one of Microsoft's own APIs, such as Graph. Its header has a `nonce` that is hashed \
         before signing, so that nobody else can verify it.",
        "ask for a token with a scope of your own API",
    ),
    token(
        "jwks.entra-tenant",
        "The tenant (`tid`) is missing, no GUID, or not one that is accepted.",
        "check the tenant of the application and of the token",
    ),
    token(
        "jwks.entra-version",
        "The token is of version 1.0 where 2.0 is expected, or the other way round. The API's manifest decides \
         (`accessTokenAcceptedVersion`), not the endpoint that the client called.",
        "set accessTokenAcceptedVersion in the manifest of the API, or expect the other version",
    ),
    io(
        "jwks.issuer-mismatch",
        "What an issuer publishes about itself names another issuer (RFC 8414 §3.3). Issuers are compared octet \
         by octet: a final slash makes another one.",
        "give the issuer exactly as its metadata has it",
    ),
    usage(
        "jwks.issuer-twice",
        "The same issuer is configured twice.",
        "configure it once",
    ),
    io(
        "jwks.malformed",
        "What an issuer published is not a JWK Set, or holds more keys than the limit.",
        "look at the URL in a browser: is it the set itself?",
    ),
    io(
        "jwks.metadata-malformed",
        "What an issuer publishes about itself is not strict JSON with `issuer` and `jwks_uri`.",
        "check the issuer, or give the URL of its JWK Set",
    ),
    usage(
        "jwks.no-runtime",
        "A cache of published keys was started outside a tokio runtime.",
        "start it inside one",
    ),
    io(
        "jwks.no-usable-key",
        "The JWK Set was fetched, and none of its keys may be used.",
        "look at the reasons with `bulla jwk inspect`",
    ),
    key(
        "jwks.private-key",
        "A published set holds a private or symmetric key. It is not used: whoever published it gave it away.",
        "tell the issuer, who must replace the key",
    ),
    usage(
        "jwks.too-many-issuers",
        "More issuers are configured than the limit.",
        "raise the limit, or configure fewer",
    ),
    usage(
        "jwks.url-refused",
        "The URL is not connected to: not https, with a user name, a fragment or a port that is not allowed, or, \
         where somebody else chose it, at an address that is not public.",
        "use an https URL; plain http is for loopback alone, where it was allowed",
    ),
    // remote
    io(
        "remote.unavailable",
        "A remote system did not answer, or answered that it cannot.",
        "try again later",
    ),
    io(
        "remote.throttled",
        "A remote system asks for fewer requests.",
        "wait, then try again",
    ),
    io(
        "remote.denied",
        "A remote system refuses these credentials.",
        "check the credentials and what they may do",
    ),
    io(
        "remote.integrity",
        "A remote key answered with a signature that its own public key does not verify.",
        "check that the key reference names the key and version you mean",
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
