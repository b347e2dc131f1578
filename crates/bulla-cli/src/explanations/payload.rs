//! Content by media type: told by programs that use the library.

use super::{Explanation, token, usage};

pub(super) const ALL: &[Explanation] = &[
    token(
        "payload.malformed",
        "The signature or the tag held, and the payload is not what its media type promises: not strict JSON, or not \
         UTF-8.",
        "ask whoever made the token",
    ),
    token(
        "payload.value-invalid",
        "The payload is not what the application's own type or decoder is made of.",
        "compare the payload with what the application expects",
    ),
    token(
        "payload.limit-exceeded",
        "The payload is JSON that nests deeper than the limit.",
        "ask whoever made the token, or allow more in the program",
    ),
    token(
        "payload.type-missing",
        "Nobody stated what the payload is: the token has no `cty`, or one that anybody could have changed (RFC 7515 \
         §4.1.10).",
        "have the program name a decoder or a content type",
    ),
    token(
        "payload.type-malformed",
        "What should be a media type is none, or names a parameter twice.",
        "ask whoever made the token",
    ),
    token(
        "payload.type-unsupported",
        "The program has no decoder for the content type, or not for its `charset`.",
        "give the program one, if it is a payload you want",
    ),
    token(
        "payload.type-ambiguous",
        "Several signatures of one token held, and state different content types.",
        "have the program name a decoder or a content type",
    ),
    usage(
        "payload.secret",
        "A private or secret key was to be signed in the clear. A signature hides nothing.",
        "encrypt the key instead",
    ),
    usage(
        "payload.unwritable",
        "The value does not become strict JSON: it does not serialize, has a member twice, or nests too deep.",
        "correct the type in the program",
    ),
];
