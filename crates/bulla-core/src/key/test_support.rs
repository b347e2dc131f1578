use std::io::Read;

use super::SigningInput;

/// For tests of a backend against vectors that sign raw octets. Feature `test-support`; never enable it in a
/// product, where only the core may say what a key signs.
impl<'a> SigningInput<'a> {
    /// In memory, as one slice.
    #[must_use]
    pub const fn for_tests(input: &'a [u8]) -> Self {
        Self::whole(input)
    }

    /// In memory, in two pieces.
    #[must_use]
    pub const fn for_tests_split(header: &'a [u8], payload: &'a [u8]) -> Self {
        Self::split(header, payload)
    }

    /// Streamed as it is after `header`; an algorithm that needs the whole gets `limit` octets at most.
    #[must_use]
    pub const fn for_tests_stream(
        header: &'a [u8],
        payload: &'a mut (dyn Read + Send),
        limit: usize,
    ) -> Self {
        Self::stream(header, payload, false, limit)
    }
}
