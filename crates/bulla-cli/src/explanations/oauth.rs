//! OAuth: what clients, protected resources and authorization servers refuse.

use super::{Explanation, bug, io, token, usage};

pub(super) const ALL: &[Explanation] = &[
    token(
        "oauth.assertion-type-invalid",
        "`client_assertion` and `client_assertion_type` do not stand together, or the type is not that of a JWT (RFC 7521 §4.2).",
        "send both; the type is urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    ),
    token(
        "oauth.authentication-missing",
        "A token request authenticates with nothing, or with a secret, which the authorization server takes from nobody.",
        "send an assertion: client_assertion and its type",
    ),
    token(
        "oauth.authentication-repeated",
        "A token request authenticates in more than one way (RFC 6749 §2.3).",
        "send the assertion alone, without an Authorization header or a secret",
    ),
    token(
        "oauth.authorization-malformed",
        "The `Authorization` header is not `Bearer` or `DPoP` and a token, stands twice, or a token stands in the URL.",
        "send one header, and no token in the URL",
    ),
    token(
        "oauth.client-disabled",
        "The client is switched off at the authorization server.",
        "enable it there",
    ),
    token(
        "oauth.client-method",
        "The client is registered for another method of authentication than `private_key_jwt`.",
        "register it for private_key_jwt",
    ),
    io(
        "oauth.client-refused",
        "The authorization server does not accept the client or its assertion (`invalid_client`).",
        "compare client identifier, key and algorithm with the registration, and see that the server can read the client's keys",
    ),
    token(
        "oauth.client-unknown",
        "The authorization server knows no client of that name.",
        "compare the client's identifier with its registration",
    ),
    token(
        "oauth.dpop-key-invalid",
        "The header of a DPoP proof has no `jwk`, a private one, or one that does not fit its algorithm.",
        "put the public key there, and nothing else of the pair",
    ),
    token(
        "oauth.dpop-key-mismatch",
        "The proof is of another key than the access token is bound to (`cnf.jkt`).",
        "use the key that the token was asked for with",
    ),
    token(
        "oauth.dpop-malformed",
        "The `DPoP` header is malformed, or stands twice.",
        "send one header with one proof",
    ),
    token(
        "oauth.dpop-method-mismatch",
        "`htm` of the proof is not the method of the request.",
        "make a proof for each request; methods are upper case",
    ),
    token(
        "oauth.dpop-missing",
        "A DPoP proof is needed, and there is none.",
        "send one, or register the client without DPoP",
    ),
    token(
        "oauth.dpop-nonce-needed",
        "The server wants its nonce in the proof (RFC 9449 §8).",
        "send the request again with the nonce of the header DPoP-Nonce, a new proof and a new assertion",
    ),
    token(
        "oauth.dpop-not-allowed",
        "A proof came for a client whose tokens are not bound to keys.",
        "send none, or register the client with dpop = \"optional\"",
    ),
    token(
        "oauth.dpop-token-mismatch",
        "`ath` of the proof is missing or the hash of another access token.",
        "make a proof for each token",
    ),
    token(
        "oauth.dpop-url-mismatch",
        "`htu` of the proof is not the URL of the request.",
        "compare both; behind a proxy, tell the server its public address",
    ),
    token(
        "oauth.grant-missing",
        "`grant_type`, or the assertion that it needs, is missing.",
        "tell whoever runs the other side",
    ),
    token(
        "oauth.grant-not-allowed",
        "The client may not use this grant.",
        "allow it at the authorization server",
    ),
    token(
        "oauth.grant-unsupported",
        "The authorization server does not know the grant.",
        "its metadata lists those it knows: grant_types_supported",
    ),
    token(
        "oauth.issuer-unknown",
        "An assertion was made by an issuer that the authorization server does not trust.",
        "compare its iss with the issuers configured",
    ),
    io(
        "oauth.keys-unavailable",
        "The keys of a client or an issuer cannot be had at the moment.",
        "look at its jwks_uri",
    ),
    io(
        "oauth.metadata-issuer-mismatch",
        "The metadata names another issuer than was asked (RFC 8414 §3.3).",
        "compare both as text: a final slash counts",
    ),
    io(
        "oauth.metadata-malformed",
        "The metadata is not what RFC 8414 describes, or too large.",
        "tell whoever runs the other side",
    ),
    token(
        "oauth.parameter-repeated",
        "A parameter of a token request stands twice (RFC 6749 §3.2).",
        "send it once; resource alone may be repeated",
    ),
    token(
        "oauth.parties-mismatch",
        "`iss`, `sub` and `client_id` do not name one client (RFC 7523 §3).",
        "set all to the client's identifier",
    ),
    io(
        "oauth.refused",
        "The authorization server refuses the request; what it says stands beside.",
        "see what it says",
    ),
    io(
        "oauth.replay-unknown",
        "The store of used `jti` does not answer, and nothing is accepted without it.",
        "look at the store",
    ),
    token(
        "oauth.replayed",
        "An assertion or a proof was used before.",
        "make a new one for each request, also when sending again",
    ),
    token(
        "oauth.request-malformed",
        "A token request is not a POST of a form, or the form is malformed.",
        "send application/x-www-form-urlencoded",
    ),
    token(
        "oauth.request-too-large",
        "A token request has more than 64 KiB or 64 parameters.",
        "tell whoever runs the other side",
    ),
    bug(
        "oauth.resource-unprotected",
        "A handler asks for the access of a request, and no layer of a protected resource is around it.",
        "put ProtectedResource::layer around the route",
    ),
    io(
        "oauth.response-malformed",
        "An answer is not one of a token endpoint, or a challenge is malformed.",
        "see that the URL is the token endpoint",
    ),
    token(
        "oauth.role-insufficient",
        "The access token lacks a role that the resource needs.",
        "give the application that role where tokens are issued",
    ),
    token(
        "oauth.scope-insufficient",
        "The access token lacks a scope that the resource needs.",
        "ask for a token with that scope",
    ),
    token(
        "oauth.scope-malformed",
        "Not a list of scopes with one space between them (RFC 6749 §3.3).",
        "tell whoever runs the other side",
    ),
    token(
        "oauth.scope-not-allowed",
        "A scope is malformed, unknown, or more than the client may have.",
        "allow it at the authorization server, or ask for less",
    ),
    token(
        "oauth.subject-is-client",
        "A trusted issuer names a subject that is a client of the authorization server.",
        "give the issuer a subject prefix, or rename the client",
    ),
    token(
        "oauth.target-not-allowed",
        "A `resource` is malformed, unknown, or not for this client (RFC 8707 §2).",
        "allow it at the authorization server",
    ),
    token(
        "oauth.token-bound",
        "The access token is bound to a key or a certificate, and is presented without.",
        "send it as DPoP with a proof, or over mutual TLS",
    ),
    token(
        "oauth.token-bound-otherwise",
        "The access token is bound to another key or certificate than it is presented with.",
        "use the key that the token was asked for with",
    ),
    io(
        "oauth.token-endpoint-missing",
        "The metadata of the authorization server names no `token_endpoint`.",
        "compare the issuer with the server's documentation",
    ),
    token(
        "oauth.token-missing",
        "A request to a protected resource has no access token, or one of a scheme that the resource does not take.",
        "send it in the Authorization header, by the scheme that the challenge names",
    ),
    token(
        "oauth.token-not-bound",
        "The access token is presented with a proof, and is bound to no key.",
        "ask for a token with a proof, or send it as Bearer",
    ),
    io(
        "oauth.token-type-unexpected",
        "The authorization server gave out a token of another type than was asked for.",
        "see that it supports DPoP: dpop_signing_alg_values_supported",
    ),
    usage(
        "oauth.trusted-issuers-overlap",
        "Two trusted issuers are one, or could name each other's subjects.",
        "give each a subject prefix, none of which begins another",
    ),
    usage(
        "oauth.url-invalid",
        "Not a URL as it has to be here: `https`, or `http` on loopback, without a user; an issuer also without query and fragment.",
        "correct the URL",
    ),
];
