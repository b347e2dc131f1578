//! Everything printed is read again, and no input panics.

use proptest::prelude::*;

use super::*;
use crate::secret::SecretBytes;

fn octets(len: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), len)
}

fn number(lens: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    (1..=u8::MAX, proptest::collection::vec(any::<u8>(), lens)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    })
}

fn ec_keys() -> impl Strategy<Value = Jwk> {
    (
        0..EcCurve::ALL.len(),
        octets(66),
        octets(66),
        octets(66),
        any::<bool>(),
    )
        .prop_map(|(curve, x, y, d, private)| {
            let curve = EcCurve::ALL[curve];
            let len = curve.field_len();
            let public = EcPublicKey::new(curve, &x[..len], &y[..len]).unwrap();
            if private {
                let key = EcPrivateKey::new(public, &d[..len]).unwrap();
                PrivateJwk::new(PrivateKey::Ec(key)).into()
            } else {
                PublicJwk::new(PublicKey::Ec(public)).into()
            }
        })
}

fn okp_keys() -> impl Strategy<Value = Jwk> {
    (
        0..OkpCurve::ALL.len(),
        octets(57),
        octets(57),
        any::<bool>(),
    )
        .prop_map(|(curve, x, d, private)| {
            let curve = OkpCurve::ALL[curve];
            let len = curve.key_len();
            let public = OkpPublicKey::new(curve, &x[..len]).unwrap();
            if private {
                let key = OkpPrivateKey::new(public, &d[..len]).unwrap();
                PrivateJwk::new(PrivateKey::Okp(key)).into()
            } else {
                PublicJwk::new(PublicKey::Okp(public)).into()
            }
        })
}

fn akp_keys() -> impl Strategy<Value = Jwk> {
    (octets(1952), octets(32), any::<bool>()).prop_map(|(public, seed, private)| {
        let public = AkpPublicKey::new(MlDsaParameters::MlDsa65, public).unwrap();
        if private {
            let key = AkpPrivateKey::new(public, seed).unwrap();
            PrivateJwk::new(PrivateKey::Akp(key)).into()
        } else {
            PublicJwk::new(PublicKey::Akp(public)).into()
        }
    })
}

fn rsa_keys() -> impl Strategy<Value = Jwk> {
    let prime = || (number(1..9), number(1..9), number(1..9));
    let crt = (prime(), number(1..9), number(1..9));
    let oth = proptest::collection::vec(prime(), 0..3);
    let private = (number(1..60), proptest::option::of((crt, oth)));
    (number(60..90), number(1..4), proptest::option::of(private)).prop_map(|(n, e, private)| {
        let public = RsaPublicKey::new(n, e).unwrap();
        let Some((d, crt)) = private else {
            return PublicJwk::new(PublicKey::Rsa(public)).into();
        };
        let (crt, oth) = crt
            .map(|(((p, q, dp), dq, qi), oth)| (RsaCrt::new(p, q, dp, dq, qi).unwrap(), oth))
            .unzip();
        let oth = oth
            .unwrap_or_default()
            .into_iter()
            .map(|(r, d, t)| RsaOtherPrime::new(r, d, t).unwrap())
            .collect();
        let key = RsaPrivateKey::new(public, d, crt).unwrap();
        PrivateJwk::new(PrivateKey::Rsa(key.with_other_primes(oth).unwrap())).into()
    })
}

fn oct_keys() -> impl Strategy<Value = Jwk> {
    proptest::collection::vec(any::<u8>(), 1..80)
        .prop_map(|k| SecretJwk::new(SecretBytes::from(k)).into())
}

fn keys() -> impl Strategy<Value = Jwk> {
    let text = || proptest::option::of(any::<String>());
    let members = (
        proptest::option::of(".{0,20}"),
        proptest::option::of("sig|enc|x"),
        text(),
        text(),
        proptest::option::of(proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 1..20),
            1..9,
        )),
        any::<Option<[u8; 20]>>(),
        any::<Option<[u8; 32]>>(),
        proptest::collection::btree_map(".{0,9}", any::<i64>(), 0..3),
    );
    let keys = prop_oneof![ec_keys(), okp_keys(), akp_keys(), rsa_keys(), oct_keys()];
    (keys, members).prop_map(
        |(mut key, (kid, key_use, alg, x5u, x5c, x5t, x5t_s256, other))| {
            let members = key.members_mut();
            members.kid = kid;
            members.key_use = key_use.as_deref().map(PublicKeyUse::from);
            members.key_ops = match &members.key_use {
                Some(PublicKeyUse::Signature) => Some(vec![KeyOperation::Sign]),
                Some(PublicKeyUse::Encryption) => Some(vec![KeyOperation::DeriveBits, "x".into()]),
                _ => None,
            };
            members.alg = members.alg.take().or(alg.as_deref().map(AlgName::new));
            members.x5u = x5u;
            members.x5c = x5c;
            members.x5t = x5t;
            members.x5t_s256 = x5t_s256;
            members.other = other
                .into_iter()
                .filter(|(name, _)| !raw::is_registered(name))
                .map(|(name, value)| (name, value.into()))
                .collect();
            key
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(key in keys()) {
        let text = key.to_json();
        prop_assert_eq!(Jwk::parse(text.as_str()).unwrap(), key.clone());
        prop_assert_eq!(Jwk::from_value(&value(&text)).unwrap(), key);
    }

    #[test]
    fn sets_that_are_printed_are_read_again(keys in proptest::collection::vec(keys(), 0..5)) {
        let set = JwkSet::new(keys);
        prop_assert_eq!(JwkSet::parse(set.to_json().as_str()).unwrap(), set);
    }

    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Jwk::parse(&octets);
        let _ = JwkSet::parse(&octets);
    }

    #[test]
    fn no_change_to_a_key_makes_it_panic(
        key in keys(),
        at in any::<prop::sample::Index>(),
        with in proptest::collection::vec(any::<u8>(), 0..4),
        cut in 0..4_usize,
    ) {
        let mut text = key.to_json().as_bytes().to_vec();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, with);
        let _ = Jwk::parse(&text);
        let set = [b"{\"keys\":[".as_slice(), &text, b"]}"].concat();
        let _ = JwkSet::parse(set);
    }
}
