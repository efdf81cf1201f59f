//! Brackets of a formula that have no partner.
//!
//! Must not know anything else of formulas.

use gradus_claims::{Diagnosis, Mistake, Place};
use gradus_diagnostics::Span;

/// The bracket without a partner, if there is one: of those that are not closed the outermost.
pub(super) fn unbalanced(text: &str) -> Option<Diagnosis> {
    let mut open: Vec<usize> = Vec::new();
    let mut lone = None;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' => open.push(at),
            ')' | ']' | '}' if open.pop().is_none() => {
                lone = Some((at, ")"));
                break;
            }
            _ => {}
        }
    }
    let (at, found) = lone.or_else(|| open.first().map(|at| (*at, "(")))?;
    Some(Diagnosis {
        mistake: Mistake::Bracket,
        place: Some(Place::Claim(Span::new(at, at + 1))),
        also: Vec::new(),
        found: found.to_owned(),
        instead: String::new(),
        repaired: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracket_without_a_partner_is_found() {
        let place = |text: &str| {
            unbalanced(text).map(|found| match found.place {
                Some(Place::Claim(span)) => (span.start, found.found),
                _ => (u32::MAX, String::new()),
            })
        };
        assert_eq!(place("(a + b)*c"), None);
        assert_eq!(place("(d(X)*X + X"), Some((0, "(".to_owned())));
        assert_eq!(place("a + b)*c"), Some((5, ")".to_owned())));
    }
}
