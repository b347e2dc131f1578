//! Answers that a network or a vault breaks: what a caller is told, and what is tried again.

use std::time::Duration;

use bulla_core::jwk::EcCurve;
use bulla_kms::{KeyHandle, Opener, Rules, aws};

use crate::client::{client, sign};
use crate::double::{Double, KeySpec, Usage};
use crate::proxy::{Fault, Proxy};

const THROTTLED: Fault = Fault::Answer(
    400,
    "",
    r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#,
);

struct Broken {
    proxy: Proxy,
    handle: KeyHandle,
}

async fn broken(rules: Rules) -> Broken {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let opener = Opener::new().rules(rules);
    let handle = aws::open(&client(proxy.address), &key.arn(), &opener).await;
    proxy.forget();
    Broken {
        proxy,
        handle: handle.unwrap(),
    }
}

fn quick() -> Rules {
    let short = Duration::from_millis(1);
    Rules::new()
        .deadline(Duration::from_secs(20))
        .backoff(short, short)
}

#[tokio::test]
async fn what_passes_is_tried_again_and_signs() {
    let broken = broken(quick()).await;
    for (fault, tries) in [
        (vec![THROTTLED], 2),
        (vec![Fault::Reset, THROTTLED], 3),
        (vec![Fault::Close, Fault::CutOff], 3),
        (
            vec![Fault::Answer(
                500,
                "",
                r#"{"__type":"KMSInternalException"}"#,
            )],
            2,
        ),
        (
            vec![Fault::Answer(
                503,
                "Content-Type: text/html\r\n",
                "<html>busy</html>",
            )],
            2,
        ),
        (
            vec![Fault::Answer(
                400,
                "",
                r#"{"__type":"KeyUnavailableException"}"#,
            )],
            2,
        ),
        (
            vec![Fault::Answer(
                400,
                "",
                r#"{"__type":"DependencyTimeoutException"}"#,
            )],
            2,
        ),
    ] {
        broken.proxy.forget();
        for one in fault {
            broken.proxy.on("Sign", one);
        }
        sign(&broken.handle).await.unwrap();
        // The SDK's own retries are off: each try of ours is one request.
        assert_eq!(broken.proxy.calls(), vec!["Sign"; tries]);
    }
}

#[tokio::test]
async fn what_does_not_pass_is_given_up() {
    let broken = broken(quick()).await;
    for (faults, code) in [
        ([THROTTLED, THROTTLED, THROTTLED], "remote.throttled"),
        (
            [Fault::Reset, Fault::Reset, Fault::Reset],
            "remote.unavailable",
        ),
        (
            [Fault::CutOff, Fault::CutOff, Fault::CutOff],
            "remote.unavailable",
        ),
    ] {
        broken.proxy.forget();
        for fault in faults {
            broken.proxy.on("Sign", fault);
        }
        assert_eq!(sign(&broken.handle).await, Err(code));
        assert_eq!(broken.proxy.calls().len(), 3);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_at_the_deadline() {
    let broken = broken(quick().deadline(Duration::from_secs(3))).await;
    broken.proxy.on("Sign", Fault::Hang);
    assert_eq!(sign(&broken.handle).await, Err("remote.unavailable"));
    // What hung is over: the next one is signed.
    sign(&broken.handle).await.unwrap();
}

#[tokio::test]
async fn a_vault_that_asks_for_patience_gets_it() {
    let broken = broken(quick()).await;
    let header = "Retry-After: 1\r\n";
    let body = r#"{"__type":"ThrottlingException"}"#;
    broken.proxy.on("Sign", Fault::Answer(400, header, body));
    let start = std::time::Instant::now();
    sign(&broken.handle).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));

    let header = "Retry-After: 3600\r\n";
    broken.proxy.on("Sign", Fault::Answer(429, header, body));
    let calls = broken.proxy.calls().len();
    assert_eq!(sign(&broken.handle).await, Err("remote.throttled"));
    assert_eq!(
        broken.proxy.calls().len(),
        calls + 1,
        "an hour is not waited for"
    );
}
