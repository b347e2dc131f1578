//! URLs that somebody else chose lead to no network that is not public, and to no connection at all there.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulla_core::key::BoxFuture;
use bulla_jwks::http::{
    Fetch as _, FetchError, HttpOptions, Origin, Request, Resolve, UrlRefused, check_url,
};
use bulla_jwks::{discover, https};

use crate::support::{Reply, Server};

fn untrusted(url: &str) -> Request {
    let mut request = Request::new(url.parse().unwrap());
    request.origin = Origin::Untrusted;
    request
}

fn refused(error: UrlRefused) -> Result<bulla_jwks::http::Response, FetchError> {
    Err(FetchError::Url(error))
}

/// A name server that gives one answer after the other, and the last one for ever.
#[derive(Debug)]
struct Changing {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Changing {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self {
            answers: answers.iter().map(parse).collect(),
            asked: AtomicUsize::new(0),
        })
    }
}

impl Resolve for Changing {
    fn resolve<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers[asked.min(self.answers.len() - 1)].clone();
        Box::pin(std::future::ready(Ok(answer)))
    }
}

#[tokio::test]
async fn urls_are_judged_by_their_text_first() {
    let client = HttpOptions::default()
        .untrusted_ports([443, 8443])
        .build()
        .unwrap();
    for (url, error) in [
        ("http://client.example/jwks", UrlRefused::NotHttps),
        ("http://127.0.0.1/jwks", UrlRefused::NotHttps),
        ("ftp://client.example/jwks", UrlRefused::NotHttps),
        ("file:///etc/passwd", UrlRefused::Host),
        ("data:application/json,{}", UrlRefused::Host),
        ("https://user@client.example/", UrlRefused::UserInfo),
        ("https://:secret@client.example/", UrlRefused::UserInfo),
        ("https://client.example/#keys", UrlRefused::Fragment),
        ("https://client.example:22/", UrlRefused::Port),
        ("https://127.0.0.1/", UrlRefused::Address),
        ("https://127.1/", UrlRefused::Address),
        ("https://2130706433/", UrlRefused::Address),
        ("https://0x7f000001/", UrlRefused::Address),
        ("https://0177.0.0.1/", UrlRefused::Address),
        (
            "https://169.254.169.254/latest/meta-data/",
            UrlRefused::Address,
        ),
        ("https://10.0.0.1/", UrlRefused::Address),
        ("https://[::1]/", UrlRefused::Address),
        ("https://[::ffff:169.254.169.254]/", UrlRefused::Address),
        ("https://[64:ff9b::a9fe:a9fe]/", UrlRefused::Address),
        ("https://[fd00:ec2::254]/", UrlRefused::Address),
        ("https://[fe80::1]/", UrlRefused::Address),
    ] {
        assert_eq!(client.get(&untrusted(url)).await, refused(error), "{url}");
    }
    let options = HttpOptions::default().untrusted_ports([443, 8443]);
    for url in ["https://client.example:8443/jwks?a=b", "https://1.1.1.1/"] {
        assert_eq!(
            check_url(&url.parse().unwrap(), Origin::Untrusted, &options),
            Ok(()),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_not_connected_to() {
    let server = Server::start(|_| Reply::json("{}")).await;
    let port = server.address.port();
    for answers in [
        &["127.0.0.1"][..],
        &[
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "::1",
            "::ffff:7f00:1",
        ],
    ] {
        let client = HttpOptions::default()
            .resolver(Changing::new(&[answers]))
            .build()
            .unwrap();
        let url = format!("https://client.example:{port}/jwks");
        assert_eq!(
            client.get(&untrusted(&url)).await,
            refused(UrlRefused::Address),
            "{answers:?}"
        );
    }
    assert_eq!(server.connections(), 0);

    // The same does arrive where it is allowed, so that the test would notice: the handshake is what fails then.
    let development = HttpOptions::default()
        .resolver(Changing::new(&[&["127.0.0.1"]]))
        .dangerous_allow_untrusted_loopback()
        .retries(0)
        .build()
        .unwrap();
    let url = format!("https://client.example:{port}/jwks");
    assert_eq!(
        development.get(&untrusted(&url)).await.unwrap_err().code(),
        "remote.unavailable"
    );
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_each_time() {
    let server = Server::start(|_| Reply::json("{}")).await;
    // Nothing at first, so that there is a second try; then this machine.
    let names = Changing::new(&[&[], &["127.0.0.1"]]);
    let client = HttpOptions::default()
        .resolver(names.clone())
        .build()
        .unwrap();
    let url = format!("https://client.example:{}/jwks", server.address.port());
    assert_eq!(
        client.get(&untrusted(&url)).await,
        refused(UrlRefused::Address)
    );
    assert!(
        names.asked.load(Ordering::SeqCst) >= 2,
        "asked again for the second try"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn localhost_is_this_machine_for_strangers_too() {
    let server = Server::start(|_| Reply::json("{}")).await;
    let client = HttpOptions::default().build().unwrap();
    let url = format!("https://localhost:{}/", server.address.port());
    assert_eq!(
        client.get(&untrusted(&url)).await,
        refused(UrlRefused::Address)
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_strangers_url_goes_through_no_proxy() {
    let proxy = Server::start(|_| Reply::json("{}")).await;
    let client = HttpOptions::default()
        .proxy(proxy.url(""))
        .resolver(Changing::new(&[&["10.0.0.1"]]))
        .build()
        .unwrap();
    let request = untrusted("https://client.example/jwks");
    assert_eq!(client.get(&request).await, refused(UrlRefused::Address));
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn plain_http_is_for_loopback_alone() {
    let client = HttpOptions::default()
        .allow_loopback_http()
        .no_proxy()
        .build()
        .unwrap();
    for url in [
        "http://issuer.example/",
        "http://10.0.0.1/",
        "http://localhost.evil.example/",
    ] {
        let elsewhere = Request::new(url.parse().unwrap());
        assert_eq!(
            client.get(&elsewhere).await,
            refused(UrlRefused::NotHttps),
            "{url}"
        );
    }
    let strict = HttpOptions::default().no_proxy().build().unwrap();
    for url in ["http://localhost/", "http://127.0.0.1/", "http://[::1]/"] {
        let here = Request::new(url.parse().unwrap());
        assert_eq!(
            strict.get(&here).await,
            refused(UrlRefused::NotHttps),
            "{url}"
        );
    }
}

#[tokio::test]
async fn the_cache_says_the_same() {
    let metadata = "https://169.254.169.254/jwks";
    for builder in [https(metadata), discover(metadata)] {
        let error = builder.untrusted().start().unwrap_err();
        assert_eq!(error.code(), "jwks.url-refused");
    }
    // A mistake is told when the cache is started, and a password comes into no log.
    let user = "https://user:hunter2@issuer.example";
    for builder in [
        discover("http://issuer.example"),
        discover(user),
        https(user),
    ] {
        assert_eq!(builder.start().unwrap_err().code(), "jwks.url-refused");
    }
    for url in ["", "not a URL", "/jwks", "http://issuer.example/jwks"] {
        assert_eq!(
            https(url).start().unwrap_err().code(),
            "jwks.url-refused",
            "{url:?}"
        );
    }
}
