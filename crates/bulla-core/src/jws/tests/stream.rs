use std::io::{self, Read};

use super::Toy;
use crate::jws::{Builder, Jws, VerifyError};

/// Gives its octets a few at a time, with an interruption in between.
struct Trickle<'a>(&'a [u8], bool);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let take = buffer.len().min(7);
        (&mut self.0).take(take as u64).read(buffer)
    }
}

#[test]
fn a_stream_gives_the_token_that_the_whole_gives() {
    let toy = Toy::new("TOY", "one");
    for length in [0, 1, 2, 3, 48 * 1024 - 1, 48 * 1024, 48 * 1024 + 1, 150_001] {
        let payload: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
        for unencoded in [false, true] {
            let build = || {
                let builder = Builder::new("").typ("x");
                if unencoded {
                    builder.unencoded()
                } else {
                    builder
                }
            };
            let streamed = build()
                .sign_compact_stream(&mut Trickle(&payload, false), &toy.signer())
                .unwrap();
            let mut headers = Builder::new(&payload).typ("x");
            if unencoded {
                headers = headers.unencoded();
            }
            assert_eq!(
                streamed,
                headers.detached().sign_compact(&toy.signer()).unwrap(),
                "{length}"
            );
            let jws = Jws::parse_compact(&streamed).unwrap();
            let jws = jws
                .verify_stream(&mut Trickle(&payload, false), &toy.verifier())
                .unwrap();
            assert_eq!(jws.verified()[0].header().typ(), Some("x"));
        }
    }
}

#[test]
fn a_stream_that_fails_or_differs_does_not_verify() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let toy = Toy::new("TOY", "one");
    let token = Builder::new("")
        .sign_compact_stream(&mut &b"payload"[..], &toy.signer())
        .unwrap();
    let verify = |reader: &mut (dyn Read + Send)| {
        Jws::parse_compact(&token)
            .unwrap()
            .verify_stream(reader, &toy.verifier())
            .map(drop)
    };
    verify(&mut &b"payload"[..]).unwrap();
    assert_eq!(
        verify(&mut &b"payloae"[..]).unwrap_err().code(),
        "jws.signature-invalid"
    );
    assert_eq!(verify(&mut Broken).unwrap_err().code(), "io.read");
}

#[test]
fn several_keys_share_one_reading_of_the_stream() {
    let (one, two) = (Toy::new("TOY", "one"), Toy::new("TOY", "two"));
    let token = Builder::new("")
        .sign_compact_stream(&mut &b"payload"[..], &two.signer())
        .unwrap();
    let keys = vec![one.verifier(), two.verifier()];
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify_stream(&mut &b"payload"[..], &keys)
        .unwrap();
    assert_eq!(jws.verified()[0].key().kid(), Some("two"));
    let attached = Builder::new("x").sign_compact(&two.signer()).unwrap();
    let twice = Jws::parse_compact(&attached)
        .unwrap()
        .verify_stream(&mut &b"x"[..], &keys);
    assert!(matches!(
        twice,
        Err(VerifyError::Payload { attached: true })
    ));
}
