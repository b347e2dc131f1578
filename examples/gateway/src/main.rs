//! A gateway that verifies the caller's token, and sends a token of its own to what is behind it.
//!
//! ```sh
//! ISSUER=https://auth.example.com AUDIENCE=https://api.example.com UPSTREAM=http://127.0.0.1:8081 \
//!     cargo run -p example-gateway
//! ```
//!
//! What is behind never sees a token from outside: it takes those of the gateway alone, which live a minute, are for one
//! audience, and say for whom the call is. It finds the gateway's keys by itself, as those of any issuer; with
//! `examples/api` that is `ISSUER=http://127.0.0.1:8082 AUDIENCE=internal`.

mod forward;
mod internal;

use std::env;
use std::error::Error;

use bulla::oauth::Issuer;
use bulla::oauth::protect::ProtectedResource;
use tokio::net::TcpListener;

use self::forward::Gateway;
use self::internal::Internal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = Issuer::parse(variable("ISSUER")?)?;
    let callers = ProtectedResource::new(&issuer, variable("AUDIENCE")?).build()?;

    // Two listeners: callers have no business with the keys of the inside.
    let outside = TcpListener::bind(or("LISTEN", "127.0.0.1:8080")).await?;
    let inside = TcpListener::bind(or("INTERNAL_LISTEN", "127.0.0.1:8082")).await?;
    let internal_issuer = or(
        "INTERNAL_ISSUER",
        &format!("http://{}", inside.local_addr()?),
    );
    let internal = Internal::new(&internal_issuer, or("INTERNAL_AUDIENCE", "internal"))?;
    let gateway = Gateway::new(variable("UPSTREAM")?, internal.clone())?;

    println!("callers: http://{}", outside.local_addr()?);
    println!("keys:    {internal_issuer}/jwks");
    tokio::spawn(internal.clone().rotate_daily());
    let keys = internal.router();
    tokio::spawn(async move { axum::serve(inside, keys).await });
    axum::serve(outside, gateway.router(&callers))
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}

fn or(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
