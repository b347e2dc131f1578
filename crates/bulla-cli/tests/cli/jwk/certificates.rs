//! What `jwk inspect` shows of certificates. They are made by the script beside them in the crate `bulla-x509`.

use crate::desk::Desk;

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../bulla-x509/tests/fixtures/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn who_signed_what_is_told_whatever_the_order() {
    let desk = Desk::new();
    desk.write("shuffled.pem", fixture("shuffled.pem"));
    let json = desk.run("jwk inspect shuffled.pem --json").json();
    let of = |name: &str| -> Vec<serde_json::Value> {
        let certificates = json["certificates"].as_array().unwrap();
        certificates
            .iter()
            .map(|certificate| certificate[name].clone())
            .collect()
    };
    assert_eq!(
        of("subject"),
        [
            "CN=intermediate,O=Bulla",
            "CN=root,O=Bulla",
            "CN=leaf,O=Bulla"
        ]
    );
    assert_eq!(of("signed_by"), [1, 1, 0]);
    assert_eq!(of("ca"), [true, true, false]);
    assert_eq!(of("validity"), ["valid"; 3]);

    let text = desk.run("jwk inspect shuffled.pem").text();
    for line in [
        "x5c 2       CN=leaf,O=Bulla\n",
        "  signed by x5c 0\n",
        "  signed by itself\n",
        "  key usage digitalSignature\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
}

#[test]
fn dates_and_missing_signers_are_told() {
    let desk = Desk::new();
    desk.write("expired.der", fixture("expired.der"));
    let text = desk.run("jwk inspect expired.der").text();
    assert!(text.contains("(expired)"), "{text}");
    assert!(text.contains("  signed by none of these\n"), "{text}");
    desk.write("future.der", fixture("future.der"));
    let json = desk.run("jwk inspect future.der --json").json();
    assert_eq!(json["certificates"][0]["validity"], "not yet valid");
    assert_eq!(
        json["certificates"][0]["signed_by"],
        serde_json::Value::Null
    );
}

#[test]
fn a_hostile_name_does_not_write_to_the_terminal() {
    let desk = Desk::new();
    desk.write("hostile.der", fixture("hostile.der"));
    let text = desk.run("jwk inspect hostile.der").text();
    let allowed = |character: char| character == '\n' || !character.is_control();
    assert!(text.chars().all(allowed), "{text:?}");
    assert!(
        text.lines()
            .all(|line| line.starts_with(|c: char| c.is_alphanumeric() || c == ' '))
    );
}
