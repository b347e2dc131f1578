//! 4,096 octets, where the message itself is sent.

use bulla_core::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla_core::jws;

use crate::client::{client, open};
use crate::double::{Double, KeySpec, Usage};

#[tokio::test]
async fn what_is_longer_is_refused_here() {
    let double = Double::start().await;
    let client = client(double.address);
    let ed25519 = double.create(KeySpec::Ed25519, Usage::Sign);
    let ed25519 = open(&client, &ed25519.arn()).await;
    let hmac = double.create(KeySpec::Hmac(HashAlg::Sha256), Usage::Mac);
    let hmac = open(&client, &hmac.arn()).await;
    for signer in [
        ed25519.signer(SignatureAlg::EdDsa).unwrap(),
        hmac.mac_signer(MacAlg::Hs256).unwrap(),
    ] {
        let empty = jws::Builder::new("").sign_compact_async(&signer).await;
        let header = empty.unwrap().find('.').unwrap() + 1;
        // Four characters are three octets: these payloads end around the limit, whatever the header is.
        let last = (4096 - header) / 4 * 3;
        let before = double.calls().len();
        let (mut signed, mut refused) = (0, 0);
        for octets in last - 4..last + 5 {
            let length = header + (octets * 4).div_ceil(3);
            let payload = vec![b'x'; octets];
            let made = jws::Builder::new(&payload)
                .sign_compact_async(&signer)
                .await;
            match made {
                Ok(token) => {
                    assert_eq!(token.rfind('.'), Some(length));
                    assert!(length <= 4096, "{length}");
                    signed += 1;
                }
                Err(error) => {
                    assert_eq!(error.code(), "remote.too-large", "{error}");
                    assert!(error.to_string().contains("4096"), "{error}");
                    assert!(length > 4096, "{length}");
                    refused += 1;
                }
            }
        }
        assert!(signed >= 4 && refused >= 2, "{signed} and {refused}");
        assert_eq!(
            double.calls().len() - before,
            signed,
            "none of the others was sent"
        );
    }
}
