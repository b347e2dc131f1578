use core::fmt;

use miniz_oxide::deflate::{CompressionLevel, compress_to_vec};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::DecryptError;

/// A compression of content (RFC 7516 §4.1.3): the value of `zip` and what it does.
pub trait Zip: Send + Sync + fmt::Debug {
    /// The value of `zip`.
    fn name(&self) -> &str;

    /// Compresses `content`.
    ///
    /// # Errors
    ///
    /// `None` where that fails.
    fn deflate(&self, content: &[u8]) -> Option<Vec<u8>>;

    /// Decompresses `content` into at most `limit` octets. What follows the end of the stream is refused, and so
    /// is a stream without an end.
    ///
    /// # Errors
    ///
    /// [`DecryptError::LimitExceeded`] and [`DecryptError::ZipMalformed`].
    fn inflate(&self, content: &[u8], limit: usize) -> Result<Vec<u8>, DecryptError>;
}

/// `DEF`: DEFLATE (RFC 1951) without a header, [RFC 7516 §4.1.3](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.3).
///
/// ```
/// use bulla_core::jwe::{Deflate, Zip as _};
/// let packed = Deflate.deflate(&[7; 1000]).unwrap();
/// assert_eq!(Deflate.inflate(&packed, 1000).unwrap(), [7; 1000]);
/// assert_eq!(Deflate.inflate(&packed, 999).unwrap_err().code(), "jwe.limit-exceeded");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Deflate;

impl Zip for Deflate {
    fn name(&self) -> &str {
        "DEF"
    }

    fn deflate(&self, content: &[u8]) -> Option<Vec<u8>> {
        Some(compress_to_vec(
            content,
            CompressionLevel::DefaultLevel as u8,
        ))
    }

    fn inflate(&self, content: &[u8], limit: usize) -> Result<Vec<u8>, DecryptError> {
        // One octet more than the limit tells what is too long from what just fits.
        let most = limit.saturating_add(1);
        let mut inflated = vec![0; PIECE.min(most)];
        let (mut read, mut written) = (0, 0);
        let mut stream = DecompressorOxide::new();
        loop {
            // All of the output stays in one buffer, so that a reference to before its start is seen; a window
            // would give zeros for it.
            let (status, more_read, more_written) = decompress(
                &mut stream,
                content.get(read..).unwrap_or_default(),
                &mut inflated,
                written,
                TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
            );
            read = read.saturating_add(more_read);
            written = written.saturating_add(more_written);
            if written > limit {
                return Err(DecryptError::limit("the inflated content"));
            }
            match status {
                TINFLStatus::Done if read == content.len() => {
                    inflated.truncate(written);
                    return Ok(inflated);
                }
                TINFLStatus::HasMoreOutput => {
                    inflated.resize(inflated.len().saturating_mul(2).min(most), 0);
                }
                _ => return Err(DecryptError::ZipMalformed),
            }
        }
    }
}

/// What is inflated at a time, at first.
const PIECE: usize = 4 * 1024;

#[cfg(test)]
mod tests {
    use super::{Deflate, PIECE, Zip as _};

    /// Octets that compress well, and some that hardly do.
    fn contents(len: usize) -> [Vec<u8>; 2] {
        let mut state = 1_u32;
        let mixed = (0..len).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        [
            b"to be ".iter().copied().cycle().take(len).collect(),
            mixed.collect(),
        ]
    }

    #[test]
    fn content_of_any_length_comes_back_within_the_limit_and_not_beyond() {
        for len in [
            0,
            1,
            PIECE - 1,
            PIECE,
            PIECE + 1,
            2 * PIECE,
            9_500,
            250 * 1024,
        ] {
            for content in contents(len) {
                let packed = Deflate.deflate(&content).unwrap();
                assert_eq!(Deflate.inflate(&packed, len).unwrap(), content);
                assert_eq!(Deflate.inflate(&packed, usize::MAX).unwrap(), content);
                if let Some(less) = len.checked_sub(1) {
                    let refusal = Deflate.inflate(&packed, less).unwrap_err();
                    assert_eq!(refusal.code(), "jwe.limit-exceeded", "{len}");
                }
            }
        }
    }

    #[test]
    fn a_stream_without_an_end_and_octets_after_one_are_refused() {
        for content in contents(9_500) {
            let packed = Deflate.deflate(&content).unwrap();
            for cut in [0, 1, packed.len() / 2, packed.len() - 1] {
                let refusal = Deflate.inflate(&packed[..cut], 1 << 20).unwrap_err();
                assert_eq!(refusal.code(), "jwe.zip-malformed", "{cut}");
            }
            let longer = [packed.as_slice(), &[0]].concat();
            let refusal = Deflate.inflate(&longer, 1 << 20).unwrap_err();
            assert_eq!(refusal.code(), "jwe.zip-malformed");
        }
    }

    /// A block of fixed codes that begins with a copy from one octet back, where there is none.
    #[test]
    fn a_reference_to_before_the_content_is_refused() {
        // Final block, fixed codes; length code 257 (3 octets), distance code 0 (1 back); end of block.
        let refusal = Deflate.inflate(&[0x03, 0x02, 0x00], 1 << 20).unwrap_err();
        assert_eq!(refusal.code(), "jwe.zip-malformed");
        // The same after a literal: four times `a`.
        let packed = Deflate.deflate(b"aaaa").unwrap();
        assert_eq!(Deflate.inflate(&packed, 4).unwrap(), b"aaaa");
    }
}
