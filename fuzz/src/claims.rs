//! Claims sets, behind a signature that always holds.

use std::time::{Duration, UNIX_EPOCH};

use bulla_core::base64url;
use bulla_core::json::from_slice;
use bulla_core::jwt::{Expectations, Jwt, Scratch};
use serde_json::{Map, Value};

use crate::accepting;

/// The one-call way, the scratch way and the stepwise way judge alike, and what passes is strict JSON.
pub fn claims(octets: &[u8]) {
    let header = base64url::encode(format!("{{\"alg\":\"{}\"}}", accepting::ALG));
    let token = format!("{header}.{}.AA", base64url::encode(octets));
    let keys = accepting::verifier();
    let expect = Expectations::new("https://issuer.example", "api")
        .at(UNIX_EPOCH + Duration::from_secs(2_000_000_000));

    let owned = expect.verify::<Map<String, Value>>(&token, &keys);
    let mut scratch = Scratch::new();
    let borrowed = expect.verify_in::<Map<String, Value>>(&mut scratch, &token, &keys);
    let stepwise = Jwt::parse(&token)
        .expect("the header is well formed")
        .verify(&keys)
        .expect("every signature holds")
        .validate::<Map<String, Value>>(&expect);

    match owned {
        Ok(valid) => {
            assert_eq!(valid.payload(), octets);
            assert_eq!(valid.issuer(), Some("https://issuer.example"));
            assert!(valid.audience().any(|audience| audience == "api"));
            let claims = valid.into_claims();
            assert_eq!(from_slice(octets, 32).as_ref(), Ok(&claims));
            assert_eq!(borrowed.expect("accepted as owned").into_claims(), claims);
            assert_eq!(
                stepwise.expect("accepted in one call").into_claims(),
                claims
            );
        }
        Err(error) => {
            assert_eq!(borrowed.expect_err("refused as owned").code(), error.code());
            assert_eq!(
                stepwise.expect_err("refused in one call").code(),
                error.code()
            );
        }
    }
}
