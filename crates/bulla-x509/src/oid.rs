//! Object identifiers of any size, compared as they are encoded.

use core::fmt;
use core::str::FromStr;

use crate::CertificateError;

/// An object identifier (X.660), such as a purpose of `extKeyUsage`.
///
/// Two are equal when their DER is, so no number is too large to be told from another.
///
/// ```
/// use bulla_x509::Oid;
/// let purpose: Oid = "1.3.6.1.4.1.99999.311.1".parse()?;
/// assert_eq!(purpose.to_string(), "1.3.6.1.4.1.99999.311.1");
/// assert!("1.3.6.".parse::<Oid>().is_err());
/// # Ok::<(), bulla_x509::CertificateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Oid(Box<[u8]>);

impl Oid {
    /// `id-kp-jwt`: signing JSON Web Tokens, [RFC 9509 §3](https://www.rfc-editor.org/rfc/rfc9509#section-3).
    #[must_use]
    pub fn jwt() -> Self {
        Self(Box::from([0x2b, 6, 1, 5, 5, 7, 3, 37]))
    }

    /// `id-kp-oauthAccessTokenSigning`: signing access tokens,
    /// [RFC 9509 §3](https://www.rfc-editor.org/rfc/rfc9509#section-3).
    #[must_use]
    pub fn oauth_access_token_signing() -> Self {
        Self(Box::from([0x2b, 6, 1, 5, 5, 7, 3, 39]))
    }

    /// `id-kp-documentSigning`, [RFC 9336 §3.1](https://www.rfc-editor.org/rfc/rfc9336#section-3.1).
    #[must_use]
    pub fn document_signing() -> Self {
        Self(Box::from([0x2b, 6, 1, 5, 5, 7, 3, 36]))
    }

    /// `anyExtendedKeyUsage`, [RFC 5280 §4.2.1.12](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12).
    pub(crate) fn any_extended_key_usage() -> Self {
        Self(Box::from([0x55, 0x1d, 37, 0]))
    }

    /// The octets of the DER value, without tag and length.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Malformed`] where they are no object identifier: empty, cut short, or with a number that is
    /// padded with zeros.
    pub fn from_der_value(octets: &[u8]) -> Result<Self, CertificateError> {
        let mut begins = true;
        for &octet in octets {
            if begins && octet == MORE {
                return Err(MALFORMED);
            }
            begins = octet & MORE == 0;
        }
        if octets.is_empty() || !begins {
            return Err(MALFORMED);
        }
        Ok(Self(octets.into()))
    }

    /// The octets of the DER value, without tag and length.
    #[must_use]
    pub fn as_der_value(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Oid {
    type Err = CertificateError;

    /// Reads dotted decimal; each number below 2^120.
    fn from_str(text: &str) -> Result<Self, CertificateError> {
        let mut numbers = text.split('.').map(number);
        let (Some(first), Some(second)) = (numbers.next(), numbers.next()) else {
            return Err(MALFORMED);
        };
        let (first, second) = (first?, second?);
        if first > 2 || (first < 2 && second >= 40) {
            return Err(MALFORMED);
        }
        let mut octets = Vec::new();
        push_number(&mut octets, first * 40 + second);
        for number in numbers {
            push_number(&mut octets, number?);
        }
        Ok(Self(octets.into()))
    }
}

/// Dotted decimal, or the octets in hexadecimal where a number is 2^120 or more.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut numbers = Vec::new();
        let mut number = 0_u128;
        for &octet in &self.0 {
            if number >= GREATEST >> 7 {
                return self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"));
            }
            number = number << 7 | u128::from(octet & !MORE);
            if octet & MORE == 0 {
                numbers.push(number);
                number = 0;
            }
        }
        let mut numbers = numbers.into_iter();
        if let Some(first) = numbers.next() {
            let root = (first / 40).min(2);
            write!(f, "{root}.{}", first - root * 40)?;
        }
        numbers.try_for_each(|number| write!(f, ".{number}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

fn number(text: &str) -> Result<u128, CertificateError> {
    let is_canonical =
        text.bytes().all(|octet| octet.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse()
        .ok()
        .filter(|number| is_canonical && *number < GREATEST)
        .ok_or(MALFORMED)
}

fn push_number(octets: &mut Vec<u8>, number: u128) {
    let septets = (128 - number.leading_zeros()).div_ceil(7).max(1);
    for septet in (0..septets).rev() {
        let more = if septet == 0 { 0 } else { MORE };
        octets.push((number >> (7 * septet)) as u8 & !MORE | more);
    }
}

/// Set on every octet of a number but its last.
const MORE: u8 = 0x80;

const GREATEST: u128 = 1 << 120;

const MALFORMED: CertificateError = CertificateError::Malformed {
    what: "object identifier",
    why: "is not a sequence of at least two numbers as X.690 §8.19 encodes them",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_more_than_seven_bits_are_themselves() {
        // As `openssl asn1parse -genstr OID:1.3.6.1.4.1.99999.311` encodes it.
        let der = [0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 0x82, 0x37];
        let oid: Oid = "1.3.6.1.4.1.99999.311".parse().unwrap();
        assert_eq!(oid.as_der_value(), der);
        assert_eq!(
            Oid::from_der_value(&der).unwrap().to_string(),
            "1.3.6.1.4.1.99999.311"
        );
        // The library that validates paths decodes both of these as the same numbers.
        assert_ne!(oid, "1.3.6.1.4.1.396575.567".parse().unwrap());
    }

    #[test]
    fn text_comes_back() {
        for text in [
            "0.0",
            "0.39",
            "1.0",
            "1.39",
            "2.0",
            "2.40",
            "2.47",
            "2.48",
            "2.999",
            "2.5.29.37.0",
            "1.2.127.128.16383.16384.4294967296",
            "1.3.1329227995784915872903807060280344575",
        ] {
            assert_eq!(text.parse::<Oid>().unwrap().to_string(), text);
        }
        assert_eq!(Oid::jwt().to_string(), "1.3.6.1.5.5.7.3.37");
        assert_eq!(
            Oid::oauth_access_token_signing().to_string(),
            "1.3.6.1.5.5.7.3.39"
        );
        assert_eq!(Oid::document_signing().to_string(), "1.3.6.1.5.5.7.3.36");
        assert_eq!(Oid::any_extended_key_usage().to_string(), "2.5.29.37.0");
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for text in [
            "",
            "1",
            "1.",
            ".1",
            "1..2",
            "3.1",
            "0.40",
            "1.40",
            "1.2.-3",
            "1.2.+3",
            "1.2.03",
            "1.2.x",
            " 1.2",
            "1.2.1329227995784915872903807060280344576",
        ] {
            assert!(text.parse::<Oid>().is_err(), "{text}");
        }
        for der in [&[][..], &[0x80], &[0x2b, 0x80, 1], &[0x2b, 0x86]] {
            assert!(Oid::from_der_value(der).is_err(), "{der:?}");
        }
        // Longer than any number we print.
        let mut der = vec![0xff; 30];
        der.push(0x7f);
        assert!(
            Oid::from_der_value(&der)
                .unwrap()
                .to_string()
                .starts_with("ffff")
        );
    }
}
