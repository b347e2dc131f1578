//! An API that admits requests by their access tokens.
//!
//! ```sh
//! ISSUER=https://auth.example.com AUDIENCE=https://api.example.com cargo run -p example-api
//! curl -i http://127.0.0.1:8080/invoices     # 401, and how to do better
//! ```
//!
//! It takes bound tokens with their proofs (DPoP) and tokens that are bound to nothing. `BASE_URL` is where clients find
//! it, which is what proofs name; the audience unless set.

mod invoices;

use std::env;
use std::error::Error;

use bulla::oauth::Issuer;
use bulla::oauth::protect::{DpopRules, ProtectedResource};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = Issuer::parse(variable("ISSUER")?)?;
    let audience = variable("AUDIENCE")?;
    let base_url = env::var("BASE_URL").unwrap_or_else(|_| audience.clone());
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".into());

    let api = ProtectedResource::new(&issuer, audience)
        .dpop(DpopRules::optional(&base_url)?)
        .build()?;
    // The issuer's keys are being fetched. To start without them is possible, too: until they are there, the answer is 503.
    api.ready().await?;

    let listener = TcpListener::bind(&listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, invoices::router(&api))
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}
