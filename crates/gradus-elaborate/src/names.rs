//! Names of a program: what each stands for, and the preference of its first letter.
//!
//! Must not know shapes.

use gradus_functions::{book, reserved};
use gradus_tensor::{DimensionId, FunctionId};
use rustc_hash::FxHashMap;

use crate::typed::{TypedId, VariableId};

/// A name in a [`NameTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NameId(pub(crate) u32);

/// What an undeclared name may be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Scalar,
    Vector,
    Matrix,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Scalar, Self::Vector, Self::Matrix];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector => "vector",
            Self::Matrix => "matrix",
        }
    }
}

/// What a name stands for so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing has been decided.
    Unseen,
    /// A binding.
    Bound(TypedId),
    /// A variable.
    Variable(VariableId),
}

/// What the language itself has under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Nothing.
    None,
    /// An entry of the rule book.
    Function(FunctionId),
    /// `limit`, `int`: the second argument is a variable
    Binder(Binder),
    /// A constant array whose size may be inferred.
    Constructor(Constructor),
    /// `rows(x)`, the matrix of a family
    Rows,
    /// `differential(U)`, the spelling of `d(U)` where `d` is a name of its own
    Differential,
    /// `pi`
    Pi,
    /// `inf`
    Infinity,
}

/// What takes a variable for its second argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binder {
    /// `limit(M, x, x0)`
    Limit,
    /// `int(M, x)`, `int(M, x, a, b)`
    Integral,
}

/// Constant arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Constructor {
    /// `eye`
    Eye,
    /// `ones`
    Ones,
    /// `zeros`
    Zeros,
    /// `vector(c)`
    Vector,
    /// `matrix(c)`
    Matrix,
}

impl Constructor {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "eye" => Self::Eye,
            "ones" => Self::Ones,
            "zeros" => Self::Zeros,
            "vector" => Self::Vector,
            "matrix" => Self::Matrix,
            _ => return None,
        })
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Eye => "eye",
            Self::Ones => "ones",
            Self::Zeros => "zeros",
            Self::Vector => "vector",
            Self::Matrix => "matrix",
        }
    }

    /// Whether the arguments are sizes.
    pub(crate) fn takes_sizes(self) -> bool {
        matches!(self, Self::Eye | Self::Ones | Self::Zeros)
    }
}

/// One name.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: Box<str>,
    pub(crate) meaning: Meaning,
    pub(crate) word: Word,
    /// The position of its declaration.
    pub(crate) declared: Option<u32>,
    /// The position of the user's function.
    pub(crate) function: Option<u32>,
    /// The dimension with this name.
    pub(crate) dimension: Option<DimensionId>,
    /// How often it stands where a value stands.
    pub(crate) occurrences: u32,
    /// Whether it is transposed somewhere.
    pub(crate) transposed: bool,
    /// Whether it stands where only a scalar fits: the parameter of a function matrix, or, for a small
    /// letter, the exponent of a power.
    pub(crate) scalar: bool,
    /// Whether it divides or is an exponent, where a capital is often a number.
    pub(crate) counts: bool,
    /// Whether it is the parameter of a linear map.
    pub(crate) maps: bool,
    /// Whether some statement binds it.
    pub(crate) binds: bool,
    /// Whether a statement binds it that has not been reached.
    pub(crate) bound_later: bool,
    /// The kind if it is not the preferred one.
    pub(crate) departure: Option<Kind>,
}

impl Name {
    /// What it is read as if nothing speaks against it.
    pub(crate) fn preferred(&self) -> Kind {
        match (self.scalar, self.maps) {
            (true, _) => Kind::Scalar,
            (false, false) if !is_differential_name(&self.text) => preference(&self.text),
            _ => map_preference(&self.text),
        }
    }

    /// Whether it is read otherwise than its first letter says.
    pub(crate) fn departs(&self) -> bool {
        self.departure.is_some()
            || self.scalar && self.counts && preference(&self.text) != Kind::Scalar
    }
}

/// The names of a program.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameTable {
    ids: FxHashMap<Box<str>, NameId>,
    names: Vec<Name>,
}

impl NameTable {
    /// The id of a text.
    pub(crate) fn intern(&mut self, text: &str) -> NameId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = NameId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.ids.insert(text.into(), id);
        self.names.push(Name {
            text: text.into(),
            meaning: Meaning::Unseen,
            word: word(text),
            declared: None,
            function: None,
            dimension: None,
            occurrences: 0,
            transposed: false,
            scalar: false,
            counts: false,
            maps: false,
            binds: false,
            bound_later: false,
            departure: None,
        });
        id
    }

    /// The id of a text that is known.
    pub(crate) fn find(&self, text: &str) -> Option<NameId> {
        self.ids.get(text).copied()
    }

    pub(crate) fn get(&self, id: NameId) -> &Name {
        &self.names[id.0 as usize]
    }

    pub(crate) fn get_mut(&mut self, id: NameId) -> &mut Name {
        &mut self.names[id.0 as usize]
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Name> {
        self.names.iter_mut()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Name> {
        self.names.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Forgets the names after the first `count`.
    pub(crate) fn truncate(&mut self, count: usize) {
        while self.names.len() > count {
            if let Some(name) = self.names.pop() {
                self.ids.remove(&name.text);
            }
        }
    }
}

fn word(text: &str) -> Word {
    match text {
        "pi" => return Word::Pi,
        "inf" => return Word::Infinity,
        "rows" => return Word::Rows,
        "differential" => return Word::Differential,
        _ => {}
    }
    if let Some(constructor) = Constructor::named(text) {
        return Word::Constructor(constructor);
    }
    if let Some(function) = book().lookup(text) {
        return Word::Function(function);
    }
    match reserved(text) {
        Some(_) if text == "limit" => Word::Binder(Binder::Limit),
        Some(_) => Word::Binder(Binder::Integral),
        None => Word::None,
    }
}

/// The lower-case Greek letters by name; a digit or an underscore may follow.
const GREEK: [&str; 25] = [
    "alpha",
    "beta",
    "chi",
    "delta",
    "epsilon",
    "eta",
    "gamma",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "omega",
    "omicron",
    "phi",
    "pi",
    "psi",
    "rho",
    "sigma",
    "tau",
    "theta",
    "upsilon",
    "varepsilon",
    "xi",
    "zeta",
];

/// What a name is read as if nothing speaks against it: lower-case a–g and Greek names scalar, h–z
/// vector, capitals matrix.
pub(crate) fn preference(name: &str) -> Kind {
    let stem = name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '_');
    let stem = stem.split('_').next().unwrap_or(stem);
    if GREEK.contains(&stem) {
        return Kind::Scalar;
    }
    match name.chars().next() {
        Some('a'..='g' | 'α'..='ω' | 'ϕ' | 'ϵ' | 'ϑ' | 'ϱ') => Kind::Scalar,
        Some(first) if first.is_uppercase() => Kind::Matrix,
        _ => Kind::Vector,
    }
}

/// Whether a name begins with a lower-case a–g and is no Greek name.
pub(crate) fn is_early(name: &str) -> bool {
    preference(name) == Kind::Scalar
        && matches!(name.as_bytes().first(), Some(b'a'..=b'g'))
        && !GREEK
            .contains(&name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '_'))
}

/// Whether a name is that of the differential of a capital: `dX`, `dA1`.
fn is_differential_name(name: &str) -> bool {
    let rest =
        name.strip_prefix('d').map(|rest| rest.trim_end_matches(|c: char| c.is_ascii_digit()));
    rest.is_some_and(|rest| {
        let mut letters = rest.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    })
}

/// The preference for the parameter of a linear map: that of X for `dX`.
pub(crate) fn map_preference(name: &str) -> Kind {
    preference(name.strip_prefix('d').filter(|rest| !rest.is_empty()).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides() {
        for (name, kind) in [
            ("a", Kind::Scalar),
            ("covmatr", Kind::Scalar),
            ("e", Kind::Scalar),
            ("h", Kind::Vector),
            ("x0", Kind::Vector),
            ("oneROWKp", Kind::Vector),
            ("lambda", Kind::Scalar),
            ("lambda1", Kind::Scalar),
            ("sigma_2", Kind::Scalar),
            ("λ", Kind::Scalar),
            ("Σ", Kind::Matrix),
            ("Sigma", Kind::Matrix),
            ("GR", Kind::Matrix),
            ("I", Kind::Matrix),
            ("lam", Kind::Vector),
            ("_t", Kind::Vector),
        ] {
            assert_eq!(preference(name), kind, "{name}");
        }
        assert!(is_early("a") && is_early("b2") && !is_early("alpha") && !is_early("x"));
    }
}
