use super::Version;

/// What stands in a template where a tenant's GUID belongs.
pub(super) const PLACE: &str = "{tenantid}";

/// The tenant of personal Microsoft accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Which tenants' tokens are accepted.
#[derive(Clone, Debug)]
pub(super) enum Tenants {
    Any,
    /// Those of schools and companies: all but that of personal accounts.
    Organizations,
    /// Of all tenants these, with the keys of all.
    Listed(Vec<String>),
    /// With keys of their own.
    OneOf(Vec<String>),
}

impl Tenants {
    /// The tenants that a name for them in Microsoft's URLs means.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "common" => Some(Self::Any),
            "organizations" => Some(Self::Organizations),
            "consumers" => Some(Self::OneOf(vec![CONSUMERS.to_owned()])),
            guid if is_guid(guid) => Some(Self::OneOf(vec![guid.to_ascii_lowercase()])),
            _ => None,
        }
    }

    pub(super) fn accepts(&self, tenant: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Organizations => !CONSUMERS.eq_ignore_ascii_case(tenant),
            Self::Listed(tenants) | Self::OneOf(tenants) => {
                tenants.iter().any(|one| one.eq_ignore_ascii_case(tenant))
            }
        }
    }
}

/// 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_guid(text: &str) -> bool {
    let mut groups = text.split('-');
    let lengths = [8, 4, 4, 4, 12];
    let fits = lengths.iter().all(|length| {
        groups.next().is_some_and(|group| {
            group.len() == *length && group.bytes().all(|octet| octet.is_ascii_hexdigit())
        })
    });
    fits && groups.next().is_none()
}

/// The issuer of tokens, with a place for the tenant.
pub(super) fn template(authority: &str, version: Version) -> String {
    match version {
        Version::V1 => format!("https://sts.windows.net/{PLACE}/"),
        Version::V2 => format!("{authority}/{PLACE}/v2.0"),
    }
}

pub(super) fn filled(template: &str, tenant: &str) -> String {
    template.replace(PLACE, tenant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_a_guid() {
        assert!(is_guid("72f988bf-86f1-41af-91ab-2d7cd011db47"));
        assert!(is_guid("72F988BF-86F1-41AF-91AB-2D7CD011DB47"));
        for not in [
            "",
            "common",
            "72f988bf-86f1-41af-91ab-2d7cd011db4",
            "72f988bf-86f1-41af-91ab-2d7cd011db477",
            "72f988bf-86f1-41af-91ab-2d7cd011db47-",
            "72f988bf86f141af91ab2d7cd011db47",
            "{72f988bf-86f1-41af-91ab-2d7cd011db47}",
            "72f988bf-86f1-41af-91ab-2d7cd011db4g",
            "../72f988bf-86f1-41af-91ab-2d7cd011d",
        ] {
            assert!(!is_guid(not), "{not}");
        }
    }

    #[test]
    fn names_of_tenants_are_those_of_microsofts_urls() {
        assert!(matches!(Tenants::named("common"), Some(Tenants::Any)));
        let organizations = Tenants::named("organizations").unwrap();
        assert!(organizations.accepts("72f988bf-86f1-41af-91ab-2d7cd011db47"));
        assert!(!organizations.accepts(&CONSUMERS.to_ascii_uppercase()));
        assert!(Tenants::named("consumers").unwrap().accepts(CONSUMERS));
        assert!(Tenants::named("contoso.onmicrosoft.com").is_none());
        let one = Tenants::named("72F988BF-86F1-41AF-91AB-2D7CD011DB47").unwrap();
        assert!(one.accepts("72f988bf-86f1-41af-91ab-2d7cd011db47"));
        assert!(!one.accepts(CONSUMERS));
    }
}
