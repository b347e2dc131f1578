use core::fmt;

use zeroize::Zeroizing;

/// A key in DER, that can be armoured as PEM. Wiped from memory when dropped.
///
/// # Security
///
/// Unless it came from a function that writes public keys, it holds a private key in the clear, or under a password.
#[derive(Clone)]
pub struct Encoded {
    label: &'static str,
    der: Zeroizing<Vec<u8>>,
}

impl Encoded {
    pub(super) fn new(label: &'static str, der: Vec<u8>) -> Self {
        Self {
            label,
            der: Zeroizing::new(der),
        }
    }

    /// The octets.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The label that PEM puts around it, such as `PRIVATE KEY`.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        self.label
    }

    /// The strict form of RFC 7468 §3: lines of 64 characters, LF at their end.
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        let lines = self.der.len().div_ceil(LINE_OCTETS);
        // Room for all of it at once: a string that grows leaves copies behind that nobody wipes.
        let len = lines * (LINE_OCTETS / 3 * 4 + 1) + 2 * (self.label.len() + 20);
        let mut text = Zeroizing::new(String::with_capacity(len));
        for part in ["-----BEGIN ", self.label, "-----\n"] {
            text.push_str(part);
        }
        for line in self.der.chunks(LINE_OCTETS) {
            base64_simd::STANDARD.encode_append(line, &mut *text);
            text.push('\n');
        }
        for part in ["-----END ", self.label, "-----\n"] {
            text.push_str(part);
        }
        text
    }
}

const LINE_OCTETS: usize = 48;

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({}, {} octets)", self.label, self.der.len())
    }
}
