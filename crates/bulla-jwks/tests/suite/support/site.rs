use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bulla_core::key::BoxFuture;
use bulla_jwks::http::{Document, Fetch, FetchError, Request, Response, Unreachable};

/// Documents at URLs; nothing (404) everywhere else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    documents: Arc<Mutex<HashMap<String, Result<String, FetchError>>>>,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Site {
    pub(crate) fn put(&self, url: &str, document: impl Into<String>) {
        self.documents
            .lock()
            .unwrap()
            .insert(url.into(), Ok(document.into()));
    }

    pub(crate) fn fail(&self, url: &str, status: u16) {
        let error = FetchError::Unavailable {
            why: Unreachable::Status { status },
            retry_after: None,
        };
        self.documents
            .lock()
            .unwrap()
            .insert(url.into(), Err(error));
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn times_asked(&self, url: &str) -> usize {
        self.asked()
            .iter()
            .filter(|request| request.url.as_str() == url)
            .count()
    }
}

impl Fetch for Site {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, FetchError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(request.clone());
            let nothing = FetchError::Unavailable {
                why: Unreachable::Status { status: 404 },
                retry_after: None,
            };
            let found = self
                .documents
                .lock()
                .unwrap()
                .get(request.url.as_str())
                .cloned();
            found.unwrap_or(Err(nothing)).map(|text| {
                let mut document = Document::new(text);
                document.etag = Some(format!("\"{}\"", request.url));
                Response::Document(document)
            })
        })
    }
}
