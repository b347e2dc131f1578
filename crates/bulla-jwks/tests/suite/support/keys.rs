use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{PrivateJwk, PublicJwk};
use bulla_core::jwt::{self, Expectations};
use bulla_core::key::{KeySpec, Signer};

/// A key pair of an issuer.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) pair: PrivateJwk,
    alg: SignatureAlg,
}

impl Key {
    pub(crate) fn new(kid: &str) -> Self {
        Self::with(kid, SignatureAlg::Es256)
    }

    pub(crate) fn with(kid: &str, alg: SignatureAlg) -> Self {
        let spec = match alg {
            SignatureAlg::Es384 => KeySpec::Ec(bulla_core::jwk::EcCurve::P384),
            SignatureAlg::Ed25519 => KeySpec::Okp(bulla_core::jwk::OkpCurve::Ed25519),
            SignatureAlg::Rs256 => KeySpec::Rsa { bits: 2048 },
            _ => KeySpec::Ec(bulla_core::jwk::EcCurve::P256),
        };
        let mut pair = PrivateJwk::new(bulla_aws_lc::backend().generate(spec).unwrap());
        pair.members_mut().kid = Some(kid.to_owned());
        pair.members_mut().alg = Some(alg.name().clone());
        Self { pair, alg }
    }

    pub(crate) fn public(&self) -> PublicJwk {
        self.pair.public()
    }

    /// A token that anybody may accept at any time.
    pub(crate) fn token(&self) -> String {
        self.token_from("https://issuer.example")
    }

    pub(crate) fn token_from(&self, issuer: &str) -> String {
        let signer = Signer::bind_to(&bulla_aws_lc::backend(), &self.pair, self.alg).unwrap();
        jwt::issue(issuer).audience("api").sign(&signer).unwrap()
    }

    pub(crate) fn token_without_kid(&self) -> String {
        let mut nameless = self.clone();
        nameless.pair.members_mut().kid = None;
        nameless.token()
    }

    /// A token that this key signed and that names another.
    pub(crate) fn token_naming(&self, kid: &str) -> String {
        let mut other = self.clone();
        other.pair.members_mut().kid = Some(kid.to_owned());
        other.token()
    }
}

pub(crate) fn expect() -> Expectations {
    Expectations::new("https://issuer.example", "api")
}
