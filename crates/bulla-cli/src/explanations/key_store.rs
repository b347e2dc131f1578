//! The codes of PKCS#12 and JKS files.

use super::{Explanation, bug, key, usage};

/// Every code of them.
pub(super) const ALL: &[Explanation] = &[
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
];
