use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulla_core::jwa::{HashAlg, MacAlg, MlDsaParameters, SignatureAlg};
use bulla_core::jwk::EcCurve;
use serde_json::{Value, json};

use super::Vault;
use super::key::{DoubleKey, KeySpec, Usage};
use super::refusal::Refusal;
use crate::suite::Message;

type Answer = Result<Value, Refusal>;

pub(super) fn run(vault: &Vault, operation: &str, body: &[u8]) -> Answer {
    let request: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal::new("SerializationException", error.to_string()))?;
    let key = vault.find(text(&request, "KeyId")?)?;
    match operation {
        "Decrypt" => decrypt(&key, &request),
        "DeriveSharedSecret" => derive_shared_secret(&key, &request),
        "DescribeKey" => Ok(json!({"KeyMetadata": describe(&key)})),
        "GenerateMac" => generate_mac(&key, &request),
        "GetPublicKey" => get_public_key(&key),
        "Sign" => sign(&key, &request),
        other => Err(Refusal::new("UnknownOperationException", other)),
    }
}

fn describe(key: &DoubleKey) -> Value {
    let (list, algorithms) = key.algorithms();
    json!({
        "AWSAccountId": "111122223333", "KeyId": key.id, "Arn": key.arn(),
        "Enabled": key.state() == "Enabled", "KeyState": key.state(), "KeyUsage": key.usage_name(),
        "KeySpec": key.spec_name(), "CustomerMasterKeySpec": key.spec_name(), list: algorithms,
    })
}

fn get_public_key(key: &DoubleKey) -> Answer {
    if key.usage == Usage::Mac {
        let what = format!("{} key spec is {}", key.arn(), key.spec_name());
        return Err(Refusal::new("UnsupportedOperationException", what));
    }
    key.usable(key.usage)?;
    let (list, algorithms) = key.algorithms();
    Ok(json!({
        "KeyId": key.arn(), "PublicKey": STANDARD.encode(key.key.spki()), "KeyUsage": key.usage_name(),
        "KeySpec": key.spec_name(), "CustomerMasterKeySpec": key.spec_name(), list: algorithms,
    }))
}

fn sign(key: &DoubleKey, request: &Value) -> Answer {
    key.usable(Usage::Sign)?;
    let name = text(request, "SigningAlgorithm")?;
    if !key.signing_algorithms().contains(&name) {
        return Err(Refusal::new(
            "InvalidKeyUsageException",
            format!("{name} is not of the key"),
        ));
    }
    let octets = limited(request)?;
    let form = request["MessageType"].as_str().unwrap_or("RAW");
    let raw_only = name.starts_with("ED25519_SHA") || name.starts_with("ML_DSA");
    let message = match form {
        "RAW" => Message::Raw(&octets),
        "DIGEST" if !raw_only => Message::Digest(&octets),
        _ => return Err(invalid(format!("{name} does not take {form}"))),
    };
    let signature = algorithm(key.spec, name).and_then(|alg| key.key.sign(alg, message));
    let signature = signature.ok_or_else(|| invalid("Digest is invalid length for algorithm."))?;
    Ok(json!({
        "KeyId": key.arn(), "Signature": STANDARD.encode(signature), "SigningAlgorithm": name,
    }))
}

/// `ED25519_PH_SHA_512` is another algorithm than that of JOSE: nothing here asks for it.
fn algorithm(spec: KeySpec, name: &str) -> Option<SignatureAlg> {
    Some(match (spec, name) {
        (KeySpec::Ec(EcCurve::Secp256k1), _) => SignatureAlg::Es256k,
        (_, "ECDSA_SHA_256") => SignatureAlg::Es256,
        (_, "ECDSA_SHA_384") => SignatureAlg::Es384,
        (_, "ECDSA_SHA_512") => SignatureAlg::Es512,
        (_, "ED25519_SHA_512") => SignatureAlg::Ed25519,
        (KeySpec::MlDsa(MlDsaParameters::MlDsa44), _) => SignatureAlg::MlDsa44,
        (KeySpec::MlDsa(MlDsaParameters::MlDsa65), _) => SignatureAlg::MlDsa65,
        (KeySpec::MlDsa(_), _) => SignatureAlg::MlDsa87,
        (_, "RSASSA_PKCS1_V1_5_SHA_256") => SignatureAlg::Rs256,
        (_, "RSASSA_PKCS1_V1_5_SHA_384") => SignatureAlg::Rs384,
        (_, "RSASSA_PKCS1_V1_5_SHA_512") => SignatureAlg::Rs512,
        (_, "RSASSA_PSS_SHA_256") => SignatureAlg::Ps256,
        (_, "RSASSA_PSS_SHA_384") => SignatureAlg::Ps384,
        (_, "RSASSA_PSS_SHA_512") => SignatureAlg::Ps512,
        _ => return None,
    })
}

fn generate_mac(key: &DoubleKey, request: &Value) -> Answer {
    key.usable(Usage::Mac)?;
    let name = text(request, "MacAlgorithm")?;
    let (_, own) = key.algorithms();
    if own != json!([name]) {
        return Err(Refusal::new(
            "InvalidKeyUsageException",
            format!("{name} is not of the key"),
        ));
    }
    let alg = match key.spec {
        KeySpec::Hmac(HashAlg::Sha384) => MacAlg::Hs384,
        KeySpec::Hmac(HashAlg::Sha512) => MacAlg::Hs512,
        _ => MacAlg::Hs256,
    };
    let code = key.key.mac(alg, &limited(request)?).unwrap();
    Ok(json!({"KeyId": key.arn(), "Mac": STANDARD.encode(code), "MacAlgorithm": name}))
}

fn decrypt(key: &DoubleKey, request: &Value) -> Answer {
    key.usable(Usage::Decrypt)?;
    let name = text(request, "EncryptionAlgorithm")?;
    let sha256 = match name {
        "RSAES_OAEP_SHA_1" => false,
        "RSAES_OAEP_SHA_256" => true,
        other => return Err(invalid(format!("unknown algorithm {other}"))),
    };
    let plain = key.key.open(sha256, &blob(request, "CiphertextBlob")?);
    let plain = plain.ok_or_else(|| Refusal::new("InvalidCiphertextException", ""))?;
    Ok(json!({
        "KeyId": key.arn(), "Plaintext": STANDARD.encode(plain), "EncryptionAlgorithm": name,
    }))
}

fn derive_shared_secret(key: &DoubleKey, request: &Value) -> Answer {
    key.usable(Usage::Agree)?;
    if text(request, "KeyAgreementAlgorithm")? != "ECDH" {
        return Err(invalid("unknown key agreement algorithm"));
    }
    let secret = key.key.agree(&blob(request, "PublicKey")?);
    let secret = secret.ok_or_else(|| invalid("The public key is invalid."))?;
    Ok(json!({
        "KeyId": key.arn(), "SharedSecret": STANDARD.encode(secret), "KeyAgreementAlgorithm": "ECDH",
        "KeyOrigin": "AWS_KMS",
    }))
}

/// `Message`: 1 to 4,096 octets.
fn limited(request: &Value) -> Result<Vec<u8>, Refusal> {
    let octets = blob(request, "Message")?;
    if octets.is_empty() || octets.len() > 4096 {
        return Err(invalid(
            "'message' failed to satisfy constraint: length between 1 and 4096",
        ));
    }
    Ok(octets)
}

fn text<'a>(request: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    let value = request[name].as_str();
    value.ok_or_else(|| invalid(format!("'{name}' is missing")))
}

fn blob(request: &Value, name: &str) -> Result<Vec<u8>, Refusal> {
    let decoded = STANDARD.decode(text(request, name)?);
    decoded.map_err(|_| Refusal::new("SerializationException", format!("{name} is no base64")))
}

fn invalid(what: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", what)
}
