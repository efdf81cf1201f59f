//! The text format of golden cases: an id in brackets, then one field a line.
//!
//! Must not know what the fields mean.

use std::fs;
use std::path::PathBuf;

/// The files of cases by value that the project began with.
pub(crate) const SEEDS: [&str; 2] = ["spine.txt", "every-kind.txt"];

/// The files of cases by value from elsewhere.
pub(crate) const FILES: [&str; 5] =
    ["cookbook.txt", "wikipedia.txt", "minka.txt", "hessians.txt", "structured.txt"];

/// One golden case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The id between the brackets.
    pub(crate) id: String,
    /// What stands after it.
    pub(crate) title: String,
    /// Names and values in the order of the file.
    pub(crate) fields: Vec<(String, String)>,
}

impl Case {
    /// The values of a field in order.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        let named = self.fields.iter().filter(move |(field, _)| *field == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The values of a field as texts of their own.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }

    /// The first value of a field.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value of a field that every case of a file has.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.first(name).unwrap_or_else(|| panic!("case {} has no field `{name}`", self.id))
    }

    /// The order of the derivative or differential.
    pub(crate) fn order(&self) -> u32 {
        self.first("order").map_or(1, |order| order.parse().unwrap())
    }

    /// Replaces all values of the fields named, at the end of the case.
    pub(crate) fn replace(&mut self, names: &[&str], fields: Vec<(String, String)>) {
        self.fields.retain(|(name, _)| !names.contains(&name.as_str()));
        self.fields.extend(fields);
    }
}

/// A file of cases with the comments before the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cases {
    /// The lines before the first case.
    pub(crate) head: String,
    /// The cases in order.
    pub(crate) cases: Vec<Case>,
}

impl Cases {
    /// Reads a file of the folder `cases`.
    pub(crate) fn of(file: &str) -> Self {
        let text = fs::read_to_string(path(file)).unwrap();
        Self::parse(&text).unwrap_or_else(|message| panic!("{file}: {message}"))
    }

    /// Reads the format.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut found = Self { head: String::new(), cases: Vec::new() };
        for (number, line) in text.lines().enumerate() {
            let wrong = |what: &str| format!("line {}: {what}: {line}", number + 1);
            if let Some((id, title)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']'))
            {
                let (id, title) = (id.to_owned(), title.trim().to_owned());
                if found.cases.iter().any(|case| case.id == id) {
                    return Err(wrong("the id stands twice"));
                }
                found.cases.push(Case { id, title, fields: Vec::new() });
            } else if line.starts_with('#') || line.trim().is_empty() {
                if found.cases.is_empty() {
                    found.head.push_str(line);
                    found.head.push('\n');
                }
            } else {
                let (name, value) = line.split_once(':').ok_or_else(|| wrong("no field"))?;
                let case = found.cases.last_mut().ok_or_else(|| wrong("no case before"))?;
                let value = value.strip_prefix(' ').unwrap_or(value);
                case.fields.push((name.trim().to_owned(), value.to_owned()));
            }
        }
        Ok(found)
    }

    /// Writes the format.
    pub(crate) fn print(&self) -> String {
        let mut text = self.head.trim_end().to_owned();
        text.push('\n');
        for case in &self.cases {
            text.push_str(&format!("\n{}\n", format!("[{}] {}", case.id, case.title).trim_end()));
            for (name, value) in &case.fields {
                text.push_str(&format!("{name}: {value}\n"));
            }
        }
        text
    }

    /// Compares with what was found, or writes it, as the environment asks.
    pub(crate) fn compare_or_bless(&self, file: &str, found: &Self) {
        if std::env::var_os("GRADUS_BLESS").is_some() {
            fs::write(path(file), found.print()).unwrap();
            return;
        }
        let mut differences = Vec::new();
        for (expected, found) in self.cases.iter().zip(&found.cases) {
            for (expected, found) in lines_apart(expected, found) {
                differences.push(format!("  - {expected}\n  + {found}"));
            }
            if expected != found {
                differences.push(format!("in [{}] of cases/{file}", expected.id));
            }
        }
        assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    }
}

/// The fields in which two forms of a case differ.
fn lines_apart(expected: &Case, found: &Case) -> Vec<(String, String)> {
    let line = |case: &Case, at: usize| match case.fields.get(at) {
        Some((name, value)) => format!("{name}: {value}"),
        None => "(nothing)".to_owned(),
    };
    (0..expected.fields.len().max(found.fields.len()))
        .map(|at| (line(expected, at), line(found, at)))
        .filter(|(expected, found)| expected != found)
        .collect()
}

/// The path of a file in the folder `cases`.
pub(crate) fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(file)
}

#[test]
fn every_file_of_cases_is_in_the_format_it_is_written_in() {
    let others = ["limits-and-integrals.txt", "errors.txt", "claims.txt"];
    for file in SEEDS.iter().chain(&FILES).chain(&others) {
        let text = fs::read_to_string(path(file)).unwrap();
        assert_eq!(Cases::parse(&text).unwrap().print(), text, "{file}");
    }
}
