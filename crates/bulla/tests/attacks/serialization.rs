//! One text read as two things, and one object of which a part was checked and another returned.

use bulla::base64url::encode;
use bulla::jws::Jws;

use crate::forge::{
    SECRET, flattened, hmac, key, refused, refused_flattened, token, verify_flattened,
};
use crate::support::{keys, verifier};

const HEADER: &str = r#"{"alg":"HS256"}"#;

fn entry(protected: &str, payload: &str, secret: &[u8]) -> String {
    let protected = encode(protected.as_bytes());
    let signature = encode(hmac(secret, format!("{protected}.{payload}").as_bytes()));
    format!(r#"{{"protected":"{protected}","signature":"{signature}"}}"#)
}

#[test]
fn a_good_signature_beside_a_forged_one_speaks_only_for_itself() {
    let good = entry(r#"{"alg":"HS256","kid":"good"}"#, "eHh4", &SECRET);
    let forged = entry(
        r#"{"alg":"HS256","kid":"forged"}"#,
        "eHh4",
        b"the attacker's own",
    );
    for signatures in [format!("{forged},{good}"), format!("{good},{forged}")] {
        let json = format!(r#"{{"payload":"eHh4","signatures":[{signatures}]}}"#);
        let jws = Jws::parse_general(json.as_bytes())
            .unwrap()
            .verify(&key())
            .unwrap();
        let kids: Vec<_> = jws
            .verified()
            .iter()
            .map(|signature| signature.header().kid())
            .collect();
        assert_eq!(kids, [Some("good")]);
        assert_eq!(jws.failures().len(), 1);
        assert_eq!(jws.failures()[0].1.code(), "jws.signature-invalid");
        let all = Jws::parse_general(json.as_bytes())
            .unwrap()
            .verify_all(&key());
        assert_eq!(all.unwrap_err().code(), "jws.signature-invalid");
    }
}

#[test]
fn a_signature_over_another_payload_does_not_carry_this_one() {
    let json = format!(
        r#"{{"payload":"eXl5","signatures":[{}]}}"#,
        entry(HEADER, "eHh4", &SECRET)
    );
    let error = Jws::parse_general(json.as_bytes())
        .unwrap()
        .verify(&key())
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

#[test]
fn a_compact_token_hidden_in_the_names_of_a_json_object() {
    let good = token(HEADER, "good");
    let (input, signature) = good.rsplit_once('.').unwrap();
    let polyglot = format!(
        r#"{{"  {input}.":"","payload":"{}","protected":"{}","signature":"{signature}"}}"#,
        encode(b"evil"),
        encode(HEADER.as_bytes())
    );
    assert_eq!(refused(&polyglot), "jws.malformed");
    assert_eq!(refused_flattened(&polyglot), "jws.signature-invalid");
}

#[test]
fn json_where_compact_is_expected_and_the_reverse() {
    let json = flattened(HEADER, "", "x");
    assert_eq!(refused(&json), "jws.malformed");
    let compact = token(HEADER, "x");
    assert_eq!(refused_flattened(&compact), "jws.malformed");
    assert_eq!(
        Jws::parse_general(compact.as_bytes()).unwrap_err().code(),
        "jws.malformed"
    );
    assert_eq!(
        Jws::parse_general(json.as_bytes()).unwrap_err().code(),
        "jws.malformed"
    );
    let general = format!(
        r#"{{"payload":"eA","signatures":[{}]}}"#,
        entry(HEADER, "eA", &SECRET)
    );
    assert_eq!(refused_flattened(&general), "jws.malformed");
}

#[test]
fn flattened_and_general_at_once() {
    let general = format!(r#""signatures":[{}]"#, entry(HEADER, "eHh4", &SECRET));
    let flat = flattened(HEADER, "", "xxx");
    for member in [
        r#""signature":"AA""#,
        r#""protected":"e30""#,
        r#""header":{}"#,
    ] {
        let json = format!(r#"{{"payload":"eHh4",{general},{member}}}"#);
        assert_eq!(
            Jws::parse_general(json.as_bytes()).unwrap_err().code(),
            "jws.malformed",
            "{member}"
        );
        assert_eq!(refused_flattened(&json), "jws.malformed", "{member}");
    }
    assert_eq!(
        refused_flattened(&flat.replacen('{', &format!("{{{general},"), 1)),
        "jws.malformed"
    );
}

#[test]
fn members_of_a_jws_and_a_jwe_at_once() {
    let flat = flattened(HEADER, "", "x");
    for member in [
        r#""ciphertext":"AA""#,
        r#""recipients":[]"#,
        r#""encrypted_key":"AA""#,
        r#""iv":"AA""#,
        r#""tag":"AA""#,
    ] {
        assert_eq!(
            refused_flattened(&flat.replacen('{', &format!("{{{member},"), 1)),
            "jws.malformed",
            "{member}"
        );
    }
}

#[test]
fn other_members_are_ignored() {
    let json = flattened(HEADER, "", "x").replacen('{', r#"{"x":[1,{"y":null}],"#, 1);
    assert_eq!(verify_flattened(&json).unwrap().payload(), b"x");
}

#[test]
fn a_jwe_is_no_jws() {
    // RFC 7516, appendix A.1: five parts, and a header that names RSA-OAEP.
    let jwe = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AA.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ";
    for key in [key(), verifier(keys::RSA, "RS256")] {
        let error = Jws::parse_compact(jwe)
            .and_then(|jws| jws.verify(&key))
            .unwrap_err();
        assert_eq!(error.code(), "jws.malformed");
    }
    let json = br#"{"protected":"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ","encrypted_key":"AA","iv":"AA","ciphertext":"AA","tag":"AA"}"#;
    assert_eq!(
        Jws::parse_flattened(json).unwrap_err().code(),
        "jws.malformed"
    );
}

#[test]
fn four_parts_and_six() {
    let good = token(HEADER, "x");
    assert_eq!(refused(&format!("{good}.")), "jws.malformed");
    assert_eq!(refused(&format!("{good}.AA")), "jws.malformed");
    assert_eq!(refused(&format!(".{good}")), "jws.malformed");
    assert_eq!(refused(&format!("{good}...")), "jws.malformed");
    assert_eq!(refused(""), "jws.malformed");
    assert_eq!(refused(".."), "jws.malformed");
}

#[test]
fn what_people_paste_around_tokens() {
    let good = token(HEADER, "x");
    for odd in [
        format!("Bearer {good}"),
        format!("\"{good}\""),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{good} "),
        format!("\u{feff}{good}"),
        format!("{good}\0"),
        format!("{good}?x=1"),
        format!("{good}#x"),
    ] {
        assert_eq!(refused(&odd), "jws.malformed", "{odd:?}");
    }
}

#[test]
fn a_detached_token_is_not_verified_with_what_it_does_not_carry() {
    let good = token(HEADER, "x");
    let mut parts = good.split('.');
    let detached = format!("{}..{}", parts.next().unwrap(), parts.nth(1).unwrap());
    assert_eq!(refused(&detached), "jws.signature-invalid");
    let jws = Jws::parse_compact(&detached)
        .unwrap()
        .verify_detached(b"x", &key())
        .unwrap();
    assert_eq!(jws.payload(), b"x");
    let error = Jws::parse_compact(&detached)
        .unwrap()
        .verify_detached(b"y", &key())
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

#[test]
fn a_token_with_a_payload_of_its_own_takes_no_other() {
    let good = token(HEADER, "x");
    let error = Jws::parse_compact(&good)
        .unwrap()
        .verify_detached(b"x", &key())
        .unwrap_err();
    assert_eq!(error.code(), "jws.payload-mismatch");
    let error = Jws::parse_compact(&good)
        .unwrap()
        .verify_stream(&mut &b"x"[..], &key())
        .unwrap_err();
    assert_eq!(error.code(), "jws.payload-mismatch");
}
