//! Sessions with one token, for one key: opened when they are needed, used again, and opened anew after the token was away.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::Slot;

use super::error::{Failed, describe};
use super::object::{self, Wanted};
use super::token::Identity;
use super::{Pin, module, refused, token};
use crate::VaultError;

/// What is needed to open everything again.
pub(super) struct Sessions {
    module: Pkcs11,
    token: Identity,
    wanted: Wanted,
    pin: Option<Pin>,
    state: Mutex<State>,
}

struct State {
    /// Where the token is, or was.
    slot: Slot,
    connection: Option<Connection>,
    /// Counts connections, so that a session of an earlier one is known as such.
    number: u64,
}

struct Connection {
    slot: Slot,
    key: ObjectHandle,
    idle: Vec<Session>,
    /// Keeps the login while no other session is open (PKCS#11 2.40 §5.6, `C_CloseSession`), and does nothing else.
    _login: Session,
}

/// A session on loan.
struct Loan {
    session: Session,
    key: ObjectHandle,
    number: u64,
}

impl Sessions {
    pub(super) fn new(
        module: Pkcs11,
        (slot, token): (Slot, Identity),
        wanted: Wanted,
        pin: Option<Pin>,
    ) -> Self {
        Self {
            module,
            token,
            wanted,
            pin,
            state: Mutex::new(State {
                slot,
                connection: None,
                number: 0,
            }),
        }
    }

    /// Does something with the key in a session of its own. Where the session turns out to be lost, everything is opened
    /// anew, once.
    pub(super) fn with<T>(
        &self,
        work: impl Fn(&Session, ObjectHandle) -> Result<T, Failed>,
    ) -> Result<T, VaultError> {
        match self.once(&work) {
            Err(Failed::Lost(_)) => self.once(&work).map_err(Failed::into_vault),
            result => result.map_err(Failed::into_vault),
        }
    }

    fn once<T>(
        &self,
        work: &impl Fn(&Session, ObjectHandle) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let loan = self.borrow()?;
        let result = work(&loan.session, loan.key);
        match &result {
            Ok(_) | Err(Failed::Answered(VaultError::Refused)) => self.give_back(loan),
            Err(Failed::Lost(_)) => self.forget(loan),
            // What the session is in the middle of is not known: it is closed.
            Err(Failed::Answered(_)) => drop(loan),
        }
        result
    }

    fn borrow(&self) -> Result<Loan, Failed> {
        let mut state = self.lock();
        if state.connection.is_none() {
            let connection = self.connect(state.slot)?;
            state.slot = connection.slot;
            state.number += 1;
            state.connection = Some(connection);
        }
        let number = state.number;
        let Some(connection) = &mut state.connection else {
            return Err(Failed::from(VaultError::unavailable("no connection")));
        };
        let (slot, key) = (connection.slot, connection.key);
        let idle = connection.idle.pop();
        drop(state);
        let session = match idle {
            Some(session) => session,
            None => match self.module.open_ro_session(slot) {
                Ok(session) => session,
                Err(error) => {
                    let failed = Failed::from(error);
                    if let Failed::Lost(_) = failed {
                        self.disconnect(number);
                    }
                    return Err(failed);
                }
            },
        };
        Ok(Loan {
            session,
            key,
            number,
        })
    }

    fn give_back(&self, loan: Loan) {
        let mut state = self.lock();
        if state.number == loan.number
            && let Some(connection) = &mut state.connection
        {
            connection.idle.push(loan.session);
        }
    }

    fn forget(&self, loan: Loan) {
        let number = loan.number;
        drop(loan);
        self.disconnect(number);
    }

    /// Closes what belongs to this connection, unless somebody has opened the next one already.
    fn disconnect(&self, number: u64) {
        let mut state = self.lock();
        if state.number == number {
            // Closed before anything is opened: a module may give the same handles again.
            state.connection = None;
        }
    }

    /// Finds the token, logs in, and finds the key, whose handle may be another one.
    fn connect(&self, before: Slot) -> Result<Connection, Failed> {
        let slot = match token::find_again(&self.module, &self.token, before) {
            Err(Failed::Lost(Error::Pkcs11(RvError::CryptokiNotInitialized, _))) => {
                module::initialize(&self.module)?;
                token::find_again(&self.module, &self.token, before)?
            }
            found => found?,
        };
        let session = self.module.open_ro_session(slot)?;
        login(&self.module, slot, &session, self.pin.as_ref())?;
        let key = object::find_again(&session, &self.wanted)?;
        Ok(Connection {
            slot,
            key,
            idle: Vec::new(),
            _login: session,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Logs the user in, unless the process is logged in already: logins are of a process and a token, not of a session.
pub(super) fn login(
    module: &Pkcs11,
    slot: Slot,
    session: &Session,
    pin: Option<&Pin>,
) -> Result<(), Failed> {
    let state = session.get_session_info()?.session_state();
    if matches!(state, SessionState::RoUser | SessionState::RwUser) {
        return Ok(());
    }
    let _turn = pin.map(|_| refused::turn());
    let info = module.get_token_info(slot)?;
    let result = match pin {
        Some(pin) => {
            let denied = |why: &str| Err(Failed::from(VaultError::Denied { detail: why.into() }));
            if refused::knows(&Identity::of(&info), pin) {
                return denied("the PIN was refused before, and is not tried again");
            }
            if info.user_pin_locked() {
                return denied("the PIN is locked");
            }
            if info.user_pin_final_try() {
                return denied(
                    "one more wrong PIN would lock the token; log in once with its own tool, then try again",
                );
            }
            session.login_with_raw(UserType::User, &pin.raw())
        }
        // A key pad of the token's own asks for it.
        None if info.protected_authentication_path() && info.login_required() => {
            session.login(UserType::User, None)
        }
        // There may be keys that need no login.
        None => return Ok(()),
    };
    match result {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(error) => {
            if let Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            ) = error
                && let Some(pin) = pin
            {
                refused::remember(Identity::of(&info), pin);
            }
            tracing::error!(target: "bulla::kms", provider = super::PROVIDER, error = describe(&error), "login failed");
            Err(error.into())
        }
    }
}
