use core::fmt;

/// A buffer for payloads, used again from token to token.
///
/// [`Expectations::verify_in`](super::Expectations::verify_in) decodes into it, so that claims may borrow and a
/// verification allocates nothing of its own. One for each thread or connection.
///
/// What was decoded stays in the buffer until the next token or until it is dropped.
#[derive(Default)]
pub struct Scratch {
    pub(super) payload: Vec<u8>,
}

impl Scratch {
    /// An empty buffer; it grows with the tokens it sees.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            payload: Vec::new(),
        }
    }
}

/// The contents are somebody's claims, and stay out of logs.
impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scratch({} octets)", self.payload.capacity())
    }
}
