//! Every parser over its corpus, and over what a cheap mutation makes of it.

use std::path::Path;

macro_rules! replays {
    ($($target:ident)+) => {
        $(
            #[test]
            fn $target() {
                replay(stringify!($target), bulla_fuzz::$target);
            }
        )+

        /// A corpus nobody replays would be dead weight.
        #[test]
        fn every_corpus_has_a_target() {
            let corpora = std::fs::read_dir(corpus("")).unwrap();
            for corpus in corpora.map(|entry| entry.unwrap().file_name()) {
                assert!([$(stringify!($target)),+].iter().any(|target| corpus == *target), "{corpus:?}");
            }
        }
    };
}

replays! {
    base64url cache_headers certificate certificate_chain claims compact flattened general header
    inflate issuer_metadata json jks jwe_compact jwe_flattened jwe_general jwk jwk_set media_type pem pkcs12 revocation_list
    oauth_form scopes target_uri www_authenticate
}

fn replay(target: &str, run: fn(&[u8])) {
    let mut seeds = 0;
    for entry in std::fs::read_dir(corpus(target)).unwrap() {
        let path = entry.unwrap().path();
        let octets = std::fs::read(&path).unwrap();
        // Named, so that a panic says which seed.
        println!("{}", path.display());
        run(&octets);
        mutated(&octets, run);
        seeds += 1;
    }
    assert!(seeds > 0, "{target} has no corpus");
    run(b"");
}

/// Each octet changed in a few ways, and each prefix; long seeds are sampled.
fn mutated(octets: &[u8], run: fn(&[u8])) {
    let step = octets.len() / 512 + 1;
    for at in (0..octets.len()).step_by(step) {
        run(&octets[..at]);
        let mut changed = octets.to_vec();
        for value in [octets[at] ^ 1, octets[at] ^ 0x80, 0, b'"', b'.'] {
            changed[at] = value;
            run(&changed);
        }
        changed.remove(at);
        run(&changed);
    }
}

fn corpus(target: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target)
}
