//! The codes of keys held elsewhere, and of other remote systems.

use super::{Explanation, bug, io, key, token, usage};

/// Every code of them.
pub(super) const ALL: &[Explanation] = &[
    io(
        "remote.unavailable",
        "A remote system did not answer in time, or answered that it cannot.",
        "try again later; for a vault, check the region, the endpoint and the network",
    ),
    io(
        "remote.throttled",
        "A remote system asks for fewer requests.",
        "wait, then try again; a vault's limit holds for all of its keys and callers together",
    ),
    io(
        "remote.denied",
        "A remote system refuses these credentials, or does not let them use this key.",
        "check the credentials and what they may do: a key in a vault needs the right to read its public half, and to sign or to decrypt",
    ),
    usage(
        "remote.ambiguous",
        "The key reference stands for several keys or tokens.",
        "add what tells them apart; of a PKCS#11 token: token, serial, object, id, type",
    ),
    io(
        "remote.not-found",
        "The vault has no key, or no version of it, of this name; or the configuration maps this kid to no key.",
        "check the key reference: name, version, region, token label",
    ),
    io(
        "remote.disabled",
        "The key is in the vault and switched off, not valid at this time, or about to be deleted.",
        "enable it, or name another version",
    ),
    key(
        "remote.unsupported",
        "The key in the vault, or the vault itself, cannot be used with this algorithm.",
        "name one of those that the message lists, or make a key for this one",
    ),
    usage(
        "remote.too-large",
        "The vault signs fewer octets than these: for EdDSA and ML-DSA the message itself is sent, 4096 octets at most in AWS KMS.",
        "sign less, or sign with ECDSA or RSA, whose digest alone is sent",
    ),
    io(
        "remote.integrity",
        "The vault answered, and the answer is wrong: the signature does not verify with the public key, or another version answered.",
        "check that the key reference names the key and version you mean; if it does, report it to whoever runs the vault",
    ),
    token(
        "remote.refused",
        "The vault does not decrypt what the token carries. There is no more detail on purpose.",
        "the token was encrypted for another key, or changed",
    ),
    usage(
        "remote.client",
        "What a vault is reached with cannot be made: an authority's file holds no certificate, or the credentials that the environment names are incomplete.",
        "check --ca and SSL_CERT_FILE, and for Azure that AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are all set",
    ),
    usage(
        "remote.uri-malformed",
        "The key URI does not follow the form of its vault.",
        "awskms:KEY?region=R, azurekv:https://VAULT/keys/NAME, or pkcs11:token=T;object=O?module-path=P",
    ),
    usage(
        "remote.not-built-in",
        "This build cannot speak to that vault.",
        "build with --features vaults, or take a released binary",
    ),
    bug(
        "remote.bug",
        "Speaking to a vault failed in a way that is our doing.",
        "please report it",
    ),
];
