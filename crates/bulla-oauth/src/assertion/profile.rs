use core::fmt;
use std::str::FromStr;

use bulla_core::jwa::SignatureAlg;

/// Which rules hold for client assertions.
///
/// | | audience | algorithms | made with `typ` |
/// |---|---|---|---|
/// | [`Bis`](Self::Bis) | the issuer, nobody else | PS256, ES256, EdDSA, Ed25519 and their longer kin | `client-authentication+jwt` |
/// | [`Fapi2`](Self::Fapi2) | the issuer, as a string | PS256, ES256, EdDSA, Ed25519 | `client-authentication+jwt` |
/// | [`Legacy`](Self::Legacy) | the issuer or one of the endpoints, among others | those of `Bis`, RS256 and its kin | `JWT` |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// draft-ietf-oauth-rfc7523bis: the default.
    #[default]
    Bis,
    /// FAPI 2.0 Security Profile §5.3.2.1 and §5.4.
    Fapi2,
    /// RFC 7523 as it was. An assertion made for one server can be used at another that the client takes for it.
    Legacy,
}

impl Profile {
    /// The name that configuration files have: `bis`, `fapi2`, `legacy`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bis => "bis",
            Self::Fapi2 => "fapi2",
            Self::Legacy => "legacy",
        }
    }

    /// The algorithms that assertions may be signed with unless the server says otherwise.
    #[must_use]
    pub const fn algorithms(self) -> &'static [SignatureAlg] {
        use SignatureAlg as A;
        const FAPI: &[SignatureAlg] = &[A::Ps256, A::Es256, A::EdDsa, A::Ed25519];
        const BIS: &[SignatureAlg] = &[
            A::Ps256,
            A::Es256,
            A::EdDsa,
            A::Ed25519,
            A::Ps384,
            A::Ps512,
            A::Es384,
            A::Es512,
        ];
        const LEGACY: &[SignatureAlg] = &[
            A::Ps256,
            A::Es256,
            A::EdDsa,
            A::Ed25519,
            A::Ps384,
            A::Ps512,
            A::Es384,
            A::Es512,
            A::Rs256,
            A::Rs384,
            A::Rs512,
        ];
        match self {
            Self::Bis => BIS,
            Self::Fapi2 => FAPI,
            Self::Legacy => LEGACY,
        }
    }

    pub(super) const fn typ(self) -> &'static str {
        match self {
            Self::Bis | Self::Fapi2 => CLIENT_AUTHENTICATION,
            Self::Legacy => "JWT",
        }
    }
}

/// The explicit type of draft-ietf-oauth-rfc7523bis.
pub(super) const CLIENT_AUTHENTICATION: &str = "client-authentication+jwt";

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        [Self::Bis, Self::Fapi2, Self::Legacy]
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or(UnknownProfile)
    }
}

/// There is no profile of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the profile is none of bis, fapi2 and legacy")
    }
}

impl std::error::Error for UnknownProfile {}
