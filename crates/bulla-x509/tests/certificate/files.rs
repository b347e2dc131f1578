use bulla_x509::{Certificate, TrustAnchors};

use crate::support::{certificate, der, file};

#[test]
fn certificates_come_in_pem_and_der() {
    let root = [certificate("root")];
    assert_eq!(Certificate::read_all(&der("root"), 1).unwrap(), root);
    let pem = file("root.pem");
    assert_eq!(Certificate::read_all(&pem, 1).unwrap(), root);
    // Text around it, other blocks and line ends of Windows do not matter.
    let text = String::from_utf8(pem).unwrap().replace('\n', "\r\n");
    let key = String::from_utf8(file("leaf.key.pem")).unwrap();
    let mixed = format!("the root:\r\n{key}{text}\r\nno more\r\n");
    assert_eq!(Certificate::read_all(mixed.as_bytes(), 1).unwrap(), root);
    assert_eq!(
        TrustAnchors::read(mixed.as_bytes()).unwrap().certificates(),
        root
    );
}

#[test]
fn what_is_no_certificate_is_refused() {
    let code = |octets: &[u8]| Certificate::read_all(octets, 8).unwrap_err().code();
    assert_eq!(code(b""), "x509.file-empty");
    assert_eq!(code(b"{}"), "x509.file-empty");
    assert_eq!(code(&file("leaf.key.pem")), "x509.file-empty");
    assert_eq!(code(&file("intermediate.crl.der")), "x509.file-malformed");
    assert_eq!(code(&[0x30, 0x03, 2, 1, 0]), "x509.file-malformed");
    let pem = file("root.pem");
    assert_eq!(code(&pem[..pem.len() / 2]), "x509.file-malformed");
    let error = Certificate::read_all(&pem.repeat(9), 8).unwrap_err();
    assert_eq!(error.code(), "x509.file-limit-exceeded");
    let mut two = der("root");
    two.extend(der("leaf"));
    assert_eq!(code(&two), "x509.file-malformed");
}

#[cfg(feature = "platform-roots")]
#[test]
fn the_platform_has_anchors_or_says_that_it_has_none() {
    match TrustAnchors::platform() {
        Ok(anchors) => assert!(!anchors.certificates().is_empty()),
        Err(error) => assert_eq!(error.code(), "x509.file-empty"),
    }
}
