//! Digests and MACs made anew.

use std::ops::Range;

use aws_lc_rs::{digest, hmac};
use pkcs12::kdf::{Pkcs12KeyType, derive_key};

pub(crate) const PASSWORD: &str = "changeit";

/// JKS: what stands before the digest, and the digest.
pub(crate) fn jks(content: &[u8]) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    context.update(&utf16());
    context.update(b"Mighty Aphrodite");
    context.update(content);
    [content, context.finish().as_ref()].concat()
}

/// PKCS#12: an authenticated safe with a MAC of one iteration.
pub(crate) fn pkcs12(content: &[u8]) -> Vec<u8> {
    let mut password = utf16();
    password.extend_from_slice(&[0, 0]);
    let salt = [7; 8];
    let key = derive_key::<sha2::Sha256>(&password, &salt, Pkcs12KeyType::Mac, 1, 32);
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), content);
    let digest_info = sequence(&[&sequence(&[&SHA256]), &octet_string(mac.as_ref())]);
    let mac_data = sequence(&[&digest_info, &octet_string(&salt)]);
    sequence(&[
        &[0x02, 0x01, 0x03],
        &content_info(&DATA, &octet_string(content)),
        &mac_data,
    ])
}

/// Where the authenticated safe stands in a file of ours: after PFX, version, ContentInfo, its type, `[0]` and the OCTET STRING.
pub(crate) fn pkcs12_content(file: &[u8]) -> Range<usize> {
    let at = file
        .windows(DATA.len())
        .position(|window| window == DATA)
        .expect("the type")
        + DATA.len();
    let (_, at) = header(file, at);
    let (len, at) = header(file, at);
    at..at + len
}

/// Length of the content, and where it begins.
fn header(file: &[u8], at: usize) -> (usize, usize) {
    match file[at + 1] {
        0x82 => (
            usize::from(file[at + 2]) << 8 | usize::from(file[at + 3]),
            at + 4,
        ),
        0x81 => (file[at + 2].into(), at + 3),
        len => (len.into(), at + 2),
    }
}

pub(crate) fn content_info(kind: &[u8], content: &[u8]) -> Vec<u8> {
    sequence(&[kind, &tagged(0xa0, &[content])])
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tagged(0x30, parts)
}

pub(crate) fn octet_string(octets: &[u8]) -> Vec<u8> {
    tagged(0x04, &[octets])
}

pub(crate) fn tagged(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut der = vec![tag];
    match content.len() {
        len @ 0..0x80 => der.push(len as u8),
        len => der.extend_from_slice(&[0x83, (len >> 16) as u8, (len >> 8) as u8, len as u8]),
    }
    // DER has the shortest form of a length.
    match content.len() {
        0..0x80 => {}
        0x80..0x100 => drop(der.splice(1..4, [0x81])),
        0x100..0x1_0000 => drop(der.splice(1..3, [0x82])),
        _ => {}
    }
    der.extend_from_slice(&content);
    der
}

fn utf16() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

pub(crate) const DATA: [u8; 11] = [
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
];
const SHA256: [u8; 11] = [
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
];
