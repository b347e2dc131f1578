//! A client that authenticates by `private_key_jwt`, has its tokens bound to a key (DPoP), and calls an API with them.
//!
//! ```sh
//! ISSUER=https://auth.example.com CLIENT_ID=billing API=https://api.example.com/invoices cargo run -p example-client
//! curl http://127.0.0.1:8000/jwks             # what to register at the authorization server, as `jwks_uri`
//! curl -X POST http://127.0.0.1:8001/rotate   # the next key pair; it signs in fifteen minutes
//! ```
//!
//! `RESOURCE` is what tokens are asked for, the origin of the API unless set; `SCOPE` what they shall allow. The keys are
//! published at `LISTEN`, and rotated at `ADMIN`, which is a listener of its own: keep it where only you can reach it.

mod caller;
mod keys;
#[cfg(test)]
mod tests;

use std::env;
use std::error::Error;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::time::interval;

use caller::{Caller, Wanted};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let endpoints = keys::start()?;
    publish("LISTEN", "127.0.0.1:8000", endpoints.jwks()).await?;
    publish("ADMIN", "127.0.0.1:8001", endpoints.admin()).await?;

    let caller = Caller::new(
        Wanted {
            issuer: variable("ISSUER")?,
            client_id: variable("CLIENT_ID")?,
            api: variable("API")?,
            resource: env::var("RESOURCE").ok(),
            scope: env::var("SCOPE").unwrap_or_else(|_| "invoices:read".into()),
        },
        endpoints.keys().clone(),
    )?;
    until_told_to_stop(async {
        let mut often = interval(Duration::from_secs(10));
        loop {
            often.tick().await;
            match caller.call().await {
                Ok((status, body)) => println!("{status} {body}"),
                Err(error) => eprintln!("{error} ({})", error.code()),
            }
        }
    })
    .await;
    Ok(())
}

/// Serves at the address of a variable, until the program ends.
async fn publish(name: &str, otherwise: &str, router: Router) -> Result<(), Box<dyn Error>> {
    let address = env::var(name).unwrap_or_else(|_| otherwise.into());
    let listener = TcpListener::bind(&address).await?;
    println!("{name}: http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}

async fn until_told_to_stop(work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set"))
}
