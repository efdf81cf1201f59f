//! Names for indices and bindings that nothing else has.
//!
//! Must not know what they are for.

use gradus_functions::{book, reserved};
use gradus_tensor::{Arena, DimensionId, NodeId};
use rustc_hash::FxHashSet;

const INDICES: &[&str] = &[
    "i", "j", "k", "l", "p", "q", "r", "s", "u", "v", "a", "b", "c", "d", "g", "h", "o", "z", "w",
    "x", "y",
];

/// Words with a meaning of their own.
const WORDS: &[&str] = &["sum", "mean", "pi", "inf", "eye", "ones", "zeros", "rows", "function"];

/// The names that are taken.
pub(crate) struct Names {
    taken: FxHashSet<String>,
    next: u32,
    /// The names of indices, in the order in which they are used.
    indices: Vec<String>,
}

impl Names {
    /// All names that the arena knows, and some more.
    pub(crate) fn new(arena: &Arena, further: &[String]) -> Self {
        let mut taken: FxHashSet<String> = further.iter().cloned().collect();
        taken.extend(WORDS.iter().map(|word| (*word).to_owned()));
        for symbol in arena.symbols() {
            taken.insert(symbol.name.clone());
            taken.insert(format!("d{}", symbol.name));
        }
        for at in 0..arena.dimensions.name_count() {
            let name = gradus_tensor::DimensionName(u32::try_from(at).unwrap_or(u32::MAX));
            taken.insert(arena.dimensions.name_text(name).to_owned());
        }
        for at in 0..arena.len() {
            if let Some(name) = arena.name(NodeId(u32::try_from(at).unwrap_or(u32::MAX))) {
                taken.insert(name.to_owned());
            }
        }
        Self { taken, next: 1, indices: Vec::new() }
    }

    fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name) && book().lookup(name).is_none() && reserved(name).is_none()
    }

    /// Marks a name as taken.
    pub(crate) fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// A new name that begins with a letter.
    pub(crate) fn fresh(&mut self, letter: &str) -> String {
        loop {
            let name = format!("{letter}{}", self.next);
            self.next += 1;
            if self.is_free(&name) {
                self.take(&name);
                return name;
            }
        }
    }

    /// A word if it is free, else a new name that begins with it.
    pub(crate) fn word(&mut self, word: &str) -> String {
        if self.is_free(word) {
            self.take(word);
            return word.to_owned();
        }
        self.fresh(word)
    }

    /// The name of an index by its number in a statement; the same in every statement.
    pub(crate) fn index(&mut self, number: usize) -> String {
        while self.indices.len() <= number {
            let next = INDICES
                .iter()
                .find(|name| self.is_free(name) && !self.indices.iter().any(|known| known == *name))
                .map(|name| (*name).to_owned());
            let next = next.unwrap_or_else(|| self.fresh("i"));
            self.indices.push(next);
        }
        self.indices[number].clone()
    }
}

/// A constant array that statements need under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The identity.
    Identity,
    /// A vector of ones.
    Ones,
    /// The numbers 1, 2, 3, of which the cross product is made.
    Count,
    /// One where a stacked index lies in a row, of as many columns as the size says.
    RowOf(DimensionId),
    /// One where a stacked index lies in a column, of as many rows as the size says.
    ColumnOf(DimensionId),
    /// One where an index of a stacked triangle and one of the stacked matrix are one place.
    Packing {
        /// Whether the entry above the diagonal has the place of its mirror image.
        symmetric: bool,
    },
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Self::Identity => "delta",
            Self::Ones => "one",
            Self::Count => "count",
            Self::RowOf(_) => "row",
            Self::ColumnOf(_) => "column",
            Self::Packing { .. } => "triangle",
        }
    }
}

/// The constants that were needed so far.
#[derive(Debug, Default)]
pub(crate) struct Units {
    known: Vec<(Unit, DimensionId, String)>,
    defined: usize,
}

impl Units {
    /// The name of a constant of a size.
    pub(crate) fn name(&mut self, unit: Unit, size: DimensionId, names: &mut Names) -> String {
        let found = self.known.iter().find(|(other, known, _)| (*other, *known) == (unit, size));
        if let Some((_, _, name)) = found {
            return name.clone();
        }
        let name = names.word(unit.word());
        self.known.push((unit, size, name.clone()));
        name
    }

    /// The constants that have no definition yet; from now on they have.
    pub(crate) fn undefined(&mut self) -> Vec<(Unit, DimensionId, String)> {
        let fresh = self.known[self.defined..].to_vec();
        self.defined = self.known.len();
        fresh
    }
}
