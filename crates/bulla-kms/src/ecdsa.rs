//! The two forms of an ECDSA signature.

use der::asn1::UintRef;
use der::{Decode, Sequence};

use crate::VaultError;

/// `Ecdsa-Sig-Value` of RFC 3279 §2.2.3, which vaults answer with.
#[derive(Sequence)]
struct DerSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// R‖S, each as long as the field (RFC 7518 §3.4), of a signature in DER. An integer that is shorter gets its leading
/// zeros back; one that is longer is not of this curve.
///
/// # Errors
///
/// [`VaultError::Integrity`].
#[cfg_attr(
    not(any(feature = "kms-aws", test)),
    allow(dead_code, reason = "not every vault answers in DER")
)]
pub(crate) fn from_der(signature: &[u8], field: usize) -> Result<Vec<u8>, VaultError> {
    let wrong = VaultError::Integrity {
        what: "the signature is no ECDSA signature in DER",
    };
    let Ok(parsed) = DerSignature::from_der(signature) else {
        return Err(wrong);
    };
    let mut whole = Vec::with_capacity(2 * field);
    for integer in [parsed.r.as_bytes(), parsed.s.as_bytes()] {
        let Some(missing) = field.checked_sub(integer.len()) else {
            return Err(wrong);
        };
        whole.resize(whole.len() + missing, 0);
        whole.extend_from_slice(integer);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::from_der;

    #[test]
    fn integers_get_their_leading_zeros_back() {
        let signature = [0x30, 0x07, 0x02, 0x01, 0x05, 0x02, 0x02, 0x00, 0xff];
        let mut expected = [0; 64];
        expected[31] = 5;
        expected[63] = 255;
        assert_eq!(from_der(&signature, 32).expect("a signature"), expected);
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let long = [
            &[0x30, 0x26, 0x02, 0x21, 0x01][..],
            &[0; 32],
            &[0x02, 0x01, 0x01],
        ]
        .concat();
        let refused: [&[u8]; 7] = [
            &[],
            &[0; 64],
            // Cut, trailing octets, negative, not minimal.
            &[0x30, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01],
            &[0x30, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x05, 0x00],
            &[0x30, 0x06, 0x02, 0x01, 0x85, 0x02, 0x01, 0x05],
            &[0x30, 0x07, 0x02, 0x02, 0x00, 0x05, 0x02, 0x01, 0x05],
            &long,
        ];
        for signature in refused {
            assert!(from_der(signature, 32).is_err(), "{signature:02x?}");
        }
    }
}
