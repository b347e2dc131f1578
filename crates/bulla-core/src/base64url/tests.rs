use proptest::prelude::*;

use super::*;

/// RFC 4648 §5 written out, one character at a time: slow, and independent of the library.
fn scalar(text: &[u8]) -> Option<Vec<u8>> {
    let (mut octets, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for character in text {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            octets.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    // Six bits left over are a character that encodes no octet; fewer must be zero.
    (held < 6 && bits == 0).then_some(octets)
}

#[test]
fn the_example_of_rfc_7515_appendix_c() {
    assert_eq!(encode([3, 236, 255, 224, 193]), "A-z_4ME");
    assert_eq!(decode("A-z_4ME").unwrap(), [3, 236, 255, 224, 193]);
}

#[test]
fn what_is_not_the_one_encoding_is_refused() {
    for text in [
        "A",        // 4n+1
        "AAAAA",    // 4n+1
        "QQ==",     // padding
        "QUI=",     // padding
        "QUJD=",    // padding
        "QUJDRA==", // padding
        "=",
        "QR",   // trailing bits
        "QUJ",  // trailing bits
        "A+zz", // the other alphabet
        "A/zz", // the other alphabet
        " QUJD",
        "QUJD ",
        "QUJD\n",
        "QU\nJD",
        "QU\r\nJD",
        "QU\tJD",
        "QUJ\0",
        "QUJ.",
        "QUJé",
        "\u{feff}QUJD",
    ] {
        assert_eq!(decode(text), Err(DecodeError), "{text:?}");
        assert_eq!(scalar(text.as_bytes()), None, "{text:?}");
    }
}

/// Vector code treats each position of a block differently, so each gets each octet.
#[test]
fn every_octet_is_judged_the_same_at_every_place_of_every_length() {
    for length in 0..=100 {
        let good = vec![b'A'; length];
        assert_eq!(decode(&good).ok(), scalar(&good), "{length} characters");
        for place in 0..length {
            let mut text = good.clone();
            for octet in 0..=u8::MAX {
                text[place] = octet;
                assert_eq!(
                    decode(&text).ok(),
                    scalar(&text),
                    "{octet} at {place} of {length}"
                );
            }
        }
    }
}

#[test]
fn a_refused_text_leaves_the_buffer_as_it_was() {
    let mut buffer = b"before".to_vec();
    assert!(
        decode_into(
            "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD*",
            &mut buffer
        )
        .is_err()
    );
    assert_eq!(buffer, b"before");
    decode_into("QUJD", &mut buffer).unwrap();
    assert_eq!(buffer, b"beforeABC");
}

#[test]
fn lengths_are_exact_and_do_not_overflow() {
    for length in 0..100 {
        assert_eq!(encode(vec![0; length]).len(), encoded_len(length));
    }
    assert_eq!(encoded_len(usize::MAX), usize::MAX);
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(octets: Vec<u8>) {
        let text = encode(&octets);
        prop_assert_eq!(scalar(text.as_bytes()), Some(octets.clone()));
        prop_assert_eq!(decode(&text), Ok(octets));
    }

    #[test]
    fn decodes_exactly_what_the_standard_says(text in "[A-Za-z0-9_=+/ \n-]{0,200}") {
        prop_assert_eq!(decode(&text).ok(), scalar(text.as_bytes()));
    }

    #[test]
    fn what_decodes_is_the_only_encoding(text in "[A-Za-z0-9_-]{0,200}") {
        if let Ok(octets) = decode(&text) {
            prop_assert_eq!(encode(octets), text);
        }
    }

    #[test]
    fn no_octets_make_it_panic(text: Vec<u8>) {
        prop_assert_eq!(decode(&text).ok(), scalar(&text));
    }
}
