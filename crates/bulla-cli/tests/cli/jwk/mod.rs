//! `bulla jwk`, a verb a file.

mod certificates;
mod convert;
mod generate;
mod inspect;
mod public;
mod thumbprint;
