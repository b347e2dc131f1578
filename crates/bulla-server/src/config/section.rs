use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::overrides::variable;
use super::{Given, Overrides, Place, Problem, duration};

/// A table of the file, read setting by setting. What was not asked for is unknown, and an error.
pub(super) struct Section<'a> {
    /// What its settings are called from outside: `rotation.` for those of `[rotation]`. None where nothing overrides them.
    prefix: Option<&'static str>,
    table: Option<&'a DeTable<'a>>,
    place: Place,
    document: &'a Document<'a>,
    overrides: &'a Overrides,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// The file itself, or a table that is there once at most, so that variables can name its settings.
    pub(super) const fn named(
        prefix: &'static str,
        table: Option<&'a DeTable<'a>>,
        place: Place,
        document: &'a Document<'a>,
        overrides: &'a Overrides,
    ) -> Self {
        Self {
            prefix: Some(prefix),
            table,
            place,
            document,
            overrides,
            asked: Vec::new(),
        }
    }

    /// One of many, as `[[client]]`.
    pub(super) const fn one_of(
        table: &'a DeTable<'a>,
        place: Place,
        document: &'a Document<'a>,
        overrides: &'a Overrides,
    ) -> Self {
        Self {
            prefix: None,
            table: Some(table),
            place,
            document,
            overrides,
            asked: Vec::new(),
        }
    }

    /// Where the table begins.
    pub(super) const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether the file has the table, or something overrides a setting of it.
    pub(super) const fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// A text.
    pub(super) fn text(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Given<String>> {
        if let Some(given) = self.overriding(name) {
            return Some(given);
        }
        let (value, place) = self.value(name)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Given::new(text.clone().into_owned(), place)),
            other => {
                problems.push(wrong_type(&place, name, "text in quotes", other));
                None
            }
        }
    }

    /// A text that is read further. `parse` says what is wrong, and what to do.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
        parse: impl FnOnce(&str) -> Result<T, (String, String)>,
    ) -> Option<Given<T>> {
        let given = self.text(name, problems)?;
        match parse(&given.value) {
            Ok(value) => Some(Given::new(value, given.place)),
            Err((what, fix)) => {
                problems.push(Problem::new(&given.place, format!("{name}: {what}"), fix));
                None
            }
        }
    }

    /// A length of time.
    pub(super) fn duration(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Given<std::time::Duration>> {
        self.parsed(name, problems, |text| {
            duration::parse(text).ok_or_else(|| {
                (
                    format!("{text:?} is no length of time"),
                    "write a number and a unit: \"90s\", \"10m\", \"24h\", \"90d\"".to_owned(),
                )
            })
        })
    }

    /// Yes or no.
    pub(super) fn switch(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Given<bool>> {
        let fix = || "write true or false, without quotes".to_owned();
        if let Some(given) = self.overriding(name) {
            return match given.value.parse() {
                Ok(value) => Some(Given::new(value, given.place)),
                Err(_) => {
                    let what = format!("{name}: {:?} is neither true nor false", given.value);
                    problems.push(Problem::new(&given.place, what, fix()));
                    None
                }
            };
        }
        let (value, place) = self.value(name)?;
        match value.get_ref() {
            DeValue::Boolean(value) => Some(Given::new(*value, place)),
            other => {
                problems.push(wrong_type(&place, name, "true or false", other));
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn list(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Given<Vec<Given<String>>>> {
        let (value, place) = self.value(name)?;
        let DeValue::Array(items) = value.get_ref() else {
            let list = "a list of texts, [\"..\", \"..\"]";
            problems.push(wrong_type(&place, name, list, value.get_ref()));
            return None;
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            let place = self.document.place(item.span().start);
            match item.get_ref() {
                DeValue::String(text) => {
                    texts.push(Given::new(text.clone().into_owned(), place));
                }
                other => problems.push(wrong_type(&place, name, "texts in quotes", other)),
            }
        }
        Some(Given::new(texts, place))
    }

    /// A table in this one.
    pub(super) fn table(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<(&'a DeTable<'a>, Place)> {
        let (value, place) = self.value(name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some((table, place)),
            other => {
                let table = format!("a table, [{name}]");
                problems.push(wrong_type(&place, name, &table, other));
                None
            }
        }
    }

    /// The tables of a list of them.
    pub(super) fn tables(
        &mut self,
        name: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Vec<(&'a DeTable<'a>, Place)> {
        let Some((value, place)) = self.value(name) else {
            return Vec::new();
        };
        let tables = format!("a list of tables, each beginning with [[{name}]]");
        let DeValue::Array(items) = value.get_ref() else {
            problems.push(wrong_type(&place, name, &tables, value.get_ref()));
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            let place = self.document.place(item.span().start);
            match item.get_ref() {
                DeValue::Table(table) => found.push((table, place)),
                other => problems.push(wrong_type(&place, name, &tables, other)),
            }
        }
        found
    }

    /// Tells what was not asked for. Returns the settings that variables can name.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) -> Vec<String> {
        for (name, _) in self.table.into_iter().flatten() {
            let known = name.get_ref();
            if self.asked.iter().any(|asked| asked == known) {
                continue;
            }
            let place = self.document.place(name.span().start);
            let what = format!("there is no setting {known:?} here");
            problems.push(Problem::new(&place, what, unknown(known, &self.asked)));
        }
        let prefix = self.prefix.unwrap_or_default();
        let asked = self.asked.into_iter();
        asked.map(|name| format!("{prefix}{name}")).collect()
    }

    fn overriding(&mut self, name: &'static str) -> Option<Given<String>> {
        let prefix = self.prefix?;
        self.ask(name);
        self.overrides.find(&format!("{prefix}{name}"))
    }

    fn value(&mut self, name: &'static str) -> Option<(&'a Spanned<DeValue<'a>>, Place)> {
        self.ask(name);
        let value = self.table?.get(name)?;
        Some((value, self.document.place(value.span().start)))
    }

    fn ask(&mut self, name: &'static str) {
        if !self.asked.contains(&name) {
            self.asked.push(name);
        }
    }
}

fn wrong_type(place: &Place, name: &str, expected: &str, found: &DeValue<'_>) -> Problem {
    let what = format!("{name} is not {expected} but {}", described(found));
    Problem::new(place, what, format!("write {expected}"))
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What to do about a name that nobody knows.
fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("write {near:?}, or remove it"),
        None => format!("remove it; the settings here are {}", known.join(", ")),
    }
}

/// What to do about a variable that nobody knows.
pub(super) fn unknown_variable(name: &str, settings: &[String]) -> String {
    let known: Vec<String> = settings.iter().map(|setting| variable(setting)).collect();
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("set {near}, or unset it"),
        None => format!("unset it; there are {}", known.join(", ")),
    }
}

/// The known name that was probably meant.
fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    const ALIKE: f64 = 0.7;
    known
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}
