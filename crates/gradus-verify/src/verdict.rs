//! What the oracles answer.
//!
//! Must not know how an answer was found.

use std::fmt;

/// The sizes of the named dimensions in one draw, in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes(pub Vec<(String, u64)>);

impl fmt::Display for Sizes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separated = |position: usize| if position == 0 { "" } else { "," };
        write!(formatter, "(")?;
        for (position, (_, size)) in self.0.iter().enumerate() {
            write!(formatter, "{}{size}", separated(position))?;
        }
        write!(formatter, ")")
    }
}

/// Which oracle decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Over a finite field, without rounding.
    Exact,
    /// In floating point.
    Numeric,
}

impl Method {
    /// The name used in messages and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Numeric => "numeric",
        }
    }
}

/// What was found to differ.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// This side of the identity (counted from 0) differs from the first one in value.
    Side(usize),
    /// The two sides have shapes that differ.
    SideShape {
        /// The side, counted from 0.
        side: usize,
        /// Rows and columns it has.
        found: (u64, u64),
        /// Rows and columns of the first side.
        expected: (u64, u64),
    },
    /// This claim (counted from 0) is not the derivative.
    Claim(usize),
    /// The claims taken together are not the derivative; which one is wrong was not determined.
    Claims,
    /// This claim has another shape than the derivative has in its layout.
    ClaimShape {
        /// The claim, counted from 0.
        claim: usize,
        /// Rows and columns it has.
        found: (u64, u64),
        /// Rows and columns it should have.
        expected: (u64, u64),
    },
}

/// The answer of the oracles.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Holds exactly, at these sizes.
    Proved {
        /// The sizes of each draw.
        sizes: Vec<Sizes>,
    },
    /// Holds numerically at independent points, where the exact oracle is undecided.
    Confirmed {
        /// The sizes of each point.
        sizes: Vec<Sizes>,
    },
    /// Does not hold.
    Refuted {
        /// Which oracle refuted it.
        method: Method,
        /// The sizes of the counterexample.
        sizes: Sizes,
        /// What differs.
        difference: Difference,
    },
    /// Neither oracle could decide.
    Undecided {
        /// Why, as a clause in the user's terms.
        reason: String,
    },
}

impl Verdict {
    /// Proved or confirmed.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        matches!(self, Self::Proved { .. } | Self::Confirmed { .. })
    }

    /// Whether a counterexample was found.
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Refuted { .. })
    }

    /// One word: `proved`, `confirmed`, `refuted` or `undecided`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Proved { .. } => "proved",
            Self::Confirmed { .. } => "confirmed",
            Self::Refuted { .. } => "refuted",
            Self::Undecided { .. } => "undecided",
        }
    }

    /// The oracle that decided.
    #[must_use]
    pub fn method(&self) -> Option<Method> {
        match self {
            Self::Proved { .. } => Some(Method::Exact),
            Self::Confirmed { .. } => Some(Method::Numeric),
            Self::Refuted { method, .. } => Some(*method),
            Self::Undecided { .. } => None,
        }
    }

    /// The sizes at which it was tried.
    #[must_use]
    pub fn sizes(&self) -> &[Sizes] {
        match self {
            Self::Proved { sizes } | Self::Confirmed { sizes } => sizes,
            Self::Refuted { sizes, .. } => std::slice::from_ref(sizes),
            Self::Undecided { .. } => &[],
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.name())?;
        if let Self::Undecided { reason } = self {
            return write!(formatter, ": {reason}");
        }
        let mut shown: Vec<String> = Vec::new();
        for sizes in self.sizes().iter().filter(|sizes| !sizes.0.is_empty()) {
            let text = sizes.to_string();
            if !shown.contains(&text) {
                shown.push(text);
            }
        }
        if shown.is_empty() { Ok(()) } else { write!(formatter, " at sizes {}", shown.join(", ")) }
    }
}
