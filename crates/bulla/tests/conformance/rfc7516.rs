//! RFC 7516, appendix A.

use bulla::base64url::decode;
use bulla::jwa::ContentEncryptionAlg::{A128CbcHs256, A256Gcm};
use bulla::jwe::{Builder, Jwe, RecipientHeader};
use serde_json::Value;

use crate::jwe_support::{
    decrypt, decrypt_flattened, decrypt_general, decrypter, encrypter_with, fixed,
};

#[test]
fn appendix_a1_rsaes_oaep_and_aes_gcm() {
    let key = decrypter(A1_KEY, "RSA-OAEP");
    assert_eq!(decrypt(A1_TOKEN, &key).unwrap(), A1_PLAINTEXT.as_bytes());
}

/// The encrypted key is random on its own; everything else is made octet for octet.
#[test]
fn appendix_a1_content_is_made_byte_for_byte() {
    let backend = fixed(&[&A1_CEK, &part(A1_TOKEN, 2)]);
    let made = Builder::new(A1_PLAINTEXT, A256Gcm)
        .encrypt_compact(&encrypter_with(&backend, A1_KEY, "RSA-OAEP"))
        .unwrap();
    for index in [0, 2, 3, 4] {
        assert_eq!(part(&made, index), part(A1_TOKEN, index));
    }
    let key = decrypter(A1_KEY, "RSA-OAEP");
    assert_eq!(decrypt(&made, &key).unwrap(), A1_PLAINTEXT.as_bytes());
}

#[test]
fn appendix_a2_rsaes_pkcs1_and_aes_cbc_hmac() {
    let key = decrypter(A2_KEY, "RSA1_5");
    assert_eq!(decrypt(A2_TOKEN, &key).unwrap(), PLAINTEXT);
}

#[test]
fn appendix_a2_content_is_made_byte_for_byte() {
    let backend = fixed(&[&CEK, &part(A2_TOKEN, 2)]);
    let made = Builder::new(PLAINTEXT, A128CbcHs256)
        .encrypt_compact(&encrypter_with(&backend, A2_KEY, "RSA1_5"))
        .unwrap();
    for index in [0, 2, 3, 4] {
        assert_eq!(part(&made, index), part(A2_TOKEN, index));
    }
    let key = decrypter(A2_KEY, "RSA1_5");
    assert_eq!(decrypt(&made, &key).unwrap(), PLAINTEXT);
}

#[test]
fn appendix_a3_aes_key_wrap_and_aes_cbc_hmac() {
    let key = decrypter(A3_KEY, "A128KW");
    assert_eq!(decrypt(A3_TOKEN, &key).unwrap(), PLAINTEXT);
}

#[test]
fn appendix_a3_is_made_byte_for_byte() {
    let backend = fixed(&[&CEK, &part(A3_TOKEN, 2)]);
    let made = Builder::new(PLAINTEXT, A128CbcHs256)
        .encrypt_compact(&encrypter_with(&backend, A3_KEY, "A128KW"))
        .unwrap();
    assert_eq!(made, A3_TOKEN);
}

#[test]
fn appendix_a4_general_serialization_by_either_recipient() {
    let json = A4_JSON;
    for (index, key) in [decrypter(A2_KEY, "RSA1_5"), decrypter(A3_KEY, "A128KW")]
        .iter()
        .enumerate()
    {
        let jwe = Jwe::parse_general(json.as_bytes())
            .unwrap()
            .decrypt(key)
            .unwrap();
        assert_eq!(jwe.plaintext(), PLAINTEXT);
        assert_eq!(jwe.recipient(), index);
        assert_eq!(
            *jwe.header().jku().unwrap().peek(),
            "https://server.example.com/keys.jwks"
        );
    }
}

/// Everything but the key that RSA encrypts.
#[test]
fn appendix_a4_is_made_byte_for_byte() {
    let mut published = parsed(A4_JSON);
    let iv = decode(published["iv"].as_str().unwrap()).unwrap();
    let backend = fixed(&[&CEK, &iv]);
    let rsa = encrypter_with(&backend, A2_KEY, "RSA1_5");
    let kw = encrypter_with(&backend, A3_KEY, "A128KW");
    let made = Builder::new(PLAINTEXT, A128CbcHs256)
        .unprotected("jku", "https://server.example.com/keys.jwks")
        .encrypt_general(&[
            (&rsa, RecipientHeader::new().kid("2011-04-29")),
            (&kw, RecipientHeader::new().kid("7")),
        ])
        .unwrap();
    let key = decrypter(A2_KEY, "RSA1_5");
    assert_eq!(decrypt_general(&made, &key).unwrap(), PLAINTEXT);
    let mut made = parsed(&made);
    for json in [&mut made, &mut published] {
        json["recipients"][0]["encrypted_key"].take();
    }
    assert_eq!(made, published);
}

#[test]
fn appendix_a5_flattened_serialization() {
    let key = decrypter(A3_KEY, "A128KW");
    assert_eq!(decrypt_flattened(A5_JSON, &key).unwrap(), PLAINTEXT);
}

/// We protect `alg`, so A.5 itself is not written; the same content and key in our form are.
#[test]
fn appendix_a5_content_and_key_are_made_byte_for_byte() {
    let published = parsed(A5_JSON);
    let iv = decode(published["iv"].as_str().unwrap()).unwrap();
    let backend = fixed(&[&CEK, &iv]);
    let made = Builder::new(PLAINTEXT, A128CbcHs256)
        .encrypt_flattened(&encrypter_with(&backend, A3_KEY, "A128KW"))
        .unwrap();
    let made = parsed(&made);
    for member in ["encrypted_key", "iv", "ciphertext"] {
        assert_eq!(made[member], published[member]);
    }
    assert_ne!(made["tag"], published["tag"], "another header is protected");
}

fn part(token: &str, index: usize) -> Vec<u8> {
    decode(token.split('.').nth(index).unwrap()).unwrap()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

const A1_PLAINTEXT: &str = "The true sign of intelligence is not knowledge but imagination.";
const PLAINTEXT: &[u8] = b"Live long and prosper.";
/// Appendix A.1.2.
const A1_CEK: [u8; 32] = [
    177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91,
    112, 46, 34, 105, 47, 130, 203, 46, 122, 234, 64, 252,
];
/// Appendix A.2.2, A.3.2 and A.4.3.
const CEK: [u8; 32] = [
    4, 211, 31, 197, 84, 157, 252, 254, 11, 100, 157, 250, 63, 170, 106, 206, 107, 124, 212, 45,
    111, 107, 9, 219, 200, 177, 0, 240, 143, 156, 44, 207,
];

/// RFC 7516, appendix A.1.1 to A.1.3.
const A1_KEY: &str = concat!(
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
const A1_TOKEN: &str = concat!(
    "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJR",
    "gckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gN",
    "xKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBI",
    "O56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGd",
    "XKHzg.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3a",
    "jwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ",
);
const A2_KEY: &str = concat!(
    r#"{"kty":"RSA","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQ"#,
    "RV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_",
    "7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrN",
    r#"hZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw","e":"AQAB","d":"VFCWOq"#,
    "Xr8nvZNyaaJLXdnNPXZKRaWCjkU5Q2egQQpTBMwhprMzWzpR8Sxq1OPThh_J6MUD8Z35wky9b8eEO0pwNS8xlh1lOFRRBoNq",
    "DIKVOku0aZb-rynq8cxjDTLZQ6Fz7jSjR1Klop-YKaUHc9GsEofQqYruPhzSA-QgajZGPbE_0ZaVDJHfyd7UUBUKunFMScbf",
    "lYAAOYJqVIVwaYR5zWEEceUjNnTNo_CVSj-VvXLO5VZfCUAVLgW4dpf1SrtZjSt34YLsRarSb127reG_DUwg9Ch-KyvjT1Sk",
    r#"HgUWRVGcyly7uvVGRSDwsXypdrNinPA4jlhoNdizK2zF2CWQ","p":"9gY2w6I6S6L0juEKsbeDAwpd9WMfgqFoeA9vEyEUu"#,
    "k4kLwBKcoe1x4HG68ik918hdDSE9vDQSccA3xXHOAFOPJ8R9EeIAbTi1VwBYnbTp87X-xcPWlEPkrdoUKW60tgs1aNd_Nnc9",
    r#"LEVVPMS390zbFxt8TN_biaBgelNgbC95sM","q":"uKlCKvKv_ZJMVcdIs5vVSU_6cPtYI1ljWytExV_skstvRSNi9r66jdd"#,
    "9-yBhVfuG4shsp2j7rGnIio901RBeHo6TPKWVVykPu1iYhQXw1jIABfw-MVsN-3bQ76WLdt2SDxsHs7q7zPyUyHXmps7ycZ5",
    r#"c72wGkUwNOjYelmkiNS0","dp":"w0kZbV63cVRvVX6yk3C8cMxo2qCM4Y8nsq1lmMSYhG4EcL6FWbX5h9yuvngs4iLEFk6e"#,
    "ALoUS4vIWEwcL4txw9LsWH_zKI-hwoReoP77cOdSL4AVcraHawlkpyd2TWjE5evgbhWtOxnZee3cXJBkAi64Ik6jZxbvk-RR",
    r#"3pEhnCs","dq":"o_8V14SezckO6CNLKs_btPdFiO9_kC1DsuUTd2LAfIIVeMZ7jn1Gus_Ff7B7IVx3p5KuBGOVF8L-qifLb"#,
    r#"6nQnLysgHDh132NDioZkhH7mI7hPG-PYE_odApKdnqECHWw0J-F0JWnUd6D2B_1TvF9mXA2Qx-iGYn8OVV1Bsmp6qU","qi""#,
    r#":"eNho5yRBEBxhGBtQRww9QirZsB66TrfFReG_CcteI1aCneT0ELGhYlRlCtUkTRclIfuEPmNsNDPbLoLqqCVznFbvdB7x-T"#,
    r#"l-m0l_eFTj2KiqwGqE9PZB9nNTwMVvH3VRRSLWACvPnSiwP8N5Usy-WRXS-V7TbpxIhvepTfE0NNo"}"#,
);
const A2_TOKEN: &str = concat!(
    "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.UGhIOguC7IuEvf_NPVaXsGMoLOmwvc1GyqlIKOK1nN94",
    "nHPoltGRhWhw7Zx0-kFm1NJn8LE9XShH59_i8J0PH5ZZyNfGy2xGdULU7sHNF6Gp2vPLgNZ__deLKxGHZ7PcHALUzoOegEI-",
    "8E66jX2E4zyJKx-YxzZIItRzC5hlRirb6Y5Cl_p-ko3YvkkysZIFNPccxRU7qve1WYPxqbb2Yw8kZqa2rMWI5ng8OtvzlV7e",
    "lprCbuPhcCdZ6XDP0_F8rkXds2vE4X-ncOIM8hAYHHi29NX0mcKiRaD0-D-ljQTP-cFPgwCp6X-nZZd9OHBv-B3oWh2TbqmS",
    "cqXMR4gp_A.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.9hH0vgRfYgPnAHOd8s",
    "tkvw",
);
const A3_KEY: &str = r#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#;
const A3_TOKEN: &str = concat!(
    "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzB",
    "C2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFIC",
    "bCVQ",
);
const A4_JSON: &str = concat!(
    r#"{"protected":"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0","unprotected":{"jku":"https://server.example.com/"#,
    r#"keys.jwks"},"recipients":[{"header":{"alg":"RSA1_5","kid":"2011-04-29"},"encrypted_key":"UGhIOgu"#,
    "C7IuEvf_NPVaXsGMoLOmwvc1GyqlIKOK1nN94nHPoltGRhWhw7Zx0-kFm1NJn8LE9XShH59_i8J0PH5ZZyNfGy2xGdULU7sH",
    "NF6Gp2vPLgNZ__deLKxGHZ7PcHALUzoOegEI-8E66jX2E4zyJKx-YxzZIItRzC5hlRirb6Y5Cl_p-ko3YvkkysZIFNPccxRU",
    "7qve1WYPxqbb2Yw8kZqa2rMWI5ng8OtvzlV7elprCbuPhcCdZ6XDP0_F8rkXds2vE4X-ncOIM8hAYHHi29NX0mcKiRaD0-D-",
    r#"ljQTP-cFPgwCp6X-nZZd9OHBv-B3oWh2TbqmScqXMR4gp_A"},{"header":{"alg":"A128KW","kid":"7"},"encrypte"#,
    r#"d_key":"6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ"}],"iv":"AxY8DCtDaGlsbGljb3RoZQ","#,
    r#""ciphertext":"KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY","tag":"Mz-VPPyU4RlcuYv1IwIvzw"}"#,
);
const A5_JSON: &str = concat!(
    r#"{"protected":"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0","unprotected":{"jku":"https://server.example.com/"#,
    r#"keys.jwks"},"header":{"alg":"A128KW","kid":"7"},"encrypted_key":"6KB707dM9YTIgHtLvtgWQ8mKwboJW3o"#,
    r#"f9locizkDTHzBC2IlrT1oOQ","iv":"AxY8DCtDaGlsbGljb3RoZQ","ciphertext":"KDlTtXchhZTGufMYmOYGS4HffxP"#,
    r#"SUrfmqCHXaI9wOGY","tag":"Mz-VPPyU4RlcuYv1IwIvzw"}"#,
);
