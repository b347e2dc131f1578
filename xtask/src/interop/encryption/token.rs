//! One encryption: what is asked of whoever encrypts, and of whoever decrypts.

use serde_json::{Value, json};

use super::algorithm::{ContentEncryption, KeyKind, KeyManagement};
use super::keyring::KeyPair;
use crate::Failure;
use crate::interop::party::{Party, base64url, member, same};

/// PBES2 iterations: no peer's limit is below.
const ITERATIONS: u32 = 8192;

/// Content that is not text and fills no block.
pub(super) const CONTENT: &[u8] = b"\x00 any octets \xff\n";

/// An algorithm, a content encryption, a form, and what else is asked for.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) row: &'static KeyManagement,
    pub(super) enc: &'static ContentEncryption,
    pub(super) form: &'static str,
    /// More members of the question: `zip`, `aad`, `apu`, `apv`, `p2c`, `cty`.
    pub(super) more: Value,
}

impl Kind {
    pub(super) fn compact(row: &'static KeyManagement, enc: &'static ContentEncryption) -> Self {
        let more = match row.key {
            KeyKind::Password => json!({ "p2c": ITERATIONS }),
            _ => json!({}),
        };
        Self {
            row,
            enc,
            form: "compact",
            more,
        }
    }

    /// The row of these names, compact.
    pub(super) fn named(alg: &str, curve: Option<&str>, enc: &str) -> Result<Self, Failure> {
        let row = KeyManagement::named(alg, curve).ok_or("no such row")?;
        let enc = ContentEncryption::named(enc).ok_or("no such content encryption")?;
        Ok(Self::compact(row, enc))
    }

    pub(super) fn form(mut self, form: &'static str) -> Self {
        self.form = form;
        self
    }

    /// The same with one more member.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Some(members) = self.more.as_object_mut() {
            members.insert(name.to_owned(), value.into());
        }
        self
    }

    /// How a case names it.
    pub(super) fn name(&self) -> String {
        format!("{}::{}", self.row, self.enc.enc)
    }

    /// A token over `plaintext`.
    pub(super) fn encrypt(
        &self,
        party: &mut dyn Party,
        key: &Value,
        plaintext: &[u8],
    ) -> Result<Value, Failure> {
        let mut question = json!({
            "form": self.form, "alg": self.row.alg, "enc": self.enc.enc,
            "key": key, "plaintext": base64url(plaintext),
        });
        if let (Some(members), Some(more)) = (question.as_object_mut(), self.more.as_object()) {
            members.extend(more.clone());
        }
        member(party.ask("encrypt", question)?, "token")
    }

    /// Has `token` decrypted and compares the plaintext the party saw.
    pub(super) fn decrypt(
        &self,
        party: &mut dyn Party,
        key: &Value,
        token: &Value,
        plaintext: &[u8],
    ) -> Result<(), Failure> {
        let seen = self.opened(party, key, token, &json!({}))?;
        same("plaintext", &seen, &json!(base64url(plaintext)))
    }

    /// The plaintext the party sees, base64url.
    pub(super) fn opened(
        &self,
        party: &mut dyn Party,
        key: &Value,
        token: &Value,
        more: &Value,
    ) -> Result<Value, Failure> {
        let mut question = json!({
            "alg": self.row.alg, "enc": self.enc.enc, "key": key, "token": token,
        });
        if let (Some(members), Some(more)) = (question.as_object_mut(), more.as_object()) {
            members.extend(more.clone());
        }
        member(party.ask("decrypt", question)?, "plaintext")
    }

    /// From one to the other.
    pub(super) fn carried(
        &self,
        key: &KeyPair,
        plaintext: &[u8],
        from: &mut dyn Party,
        to: &mut dyn Party,
    ) -> Result<(), Failure> {
        let token = self.encrypt(from, &key.public, plaintext)?;
        self.decrypt(to, &key.private, &token, plaintext)
    }
}
