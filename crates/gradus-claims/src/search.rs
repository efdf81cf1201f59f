//! The search for what is wrong: from the hypotheses that say most to those that say least.
//!
//! Must not know how a diagnosis is told.

use gradus_diagnostics::{Diagnostic, Span};
use gradus_elaborate::typed::Shape;
use gradus_syntax::tree::{BinaryOperator, Expr};
use gradus_verify::{Settings, Verdict};

use crate::align::Right;
use crate::edits::{self, Edit};
use crate::example::{self, Example};
use crate::mistake::{Diagnosis, Mistake, Place};
use crate::question::{Question, Target};
use crate::surface::{Surface, plain};
use crate::trial::{Kind, Read, Trials};
use crate::{assume, chain, insert, numbers, occurrences, several, whole};

/// How many texts are tried at one point for one claim.
const MOST_TRIALS: u32 = 6000;
/// Of so many local diagnoses the best are told.
const ENOUGH: usize = 8;
/// How many diagnoses are told.
const MOST_TOLD: usize = 3;

/// What is found about a claim.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Whether it is right.
    pub verdict: Verdict,
    /// What is wrong, the most specific first; empty for a right claim, or if nothing simple is wrong.
    pub diagnoses: Vec<Diagnosis>,
    /// An example where a wrong claim is wrong.
    pub example: Option<Example>,
    /// Why the claim cannot be read at all: its parts do not fit together.
    pub unread: Option<Diagnostic>,
    /// The shapes of the claim and of the right formula, where they differ.
    pub shapes: Option<(String, String)>,
}

impl Judgement {
    /// The judgement on something that cannot be read.
    #[must_use]
    pub fn unread(error: Diagnostic) -> Self {
        Self {
            verdict: Verdict::Undecided { reason: "it cannot be read".to_owned() },
            diagnoses: Vec::new(),
            example: None,
            unread: Some(error),
            shapes: None,
        }
    }

    /// The judgement on a claim of which only the text or the shape was looked at; nothing is wrong with
    /// it if there is no diagnosis.
    #[must_use]
    pub fn of_text(diagnoses: Vec<Diagnosis>) -> Self {
        let reason = "only its text was looked at".to_owned();
        let verdict = Verdict::Undecided { reason };
        Self { verdict, diagnoses, example: None, unread: None, shapes: None }
    }

    /// Whether the claim is wrong: refuted, or not even readable.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.unread.is_some() || self.verdict.is_refuted()
    }
}

/// Decides on a claim, and looks for what is wrong with a wrong one.
#[must_use]
pub fn judge(question: Question<'_>) -> Judgement {
    let trials = Trials::new(question, MOST_TRIALS);
    let (read, unread) = match trials.read(question.claim) {
        Ok(read) => (Some(read), None),
        Err(error) => (None, Some(*error)),
    };
    let verdict = match &read {
        Some(read) => trials.verdict(read, &Settings::default()),
        None => Verdict::Undecided { reason: "the claim cannot be read".to_owned() },
    };
    let mut judgement =
        Judgement { verdict, diagnoses: Vec::new(), example: None, unread, shapes: None };
    if !judgement.is_false() {
        return judgement;
    }
    judgement.diagnoses = diagnoses(&trials, read.as_ref());
    if let (Some(read), Some(expected)) = (&read, question.expected)
        && let Ok(right) = trials.read_in(read.program.clone(), expected)
        && right.form == read.form
    {
        let tree = &right.program.tree;
        let (wrong_shape, right_shape) = (tree.shape(read.root), tree.shape(right.root));
        if wrong_shape != right_shape {
            let shown = [wrong_shape, right_shape].map(|shape| shown(&right, shape));
            let [wrong, right] = shown;
            judgement.shapes = Some((wrong, right));
        }
        if wrong_shape == right_shape {
            judgement.example = example::simplest(tree, right.root, read.root);
        }
    }
    judgement
}

fn shown(read: &Read, shape: Shape) -> String {
    if shape.is_scalar() {
        return "scalar".to_owned();
    }
    let side = |size| {
        let text = read.program.tree.dimensions.display(size).replace('*', "");
        let text = raised(&text);
        if text.contains(['+', '-']) { format!("({text})") } else { text }
    };
    format!("{}×{}", side(shape.rows), side(shape.columns))
}

/// A size with its exponents raised.
fn raised(size: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let (mut out, mut is_exponent) = (String::new(), false);
    for letter in size.chars() {
        let digit = letter.to_digit(10).and_then(|digit| DIGITS.get(digit as usize));
        match digit {
            Some(digit) if is_exponent => out.push(*digit),
            _ => {
                is_exponent = letter == '^';
                if !is_exponent {
                    out.push(letter);
                }
            }
        }
    }
    out
}

/// The diagnoses of the first stage that has any.
fn diagnoses(trials: &Trials<'_>, read: Option<&Read>) -> Vec<Diagnosis> {
    if let Some(read) = read {
        let mut found = whole::elsewhere(trials, read);
        if found.is_empty() {
            found = whole::scaled(trials, read);
        }
        if found.is_empty() {
            found = whole::unprojected(trials, read);
        }
        if found.is_empty() {
            found = whole::commuted(trials, read);
        }
        if found.is_empty() {
            found = assume::symmetric(trials, read);
        }
        if found.is_empty() {
            found = assume::sums_to_one(trials, read);
        }
        if found.is_empty() {
            found = occurrences::forgotten(trials);
        }
        if found.is_empty() {
            found = factor_of_differential(trials);
        }
        if found.is_empty() && read.form == Kind::Array {
            found = chain::forgotten(trials);
        }
        if !found.is_empty() {
            return ranked(trials, found);
        }
    }
    if read.is_none() {
        // An identity that is `A` beside `dX` has a size there only.
        let found = factor_of_differential(trials);
        if !found.is_empty() {
            return found;
        }
    }
    let Ok(claim) = Surface::read(trials.question.claim, &trials.known()) else {
        return Vec::new();
    };
    let right = Right::of(trials);
    let right = right.as_ref();
    type Stage<'s> = Box<dyn Fn() -> Vec<Edit> + 's>;
    let stages: [Stage<'_>; 8] = [
        Box::new(|| edits::near(trials, &claim)),
        Box::new(|| several::elementwise(&claim)),
        Box::new(|| several::permuted(&claim)),
        Box::new(|| edits::symbols(trials, &claim)),
        Box::new(|| several::everywhere(&claim)),
        Box::new(|| right.map(|right| right.edits(&claim)).unwrap_or_default()),
        Box::new(|| {
            let mut edits = insert::terms(&claim, right);
            edits.extend(insert::factors(trials, &claim, right));
            edits
        }),
        Box::new(|| several::products(&claim)),
    ];
    for stage in stages {
        let found = repairs(trials, &claim, stage());
        if !found.is_empty() {
            return explained(trials, read, ranked(trials, found));
        }
    }
    let numbers = numbers::numbers_only(trials);
    if numbers.iter().any(|found| found.mistake == Mistake::InverseSandwich) {
        return numbers;
    }
    let found = assumed(trials, read);
    if found.is_empty() { numbers } else { found }
}

/// Assumptions that are seldom meant.
fn assumed(trials: &Trials<'_>, read: Option<&Read>) -> Vec<Diagnosis> {
    let Some(read) = read else { return Vec::new() };
    let mut found = assume::rare(trials, read);
    if found.is_empty() {
        found = assume::commuting(trials, read);
    }
    ranked(trials, found)
}

/// A part that should be another one names no mistake: an assumption under which the claim holds does, and
/// where it is right for numbers, it shows the scalar chain rule.
fn explained(
    trials: &Trials<'_>,
    read: Option<&Read>,
    mut found: Vec<Diagnosis>,
) -> Vec<Diagnosis> {
    if found.iter().any(|diagnosis| diagnosis.mistake != Mistake::Part) {
        return found;
    }
    let numbers = numbers::numbers_only(trials);
    let is_sandwich = numbers.iter().any(|found| found.mistake == Mistake::InverseSandwich);
    let assumed = if is_sandwich { Vec::new() } else { assumed(trials, read) };
    if !assumed.is_empty() {
        return assumed;
    }
    if let Some(numbers) = numbers.first() {
        found.iter_mut().for_each(|diagnosis| diagnosis.mistake = numbers.mistake.clone());
    }
    found
}

fn ranked(trials: &Trials<'_>, mut found: Vec<Diagnosis>) -> Vec<Diagnosis> {
    let of_differential = |found: &str| {
        let name = found.strip_prefix('d').unwrap_or_default();
        trials.names.iter().any(|known| known == name)
    };
    found.sort_by_key(|diagnosis| {
        let found = &diagnosis.found;
        // A transpose is rather lost beside a differential than on it.
        let beside = diagnosis.mistake == Mistake::TransposeMissing && of_differential(found);
        (diagnosis.mistake.rank(), beside, depth(trials.question.claim, diagnosis), found.len())
    });
    let mut kept: Vec<Diagnosis> = Vec::new();
    for diagnosis in found {
        if !kept.iter().any(|other| says_as_much(other, &diagnosis)) {
            kept.push(diagnosis);
        }
    }
    kept.truncate(MOST_TOLD);
    kept
}

/// Whether one diagnosis makes another one needless: it repairs the claim alike, or in the same way at a
/// place inside the other's.
fn says_as_much(one: &Diagnosis, other: &Diagnosis) -> bool {
    if one.mistake == Mistake::Assumption {
        return false;
    }
    // Transposes on both sides of a product are exchanged by one that is missing or too much.
    let is_transpose =
        |mistake: &Mistake| matches!(mistake, Mistake::TransposeExtra | Mistake::TransposeMissing);
    let of_transposes = |mistake: &Mistake| {
        is_transpose(mistake) || matches!(mistake, Mistake::InnerOuter | Mistake::Transposes)
    };
    one.repaired == other.repaired
        || one.mistake == other.mistake
        || (is_transpose(&one.mistake) && of_transposes(&other.mistake))
        || (one.mistake == Mistake::Axis && of_transposes(&other.mistake))
}

/// For signs of terms and orders of factors, in how many brackets it stands: those of the terms come before those inside.
fn depth(claim: &str, diagnosis: &Diagnosis) -> usize {
    let (Mistake::TermSign | Mistake::Order, Some(Place::Claim(place))) =
        (&diagnosis.mistake, diagnosis.place)
    else {
        return 0;
    };
    let before = claim.get(..place.start as usize).unwrap_or_default();
    before.matches('(').count().saturating_sub(before.matches(')').count())
}

/// The operator between two terms with the other sign, where an edit exchanges it.
fn sign_between(claim: &Surface, edit: &Edit) -> Option<(Span, &'static str, &'static str)> {
    let (operator, left, right) = match *claim.expr(edit.at) {
        Expr::Binary(operator, left, right) => (operator, left, right),
        _ => return None,
    };
    let (found, instead) = match operator {
        BinaryOperator::Add => ("+", "-"),
        BinaryOperator::Subtract => ("-", "+"),
        _ => return None,
    };
    let exchanged = format!("({}){instead}({})", claim.of(left), claim.of(right));
    if edit.mistake != Mistake::TermSign || edit.instead != exchanged {
        return None;
    }
    let (start, end) = (claim.tree.span(left).end, claim.tree.span(right).start);
    let at = claim.text.get(start as usize..end as usize)?.find(found)? + start as usize;
    Some((Span::new(at, at + 1), found, instead))
}

/// The changes that repair the claim.
fn repairs(trials: &Trials<'_>, claim: &Surface, edits: Vec<Edit>) -> Vec<Diagnosis> {
    let names = trials.known();
    let mut found: Vec<Diagnosis> = Vec::new();
    let mut tried: Vec<String> = Vec::new();
    for edit in edits {
        let sign = sign_between(claim, &edit);
        let Edit { mistake, at, also, instead } = edit;
        if trials.is_exhausted() || found.len() >= ENOUGH {
            break;
        }
        let places = std::iter::once(at).chain(also.iter().copied());
        let changes: Vec<_> = places.map(|place| (place, instead.clone())).collect();
        let text = claim.replaced_all(&changes);
        if tried.contains(&text) || !trials.is_right(&text) {
            continue;
        }
        let (place, shown, instead) = match sign {
            Some((place, found, instead)) => (place, found.to_owned(), instead.to_owned()),
            None => (claim.tree.span(at), plain(claim.of(at), &names), plain(&instead, &names)),
        };
        found.push(Diagnosis {
            mistake,
            place: Some(Place::Claim(place)),
            also: also.iter().map(|at| Place::Claim(claim.tree.span(*at))).collect(),
            found: shown,
            instead,
            repaired: plain(&text, &names),
        });
        tried.push(text);
    }
    found
}

/// `A` for the derivative of `A*X`: the factor before or behind `dX` in the differential.
fn factor_of_differential(trials: &Trials<'_>) -> Vec<Diagnosis> {
    let (Target::Derivative(asked), claim) = (trials.question.target, trials.question.claim) else {
        return Vec::new();
    };
    let [variable] = asked.wrt.as_slice() else { return Vec::new() };
    let tree = &trials.question.program.tree;
    let function = trials.question.program.results.first().map(|id| tree.shape(*id));
    if function.is_none_or(Shape::is_scalar) {
        return Vec::new();
    }
    let direction = format!("d{variable}");
    for body in [format!("({claim})*{direction}"), format!("{direction}*({claim})")] {
        let text = format!("{direction} -> {body}");
        let right = trials.read(&text).is_ok_and(|read| {
            read.form == Kind::Map && trials.meets(&read, trials.question.target)
        });
        if right {
            return vec![Diagnosis {
                mistake: Mistake::FactorOfDifferential,
                place: None,
                also: Vec::new(),
                found: claim.to_owned(),
                instead: plain(&body, &trials.known()),
                repaired: plain(&text, &trials.known()),
            }];
        }
    }
    Vec::new()
}
