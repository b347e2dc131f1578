//! What is kept, what is shared, and what is asked for again when.

use std::time::Duration;

use bulla_jwks::http::Unreachable;
use bulla_oauth::message::{ErrorCode, ErrorResponse};
use tokio::time::{advance, sleep};

use super::support::{Server, Step, TEN_MINUTES, refuse, status};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_are_one_request() {
    let server = Server::new();
    let tokens = server.tokens();
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let tokens = tokens.clone();
            tokio::spawn(async move { tokens.token().await.expect("a token").as_str().to_owned() })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("a caller"), "secret-token-1");
    }
    assert_eq!(server.count(), 1);
    assert_eq!(server.looked_up().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_are_told_of_one_failure() {
    let server = Server::new();
    server.always(Some(refuse(&ErrorResponse::new(ErrorCode::InvalidClient))));
    let tokens = server.tokens();
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let tokens = tokens.clone();
            tokio::spawn(async move { tokens.token().await.expect_err("a failure").code() })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.expect("a caller"), "oauth.client-refused");
    }
    assert_eq!(server.count(), 1, "a refusal is not tried again");
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_does_not_take_the_request_along() {
    let server = Server::new();
    let tokens = server.tokens();
    let first = tokens.clone();
    let gone = tokio::spawn(async move { first.token().await });
    tokio::task::yield_now().await;
    gone.abort();
    assert!(tokens.token().await.is_ok());
    assert_eq!(server.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_next_token_is_asked_for_ahead_and_once() {
    let server = Server::new();
    let tokens = server.tokens();
    let first = tokens.token().await.expect("a token");
    advance(SECOND * 449).await;
    assert_eq!(
        tokens.token().await.expect("a token").as_str(),
        first.as_str()
    );
    assert_eq!(server.count(), 1);
    advance(SECOND * 62).await; // 511 s: past four fifths and a twentieth
    for _ in 0..10 {
        assert_eq!(
            tokens.token().await.expect("a token").as_str(),
            first.as_str()
        );
    }
    sleep(SECOND).await;
    assert_eq!(server.count(), 2);
    assert_eq!(
        tokens.token().await.expect("a token").as_str(),
        "secret-token-2"
    );
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_good_is_served_while_the_next_cannot_be_had() {
    let server = Server::new();
    let tokens = server.tokens();
    tokens.token().await.expect("a token");
    server.always(Some(Step::Break(Unreachable::Connect)));
    advance(SECOND * 520).await;
    assert_eq!(
        tokens.token().await.expect("the old one").as_str(),
        "secret-token-1"
    );
    sleep(SECOND * 60).await; // 580 s
    assert!(server.count() > 1, "it was asked for");
    assert_eq!(
        tokens.token().await.expect("the old one").as_str(),
        "secret-token-1"
    );
    sleep(SECOND * 11).await; // 591 s: it might not arrive in time any more
    assert_eq!(
        tokens.token().await.expect_err("nothing").code(),
        "remote.unavailable"
    );
    server.always(None);
    sleep(SECOND * 60).await;
    assert!(tokens.token().await.is_ok(), "it recovers");
}

#[tokio::test(start_paused = true)]
async fn a_token_without_a_lifetime_is_kept_for_as_long_as_assumed() {
    let server = Server::new();
    let mut answer = status(200);
    *answer.body_mut() = br#"{"access_token":"x","token_type":"Bearer"}"#.to_vec();
    server.then(Step::Answer(answer));
    let tokens = server
        .client()
        .tokens(bulla_oauth::message::TokenRequest::client_credentials())
        .assumed_lifetime(SECOND * 100)
        .build();
    let first = tokens.token().await.expect("a token");
    assert_eq!((first.as_str(), first.expires_in().as_secs()), ("x", 99));
    advance(SECOND * 95).await;
    assert_eq!(
        tokens.token().await.expect("a token").as_str(),
        "secret-token-2"
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_nothing_is_asked_for_a_while() {
    let server = Server::new();
    server.always(Some(refuse(&ErrorResponse::new(ErrorCode::InvalidClient))));
    let tokens = server.tokens();
    for round in 1..=3 {
        for _ in 0..20 {
            assert!(tokens.token().await.is_err());
        }
        assert_eq!(server.count(), round);
        sleep(SECOND * 8).await;
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_holds() {
    let server = Server::new();
    let mut busy = status(503);
    busy.headers_mut().insert("retry-after", 120.into());
    server.always(Some(Step::Answer(busy)));
    let tokens = server.tokens();
    let error = tokens.token().await.expect_err("nothing");
    assert_eq!(error.code(), "remote.unavailable");
    assert_eq!(error.retry_after(), Some(SECOND * 120));
    assert_eq!(
        server.count(),
        1,
        "nobody waits for two minutes in one call"
    );
    sleep(SECOND * 118).await;
    assert!(tokens.token().await.is_err());
    assert_eq!(server.count(), 1);
    server.always(None);
    sleep(SECOND * 3).await;
    assert!(tokens.token().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_token_is_replaced_and_its_successor_is_not() {
    let server = Server::new();
    let tokens = server.tokens();
    let first = tokens.token().await.expect("a token");
    tokens.forget(&first);
    let second = tokens.token().await.expect("a token");
    assert_ne!(first.as_str(), second.as_str());
    tokens.forget(&first); // late news
    assert_eq!(
        tokens.token().await.expect("a token").as_str(),
        second.as_str()
    );
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_runtime_that_ended_does_not_leave_the_others_waiting() {
    let server = Server::new();
    let tokens = server.tokens();
    let other = tokens.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let asking = tokio::spawn(async move { other.token().await });
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            asking.abort();
        });
        // The request was on its way, and ends with the runtime.
    })
    .join()
    .expect("a thread");
    assert!(tokens.token().await.is_ok());
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let tokens = Server::new().tokens();
    let asking = pin!(tokens.token());
    let Poll::Ready(result) = asking.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits for nothing");
    };
    assert_eq!(result.expect_err("nothing").code(), "remote.unavailable");
}

#[tokio::test(start_paused = true)]
async fn secrets_do_not_show() {
    let server = Server::new();
    server.then(Step::Grant(TEN_MINUTES));
    let tokens = server.tokens();
    let token = tokens.token().await.expect("a token");
    let credentials = tokens
        .credentials(&http::Method::GET, "https://api.example.com/")
        .await
        .expect("credentials");
    let answer = server
        .client()
        .request(&bulla_oauth::message::TokenRequest::jwt_bearer(
            "secret-grant",
        ))
        .await
        .expect("a token");
    let shown = format!("{token:?} {credentials:?} {tokens:?} {answer:?}");
    assert!(!shown.contains("secret"), "{shown}");
}
