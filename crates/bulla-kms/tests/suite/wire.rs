use aws_lc_rs::digest;
use bulla_core::base64url;

/// Nothing of `content` is in what went over the wire: not as it is, not as base64 or base64url of any alignment, not as
/// hexadecimal, and not base64 of its base64url, which is how a JSON protocol would send a token.
pub fn assert_no_trace(wire: &[u8], content: &[u8]) {
    assert!(!wire.is_empty(), "nothing was recorded");
    let found = trace(wire, content);
    assert_eq!(found, None, "the wire has the content");
}

/// In which form the content is there, if it is.
pub fn trace(wire: &[u8], content: &[u8]) -> Option<&'static str> {
    let token = base64url::encode(content).into_bytes();
    let hexadecimal: String = content.iter().map(|octet| format!("{octet:02x}")).collect();
    let mut forms = vec![
        ("plain", content.to_vec()),
        ("hexadecimal", hexadecimal.into_bytes()),
    ];
    forms.extend(encoded("base64", content));
    forms.extend(encoded("base64 of base64url", &token));
    let has = |form: &[u8]| wire.windows(form.len()).any(|window| window == form);
    forms
        .into_iter()
        .find(|(_, form)| has(form))
        .map(|(name, _)| name)
}

/// The digest is what may be there: so the search finds what is on the wire, and the vault got the right one.
pub fn has_digest(wire: &[u8], signing_input: &[u8]) -> bool {
    let digest = digest::digest(&digest::SHA256, signing_input);
    trace(wire, digest.as_ref()).is_some()
}

/// The middle of the encodings of the content at each of the three places where it may begin in a longer text.
fn encoded(name: &'static str, content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = Vec::new();
    for offset in 0..3 {
        let url = base64url::encode([&[0; 3][..offset], content].concat());
        // The first and the last characters are shared with what stands beside.
        let middle = &url[4..url.len() - 4];
        let standard = middle.replace('-', "+").replace('_', "/");
        forms.push((name, middle.as_bytes().to_vec()));
        forms.push((name, standard.into_bytes()));
    }
    forms
}
