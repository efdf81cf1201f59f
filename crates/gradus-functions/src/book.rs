//! The book: all families in order, with lookup by id, name, role and structure.
//!
//! Must not know particular functions.

use std::sync::LazyLock;

use gradus_tensor::{FunctionFacts, FunctionId, Role, Vocabulary};
use rustc_hash::FxHashMap;

use crate::entry::{Function, Meaning, Structural};
use crate::signature::{Signature, parse};

/// Functions that belong together, under a title for listings.
#[derive(Clone, Copy)]
pub struct Family {
    /// The title.
    pub title: &'static str,
    /// The functions in order.
    pub entries: &'static [Function],
}

/// The rule book.
pub struct Book {
    families: &'static [Family],
    functions: Vec<&'static Function>,
    signatures: Vec<Vec<Signature>>,
    names: FxHashMap<&'static str, FunctionId>,
    sorted_names: Vec<&'static str>,
    roles: FxHashMap<Role, FunctionId>,
    structures: FxHashMap<Structural, FunctionId>,
}

/// The book of all built-in functions.
#[must_use]
pub fn book() -> &'static Book {
    static BOOK: LazyLock<Book> = LazyLock::new(|| Book::of(crate::FAMILIES));
    &BOOK
}

impl Book {
    fn of(families: &'static [Family]) -> Self {
        let functions: Vec<_> = families.iter().flat_map(|family| family.entries).collect();
        let mut book = Self {
            families,
            // That every signature can be read is a test of this crate: they are part of the program.
            signatures: functions
                .iter()
                .map(|function| {
                    function.signatures.iter().filter_map(|text| parse(text).ok()).collect()
                })
                .collect(),
            functions,
            names: FxHashMap::default(),
            sorted_names: Vec::new(),
            roles: FxHashMap::default(),
            structures: FxHashMap::default(),
        };
        book.index();
        book
    }

    fn index(&mut self) {
        for (position, function) in self.functions.iter().enumerate() {
            let id = FunctionId(u16::try_from(position).unwrap_or(u16::MAX));
            for name in std::iter::once(&function.name).chain(function.aliases) {
                self.names.insert(name, id);
                if !function.is_operator() {
                    self.sorted_names.push(name);
                }
            }
            if let Some(role) = function.facts.role {
                self.roles.insert(role, id);
            }
            if let Meaning::Structural(structure) = function.meaning {
                self.structures.insert(structure, id);
            }
        }
        self.sorted_names.sort_unstable();
    }

    /// The function of an id.
    #[must_use]
    pub fn get(&self, id: FunctionId) -> &'static Function {
        self.functions[usize::from(id.0)]
    }

    /// The function with a name or an alias.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Option<FunctionId> {
        self.names.get(name).copied()
    }

    /// The function that is a structure.
    #[must_use]
    pub fn structural(&self, structure: Structural) -> Option<FunctionId> {
        self.structures.get(&structure).copied()
    }

    /// The parsed signatures of a function, in order.
    #[must_use]
    pub fn signatures(&self, id: FunctionId) -> &[Signature] {
        &self.signatures[usize::from(id.0)]
    }

    /// All functions in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FunctionId, &'static Function)> + '_ {
        let id = |position| FunctionId(u16::try_from(position).unwrap_or(u16::MAX));
        self.functions.iter().enumerate().map(move |(position, function)| (id(position), *function))
    }

    /// The families in order, for listings.
    #[must_use]
    pub fn families(&self) -> &'static [Family] {
        self.families
    }

    /// All names and aliases that can be called, sorted; operators are left out.
    #[must_use]
    pub fn names(&self) -> &[&'static str] {
        &self.sorted_names
    }
}

impl Vocabulary for Book {
    fn facts(&self, function: FunctionId) -> &FunctionFacts {
        &self.get(function).facts
    }

    fn with_role(&self, role: Role) -> Option<FunctionId> {
        self.roles.get(&role).copied()
    }
}
