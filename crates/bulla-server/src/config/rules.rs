//! What no setting says alone: whether they fit together.

use std::time::Duration;

use std::net::SocketAddr;

use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::oauth::Issuer;
use bulla::oauth::assertion::Profile;
use bulla::oauth::message::GrantType;

use super::{ClientSettings, Given, IssuerSettings, Place, Problem, Tls, duration};

/// The lengths of `[rotation]`.
pub(super) struct Times {
    pub(super) pending: Given<Duration>,
    pub(super) active: Given<Duration>,
    pub(super) retired: Given<Duration>,
}

impl Default for Times {
    fn default() -> Self {
        let hours = |hours: u64| Given::new(Duration::from_secs(hours * 3600), Place::Default);
        Self {
            pending: hours(24),
            active: hours(90 * 24),
            retired: hours(1),
        }
    }
}

/// What clocks may differ by.
const SKEW: Duration = Duration::from_secs(60);
/// A token that lives longer than this is no access token any more.
const LONGEST_TOKEN: Duration = Duration::from_secs(24 * 3600);

/// A key stays published while what it signed is valid, and is published before it signs.
pub(super) fn lifetimes(times: &Times, tokens: &Given<Duration>, problems: &mut Vec<Problem>) {
    if tokens.value > LONGEST_TOKEN {
        problems.push(Problem::new(
            &tokens.place,
            format!(
                "access_token_lifetime: {} is more than a day",
                duration::show(tokens.value)
            ),
            "write \"10m\": nobody can take an access token back",
        ));
    }
    let needed = tokens.value.saturating_add(SKEW);
    if times.retired.value < needed {
        let place = given_first(&times.retired, tokens);
        problems.push(Problem::new(
            place,
            format!(
                "rotation.retired: {} is less than access tokens live, {}, and clocks differ by, {}",
                duration::show(times.retired.value),
                duration::show(tokens.value),
                duration::show(SKEW)
            ),
            format!("write \"{}\" or more", duration::show(needed)),
        ));
    }
    if times.active.value <= times.pending.value {
        let place = given_first(&times.active, &times.pending);
        problems.push(Problem::new(
            place,
            "rotation.active is not longer than rotation.pending",
            "let a key sign for longer than the next one waits: \"90d\" and \"24h\"",
        ));
    }
}

/// Where the one stands, or else the other.
fn given_first<'a, T, U>(one: &'a Given<T>, other: &'a Given<U>) -> &'a Place {
    match &one.place {
        Place::Default => &other.place,
        place => place,
    }
}

/// Plain HTTP is for this machine alone. A proxy that speaks HTTPS stands on it, or is reached by TLS.
pub(super) fn transport(
    issuer: Option<&Given<Issuer>>,
    listen: &Given<SocketAddr>,
    tls: Option<&Tls>,
    problems: &mut Vec<Problem>,
) {
    let is_plain = issuer.is_none_or(|issuer| issuer.value.as_str().starts_with("http:"));
    let is_loopback = listen.value.ip().is_loopback();
    match (tls, issuer) {
        (None, _) if !is_loopback => problems.push(Problem::new(
            &listen.place,
            format!(
                "listen: {} is not loopback, and there is no [tls]",
                listen.value
            ),
            "listen on 127.0.0.1 behind a proxy that speaks https, or name a certificate in [tls]",
        )),
        (Some(tls), Some(issuer)) if is_plain => problems.push(Problem::new(
            &issuer.place,
            "issuer: it begins with http:, and the server speaks TLS",
            format!("begin it with https:, or remove [tls] ({})", tls.cert.place),
        )),
        (Some(tls), None) => problems.push(Problem::new(
            &tls.cert.place,
            "tls: without an issuer the server speaks plain HTTP",
            "write issuer = \"https://..\"",
        )),
        _ => {}
    }
}

/// The algorithm of access tokens.
pub(super) fn signing(alg: &Given<SignatureAlg>, profile: Profile, problems: &mut Vec<Problem>) {
    if profile == Profile::Fapi2 && !profile.algorithms().contains(&alg.value) {
        problems.push(Problem::new(
            &alg.place,
            format!(
                "signing_alg: {} is not for the profile fapi2",
                alg.value.name()
            ),
            format!("write one of {}", names(profile.algorithms())),
        ));
    }
}

/// The algorithm of a name.
pub(super) fn signature_alg(name: &str) -> Result<SignatureAlg, (String, String)> {
    if let Some(alg) = SignatureAlg::from_name(name) {
        return Ok(alg);
    }
    let what = if MacAlg::from_name(name).is_some() {
        format!("{name} needs a shared secret, which there is none of")
    } else if name.eq_ignore_ascii_case("none") {
        "\"none\" is no signature".to_owned()
    } else {
        format!("there is no signature algorithm {name:?}")
    };
    let known: Vec<_> = SignatureAlg::table().iter().map(|row| row.alg).collect();
    Err((what, format!("write one of {}", names(&known))))
}

pub(super) fn names(algs: &[SignatureAlg]) -> String {
    let names: Vec<&str> = algs.iter().map(|alg| alg.name().as_str()).collect();
    names.join(", ")
}

/// A grant needs an issuer that is trusted; an issuer names clients that exist, and no subject of another issuer.
pub(super) fn grants(
    clients: &[ClientSettings],
    issuers: &[IssuerSettings],
    problems: &mut Vec<Problem>,
) {
    let is_known = |id: &str| clients.iter().any(|client| client.registered.id() == id);
    for (index, issuer) in issuers.iter().enumerate() {
        for named in issuer.clients.iter().flatten() {
            if !is_known(&named.value) {
                problems.push(Problem::new(
                    &named.place,
                    format!("clients: there is no client {:?}", named.value),
                    "write the id of a [[client]]",
                ));
            }
        }
        for other in issuers.iter().take(index) {
            let (a, b) = (&issuer.subject_prefix, &other.subject_prefix);
            let (what, fix) = if issuer.issuer.value == other.issuer.value {
                ("stands twice", "remove one of the two")
            } else if a.starts_with(&**b) || b.starts_with(&**a) {
                (
                    "could name the subjects of another trusted issuer",
                    "give each a subject_prefix, none of which begins another: \"partner:\"",
                )
            } else {
                continue;
            };
            let what = format!("the trusted issuer {} {what}", issuer.issuer.value);
            problems.push(Problem::new(&issuer.issuer.place, what, fix));
        }
    }
    for client in clients {
        if issuers.is_empty() && client.grants.contains(&GrantType::JwtBearer) {
            problems.push(Problem::new(
                &client.jwks.place,
                format!(
                    "the client {:?} may use the grant jwt-bearer, and no issuer is trusted",
                    client.registered.id()
                ),
                "add a [[trusted_issuer]], or remove the grant",
            ));
        }
    }
}
