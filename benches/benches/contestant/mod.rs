//! Who competes, one a file.

pub(crate) mod bulla;
pub(crate) mod floor;
pub(crate) mod jose4rs;
#[cfg(feature = "peer-josekit")]
pub(crate) mod josekit;
pub(crate) mod jsonwebtoken;
pub(crate) mod jwe;
#[cfg(feature = "peer-jwt-simple")]
pub(crate) mod jwt_simple;

use bulla_bench_harness::{Contestant, Options};

use crate::rows::bulk::BulkWork;
use crate::rows::keys::KeyWork;
use crate::rows::scaling::SharedWork;
use crate::rows::stream::StreamWork;

/// Everybody who was asked for, the floor first.
pub(crate) fn all(options: &Options) -> Vec<Box<dyn Contestant>> {
    let mut all: Vec<Box<dyn Contestant>> = vec![
        Box::new(floor::Floor),
        Box::new(bulla::Bulla),
        Box::new(jose4rs::Jose4rs),
        Box::new(jsonwebtoken::Jsonwebtoken),
    ];
    #[cfg(feature = "peer-jwt-simple")]
    if options.includes("jwt-simple")
        && let Some(remote) = jwt_simple::start()
    {
        all.push(Box::new(remote));
    }
    #[cfg(feature = "peer-josekit")]
    all.push(Box::new(josekit::Josekit));
    all.push(Box::new(floor::Secp256k1OnAwsLc));
    all.retain(|contestant| options.includes(contestant.name()));
    all
}

/// Who is asked whether a token that somebody else signed is right. Its signature counts only if all agree.
pub(crate) fn referees() -> Vec<Box<dyn Contestant>> {
    vec![
        Box::new(floor::Floor),
        #[cfg(feature = "peer-josekit")]
        Box::new(josekit::Josekit),
    ]
}

/// Who reads keys and sets of keys; the floors of those rows stand with them.
pub(crate) fn key_work() -> Vec<Box<dyn KeyWork>> {
    vec![
        Box::new(bulla::Bulla),
        Box::new(jose4rs::Jose4rs),
        Box::new(jsonwebtoken::Jsonwebtoken),
        #[cfg(feature = "peer-josekit")]
        Box::new(josekit::Josekit),
    ]
}

/// Who signs payloads that are not JSON.
pub(crate) fn bulk_work() -> Vec<Box<dyn BulkWork>> {
    vec![
        Box::new(bulla::Bulla),
        Box::new(jose4rs::Jose4rs),
        #[cfg(feature = "peer-josekit")]
        Box::new(josekit::Josekit),
    ]
}

/// Who is asked to serve two threads, the floor first.
pub(crate) fn shared_work() -> Vec<Box<dyn SharedWork>> {
    vec![
        Box::new(floor::Floor),
        Box::new(bulla::Bulla),
        Box::new(jose4rs::Jose4rs),
        Box::new(jsonwebtoken::Jsonwebtoken),
        #[cfg(feature = "peer-josekit")]
        Box::new(josekit::Josekit),
    ]
}

/// Who streams, the floor first.
pub(crate) fn stream_work() -> Vec<Box<dyn StreamWork>> {
    vec![Box::new(floor::Floor), Box::new(bulla::Bulla)]
}
