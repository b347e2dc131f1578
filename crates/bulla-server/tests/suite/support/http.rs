//! HTTP as it is on the wire, so that a request may be wrong in any way.

use std::net::SocketAddr;

use bulla::oauth::message::CLIENT_ASSERTION_TYPE;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::form_urlencoded;

use super::tokens::ENDPOINT;

pub(crate) type Answer = Response<Vec<u8>>;

/// Sends a request on a connection of its own. Of its URL only the path counts.
pub(crate) async fn send(address: SocketAddr, request: &Request<Vec<u8>>) -> Answer {
    let path = request.uri().path_and_query().unwrap();
    let mut text = format!("{} {path} HTTP/1.1\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    let length = request.body().len();
    let rest = format!("host: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    text.extend_from_slice(rest.as_bytes());
    text.extend_from_slice(request.body());
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has seen enough answers and closes; the rest of a long body is then not taken.
    let _ = stream.write_all(&text).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    read(&answer)
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    send(address, &Request::get(path).body(Vec::new()).unwrap()).await
}

fn read(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("an answer");
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut response = Response::new(answer[end + 4..].to_vec());
    *response.status_mut() = StatusCode::from_bytes(status.as_bytes()).unwrap();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        let value = HeaderValue::from_str(value).unwrap();
        response.headers_mut().append(name, value);
    }
    response
}

/// A request to the token endpoint with these parameters.
pub(crate) fn form(pairs: &[(&str, &str)]) -> Request<Vec<u8>> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    Request::post(ENDPOINT)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .unwrap()
}

/// A request of a client with this assertion.
pub(crate) fn with_assertion(assertion: &str) -> Request<Vec<u8>> {
    form(&[
        ("grant_type", "client_credentials"),
        ("client_assertion_type", CLIENT_ASSERTION_TYPE),
        ("client_assertion", assertion),
    ])
}

/// Status and `error` of a JSON answer that nobody may store; "" where there is no error.
#[track_caller]
pub(crate) fn error(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let error = body
        .get("error")
        .map_or("", |error| error.as_str().unwrap());
    (answer.status().as_u16(), error.to_owned())
}
