//! Which of the tokens that a module sees is meant.

use cryptoki::context::Pkcs11;
use cryptoki::slot::{Slot, TokenInfo};

use super::error::Failed;
use crate::{Pkcs11Uri, VaultError};

/// The token that a URI describes. What it leaves out matches every token.
pub(super) fn find(module: &Pkcs11, uri: &Pkcs11Uri) -> Result<(Slot, TokenInfo), Failed> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for slot in module.get_slots_with_token()? {
        // A token that is taken out at this moment is not there.
        let Ok(info) = module.get_token_info(slot) else {
            continue;
        };
        if !info.token_initialized() {
            continue;
        }
        seen.push(format!("{:?}", info.label()));
        if is_meant(uri, slot, &info) {
            found.push((slot, info));
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Failed::from(VaultError::NotFound {
            detail: match seen.is_empty() {
                true => "no token is there".into(),
                false => format!("no such token; there are {}", seen.join(", ")).into(),
            },
        })),
        (Some((_, one)), Some((_, other))) => Err(Failed::from(VaultError::Ambiguous {
            detail: format!(
                "the tokens {} and {}; say which",
                named(&one),
                named(&other)
            )
            .into(),
        })),
    }
}

/// What tells a token from others. A serial number alone does not: some vendors give all of theirs one and the same, and
/// the PIN of one would be tried on another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    label: String,
    manufacturer: String,
    model: String,
    pub(super) serial: String,
}

impl Identity {
    pub(super) fn of(info: &TokenInfo) -> Self {
        Self {
            label: info.label().to_owned(),
            manufacturer: info.manufacturer_id().to_owned(),
            model: info.model().to_owned(),
            serial: info.serial_number().to_owned(),
        }
    }

    #[cfg(test)]
    pub(super) fn of_test(label: &str, serial: &str) -> Self {
        Self {
            label: label.to_owned(),
            manufacturer: "m".to_owned(),
            model: "m".to_owned(),
            serial: serial.to_owned(),
        }
    }
}

/// The token that was found before, in this slot or by now in another.
pub(super) fn find_again(module: &Pkcs11, token: &Identity, before: Slot) -> Result<Slot, Failed> {
    let mut seen = Vec::new();
    for slot in module.get_slots_with_token()? {
        if let Ok(info) = module.get_token_info(slot) {
            seen.push((slot, Identity::of(&info)));
        }
    }
    Ok(same(&seen, token, before)?)
}

/// Of tokens that cannot be told apart, the one in the slot that it was in.
fn same<S: Copy + PartialEq>(
    seen: &[(S, Identity)],
    token: &Identity,
    before: S,
) -> Result<S, VaultError> {
    let alike = seen.iter().filter(|(_, found)| found == token);
    let alike: Vec<S> = alike.map(|(slot, _)| *slot).collect();
    match alike.as_slice() {
        _ if alike.contains(&before) => Ok(before),
        [only] => Ok(*only),
        [] => Err(VaultError::unavailable("the token is not there any more")),
        _ => Err(VaultError::Ambiguous {
            detail: "several tokens are like the one that was there".into(),
        }),
    }
}

fn is_meant(uri: &Pkcs11Uri, slot: Slot, info: &TokenInfo) -> bool {
    let same = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
    same(uri.token(), info.label())
        && same(uri.serial(), info.serial_number())
        && same(uri.manufacturer(), info.manufacturer_id())
        && same(uri.model(), info.model())
        && uri.slot_id().is_none_or(|id| id == slot.id())
}

fn named(info: &TokenInfo) -> String {
    format!("token={};serial={}", info.label(), info.serial_number())
}

#[cfg(test)]
mod tests {
    use super::{Identity, same};

    #[test]
    fn a_serial_number_that_all_have_is_not_enough() {
        let one = Identity::of_test("one", "0000");
        let two = Identity::of_test("two", "0000");
        let both = [(1, one.clone()), (2, two.clone())];
        assert_eq!(same(&both, &two, 2), Ok(2));
        assert_eq!(same(&both, &two, 1), Ok(2), "it moved");
        let error = same(&[(1, one.clone())], &two, 1).expect_err("another token");
        assert_eq!(error.code(), "remote.unavailable");

        let twins = [(1, one.clone()), (2, one.clone())];
        assert_eq!(same(&twins, &one, 2), Ok(2));
        let error = same(&twins, &one, 3).expect_err("twins");
        assert_eq!(error.code(), "remote.ambiguous");
    }
}
