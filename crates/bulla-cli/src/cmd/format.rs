use clap::ValueEnum;

/// The serializations of RFC 7515 §7 and RFC 7516 §7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Compact,
    Flattened,
    General,
}
