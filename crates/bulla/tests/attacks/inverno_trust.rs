//! Those of Inverno's defects that concern where a key comes from, and why it is trusted.

use std::marker::PhantomData;
use std::sync::Arc;

use bulla::Untrusted;
use bulla::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, PrivateJwk, PublicJwk, SecretJwk};
use bulla::jws::{Builder, Jws};
use bulla::key::{Keys, SigningKey, VerificationKey, Verifier};
use bulla::trust::{AllowedUrls, HeaderKeys, InMemoryKeyStore, KeyName, KeyStore as _, Trust};
use bulla::{Trusted, base64url::encode};
use serde_json::{Value, json};

use crate::support::{keys, public};
use crate::trust_support::{
    LEAF_CERTIFICATE, Paths, ROOT_CERTIFICATE, STRANGER_CERTIFICATE, Web, base64, leaf, now,
    public_value, store, stranger, token as token_of, with_kid, x5c, x5t, x5t_s256,
};

/// A token whose header carries the certificate of the very key that signed it verifies with nothing but that key.
#[test]
fn defect_01_a_certificate_in_the_header_makes_no_key_trusted() {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let certificate = public(EC_WITH_CERTIFICATE).members().x5c.clone().unwrap();
    let x5c = json!([base64(&certificate[0])]);
    let token = Builder::new("forged")
        .header("x5c", x5c)
        .sign_compact(&bulla::signer(&attacker).unwrap())
        .unwrap();
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, public(keys::P256).to_json())).unwrap();
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&bulla::key_set(&set))
            .is_err()
    );
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&bulla::key_set(&JwkSet::new(Vec::<Jwk>::new())))
            .is_err()
    );
    let jws = Jws::parse_compact(&token).unwrap();
    assert_eq!(
        jws.signatures()[0].header().x5c().unwrap().peek(),
        &&certificate[..]
    );
}

/// There, `x5c` was believed unless validation was switched on; here it earns nothing until it is.
#[test]
fn defect_01_x5c_and_x5u_are_off_until_there_is_path_validation_and_then_need_a_path() {
    let url = "https://issuer.example/chain.pem";
    let page = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64(STRANGER_CERTIFICATE)
    );
    let web = Web::of([(url, page)]);
    let self_signed = token_of(&stranger(), json!({"x5c": x5c(&[STRANGER_CERTIFICATE])}));
    let fetched = token_of(&stranger(), json!({"x5u": url}));
    let resolve = |keys: &HeaderKeys, token: &str| {
        let jws = Jws::parse_compact(token).unwrap();
        now(keys.verify_jws(jws))
            .map(|_| ())
            .map_err(|error| error.code())
    };
    let off = HeaderKeys::new(&bulla::backend())
        .certificate_urls(AllowedUrls::https([url]).unwrap(), web.clone());
    assert_eq!(resolve(&off, &self_signed), Err("jwk.untrusted"));
    assert_eq!(resolve(&off, &fetched), Err("jwk.untrusted"));
    assert!(web.asked().is_empty());
    let on = off.certificates(Arc::new(Paths::default()));
    assert_eq!(resolve(&on, &self_signed), Err("x509.untrusted"));
    assert_eq!(resolve(&on, &fetched), Err("x509.untrusted"));
    let good = token_of(
        &leaf(),
        json!({"x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
    );
    assert_eq!(resolve(&on, &good), Ok(()));
}

/// Whether a type is a key: the first is found where it is, the second where it is not.
struct Is<T>(PhantomData<T>);
trait IsNot {
    const A_VERIFICATION_KEY: bool = false;
    const A_SIGNING_KEY: bool = false;
    const KEYS: bool = false;
}
impl<T> IsNot for Is<T> {}
#[allow(dead_code, reason = "one of each pair is chosen, as is the case")]
impl<T: VerificationKey> Is<T> {
    const A_VERIFICATION_KEY: bool = true;
}
#[allow(dead_code, reason = "one of each pair is chosen, as is the case")]
impl<T: SigningKey> Is<T> {
    const A_SIGNING_KEY: bool = true;
}
#[allow(dead_code, reason = "one of each pair is chosen, as is the case")]
impl<T: Keys> Is<T> {
    const KEYS: bool = true;
}

/// There, keys that a caller passed were not asked whether they are trusted; here what is not trusted is no key.
#[test]
fn defect_03_an_untrusted_key_cannot_be_passed_explicitly() {
    const { assert!(!Is::<Untrusted<PublicJwk>>::A_VERIFICATION_KEY) };
    const { assert!(!Is::<Untrusted<PrivateJwk>>::A_SIGNING_KEY) };
    const { assert!(!Is::<Untrusted<SecretJwk>>::A_VERIFICATION_KEY) };
    const { assert!(!Is::<Untrusted<Verifier>>::KEYS) };
    const { assert!(Is::<Trusted<PublicJwk>>::A_VERIFICATION_KEY) };
    const { assert!(Is::<PublicJwk>::A_VERIFICATION_KEY) };
    const { assert!(Is::<Verifier>::KEYS) };
}

#[test]
fn defect_04_the_header_key_does_not_win_over_the_kid() {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let jwk: Value = serde_json::from_str(&attacker.public().to_json()).unwrap();
    let signer = bulla::signer(&attacker).unwrap();
    let token = Builder::new("forged")
        .kid("victim")
        .header("jwk", jwk)
        .sign_compact(&signer)
        .unwrap();
    let victim = public(&keys::P256.replacen('{', r#"{"kid":"victim","#, 1));
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, victim.to_json())).unwrap();
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&bulla::key_set(&set))
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

/// Nor over the other names, where stores are asked: the key that the kid names must be the one that is shown.
#[test]
fn defect_04_a_header_key_beside_a_kid_must_be_the_key_of_the_kid() {
    let keys = HeaderKeys::new(&bulla::backend())
        .store(store([with_kid(leaf(), "victim")]))
        .header_jwk();
    let forged = token_of(
        &stranger(),
        json!({"kid": "victim", "jwk": public_value(&stranger())}),
    );
    let jws = Jws::parse_compact(&forged).unwrap();
    assert_eq!(
        now(keys.verify_jws(jws)).unwrap_err().code(),
        "jwk.disagrees"
    );
}

/// There, `x5t` was looked at where `x5t#S256` was meant.
#[test]
fn defect_20_the_sha_256_thumbprint_of_a_certificate_finds_its_key() {
    let certified = public(EC_WITH_CERTIFICATE);
    let digest = HashAlg::Sha256.digest(&certified.members().x5c.as_ref().unwrap()[0]);
    let good = EC_WITH_CERTIFICATE.replacen(
        '{',
        &format!(r#"{{"x5t#S256":"{}","#, encode(digest.as_ref())),
        1,
    );
    bulla::verifier(&public(&good)).unwrap();
    let bad =
        EC_WITH_CERTIFICATE.replacen('{', &format!(r#"{{"x5t#S256":"{}","#, encode([7; 32])), 1);
    assert_eq!(
        bulla::verifier(&public(&bad)).unwrap_err().code(),
        "jwk.malformed"
    );
}

/// Each digest is looked for under its own name.
#[test]
fn defect_20_each_thumbprint_is_looked_up_as_what_it_is() {
    let mut certified = leaf();
    certified.members_mut().x5c = Some(vec![LEAF_CERTIFICATE.to_vec()]);
    let keys = HeaderKeys::new(&bulla::backend()).store(store([certified]));
    let verify = |said: Value| {
        let token = token_of(&leaf(), said);
        now(keys.verify_jws(Jws::parse_compact(&token).unwrap())).map(|_| ())
    };
    verify(json!({"x5t#S256": x5t_s256(LEAF_CERTIFICATE)})).unwrap();
    verify(json!({"x5t": x5t(LEAF_CERTIFICATE)})).unwrap();
    verify(json!({"x5t#S256": x5t_s256(ROOT_CERTIFICATE)})).unwrap_err();
    verify(json!({"x5t": x5t(ROOT_CERTIFICATE)})).unwrap_err();
}

/// There, the algorithm of the issuer's signature had to be the key's.
#[test]
fn defect_24_an_ec_key_may_be_certified_by_an_rsa_authority() {
    let key = public(&EC_WITH_CERTIFICATE.replacen('{', r#"{"alg":"ES256","#, 1));
    bulla::verifier(&key).unwrap();
}

/// There, a curve was named after the size of its field.
#[test]
fn defect_25_a_certificate_of_secp256k1_is_not_one_of_p_256() {
    bulla::verifier(&public(K1_WITH_CERTIFICATE)).unwrap();
    let renamed = K1_WITH_CERTIFICATE.replace("secp256k1", "P-256");
    let refused =
        Jwk::parse(renamed.as_bytes()).is_err() || bulla::verifier(&public(&renamed)).is_err();
    assert!(refused);
    // The same coordinates cannot lie on both curves, so the certificate of one beside the key of the other:
    let mut other = public(EC_WITH_CERTIFICATE);
    other
        .members_mut()
        .x5c
        .clone_from(&public(K1_WITH_CERTIFICATE).members().x5c);
    assert_eq!(bulla::verifier(&other).unwrap_err().code(), "jwk.malformed");
}

/// There, secrets were compared as signed numbers: a first octet of zero, and the sign, were lost.
#[test]
fn defect_26_secrets_are_octets_and_not_numbers() {
    let keep = InMemoryKeyStore::new(&bulla::backend());
    let mut secrets: Vec<Vec<u8>> = vec![vec![0x80; 32], vec![0; 32], vec![0xff; 32], vec![0; 33]];
    let mut padded = vec![0x80; 32];
    padded.insert(0, 0);
    secrets.push(padded);
    for (kid, secret) in secrets.iter().enumerate() {
        let mut key = SecretJwk::new(secret.clone());
        key.members_mut().kid = Some(kid.to_string());
        keep.insert(Trusted::new(Jwk::Secret(key), Trust::Caller))
            .unwrap();
    }
    let verifiers: Vec<Verifier> = (0..secrets.len())
        .map(|kid| {
            let found = keep.get(KeyName::Kid(&kid.to_string()));
            let Jwk::Secret(key) = &**found[0] else {
                panic!("a secret")
            };
            assert_eq!(key.k().expose(), secrets[kid]);
            bulla::verifier_for(key, MacAlg::Hs256).unwrap()
        })
        .collect();
    for (signed_by, secret) in secrets.iter().enumerate() {
        let signer = bulla::signer_for(&SecretJwk::new(secret.clone()), MacAlg::Hs256).unwrap();
        let token = Builder::new("x").sign_compact(&signer).unwrap();
        for (kid, verifier) in verifiers.iter().enumerate() {
            // HMAC itself fills a short key up with zeros, so nothing but zeros of any length is one key (RFC 2104 §2).
            let zeros = |index: usize| secrets[index].iter().all(|octet| *octet == 0);
            let same = kid == signed_by || zeros(kid) && zeros(signed_by);
            let held = Jws::parse_compact(&token).unwrap().verify(verifier).is_ok();
            assert_eq!(held, same, "{kid} {signed_by}");
        }
    }
}

/// Made with openssl: a P-256 key in a certificate that an RSA authority signed.
const EC_WITH_CERTIFICATE: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"aL_j2qCQxeg3jLRI4HkxKTXiJ5v8lzPkoxW1qtjXwZg","y":"c_0unWK3K5Ylma5"#,
    r#"Z6sJZQ8ut6hkgB9X5raU18ZweQlQ","x5c":["MIIB2zCBxAIUNzqDVArdomJy0BOazbXike95Al8wDQYJKoZIhvcNAQELBQ"#,
    r#"AwETEPMA0GA1UEAwwGUlNBIENBMCAXDTI2MTEyMTE5NDEyOFoYDzIxMjYxMDI4MTk0MTI4WjANMQswCQYDVQQDDAJlYzBZMB"#,
    r#"MGByqGSM49AgEGCCqGSM49AwEHA0IABGi/49qgkMXoN4y0SOB5MSk14ieb/Jcz5KMVtarY18GYc/0unWK3K5Ylma5Z6sJZQ8"#,
    r#"ut6hkgB9X5raU18ZweQlQwDQYJKoZIhvcNAQELBQADggEBAG+eIri0uUkhVzg/7jSvYmGTxXWZ0s2B+KhBxFy4V70kP1eTrm"#,
    r#"CdO7/2y2GPwxVpNEGImGdyzhtAbs8eS6RhZ/CzqNv5tQrN8AcSyaJ68u/P2VVAZ0Iph017p8E6WrGuQ2PvIBhIRCnF2oKLoQ"#,
    r#"Nu362Hb/ID3kLxuMECOe2xOMzuhKFnyjHczEYWhyOsgZdVnVFPHy9qJs9wL5p85n5CY7PKjRlk0ZrnPTo4f+LQnvUSl1m73u"#,
    r#"GbTJOeDE6PSOj6fx46YnPRLzoaR1X4yZia/TNvhQKrSO9cNBcSRMwSLN3W2Tv4bDP71UOtNdB2KOM1BxRBxWKLf4AzmP64/V"#,
    r#"haRFA="]}"#
);
/// Made with openssl: a secp256k1 key in a certificate of its own.
const K1_WITH_CERTIFICATE: &str = concat!(
    r#"{"kty":"EC","crv":"secp256k1","x":"W93GeytaDWdd-Oc5wn0hXqa9tila8cCuXxZ61XBtnvI","y":"WJpLh7-QmMl"#,
    r#"EyvrGQobp1pPb3NVqXlj28A7k0uoKYpQ","x5c":["MIIBbjCCARSgAwIBAgIUHYmUxc6Mj8JkQX0CAOgqFv1MPnAwCgYIKo"#,
    r#"ZIzj0EAwIwDTELMAkGA1UEAwwCazEwIBcNMjYxMTIxMTk0MTI4WhgPMjEyNjEwMjgxOTQxMjhaMA0xCzAJBgNVBAMMAmsxMF"#,
    r#"YwEAYHKoZIzj0CAQYFK4EEAAoDQgAEW93GeytaDWdd+Oc5wn0hXqa9tila8cCuXxZ61XBtnvJYmkuHv5CYyUTK+sZChunWk9"#,
    r#"vc1WpeWPbwDuTS6gpilKNTMFEwHQYDVR0OBBYEFG0GWFG+qz4sWvsKUZQ6pgzCi+N2MB8GA1UdIwQYMBaAFG0GWFG+qz4sWv"#,
    r#"sKUZQ6pgzCi+N2MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANjRy3eCQflbeNV9CpwIp7Sm+km2JdrE0m"#,
    r#"ylq/NkT5bNAiA+JR7seXAlqp9woBW9qkQiJ2jhyJ44H/aeRL7koVYnsg=="]}"#
);
