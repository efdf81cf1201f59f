//! Pieces of Python expressions, with what is needed to put them together.
//!
//! Must not know formulas.

/// How tightly the outermost operator of an expression binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `a + b`, `a - b`
    Sum,
    /// `a * b`, `a / b`
    Product,
    /// `A @ B`, of the same precedence as a product, but always set apart by parentheses.
    MatrixProduct,
    /// `-a`
    Sign,
    /// `a**b`
    Power,
    /// A name, a number, a call, a subscript, an attribute.
    Atom,
}

/// Number of axes apart from those of indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A number.
    Scalar,
    /// One axis: a row or a column.
    Vector,
    /// Two axes.
    Matrix,
}

impl Rank {
    /// The number of axes.
    pub(super) fn axes(self) -> usize {
        self as usize
    }
}

/// A Python expression.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// The text.
    pub(super) text: String,
    /// How tightly it binds.
    pub(super) level: Level,
    /// The indices that the leading axes run over.
    pub(super) batch: Vec<String>,
    /// The axes after those.
    pub(super) rank: Rank,
    /// Whether the value may share memory with an argument of the caller.
    pub(super) view: bool,
}

impl Fragment {
    /// A fresh value without indices.
    pub(super) fn new(text: impl Into<String>, level: Level, rank: Rank) -> Self {
        Self { text: text.into(), level, batch: Vec::new(), rank, view: false }
    }

    /// An atom without indices.
    pub(super) fn atom(text: impl Into<String>, rank: Rank) -> Self {
        Self::new(text, Level::Atom, rank)
    }

    /// The same with leading axes for indices.
    pub(super) fn over(mut self, batch: Vec<String>) -> Self {
        self.batch = batch;
        self
    }

    /// The same value, perhaps in the memory of an argument.
    pub(super) fn viewing(mut self, view: bool) -> Self {
        self.view = view;
        self
    }

    /// The text, in parentheses unless it binds at least as tightly as `level`.
    pub(super) fn at(&self, level: Level) -> String {
        if self.level >= level { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The text as something that can be called on, subscripted or raised to a power.
    pub(super) fn as_atom(&self) -> String {
        let is_number = self.text.starts_with(|c: char| c.is_ascii_digit());
        if is_number { format!("({})", self.text) } else { self.at(Level::Atom) }
    }

    /// The text as the first factor of `*` or `/`.
    pub(super) fn as_first_factor(&self) -> String {
        match self.level {
            Level::Product => self.text.clone(),
            _ => self.at(Level::Sign),
        }
    }

    /// The text as a later factor of `*` or `/`.
    pub(super) fn as_factor(&self) -> String {
        self.at(Level::Power)
    }

    /// `self * other`, of the wider rank.
    pub(super) fn times(&self, other: &Self) -> Self {
        let text = format!("{} * {}", self.as_first_factor(), other.as_factor());
        Self::new(text, Level::Product, self.rank.max(other.rank))
    }

    /// `self / other`, of the wider rank.
    pub(super) fn over_denominator(&self, other: &Self) -> Self {
        let text = format!("{} / {}", self.as_first_factor(), other.as_factor());
        Self::new(text, Level::Product, self.rank.max(other.rank))
    }

    /// `self @ other`.
    pub(super) fn matmul(&self, other: &Self, rank: Rank) -> Self {
        let left = match self.level {
            Level::MatrixProduct => self.text.clone(),
            _ => self.at(Level::Power),
        };
        Self::new(format!("{left} @ {}", other.at(Level::Power)), Level::MatrixProduct, rank)
    }

    /// `-self`.
    pub(super) fn negated(&self) -> Self {
        let text = match self.level {
            Level::Product => format!("-{}", self.text),
            _ => format!("-{}", self.at(Level::Power)),
        };
        let level = if self.level == Level::Product { Level::Product } else { Level::Sign };
        Self::new(text, level, self.rank).over(self.batch.clone())
    }

    /// `self.T` of a matrix without indices; itself for anything else without indices.
    pub(super) fn transposed(&self) -> Self {
        if self.rank != Rank::Matrix {
            return self.clone();
        }
        if !self.batch.is_empty() {
            // Taken away only where the whole text is one call.
            let inner = self.text.strip_prefix("np.swapaxes(");
            let inner = inner.and_then(|rest| rest.strip_suffix(", -1, -2)"));
            if let Some(inner) = inner.filter(|inner| self.level == Level::Atom && is_closed(inner))
            {
                let text = inner.to_owned();
                let is_name = text.chars().all(|c| c.is_alphanumeric() || c == '_');
                let level = if is_name { Level::Atom } else { Level::Sum };
                let fragment = Self::new(text, level, Rank::Matrix);
                return fragment.over(self.batch.clone()).viewing(self.view);
            }
            let text = format!("np.swapaxes({}, -1, -2)", self.text);
            return Self::atom(text, Rank::Matrix).over(self.batch.clone()).viewing(self.view);
        }
        let text = match (self.level, self.text.strip_suffix(".T")) {
            (Level::Atom, Some(inner)) => inner.to_owned(),
            _ => format!("{}.T", self.as_atom()),
        };
        Self::atom(text, Rank::Matrix).viewing(self.view)
    }

    /// `np.sum(self, axis=…)`, or the method on an atom.
    pub(super) fn summed(&self, axis: Option<&str>, rank: Rank) -> Self {
        let text = match (self.level, axis) {
            (Level::Atom, Some(axis)) => format!("{}.sum(axis={axis})", self.as_atom()),
            (_, Some(axis)) => format!("np.sum({}, axis={axis})", self.text),
            (_, None) => format!("np.sum({})", self.text),
        };
        Self::atom(text, rank)
    }
}

/// Whether a text is one expression of its own, with no bracket that closes one before it.
fn is_closed(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().all(|character| {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth >= 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_stand_where_python_or_a_reader_needs_them() {
        let name = |text: &str, rank| Fragment::atom(text, rank);
        let (a, b) = (name("A", Rank::Matrix), name("b", Rank::Vector));
        let product = a.matmul(&b, Rank::Vector);
        assert_eq!(product.text, "A @ b");
        assert_eq!(a.matmul(&product, Rank::Vector).text, "A @ (A @ b)");
        assert_eq!(product.matmul(&b, Rank::Scalar).text, "A @ b @ b");
        assert_eq!(product.negated().text, "-(A @ b)");
        assert_eq!(name("2", Rank::Scalar).times(&product).text, "2 * (A @ b)");
        assert_eq!(b.times(&b).times(&b).text, "b * b * b");
        assert_eq!(b.times(&b.times(&b)).text, "b * (b * b)");
        assert_eq!(b.times(&b).negated().text, "-b * b");
        assert_eq!(a.transposed().transposed().text, "A");
        assert_eq!(a.matmul(&a, Rank::Matrix).transposed().text, "(A @ A).T");
    }
}
