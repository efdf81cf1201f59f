//! The function `check` of a generated module: derivatives against finite differences.
//!
//! Must not know formulas: it compares `derivative` with differences of `value`.

use std::fmt::Write as _;

use gradus_diagnostics::Result;
use gradus_tensor::{DimensionName, Structure};

use crate::numpy::complex_check::ComplexCheck;
use crate::numpy::names::Names;
use crate::numpy::point;
use crate::numpy::returned;
use crate::numpy::sample;
use crate::numpy::token;
use crate::plan::Plan;
use crate::request::{Answer, AnswerForm, Variable, VariableKind};

const RELATIVE_ERROR: &str = "\
def _relative_error(predicted, measured, floor):
    predicted, measured = np.asarray(predicted), np.asarray(measured)
    if predicted.shape != measured.shape:
        raise ValueError(f\"shapes {predicted.shape} and {measured.shape} differ\")
    scale = np.max([np.max(np.abs(predicted)), np.max(np.abs(measured)), floor])
    return 0.0 if scale == 0 else np.max(np.abs(predicted - measured)) / scale
";

const DIFFERENCE: &str = "\
def _difference(at, directions, step):
    \"\"\"Central difference of `value` along directions, one for each order.\"\"\"
    total = 0.0
    for signs in np.ndindex((2,) * len(directions)):
        steps = {}
        for sign, direction in zip(signs, directions):
            for name, change in direction.items():
                steps[name] = steps.get(name, 0.0) + step * (1 - 2 * sign) * change
        total = total + (-1) ** sum(signs) * np.asarray(value(**_moved(at, steps)))
    return total / (2 * step) ** len(directions)
";

const MOVED: &str = "\
def _moved(at, steps):
    return {**at, **{name: at[name] + step for name, step in steps.items()}}
";

const DRAWS: &str = "    draws = [
        rng.standard_normal,
        lambda size: rng.uniform(0.5, 1.5, size),
        lambda size: rng.uniform(0.1, 0.9, size),
        lambda size: rng.uniform(1.1, 2.0, size),
        lambda size: 10 ** rng.uniform(-1, 1) * rng.uniform(0.5, 1.5, size),
        lambda size: 10 ** rng.uniform(-1, 1) * rng.standard_normal(size),
    ]
";

/// Square matrices with real, simple and positive eigenvalues.
const GRADED: &str = "        lambda size: rng.uniform(0.5, 1.5, size)
        if np.size(size) != 2 or size[0] != size[1]
        else np.diag(np.arange(1.0, size[0] + 1)) + 0.1 * rng.standard_normal(size),
    ]
";

/// The text of `check` with its helpers.
pub(super) fn text(plan: &Plan<'_>, names: &Names, free: &[DimensionName]) -> Result<String> {
    let sizes = sample::sizes(plan)?;
    let check = Check { plan, names, sizes };
    let start = check.start(free);
    let mut body = start.clone();
    let answers = &plan.request.answers;
    let complex = ComplexCheck { plan, names, sizes: &check.sizes };
    for (position, answer) in answers.iter().enumerate() {
        let curved = matches!(answer.form, AnswerForm::Along(_))
            && answer.wrt.iter().any(|position| check.is_orthogonal(*position));
        let is_differential = matches!(answer.form, AnswerForm::Differential { .. });
        if answer.form == AnswerForm::Column
            || curved
            || plan.request.is_complex() && !is_differential
        {
            body.push_str(&complex.comparison(position)?);
            continue;
        }
        let result =
            if answers.len() == 1 { "result".to_owned() } else { format!("result[{position}]") };
        let _ = write!(
            body,
            "{}",
            match &answer.form {
                AnswerForm::Differential { order } => check.differential(&answer.wrt, *order),
                AnswerForm::Column => String::new(),
                AnswerForm::Along(direction) => {
                    check.array(&answer.wrt, Some(*direction), &result)
                }
                AnswerForm::Array | AnswerForm::LinearMap { .. } | AnswerForm::Looped(_) => {
                    check.array(&answer.wrt, None, &result)
                }
            }
        );
    }
    if plan.request.point.is_some() {
        body = body.split_off(start.len());
        body = start + &point::values(&plan.request, names) + &point::moved(&body);
    }
    body.push_str(END);
    let mut text = String::new();
    for (name, definition) in sample::HELPERS {
        if token::mentions(&body, name) {
            let _ = write!(text, "{definition}\n\n");
        }
    }
    let difference = match plan.request.point {
        Some(_) => DIFFERENCE.replace("value(**", &format!("{}(**", point::FUNCTION)),
        None => DIFFERENCE.to_owned(),
    };
    let _ = write!(text, "{RELATIVE_ERROR}\n\n{}\n\n{difference}\n\n{body}", check.moved());
    Ok(text)
}

const END: &str = "            except np.linalg.LinAlgError:
                continue
        if np.isfinite(np.max(errors)):
            error = float(np.max(errors))
            if size > 0:
                break
    return error
";

struct Check<'a> {
    plan: &'a Plan<'a>,
    names: &'a Names,
    sizes: Vec<u64>,
}

impl Check<'_> {
    fn variable(&self, position: usize) -> &Variable {
        &self.plan.request.variables[position]
    }

    /// The keyword of a variable.
    fn keyword(&self, position: usize) -> &str {
        // Keywords stand in the order of the variables, that of a variable before its derivatives'.
        let keywords = &self.names.keywords;
        let first = keywords.partition_point(|keyword| keyword.variable < position);
        keywords.get(first).map_or("", |keyword| &keyword.name)
    }

    /// The beginning of the definition.
    fn head(&self) -> String {
        let of = if self.plan.request.is_differential() { "differential" } else { "derivative" };
        format!(
            "def check():
    \"\"\"Largest relative error of `{of}` against finite differences on random data.\"\"\"
    rng = np.random.default_rng(0)
"
        )
    }

    /// The definition and the loop over draws, up to the value and the derivative.
    fn start(&self, free: &[DimensionName]) -> String {
        let mut arguments = String::new();
        let integers = sample::integers(self.plan);
        for keyword in &self.names.keywords {
            let variable = self.variable(keyword.variable);
            let is_differential = matches!(variable.kind, VariableKind::Differential { .. });
            if is_differential || self.plan.request.is_replaced(keyword.variable) {
                continue;
            }
            let argument =
                sample::argument(self.plan, &integers, &self.sizes, variable, keyword.order);
            let _ = writeln!(arguments, "            \"{}\": {argument},", keyword.name);
        }
        for name in free {
            let size = self.sizes.get(name.0 as usize).copied().unwrap_or(1);
            let _ = writeln!(arguments, "            \"{}\": {size},", self.names.dimension(*name));
        }
        let mut text = self.head();
        let draws = token::mentions(&arguments, "draw");
        if draws {
            text.push_str(DRAWS);
            if sample::needs_real_eigenvalues(self.plan) {
                // Before the bracket that ends the list.
                text.truncate(text.len() - "    ]\n".len());
                text.push_str(GRADED);
            }
        }
        text.push_str("    error = float(\"nan\")\n    for attempt in range(60):\n");
        if draws {
            text.push_str("        draw = draws[attempt % len(draws)]\n");
        }
        let at = if arguments.is_empty() {
            "        at = {}\n".to_owned()
        } else {
            format!("        at = {{\n{arguments}        }}\n")
        };
        text.push_str(&at);
        text.push_str("        errors = []\n");
        text.push_str("        with np.errstate(all=\"ignore\"):\n            try:\n");
        text.push_str("                size = np.max(np.abs(value(**at)))\n");
        if !self.plan.request.is_differential() {
            text.push_str("                result = derivative(**at)\n");
        }
        if !draws {
            // Without random arguments every attempt would be the same.
            text = text.replace("    for attempt in range(60):\n", "    for _ in range(20):\n");
        }
        text
    }

    /// How arguments move: orthogonal ones by rotations.
    fn moved(&self) -> String {
        let mut orthogonal = Vec::new();
        for answer in self.plan.request.answers {
            for position in &answer.wrt {
                let quoted = format!("\"{}\"", self.keyword(*position));
                if self.is_orthogonal(*position) && !orthogonal.contains(&quoted) {
                    orthogonal.push(quoted);
                }
            }
        }
        if orthogonal.is_empty() {
            return MOVED.to_owned();
        }
        format!(
            "def _moved(at, steps):
    moved = dict(at)
    for name, step in steps.items():
        if name in {{{}}}:
            moved[name] = at[name] @ scipy.linalg.expm(step)
        else:
            moved[name] = at[name] + step
    return moved
",
            orthogonal.join(", ")
        )
    }

    /// Whether an argument moves by rotations. A first differential is one in a straight line.
    fn is_orthogonal(&self, position: usize) -> bool {
        let is_first = |answer: &Answer| answer.form == AnswerForm::Differential { order: 1 };
        !self.plan.request.answers.iter().any(is_first) && self.has_orthogonal_columns(position)
    }

    fn has_orthogonal_columns(&self, position: usize) -> bool {
        matches!(
            self.variable(position).kind,
            VariableKind::Array { structure: Structure::Orthogonal | Structure::Unitary, .. }
        )
    }

    /// Whether entries of an argument repeat and count once.
    fn repeats_entries(&self, position: usize) -> bool {
        let repeats = matches!(
            self.variable(position).kind,
            VariableKind::Array {
                structure: Structure::Symmetric | Structure::PositiveDefinite | Structure::Skew,
                ..
            }
        );
        repeats && self.plan.request.answers.iter().any(|answer| answer.by_entries)
    }

    /// The change of an argument that a direction stands for.
    fn change(&self, position: usize, direction: &str) -> String {
        if self.is_orthogonal(position) {
            format!("at[\"{}\"] @ {direction}", self.keyword(position))
        } else if self.repeats_entries(position) {
            format!("np.tril({direction})")
        } else {
            direction.to_owned()
        }
    }

    fn stacked(&self, position: usize, direction: &str) -> String {
        format!("np.ravel({}, order=\"F\")", self.change(position, direction))
    }

    fn direction(&self, position: usize) -> String {
        sample::direction(self.plan, &self.sizes, self.variable(position))
    }

    /// A derivative of some order as an array; `along` is the argument by which it is multiplied at
    /// its last variable.
    fn array(&self, wrt: &[usize], along: Option<usize>, result: &str) -> String {
        let of_scalar = returned::value_shape(&self.plan.request).is_scalar();
        let mut text = String::new();
        let mut directions = Vec::with_capacity(wrt.len());
        let mut free: Vec<(usize, String)> = Vec::with_capacity(wrt.len());
        for (place, variable) in wrt.iter().enumerate() {
            let name = match place {
                _ if wrt.len() == 1 => "along".to_owned(),
                0..=2 => ["u", "v", "w"][place].to_owned(),
                _ => format!("u{place}"),
            };
            let direction = match along.filter(|_| place + 1 == wrt.len()) {
                Some(argument) => format!("np.asarray(at[\"{}\"])", self.keyword(argument)),
                None => {
                    free.push((*variable, name.clone()));
                    self.direction(*variable)
                }
            };
            let _ = writeln!(text, "                {name} = {direction}");
            directions.push(format!("{{\"{}\": {name}}}", self.keyword(*variable)));
        }
        let (numbers, arrays): (Vec<_>, Vec<_>) =
            free.iter().partition(|(variable, _)| returned::is_number(self.variable(*variable)));
        let mut predicted = match arrays.as_slice() {
            [(variable, name)] if of_scalar => {
                format!("np.vdot({result}, {})", self.change(*variable, name))
            }
            _ => arrays.iter().rev().fold(result.to_owned(), |product, (variable, name)| {
                format!("{product} @ {}", self.stacked(*variable, name))
            }),
        };
        for (_, name) in &numbers {
            predicted = if arrays.len() > 1 || arrays.len() == 1 && !of_scalar {
                format!("{name} * ({predicted})")
            } else {
                format!("{predicted} * {name}")
            };
        }
        let (step, floor) = step(wrt.len());
        let floor = floor_text(floor);
        let difference = format!("_difference(at, [{}], {step})", directions.join(", "));
        let measured = if of_scalar || arrays.is_empty() {
            difference
        } else {
            format!("np.ravel({difference}, order=\"F\")")
        };
        let _ = write!(
            text,
            "                measured = {measured}
                errors.append(_relative_error({predicted}, measured, {floor}))
"
        );
        text
    }

    /// A differential of some order.
    fn differential(&self, wrt: &[usize], order: u8) -> String {
        let (mut steps, mut arguments) = (Vec::new(), Vec::new());
        for position in wrt {
            let name = self.keyword(*position);
            let turns = self.is_orthogonal(*position);
            let direction = match self.has_orthogonal_columns(*position) && !turns {
                true => format!("at[\"{name}\"] @ {}", self.direction(*position)),
                false => self.direction(*position),
            };
            steps.push(format!("\"{name}\": {direction}"));
            let is_own = |variable: &Variable| matches!(variable.kind, VariableKind::Differential { of } if of == *position);
            if let Some(own) = self.plan.request.variables.iter().position(is_own) {
                let change = format!("steps[\"{name}\"]");
                let change = if turns { format!("at[\"{name}\"] @ {change}") } else { change };
                arguments.push(format!("{}={change}", self.keyword(own)));
            }
        }
        let (steps, arguments) = (steps.join(", "), arguments.join(", "));
        let (step, floor) = step(usize::from(order));
        let floor = floor_text(floor);
        let times = if order == 1 { String::new() } else { format!(" * {order}") };
        format!(
            "                steps = {{{steps}}}
                result = differential(**at, {arguments})
                measured = _difference(at, [steps]{times}, {step})
                errors.append(_relative_error(result, measured, {floor}))
"
        )
    }
}

/// A change below a part of the value is rough, and so is one below a part of what the value is
/// computed from: where that cancels, both are rounding.
pub(super) fn floor_text([of_value, of_terms]: [&str; 2]) -> String {
    format!("max({of_value} * size, {of_terms})")
}

/// The step of a difference of some order, and the parts of the value, and of numbers about one, below
/// which it is rough.
pub(super) fn step(order: usize) -> (&'static str, [&'static str; 2]) {
    match order {
        0 | 1 => ("1e-5", ["1e-4", "1e-5"]),
        2 => ("2e-4", ["1e-3", "1e-4"]),
        3 => ("2e-3", ["1e-3", "1e-4"]),
        _ => ("1e-2", ["1e-2", "1e-3"]),
    }
}
