//! The verdict on an answer, as it is told.
//!
//! Must not know how it was reached.

use std::fmt;

use gradus_verify::Method;

/// Of more sizes than this only the first ones are shown.
const MOST_SIZES: usize = 8;

/// What the oracles say of an answer or of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Holds exactly, at the sizes tried.
    Proved,
    /// Holds numerically, where the exact oracle is undecided.
    Confirmed,
    /// Does not hold. No answer carries this; an identity may.
    Refuted,
    /// Neither oracle could decide.
    Undecided,
    /// It was asked not to check.
    NotChecked,
}

impl Verdict {
    /// Proved or confirmed.
    #[must_use]
    pub fn is_verified(self) -> bool {
        matches!(self, Self::Proved | Self::Confirmed)
    }

    /// The word in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Confirmed => "confirmed",
            Self::Refuted => "refuted",
            Self::Undecided => "undecided",
            Self::NotChecked => "not checked",
        }
    }
}

/// A verdict with how it was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The verdict.
    pub verdict: Verdict,
    /// `exact` or `numeric`; nothing if neither decided.
    pub method: Option<&'static str>,
    /// The dimensions and their sizes in each draw.
    pub sizes: Vec<Vec<(String, u64)>>,
    /// Why it is undecided; empty otherwise.
    pub reason: String,
}

impl Verification {
    /// The verdict on two formulas together: the weaker one, with the sizes of the first.
    pub(crate) fn and(self, other: Self) -> Self {
        let rank = |verdict| match verdict {
            Verdict::Proved => 0,
            Verdict::Confirmed => 1,
            Verdict::Undecided | Verdict::NotChecked => 2,
            Verdict::Refuted => 3,
        };
        if rank(other.verdict) > rank(self.verdict) { other } else { self }
    }

    /// The verdict on several formulas together; on none, that nothing was checked.
    pub(crate) fn of_all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().reduce(Self::and).unwrap_or_else(Self::not_checked)
    }

    /// The sizes of the first draws, each once, and how many more there are.
    pub(crate) fn shown_sizes(&self) -> (Vec<String>, usize) {
        let mut shown: Vec<String> = Vec::new();
        for sizes in self.sizes.iter().filter(|sizes| !sizes.is_empty()) {
            let sizes = tuple(sizes);
            if !shown.contains(&sizes) {
                shown.push(sizes);
            }
        }
        let more = shown.len().saturating_sub(MOST_DRAWS);
        shown.truncate(MOST_DRAWS);
        (shown, more)
    }

    /// Nothing was checked.
    pub(crate) fn not_checked() -> Self {
        Self {
            verdict: Verdict::NotChecked,
            method: None,
            sizes: Vec::new(),
            reason: String::new(),
        }
    }
}

impl From<&gradus_verify::Verdict> for Verification {
    fn from(verdict: &gradus_verify::Verdict) -> Self {
        use gradus_verify::Verdict as Found;
        let (name, reason) = match verdict {
            Found::Proved { .. } => (Verdict::Proved, String::new()),
            Found::Confirmed { .. } => (Verdict::Confirmed, String::new()),
            Found::Refuted { .. } => (Verdict::Refuted, String::new()),
            Found::Undecided { reason } => (Verdict::Undecided, reason.clone()),
        };
        Self {
            verdict: name,
            method: verdict.method().map(Method::name),
            sizes: verdict.sizes().iter().map(|sizes| sizes.0.clone()).collect(),
            reason,
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.verdict {
            Verdict::Proved => write!(formatter, "verified: proved")?,
            Verdict::Confirmed => write!(formatter, "verified: confirmed numerically")?,
            Verdict::Refuted => write!(formatter, "refuted")?,
            Verdict::Undecided => return write!(formatter, "not verified: {}", self.reason),
            Verdict::NotChecked => return write!(formatter, "not verified: not asked for"),
        }
        let (shown, more) = self.shown_sizes();
        if shown.is_empty() {
            return Ok(());
        }
        write!(formatter, " at sizes {}", shown.join(", "))?;
        if more == 0 { Ok(()) } else { write!(formatter, " and {more} more") }
    }
}

/// How many draws are shown; the others are counted.
const MOST_DRAWS: usize = 3;

/// The sizes of one draw: `(5,7)`.
fn tuple(sizes: &[(String, u64)]) -> String {
    let mut shown: Vec<String> =
        sizes.iter().take(MOST_SIZES).map(|(_, size)| size.to_string()).collect();
    if sizes.len() > MOST_SIZES {
        shown.push("…".to_owned());
    }
    format!("({})", shown.join(","))
}
