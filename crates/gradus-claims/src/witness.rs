//! Small integers at which a function bends, to be checked by hand: proofs that it is not convex, or not
//! concave.
//!
//! Must not know rules of convexity.

use gradus_elaborate::typed::{TypedId, TypedTree, Variable};
use gradus_tensor::Structure;
use gradus_verify::{Array, Expression, Settings, evaluate, second_along};

use crate::example::{Point, member_like, number, points, text};

/// Values of what stays.
const DATA: usize = 32;
/// Values of what varies, for each of them.
const POINTS: usize = 16;
/// Directions from each.
const DIRECTIONS: usize = 8;
/// A second derivative below this part of its terms is taken for rounding.
const NOISE: f64 = 1e-7;
/// Places along a chord at which the function must have a value.
const PLACES: u32 = 16;

/// Named values as text of the language.
pub type Values = Vec<(String, String)>;

/// A point and a direction along which a function bends.
#[derive(Clone, Debug, PartialEq)]
pub struct Bending {
    /// The point.
    pub at: Values,
    /// The direction.
    pub along: Values,
    /// What tells how it bends.
    pub seen: Seen,
}

/// What tells how a function bends.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// The second derivative along the direction.
    Second(String),
    /// The values at the point less the direction, at the point, and at the point plus the direction.
    Chord([String; 3]),
}

/// How a function was seen to bend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bends {
    /// The values of what stays, at which it bends both ways, or the one way that was seen.
    pub data: Values,
    /// Where it bends upwards, so that it is not concave.
    pub up: Option<Bending>,
    /// Where it bends downwards, so that it is not convex.
    pub down: Option<Bending>,
    /// Whether it was seen to bend one way with some values of what stays and the other way with others,
    /// but never both ways with the same ones.
    pub depends: bool,
}

/// Looks for points and directions at which a scalar function bends upwards and downwards in some
/// variables together, with the same values of the others.
#[must_use]
pub fn bends(tree: &TypedTree, root: TypedId, variables: &[&str]) -> Bends {
    let smooth = search(tree, root, variables, second);
    if smooth.up.is_some() && smooth.down.is_some() && !smooth.depends {
        return smooth;
    }
    let chords = search(tree, root, variables, chord);
    if chords.up.is_some() && chords.down.is_some() && !chords.depends {
        return chords;
    }
    if smooth.up.is_some() || smooth.down.is_some() { smooth } else { chords }
}

/// How it bends at a point along a direction: a number with its sign, and what is told of it.
type Look = fn(Expression<'_>, &Point, &Point, &dyn Fn(&Point) -> bool) -> Option<(f64, Seen)>;

/// A place among the data, and what was found with it.
type Placed = Option<(usize, Bending)>;

fn search(tree: &TypedTree, root: TypedId, variables: &[&str], look: Look) -> Bends {
    let expression = Expression { tree, root };
    let moves = |name: &str| variables.contains(&name);
    let all: Vec<Point> = points(tree, &[root]).take(DATA * POINTS).collect();
    let inside = |point: &Point| is_inside(tree, point, variables);
    let has_data = all.first().is_some_and(|point| point.iter().any(|(name, _)| !moves(name)));
    let (mut up, mut down): (Placed, Placed) = (None, None);
    // Without data all points are points of one function.
    let (sets, each) = if has_data { (DATA, POINTS) } else { (1, DATA * POINTS) };
    for (place, data) in all.iter().take(sets).enumerate() {
        let (mut here_up, mut here_down) = (None, None);
        for (round, moved) in all.iter().enumerate().skip(place * each).take(each) {
            let point: Point = data
                .iter()
                .zip(moved)
                .map(|(stays, moved)| if moves(&stays.0) { moved.clone() } else { stays.clone() })
                .collect();
            for step in 0..DIRECTIONS {
                let Some(along) = direction(tree, &point, variables, round * DIRECTIONS + step)
                else {
                    continue;
                };
                let Some((sign, seen)) = look(expression, &point, &along, &inside) else {
                    continue;
                };
                let found = if sign > 0.0 { &mut here_up } else { &mut here_down };
                if found.is_none() {
                    let at = told(point.iter().filter(|(name, _)| moves(name)));
                    *found = Some(Bending { at, along: told(along.iter()), seen });
                }
                if here_up.is_some() && here_down.is_some() {
                    let data = told(data.iter().filter(|(name, _)| !moves(name)));
                    return Bends { data, up: here_up, down: here_down, depends: false };
                }
            }
        }
        up = up.or(here_up.map(|found| (place, found)));
        down = down.or(here_down.map(|found| (place, found)));
    }
    let place = up.as_ref().or(down.as_ref()).map(|(place, _)| *place);
    let data = place
        .and_then(|at| all.get(at))
        .map(|point| told(point.iter().filter(|(name, _)| !moves(name))));
    let depends = up.is_some() && down.is_some();
    Bends {
        data: data.unwrap_or_default(),
        up: up.map(|(_, found)| found),
        down: down.map(|(_, found)| found),
        depends,
    }
}

fn told<'p>(values: impl Iterator<Item = &'p (String, Array)>) -> Values {
    values.map(|(name, value)| (name.clone(), text(value))).collect()
}

/// A direction in the space that each variable moves in.
fn direction(tree: &TypedTree, point: &Point, variables: &[&str], round: usize) -> Option<Point> {
    let mut found = Vec::new();
    for (place, (name, value)) in point.iter().enumerate() {
        if !variables.contains(&name.as_str()) {
            continue;
        }
        let variable = tree.variables.iter().find(|it| it.name == *name)?;
        let seed = (round as u64) << 8 | place as u64;
        found.push((name.clone(), tangent(variable, value, seed)));
    }
    let moves = found.iter().any(|(_, it)| it.entries.iter().any(|entry| *entry != 0.0));
    moves.then_some(found)
}

fn tangent(variable: &Variable, value: &Array, seed: u64) -> Array {
    let structure = match variable.structure {
        Structure::PositiveDefinite => Structure::Symmetric,
        Structure::Simplex => Structure::General,
        structure => structure,
    };
    let free = Variable { structure, positive: false, ..variable.clone() };
    let mut entries = Vec::with_capacity(value.entries.len());
    let members = value.entries.len() / (value.rows * value.columns).max(1);
    for member in 0..members {
        let seed = seed ^ (member as u64) << 32;
        let mut own = member_like(&free, value.rows, value.columns, seed);
        if variable.structure == Structure::Simplex {
            let rest: f64 = own.iter().skip(1).sum();
            if let Some(first) = own.first_mut() {
                *first = -rest;
            }
        }
        entries.extend(own);
    }
    Array { entries, ..value.clone() }
}

/// Whether each variable lies where it may: a chord must not leave that set.
fn is_inside(tree: &TypedTree, point: &Point, variables: &[&str]) -> bool {
    point.iter().filter(|(name, _)| variables.contains(&name.as_str())).all(|(name, value)| {
        let Some(variable) = tree.variables.iter().find(|it| it.name == *name) else {
            return false;
        };
        let banded = matches!(
            variable.structure,
            Structure::Diagonal | Structure::LowerTriangular | Structure::UpperTriangular
        );
        let least = if banded { 0.0 } else { f64::MIN_POSITIVE };
        let positive = !variable.positive || value.entries.iter().all(|entry| *entry >= least);
        let size = (value.rows * value.columns).max(1);
        let mut members = value.entries.chunks(size);
        positive
            && match variable.structure {
                Structure::PositiveDefinite => {
                    members.all(|member| is_definite(member, value.rows))
                }
                Structure::Simplex => value.entries.iter().all(|entry| *entry >= 0.0),
                _ => true,
            }
    })
}

/// Whether a symmetric matrix has positive pivots.
fn is_definite(entries: &[f64], size: usize) -> bool {
    let mut matrix = entries.to_vec();
    for at in 0..size {
        let pivot = matrix[at * size + at];
        if pivot <= 1e-12 {
            return false;
        }
        for row in at + 1..size {
            let factor = matrix[row * size + at] / pivot;
            for column in at..size {
                matrix[row * size + column] -= factor * matrix[at * size + column];
            }
        }
    }
    true
}

fn named(point: &Point) -> Vec<(&str, &Array)> {
    point.iter().map(|(name, value)| (name.as_str(), value)).collect()
}

/// By the second derivative.
fn second(
    expression: Expression<'_>,
    point: &Point,
    along: &Point,
    _: &dyn Fn(&Point) -> bool,
) -> Option<(f64, Seen)> {
    let settings = Settings::default();
    let found = second_along(expression, &named(point), &named(along), &settings).ok()?;
    let clear = found.value.is_finite()
        && found.second.is_finite()
        && found.second.abs() > NOISE * found.scale.max(1e-3);
    clear.then(|| (found.second, Seen::Second(number(found.second))))
}

/// By the values at both sides.
fn chord(
    expression: Expression<'_>,
    point: &Point,
    along: &Point,
    inside: &dyn Fn(&Point) -> bool,
) -> Option<(f64, Seen)> {
    let at = |share: f64| {
        let moved: Point = point
            .iter()
            .map(|(name, value)| {
                let mut value = value.clone();
                if let Some((_, change)) = along.iter().find(|(other, _)| other == name) {
                    for (entry, change) in value.entries.iter_mut().zip(&change.entries) {
                        *entry += share * change;
                    }
                }
                (name.clone(), value)
            })
            .collect();
        if !inside(&moved) {
            return None;
        }
        let value = evaluate(expression, &named(&moved), &Settings::default()).ok()?;
        value.entries.first().copied().filter(|entry| entry.is_finite())
    };
    for place in 0..=PLACES {
        at(f64::from(place) * 2.0 / f64::from(PLACES) - 1.0)?;
    }
    let (before, here, after) = (at(-1.0)?, at(0.0)?, at(1.0)?);
    let rise = before + after - 2.0 * here;
    let clear = rise.abs() > 1e-6 * (before.abs() + here.abs() + after.abs()).max(1e-3);
    clear.then(|| (rise, Seen::Chord([number(before), number(here), number(after)])))
}
