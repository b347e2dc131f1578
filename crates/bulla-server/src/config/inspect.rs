use std::fs;

use bulla::jwa::SignatureAlg;
use bulla::oauth::assertion::Profile;

use super::{
    Config, Given, Jwks, KeyRefs, Problem, Signing, StoreLocation, encryption_key, keys, rules, tls,
};
use crate::store::{SqliteStore, StoreError};

impl Config {
    /// Reads whatever the configuration names, and starts and changes nothing: certificate, keys, store. Returns every
    /// mistake.
    pub async fn inspect(&self, key_refs: &dyn KeyRefs) -> Vec<Problem> {
        let mut problems = self.inspect_named(key_refs).await;
        if problems.is_empty() {
            problems.extend(self.inspect_sealed(key_refs).await);
        }
        problems
    }

    /// All but whether the keys in the store can be opened: who opens them is told why they cannot.
    pub(super) async fn inspect_named(&self, key_refs: &dyn KeyRefs) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(named) = &self.tls {
            problems.extend(tls::read(named).err());
        }
        problems.extend(self.inspect_signing_key(key_refs).await);
        let found = encryption_key::find(self, key_refs, &bulla::backend()).await;
        problems.extend(found.err());
        problems.extend(self.inspect_store());
        for client in &self.clients {
            let used: &[SignatureAlg] = match client.algorithms.as_slice() {
                [] => self.profile.algorithms(),
                named => named,
            };
            problems.extend(inspect_file(&client.jwks, used));
        }
        for issuer in &self.trusted_issuers {
            problems.extend(inspect_file(&issuer.jwks, Profile::Legacy.algorithms()));
        }
        problems
    }

    /// Whether the key that the keys in the store are encrypted with is there, and is that key.
    async fn inspect_sealed(&self, key_refs: &dyn KeyRefs) -> Option<Problem> {
        let StoreLocation::Sqlite(path) = &self.store.value;
        let realm = match &self.issuer {
            Some(given) => given.value.to_string(),
            None => format!("http://{}", self.listen.value),
        };
        let keys = SqliteStore::read_keys(path, &realm).ok().flatten()?;
        let found = encryption_key::find(self, key_refs, &bulla::backend()).await;
        let what = match found.ok()? {
            None if keys.generation > 0 => "is gone".to_owned(),
            Some(key) if matches!(self.signing, Signing::Stored(_)) => {
                let mut records = keys.keys.iter();
                let sealed = records
                    .find(|record| key.open(&realm, &record.kid, &record.sealed).is_none())?;
                format!("does not open the signing key {}", sealed.kid)
            }
            _ => return None,
        };
        let place = self.key_encryption_key.as_ref();
        let what = match place {
            Some(_) => format!("key_encryption_key: it {what}"),
            None => format!("{} {what}", encryption_key::beside(self).display()),
        };
        let place = place.map_or(&self.store.place, |given| &given.place);
        let fix = "restore it from its copy; without it, move the store away";
        Some(Problem::new(place, what, fix))
    }

    async fn inspect_signing_key(&self, key_refs: &dyn KeyRefs) -> Option<Problem> {
        let Signing::Key { keyref, alg } = &self.signing else {
            return None;
        };
        let opened = key_refs
            .signing_key(&keyref.value, keyref.folder(), *alg)
            .await;
        let key = match opened {
            Ok(key) => key,
            Err(error) => {
                let what = format!("signing_key: {error}");
                return Some(Problem::new(&keyref.place, what, error.fix()));
            }
        };
        let allowed = self.profile.algorithms();
        let name = key.signer().alg();
        let is_allowed = allowed.iter().any(|alg| alg.name() == name);
        (self.profile == Profile::Fapi2 && !is_allowed).then(|| {
            Problem::new(
                &keyref.place,
                format!("signing_key: {name} is not for the profile fapi2"),
                format!("use a key for one of {}", rules::names(allowed)),
            )
        })
    }

    fn inspect_store(&self) -> Option<Problem> {
        let StoreLocation::Sqlite(path) = &self.store.value;
        let error = SqliteStore::check(path).err()?;
        let fix = match &error {
            StoreError::Permissions { path, .. } => format!("chmod 600 {}", path.display()),
            StoreError::Foreign => "name another file; this one is left alone".to_owned(),
            StoreError::Newer { .. } => "run the version that wrote it, or a newer one".to_owned(),
            _ => "name a file in a folder that is there and can be written to".to_owned(),
        };
        Some(Problem::new(
            &self.store.place,
            format!("store: {error}"),
            fix,
        ))
    }
}

fn inspect_file(jwks: &Given<Jwks>, used: &[SignatureAlg]) -> Option<Problem> {
    let Jwks::File(path) = &jwks.value else {
        return None;
    };
    let octets = match fs::read(path) {
        Ok(octets) => octets,
        Err(error) => {
            return Some(Problem::new(
                &jwks.place,
                format!("jwks_file: {}: {error}", path.display()),
                "name a file that holds a JWK Set; relative paths begin at the folder of the configuration",
            ));
        }
    };
    let (what, fix) = keys::set(&octets, used).err()?;
    let what = format!("jwks_file: {}: {what}", path.display());
    Some(Problem::new(&jwks.place, what, fix))
}
