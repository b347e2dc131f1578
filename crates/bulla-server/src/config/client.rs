use bulla::jwa::SignatureAlg;
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::message::GrantType;
use bulla::oauth::{Resource, Scopes};
use toml::de::DeTable;

use super::document::Document;
use super::section::Section;
use super::{ClientSettings, Given, Overrides, Place, Problem, keys, rules};
use crate::server::DpopUse;

/// Reads every `[[client]]`.
pub(super) fn read_all<'a>(
    tables: Vec<(&'a DeTable<'a>, Place)>,
    document: &'a Document<'a>,
    overrides: &'a Overrides,
    profile: Profile,
    problems: &mut Vec<Problem>,
) -> Vec<ClientSettings> {
    let mut clients: Vec<ClientSettings> = Vec::new();
    let mut ids: Vec<Given<String>> = Vec::new();
    for (table, place) in tables {
        let section = Section::one_of(table, place, document, overrides);
        let (id, client) = read(section, profile, problems);
        if let Some(id) = id {
            if let Some(first) = ids.iter().find(|known| known.value == id.value) {
                problems.push(Problem::new(
                    &id.place,
                    format!(
                        "id: the client {:?} is there already, at {}",
                        id.value, first.place
                    ),
                    "give each client an id of its own",
                ));
            }
            ids.push(id);
        }
        clients.extend(client);
    }
    clients
}

fn read(
    mut section: Section<'_>,
    profile: Profile,
    problems: &mut Vec<Problem>,
) -> (Option<Given<String>>, Option<ClientSettings>) {
    let id = id(&mut section, problems);
    let algorithms = algorithms(&mut section, profile, problems);
    let scopes = scopes(&mut section, problems);
    let resources = resources(&mut section, problems);
    let dpop = section.parsed("dpop", problems, |text| dpop_of(text, profile));
    let dpop = dpop.map_or_else(|| default_dpop(profile), |given| given.value);
    let grants = grants(&mut section, problems);
    let enabled = section.switch("enabled", problems);
    let allow_loopback_jwks = section.switch("allow_loopback_jwks", problems);
    let allow_loopback_jwks = allow_loopback_jwks.is_some_and(|given| given.value);
    let used: &[SignatureAlg] = match algorithms.as_slice() {
        [] => profile.algorithms(),
        named => named,
    };
    let jwks = keys::read(&mut section, allow_loopback_jwks, used, problems);
    let jwks = keys::exactly_one(jwks, section.place(), problems);
    section.finish(problems);
    let client = match (&id, jwks) {
        (Some(id), Some(jwks)) => {
            let mut registered =
                RegisteredClient::new(&*id.value).algorithms(algorithms.iter().copied());
            if enabled.is_some_and(|given| !given.value) {
                registered = registered.disabled();
            }
            Some(ClientSettings {
                registered,
                jwks,
                algorithms,
                scopes,
                resources,
                dpop,
                grants,
                allow_loopback_jwks,
            })
        }
        _ => None,
    };
    (id, client)
}

/// FAPI 2.0 Security Profile §5.3.2.1: access tokens are bound to keys, all of them.
fn default_dpop(profile: Profile) -> DpopUse {
    match profile {
        Profile::Fapi2 => DpopUse::Required,
        _ => DpopUse::default(),
    }
}

fn dpop_of(text: &str, profile: Profile) -> Result<DpopUse, (String, String)> {
    match text.parse::<DpopUse>() {
        Ok(dpop) if profile == Profile::Fapi2 && dpop != DpopUse::Required => Err((
            format!(
                "{text:?} is not for the profile {profile}, whose tokens are all bound to keys"
            ),
            "write \"required\", or remove it".to_owned(),
        )),
        Ok(dpop) => Ok(dpop),
        Err(_) => Err((
            format!("{text:?} is none of the three"),
            "write \"required\", \"optional\" or \"never\"".to_owned(),
        )),
    }
}

/// RFC 6749 appendix A.1: printable ASCII. It is in every token and in the log.
fn id(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> Option<Given<String>> {
    const LONGEST: usize = 256;
    let before = problems.len();
    let given = section.text("id", problems);
    let Some(given) = given else {
        if problems.len() == before {
            problems.push(Problem::new(
                section.place(),
                "the client has no id",
                "write id = \"..\": iss and sub of its assertions",
            ));
        }
        return None;
    };
    let is_plain = given
        .value
        .bytes()
        .all(|octet| matches!(octet, 0x20..=0x7e));
    let what = match &*given.value {
        "" => "is empty",
        id if id.len() > LONGEST => "is longer than 256 characters",
        _ if !is_plain => "has a character that is not printable ASCII",
        _ => return Some(given),
    };
    problems.push(Problem::new(
        &given.place,
        format!("id: the client's id {what}"),
        "write a name of letters, digits and hyphens",
    ));
    None
}

fn algorithms(
    section: &mut Section<'_>,
    profile: Profile,
    problems: &mut Vec<Problem>,
) -> Vec<SignatureAlg> {
    let Some(list) = section.list("alg", problems) else {
        return Vec::new();
    };
    if list.value.is_empty() {
        problems.push(Problem::new(
            &list.place,
            "alg: the list is empty",
            "name the algorithms of its keys, or remove it for all of the profile",
        ));
    }
    let mut algorithms = Vec::new();
    for item in list.value {
        match rules::signature_alg(&item.value) {
            Ok(alg) if profile.algorithms().contains(&alg) => algorithms.push(alg),
            Ok(alg) => problems.push(Problem::new(
                &item.place,
                format!("alg: {} is not for the profile {profile}", alg.name()),
                format!("write one of {}", rules::names(profile.algorithms())),
            )),
            Err((what, _)) => problems.push(Problem::new(
                &item.place,
                format!("alg: {what}"),
                format!("write one of {}", rules::names(profile.algorithms())),
            )),
        }
    }
    algorithms
}

fn scopes(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> Scopes {
    let mut scopes = Scopes::none();
    for item in section
        .list("scopes", problems)
        .into_iter()
        .flat_map(|list| list.value)
    {
        if scopes.insert(&item.value).is_err() {
            problems.push(Problem::new(
                &item.place,
                format!("scopes: {:?} is no scope", item.value),
                "write one scope a text: printable ASCII without space, quotation mark and backslash",
            ));
        }
    }
    scopes
}

fn resources(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> Vec<Resource> {
    let mut resources = Vec::new();
    for item in section
        .list("resources", problems)
        .into_iter()
        .flat_map(|list| list.value)
    {
        match Resource::parse(&*item.value) {
            Ok(resource) => resources.push(resource),
            Err(error) => problems.push(Problem::new(
                &item.place,
                format!("resources: {:?}: {error}", item.value),
                "write an absolute URL without fragment: \"https://api.example.com\"",
            )),
        }
    }
    resources
}

fn grants(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> Vec<GrantType> {
    let Some(list) = section.list("grants", problems) else {
        return vec![GrantType::ClientCredentials];
    };
    if list.value.is_empty() {
        problems.push(Problem::new(
            &list.place,
            "grants: the list is empty",
            "name a grant, or remove it for client_credentials",
        ));
    }
    let mut grants = Vec::new();
    for item in list.value {
        match &*item.value {
            "client_credentials" => grants.push(GrantType::ClientCredentials),
            "jwt-bearer" => grants.push(GrantType::JwtBearer),
            name if name == GrantType::JwtBearer.as_str() => grants.push(GrantType::JwtBearer),
            other => problems.push(Problem::new(
                &item.place,
                format!("grants: there is no grant {other:?}"),
                "write \"client_credentials\" or \"jwt-bearer\"",
            )),
        }
    }
    grants
}
