use super::*;

const SET: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

fn day(days: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(days * 86_400)
}

async fn saved(folder: &tempfile::TempDir) -> (Store, PathBuf) {
    let path = folder.path().join("keys.json");
    let store = Store::new(path.clone(), "https://issuer.example/jwks");
    let version = Version {
        etag: Some("\"1\"".into()),
        ..Version::new("https://issuer.example/jwks")
    };
    let set = JwkSet::parse(SET).unwrap();
    store
        .save(&set, Some(&version), Duration::from_secs(600), day(100))
        .await
        .unwrap();
    (store, path)
}

#[tokio::test]
async fn what_is_saved_is_read_with_its_age_and_version() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = saved(&folder).await;
    let read = store.load(day(101)).unwrap().unwrap();
    assert_eq!(read.age, Duration::from_secs(86_400));
    assert_eq!(read.ttl, Duration::from_secs(600));
    assert_eq!(read.set, JwkSet::parse(SET).unwrap());
    assert_eq!(read.version.unwrap().etag.as_deref(), Some("\"1\""));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no half-written file beside it"
    );
}

#[tokio::test]
async fn what_another_version_of_this_crate_read_is_fetched_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (store, path) = saved(&folder).await;
    let text = std::fs::read_to_string(&path).unwrap();
    let ours = format!("\"read_by\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&ours));
    for other in ["\"read_by\": \"0.0.0\"", "\"read_by\": null"] {
        std::fs::write(&path, text.replace(&ours, other)).unwrap();
        let read = store.load(day(101)).unwrap().unwrap();
        assert_eq!(read.version, None, "{other}");
        assert_eq!(read.set, JwkSet::parse(SET).unwrap());
    }
}

#[tokio::test]
async fn a_set_from_the_future_or_of_another_source_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let (store, path) = saved(&folder).await;
    assert_eq!(
        store.load(day(99)).unwrap_err().kind(),
        io::ErrorKind::InvalidData
    );
    let other = Store::new(path.clone(), "https://other.example/jwks");
    assert_eq!(
        other.load(day(101)).unwrap_err().kind(),
        io::ErrorKind::InvalidData
    );
    for garbage in ["", "{}", "{\"source\":1}", "\u{0}"] {
        std::fs::write(&path, garbage).unwrap();
        assert!(store.load(day(101)).is_err(), "{garbage:?}");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(store.load(day(101)).unwrap().is_none());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_or_write_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (_, path) = saved(&folder).await;
    assert_eq!(
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
