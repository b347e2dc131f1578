//! Encryption: every algorithm with every content encryption, each serialization, both directions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::case::{Cases, refused};
use super::encryption::{ALL, CONTENTS, Content, Encryption, Kind};
use super::party::{Party, base64url, from_base64url, member, same, side};
use crate::Failure;

const PAYLOAD: &[u8] = b"\x00 any octets \xff\n";

/// The cases of one peer; `lacks` names rows it does not know.
pub(super) fn run(
    lacks: &[&str],
    them: &mut dyn Party,
    us: &mut dyn Party,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    let mut keys = Keys::default();
    for row in ALL {
        if lacks.contains(&row.name) {
            unsupported(row, them, us, &mut keys, cases)?;
        } else {
            row_cases(row, them, us, &mut keys, cases)?;
        }
    }
    many(them, us, &mut keys, cases)
}

fn row_cases(
    row: &'static Encryption,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keys,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for content in CONTENTS {
        let name = |direction: &str| format!("{}::{}::{direction}", row.name, content.enc);
        cases.check(&name("theirs_to_ours"), || {
            let key = keys.of(us, row, content)?;
            there_and_back(row, content, &PLAIN, &key, them, us)
        })?;
        cases.check(&name("ours_to_theirs"), || {
            let key = keys.of(them, row, content)?;
            there_and_back(row, content, &PLAIN, &key, us, them)
        })?;
    }
    // One content encryption stands for all where the shape of the token is in question.
    let content = CONTENTS.last().ok_or("no content encryption")?;
    for shape in SHAPES {
        let name = |direction: &str| format!("{}::{}::{direction}", row.name, shape.name);
        cases.check(&name("theirs_to_ours"), || {
            let key = keys.of(them, row, content)?;
            there_and_back(row, content, shape, &key, them, us)
        })?;
        cases.check(&name("ours_to_theirs"), || {
            let key = keys.of(us, row, content)?;
            there_and_back(row, content, shape, &key, us, them)
        })?;
    }
    cases.check(&format!("{}::tampered_ciphertext", row.name), || {
        let key = keys.of(us, row, content)?;
        let token = encrypt(row, content, &PLAIN, &key.public, them)?;
        for (what, forged) in forgeries(token.as_str().ok_or("not compact")?)? {
            let refusal =
                refused(decrypt(row, content, &key.private, &forged, us), what)?.to_string();
            if !refusal.contains("exit 1: error[jwe.") {
                return Err(format!("{what}: {refusal}").into());
            }
        }
        Ok(())
    })
}

/// A peer that lacks an algorithm still refuses it; if not, the table is out of date.
fn unsupported(
    row: &'static Encryption,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keys,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    cases.check(&format!("{}::unsupported_by_peer", row.name), || {
        let content = CONTENTS.last().ok_or("no content encryption")?;
        let key = keys.of(us, row, content)?;
        let token = encrypt(row, content, &PLAIN, &key.public, us)?;
        same(
            "payload",
            &decrypt(row, content, &key.private, &token, us)?,
            &json!(base64url(PAYLOAD)),
        )?;
        let read = decrypt(row, content, &key.private, &token, them);
        refused(read, "what the table says it lacks").map(drop)
    })
}

/// One content for three recipients; each opens it.
fn many(
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keys,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for (name, ours) in [("theirs_to_ours", false), ("ours_to_theirs", true)] {
        cases.check(&format!("many_recipients::{name}"), || {
            let content = CONTENTS.last().ok_or("no content encryption")?;
            let rows = ["A256KW", "ECDH-ES+A128KW-P-256", "RSA-OAEP"];
            let rows: Vec<_> = ALL.iter().filter(|row| rows.contains(&row.name)).collect();
            let mut recipients = Vec::new();
            for row in &rows {
                let key = keys.of(us, row, content)?.public;
                recipients.push(json!({ "alg": row.alg, "key": key }));
            }
            let algs: Vec<&str> = rows.iter().map(|row| row.alg).collect();
            let question = json!({
                "recipients": recipients, "enc": content.enc, "payload": base64url(PAYLOAD),
            });
            let writer = side(ours, us, them);
            let token = member(writer.ask("encrypt_many", question)?, "token")?;
            for row in rows {
                let key = keys.made(row, content)?.private;
                let question = json!({
                    "alg": row.alg, "algs": algs, "enc": content.enc, "key": key, "token": token,
                });
                let reader = side(!ours, us, them);
                let seen = member(reader.ask("decrypt", question)?, "payload")?;
                same(row.name, &seen, &json!(base64url(PAYLOAD)))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The serialization of a case, and whether its content is compressed.
struct Shape {
    name: &'static str,
    form: &'static str,
    zip: bool,
}

const PLAIN: Shape = Shape {
    name: "compact",
    form: "compact",
    zip: false,
};

const SHAPES: &[Shape] = &[
    Shape {
        name: "flattened_with_aad",
        form: "flattened",
        zip: false,
    },
    Shape {
        name: "general_with_aad",
        form: "general",
        zip: false,
    },
    Shape {
        name: "compressed",
        form: "compact",
        zip: true,
    },
];

fn there_and_back(
    row: &Encryption,
    content: &Content,
    shape: &Shape,
    key: &Pair,
    writer: &mut dyn Party,
    reader: &mut dyn Party,
) -> Result<(), Failure> {
    let token = encrypt(row, content, shape, &key.public, writer)?;
    let seen = decrypt(row, content, &key.private, &token, reader)?;
    same("payload", &seen, &json!(base64url(PAYLOAD)))
}

fn encrypt(
    row: &Encryption,
    content: &Content,
    shape: &Shape,
    key: &Value,
    party: &mut dyn Party,
) -> Result<Value, Failure> {
    let question = json!({
        "alg": row.alg, "enc": content.enc, "form": shape.form, "zip": shape.zip,
        "key": key, "payload": base64url(PAYLOAD),
    });
    member(party.ask("encrypt", question)?, "token")
}

fn decrypt(
    row: &Encryption,
    content: &Content,
    key: &Value,
    token: &Value,
    party: &mut dyn Party,
) -> Result<Value, Failure> {
    let question = json!({ "alg": row.alg, "enc": content.enc, "key": key, "token": token });
    member(party.ask("decrypt", question)?, "payload")
}

/// A compact token with a bit flipped in each of its parts but the header, and with another header.
fn forgeries(token: &str) -> Result<Vec<(&'static str, Value)>, Failure> {
    let parts: Vec<&str> = token.split('.').collect();
    let mut forged = Vec::new();
    for (index, what) in [
        "header",
        "encrypted key",
        "initialization vector",
        "ciphertext",
        "tag",
    ]
    .into_iter()
    .enumerate()
    {
        let mut octets = from_base64url(parts.get(index).ok_or("fewer than five parts")?)?;
        match (index, octets.last_mut()) {
            // The tag covers the header's octets, so that white space in it is a forgery.
            (0, _) => octets.push(b' '),
            (_, Some(last)) => *last ^= 1,
            // `dir` and ECDH-ES have no encrypted key; one that comes from nowhere is refused.
            (_, None) => octets.push(1),
        }
        let mut changed: Vec<String> = parts.iter().map(|&part| part.to_owned()).collect();
        if let Some(part) = changed.get_mut(index) {
            *part = base64url(&octets);
        }
        forged.push((what, json!(changed.join("."))));
    }
    Ok(forged)
}

/// A key and the half to encrypt to.
#[derive(Debug, Clone)]
struct Pair {
    private: Value,
    public: Value,
}

/// Keys made once a suite: a row and a size each, by whoever is asked first.
#[derive(Debug, Default)]
struct Keys {
    made: BTreeMap<(&'static str, u16), Pair>,
}

impl Keys {
    fn of(
        &mut self,
        maker: &mut dyn Party,
        row: &'static Encryption,
        content: &Content,
    ) -> Result<Pair, Failure> {
        if let Ok(pair) = self.made(row, content) {
            return Ok(pair);
        }
        let question = match row.key {
            Kind::Content => json!({ "kty": "oct", "size": content.bits }),
            Kind::Octets(bits) => json!({ "kty": "oct", "size": bits }),
            Kind::Password => json!(null),
            Kind::Rsa => json!({ "kty": "RSA", "size": 2048 }),
            Kind::Ec(crv) => json!({ "kty": "EC", "crv": crv }),
            Kind::Okp(crv) => json!({ "kty": "OKP", "crv": crv }),
        };
        let private = if question.is_null() {
            json!({ "kty": "oct", "k": base64url("contraseña, 密码".as_bytes()) })
        } else {
            member(maker.ask("make", question)?, "key")?
        };
        let public = match row.key {
            Kind::Content | Kind::Octets(_) | Kind::Password => private.clone(),
            _ => member(maker.ask("public", json!({ "key": private }))?, "key")?,
        };
        let pair = Pair { private, public };
        self.made.insert(index(row, content), pair.clone());
        Ok(pair)
    }

    fn made(&self, row: &'static Encryption, content: &Content) -> Result<Pair, Failure> {
        let pair = self.made.get(&index(row, content));
        pair.cloned()
            .ok_or_else(|| format!("no key for {}", row.name).into())
    }
}

fn index(row: &'static Encryption, content: &Content) -> (&'static str, u16) {
    (
        row.name,
        if row.key == Kind::Content {
            content.bits
        } else {
            0
        },
    )
}
