//! What a contestant must offer.

use crate::{Alg, Key, Sample, time};

/// A library, or the bare primitives.
pub trait Contestant {
    /// The name of its column.
    fn name(&self) -> &'static str;

    /// A way to sign the workload's claims, with everything prepared that the library lets one prepare.
    /// None where the library lacks the algorithm.
    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>>;

    /// A way to verify a token into a struct, likewise.
    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>>;
}

/// What the payload is decoded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimsType {
    /// A struct of `String`s.
    Owned,
    /// A struct of `&str`s, into a buffer that is used again where the library has one.
    Borrowed,
}

/// Signs the workload's claims.
pub trait Signs {
    /// A compact token.
    fn sign(&mut self) -> String;

    fn batch(&mut self, calls: u32) -> Sample {
        time(calls, || self.sign())
    }
}

impl<F: FnMut() -> String> Signs for F {
    fn sign(&mut self) -> String {
        self()
    }
}

/// Verifies a token, decodes its payload into a struct, checks `iss`, `aud`, `exp` and `nbf`.
pub trait Verifies {
    /// The weight of the claims (see [`Claims::weight`](crate::Claims::weight)), which shows that they were
    /// decoded; none where the token was refused.
    fn verify(&mut self, token: &str) -> Option<usize>;

    fn batch(&mut self, token: &str, calls: u32) -> Sample {
        time(calls, || self.verify(token))
    }
}

impl<F: FnMut(&str) -> Option<usize>> Verifies for F {
    fn verify(&mut self, token: &str) -> Option<usize> {
        self(token)
    }
}
