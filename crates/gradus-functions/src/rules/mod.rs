//! Why the rules hold by which derivations go from line to line.
//!
//! Must not know how the rules act. Each name is the one by which derivations cite the rule.

mod blocks;
mod differentials;
mod identification;
mod traces;

use crate::proof::Proof;

/// A rule of derivations with its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvedRule {
    /// The name, as in `"cyclic"`.
    pub name: &'static str,
    /// Why it holds.
    pub proof: Proof,
}

/// All rules of derivations, by what they are about.
pub fn proved_rules() -> impl Iterator<Item = &'static ProvedRule> {
    [differentials::RULES, traces::RULES, blocks::RULES, identification::RULES]
        .into_iter()
        .flatten()
}
