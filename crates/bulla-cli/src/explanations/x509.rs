//! The codes of certificates: those that came with a token, then files of them.

use super::{Explanation, key, token};

/// Every code of them.
pub(super) const ALL: &[Explanation] = &[
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
];
