//! josekit 0.10, on OpenSSL.

use josekit::jwe::{
    A256KW, Dir, ECDH_ES, ECDH_ES_A256KW, JweDecrypter, JweEncrypter, JweHeader,
    PBES2_HS256_A128KW, RSA_OAEP_256, deserialize_compact, serialize_compact,
};
use josekit::jwk::Jwk;

use super::{JweKey, JweWork, Open, Seal};
use crate::rows::jwe::Suite;

pub(crate) struct Josekit;

impl JweWork for Josekit {
    fn name(&self) -> &'static str {
        "josekit"
    }

    fn sealing(&self, suite: &Suite, key: &JweKey) -> Seal {
        let encrypter = encrypter(suite.alg, key);
        let mut header = JweHeader::new();
        header.set_content_encryption(suite.enc);
        Box::new(move |content| {
            serialize_compact(content, &header, encrypter.as_ref()).expect("it encrypts")
        })
    }

    fn opening(&self, suite: &Suite, key: &JweKey) -> Open {
        let decrypter = decrypter(suite.alg, key);
        Box::new(
            move |token, show| match deserialize_compact(token, decrypter.as_ref()) {
                Ok((content, _)) => {
                    show(&content);
                    true
                }
                Err(_) => false,
            },
        )
    }
}

fn encrypter(alg: &str, key: &JweKey) -> Box<dyn JweEncrypter> {
    let jwk = Jwk::from_bytes(&key.public).expect("a key");
    match alg {
        "dir" => Box::new(Dir.encrypter_from_jwk(&jwk).expect("it binds")),
        "A256KW" => Box::new(A256KW.encrypter_from_jwk(&jwk).expect("it binds")),
        "RSA-OAEP-256" => Box::new(RSA_OAEP_256.encrypter_from_jwk(&jwk).expect("it binds")),
        "ECDH-ES" => Box::new(ECDH_ES.encrypter_from_jwk(&jwk).expect("it binds")),
        "ECDH-ES+A256KW" => Box::new(ECDH_ES_A256KW.encrypter_from_jwk(&jwk).expect("it binds")),
        "PBES2-HS256+A128KW" => {
            let mut encrypter = PBES2_HS256_A128KW
                .encrypter_from_jwk(&jwk)
                .expect("it binds");
            encrypter.set_iter_count(1000);
            Box::new(encrypter)
        }
        other => unreachable!("{other} is not in the contest"),
    }
}

fn decrypter(alg: &str, key: &JweKey) -> Box<dyn JweDecrypter> {
    let jwk = Jwk::from_bytes(&key.jwk).expect("a key");
    match alg {
        "dir" => Box::new(Dir.decrypter_from_jwk(&jwk).expect("it binds")),
        "A256KW" => Box::new(A256KW.decrypter_from_jwk(&jwk).expect("it binds")),
        "RSA-OAEP-256" => Box::new(RSA_OAEP_256.decrypter_from_jwk(&jwk).expect("it binds")),
        "ECDH-ES" => Box::new(ECDH_ES.decrypter_from_jwk(&jwk).expect("it binds")),
        "ECDH-ES+A256KW" => Box::new(ECDH_ES_A256KW.decrypter_from_jwk(&jwk).expect("it binds")),
        "PBES2-HS256+A128KW" => Box::new(
            PBES2_HS256_A128KW
                .decrypter_from_jwk(&jwk)
                .expect("it binds"),
        ),
        other => unreachable!("{other} is not in the contest"),
    }
}
