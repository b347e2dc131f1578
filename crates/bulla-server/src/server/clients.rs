use std::collections::HashMap;

use super::Client;

/// The clients by their identifiers.
#[derive(Clone, Debug, Default)]
pub struct Clients(HashMap<String, Client>);

impl Clients {
    /// The client of this identifier. It is compared octet for octet.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Client> {
        self.0.get(id)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Client> {
        self.0.values()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Of two with one identifier the later one counts.
impl FromIterator<Client> for Clients {
    fn from_iter<I: IntoIterator<Item = Client>>(clients: I) -> Self {
        let named = clients.into_iter();
        Self(
            named
                .map(|client| (client.id().to_owned(), client))
                .collect(),
        )
    }
}
