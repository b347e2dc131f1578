//! A token of the module that the suite names, made anew in this process, with keys as the tests want them.

use std::path::PathBuf;
use std::sync::LazyLock;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;

pub(crate) const LABEL: &str = "bulla tests";
pub(crate) const PIN: &str = "97531-pin";

/// The module under test.
pub(crate) fn module_path() -> PathBuf {
    std::env::var_os("BULLA_TEST_PKCS11_MODULE")
        .expect("BULLA_TEST_PKCS11_MODULE, which `cargo xtask test kms-pkcs11` sets")
        .into()
}

/// Whether the module is Kryoptic and not SoftHSM.
pub(crate) fn is_kryoptic() -> bool {
    module_path().to_string_lossy().contains("kryoptic")
}

/// The key of this label, with the PIN in a file.
pub(crate) fn uri(label: &str) -> String {
    let pin = std::env::temp_dir().join(format!("bulla-pkcs11-pin-{}-{label}", std::process::id()));
    std::fs::write(&pin, format!("{PIN}\n")).expect("a PIN file");
    format!(
        "pkcs11:token={};object={label}?module-path={}&pin-source=file:{}",
        LABEL.replace(' ', "%20"),
        module_path().display(),
        pin.display()
    )
}

/// One token for all tests of the process; each makes keys of its own.
pub(crate) struct Token {
    session: std::sync::Mutex<Session>,
}

pub(crate) static TOKEN: LazyLock<Token> = LazyLock::new(|| {
    let module = Pkcs11::new(module_path()).expect("a module");
    module
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .expect("initialised");
    let fresh = module.get_slots_with_token().expect("slots");
    let slot = fresh
        .into_iter()
        .find(|slot| {
            module
                .get_token_info(*slot)
                .is_ok_and(|info| !info.token_initialized())
        })
        .expect("an uninitialised token");
    let so_pin = AuthPin::from("so-pin-2468");
    module.init_token(slot, &so_pin, LABEL).expect("a token");
    // SoftHSM gives a token another slot once it is initialised.
    let slot = module
        .get_slots_with_initialized_token()
        .expect("slots")
        .into_iter()
        .find(|slot| {
            module
                .get_token_info(*slot)
                .is_ok_and(|info| info.label() == LABEL)
        })
        .expect("the token");
    let session = module.open_rw_session(slot).expect("a session");
    session
        .login(UserType::So, Some(&so_pin))
        .expect("logged in");
    session.init_pin(&AuthPin::from(PIN)).expect("a PIN");
    session.logout().expect("logged out");
    session
        .login(UserType::User, Some(&AuthPin::from(PIN)))
        .expect("logged in");
    Token {
        session: session.into(),
    }
});

impl Token {
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Session) -> T) -> T {
        work(&self.session.lock().expect("not poisoned"))
    }

    /// A pair of keys with this label, both halves with the same id.
    pub(crate) fn pair(
        &self,
        mechanism: &Mechanism<'_>,
        label: &str,
        public: &[Attribute],
        private: &[Attribute],
    ) -> (ObjectHandle, ObjectHandle) {
        let common = [
            Attribute::Token(true),
            Attribute::Label(label.into()),
            Attribute::Id(label.into()),
        ];
        let public = [&common, public].concat();
        let private = [
            &common,
            &[
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
            ],
            private,
        ]
        .concat();
        patiently(label, || {
            self.with(|session| session.generate_key_pair(mechanism, &public, &private))
        })
    }

    pub(crate) fn rsa(&self, label: &str, bits: u64) {
        self.pair(
            &Mechanism::RsaPkcsKeyPairGen,
            label,
            &[
                Attribute::ModulusBits(bits.into()),
                Attribute::PublicExponent(vec![1, 0, 1]),
                Attribute::Verify(true),
                Attribute::Encrypt(true),
            ],
            &[Attribute::Sign(true), Attribute::Decrypt(true)],
        );
    }

    /// A pair on the curve of this DER, to sign, to agree, or both.
    pub(crate) fn ec(&self, label: &str, curve: &[u8], sign: bool, derive: bool) {
        self.pair(
            &Mechanism::EccKeyPairGen,
            label,
            &[Attribute::EcParams(curve.to_vec()), Attribute::Verify(sign)],
            &[Attribute::Sign(sign), Attribute::Derive(derive)],
        );
    }

    pub(crate) fn secret(&self, label: &str, kind: KeyType, value: &[u8], uses: &[Attribute]) {
        let template = [
            &[
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::KeyType(kind),
                Attribute::Token(true),
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Label(label.into()),
                Attribute::Id(label.into()),
                Attribute::Value(value.to_vec()),
            ],
            uses,
        ]
        .concat();
        patiently(label, || {
            self.with(|session| session.create_object(&template))
        });
    }
}

/// SoftHSM's files are not always ready for threads that make keys while others look for some: now and then one of them
/// is told of a general error, and is served when it asks again. What a token really lacks, it lacks each time.
fn patiently<T, E: std::fmt::Display>(label: &str, make: impl Fn() -> Result<T, E>) -> T {
    let made = (0..4).find_map(|_| {
        let made = make().ok();
        if made.is_none() {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        made
    });
    made.unwrap_or_else(|| make().unwrap_or_else(|error| panic!("{label}: {error}")))
}

pub(crate) const P256: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
pub(crate) const P384: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 0x22];
pub(crate) const P521: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 0x23];
pub(crate) const K256: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 0x0a];
pub(crate) const ED25519: &[u8] = b"\x13\x0cedwards25519";
