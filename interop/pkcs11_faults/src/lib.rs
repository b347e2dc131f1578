//! A PKCS#11 module in front of the one that `BULLA_FAULTS_MODULE` names. It writes what is called into the file
//! `BULLA_FAULTS_LOG`, and fails as the file `BULLA_FAULTS_CONTROL` says: a line `removed` takes the token out; a line
//! `C_Sign 48 2` lets the next two calls of `C_Sign` fail with the code 48.

mod faults;

use std::sync::OnceLock;

use cryptoki_sys::{
    CK_BBOOL, CK_BYTE, CK_FLAGS, CK_FUNCTION_LIST, CK_MECHANISM, CK_NOTIFY, CK_OBJECT_HANDLE,
    CK_RV, CK_SESSION_HANDLE, CK_SESSION_INFO, CK_SLOT_ID, CK_TOKEN_INFO, CK_ULONG, CK_USER_TYPE,
    CKR_GENERAL_ERROR, CKR_OK, CKR_SESSION_HANDLE_INVALID, CKR_TOKEN_NOT_PRESENT, Pkcs11,
};

use crate::faults::{fault, note};

/// The module behind, and the table that is given out for it.
struct Tables {
    _module: Pkcs11,
    real: CK_FUNCTION_LIST,
    ours: CK_FUNCTION_LIST,
}

static TABLES: OnceLock<Option<Tables>> = OnceLock::new();

/// `C_GetFunctionList` of PKCS#11 2.40.
///
/// # Safety
///
/// As PKCS#11 has it: `list` points to where the table's address is to be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    match TABLES.get_or_init(|| unsafe { load() }) {
        Some(tables) => {
            unsafe { *list = std::ptr::from_ref(&tables.ours).cast_mut() };
            CKR_OK
        }
        None => CKR_GENERAL_ERROR,
    }
}

unsafe fn load() -> Option<Tables> {
    let path = std::env::var_os("BULLA_FAULTS_MODULE")?;
    let module = unsafe { Pkcs11::new(path) }.ok()?;
    let mut list = std::ptr::null_mut();
    if unsafe { module.C_GetFunctionList(&raw mut list) } != CKR_OK {
        return None;
    }
    let real = unsafe { *list };
    let mut ours = real;
    ours.C_GetFunctionList = Some(C_GetFunctionList);
    ours.C_GetSlotList = Some(get_slot_list);
    ours.C_GetTokenInfo = Some(get_token_info);
    ours.C_OpenSession = Some(open_session);
    ours.C_GetSessionInfo = Some(get_session_info);
    ours.C_Login = Some(login);
    ours.C_SignInit = Some(sign_init);
    ours.C_Sign = Some(sign);
    ours.C_DecryptInit = Some(decrypt_init);
    ours.C_Decrypt = Some(decrypt);
    Some(Tables {
        _module: module,
        real,
        ours,
    })
}

/// Passes a call on, unless it is to fail: with the code that is wanted, or with this one where the token is out.
macro_rules! pass {
    ($name:ident, $out:expr, $($argument:expr),*) => {{
        note(stringify!($name));
        let Some(Some(tables)) = TABLES.get() else { return CKR_GENERAL_ERROR };
        let close = || close_all(&tables.real);
        if let Some(code) = fault(stringify!($name), $out, close) {
            return code;
        }
        match tables.real.$name {
            Some(function) => unsafe { function($($argument),*) },
            None => CKR_GENERAL_ERROR,
        }
    }};
}

/// What happens to sessions when a token is taken out (PKCS#11 2.40 §2.6.8): all are closed, and everybody logged out.
fn close_all(real: &CK_FUNCTION_LIST) {
    let (Some(list), Some(close)) = (real.C_GetSlotList, real.C_CloseAllSessions) else {
        return;
    };
    let mut slots = [0; 64];
    let mut count = 64;
    if unsafe { list(1, slots.as_mut_ptr(), &raw mut count) } == CKR_OK {
        let count = usize::try_from(count).unwrap_or_default();
        for slot in slots.iter().take(count) {
            unsafe { close(*slot) };
        }
    }
}

unsafe extern "C" fn get_slot_list(
    present: CK_BBOOL,
    slots: *mut CK_SLOT_ID,
    count: *mut CK_ULONG,
) -> CK_RV {
    let code = pass(present, slots, count);
    // With the token out there is no slot that has one.
    if faults::is_removed() {
        unsafe { *count = 0 };
        return CKR_OK;
    }
    return code;

    fn pass(present: CK_BBOOL, slots: *mut CK_SLOT_ID, count: *mut CK_ULONG) -> CK_RV {
        pass!(C_GetSlotList, CKR_TOKEN_NOT_PRESENT, present, slots, count)
    }
}

unsafe extern "C" fn get_token_info(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO) -> CK_RV {
    pass!(C_GetTokenInfo, CKR_TOKEN_NOT_PRESENT, slot, info)
}

unsafe extern "C" fn open_session(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    application: *mut std::os::raw::c_void,
    notify: CK_NOTIFY,
    session: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    pass!(
        C_OpenSession,
        CKR_TOKEN_NOT_PRESENT,
        slot,
        flags,
        application,
        notify,
        session
    )
}

unsafe extern "C" fn get_session_info(
    session: CK_SESSION_HANDLE,
    info: *mut CK_SESSION_INFO,
) -> CK_RV {
    pass!(C_GetSessionInfo, CKR_SESSION_HANDLE_INVALID, session, info)
}

unsafe extern "C" fn login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_BYTE,
    len: CK_ULONG,
) -> CK_RV {
    pass!(C_Login, CKR_SESSION_HANDLE_INVALID, session, user, pin, len)
}

unsafe extern "C" fn sign_init(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    pass!(
        C_SignInit,
        CKR_SESSION_HANDLE_INVALID,
        session,
        mechanism,
        key
    )
}

unsafe extern "C" fn sign(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    len: CK_ULONG,
    signature: *mut CK_BYTE,
    signature_len: *mut CK_ULONG,
) -> CK_RV {
    if let Ok(len) = usize::try_from(len) {
        let octets = unsafe { std::slice::from_raw_parts(data, len) };
        let hexadecimal: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        note(&format!("data {hexadecimal}"));
    }
    pass!(
        C_Sign,
        CKR_SESSION_HANDLE_INVALID,
        session,
        data,
        len,
        signature,
        signature_len
    )
}

unsafe extern "C" fn decrypt_init(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    pass!(
        C_DecryptInit,
        CKR_SESSION_HANDLE_INVALID,
        session,
        mechanism,
        key
    )
}

unsafe extern "C" fn decrypt(
    session: CK_SESSION_HANDLE,
    encrypted: *mut CK_BYTE,
    len: CK_ULONG,
    plain: *mut CK_BYTE,
    plain_len: *mut CK_ULONG,
) -> CK_RV {
    pass!(
        C_Decrypt,
        CKR_SESSION_HANDLE_INVALID,
        session,
        encrypted,
        len,
        plain,
        plain_len
    )
}
