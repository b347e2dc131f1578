//! Drives josekit: one JSON request a line on standard input, one JSON answer a line on standard output.

mod algorithm;
mod encryption;
mod key;

use std::error::Error;
use std::io::{BufRead, Write};

use serde_json::{Value, json};

/// Why a request is refused, in josekit's words where they are its own.
type Refusal = Box<dyn Error>;

fn main() -> Result<(), Refusal> {
    let mut answers = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let answer = match answer(&request) {
            Ok(ok) => json!({ "ok": ok }),
            Err(refusal) => json!({ "error": format!("JoseError: {refusal}") }),
        };
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}

fn answer(request: &Value) -> Result<Value, Refusal> {
    match text(request, "do")? {
        "make_key" => key::make(request),
        "public" => key::public(request),
        "encrypt" => encryption::encrypt(request),
        "encrypt_many" => encryption::encrypt_many(request),
        "decrypt" => encryption::decrypt(request),
        other => Err(format!("no request `{other}`").into()),
    }
}

/// A member of a request that is text.
fn text<'r>(request: &'r Value, name: &str) -> Result<&'r str, Refusal> {
    request[name]
        .as_str()
        .ok_or_else(|| format!("the request lacks `{name}`").into())
}
