//! RFC 7515, appendices A, C, E and F.

use bulla::jws::{Builder, Headers, Jws};

use crate::support::keys::{P256 as A3_KEY, RSA as A2_KEY};
use crate::support::{public, signer, verifier};

#[test]
fn appendix_a1_hs256() {
    let token = format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), CLAIMS.as_bytes());
    assert_eq!(jws.verified()[0].header().typ(), Some("JWT"));
}

#[test]
fn appendix_a1_hs256_is_made_byte_for_byte() {
    let headers = Headers::new().protected_octets("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
    let token = Builder::new(CLAIMS)
        .headers(headers)
        .sign_compact(&signer(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(
        token,
        format!(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        )
    );
}

#[test]
fn appendix_a2_rs256() {
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{A2_SIGNATURE}");
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(A2_KEY, "RS256"))
        .unwrap();
    assert_eq!(jws.payload(), CLAIMS.as_bytes());
}

#[test]
fn appendix_a2_rs256_is_made_byte_for_byte() {
    let token = Builder::new(CLAIMS.as_bytes())
        .sign_compact(&signer(A2_KEY, "RS256"))
        .unwrap();
    assert_eq!(
        token,
        format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{A2_SIGNATURE}")
    );
}

#[test]
fn appendix_a3_es256() {
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{A3_SIGNATURE}");
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(A3_KEY, "ES256"))
        .unwrap();
    assert_eq!(jws.payload(), CLAIMS.as_bytes());
}

#[test]
fn appendix_a3_key_signs() {
    let token = Builder::new(CLAIMS.as_bytes())
        .sign_compact(&signer(A3_KEY, "ES256"))
        .unwrap();
    assert!(token.starts_with(&format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.")));
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(A3_KEY, "ES256"))
        .unwrap();
}

#[test]
fn appendix_a4_es512() {
    let jws = Jws::parse_compact(A4_TOKEN)
        .unwrap()
        .verify(&verifier(A4_KEY, "ES512"))
        .unwrap();
    assert_eq!(jws.payload(), b"Payload");
}

#[test]
fn appendix_a4_key_signs() {
    let token = Builder::new(&b"Payload"[..])
        .sign_compact(&signer(A4_KEY, "ES512"))
        .unwrap();
    assert!(token.starts_with("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA."));
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(A4_KEY, "ES512"))
        .unwrap();
}

#[test]
fn appendix_a5_unsecured_is_refused_by_every_key() {
    let token = format!("eyJhbGciOiJub25lIn0.{PAYLOAD}.");
    for (key, alg) in [
        (A1_KEY, "HS256"),
        (A2_KEY, "RS256"),
        (A3_KEY, "ES256"),
        (A4_KEY, "ES512"),
    ] {
        let error = Jws::parse_compact(&token)
            .unwrap()
            .verify(&verifier(key, alg))
            .unwrap_err();
        assert_eq!(error.code(), "jws.algorithm-not-allowed", "{alg}");
    }
}

#[test]
fn appendix_a6_general_json() {
    let keys = vec![verifier(A2_KEY, "RS256"), verifier(A3_KEY, "ES256")];
    let json = a6();
    let jws = Jws::parse_general(json.as_bytes())
        .unwrap()
        .verify_all(&keys)
        .unwrap();
    assert_eq!(jws.payload(), CLAIMS.as_bytes());
    let kids: Vec<_> = jws
        .verified()
        .iter()
        .map(|signature| signature.header().kid().unwrap())
        .collect();
    assert_eq!(kids, ["2010-12-29", "e9bc097a-ce51-4036-9562-d2ade882db0d"]);
}

#[test]
fn appendix_a6_each_signature_on_its_own() {
    for (index, key, alg) in [(0, A2_KEY, "RS256"), (1, A3_KEY, "ES256")] {
        let json = a6();
        let jws = Jws::parse_general(json.as_bytes())
            .unwrap()
            .verify(&verifier(key, alg))
            .unwrap();
        assert_eq!(jws.verified().len(), 1, "{alg}");
        assert_eq!(jws.verified()[0].index(), index, "{alg}");
        assert_eq!(jws.failures().len(), 1, "{alg}");
        assert_eq!(
            jws.failures()[0].1.code(),
            "jws.algorithm-not-allowed",
            "{alg}"
        );
    }
}

#[test]
fn appendix_a7_flattened_json() {
    let json = format!(
        r#"{{"payload":"{PAYLOAD}","protected":"eyJhbGciOiJFUzI1NiJ9",
            "header":{{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"}},"signature":"{A3_SIGNATURE}"}}"#
    );
    let jws = Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&verifier(A3_KEY, "ES256"))
        .unwrap();
    assert_eq!(jws.payload(), CLAIMS.as_bytes());
}

#[test]
fn appendix_c_base64url_without_padding() {
    assert_eq!(bulla::base64url::encode([3, 236, 255, 224, 193]), "A-z_4ME");
    assert_eq!(
        bulla::base64url::decode("A-z_4ME").unwrap(),
        [3, 236, 255, 224, 193]
    );
}

#[test]
fn appendix_e_critical_parameter_that_is_not_understood() {
    let token = concat!(
        "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxl",
        "LmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA."
    );
    // Parsing may refuse it already; what must not happen is that it verifies.
    let error = Jws::parse_compact(token)
        .and_then(|jws| jws.verify(&verifier(A1_KEY, "HS256")))
        .unwrap_err();
    assert_eq!(error.code(), "jws.critical-unknown");
}

#[test]
fn appendix_f_detached_content() {
    let token = format!("eyJhbGciOiJFUzI1NiJ9..{A3_SIGNATURE}");
    let key = verifier(A3_KEY, "ES256");
    let jws = Jws::parse_compact(&token).unwrap();
    assert!(jws.is_detached());
    let jws = jws.verify_detached(CLAIMS.as_bytes(), &key).unwrap();
    assert_eq!(jws.payload(), CLAIMS.as_bytes());

    let mut stream = CLAIMS.as_bytes();
    Jws::parse_compact(&token)
        .unwrap()
        .verify_stream(&mut stream, &key)
        .unwrap();
    let mut other = &b"another payload"[..];
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify_stream(&mut other, &key)
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

#[test]
fn the_keys_of_appendix_a_are_read_as_what_they_are() {
    for (key, described) in [(A2_KEY, "RSA"), (A3_KEY, "EC P-256"), (A4_KEY, "EC P-521")] {
        assert_eq!(public(key).key().describe(), described);
    }
}

fn a6() -> String {
    format!(
        r#"{{"payload":"{PAYLOAD}","signatures":[
            {{"protected":"eyJhbGciOiJSUzI1NiJ9","header":{{"kid":"2010-12-29"}},"signature":"{A2_SIGNATURE}"}},
            {{"protected":"eyJhbGciOiJFUzI1NiJ9","header":{{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"}},
             "signature":"{A3_SIGNATURE}"}}]}}"#
    )
}

pub(crate) const CLAIMS: &str =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
pub(crate) const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
pub(crate) const A1_KEY: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
const A2_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG\
    bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K\
    0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6\
    LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const A3_SIGNATURE: &str =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const A4_KEY: &str = concat!(
    r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLF"#,
    r#"V1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd"#,
    r#"0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhaj"#,
    r#"nu0ferB0d53vM9mE15j2C"}"#
);
const A4_TOKEN: &str = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZq\
    wqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9E\
    RBXukOXolLzeO_Jn";
