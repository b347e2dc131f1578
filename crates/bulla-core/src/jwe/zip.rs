use core::fmt;
use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

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
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).ok()?;
        encoder.finish().ok()
    }

    fn inflate(&self, content: &[u8], limit: usize) -> Result<Vec<u8>, DecryptError> {
        let mut stream = Decompress::new(false);
        let mut inflated = Vec::new();
        loop {
            // One octet more than the limit tells what is too long from what just fits.
            let room = inflated
                .len()
                .max(PIECE)
                .min(limit.saturating_add(1).saturating_sub(inflated.len()));
            inflated.reserve_exact(room);
            let read =
                usize::try_from(stream.total_in()).map_err(|_| DecryptError::ZipMalformed)?;
            let rest = content.get(read..).unwrap_or_default();
            let before = (stream.total_in(), stream.total_out());
            // Not `Finish`, which takes the room there is at first for all there will ever be.
            let status = stream
                .decompress_vec(rest, &mut inflated, FlushDecompress::None)
                .map_err(|_| DecryptError::ZipMalformed)?;
            if inflated.len() > limit {
                return Err(DecryptError::limit("the inflated content"));
            }
            match status {
                Status::StreamEnd if stream.total_in() == content.len() as u64 => {
                    return Ok(inflated);
                }
                Status::StreamEnd => return Err(DecryptError::ZipMalformed),
                // Nothing read and nothing written: the stream wants octets that are not there.
                _ if (stream.total_in(), stream.total_out()) == before => {
                    return Err(DecryptError::ZipMalformed);
                }
                _ => {}
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
}
