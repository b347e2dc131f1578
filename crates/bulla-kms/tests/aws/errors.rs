//! What KMS refuses, and what a caller is told.

use std::time::Duration;

use bulla_core::jwa::{HashAlg, SignatureAlg};
use bulla_core::jwk::EcCurve;
use bulla_core::jws;
use bulla_kms::aws::aws_sdk_kms::config::{BehaviorVersion, Region};
use bulla_kms::aws::aws_sdk_kms::{Client, Config};
use bulla_kms::{Rules, aws};

use crate::client::{client, open, patient};
use crate::double::{Double, KeySpec, Usage};
use crate::proxy::{Fault, Proxy};

#[tokio::test]
async fn a_key_that_is_switched_off() {
    let double = Double::start().await;
    let client = client(double.address);
    for (spec, usage) in [
        (KeySpec::Ec(EcCurve::P256), Usage::Sign),
        (KeySpec::Hmac(HashAlg::Sha256), Usage::Mac),
    ] {
        let key = double.create(spec, usage);
        for state in ["Disabled", "PendingDeletion", "PendingImport"] {
            key.set_state(state);
            let error = aws::open(&client, &key.arn(), &patient()).await;
            let error = error.unwrap_err();
            assert_eq!(error.code(), "remote.disabled", "{state}: {error}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_switched_off_while_it_is_used() {
    let double = Double::start().await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let handle = open(&client(double.address), &key.arn()).await;
    let signer = handle.signer(SignatureAlg::Es256).unwrap();
    for state in ["Disabled", "PendingDeletion"] {
        key.set_state(state);
        let error = jws::Builder::new("x").sign_compact_async(&signer).await;
        assert_eq!(error.unwrap_err().code(), "remote.disabled", "{state}");
    }
    key.set_state("Enabled");
    jws::Builder::new("x")
        .sign_compact_async(&signer)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_key_that_is_not_there() {
    let double = Double::start().await;
    for name in ["alias/none", "00000000-0000-4000-8000-999999999999"] {
        let error = aws::open(&client(double.address), name, &patient()).await;
        assert_eq!(error.unwrap_err().code(), "remote.not-found", "{name}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let handle = open(&client(proxy.address), &key.arn()).await;
    let signer = handle.signer(SignatureAlg::Es256).unwrap();
    for (body, code) in [
        (
            r#"{"__type":"AccessDeniedException","Message":"not authorized to perform: kms:Sign"}"#,
            "remote.denied",
        ),
        (
            r#"{"__type":"UnrecognizedClientException"}"#,
            "remote.denied",
        ),
        (r#"{"__type":"ExpiredTokenException"}"#, "remote.denied"),
        (
            r#"{"__type":"com.amazonaws.kms#AccessDeniedException"}"#,
            "remote.denied",
        ),
        (
            r#"{"__type":"InvalidKeyUsageException"}"#,
            "remote.unsupported",
        ),
        (r#"{"__type":"ValidationException"}"#, "remote.unsupported"),
        (r#"{"__type":"NotFoundException"}"#, "remote.not-found"),
        (r#"{"__type":"DisabledException"}"#, "remote.disabled"),
        (
            r#"{"__type":"NobodyKnowsThisException"}"#,
            "remote.unsupported",
        ),
    ] {
        proxy.forget();
        proxy.on("Sign", Fault::Answer(400, "", body.to_owned().leak()));
        let error = jws::Builder::new("x").sign_compact_async(&signer).await;
        assert_eq!(error.unwrap_err().code(), code, "{body}");
        assert_eq!(proxy.calls(), ["Sign"], "{body} is not tried again");
    }
}

#[tokio::test]
async fn nobody_listens() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = aws::open(&client(address), "alias/a", &patient()).await;
    assert_eq!(error.unwrap_err().code(), "remote.unavailable");
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let double = Double::start().await;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(format!("http://{}", double.address))
        .credentials_provider(NoCredentials);
    let client = Client::from_conf(config.build());
    let error = aws::open(&client, "alias/a", &patient()).await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), "remote.denied", "{error}");
    assert!(error.to_string().contains("credentials"), "{error}");
    assert_eq!(double.calls(), [""; 0]);
}

/// Who gives credentials may be away for a moment, which is no refusal.
#[tokio::test]
async fn credentials_that_cannot_be_asked_for_now() {
    use aws_credential_types::provider::error::CredentialsError;
    use bulla_kms::aws::aws_sdk_kms::error::ConnectorError;

    let failed = || -> Box<dyn std::error::Error + Send + Sync> { "connection refused".into() };
    for (error, code) in [
        (
            CredentialsError::provider_error(ConnectorError::io(failed())),
            "remote.unavailable",
        ),
        (
            CredentialsError::provider_error(ConnectorError::timeout(failed())),
            "remote.unavailable",
        ),
        (
            CredentialsError::provider_error("AccessDenied: not authorized to assume the role"),
            "remote.denied",
        ),
    ] {
        let shown = format!("{error:?}");
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .endpoint_url("http://127.0.0.1:9")
            .credentials_provider(Failing(std::sync::Mutex::new(Some(error))));
        let client = Client::from_conf(config.build());
        let opener = patient().rules(once());
        let error = aws::open(&client, "alias/a", &opener).await.unwrap_err();
        assert_eq!(error.code(), code, "{shown}: {error}");
    }
}

/// One try, with time enough.
fn once() -> Rules {
    Rules::new().deadline(Duration::from_secs(60)).tries(1)
}

/// Every name that the SDK itself takes for throttling.
#[tokio::test]
async fn whatever_the_sdk_calls_throttling_is() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let opener = patient().rules(once());
    let handle = aws::open(&client(proxy.address), &key.arn(), &opener).await;
    let signer = handle.unwrap().signer(SignatureAlg::Es256).unwrap();
    for name in [
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    ] {
        let body = format!(r#"{{"__type":"{name}"}}"#).leak();
        proxy.on("Sign", Fault::Answer(400, "", body));
        let error = jws::Builder::new("x").sign_compact_async(&signer).await;
        assert_eq!(error.unwrap_err().code(), "remote.throttled", "{name}");
    }
}

#[derive(Debug)]
struct Failing(std::sync::Mutex<Option<aws_credential_types::provider::error::CredentialsError>>);

impl aws_credential_types::provider::ProvideCredentials for Failing {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let error = self.0.lock().unwrap().take().expect("asked once");
        aws_credential_types::provider::future::ProvideCredentials::ready(Err(error))
    }
}

#[derive(Debug)]
struct NoCredentials;

impl aws_credential_types::provider::ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::{error::CredentialsError, future};
        let error = CredentialsError::not_loaded("there are none in this test");
        future::ProvideCredentials::ready(Err(error))
    }
}
