//! The program of README.md.

use std::time::Duration;

use bulla::jwa::SignatureAlg;
use bulla::jwt::{self, Expectations};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Me {
    role: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let me = Me {
        role: "admin".into(),
    };
    let key = bulla::generate(SignatureAlg::Es256)?;
    let token = jwt::issue("https://issuer.example")
        .audience("api")
        .expires_in(Duration::from_secs(300))
        .claims(&me)
        .sign(&bulla::signer(&key)?)?;
    let expect = Expectations::new("https://issuer.example", "api");
    let valid = expect.verify::<Me>(&token, &bulla::verifier(&key.public())?)?;
    println!("{}", valid.claims().role);
    Ok(())
}
