//! The codes of keys published elsewhere.

use super::{Explanation, io, key, token, usage};

/// Every code of them.
pub(super) const ALL: &[Explanation] = &[
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
];
