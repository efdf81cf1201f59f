//! Why a rule holds, line by line: pure data.
//!
//! Must not know how lines are checked or shown.

/// A line of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofLine {
    /// An equation in the language, such as `"X*inv(X) = eye(n)"`, in which `d(U)` may stand; empty
    /// where only words say what is done.
    pub formula: &'static str,
    /// Why it holds, in English.
    pub english: &'static str,
    /// Why it holds, in Chinese.
    pub chinese: &'static str,
}

/// A proof. Its last formula is what is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Kinds of names in the lines, as in `"S: spd(n); H: matrix(n,n)"`. The parameters of an entry
    /// have the kinds of its first signature where nothing is said.
    pub declarations: &'static str,
    /// Names for what repeats, as in `"P = pinv(X)"`.
    pub bindings: &'static str,
    /// The lines in order.
    pub lines: &'static [ProofLine],
}

impl Proof {
    /// No proof: the meaning of the function says it all.
    pub const NONE: Self = Self { declarations: "", bindings: "", lines: &[] };

    /// A proof without names of its own.
    pub(crate) const fn of(lines: &'static [ProofLine]) -> Self {
        Self { declarations: "", bindings: "", lines }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// A line.
pub(crate) const fn line(
    formula: &'static str,
    english: &'static str,
    chinese: &'static str,
) -> ProofLine {
    ProofLine { formula, english, chinese }
}
