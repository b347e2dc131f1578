use std::sync::Arc;

use super::expect::Demands;
use super::registered::Claim;

/// Which checks a token passed.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    typ: bool,
    /// One bit a [`Claim`].
    claims: u8,
    demands: Option<Arc<Demands>>,
}

impl Checked {
    pub(super) const fn new(typ: bool, demands: Option<Arc<Demands>>) -> Self {
        Self {
            typ,
            claims: 0,
            demands,
        }
    }

    pub(super) const fn note(&mut self, claim: Claim) {
        self.claims |= 1 << claim as u8;
    }

    const fn has(&self, claim: Claim) -> bool {
        self.claims & (1 << claim as u8) != 0
    }

    pub(super) fn names<'a>(&'a self) -> impl Iterator<Item = &'a str> {
        let claims = Claim::ALL
            .into_iter()
            .filter(|claim| self.has(*claim))
            .map(|claim| -> &'a str { claim.name() });
        let demands = self.demands.as_deref();
        let required = demands.map_or(&[][..], |demands| &demands.required);
        let required = required
            .iter()
            .filter(|name| Claim::of(name).is_none_or(|claim| !self.has(claim)));
        let own = demands.map_or(&[][..], |demands| &demands.checks);
        self.typ
            .then_some::<&'a str>("typ")
            .into_iter()
            .chain(claims)
            .chain(required.map(|name| &**name))
            .chain(own.iter().map(|check| &*check.name))
    }
}
