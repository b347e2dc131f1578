//! PEM (RFC 7468): the blocks of a text, whatever else stands in it.

use zeroize::Zeroizing;

use super::super::KeyError;

/// One `-----BEGIN label-----` … `-----END label-----`.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) der: Zeroizing<Vec<u8>>,
}

pub(super) const BEGIN: &[u8] = b"-----BEGIN ";

/// The blocks in their order. Text before, between and after them is skipped (RFC 7468 §2), lines may end in CRLF.
pub(super) fn blocks(text: &[u8]) -> Result<Vec<Block>, KeyError> {
    let blocks = pem::parse_many(text).map_err(|error| match error {
        pem::PemError::MismatchedTags(..) => KeyError::malformed(
            "PEM",
            "has an END line whose label is not that of its BEGIN line",
        ),
        pem::PemError::InvalidData(_) => {
            KeyError::malformed("PEM", "is not base64 between its lines")
        }
        _ => KeyError::malformed("PEM", "is not what RFC 7468 describes"),
    })?;
    if blocks.is_empty() {
        return Err(KeyError::malformed(
            "PEM",
            "has a BEGIN line without an END line",
        ));
    }
    blocks.into_iter().map(open).collect()
}

fn open(block: pem::Pem) -> Result<Block, KeyError> {
    let label = block.tag().to_owned();
    // Each of these is a format of its own under a PEM label.
    let unsupported = match label.as_str() {
        _ if is_traditionally_encrypted(&block) => Some(
            "a key encrypted the traditional way, with `Proc-Type: 4,ENCRYPTED` (`openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE` converts it)",
        ),
        "OPENSSH PRIVATE KEY" => {
            Some("an OpenSSH private key (`ssh-keygen -p -m PKCS8 -f FILE` converts it in place)")
        }
        "SSH2 PUBLIC KEY" => Some(
            "an SSH2 public key (`ssh-keygen -i -f FILE | ssh-keygen -e -m PKCS8 -f /dev/stdin` converts it)",
        ),
        "PGP PRIVATE KEY BLOCK" | "PGP PUBLIC KEY BLOCK" => Some("an OpenPGP key"),
        "DSA PRIVATE KEY" => Some("a DSA key"),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            Some("a certificate request (give the certificate or the key)")
        }
        "TRUSTED CERTIFICATE" => {
            Some("an OpenSSL trusted certificate (`openssl x509 -in FILE` makes it a plain one)")
        }
        "PKCS7" | "CMS" => Some(
            "a PKCS#7 bundle (`openssl pkcs7 -print_certs -in FILE` takes its certificates out)",
        ),
        _ => None,
    };
    match unsupported {
        Some(what) => Err(KeyError::Unsupported(what)),
        None => Ok(Block {
            label,
            der: Zeroizing::new(block.into_contents()),
        }),
    }
}

fn is_traditionally_encrypted(block: &pem::Pem) -> bool {
    block
        .headers()
        .get("Proc-Type")
        .is_some_and(|value| value.contains("ENCRYPTED"))
}
