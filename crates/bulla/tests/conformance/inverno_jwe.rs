//! The JWE of the Inverno security-jose guide whose keys it prints. (Two more it encrypts with keys that it
//! generates and does not show.)

use bulla::jwe::Jwe;
use bulla::jwk::{Jwk, JwkSet};
use bulla::jws::Jws;

use crate::jwe_support::{decrypt, decrypter};
use crate::support::verifier;

#[test]
fn rsa_oaep_with_a256gcm() {
    let key = decrypter(RSA_KEY, "RSA-OAEP");
    let jwe = Jwe::parse_compact(RSA_TOKEN)
        .unwrap()
        .decrypt(&key)
        .unwrap();
    assert_eq!(jwe.header().cty(), Some("text/plain"));
    assert_eq!(jwe.header().kid(), Some("rsaKey"));
    assert_eq!(jwe.plaintext(), b"This is a simple payload");
}

/// It is RFC 7516, appendix A.3.
#[test]
fn a128kw_with_a128cbc_hs256() {
    let key = decrypter(r#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#, "A128KW");
    assert_eq!(decrypt(KW_TOKEN, &key).unwrap(), b"Live long and prosper.");
}

#[test]
fn a_jwk_set_under_ecdh_es_with_a128gcm() {
    let key = decrypter(EC_KEY, "ECDH-ES");
    let jwe = Jwe::parse_compact(JWK_SET_TOKEN)
        .unwrap()
        .decrypt(&key)
        .unwrap();
    assert_eq!(jwe.header().cty(), Some("application/jwk-set+json"));
    let set = JwkSet::parse(jwe.plaintext()).unwrap();
    let kids: Vec<_> = set
        .keys()
        .iter()
        .map(|key| match key {
            Jwk::Secret(key) => key.members().kid.clone().unwrap(),
            other => panic!("not a secret: {other:?}"),
        })
        .collect();
    assert_eq!(kids, ["key1", "key2"]);
}

#[test]
fn a_jws_under_a256gcmkw_with_a128cbc_hs256() {
    let key = decrypter(WRAPPING_KEY, "A256GCMKW");
    let jwe = Jwe::parse_compact(NESTED_TOKEN)
        .unwrap()
        .decrypt(&key)
        .unwrap();
    assert_eq!(jwe.header().cty(), Some("application/jose"));
    let inner = str::from_utf8(jwe.plaintext()).unwrap();
    let jws = Jws::parse_compact(inner)
        .unwrap()
        .verify(&verifier(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(
        jws.payload(),
        br#"{"author":"Marcel","message":"Finally!"}"#
    );
}

pub(crate) const EC_KEY: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"a9HrKi7kwXR0EumziK_B5ZRlsk7QbXGPJfx_c3OGoZs","#,
    r#""y":"fixJ3kr2abu0huetFyhs0OMqd3_M6xMIKE8hr3FggOM","#,
    r#""d":"VCSeZseVoZ1E4TyWmRqD0nt5I_ipSbKfXcRHQSTPqUw"}"#
);
pub(crate) const WRAPPING_KEY: &str =
    r#"{"kty":"oct","alg":"A256GCMKW","k":"GkilETj3L4jpinuRiaNq6zd7-_1JPbfU9DY3xHl9HEE"}"#;
pub(crate) const MAC_KEY: &str =
    r#"{"kty":"oct","alg":"HS256","k":"xqf1haCsSJGuueZivcq4YafdWw6n5CH2BTT6vDwUSaM"}"#;

pub(crate) const RSA_KEY: &str = concat!(
    r#"{"kty":"RSA","n":"oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU"#,
    "5djINXtqllXI4DFqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2a",
    "sbOenSZeyaxziK72UwxrrKoExv6kc5twXTq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra3",
    r#"6C9knDFGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw","e":"AQAB","d":"kLdtIj"#,
    "6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS1j82E375xxhWMHXyvjYecPT9fpwR_M9gV",
    "8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vqj3kbSCz1XyfCs6_Leh",
    "BwtxHIyh8Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEtE-id-4OJr0h-K-VFs3VSndVTIz",
    r#"nSxfyrj8ILL6MG_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ","p":"1r52Xk46c-LsfB5P442p7atdPUrxQSy4mti_tZI3M"#,
    "gf2EuFVbUoDBvaRQ-SWxkbkmoEzL7JXroSBjSrK3YIQgYdMgyAEPTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5MDFuoUYE0h",
    r#"zb2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0","q":"wLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVC"#,
    "OBmUDdaDYVTSNx_8Fyw1YYa9XGrGnDew00J28cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9KEBRzk2RatUBnm",
    r#"DZJTIAfwTs0g68UZHvtc","dp":"ZK-YwE7diUh0qR1tR7w8WHtolDx3MZ_OTowiFvgfeQ3SiresXjm9gZ5KLhMXvo-uz-KU"#,
    "JWDxS5pFQ_M0evdo1dKiRTjVw_x4NyqyXPM5nULPkcpU827rnpZzAJKpdhWAgqrXGKAECQH0Xt4taznjnd_zVpAmZZq60WPM",
    r#"BMfKcuE","dq":"Dq0gfgJ1DdFGXiLvQEZnuKEN0UUmsJBxkjydc3j4ZYdBiMRAy86x0vHCjywcMlYYg4yoC4YZa9hNVcsjq"#,
    r#"A3FeiL19rk8g6Qn29Tt0cj8qqyFpz9vNDBUfCAiJVeESOjJDZPYHdHY8v1b-o-Z2X5tvLx-TCekf7oxyeKDUqKWjis","qi""#,
    r#":"VIMpMYbPf47dT1w_zDUXfPimsSegnMOA1zTaX7aGk_8urY6R8-ZW1FxU7AlWAyLWybqq6t16VFd7hQd0y6flUK4SlOydB6"#,
    r#"1gwanOsXGOAOv82cHq0E3eL4HrtZkUuKvnPrMnsUUFlfUdybVzxyjz9JF_XyaY14ardLSjf4L_FNY"}"#,
);
pub(crate) const RSA_TOKEN: &str = concat!(
    "eyJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAiLCJjdHkiOiJ0ZXh0L3BsYWluIiwia2lkIjoicnNhS2V5In0.EG3d",
    "Fsn0MAxWRadls1UHpmfNFspczXldNTwr9LfO8BZXsliEJJ8J9-Z25oFnpaI7q3lXazNg06C9upJW2ZiDg2hmmqoCzYD7xdFE",
    "z_YkgO7_92tPxCm0XSGZJUtX1d8gpJBoIQWmPCmO6vVveoCds-kmtTQEigokSewKmkIQyOQcyAhLT5y_gkL0JrKLTPjTKGep",
    "t7dl9uTzuZenWi-5apdVynDhOkraOkCSu8ahVPPPSf5s9aHUS8th-pjWAtS7OFwMOrjLzYXmcqdNPAYM0Pcg88Fw_uI8J7I6",
    "tzDInV31rVZ9pDlVarmVSYhS9Rfa91gZaba-onCiFURceUaeOg.im9v2BnFnFp_uGtX.VItnFUA2xtrgrO-Fs-LukV0RZbRU",
    "rNkv.eFgbb8i1olfIkSHFM8IkXA",
);
pub(crate) const KW_TOKEN: &str = concat!(
    "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzB",
    "C2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFIC",
    "bCVQ",
);
pub(crate) const JWK_SET_TOKEN: &str = concat!(
    "eyJlbmMiOiJBMTI4R0NNIiwiY3R5IjoiYXBwbGljYXRpb24vandrLXNldCtqc29uIiwiYWxnIjoiRUNESC1FUyIsImVwayI6",
    "eyJjcnYiOiJQLTI1NiIsIngiOiJPcW5NbjBKcDNQcGZ6VlFCQW1ZanU2MVEwWUNkUHJuMkI3eW5ZdlRLN3FJIiwieSI6ImhZ",
    "XzI2am9tS1QzX2QzaGQ2VVNRSm1zSjV5blBtaDN5QmRkZVdHbEs5ZDgiLCJrdHkiOiJFQyJ9fQ..XvpO0GyH44d8GeWc.5aV",
    "-epA4DaoWAD84EyYqFnaFv2HtQJlNF33jwSIuxHaMG0nK1Cm6yKcdzzC4e1pG1FNY7wg9SI_JlkFDYqjp6EuMe64vFUOiPCj",
    "28QtPaafEx7jOt5nbGNRvzBZJdDWQbhlZomXL7cKzLjfYpv8Y4SWPzcua6FJMSH7DoZwUZfKZDzDk_-2fpXvE_LLw7rTbi8V",
    "ltm9AClzmy2QS1tu5R4hY5E9Ew5QIWC06IErtldHF_y_oZIy7iSxf55GjgBVs0roFkA.OujlTScT9qOM6wWsFJMUlA",
);
pub(crate) const NESTED_TOKEN: &str = concat!(
    "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiQTI1NkdDTUtXIiwia2lkIjoiandlS2V5IiwiY3R5IjoiYXBwbGljYXRp",
    "b24vam9zZSIsInRhZyI6IlBjT2tjZWNsNUswaW92a2hnMEhwUEEiLCJpdiI6InFNMUtfeHhIcmZocXFuRFMifQ.LLn2scpDi",
    "AdRRSFIrvTXTXsVwQp9mSH4dPv1I-IruFM.LfCNkDe5r3eE2Kjadmpkww.5AjCbDExRhRsLy-iXX2RAavfXVWFEcinKcXu3t",
    "_BObnC4mzgxmaqvfwUC8QMu8KM8C3gjt36Qa89nqajVYmJwRrZ0ZMoH68JgXvp2npIEdJSruL3CqTHm3ObK5-7TbYLP1K3t9",
    "v995wOIAajUsXaHfpNODqAsFlc83A6wwxv37WVq4mWy-WZ7ZwIpwHY5semqMxv0FbpNMPtkLaG0JzqYLnzH7yaT2DSBQKIxl",
    "CZ0hc.ZML3thQjah7dtXdv17LJXA",
);
