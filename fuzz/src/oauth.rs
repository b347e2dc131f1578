//! What strangers send to a token endpoint and to a client: forms, challenges, URLs and scopes.

use bulla_oauth::Scopes;
use bulla_oauth::dpop::TargetUri;
use bulla_oauth::message::{Challenges, Form};
use url::form_urlencoded;

/// A form that is read, every lenient reader reads alike, and no name of it but `resource` twice.
pub fn oauth_form(octets: &[u8]) {
    let Ok(form) = Form::parse(octets) else {
        return;
    };
    let pairs: Vec<_> = form_urlencoded::parse(octets).into_owned().collect();
    for (index, (name, value)) in pairs.iter().enumerate() {
        assert!(form.has(name));
        if name == "resource" {
            assert!(value.is_empty() || form.all(name).any(|known| known == value));
            continue;
        }
        assert_eq!(form.get(name).unwrap_or_default(), value);
        assert!(!pairs[..index].iter().any(|(known, _)| known == name));
    }
}

/// A list of challenges says of each what it is for, and each parameter once.
pub fn www_authenticate(octets: &[u8]) {
    let Ok(text) = str::from_utf8(octets) else {
        return;
    };
    let Ok(challenges) = Challenges::parse(text) else {
        return;
    };
    for challenge in challenges.iter() {
        assert!(!challenge.scheme().is_empty() && challenge.scheme().is_ascii());
        let found = challenges.of(challenge.scheme()).expect("it is there");
        assert!(found.scheme().eq_ignore_ascii_case(challenge.scheme()));
        for name in ["realm", "error", "scope", "algs", "title"] {
            let value = challenge.parameter(name);
            assert_eq!(challenge.parameter(&name.to_ascii_uppercase()), value);
            assert!(value.is_none() || challenge.token68().is_none());
        }
    }
    // Joined with itself it is twice as long, and nothing moves from one challenge to another.
    let twice = Challenges::parse(&format!("{text}, {text}"));
    if let (Ok(twice), false) = (twice, text.contains('"')) {
        assert_eq!(twice.iter().len(), 2 * challenges.iter().len());
    }
}

/// A normalized URL is its own normal form, and what stands behind it does not matter.
pub fn target_uri(octets: &[u8]) {
    let Ok(text) = str::from_utf8(octets) else {
        return;
    };
    let Ok(target) = TargetUri::parse(text) else {
        return;
    };
    assert_eq!(TargetUri::parse(target.as_str()).as_ref(), Ok(&target));
    assert!(!target.as_str().contains(['?', '#', '\\', ' ']));
    assert!(target.as_str().is_ascii());
    let longer = format!("{}?query#fragment", target.as_str());
    assert_eq!(TargetUri::parse(&longer), Ok(target));
}

/// Scopes survive being written, and are a set.
pub fn scopes(octets: &[u8]) {
    let Ok(text) = str::from_utf8(octets) else {
        return;
    };
    let Ok(scopes) = Scopes::parse(text) else {
        return;
    };
    let again = Scopes::parse(&scopes.to_string()).expect("what was written");
    assert_eq!(again, scopes);
    assert!(
        scopes.is_subset(&again)
            && scopes
                .iter()
                .all(|scope| text.split(' ').any(|part| part == scope))
    );
}
