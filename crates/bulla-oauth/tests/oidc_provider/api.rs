//! The server's tokens at a protected resource of ours, which wants nonces of its own.

use axum::Router;
use axum::routing::get;
use bulla_core::jwa::SignatureAlg;
use bulla_oauth::access_token::AccessTokenPolicy;
use bulla_oauth::dpop::{DpopKey, Nonces};
use bulla_oauth::protect::{Authorized, DpopRules, NeededScopes, ProtectedResource};
use http::{Method, Request};

use crate::party::{API, Party, wanted};
use crate::peer::{Peer, http};
use crate::{Outcome, Report, ensure};

struct Read;

impl NeededScopes for Read {
    const SCOPES: &'static str = "invoices:read";
}

struct Write;

impl NeededScopes for Write {
    const SCOPES: &'static str = "invoices:write";
}

pub(crate) async fn run(peers: &[(&str, &Peer)], report: &mut Report) {
    for (signed, peer) in peers {
        let party = Party::new(peer, "caller", SignatureAlg::Es256).await;
        report.tell(
            &format!("resource-bearer-{signed}"),
            bearer(peer, &party).await,
        );
        report.tell(
            &format!("resource-dpop-{signed}"),
            bound(peer, &party).await,
        );
    }
}

async fn bearer(peer: &Peer, party: &Party) -> Outcome {
    let base = api(peer).await?;
    let tokens = party.client.clone().tokens(wanted()).build();
    let answer = tokens.call(&http(), request(&base, "/read")).await?;
    ensure(
        answer.status() == 200 && answer.body() == b"caller",
        format_args!("{}", answer.status()),
    )?;
    let answer = tokens.call(&http(), request(&base, "/write")).await?;
    ensure(
        answer.status() == 403,
        format_args!("without the scope: {}", answer.status()),
    )
}

async fn bound(peer: &Peer, party: &Party) -> Outcome {
    let base = api(peer).await?;
    let key = DpopKey::generate(&bulla_aws_lc::backend(), SignatureAlg::Es256)?;
    let tokens = party.client.clone().dpop(key).tokens(wanted()).build();
    for _ in 0..3 {
        let answer = tokens.call(&http(), request(&base, "/read")).await?;
        ensure(
            answer.status() == 200 && answer.body() == b"caller",
            format_args!("{}", answer.status()),
        )?;
    }
    // Whoever takes the token alone has nothing.
    let stolen = tokens
        .credentials(&Method::GET, &format!("{base}/read"))
        .await?;
    let mut alone = request(&base, "/read");
    let bearer = format!("Bearer {}", stolen.token().as_str());
    alone.headers_mut().insert("authorization", bearer.parse()?);
    let answer = http().exchange(alone, 4096).await?;
    ensure(
        answer.status() == 401,
        format_args!("without a proof: {}", answer.status()),
    )
}

fn request(base: &str, path: &str) -> Request<Vec<u8>> {
    Request::get(format!("{base}{path}"))
        .body(Vec::new())
        .expect("a request")
}

async fn api(peer: &Peer) -> Result<String, Box<dyn std::error::Error>> {
    let policy = AccessTokenPolicy::rfc9068(&peer.issuer(), API);
    let router = Router::new()
        .route("/read", get(read))
        .route("/write", get(write));
    // Where it is reached is known only once it listens.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let nonces = Nonces::new(&bulla_aws_lc::backend(), &vec![7; 32].into())?;
    let api = ProtectedResource::new(&peer.issuer(), API)
        .keys(peer.keys(policy.keys()))
        .dpop(DpopRules::optional(&base)?.nonces(nonces))
        .build()?;
    let router = router.layer(api.layer());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(base)
}

async fn read(access: Authorized<Read>) -> String {
    access.client_id().unwrap_or("nobody").to_owned()
}

async fn write(_: Authorized<Write>) {}
