//! The function `check` of a generated module: derivatives against finite differences.
//!
//! Must not know formulas: it compares `derivative` with differences of `value`.

use std::fmt::Write as _;

use gradus_diagnostics::Result;
use gradus_tensor::{DimensionName, Structure};

use crate::numpy::names::Names;
use crate::numpy::returned;
use crate::numpy::sample;
use crate::numpy::token;
use crate::plan::Plan;
use crate::request::{AnswerForm, Variable, VariableKind};

const RELATIVE_ERROR: &str = "\
def _relative_error(predicted, measured, floor):
    predicted, measured = np.asarray(predicted), np.asarray(measured)
    if predicted.shape != measured.shape:
        raise ValueError(f\"shapes {predicted.shape} and {measured.shape} differ\")
    scale = np.max([np.max(np.abs(predicted)), np.max(np.abs(measured)), floor, 1e-9])
    return np.max(np.abs(predicted - measured)) / scale
";

const MOVED: &str = "\
def _moved(at, name, direction):
    return {**at, name: at[name] + direction}
";

const DRAWS: &str = "    draws = [
        rng.standard_normal,
        lambda size: rng.uniform(0.5, 1.5, size),
        lambda size: rng.uniform(0.1, 0.9, size),
        lambda size: rng.uniform(1.1, 2.0, size),
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
    let mut body = check.start(free);
    let answers = &plan.request.answers;
    for (position, answer) in answers.iter().enumerate() {
        let result =
            if answers.len() == 1 { "result".to_owned() } else { format!("result[{position}]") };
        let _ = write!(
            body,
            "{}",
            match (answer.form, answer.wrt.as_slice()) {
                (AnswerForm::Column, wrt) => check.column(wrt, &result),
                (AnswerForm::Along(direction), [single]) => {
                    check.along(*single, direction, &result)
                }
                (AnswerForm::Along(direction), [first, second]) => {
                    check.second_along([*first, *second], direction, &result)
                }
                (AnswerForm::Array, [single]) => check.first(*single, &result),
                (AnswerForm::Array, [first, second]) => check.second(*first, *second, &result),
                _ => String::new(),
            }
        );
    }
    body.push_str(END);
    let mut text = String::new();
    for (name, definition) in sample::HELPERS {
        if token::mentions(&body, name) {
            let _ = write!(text, "{definition}\n\n");
        }
    }
    let _ = write!(text, "{RELATIVE_ERROR}\n\n{}\n\n{body}", check.moved());
    Ok(text)
}

const START: &str = "\
def check():
    \"\"\"Largest relative error of `derivative` against finite differences on random data.\"\"\"
    rng = np.random.default_rng(0)
";

const END: &str = "            except np.linalg.LinAlgError:
                continue
        error = np.max(errors)
        if np.isfinite(error):
            return float(error)
    return float(\"nan\")
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

    /// The definition and the loop over draws, up to the value and the derivative.
    fn start(&self, free: &[DimensionName]) -> String {
        let mut arguments = String::new();
        let integers = sample::integers(self.plan);
        for keyword in &self.names.keywords {
            let variable = self.variable(keyword.variable);
            let argument =
                sample::argument(self.plan, &integers, &self.sizes, variable, keyword.order);
            let _ = writeln!(arguments, "            \"{}\": {argument},", keyword.name);
        }
        for name in free {
            let size = self.sizes.get(name.0 as usize).copied().unwrap_or(1);
            let _ = writeln!(arguments, "            \"{}\": {size},", self.names.dimension(*name));
        }
        let mut text = START.to_owned();
        let draws = token::mentions(&arguments, "draw");
        if draws {
            text.push_str(DRAWS);
            if sample::needs_real_eigenvalues(self.plan) {
                // Before the bracket that ends the list.
                text.truncate(text.len() - "    ]\n".len());
                text.push_str(GRADED);
            }
        }
        text.push_str("    for attempt in range(20):\n");
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
        text.push_str("                result = derivative(**at)\n");
        if !draws {
            // Without random arguments every attempt would be the same.
            text = text.replace("    for attempt in range(20):\n", "    for _ in range(20):\n");
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
            "def _moved(at, name, direction):\n    if name in {{{}}}:\n        return {{**at, name: at[name] @ scipy.linalg.expm(direction)}}\n    return {{**at, name: at[name] + direction}}\n",
            orthogonal.join(", ")
        )
    }

    fn is_orthogonal(&self, position: usize) -> bool {
        matches!(
            self.variable(position).kind,
            VariableKind::Array { structure: Structure::Orthogonal, .. }
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

    fn first(&self, position: usize, result: &str) -> String {
        let name = self.keyword(position);
        let variable = self.variable(position);
        let direction = sample::direction(self.plan, &self.sizes, variable);
        let is_scalar = returned::value_shape(&self.plan.request).is_scalar();
        let measured = "(np.asarray(above) - below) / 2e-5";
        let (predicted, measured) = if returned::is_number(variable) {
            (format!("{result} * along"), measured.to_owned())
        } else if is_scalar {
            (format!("np.vdot({result}, {})", self.change(position, "along")), measured.to_owned())
        } else {
            (
                format!("{result} @ {}", self.stacked(position, "along")),
                format!("np.ravel({measured}, order=\"F\")"),
            )
        };
        format!(
            "                along = {direction}
                above = value(**_moved(at, \"{name}\", 1e-5 * along))
                below = value(**_moved(at, \"{name}\", -1e-5 * along))
                measured = {measured}
                errors.append(_relative_error({predicted}, measured, 1e-4 * size))
"
        )
    }

    /// The derivatives by several variables in one column, in one direction for all of them.
    fn column(&self, wrt: &[usize], result: &str) -> String {
        let (mut text, mut parts) = (String::new(), Vec::new());
        let (mut above, mut below) = ("at".to_owned(), "at".to_owned());
        for (position, variable) in wrt.iter().enumerate() {
            let name = self.keyword(*variable);
            let direction = sample::direction(self.plan, &self.sizes, self.variable(*variable));
            let _ = writeln!(text, "                along{position} = {direction}");
            above = format!("_moved({above}, \"{name}\", 1e-5 * along{position})");
            below = format!("_moved({below}, \"{name}\", -1e-5 * along{position})");
            parts
                .push(format!("np.ravel({})", self.change(*variable, &format!("along{position}"))));
        }
        let parts = parts.join(", ");
        let _ = write!(
            text,
            "                measured = (value(**{above}) - value(**{below})) / 2e-5
                predicted = {result} @ np.concatenate([{parts}])
                errors.append(_relative_error(predicted, measured, 1e-4 * size))
"
        );
        text
    }

    /// A derivative in the direction of an argument.
    fn along(&self, variable: usize, direction: usize, result: &str) -> String {
        let (name, along) = (self.keyword(variable), self.keyword(direction));
        format!(
            "                along = np.asarray(at[\"{along}\"])
                above = value(**_moved(at, \"{name}\", 1e-5 * along))
                below = value(**_moved(at, \"{name}\", -1e-5 * along))
                measured = (np.asarray(above) - below) / 2e-5
                errors.append(_relative_error({result}, measured, 1e-4 * size))
"
        )
    }

    /// The gradient's derivative in the direction of an argument.
    fn second_along(&self, wrt: [usize; 2], direction: usize, result: &str) -> String {
        let [first, second] = wrt.map(|variable| self.keyword(variable));
        let u = sample::direction(self.plan, &self.sizes, self.variable(wrt[0]));
        let along = self.keyword(direction);
        let moved = |a: &str, b: &str| {
            format!(
                "value(**_moved(_moved(at, \"{first}\", {a}2e-4 * u), \"{second}\", {b}2e-4 * v))"
            )
        };
        format!(
            "                u = {u}
                v = np.asarray(at[\"{along}\"])
                plus = np.asarray({}) + {}
                minus = np.asarray({}) + {}
                measured = (plus - minus) / 1.6e-7
                errors.append(_relative_error(np.vdot({result}, u), measured, 1e-3 * size))
",
            moved("", ""),
            moved("-", "-"),
            moved("", "-"),
            moved("-", ""),
        )
    }

    fn second(&self, first: usize, second: usize, result: &str) -> String {
        let (first_variable, second_variable) = (self.variable(first), self.variable(second));
        let u = sample::direction(self.plan, &self.sizes, first_variable);
        let v = sample::direction(self.plan, &self.sizes, second_variable);
        let (first_name, second_name) = (self.keyword(first), self.keyword(second));
        let moved = |a: &str, b: &str| {
            if first == second {
                format!("value(**_moved(at, \"{first_name}\", {a}2e-4 * u {b} 2e-4 * v))")
            } else {
                let sign = if b == "-" { "-" } else { "" };
                format!(
                    "value(**_moved(_moved(at, \"{first_name}\", {a}2e-4 * u), \"{second_name}\", {sign}2e-4 * v))"
                )
            }
        };
        let numbers = (returned::is_number(first_variable), returned::is_number(second_variable));
        let predicted = match numbers {
            (true, true) => format!("{result} * u * v"),
            (false, true) => format!("np.vdot({result}, {}) * v", self.change(first, "u")),
            (true, false) => format!("np.vdot({result}, {}) * u", self.change(second, "v")),
            (false, false) => {
                format!("{} @ {result} @ {}", self.stacked(first, "u"), self.stacked(second, "v"))
            }
        };
        format!(
            "                u = {u}
                v = {v}
                plus = np.asarray({}) + {}
                minus = np.asarray({}) + {}
                measured = (plus - minus) / 1.6e-7
                errors.append(_relative_error({predicted}, measured, 1e-3 * size))
",
            moved("", "+"),
            moved("-", "-"),
            moved("", "-"),
            moved("-", "+"),
        )
    }
}
