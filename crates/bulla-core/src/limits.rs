//! Every bound on what hostile input may cost, in one value.

/// Bounds on what a token, key or set may ask of us. All are on by default (`Limits::default()`).
///
/// Sizes are of decoded octets, except the compact token's, which is of its text.
///
/// ```
/// let limits = bulla_core::Limits { token: 16 * 1024, ..Default::default() };
/// assert_eq!(limits.header, 16 * 1024);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of a decoded header: 16 KiB.
    pub header: usize,
    /// Octets of a compact token's text, or of a JSON serialization: 1 MiB. Detached streams are not counted.
    pub token: usize,
    /// Nesting of JSON objects and arrays: 32.
    pub json_depth: usize,
    /// Signatures (or recipients) of one general serialization: 16.
    pub signatures: usize,
    /// Keys in a JWK Set: 1,000.
    pub keys: usize,
    /// Octets of a JWK or JWK Set: 2 MiB.
    pub jwk_set: usize,
    /// Keys tried for one signature or recipient: 4. Decrypting one token never tries more than [`signatures`](Self::signatures).
    pub keys_tried: usize,
    /// Octets of a `kid`: 256.
    pub kid: usize,
    /// Certificates of an `x5c` chain: 8.
    pub x5c: usize,
    /// Octets of payload that an algorithm which cannot be computed piece by piece reads from a stream: 16 MiB.
    pub unstreamed: usize,
    /// Least iterations of PBES2 (`p2c`): 1,000.
    pub p2c_min: u32,
    /// Most iterations of PBES2 (`p2c`): 600,000.
    pub p2c_max: u32,
    /// Octets of inflated content, whatever the ratio: 250 KiB.
    pub inflated: usize,
}

impl Limits {
    /// The defaults, which `Default` returns.
    pub const DEFAULT: Self = Self {
        header: 16 * 1024,
        token: 1024 * 1024,
        json_depth: 32,
        signatures: 16,
        keys: 1_000,
        jwk_set: 2 * 1024 * 1024,
        keys_tried: 4,
        kid: 256,
        x5c: 8,
        unstreamed: 16 * 1024 * 1024,
        p2c_min: 1_000,
        p2c_max: 600_000,
        inflated: 250 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
