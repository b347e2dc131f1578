//! What attackers make of a token.

use bulla::base64url;
use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{JwkSet, SecretJwk};
use bulla::jws::{Builder, Headers};

use super::exchange::Token;
use crate::error::Failure;

pub(super) struct Forgery {
    pub(super) name: &'static str,
    pub(super) token: String,
}

/// Forgeries of a token, by who has it and the keys that its issuer publishes.
pub(super) fn forgeries(token: &Token, published: &[u8]) -> Result<Vec<Forgery>, Failure> {
    let parts: Vec<&str> = token.encoded.split('.').collect();
    let [header, _, signature] = parts.as_slice() else {
        return Err(Failure::bug("a token without three parts"));
    };
    let claims = token
        .claims
        .get()
        .replace("invoices:read", "invoices:read invoices:write");
    let promoted = base64url::encode(claims.as_bytes());
    let unsecured = base64url::encode(br#"{"typ":"at+jwt","alg":"none"}"#);
    Ok(vec![
        Forgery {
            name: "a scope added to the claims",
            token: format!("{header}.{promoted}.{signature}"),
        },
        Forgery {
            name: "alg none, and the signature cut off",
            token: format!("{unsecured}.{promoted}."),
        },
        Forgery {
            name: "a MAC, with the server's public key as the secret",
            token: confused(&claims, published)?,
        },
        Forgery {
            name: "the forger's own key, in the header",
            token: own_key(&claims, published)?,
        },
    ])
}

fn confused(claims: &str, published: &[u8]) -> Result<String, Failure> {
    let set = JwkSet::parse(published)?;
    let key = set
        .public_keys()
        .next()
        .ok_or_else(|| Failure::bug("no key is published"))?;
    let mac = bulla::signer_for(&SecretJwk::new(key.to_json().as_bytes()), MacAlg::Hs256)?;
    sign(claims, &mac, headers(key.members().kid.as_deref()))
}

fn own_key(claims: &str, published: &[u8]) -> Result<String, Failure> {
    let set = JwkSet::parse(published)?;
    let kid = set.public_keys().find_map(|key| key.members().kid.clone());
    let own = bulla::generate(SignatureAlg::Es256)?;
    let headers = headers(kid.as_deref()).protected("jwk", own.public().to_value());
    sign(claims, &bulla::signer(&own)?, headers)
}

fn headers(kid: Option<&str>) -> Headers {
    let headers = Headers::new().typ("at+jwt");
    match kid {
        Some(kid) => headers.kid(kid),
        None => headers,
    }
}

fn sign(claims: &str, signer: &bulla::key::Signer, headers: Headers) -> Result<String, Failure> {
    let made = Builder::new(claims.as_bytes())
        .headers(headers)
        .sign_compact(signer);
    made.map_err(|error| Failure::new(error.code(), error.fault(), &error))
}
