use crate::server::ClientKeys;

/// An issuer whose assertions are accepted as grants (RFC 7523 §2.1).
#[derive(Clone, Debug)]
#[must_use]
pub struct TrustedIssuer {
    issuer: String,
    keys: ClientKeys,
    subject_prefix: String,
    clients: Option<Vec<String>>,
}

impl TrustedIssuer {
    /// An issuer whose assertions every client may present that may use the grant. `issuer` is compared with `iss` as
    /// text.
    pub fn new(issuer: impl Into<String>, keys: ClientKeys) -> Self {
        Self {
            issuer: issuer.into(),
            keys,
            subject_prefix: String::new(),
            clients: None,
        }
    }

    /// Goes before the issuer's `sub` in our tokens. A subject is unique among those of its issuer alone: of several
    /// issuers each needs its own prefix, none of which begins another.
    pub fn with_subject_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.subject_prefix = prefix.into();
        self
    }

    /// Only these clients may present its assertions.
    pub fn with_clients(mut self, clients: impl IntoIterator<Item: Into<String>>) -> Self {
        self.clients = Some(clients.into_iter().map(Into::into).collect());
        self
    }

    /// Its identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its keys.
    #[must_use]
    pub const fn keys(&self) -> &ClientKeys {
        &self.keys
    }

    /// What goes before its subjects.
    #[must_use]
    pub fn subject_prefix(&self) -> &str {
        &self.subject_prefix
    }

    /// Whether this client may present its assertions.
    #[must_use]
    pub fn admits(&self, client_id: &str) -> bool {
        let clients = self.clients.as_ref();
        clients.is_none_or(|clients| clients.iter().any(|client| client == client_id))
    }
}
