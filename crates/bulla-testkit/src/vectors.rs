//! Published test vectors, read where they lie and never copied.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// Where vectors are looked for: `BULLA_VECTORS`, or else `../shared/vectors` beside the repository.
#[must_use]
pub fn directory() -> PathBuf {
    std::env::var_os("BULLA_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors"),
        PathBuf::from,
    )
}

/// The text of a vector file. Where there are no vectors at all, as in a fresh clone, says so even through the
/// test harness and returns nothing: the test that needs them then ends.
///
/// ```no_run
/// let Some(text) = bulla_testkit::vectors::text("cookbook/jws/4_1.rsa_v15_signature.json") else {
///     return;
/// };
/// ```
///
/// # Panics
///
/// Where there are vectors, but not this one.
#[must_use]
pub fn text(path: &str) -> Option<String> {
    read(&directory(), path)
}

/// [`text`], read as JSON.
///
/// # Panics
///
/// Where there are vectors, but not this one, or it is not what was expected.
#[must_use]
pub fn json<T: DeserializeOwned>(path: &str) -> Option<T> {
    let text = text(path)?;
    #[allow(clippy::panic, reason = "a test cannot go on")]
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn read(directory: &Path, path: &str) -> Option<String> {
    if !directory.is_dir() {
        // Not `eprintln!`, which the test harness keeps to itself. A closed stderr is no reason to fail.
        let _ = writeln!(
            io::stderr(),
            "SKIPPED: no vectors in {} (set BULLA_VECTORS), wanted {path}",
            directory.display()
        );
        return None;
    }
    let file = directory.join(path);
    #[allow(clippy::panic, reason = "a test cannot go on")]
    Some(
        std::fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_vectors_there_is_no_text() {
        let nowhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("no such directory");
        assert_eq!(read(&nowhere, "Cargo.toml"), None);
    }

    #[test]
    fn a_vector_is_read_where_it_lies() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(read(here, "Cargo.toml").is_some_and(|text| text.contains("bulla-testkit")));
    }

    #[test]
    #[should_panic = "no such file"]
    fn a_vector_that_is_missing_among_others_fails_the_test() {
        let _ = read(Path::new(env!("CARGO_MANIFEST_DIR")), "no such file");
    }
}
