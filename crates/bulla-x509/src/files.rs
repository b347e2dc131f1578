use core::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::sync::Arc;

use bulla_core::key::BoxFuture;
use bulla_core::trust::{FetchError, FetchUrl};
use url::Url;

/// Reads what stands at a `file:` URL, for [`HeaderKeys`](bulla_core::trust::HeaderKeys) that list such: a `jku` or `x5u` whose
/// document was put on this machine.
///
/// It is asked only for URLs that the application listed. Only ordinary files are read: no folder, no device, no pipe that
/// never ends.
///
/// ```
/// use std::sync::Arc;
/// use bulla_core::trust::{AllowedUrls, FetchUrl, HeaderKeys};
/// use bulla_x509::FileUrls;
///
/// # fn f(https: Arc<dyn FetchUrl>) -> Result<(), bulla_core::trust::UrlRefused> {
/// let listed = AllowedUrls::https_or_file(["file:///etc/partners/a.jwks", "https://b.example/jwks"])?;
/// let keys = HeaderKeys::new(&bulla_aws_lc::backend()).jwk_set_urls(listed, Arc::new(FileUrls::or(https)));
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct FileUrls {
    others: Option<Arc<dyn FetchUrl>>,
}

impl FileUrls {
    /// Files, and nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Files, and what this fetches: URLs of every other scheme go there.
    #[must_use]
    pub fn or(others: Arc<dyn FetchUrl>) -> Self {
        Self {
            others: Some(others),
        }
    }
}

impl FetchUrl for FileUrls {
    fn fetch<'a>(&'a self, url: &'a str, max: usize) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        let parsed = Url::parse(url).ok().filter(|url| url.scheme() == "file");
        match (parsed, &self.others) {
            // A file on this machine is read at once: there is nobody to wait for.
            (Some(url), _) => Box::pin(core::future::ready(read(&url, max))),
            (None, Some(others)) => others.fetch(url, max),
            (None, None) => Box::pin(core::future::ready(Err(FetchError::new(
                "jwk.url-refused",
                "only file: URLs are read",
            )))),
        }
    }
}

fn read(url: &Url, max: usize) -> Result<Vec<u8>, FetchError> {
    let path = url.to_file_path().map_err(|()| {
        FetchError::new("jwk.url-refused", "the URL names no file of this machine")
    })?;
    let failed = |error: io::Error| {
        let code = match error.kind() {
            io::ErrorKind::NotFound => "io.not-found",
            io::ErrorKind::PermissionDenied => "io.permission-denied",
            _ => "io.read",
        };
        FetchError::new(code, error)
    };
    // Looked at before it is opened, since opening a pipe waits for whoever writes to it.
    if !std::fs::metadata(&path).map_err(failed)?.is_file() {
        return Err(FetchError::new("io.read", "it is no ordinary file"));
    }
    let mut octets = Vec::new();
    File::open(&path)
        .and_then(|file| {
            file.take((max as u64).saturating_add(1))
                .read_to_end(&mut octets)
        })
        .map_err(failed)?;
    if octets.len() > max {
        return Err(FetchError::new(
            "jwk.limit-exceeded",
            "the file is too long",
        ));
    }
    Ok(octets)
}

impl fmt::Debug for FileUrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = if self.others.is_some() {
            ", and others"
        } else {
            ""
        };
        write!(f, "FileUrls(file:{others})")
    }
}

#[cfg(test)]
mod tests {
    use core::task::{Context, Poll, Waker};

    use super::*;

    fn fetch(files: &FileUrls, url: &str, max: usize) -> Result<Vec<u8>, &'static str> {
        let mut future = files.fetch(url, max);
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(outcome) => outcome.map_err(|error| error.code()),
            Poll::Pending => unreachable!("nobody is waited for"),
        }
    }

    #[test]
    fn a_file_within_the_limit_and_nothing_else() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/leaf.der");
        let url = Url::from_file_path(path).unwrap().to_string();
        let octets = std::fs::read(path).unwrap();
        let files = FileUrls::new();
        assert_eq!(fetch(&files, &url, octets.len()), Ok(octets.clone()));
        assert_eq!(
            fetch(&files, &url, octets.len() - 1),
            Err("jwk.limit-exceeded")
        );
        assert_eq!(
            fetch(&files, &format!("{url}.none"), 9),
            Err("io.not-found")
        );
        let folder = Url::from_file_path(env!("CARGO_MANIFEST_DIR")).unwrap();
        assert_eq!(fetch(&files, folder.as_str(), 9), Err("io.read"));
        #[cfg(unix)]
        assert_eq!(fetch(&files, "file:///dev/zero", 9), Err("io.read"));
        for other in [
            "file://elsewhere.example/etc/hosts",
            "https://a.example/",
            "leaf.der",
        ] {
            assert_eq!(fetch(&files, other, 9), Err("jwk.url-refused"), "{other}");
        }
    }

    #[test]
    fn other_urls_go_elsewhere() {
        struct Elsewhere;
        impl FetchUrl for Elsewhere {
            fn fetch<'a>(
                &'a self,
                url: &'a str,
                _: usize,
            ) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
                Box::pin(core::future::ready(Ok(url.as_bytes().to_vec())))
            }
        }
        let files = FileUrls::or(Arc::new(Elsewhere));
        assert_eq!(
            fetch(&files, "https://a.example/", 9),
            Ok(b"https://a.example/".to_vec())
        );
        assert_eq!(fetch(&files, "file:///none/at/all", 9), Err("io.not-found"));
    }
}
