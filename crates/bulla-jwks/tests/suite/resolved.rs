//! Published keys, for the core's key resolvers.

use bulla_core::jwa::HashAlg;
use bulla_core::jwk::{Jwk, thumbprint};
use bulla_core::trust::{FoundBy, KeyName, ResolveKey, Trust};
use bulla_jwks::https;

use crate::support::{Issuer, Key, URL};

#[tokio::test(start_paused = true)]
async fn a_published_key_is_found_by_its_names_and_a_new_one_by_asking() {
    let (known, new) = (Key::new("known"), Key::new("new"));
    let issuer = Issuer::new(&[&known]);
    let keys = https(URL).client(issuer.clone()).start().unwrap();
    let digest = thumbprint::of_public(known.public().key(), HashAlg::Sha256);
    let digest: &[u8; 32] = digest.as_ref().try_into().unwrap();
    for (name, found_by) in [
        (KeyName::Kid("known"), FoundBy::Kid),
        (KeyName::Thumbprint(digest), FoundBy::Thumbprint),
    ] {
        let found = keys.resolve(name).await.unwrap();
        assert_eq!(**found[0], Jwk::Public(known.public()));
        let name = URL.to_owned();
        assert_eq!(*found[0].why(), Trust::Resolver { name, found_by });
    }
    assert_eq!(issuer.asked(), 1);
    issuer.publish(&[&known, &new]);
    assert_eq!(keys.resolve(KeyName::Kid("new")).await.unwrap().len(), 1);
    assert!(
        keys.resolve(KeyName::Kid("never"))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        keys.resolve(KeyName::CertificateSha256(&[0; 32]))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        keys.resolve(KeyName::CertificateSha1(&[0; 20]))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        issuer.asked(),
        2,
        "strangers' names cause no more than the cooldown allows"
    );

    let down = Issuer::new(&[]);
    down.fail();
    let keys = https(URL).client(down).start().unwrap();
    let error = keys.resolve(KeyName::Kid("known")).await.unwrap_err();
    assert_eq!(error.code(), "remote.unavailable");
}
