//! Signatures and MACs that `openssl` makes over a signing input, and the reverse.

use super::keys::make_theirs;
use super::kind::{self, Kind};
use super::tool::openssl;
use crate::Failure;
use crate::interop::bulla::Bulla;
use crate::interop::case::Cases;
use crate::interop::party::{base64url, from_base64url};

/// One algorithm and the arguments with which `openssl` computes the same.
struct Row {
    alg: &'static str,
    kind: &'static str,
    hash: Option<&'static str>,
    options: &'static [&'static str],
    /// Octets of R and of S, where the signature is ECDSA's.
    scalar: Option<usize>,
}

const PSS: &[&str] = &[
    "-sigopt",
    "rsa_padding_mode:pss",
    "-sigopt",
    "rsa_pss_saltlen:digest",
];

const ROWS: &[Row] = &[
    rsa("RS256", "-sha256", &[]),
    rsa("RS384", "-sha384", &[]),
    rsa("RS512", "-sha512", &[]),
    rsa("PS256", "-sha256", PSS),
    rsa("PS384", "-sha384", PSS),
    rsa("PS512", "-sha512", PSS),
    ecdsa("ES256", "P-256", "-sha256", 32),
    ecdsa("ES384", "P-384", "-sha384", 48),
    ecdsa("ES512", "P-521", "-sha512", 66),
    ecdsa("ES256K", "secp256k1", "-sha256", 32),
    Row {
        alg: "EdDSA",
        kind: "Ed25519",
        hash: None,
        options: &[],
        scalar: None,
    },
    Row {
        alg: "EdDSA",
        kind: "Ed448",
        hash: None,
        options: &[],
        scalar: None,
    },
];

const fn rsa(alg: &'static str, hash: &'static str, options: &'static [&'static str]) -> Row {
    Row {
        alg,
        kind: "RSA-2048",
        hash: Some(hash),
        options,
        scalar: None,
    }
}

const fn ecdsa(alg: &'static str, kind: &'static str, hash: &'static str, scalar: usize) -> Row {
    Row {
        alg,
        kind,
        hash: Some(hash),
        options: &[],
        scalar: Some(scalar),
    }
}

pub(super) fn run(bulla: &Bulla, cases: &mut Cases<'_>) -> Result<(), Failure> {
    for row in ROWS {
        let kind = kind::ALL
            .iter()
            .find(|kind| kind.name == row.kind)
            .ok_or("no such kind")?;
        let name = |direction: &str| format!("{}::{}::signature::{direction}", row.kind, row.alg);
        cases.check(&name("theirs_to_ours"), || theirs(row, kind, bulla))?;
        cases.check(&name("ours_to_theirs"), || ours(row, kind, bulla))?;
    }
    for (alg, hash, size) in [
        ("HS256", "-sha256", 32),
        ("HS384", "-sha384", 48),
        ("HS512", "-sha512", 64),
    ] {
        cases.check(&format!("{alg}::mac"), || mac(alg, hash, size, bulla))?;
    }
    Ok(())
}

fn theirs(row: &Row, kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_theirs(kind, bulla)?;
    let input = format!(
        "{}.{}",
        base64url(header(row.alg).as_bytes()),
        base64url(b"payload")
    );
    bulla.write("input", &input)?;
    let mut signature = match row.hash {
        Some(hash) => {
            let sign = ["dgst", hash, "-sign", "theirs.pem"];
            openssl(bulla, &[&sign[..], row.options, &["input"]].concat())?
        }
        None => openssl(
            bulla,
            &[
                "pkeyutl",
                "-sign",
                "-rawin",
                "-inkey",
                "theirs.pem",
                "-in",
                "input",
            ],
        )?,
    };
    if let Some(scalar) = row.scalar {
        signature = raw_of_der(&signature, scalar).ok_or("openssl wrote no DER signature")?;
    }
    let token = format!("{input}.{}", base64url(&signature));
    let verify = ["jws", "verify", "--key", "theirs.pem", "--alg", row.alg];
    let seen = bulla.run(&verify, token.as_bytes())?;
    if seen == b"payload" {
        Ok(())
    } else {
        Err("another payload came out".into())
    }
}

fn ours(row: &Row, kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_theirs(kind, bulla)?;
    openssl(
        bulla,
        &["pkey", "-in", "theirs.pem", "-pubout", "-out", "public.pem"],
    )?;
    let token = bulla.text(
        &["jws", "sign", "--key", "theirs.pem", "--alg", row.alg],
        b"payload",
    )?;
    let (input, signature) = token.rsplit_once('.').ok_or("not compact")?;
    let mut signature = from_base64url(signature)?;
    if let Some(scalar) = row.scalar {
        if signature.len() != 2 * scalar {
            return Err(format!("a signature of {} octets", signature.len()).into());
        }
        signature = der_of_raw(&signature);
    }
    bulla.write("input", input)?;
    bulla.write("signature", signature)?;
    match row.hash {
        Some(hash) => {
            let verify = [
                "dgst",
                hash,
                "-verify",
                "public.pem",
                "-signature",
                "signature",
            ];
            openssl(bulla, &[&verify[..], row.options, &["input"]].concat()).map(drop)
        }
        None => {
            let verify = [
                "pkeyutl",
                "-verify",
                "-rawin",
                "-pubin",
                "-inkey",
                "public.pem",
            ];
            let rest = ["-sigfile", "signature", "-in", "input"];
            openssl(bulla, &[&verify[..], &rest[..]].concat()).map(drop)
        }
    }
}

/// A MAC has one value: both sides compute the same.
fn mac(alg: &str, hash: &str, size: usize, bulla: &Bulla) -> Result<(), Failure> {
    let secret: Vec<u8> = (0_u8..).map(|i| i.wrapping_mul(37)).take(size).collect();
    let hex: String = secret.iter().map(|octet| format!("{octet:02x}")).collect();
    let secret = bulla.write("secret", &secret)?;
    let key = format!("oct:{secret}");
    let token = bulla.text(&["jws", "sign", "--key", &key, "--alg", alg], b"payload")?;
    let (input, mac) = token.rsplit_once('.').ok_or("not compact")?;
    bulla.write("input", input)?;
    let hex = format!("hexkey:{hex}");
    let theirs = openssl(
        bulla,
        &[
            "dgst", hash, "-mac", "HMAC", "-macopt", &hex, "-binary", "input",
        ],
    )?;
    if from_base64url(mac)? == theirs {
        Ok(())
    } else {
        Err("the MACs differ".into())
    }
}

fn header(alg: &str) -> String {
    format!(r#"{{"alg":"{alg}"}}"#)
}

/// R and S at full width from the DER sequence of two integers.
fn raw_of_der(der: &[u8], scalar: usize) -> Option<Vec<u8>> {
    // P-521's sequence is longer than 127 octets, which takes one more octet of length.
    let body = match der {
        [0x30, 0x81, _, body @ ..] => body,
        [0x30, _, body @ ..] => body,
        _ => return None,
    };
    let (r, rest) = integer(body)?;
    let (s, _) = integer(rest)?;
    let mut raw = Vec::new();
    for value in [r, s] {
        let significant = value
            .iter()
            .position(|&octet| octet != 0)
            .unwrap_or(value.len());
        let value = value.get(significant..)?;
        raw.resize(raw.len() + scalar.checked_sub(value.len())?, 0);
        raw.extend_from_slice(value);
    }
    Some(raw)
}

fn integer(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let [0x02, length, rest @ ..] = der else {
        return None;
    };
    rest.split_at_checked(usize::from(*length))
}

fn der_of_raw(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    let mut body = Vec::new();
    for value in [r, s] {
        let significant = value
            .iter()
            .position(|&octet| octet != 0)
            .unwrap_or(value.len());
        let mut value = value.get(significant..).unwrap_or_default().to_vec();
        if value.first().is_none_or(|octet| octet & 0x80 != 0) {
            value.insert(0, 0);
        }
        body.push(0x02);
        body.extend(u8::try_from(value.len()));
        body.append(&mut value);
    }
    let mut der = vec![0x30];
    if body.len() > 127 {
        der.push(0x81);
    }
    der.extend(u8::try_from(body.len()));
    der.append(&mut body);
    der
}

#[cfg(test)]
mod tests {
    use super::{der_of_raw, raw_of_der};

    #[test]
    fn der_and_raw_are_inverse() {
        for (scalar, first) in [(32, 0x00), (32, 0x7f), (32, 0x80), (66, 0x01), (66, 0x00)] {
            let mut raw = vec![0x11; 2 * scalar];
            raw[0] = first;
            raw[scalar] = first;
            assert_eq!(raw_of_der(&der_of_raw(&raw), scalar).unwrap(), raw);
        }
        assert_eq!(
            der_of_raw(&[0, 1, 0x80, 0]),
            [0x30, 8, 2, 1, 1, 2, 3, 0, 0x80, 0]
        );
    }
}
