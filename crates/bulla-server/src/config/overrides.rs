use super::{Given, Place};

/// What overrides the file: environment variables, and flags, which override those.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Overrides {
    variables: Vec<(String, String)>,
    flags: Vec<(String, String)>,
}

/// What the names of variables begin with.
const PREFIX: &str = "BULLA_";

/// Variables of the same prefix that are no settings of the server.
const OTHERS: &[&str] = &[
    "BULLA_LOG",
    "BULLA_PASSWORD",
    "BULLA_PKCS11_PIN",
    "BULLA_VECTORS",
];

impl Overrides {
    /// Those variables of the process whose names begin with `BULLA_`.
    pub fn from_environment() -> Self {
        Self::default().variables(std::env::vars_os().filter_map(|(name, value)| {
            // A value that is no UTF-8 is still a setting, and told to be wrong.
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        }))
    }

    /// With these variables. Others than `BULLA_*` are passed over.
    pub fn variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = |name: &str| name.starts_with(PREFIX) && !OTHERS.contains(&name);
        self.variables
            .extend(variables.into_iter().filter(|(name, _)| ours(name)));
        self
    }

    /// With the setting `name` as a flag of the command line gives it.
    pub fn flag(mut self, name: &str, value: impl Into<String>) -> Self {
        self.flags.push((name.to_owned(), value.into()));
        self
    }

    /// What overrides a setting: `rotation.pending` is `BULLA_ROTATION_PENDING`.
    pub(super) fn find(&self, setting: &str) -> Option<Given<String>> {
        let flag = self.flags.iter().find(|(name, _)| name == setting);
        if let Some((name, value)) = flag {
            return Some(Given::new(value.clone(), Place::Flag(name.clone())));
        }
        let wanted = variable(setting);
        let found = self.variables.iter().find(|(name, _)| *name == wanted);
        found.map(|(name, value)| Given::new(value.clone(), Place::Variable(name.clone())))
    }

    /// The variables that are none of these settings.
    pub(super) fn strangers<'a>(
        &'a self,
        settings: &'a [String],
    ) -> impl Iterator<Item = &'a str> + 'a {
        let known = move |name: &str| settings.iter().any(|setting| variable(setting) == name);
        let names = self.variables.iter().map(|(name, _)| &**name);
        names.filter(move |name| !known(name))
    }
}

/// The variable of a setting.
pub(super) fn variable(setting: &str) -> String {
    format!("{PREFIX}{}", setting.replace('.', "_").to_ascii_uppercase())
}
