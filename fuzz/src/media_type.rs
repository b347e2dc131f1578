//! Media types: what is read can be written and read again, however it is spelled.

use bulla_core::payload::MediaType;

/// A media type survives being written in full, and case decides nothing.
pub fn media_type(octets: &[u8]) {
    let Ok(text) = str::from_utf8(octets) else {
        return;
    };
    let Ok(read) = MediaType::parse(text) else {
        return;
    };
    assert!(text.is_ascii(), "a media type is ASCII");
    let full = read.to_string();
    let again = MediaType::parse(&full).expect("what was written in full");
    assert_eq!(again.to_string(), full);
    let essence = format!("{}/{}", read.top_level(), read.subtype());
    assert!(read.is(&full) && read.is(&essence) && read.is(&essence.to_ascii_uppercase()));
    assert!(!read.is("fuzz/other") || essence.eq_ignore_ascii_case("fuzz/other"));
    for name in ["charset", "CHARSET", "a", ""] {
        let value = read.parameter(name);
        assert_eq!(again.parameter(name), value);
        assert_eq!(again.parameter(&name.to_ascii_uppercase()), value);
        // A value can be written again, quoted, and is the same.
        if let Some(value) = value {
            let escaped = value.replace('\\', r"\\").replace('"', r#"\""#);
            let quoted = format!("x/y;p=\"{escaped}\"");
            let quoted = MediaType::parse(&quoted).expect("a quoted value");
            assert_eq!(quoted.parameter("p"), Some(value));
        }
    }
    // With one more parameter of a name that is there, two readers could differ.
    if read.parameter("charset").is_some() {
        assert!(MediaType::parse(&format!("{full};charset=x")).is_err());
    }
}
