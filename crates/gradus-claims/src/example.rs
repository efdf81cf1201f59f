//! Examples with small integers, which can be checked by hand.
//!
//! Must not know why a claim is wrong.

use gradus_elaborate::typed::{Nature, Operation, TypedId, TypedTree, Variable};
use gradus_tensor::{DimensionId, Structure};
use gradus_verify::{Array, Expression, Settings, evaluate_at_sizes, open_sizes};

/// How many points are looked at for the simplest one.
const POINTS: u32 = 80;
/// Every dimension has this size.
const SIZE: u64 = 2;
/// More entries than this are not shown.
const MOST_ENTRIES: usize = 40;
/// Two values closer than this are the same.
const NEAR: f64 = 1e-6;

/// Named values.
pub(crate) type Point = Vec<(String, Array)>;

/// A point at which a claim is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The sizes that no value tells and the variables, with their values as text of the language.
    pub values: Vec<(String, String)>,
    /// The right value.
    pub expected: String,
    /// The value of the claim.
    pub claimed: String,
    /// The entries in which they differ; none where the shapes do.
    pub entries: Vec<Entry>,
}

/// An entry in which two arrays differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counted from 1.
    pub row: usize,
    /// Counted from 1.
    pub column: usize,
    /// The right value.
    pub expected: String,
    /// The value of the claim.
    pub claimed: String,
}

/// The simplest point among some at which two expressions of a tree differ.
pub(crate) fn simplest(tree: &TypedTree, expected: TypedId, claimed: TypedId) -> Option<Example> {
    let mut best: Option<(u64, Example)> = None;
    let sizes = sizes(tree, &[expected, claimed]);
    for point in points(tree, &[expected, claimed]).take(POINTS as usize) {
        let named: Vec<(&str, &Array)> =
            point.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let value = |root| {
            evaluate_at_sizes(Expression { tree, root }, &named, &sizes, &Settings::default())
        };
        let (Ok(right), Ok(wrong)) = (value(expected), value(claimed)) else { continue };
        let finite = |array: &Array| array.entries.iter().all(|entry| entry.is_finite());
        if !finite(&right) || !finite(&wrong) || !right.family.is_empty() {
            continue;
        }
        let Some(entries) = difference(&right, &wrong) else { continue };
        let cost = cost(&point, &right, &wrong);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            let sizes = sizes.iter().map(|(name, size)| (name.clone(), size.to_string()));
            let values = point.iter().map(|(name, value)| (name.clone(), text(value)));
            let values: Vec<(String, String)> = sizes.chain(values).collect();
            if values.is_empty() {
                return None;
            }
            let example =
                Example { values, expected: text(&right), claimed: text(&wrong), entries };
            best = Some((cost, example));
        }
    }
    best.map(|(_, example)| example)
}

/// The sizes of an example that the values of its variables do not tell.
pub(crate) fn sizes(tree: &TypedTree, roots: &[TypedId]) -> Vec<(String, u64)> {
    open_sizes(tree, roots).into_iter().map(|name| (name, SIZE)).collect()
}

/// The entries that differ; nothing if none does.
fn difference(right: &Array, wrong: &Array) -> Option<Vec<Entry>> {
    if (right.rows, right.columns) != (wrong.rows, wrong.columns) {
        return Some(Vec::new());
    }
    let entries: Vec<Entry> = entries_of(right, wrong);
    (!entries.is_empty()).then_some(entries)
}

fn entries_of(right: &Array, wrong: &Array) -> Vec<Entry> {
    let columns = right.columns.max(1);
    let pairs = right.entries.iter().zip(&wrong.entries).enumerate();
    pairs
        .filter(|(_, (right, wrong))| {
            (**right - **wrong).abs() > NEAR * right.abs().max(wrong.abs()).max(1.0)
        })
        .map(|(at, (right, wrong))| Entry {
            row: at / columns + 1,
            column: at % columns + 1,
            expected: number(*right),
            claimed: number(*wrong),
        })
        .collect()
}

/// How hard a point is to check by hand.
fn cost(point: &Point, right: &Array, wrong: &Array) -> u64 {
    let inputs = point
        .iter()
        .flat_map(|(_, value)| &value.entries)
        .map(|entry| if *entry == 0.0 { 0 } else { 2 + entry.abs() as u64 });
    let outputs = right.entries.iter().chain(&wrong.entries).map(|entry| {
        let whole = (entry - entry.round()).abs() < NEAR;
        let size = entry.abs().min(1e3) as u64;
        if whole { size.min(20) } else { 12 + size }
    });
    inputs.chain(outputs).sum()
}

/// Points with small integers, always the same; none where an unknown function stands or a size is not
/// natural.
pub(crate) fn points<'t>(
    tree: &'t TypedTree,
    roots: &[TypedId],
) -> impl Iterator<Item = Point> + use<'t> {
    let variables = occurring(tree, roots);
    (0_u64..).map_while(move |round| {
        let mut random = Small(0x9e37_79b9_7f4a_7c15 ^ (round << 17));
        let variables = variables.as_ref()?;
        variables.iter().map(|variable| drawn(tree, variable, &mut random)).collect()
    })
}

fn occurring<'t>(tree: &'t TypedTree, roots: &[TypedId]) -> Option<Vec<&'t Variable>> {
    let mut seen = vec![false; tree.nodes.len()];
    let mut found = vec![false; tree.variables.len()];
    let mut pending = roots.to_vec();
    while let Some(id) = pending.pop() {
        if std::mem::replace(seen.get_mut(id.0 as usize)?, true) {
            continue;
        }
        match &tree.node(id).operation {
            Operation::Variable(variable) | Operation::Rows(variable) => {
                found[variable.0 as usize] = true;
            }
            Operation::Mapped { .. } | Operation::Scalar { .. } | Operation::Path { .. } => {
                return None;
            }
            _ => {}
        }
        tree.children(id, |child| pending.push(child));
    }
    let variables = tree.variables.iter().zip(found).filter(|(_, found)| *found);
    let variables: Vec<&Variable> = variables.map(|(variable, _)| variable).collect();
    variables.iter().all(|variable| variable.nature == Nature::Array).then_some(variables)
}

fn drawn(tree: &TypedTree, variable: &Variable, random: &mut Small) -> Option<(String, Array)> {
    let sizes = vec![SIZE; tree.dimensions.name_count()];
    let size = |dimension: DimensionId| {
        let number = tree.dimensions.as_number(dimension).and_then(|number| number.to_i64());
        let size = match number {
            Some(number) => u64::try_from(number).ok()?,
            None => tree.dimensions.evaluate(dimension, &sizes)?,
        };
        (size > 0 && size <= 16).then_some(size as usize)
    };
    let (rows, columns) = (size(variable.shape.rows)?, size(variable.shape.columns)?);
    let family: Option<Vec<usize>> = variable.family.iter().map(|range| size(*range)).collect();
    let family = family?;
    let count: usize = family.iter().product();
    let mut entries = Vec::with_capacity(count * rows * columns);
    for _ in 0..count {
        entries.extend(member(variable, rows, columns, random));
    }
    (entries.len() <= MOST_ENTRIES)
        .then(|| (variable.name.clone(), Array { family, rows, columns, entries }))
}

/// One matrix with the structure of a variable.
fn member(variable: &Variable, rows: usize, columns: usize, random: &mut Small) -> Vec<f64> {
    let positive = variable.positive;
    let any: Vec<f64> = (0..rows * columns).map(|_| random.entry(positive)).collect();
    let place = |row: usize, column: usize| row * columns + column;
    let shaped = |value: &dyn Fn(usize, usize) -> f64| {
        (0..rows * columns).map(|at| value(at / columns, at % columns)).collect()
    };
    let mirrored = |row: usize, column: usize| any[place(row.min(column), row.max(column))];
    let one = (random.word() % rows.max(1) as u64) as usize;
    match variable.structure {
        Structure::General => any,
        Structure::Symmetric | Structure::Hermitian => shaped(&mirrored),
        Structure::Skew => shaped(&|row, column| match row.cmp(&column) {
            std::cmp::Ordering::Less => mirrored(row, column),
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => -mirrored(row, column),
        }),
        Structure::Diagonal => {
            shaped(&|row, column| if row == column { any[place(row, column)] } else { 0.0 })
        }
        Structure::LowerTriangular => {
            shaped(&|row, column| if row >= column { any[place(row, column)] } else { 0.0 })
        }
        Structure::UpperTriangular => {
            shaped(&|row, column| if row <= column { any[place(row, column)] } else { 0.0 })
        }
        Structure::PositiveDefinite => shaped(&|row, column| {
            let product: f64 =
                (0..rows).map(|inner| any[place(inner, row)] * any[place(inner, column)]).sum();
            product + if row == column { 1.0 } else { 0.0 }
        }),
        // A permutation that goes round, with one sign.
        Structure::Orthogonal | Structure::Unitary => shaped(&|row, column| {
            if (row + one) % rows != column {
                0.0
            } else if row == 0 {
                -1.0
            } else {
                1.0
            }
        }),
        Structure::OneHot => shaped(&|row, _| if row == one { 1.0 } else { 0.0 }),
        Structure::Simplex => {
            let parts = (rows * columns) as f64;
            shaped(&|row, column| {
                let first = if place(row, column) == 0 { 1.0 } else { 0.0 };
                (1.0 + first) / (parts + 1.0)
            })
        }
    }
}

/// A matrix of small integers with the structure of a variable, always the same for a seed.
pub(crate) fn member_like(variable: &Variable, rows: usize, columns: usize, seed: u64) -> Vec<f64> {
    let mut random = Small(0x9e37_79b9_7f4a_7c15 ^ seed.wrapping_mul(0xd134_2543_de82_ef95));
    random.word();
    member(variable, rows, columns, &mut random)
}

/// Random small integers.
struct Small(u64);

impl Small {
    fn word(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn entry(&mut self, positive: bool) -> f64 {
        const ANY: [f64; 8] = [0.0, 1.0, 0.0, 1.0, 2.0, -1.0, 1.0, 3.0];
        const POSITIVE: [f64; 4] = [1.0, 2.0, 1.0, 3.0];
        let word = (self.word() >> 3) as usize;
        if positive { POSITIVE[word % POSITIVE.len()] } else { ANY[word % ANY.len()] }
    }
}

/// An array as text of the language.
pub(crate) fn text(array: &Array) -> String {
    let member = |entries: &[f64]| {
        if array.rows == 1 && array.columns == 1 {
            return entries.first().map_or_else(String::new, |entry| number(*entry));
        }
        let row =
            |row: &[f64]| row.iter().map(|entry| number(*entry)).collect::<Vec<_>>().join(", ");
        let rows: Vec<String> = entries.chunks(array.columns.max(1)).map(row).collect();
        format!("[{}]", rows.join("; "))
    };
    if array.family.is_empty() {
        return member(&array.entries);
    }
    let members = array.entries.chunks((array.rows * array.columns).max(1));
    members.map(member).collect::<Vec<_>>().join(" | ")
}

/// A number with at most four digits after the point.
pub(crate) fn number(value: f64) -> String {
    if (value - value.round()).abs() < 1e-9 && value.abs() < 1e15 {
        return format!("{}", value.round() as i64);
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').to_owned()
}
