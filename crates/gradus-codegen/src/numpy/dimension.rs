//! Dimensions: as Python expressions, and read from the shapes of the arguments.
//!
//! Must not know formulas.

use gradus_notation::tree::Shape;
use gradus_tensor::{DimensionId, DimensionName, Dimensions, Monomial, Polynomial, Rational};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::numpy::fragment::{Fragment, Level, Rank};
use crate::numpy::names::Names;
use crate::request::{Variable, VariableKind};

/// The least common multiple of two positive numbers; `None` on overflow.
fn lcm(a: i64, b: i64) -> Option<i64> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}

/// The axes of an argument: ranges first, then rows and columns unless there is one.
pub(super) fn axes(variable: &Variable) -> Vec<DimensionId> {
    variable.ranges.iter().copied().chain(core_axes(variable.shape)).collect()
}

/// Rows and columns unless there is one.
pub(super) fn core_axes(shape: Shape) -> Vec<DimensionId> {
    let both = [shape.rows, shape.columns];
    both.into_iter().filter(|dimension| *dimension != Dimensions::ONE).collect()
}

/// A dimension as a Python expression.
pub(super) fn expression(
    dimensions: &Dimensions,
    names: &Names,
    dimension: DimensionId,
) -> Fragment {
    polynomial(dimensions.polynomial(dimension), &|name| names.dimension(name).to_owned())
}

fn common_denominator(value: &Polynomial) -> i64 {
    let common = value.0.iter().try_fold(1, |common, (_, coefficient)| {
        lcm(common, coefficient.to_pair().map_or(1, |(_, denominator)| denominator))
    });
    common.unwrap_or(1)
}

fn polynomial(value: &Polynomial, local: &dyn Fn(DimensionName) -> String) -> Fragment {
    let denominator = common_denominator(value);
    let scale = Rational::integer(denominator);
    let mut text = String::new();
    let mut level = Level::Atom;
    for (position, (monomial, coefficient)) in value.0.iter().enumerate() {
        let coefficient = coefficient.multiply(&scale);
        let term = term(monomial, &coefficient.abs(), local);
        match (position, coefficient.is_negative()) {
            (0, false) => {}
            (0, true) => text.push('-'),
            (_, false) => text.push_str(" + "),
            (_, true) => text.push_str(" - "),
        }
        level = match position {
            0 if coefficient.is_negative() => Level::Sign,
            0 => term.level,
            _ => Level::Sum,
        };
        text.push_str(&term.text);
    }
    if text.is_empty() {
        text.push('0');
    }
    let whole = Fragment::new(text, level, Rank::Scalar);
    if denominator == 1 {
        return whole;
    }
    Fragment::new(
        format!("{} // {denominator}", whole.as_first_factor()),
        Level::Product,
        Rank::Scalar,
    )
}

fn term(
    monomial: &Monomial,
    coefficient: &Rational,
    local: &dyn Fn(DimensionName) -> String,
) -> Fragment {
    let mut factors = Vec::new();
    if !coefficient.is_one() || monomial.is_empty() {
        factors
            .push(coefficient.to_i64().map_or_else(|| "0".to_owned(), |value| value.to_string()));
    }
    for (name, exponent) in monomial {
        factors.push(match exponent {
            1 => local(*name),
            _ => format!("{}**{exponent}", local(*name)),
        });
    }
    let level = match (factors.len(), monomial.as_slice()) {
        (1, [(_, exponent)]) if *exponent > 1 => Level::Power,
        (1, _) => Level::Atom,
        _ => Level::Product,
    };
    Fragment::new(factors.join(" * "), level, Rank::Scalar)
}

/// Where the size of an axis stands.
#[derive(Clone)]
struct Axis {
    /// Position of the argument among the sources.
    source: usize,
    axis: usize,
    dimension: DimensionId,
}

/// An argument whose shape can be read.
#[derive(Clone)]
pub(super) struct Source {
    /// The expression whose shape is read.
    text: String,
    axes: Vec<DimensionId>,
    /// Names that have to be converted first.
    pub(super) locals: Vec<String>,
}

/// The arguments whose shapes tell dimensions, those preferred first.
pub(super) fn sources(
    variables: &[Variable],
    names: &Names,
    prefers: impl Fn(&str) -> bool,
) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for variable in variables {
        let Some(local) = names.variable(&variable.name, 0) else {
            continue;
        };
        let (text, locals) = match &variable.kind {
            VariableKind::Array { .. } => (local.to_owned(), vec![local.to_owned()]),
            VariableKind::Path { parameter } => match names.variable(parameter, 0) {
                Some(parameter) => {
                    (format!("{local}({parameter})"), vec![local.to_owned(), parameter.to_owned()])
                }
                None => continue,
            },
            _ => continue,
        };
        let axes = axes(variable);
        if !axes.is_empty() {
            sources.push(Source { text, axes, locals });
        }
    }
    // Stable: arguments in use first, then the order of the keywords.
    sources.sort_by_key(|source| !source.locals.iter().all(|local| prefers(local)));
    sources
}

/// How a dimension is found.
enum Solution {
    /// It is an axis.
    Axis(Axis),
    /// An axis is this polynomial in it and in dimensions that are found before.
    Equation(Axis),
}

/// How all dimensions are found, each after those it needs.
pub(super) struct Solutions {
    found: Vec<(DimensionName, Solution)>,
    known: FxHashSet<DimensionName>,
    /// Which dimension is found at an axis of a source.
    at_axis: FxHashMap<(usize, usize), DimensionName>,
}

impl Solutions {
    /// Solves for every dimension that the sources tell.
    pub(super) fn new(dimensions: &Dimensions, sources: &[Source]) -> Self {
        let mut axes = Vec::new();
        for (source, entry) in sources.iter().enumerate() {
            for (axis, dimension) in entry.axes.iter().enumerate() {
                axes.push(Axis { source, axis, dimension: *dimension });
            }
        }
        let mut solutions =
            Self { found: Vec::new(), known: FxHashSet::default(), at_axis: FxHashMap::default() };
        for axis in &axes {
            if let Some(name) = dimensions.as_name(axis.dimension)
                && !solutions.knows(name)
            {
                solutions.at_axis.insert((axis.source, axis.axis), name);
                solutions.add(name, Solution::Axis(axis.clone()));
            }
        }
        loop {
            let before = solutions.found.len();
            for axis in &axes {
                let mut unknown = polynomial_names(dimensions.polynomial(axis.dimension));
                unknown.retain(|name| !solutions.knows(*name));
                if let [name] = unknown.as_slice() {
                    solutions.add(*name, Solution::Equation(axis.clone()));
                }
            }
            if solutions.found.len() == before {
                return solutions;
            }
        }
    }

    fn add(&mut self, name: DimensionName, solution: Solution) {
        self.known.insert(name);
        self.found.push((name, solution));
    }

    /// Whether a dimension is found.
    pub(super) fn knows(&self, name: DimensionName) -> bool {
        self.known.contains(&name)
    }

    /// The lines that define the wanted dimensions, and the locals that these lines use.
    pub(super) fn lines(
        &self,
        dimensions: &Dimensions,
        names: &Names,
        sources: &[Source],
        wanted: impl Fn(DimensionName) -> bool,
    ) -> (Vec<String>, Vec<String>) {
        let mut needed: FxHashSet<DimensionName> = FxHashSet::default();
        for (name, solution) in self.found.iter().rev() {
            if !wanted(*name) && !needed.contains(name) {
                continue;
            }
            needed.insert(*name);
            if let Solution::Equation(axis) = solution {
                needed.extend(polynomial_names(dimensions.polynomial(axis.dimension)));
            }
        }
        let mut lines = Vec::new();
        let mut locals = Vec::new();
        let mut written: FxHashSet<DimensionName> = FxHashSet::default();
        for (name, solution) in &self.found {
            if !needed.contains(name) || written.contains(name) {
                continue;
            }
            let (Solution::Axis(axis) | Solution::Equation(axis)) = solution;
            let source = &sources[axis.source];
            locals.extend(source.locals.iter().cloned());
            match solution {
                Solution::Axis(axis) => {
                    let together = self.axes_of(axis.source, source.axes.len());
                    if together.len() > 1 && together.iter().all(|name| needed.contains(name)) {
                        let left: Vec<&str> =
                            together.iter().map(|name| names.dimension(*name)).collect();
                        lines.push(format!("{} = {}.shape", left.join(", "), source.text));
                        written.extend(together);
                    } else {
                        let local = names.dimension(*name);
                        lines.push(format!("{local} = {}", axis_text(source, axis.axis)));
                        written.insert(*name);
                    }
                }
                Solution::Equation(axis) => {
                    let equation = dimensions.polynomial(axis.dimension);
                    lines.push(solve(equation, *name, &axis_text(source, axis.axis), names));
                    written.insert(*name);
                }
            }
        }
        (lines, locals)
    }

    /// The dimensions of all axes of a source, if each is found at its own axis.
    fn axes_of(&self, source: usize, count: usize) -> Vec<DimensionName> {
        let at = |position: usize| self.at_axis.get(&(source, position)).copied();
        (0..count).map(at).collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}

fn axis_text(source: &Source, axis: usize) -> String {
    if source.axes.len() == 1 {
        format!("{}.size", source.text)
    } else {
        format!("{}.shape[{axis}]", source.text)
    }
}

/// The names in a polynomial, each once.
pub(super) fn polynomial_names(polynomial: &Polynomial) -> Vec<DimensionName> {
    let mut names: Vec<DimensionName> = polynomial
        .0
        .iter()
        .flat_map(|(monomial, _)| monomial.iter().map(|(name, _)| *name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The line that solves `equation = size` for one name.
fn solve(equation: &Polynomial, unknown: DimensionName, size: &str, names: &Names) -> String {
    let local = |name: DimensionName| names.dimension(name).to_owned();
    let target = names.dimension(unknown);
    let degree = |monomial: &Monomial| {
        monomial.iter().find(|(name, _)| *name == unknown).map_or(0, |(_, exponent)| *exponent)
    };
    if equation.0.iter().all(|(monomial, _)| degree(monomial) <= 1) {
        let (with, without): (Vec<_>, Vec<_>) =
            equation.0.iter().cloned().partition(|(monomial, _)| degree(monomial) == 1);
        let slope = with.into_iter().map(|(monomial, coefficient)| {
            let rest = monomial.into_iter().filter(|(name, _)| *name != unknown).collect();
            (rest, coefficient)
        });
        let slope = Polynomial(slope.collect()).normalized();
        let rest = Polynomial(without).normalized();
        let mut value = Fragment::atom(size, Rank::Scalar);
        if !rest.0.is_empty() {
            let rest = polynomial(&rest, &local);
            let text = format!("{size} - {}", rest.at(Level::Product));
            value = Fragment::new(text, Level::Sum, Rank::Scalar);
        }
        let scale = common_denominator(&slope);
        let slope = slope.scale(&Rational::integer(scale));
        let mut text = value.text.clone();
        if scale != 1 {
            value = Fragment::new(
                format!("{} * {scale}", value.as_first_factor()),
                Level::Product,
                Rank::Scalar,
            );
            text.clone_from(&value.text);
        }
        if !slope.as_constant().is_some_and(|constant| constant.is_one()) {
            let slope = polynomial(&slope, &local);
            text = format!("{} // {}", value.as_first_factor(), slope.as_factor());
        }
        return format!("{target} = {text}");
    }
    let condition = polynomial(equation, &local);
    format!(
        "{target} = next({target} for {target} in range(1, {size} + 1) if {} == {size})",
        condition.text
    )
}
