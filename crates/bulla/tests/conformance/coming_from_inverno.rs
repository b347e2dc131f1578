//! The names on the page for those who come from Inverno: all exist.

use std::fs;
use std::path::Path;

use crate::documents::{read, root};

/// Compiles only if each can be imported.
macro_rules! importable {
    ($($path:path,)*) => {
        $(const _: () = {
            #[allow(unused_imports, reason = "that it is there is all")]
            use $path as _;
        };)*
        const IMPORTABLE: &[&str] = &[$(stringify!($path)),*];
    };
}

importable! {
    bulla::Header,
    bulla::Trust,
    bulla::Trusted,
    bulla::Untrusted,
    bulla::jwa::AlgName,
    bulla::jwa::ContentEncryptionAlg,
    bulla::jwa::KeyManagementAlg,
    bulla::jwa::KeyManagementAlg::Dir,
    bulla::jwa::MacAlg,
    bulla::jwa::SignatureAlg,
    bulla::jwe::Builder,
    bulla::jwe::DecryptError,
    bulla::jwe::DecryptError::Several,
    bulla::jwe::Deflate,
    bulla::jwe::EncryptError,
    bulla::jwe::EncryptError::OneRecipientOnly,
    bulla::jwe::Jwe,
    bulla::jwe::Recipient,
    bulla::jwe::RecipientHeader,
    bulla::jwe::Zip,
    bulla::jwk::AkpPrivateKey,
    bulla::jwk::AkpPublicKey,
    bulla::jwk::EcCurve,
    bulla::jwk::EcPrivateKey,
    bulla::jwk::EcPublicKey,
    bulla::jwk::Jwk,
    bulla::jwk::JwkSet,
    bulla::jwk::KeyError,
    bulla::jwk::KeyOperation,
    bulla::jwk::Members,
    bulla::jwk::OkpCurve,
    bulla::jwk::OkpPrivateKey,
    bulla::jwk::OkpPublicKey,
    bulla::jwk::PrivateJwk,
    bulla::jwk::PublicJwk,
    bulla::jwk::PublicKeyUse,
    bulla::jwk::RsaOtherPrime,
    bulla::jwk::RsaPrivateKey,
    bulla::jwk::RsaPublicKey,
    bulla::jwk::SecretJwk,
    bulla::jwk::pem::certificates,
    bulla::jws::BuildError,
    bulla::jws::Builder,
    bulla::jws::General,
    bulla::jws::Headers,
    bulla::jws::Jws,
    bulla::jws::SignatureEntry,
    bulla::jws::VerifiedSignature,
    bulla::jws::VerifyError,
    bulla::jws::VerifyError::Several,
    bulla::jwt::ClaimError,
    bulla::jwt::ClaimError::Expired,
    bulla::jwt::ClaimError::NotYetValid,
    bulla::jwt::Expectations,
    bulla::jwt::IssueError,
    bulla::jwt::NumericDate,
    bulla::jwt::RegisteredClaims,
    bulla::jwt::Valid,
    bulla::jwt::VerifyError,
    bulla::jwt::issue,
    bulla::key::AesKeyWrap,
    bulla::key::Agree,
    bulla::key::AgreeAsync,
    bulla::key::ContentKey,
    bulla::key::ContentTag,
    bulla::key::Decrypter,
    bulla::key::Encrypter,
    bulla::key::KeyInfo,
    bulla::key::KeySet,
    bulla::key::KeySpec,
    bulla::key::Keys,
    bulla::key::Mac,
    bulla::key::Sign,
    bulla::key::SignAsync,
    bulla::key::Signer,
    bulla::key::Unwrap,
    bulla::key::UnwrapAsync,
    bulla::key::Verifier,
    bulla::key::Verify,
    bulla::key::Wrap,
    bulla::key::WrappedKey,
    bulla::payload::Decode,
    bulla::payload::Decoders,
    bulla::payload::Encode,
    bulla::payload::Jose,
    bulla::payload::JoseJson,
    bulla::payload::JwkJson,
    bulla::payload::JwkSetJson,
    bulla::payload::Jwt,
    bulla::payload::Renamed,
    bulla::trust::AllowedUrls,
    bulla::trust::FetchUrl,
    bulla::trust::HeaderKeys,
    bulla::trust::InMemoryKeyStore,
    bulla::trust::KeyName,
    bulla::trust::KeyStore,
    bulla::trust::ResolveError,
    bulla::trust::ResolveError::Disagrees,
    bulla::trust::ResolveKey,
    bulla::trust::ResolvedKeys,
    bulla::trust::TrustedPath,
    bulla::trust::ValidatePath,
    bulla::decrypter_for,
    bulla::encrypter_for,
    bulla::generate,
    bulla::generate_secret,
    bulla::generate_spec,
    bulla::password_decrypter,
    bulla::password_encrypter,
    bulla::signer_for,
    bulla::verifier_for,
}

#[test]
fn every_name_on_the_page_is_the_name_of_something() {
    let mut sources = String::new();
    for krate in ["bulla-core", "bulla-x509", "bulla-jwks"] {
        gather(&root().join("crates").join(krate).join("src"), &mut sources);
    }
    let page = read("docs/coming-from-inverno.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let ours = rows.flat_map(|row| row.split(" | ").skip(1));
    let names = ours.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut seen = 0;
    for name in names.filter(|name| name.contains("::")) {
        seen += 1;
        let importable = IMPORTABLE
            .iter()
            .any(|path| path.replace(' ', "") == format!("bulla::{name}"));
        assert!(importable || is_declared(name, &sources), "{name}");
    }
    assert!(seen > 200, "{seen}");
}

/// Methods, fields, and what other features have.
fn is_declared(name: &str, sources: &str) -> bool {
    let mut parts = name.rsplit("::");
    let (last, owner) = (parts.next().unwrap(), parts.next().unwrap());
    let declared = |kinds: &[&str], name: &str| {
        kinds.iter().any(|kind| {
            let start = format!("{kind} {name}");
            sources.match_indices(&start).any(|(at, _)| {
                let next = sources[at + start.len()..].chars().next();
                next.is_some_and(|next| !next.is_alphanumeric() && next != '_')
            })
        })
    };
    const TYPES: &[&str] = &["pub struct", "pub enum", "pub trait"];
    if last.starts_with(char::is_uppercase) {
        return declared(TYPES, last);
    }
    let is_module = !owner.starts_with(char::is_uppercase);
    (is_module || declared(TYPES, owner)) && declared(&["fn", "pub"], last)
}

fn gather(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
