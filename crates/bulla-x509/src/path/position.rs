use core::fmt;

/// Which certificate an error speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The trust anchor, which need not be in the chain.
    Anchor,
    /// A certificate of the chain, counted from the leaf, which is 0.
    Chain(usize),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anchor => f.write_str("the trust anchor"),
            Self::Chain(0) => f.write_str("certificate 0 (the leaf)"),
            Self::Chain(at) => write!(f, "certificate {at}"),
        }
    }
}
