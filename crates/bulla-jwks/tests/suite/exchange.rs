//! One request, one answer, whatever its status.

use bulla_jwks::http::{BadAnswer, FetchError, HttpClient, HttpOptions, Unreachable, UrlRefused};
use http::{Request, Response};

use crate::support::{Reply, Server};

const LIMIT: usize = 64;

fn client() -> HttpClient {
    let options = HttpOptions::default().allow_loopback_http().no_proxy();
    options.build().unwrap()
}

async fn post(url: &str) -> Result<Response<Vec<u8>>, FetchError> {
    let request = Request::post(url).header("dpop", "p").body(b"a=b".to_vec());
    client().exchange(request.unwrap(), LIMIT).await
}

#[tokio::test]
async fn an_answer_is_given_whatever_its_status_and_nothing_is_sent_twice() {
    for status in [
        "200 OK",
        "302 Found",
        "400 Bad Request",
        "429 Slow",
        "503 Down",
    ] {
        let fields = "Location: /other\r\nDPoP-Nonce: n\r\nRetry-After: 1\r\n";
        let server = Server::start(move |_| Reply::with(status, fields, b"{}")).await;
        let answer = post(&server.url("/token?x=1")).await.unwrap();
        assert!(status.starts_with(answer.status().as_str()));
        assert_eq!(
            (&answer.headers()["dpop-nonce"], &answer.body()[..]),
            (&"n".parse().unwrap(), &b"{}"[..])
        );
        let [head] = &server.seen()[..] else {
            panic!("{status}: one request");
        };
        assert!(head.starts_with("POST /token?x=1 HTTP/1.1\r\n"), "{head}");
        assert!(
            head.contains("dpop: p\r\n") && head.contains("content-length: 3\r\n"),
            "{head}"
        );
    }
}

#[tokio::test]
async fn what_is_too_long_or_compressed_is_no_answer() {
    let server = Server::start(|_| Reply::json(&"x".repeat(LIMIT + 1))).await;
    let too_large = FetchError::Answer(BadAnswer::TooLarge { limit: LIMIT });
    assert_eq!(post(&server.url("/")).await.unwrap_err(), too_large);
    let server = Server::start(|_| Reply::Endless).await;
    assert_eq!(post(&server.url("/")).await.unwrap_err(), too_large);
    let gzip = "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n";
    let server = Server::start(move |_| Reply::with("200 OK", gzip, b"{}")).await;
    assert_eq!(
        post(&server.url("/")).await.unwrap_err(),
        FetchError::Answer(BadAnswer::Encoded)
    );
}

#[tokio::test]
async fn credentials_go_nowhere_without_tls_but_to_this_machine() {
    for (url, why) in [
        ("http://auth.example.com/", UrlRefused::NotHttps),
        ("https://user@auth.example.com/", UrlRefused::UserInfo),
        ("/token", UrlRefused::Syntax),
    ] {
        assert_eq!(post(url).await.unwrap_err(), FetchError::Url(why), "{url}");
    }
    let strict = HttpOptions::default().no_proxy().build().unwrap();
    let request = Request::get("http://127.0.0.1:9/")
        .body(Vec::new())
        .unwrap();
    let refused = FetchError::Url(UrlRefused::NotHttps);
    assert_eq!(strict.exchange(request, LIMIT).await.unwrap_err(), refused);
}

#[tokio::test]
async fn no_answer_is_told_in_time() {
    let server = Server::start(|_| Reply::Stuck(Vec::new())).await;
    let options = HttpOptions::default().allow_loopback_http().no_proxy();
    let client = options
        .total_timeout(std::time::Duration::from_millis(200))
        .build()
        .unwrap();
    let request = Request::get(server.url("/")).body(Vec::new()).unwrap();
    let timeout = FetchError::Unavailable {
        why: Unreachable::Timeout,
        retry_after: None,
    };
    assert_eq!(client.exchange(request, LIMIT).await.unwrap_err(), timeout);
}
