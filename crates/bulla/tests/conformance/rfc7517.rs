//! RFC 7517, appendices A and B.

use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, KeyError, PublicKeyUse};

use crate::support::{private, public};

#[test]
fn appendix_a1_public_keys() {
    let set =
        JwkSet::parse(format!(r#"{{"keys":[{EC_PUBLIC},{RSA_PUBLIC}]}}"#).as_bytes()).unwrap();
    assert!(set.rejected().is_empty());
    let [Jwk::Public(ec), Jwk::Public(rsa)] = set.keys() else {
        panic!("two public keys")
    };
    assert_eq!(ec.key().describe(), "EC P-256");
    assert_eq!(ec.members().key_use, Some(PublicKeyUse::Encryption));
    assert_eq!(ec.members().kid.as_deref(), Some("1"));
    assert_eq!(rsa.members().alg.as_ref(), Some(SignatureAlg::Rs256.name()));
    assert_eq!(rsa.members().kid.as_deref(), Some("2011-04-29"));
}

#[test]
fn appendix_a1_keys_do_what_they_are_for_and_nothing_else() {
    let error = bulla::verifier_for(&public(EC_PUBLIC), SignatureAlg::Es256).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch", "its use is enc");
    let rsa = public(RSA_PUBLIC);
    assert_eq!(
        bulla::verifier(&rsa).unwrap().alg(),
        SignatureAlg::Rs256.name()
    );
    let error = bulla::verifier_for(&rsa, SignatureAlg::Ps256).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch", "its alg is RS256");
}

#[test]
fn appendix_a2_private_keys() {
    let json = format!(r#"{{"keys":[{EC_PRIVATE},{RSA_PRIVATE}]}}"#);
    let set = JwkSet::parse(json.as_bytes()).unwrap();
    assert!(set.rejected().is_empty());
    let [Jwk::Private(ec), Jwk::Private(rsa)] = set.keys() else {
        panic!("two private keys")
    };
    assert_eq!(ec.public(), public(EC_PUBLIC));
    assert_eq!(rsa.public(), public(RSA_PUBLIC));
    let token = bulla::jws::Builder::new(&b"signed"[..])
        .sign_compact(&bulla::signer(rsa).unwrap())
        .unwrap();
    let jws = bulla::jws::Jws::parse_compact(&token).unwrap();
    jws.verify(&bulla::verifier(&public(RSA_PUBLIC)).unwrap())
        .unwrap();
}

#[test]
fn appendix_a2_is_printed_as_it_was_read() {
    for json in [EC_PRIVATE, RSA_PRIVATE] {
        let key = private(json);
        let printed: serde_json::Value =
            serde_json::from_str(&Jwk::Private(key).to_json()).unwrap();
        assert_eq!(
            printed,
            serde_json::from_str::<serde_json::Value>(json).unwrap()
        );
    }
}

#[test]
fn appendix_a3_symmetric_keys() {
    let set = JwkSet::parse(format!(r#"{{"keys":[{A128KW},{HMAC}]}}"#).as_bytes()).unwrap();
    assert!(set.rejected().is_empty());
    let [Jwk::Secret(wrap), Jwk::Secret(hmac)] = set.keys() else {
        panic!("two secrets")
    };
    assert_eq!(wrap.k().len(), 16);
    assert!(
        matches!(bulla::signer(wrap), Err(KeyError::UsageMismatch(_))),
        "A128KW is no MAC"
    );
    assert_eq!(
        hmac.members().kid.as_deref(),
        Some("HMAC key used in JWS spec Appendix A.1 example")
    );
    assert!(
        matches!(bulla::signer(hmac), Err(KeyError::Ambiguous)),
        "it does not say which HMAC"
    );
    bulla::signer_for(hmac, MacAlg::Hs256).unwrap();
}

#[test]
fn appendix_b_certificate_chain() {
    let key = public(B_KEY);
    let chain = key.members().x5c.as_ref().unwrap();
    assert_eq!(chain.len(), 1);
    assert_eq!(chain[0][..4], [0x30, 0x82, 0x03, 0x42]);
    // Binding compares the certificate's key with the JWK's.
    bulla::verifier_for(&key, SignatureAlg::Rs256).unwrap();
}

#[test]
fn appendix_b_certificate_of_another_key_is_refused() {
    let mut key = public(RSA_PUBLIC);
    key.members_mut()
        .x5c
        .clone_from(&public(B_KEY).members().x5c);
    assert_eq!(bulla::verifier(&key).unwrap_err().code(), "jwk.malformed");
}

#[test]
fn appendix_b_thumbprints_of_the_certificate() {
    // Computed with `openssl dgst -sha1` and `-sha256` over the certificate of appendix B.
    let with = |members: &str| public(&B_KEY.replacen('{', &format!("{{{members},"), 1));
    let both = with(
        r#""x5t":"4pNenEBLv0JpLIdugWxQkOsZcK0","x5t#S256":"pJm2BBpkB8y7tCqrWM0X37WOmQTO8zQw-VpxVgBb21I""#,
    );
    bulla::verifier_for(&both, SignatureAlg::Rs256).unwrap();
    let wrong = with(r#""x5t":"AAAAAAAAAAAAAAAAAAAAAAAAAAA""#);
    assert_eq!(
        bulla::verifier_for(&wrong, SignatureAlg::Rs256)
            .unwrap_err()
            .code(),
        "jwk.malformed"
    );
    let wrong = with(r#""x5t#S256":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA""#);
    assert_eq!(
        bulla::verifier_for(&wrong, SignatureAlg::Rs256)
            .unwrap_err()
            .code(),
        "jwk.malformed"
    );
}

const EC_PUBLIC: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN"#,
    r#"5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"}"#
);
pub(crate) const RSA_PUBLIC: &str = concat!(
    r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhD"#,
    r#"R1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0"#,
    r#"_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"#,
    r#"WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS25"#,
    r#"6","kid":"2011-04-29"}"#
);
const EC_PRIVATE: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN"#,
    r#"5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","use":"enc","kid"#,
    r#"":"1"}"#
);
const RSA_PRIVATE: &str = concat!(
    r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhD"#,
    r#"R1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0"#,
    r#"_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"#,
    r#"WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","d":"X4cTte"#,
    r#"JY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqX"#,
    r#"SzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t8MN6TN"#,
    r#"wm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL"#,
    r#"-Us2lGVkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q","p":"83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pb"#,
    r#"WUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8"#,
    r#"Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs","q":"3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumq"#,
    r#"jVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITA"#,
    r#"G9LUnADun4vIcb6yelxk","dp":"G4sPXkc6Ya9y8oJW9_ILj4xuppu0lzi_H7VTkS8xj5SdX3coE0oimYwxIi2emTAue0UO"#,
    r#"a5dpgFGyBJ4c8tQ2VF402XRugKDTP8akYhFo5tAA77Qe_NmtuYZc3C3m3I24G2GvR5sSDxUyAN2zq8Lfn9EUms6rY3Ob8Yei"#,
    r#"KkTiBj0","dq":"s9lAH9fggBsoFR8Oac2R_E2gw282rT2kGOAhvIllETE1efrA6huUUvMfBcMpn8lqeW6vzznYY5SSQF7pM"#,
    r#"dC_agI3nG8Ibp1BUb0JUiraRNqUfLhcQb_d9GF4Dh7e74WbRsobRonujTYN1xCaP6TO61jvWrX-L18txXw494Q_cgk","qi""#,
    r#":"GyM_p6JrXySiz1toFgKbWV-JdI3jQ4ypu9rbMWx3rQJBfmt0FoYzgUIZEVFEcOqwemRN81zoDAaa-Bk0KWNGDjJHZDdDmF"#,
    r#"hW3AN7lI-puxk_mHZGJ11rxyR8O55XLSe3SPmRfKwZI6yU24ZxvQKFYItdldUKGzO6Ia6zTKhAVRU","alg":"RS256","ki"#,
    r#"d":"2011-04-29"}"#
);
const A128KW: &str = r#"{"kty":"oct","alg":"A128KW","k":"GawgguFyGrWKav7AX4VKUg"}"#;
const HMAC: &str = concat!(
    r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZ"#,
    r#"r1Z9CAow","kid":"HMAC key used in JWS spec Appendix A.1 example"}"#
);
pub(crate) const B_KEY: &str = concat!(
    r#"{"kty":"RSA","use":"sig","kid":"1b94c","n":"vrjOfz9Ccdgx5nQudyhdoR17V-IubWMeOZCwX_jj0hgAsz2J_pqY"#,
    r#"W08PLbK_PdiVGKPrqzmDIsLI7sA25VEnHU1uCLNwBuUiCO11_-7dYbsr4iJmG0Qu2j8DsVyT1azpJC_NG84Ty5KKthuCaPod"#,
    r#"7iI7w0LK9orSMhBEwwZDCxTWq4aYWAchc8t-emd9qOvWtVMDC2BXksRngh6X5bUYLy6AyHKvj-nUy1wgzjYQDwHMTplCoLtU"#,
    r#"-o-8SNnZ1tmRoGE9uJkBLdh5gFENabWnU5m1ZqZPdwS-qo-meMvVfJb6jJVWRpl2SUtCnYG2C32qvbWbjZ_jBPD5eunqsIo1"#,
    r#"vQ","e":"AQAB","x5c":["MIIDQjCCAiqgAwIBAgIGATz/FuLiMA0GCSqGSIb3DQEBBQUAMGIxCzAJBgNVBAYTAlVTMQswC"#,
    r#"QYDVQQIEwJDTzEPMA0GA1UEBxMGRGVudmVyMRwwGgYDVQQKExNQaW5nIElkZW50aXR5IENvcnAuMRcwFQYDVQQDEw5Ccmlhb"#,
    r#"iBDYW1wYmVsbDAeFw0xMzAyMjEyMzI5MTVaFw0xODA4MTQyMjI5MTVaMGIxCzAJBgNVBAYTAlVTMQswCQYDVQQIEwJDTzEPM"#,
    r#"A0GA1UEBxMGRGVudmVyMRwwGgYDVQQKExNQaW5nIElkZW50aXR5IENvcnAuMRcwFQYDVQQDEw5CcmlhbiBDYW1wYmVsbDCCA"#,
    r#"SIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAL64zn8/QnHYMeZ0LncoXaEde1fiLm1jHjmQsF/449IYALM9if6amFtPD"#,
    r#"y2yvz3YlRij66s5gyLCyO7ANuVRJx1NbgizcAblIgjtdf/u3WG7K+IiZhtELto/A7Fck9Ws6SQvzRvOE8uSirYbgmj6He4iO"#,
    r#"8NCyvaK0jIQRMMGQwsU1quGmFgHIXPLfnpnfajr1rVTAwtgV5LEZ4Iel+W1GC8ugMhyr4/p1MtcIM42EA8BzE6ZQqC7VPqPv"#,
    r#"EjZ2dbZkaBhPbiZAS3YeYBRDWm1p1OZtWamT3cEvqqPpnjL1XyW+oyVVkaZdklLQp2Btgt9qr21m42f4wTw+Xrp6rCKNb0CA"#,
    r#"wEAATANBgkqhkiG9w0BAQUFAAOCAQEAh8zGlfSlcI0o3rYDPBB07aXNswb4ECNIKG0CETTUxmXl9KUL+9gGlqCz5iWLOgWsn"#,
    r#"rcKcY0vXPG9J1r9AqBNTqNgHq2G03X09266X5CpOe1zFo+Owb1zxtp3PehFdfQJ610CDLEaS9V9Rqp17hCyybEpOGVwe8fnk"#,
    r#"+fbEL2Bo3UPGrpsHzUoaGpDftmWssZkhpBJKVMJyf/RuP2SmmaIzmnw9JiSlYhzo4tpzd5rFXhjRbg4zW9C+2qok+2+qDM1i"#,
    r#"J684gPHMIY8aLWrdgQTxkumGmTqgawR+N5MDtdPTEQ0XfIBc2cJEUyMTY5MPvACWpkA6SdS4xSvdXK3IVfOWA=="]}"#
);
