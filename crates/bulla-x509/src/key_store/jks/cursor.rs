use super::super::KeyStoreError;

/// Reads what Java's `DataOutputStream` wrote: numbers are big-endian, and no length reaches beyond the end.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn u16(&mut self) -> Result<u16, KeyStoreError> {
        self.chunk().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, KeyStoreError> {
        self.chunk().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, KeyStoreError> {
        self.chunk().map(u64::from_be_bytes)
    }

    /// Octets after their number in four octets.
    pub(super) fn block(&mut self) -> Result<&'a [u8], KeyStoreError> {
        let len = self.u32()?;
        self.take(usize::try_from(len).unwrap_or(usize::MAX))
    }

    /// Text after the number of its octets in two octets, in Java's own UTF-8.
    pub(super) fn text(&mut self) -> Result<String, KeyStoreError> {
        let len = self.u16()?;
        let octets = self.take(len.into())?;
        modified_utf8(octets).ok_or(KeyStoreError::malformed(
            "a text of the JKS file",
            "is not Java's modified UTF-8",
        ))
    }

    fn chunk<const LEN: usize>(&mut self) -> Result<[u8; LEN], KeyStoreError> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or(CUT)?;
        self.0 = rest;
        Ok(*chunk)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], KeyStoreError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }
}

const CUT: KeyStoreError = KeyStoreError::Malformed {
    what: "the JKS file",
    why: "ends within an entry",
};

/// UTF-16 units of one to three octets each: characters beyond U+FFFF are two units, and U+0000 is two octets.
fn modified_utf8(octets: &[u8]) -> Option<String> {
    let mut units = Vec::with_capacity(octets.len());
    let mut octets = octets.iter().copied();
    while let Some(first) = octets.next() {
        let mut more = || {
            octets
                .next()
                .filter(|octet| octet & 0xc0 == 0x80)
                .map(|octet| u16::from(octet & 0x3f))
        };
        units.push(match first {
            0x01..=0x7f => u16::from(first),
            0xc0..=0xdf => u16::from(first & 0x1f) << 6 | more()?,
            0xe0..=0xef => u16::from(first & 0x0f) << 12 | more()? << 6 | more()?,
            _ => return None,
        });
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_in_the_utf8_of_java() {
        for (octets, text) in [
            (&b"alias"[..], Some("alias")),
            (b"\xc0\x80", Some("\0")),
            ("größe €".as_bytes(), Some("größe €")),
            (b"\xed\xa0\xbd\xed\xb8\x80", Some("😀")),
            (b"\0", None),
            (b"\xc3", None),
            (b"\xe2\x82", None),
            (b"\xc3a", None),
            (b"\xed\xa0\xbd", None),
            ("😀".as_bytes(), None),
        ] {
            assert_eq!(modified_utf8(octets).as_deref(), text, "{octets:02x?}");
        }
    }

    #[test]
    fn no_length_reaches_beyond_the_end() {
        let mut cursor = Cursor::new(&[0xff, 0xff, 0xff, 0xff, 1]);
        assert_eq!(cursor.block(), Err(CUT));
        assert_eq!(Cursor::new(&[0, 2, b'a']).text(), Err(CUT));
        assert_eq!(Cursor::new(&[0; 7]).u64(), Err(CUT));
        let mut cursor = Cursor::new(&[0, 0, 0, 1, 7, 9]);
        assert_eq!(cursor.block(), Ok(&[7][..]));
        assert!(!cursor.is_at_end());
    }
}
