//! PINs that a token has refused. The third time locks most tokens, whichever key it was sent for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Pin;
use super::token::Identity;

/// Lets one thread send a PIN at a time: several that send the same wrong one at once would be as many tries.
pub(super) fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a PIN from being sent to this token again, for as long as the process lives: whoever opens keys again and again,
/// or several of them, would lock the token as surely as whoever signs with one.
pub(super) fn remember(token: Identity, pin: &Pin) {
    if !knows(&token, pin) {
        let mut refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
        refused.push((token, pin.clone()));
    }
}

/// Whether this token has refused this PIN.
pub(super) fn knows(token: &Identity, pin: &Pin) -> bool {
    let refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut of_token = refused.iter().filter(|(known, _)| known == token);
    of_token.any(|(_, known)| known.is_same(pin))
}

static TURN: Mutex<()> = Mutex::new(());
static REFUSED: Mutex<Vec<(Identity, Pin)>> = Mutex::new(Vec::new());

#[cfg(test)]
mod tests {
    use super::{Identity, Pin, knows, remember};

    #[test]
    fn a_pin_and_its_token_alone() {
        let one = Identity::of_test("refused-1", "0000");
        let two = Identity::of_test("refused-2", "0000");
        remember(one.clone(), &Pin::new("1234"));
        assert!(knows(&one, &Pin::new("1234")));
        assert!(!knows(&one, &Pin::new("12345")));
        assert!(!knows(&two, &Pin::new("1234")));
    }
}
