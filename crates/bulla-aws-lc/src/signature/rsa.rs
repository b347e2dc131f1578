//! RSASSA-PKCS1-v1_5 (RFC 7518 §3.3) and RSASSA-PSS (RFC 7518 §3.5).

use std::borrow::Cow;
use std::sync::Arc;

use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair, RsaParameters, RsaPublicKeyComponents,
    RsaSignatureEncoding,
};
use bulla_core::jwa::{AlgName, HashAlg};
use bulla_core::jwk::{KeyError, RsaPrivateKey, RsaPublicKey};
use bulla_core::key::{CheckError, Sign, SignError, Signature, SigningInput, Verify};

use super::rsa_primes;
use crate::hash::InputHash;

/// How a digest becomes a number.
#[derive(Clone, Copy)]
pub(crate) enum Padding {
    /// EMSA-PKCS1-v1_5.
    Pkcs1,
    /// EMSA-PSS; MGF1 with the hash of the message, salt as long as the digest. aws-lc holds signatures to that
    /// salt length too.
    Pss,
}

pub(crate) fn signer(
    alg: &'static AlgName,
    padding: Padding,
    hash: HashAlg,
    key: &RsaPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let (encoding, _) = primitive(padding, hash)?;
    let key = key_pair(key)?;
    Ok(Arc::new(Signer {
        alg,
        hash: InputHash::new(hash)?,
        encoding,
        signature_len: key.public_modulus_len(),
        key,
    }))
}

pub(crate) fn verifier(
    alg: &'static AlgName,
    padding: Padding,
    hash: HashAlg,
    key: &RsaPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    check_size(key)?;
    let (_, parameters) = primitive(padding, hash)?;
    let components = RsaPublicKeyComponents {
        n: key.n(),
        e: key.e(),
    };
    Ok(Arc::new(Verifier {
        alg,
        hash: InputHash::new(hash)?,
        signature_len: key.n().len(),
        key: components
            .to_parsed_public_key(parameters)
            .map_err(|_| KeyError::malformed("n, e", "are not an RSA public key"))?,
    }))
}

/// Refuses a private key of which any member contradicts another. Primes that are missing are recovered.
pub(crate) fn key_pair(key: &RsaPrivateKey) -> Result<RsaKeyPair, KeyError> {
    check_size(key.public())?;
    if !key.other_primes().is_empty() {
        return Err(KeyError::Unsupported(
            "signing with an RSA key of more than two primes",
        ));
    }
    rsa_primes::check_exponent(key)?;
    let crt = match key.crt() {
        Some(crt) => Cow::Borrowed(crt),
        None => Cow::Owned(rsa_primes::recover(key)?),
    };
    // Holds n = p·q, d·e, dp, dq and qi against each other.
    RsaKeyPair::from_components(&KeyPairComponents {
        public_key: RsaPublicKeyComponents {
            n: key.public().n(),
            e: key.public().e(),
        },
        d: key.d().expose(),
        p: crt.p().expose(),
        q: crt.q().expose(),
        dP: crt.dp().expose(),
        dQ: crt.dq().expose(),
        qInv: crt.qi().expose(),
    })
    .map_err(|_| rsa_primes::CONTRADICTION)
}

/// aws-lc would find all of this out with the first signature.
pub(crate) fn check_size(key: &RsaPublicKey) -> Result<(), KeyError> {
    key.check_strength()?;
    match key.e() {
        [_] | [_, _] | [_, _, _] | [_, _, _, _] | [1, _, _, _, _] => Ok(()),
        _ => Err(KeyError::Unsupported(
            "an RSA public exponent of more than 33 bits",
        )),
    }
}

type Primitive = (&'static RsaSignatureEncoding, &'static RsaParameters);

fn primitive(padding: Padding, hash: HashAlg) -> Result<Primitive, KeyError> {
    use HashAlg::{Sha256, Sha384, Sha512};
    use Padding::{Pkcs1, Pss};
    Ok(match (padding, hash) {
        (Pkcs1, Sha256) => (&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256),
        (Pkcs1, Sha384) => (&RSA_PKCS1_SHA384, &RSA_PKCS1_2048_8192_SHA384),
        (Pkcs1, Sha512) => (&RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512),
        (Pss, Sha256) => (&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256),
        (Pss, Sha384) => (&RSA_PSS_SHA384, &RSA_PSS_2048_8192_SHA384),
        (Pss, Sha512) => (&RSA_PSS_SHA512, &RSA_PSS_2048_8192_SHA512),
        _ => return Err(KeyError::Unsupported("RSA with this hash")),
    })
}

struct Signer {
    alg: &'static AlgName,
    hash: InputHash,
    encoding: &'static RsaSignatureEncoding,
    signature_len: usize,
    key: RsaKeyPair,
}

impl Sign for Signer {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let digest = self.hash.digest(input)?;
        let mut signature = Signature::zeroed(self.signature_len);
        self.key
            .sign_digest(self.encoding, &digest, signature.as_mut())
            .map_err(|_| SignError::Failed)?;
        Ok(signature)
    }
}

struct Verifier {
    alg: &'static AlgName,
    hash: InputHash,
    signature_len: usize,
    key: ParsedPublicKey,
}

impl Verify for Verifier {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        if signature.len() != self.signature_len {
            return Err(CheckError::SignatureInvalid);
        }
        let digest = self.hash.digest(input)?;
        self.key
            .verify_digest_sig(&digest, signature)
            .map_err(|_| CheckError::SignatureInvalid)
    }
}
