//! Formulas of certificates in every notation.
//!
//! Must not know certificates.

use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format};
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_notation::tree::{NotationId, Page};
use gradus_tensor::{Arena, Scaled};

/// Longer formulas stand in no certificate.
pub(crate) const LONGEST: usize = 160;

/// A formula in every notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Formulas {
    pub(crate) text: String,
    pub(crate) source: String,
    pub(crate) latex: String,
}

/// A value in every notation; nothing if it has no matrix form.
pub(crate) fn formulas(arena: &Arena, value: &Scaled, options: &RaiseOptions) -> Option<Formulas> {
    if arena.axes(value.node).iter().filter(|axis| !axis.range).count() > 2 {
        return None;
    }
    let goal = upright(arena, value);
    let (tree, page) = raise(arena, &[goal], options).ok()?;
    let result = *page.results.first()?;
    let written = |format| written(&tree, &page, result, format);
    Some(Formulas {
        text: written(Format::Unicode),
        source: written(Format::Source),
        latex: written(Format::Latex),
    })
}

/// Rows and columns are the axes that are no ranges; the members of a family are told by a name.
fn upright(arena: &Arena, value: &Scaled) -> Goal {
    let axes = arena.axes(value.node);
    let mut sides = (0..axes.len()).filter(|at| !axes[*at].range);
    let (rows, columns) = (sides.next(), sides.next());
    let ranges: Vec<usize> = (0..axes.len()).filter(|at| axes[*at].range).collect();
    let member = match ranges.as_slice() {
        [only] => Some((*only, "i".to_owned())),
        _ => None,
    };
    Goal { value: value.clone(), rows, columns, member }
}

impl Formulas {
    /// A formula with a sign after it, before what its names stand for.
    pub(crate) fn signed(formula: &str, sign: &str) -> String {
        let marks = [WHERE_LATEX, WHERE_SOURCE, WHERE];
        let place = marks.iter().filter_map(|mark| formula.find(mark)).min();
        let (own, rest) = formula.split_at(place.unwrap_or(formula.len()));
        format!("{own} {sign}{rest}")
    }
}

const WHERE: &str = ", where ";
const WHERE_SOURCE: &str = "  # where ";
const WHERE_LATEX: &str = ",\\ \\text{where } ";

/// A name with its number as an index.
fn indexed(name: &str, format: Format) -> String {
    let letters = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = &name[letters.len()..];
    if number.is_empty() || letters.is_empty() {
        return name.to_owned();
    }
    match format {
        Format::Source => name.to_owned(),
        Format::Latex => format!("{letters}_{{{number}}}"),
        _ => {
            let low = |digit: char| {
                let value = digit.to_digit(10).unwrap_or_default();
                char::from_u32('₀' as u32 + value).unwrap_or(digit)
            };
            format!("{letters}{}", number.chars().map(low).collect::<String>())
        }
    }
}

/// A formula, with what its names stand for.
fn written(tree: &NotationTree, page: &Page, result: NotationId, format: Format) -> String {
    let mut text = print::formula(tree, result, format);
    for (at, binding) in page.bindings.iter().filter(|binding| !binding.from_user).enumerate() {
        let formula = print::formula(tree, binding.formula, format);
        let join = match (at, format) {
            (0, Format::Latex) => WHERE_LATEX,
            (0, Format::Source) => WHERE_SOURCE,
            (0, _) => WHERE,
            _ => ", ",
        };
        text.push_str(&format!("{join}{} = {formula}", indexed(&binding.name, format)));
    }
    text
}
