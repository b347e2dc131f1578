//! Keys held elsewhere.
