//! The client, over real HTTP on loopback.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bulla_core::trust::FetchUrl;
use bulla_jwks::Freshness;
use bulla_jwks::http::{
    BadAnswer, Fetch as _, FetchError, HttpClient, HttpOptions, Request, Response, Unreachable,
};

use crate::support::{Reply, Server};

fn options() -> HttpOptions {
    HttpOptions::default().allow_loopback_http().no_proxy()
}

fn client() -> HttpClient {
    options().build().unwrap()
}

fn request(server: &Server) -> Request {
    Request::new(server.url("/jwks?tenant=7").parse().unwrap())
}

async fn get(server: &Server) -> Result<Response, FetchError> {
    client().get(&request(server)).await
}

#[tokio::test]
async fn a_document_comes_with_what_its_header_says() {
    let fields = "ETag: \"v1\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nCache-Control: public\r\n\
                  Cache-Control: max-age=3600\r\nAge: 600\r\nContent-Type: application/jwk-set+json\r\n";
    let server = Server::start(move |_| Reply::with("200 OK", fields, b"{}")).await;
    let Response::Document(document) = get(&server).await.unwrap() else {
        panic!("not a document");
    };
    assert_eq!(document.body, b"{}");
    assert_eq!(document.etag.as_deref(), Some("\"v1\""));
    assert_eq!(
        document.last_modified.as_deref(),
        Some("Sun, 06 Nov 1994 08:49:37 GMT")
    );
    assert_eq!(
        document.freshness,
        Freshness::MaxAge(Duration::from_secs(3_000))
    );
    assert_eq!(
        document.content_type.as_deref(),
        Some("application/jwk-set+json")
    );
}

#[tokio::test]
async fn the_request_says_who_asks_and_offers_no_compression() {
    let server = Server::start(|_| Reply::json("{}")).await;
    let mut request = request(&server);
    request.etag = Some("\"v1\"".into());
    request.last_modified = Some("Sun, 06 Nov 1994 08:49:37 GMT".into());
    request.revalidate = true;
    client().get(&request).await.unwrap();
    let head = server.seen().remove(0).to_ascii_lowercase();
    assert!(
        head.starts_with("get /jwks?tenant=7 http/1.1\r\n"),
        "{head}"
    );
    for field in [
        concat!("user-agent: bulla-jwks/", env!("CARGO_PKG_VERSION")),
        "accept: application/json",
        "if-none-match: \"v1\"",
        "if-modified-since: sun, 06 nov 1994 08:49:37 gmt",
        "cache-control: no-cache",
    ] {
        assert!(head.contains(&format!("{field}\r\n")), "{field} in {head}");
    }
    for field in ["accept-encoding", "cookie", "referer", "authorization"] {
        assert!(
            !head.contains(&format!("\r\n{field}:")),
            "{field} in {head}"
        );
    }
}

#[tokio::test]
async fn exactly_200_and_304_are_answers() {
    let bad = |status| FetchError::Answer(BadAnswer::Status { status });
    let unavailable = |status| FetchError::Unavailable {
        why: Unreachable::Status { status },
        retry_after: None,
    };
    for (status, expected) in [
        ("201 Created", bad(201)),
        ("204 No Content", bad(204)),
        ("206 Partial Content", bad(206)),
        (
            "301 Moved Permanently",
            FetchError::Answer(BadAnswer::Redirect { status: 301 }),
        ),
        ("304 Not Modified", FetchError::Answer(BadAnswer::Unasked)),
        (
            "307 Temporary Redirect",
            FetchError::Answer(BadAnswer::Redirect { status: 307 }),
        ),
        ("400 Bad Request", unavailable(400)),
        ("401 Unauthorized", FetchError::Denied { status: 401 }),
        ("403 Forbidden", FetchError::Denied { status: 403 }),
        ("404 Not Found", unavailable(404)),
    ] {
        let server = Server::start(move |_| Reply::status(status, "")).await;
        assert_eq!(get(&server).await, Err(expected), "{status}");
        assert_eq!(server.seen().len(), 1, "{status} is not tried again");
    }
    let server =
        Server::start(|_| Reply::status("304 Not Modified", "Cache-Control: max-age=900\r\n"))
            .await;
    let mut conditional = request(&server);
    conditional.etag = Some("\"v1\"".into());
    let renewed = Response::NotModified(Freshness::MaxAge(Duration::from_secs(900)));
    assert_eq!(client().get(&conditional).await, Ok(renewed));
}

#[tokio::test]
async fn what_may_pass_is_tried_twice_more() {
    for status in [
        "408 Request Timeout",
        "429 Too Many Requests",
        "500 Oops",
        "502 Bad Gateway",
        "503 Later",
    ] {
        let server = Server::start(move |_| Reply::status(status, "")).await;
        get(&server).await.unwrap_err();
        assert_eq!(server.seen().len(), 3, "{status}");
    }
    let failures = AtomicUsize::new(0);
    let server = Server::start(move |_| match failures.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Reply::status("503 Later", ""),
        _ => Reply::json("{}"),
    })
    .await;
    get(&server).await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn retry_after_beyond_the_deadline_is_told_and_not_waited_for() {
    let server =
        Server::start(|_| Reply::status("429 Too Many Requests", "Retry-After: 120\r\n")).await;
    let retry_after = Some(Duration::from_secs(120));
    assert_eq!(
        get(&server).await,
        Err(FetchError::Throttled { retry_after })
    );
    assert_eq!(server.seen().len(), 1);
    let server = Server::start(|_| Reply::status("503 Later", "Retry-After: 120\r\n")).await;
    assert_eq!(get(&server).await.unwrap_err().retry_after(), retry_after);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn retry_after_beyond_all_time_is_a_long_one() {
    for seconds in ["18446744073709551615", "9999999999999999999", "4294967296"] {
        let fields = format!("Retry-After: {seconds}\r\n");
        let server = Server::start(move |_| Reply::status("503 Later", &fields)).await;
        let longest = Some(Duration::from_secs(u64::from(u32::MAX)));
        assert_eq!(get(&server).await.unwrap_err().retry_after(), longest);
    }
}

#[tokio::test]
async fn a_timeout_without_end_is_a_long_one() {
    let server = Server::start(|_| Reply::json("{}")).await;
    let patient = options()
        .total_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX);
    let client = patient.build().unwrap();
    client.get(&request(&server)).await.unwrap();
}

#[test]
fn the_password_of_a_proxy_is_not_shown() {
    let options = options().proxy("http://user:hunter2@proxy.example:3128");
    assert!(!format!("{options:?}").contains("hunter2"));
    assert!(!format!("{:?}", options.build().unwrap()).contains("hunter2"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let too_large = FetchError::Answer(BadAnswer::TooLarge { limit: 256 * 1024 });
    // Announced: refused before one octet is read.
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n";
    let server = Server::start(move |_| Reply::Stuck(announced.into())).await;
    assert_eq!(get(&server).await, Err(too_large.clone()));
    // Not announced, and without end.
    let server = Server::start(|_| Reply::Endless).await;
    assert_eq!(get(&server).await, Err(too_large));
    // To the octet.
    for (length, accepted) in [(256 * 1024, true), (256 * 1024 + 1, false)] {
        let server = Server::start(move |_| Reply::with("200 OK", "", &vec![b' '; length])).await;
        assert_eq!(get(&server).await.is_ok(), accepted, "{length}");
    }
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip", ""] {
        let fields = format!("Content-Encoding: {coding}\r\n");
        let server = Server::start(move |_| Reply::with("200 OK", &fields, b"{}")).await;
        assert_eq!(
            get(&server).await,
            Err(FetchError::Answer(BadAnswer::Encoded)),
            "{coding}"
        );
    }
    let server =
        Server::start(|_| Reply::with("200 OK", "Content-Encoding: identity\r\n", b"{}")).await;
    get(&server).await.unwrap();
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_document() {
    for cut in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"keys\":[]}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"keys\":[]}\r\n",
    ] {
        let server = Server::start(move |_| Reply::Octets(cut.into())).await;
        let expected = FetchError::Unavailable {
            why: Unreachable::Body,
            retry_after: None,
        };
        assert_eq!(get(&server).await, Err(expected), "{cut}");
    }
}

#[tokio::test]
async fn a_server_that_dawdles_is_given_up_wherever_it_stops() {
    for sent in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    ] {
        let server = Server::start(move |_| Reply::Stuck(sent.into())).await;
        let client = options()
            .total_timeout(Duration::from_millis(100))
            .build()
            .unwrap();
        let outcome = client.get(&request(&server)).await;
        let Err(FetchError::Unavailable { why, .. }) = outcome else {
            panic!("{sent}: {outcome:?}");
        };
        assert!(
            matches!(why, Unreachable::Timeout | Unreachable::Body),
            "{sent}: {why:?}"
        );
    }
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let nobody = Request::new(format!("http://{address}/").parse().unwrap());
    let expected = FetchError::Unavailable {
        why: Unreachable::Connect,
        retry_after: None,
    };
    assert_eq!(client().get(&nobody).await, Err(expected));
}

#[tokio::test]
async fn the_core_fetches_headers_urls_with_the_same_client() {
    let server = Server::start(|_| Reply::json("{\"keys\":[]}")).await;
    let client = client();
    let url = server.url("/jku");
    assert_eq!(
        FetchUrl::fetch(&client, &url, 100).await.unwrap(),
        b"{\"keys\":[]}"
    );
    let error = FetchUrl::fetch(&client, &url, 3).await.unwrap_err();
    assert_eq!(error.code(), "jwks.answer-refused");
    let error = FetchUrl::fetch(&client, "not a URL", 3).await.unwrap_err();
    assert_eq!(error.code(), "jwks.url-refused");
}

#[tokio::test]
async fn a_proxy_is_asked_where_one_is_named() {
    let proxy = Server::start(|_| Reply::json("{}")).await;
    let client = HttpOptions::default()
        .allow_loopback_http()
        .proxy(proxy.url(""))
        .build()
        .unwrap();
    let behind = Request::new("http://127.0.0.1:9/jwks".parse().unwrap());
    client.get(&behind).await.unwrap();
    assert!(proxy.seen()[0].starts_with("GET http://127.0.0.1:9/jwks HTTP/1.1"));
    assert_eq!(
        HttpOptions::default()
            .proxy("::")
            .build()
            .unwrap_err()
            .code(),
        "jwks.client"
    );
}
