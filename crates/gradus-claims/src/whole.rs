//! Hypotheses about a claim as a whole: another layout, convention, variable or order, a sign, a factor.
//!
//! Must not know the parts of a claim.

use gradus_tensor::{Dimensions, Rational, Structure};
use gradus_verify::{Convention, Expression, Layout, Settings, Stacking, evaluate_at_sizes};

use crate::example::{points, sizes};
use crate::mistake::{Diagnosis, Mistake};
use crate::question::{Derivative, Target};
use crate::surface::{Surface, plain};
use crate::trial::{Kind, Read, Trials};

/// Denominators of factors up to this one are tried.
const LARGEST_DENOMINATOR: i64 = 24;

/// The claim is right where something else is asked.
pub(crate) fn elsewhere(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let Some(asked) = trials.derivative() else { return Vec::new() };
    let mut found = Vec::new();
    for (mistake, instead, derivative) in variants(trials, asked) {
        let settings_differ = derivative != *asked;
        if settings_differ && trials.meets(read, &Target::Derivative(derivative)) {
            found.push(diagnosis(trials, mistake, &instead));
            // The first one is the nearest.
            break;
        }
    }
    found
}

fn diagnosis(trials: &Trials<'_>, mistake: Mistake, instead: &str) -> Diagnosis {
    Diagnosis {
        mistake,
        place: None,
        also: Vec::new(),
        found: trials.question.claim.to_owned(),
        instead: instead.to_owned(),
        repaired: trials.question.claim.to_owned(),
    }
}

fn layout_name(layout: Layout) -> &'static str {
    match layout {
        Layout::Mixed => "mixed",
        Layout::Numerator => "numerator",
        Layout::Denominator => "denominator",
    }
}

/// What else might have been meant, the nearest first.
fn variants(trials: &Trials<'_>, asked: &Derivative) -> Vec<(Mistake, String, Derivative)> {
    let mut variants = Vec::new();
    let layouts = [Layout::Numerator, Layout::Denominator, Layout::Mixed];
    // The second derivative of a scalar is one symmetric matrix, whatever the layout.
    let function = trials.question.program.results.first();
    let is_scalar = function.is_some_and(|id| trials.question.program.tree.shape(*id).is_scalar());
    let is_hessian = is_scalar && asked.wrt.len() > 1;
    let others = |layout: &Layout| *layout != asked.layout && !is_hessian;
    for layout in layouts.into_iter().filter(others) {
        let other = Derivative { layout, ..asked.clone() };
        variants.push((Mistake::OtherLayout(layout), layout_name(layout).to_owned(), other));
    }
    let (convention, name) = match asked.convention {
        Convention::Projected => (Convention::Entries, "entries"),
        Convention::Entries => (Convention::Projected, "projected"),
    };
    let other = Derivative { convention, ..asked.clone() };
    variants.push((Mistake::OtherConvention, name.to_owned(), other));
    let (stacking, name) = match asked.stacking {
        Stacking::Columns => (Stacking::Rows, "rows"),
        Stacking::Rows => (Stacking::Columns, "columns"),
    };
    let other = Derivative { stacking, ..asked.clone() };
    variants.push((Mistake::OtherStacking, name.to_owned(), other));
    for (_, name, _) in trials.arrays() {
        if let [only] = asked.wrt.as_slice()
            && only != name
        {
            let other = Derivative { wrt: vec![name.to_owned()], ..asked.clone() };
            variants.push((Mistake::OtherVariable, name.to_owned(), other));
        }
    }
    if let Some(first) = asked.wrt.first() {
        let order = if asked.wrt.len() == 1 { 2 } else { 1 };
        let other = Derivative { wrt: vec![first.clone(); order], ..asked.clone() };
        variants.push((Mistake::OtherOrder, order.to_string(), other));
    }
    variants
}

/// The claim turned round, negated, or multiplied by a number.
pub(crate) fn scaled(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let Ok(surface) = Surface::read(trials.question.claim, &trials.known()) else {
        return Vec::new();
    };
    let Some(root) = surface.root() else { return Vec::new() };
    let formula = surface.of(root);
    let mut candidates = Vec::new();
    if let Some(rest) = formula.strip_prefix('-') {
        candidates.push((Mistake::Sign, "-1".to_owned(), rest.to_owned()));
    }
    candidates.extend([
        (Mistake::Sign, "-1".to_owned(), format!("-({formula})")),
        (Mistake::Transposed, "'".to_owned(), format!("({formula})'")),
        (Mistake::Transposed, "-'".to_owned(), format!("-({formula})'")),
    ]);
    if read.form != Kind::Map
        && let Some(ratio) = ratio(trials, read)
    {
        candidates.push((Mistake::Factor, ratio.to_string(), format!("{ratio}*({formula})")));
    }
    if read.form != Kind::Map {
        // What stands in the claim already is rather a factor of another part.
        let stands = |factor: &str| {
            let name = factor.trim_start_matches("1/").trim_end_matches("^2");
            let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
            formula.split(|letter| !is_letter(letter)).any(|word| word == name)
        };
        let missing = symbolic(trials, formula).into_iter().filter(|(factor, _)| !stands(factor));
        candidates.extend(missing.map(|(factor, text)| (Mistake::Factor, factor, text)));
    }
    for (mistake, instead, text) in candidates {
        let text = surface.replaced(root, &text);
        if trials.is_right(&text) {
            let repaired = plain(&text, &trials.known());
            return vec![Diagnosis { repaired, ..diagnosis(trials, mistake, &instead) }];
        }
    }
    Vec::new()
}

/// The claim multiplied or divided by a size, a scalar or its square, with the factors.
pub(crate) fn symbolic(trials: &Trials<'_>, formula: &str) -> Vec<(String, String)> {
    let scalars = trials.arrays().filter(|(_, _, shape)| shape.is_scalar());
    let scalars = scalars.flat_map(|(_, name, _)| [name.to_owned(), format!("{name}^2")]);
    let factors = trials.sizes().into_iter().chain(scalars);
    let both = factors.flat_map(|factor| {
        let divided = format!("({formula})/{factor}");
        let multiplied = match formula.strip_prefix("1/") {
            Some(divisor) => format!("{factor}/{divisor}"),
            None => format!("{factor}*({formula})"),
        };
        [(format!("1/{factor}"), divided), (factor, multiplied)]
    });
    both.collect()
}

/// A claim that is right once it is projected onto the structure of its variable.
pub(crate) fn unprojected(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let Some(asked) = trials.derivative() else { return Vec::new() };
    let ([variable], Convention::Projected, Kind::Array) =
        (asked.wrt.as_slice(), asked.convention, read.form)
    else {
        return Vec::new();
    };
    let Some(id) = read.program.tree.variable_named(variable) else { return Vec::new() };
    let Some(text) = projection(read.program.tree.variable(id).structure, variable) else {
        return Vec::new();
    };
    let Ok(surface) = Surface::read(trials.question.claim, &trials.known()) else {
        return Vec::new();
    };
    let Some(root) = surface.root() else { return Vec::new() };
    let text = text.replace('□', &format!("({})", surface.of(root)));
    let text = surface.replaced(root, &text);
    if !trials.is_right(&text) {
        return Vec::new();
    }
    let repaired = plain(&text, &trials.known());
    vec![Diagnosis { repaired, ..diagnosis(trials, Mistake::Projection, variable) }]
}

/// The projection of `□` onto the tangent space of a structure.
fn projection(structure: Structure, variable: &str) -> Option<String> {
    Some(match structure {
        Structure::Symmetric | Structure::PositiveDefinite => "(□+□')/2".to_owned(),
        Structure::Skew => "(□-□')/2".to_owned(),
        Structure::Hermitian => "(□+conj(□)')/2".to_owned(),
        Structure::Diagonal => "diag(diag(□))".to_owned(),
        Structure::LowerTriangular => "tril(□)".to_owned(),
        Structure::UpperTriangular => "triu(□)".to_owned(),
        Structure::Orthogonal => format!("(□-{variable}*□'*{variable})/2"),
        Structure::Unitary => format!("(□-{variable}*conj(□)'*{variable})/2"),
        Structure::Simplex => "□-mean(□)".to_owned(),
        Structure::General | Structure::OneHot => return None,
    })
}

/// The claim with a commutation matrix on one of its sides, where the differential of a matrix stands
/// transposed, and with the other sign.
pub(crate) fn commuted(trials: &Trials<'_>, read: &Read) -> Vec<Diagnosis> {
    let (Some(asked), Kind::Array) = (trials.derivative(), read.form) else { return Vec::new() };
    let tree = &read.program.tree;
    let Ok(surface) = Surface::read(trials.question.claim, &trials.known()) else {
        return Vec::new();
    };
    let Some(root) = surface.root() else { return Vec::new() };
    let formula = surface.of(root);
    let mut shapes = Vec::new();
    if asked.wrt.len() == 1
        && let Some(function) = trials.question.program.results.first()
    {
        shapes.push(tree.shape(*function));
    }
    let variables =
        trials.arrays().filter(|(_, name, _)| asked.wrt.iter().any(|own| own.as_str() == *name));
    shapes.extend(variables.map(|(_, _, shape)| shape));
    for shape in shapes
        .iter()
        .filter(|shape| shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE)
    {
        let [rows, columns] = [shape.rows, shape.columns].map(|size| tree.dimensions.display(size));
        for sign in ["", "-"] {
            for matrix in [
                format!("commutation({rows}, {columns})"),
                format!("commutation({columns}, {rows})"),
            ] {
                for text in
                    [format!("{sign}({formula})*{matrix}"), format!("{sign}{matrix}*({formula})")]
                {
                    let text = surface.replaced(root, &text);
                    if trials.is_right(&text) {
                        let repaired = plain(&text, &trials.known());
                        let own = diagnosis(trials, Mistake::Commutation, sign);
                        return vec![Diagnosis { repaired, ..own }];
                    }
                }
            }
        }
    }
    Vec::new()
}

/// The number by which the claim must be multiplied, from values at a point.
fn ratio(trials: &Trials<'_>, read: &Read) -> Option<Rational> {
    let expected = trials.question.expected?;
    let right = trials.read_in(read.program.clone(), expected).ok()?;
    if right.form != read.form {
        return None;
    }
    let tree = &right.program.tree;
    let sizes = sizes(tree, &[read.root, right.root]);
    for point in points(tree, &[read.root, right.root]).take(8) {
        let named: Vec<(&str, &gradus_verify::Array)> =
            point.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let value = |root| {
            evaluate_at_sizes(Expression { tree, root }, &named, &sizes, &Settings::default())
        };
        let (Ok(claimed), Ok(wanted)) = (value(read.root), value(right.root)) else { continue };
        if claimed.entries.len() != wanted.entries.len() {
            return None;
        }
        let pairs = claimed.entries.iter().zip(&wanted.entries);
        let Some((from, to)) = pairs.clone().find(|(from, _)| from.abs() > 1e-6) else { continue };
        let ratio = to / from;
        let same = pairs.clone().all(|(from, to)| (from * ratio - to).abs() < 1e-6);
        if !same || ratio.abs() < 1e-6 {
            return None;
        }
        return rational(ratio);
    }
    None
}

fn rational(value: f64) -> Option<Rational> {
    (1..=LARGEST_DENOMINATOR).find_map(|denominator| {
        let numerator = (value * denominator as f64).round();
        let near = (numerator / denominator as f64 - value).abs() < 1e-7;
        let whole = numerator.abs() < 1e6;
        (near && whole)
            .then(|| Rational::integer(numerator as i64).divide(&Rational::integer(denominator)))?
    })
}
