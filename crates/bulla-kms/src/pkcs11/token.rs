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

/// The token of this serial number, which was found before.
pub(super) fn find_again(module: &Pkcs11, serial: &str) -> Result<Slot, Failed> {
    for slot in module.get_slots_with_token()? {
        let info = module.get_token_info(slot);
        if info.is_ok_and(|info| info.serial_number() == serial) {
            return Ok(slot);
        }
    }
    Err(Failed::from(VaultError::unavailable(
        "the token is not there any more",
    )))
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
