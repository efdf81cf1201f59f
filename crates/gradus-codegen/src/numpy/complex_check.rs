//! The comparisons of `check` in a module with complex variables or curved structures, and of
//! derivatives in one column.
//!
//! Must not know how arguments are drawn: a complex argument and its conjugate vary together.

use gradus_diagnostics::Result;
use gradus_tensor::Structure;

use crate::numpy::check::{floor_text, step};
use crate::numpy::dimension;
use crate::numpy::expression::unsupported;
use crate::numpy::sample;
use crate::numpy::{names::Names, returned};
use crate::plan::Plan;
use crate::request::{Answer, AnswerForm, Part, Variable, VariableKind};

/// The comparisons, indented as they stand in `check`.
pub(super) struct ComplexCheck<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) names: &'a Names,
    pub(super) sizes: &'a [u64],
}

/// What an answer contributes to the change of the value.
struct Contribution<'a> {
    answer: &'a Answer,
    /// The expression of the answer.
    result: String,
}

impl ComplexCheck<'_> {
    /// The comparison of all answers by the same variables, at the first one of them.
    ///
    /// # Errors
    /// Third and higher orders are refused.
    pub(super) fn comparison(&self, position: usize) -> Result<String> {
        let answers = self.plan.request.answers;
        let answer = &answers[position];
        let is_same = |other: &Answer| {
            let by = match answer.form {
                // The columns by variables and by conjugates belong together.
                AnswerForm::Column => true,
                _ => other.wrt == answer.wrt,
            };
            by && std::mem::discriminant(&other.form) == std::mem::discriminant(&answer.form)
        };
        if answers[..position].iter().any(is_same) {
            return Ok(String::new());
        }
        let all = answers.iter().enumerate().filter(|(_, other)| is_same(other));
        let group: Vec<Contribution<'_>> = all
            .map(|(at, answer)| {
                let alone = answers.len() == 1;
                let result = if alone { "result".to_owned() } else { format!("result[{at}]") };
                Contribution { answer, result }
            })
            .collect();
        Ok(match (&answer.form, answer.wrt.as_slice()) {
            (AnswerForm::Column, wrt) => self.column(wrt, &group),
            (AnswerForm::Along(direction), [single]) => self.along(*single, *direction, &group),
            (AnswerForm::Along(direction), [first, second]) => {
                self.second([*first, *second], Some(*direction), &group)
            }
            (_, [single]) => self.first(*single, &group),
            (_, [first, second]) => self.second([*first, *second], None, &group),
            _ => return Err(unsupported("third derivatives by complex variables")),
        })
    }

    fn variable(&self, position: usize) -> &Variable {
        &self.plan.request.variables[position]
    }

    fn keyword(&self, position: usize) -> &str {
        let keywords = &self.names.keywords;
        let first = keywords.partition_point(|keyword| keyword.variable < position);
        keywords.get(first).map_or("", |keyword| &keyword.name)
    }

    fn direction(&self, position: usize) -> String {
        sample::direction(self.plan, self.sizes, self.variable(position))
    }

    fn structure(&self, position: usize) -> Structure {
        match self.variable(position).kind {
            VariableKind::Array { structure, .. } => structure,
            _ => Structure::General,
        }
    }

    fn is_complex(&self, position: usize) -> bool {
        matches!(self.variable(position).kind, VariableKind::Array { complex: true, .. })
    }

    /// Whether a variable and its conjugate vary as one.
    fn is_hermitian(&self, position: usize) -> bool {
        self.structure(position) == Structure::Hermitian
    }

    /// The change of an argument that a direction stands for.
    fn change(&self, position: usize, direction: &str) -> String {
        let repeats = matches!(
            self.structure(position),
            Structure::Symmetric
                | Structure::PositiveDefinite
                | Structure::Skew
                | Structure::Hermitian
        );
        match self.structure(position) {
            Structure::Orthogonal | Structure::Unitary => {
                format!("at[\"{}\"] @ {direction}", self.keyword(position))
            }
            // Of a complex function the derivative is the one by free entries.
            Structure::Hermitian if !self.plan.request.is_real => direction.to_owned(),
            _ if repeats && self.plan.request.answers.iter().any(|answer| answer.by_entries) => {
                format!("np.tril({direction})")
            }
            _ => direction.to_owned(),
        }
    }

    fn stacked(&self, position: usize, direction: &str) -> String {
        format!("np.ravel({}, order=\"F\")", self.change(position, direction))
    }

    /// The same with one member of a family after the other.
    fn stacked_members(&self, position: usize, direction: &str) -> String {
        let variable = self.variable(position);
        let change = self.change(position, direction);
        match (variable.ranges.is_empty(), dimension::core_axes(variable.shape).len()) {
            (true, _) => self.stacked(position, direction),
            (false, 2) => format!("np.ravel(np.swapaxes({change}, -1, -2))"),
            (false, _) => format!("np.ravel({change})"),
        }
    }

    /// The entries of a direction as a derivative meets them.
    fn moved(part: Part, direction: String) -> String {
        if part == Part::Conjugate { format!("np.conj({direction})") } else { direction }
    }

    fn first(&self, variable: usize, group: &[Contribution<'_>]) -> String {
        let name = self.keyword(variable);
        let along = self.direction(variable);
        let is_scalar = returned::value_shape(&self.plan.request).is_scalar();
        let is_gradient = is_scalar && self.plan.request.is_real && self.is_complex(variable);
        let parts: Vec<String> = group
            .iter()
            .map(|Contribution { answer, result }| {
                let part = answer.part(0);
                if returned::is_number(self.variable(variable)) {
                    let along = Self::moved(part, "along".to_owned());
                    return match is_gradient {
                        true => format!("np.real(np.conj({result}) * {along})"),
                        false => format!("{result} * {along}"),
                    };
                }
                let change = self.change(variable, "along");
                match is_scalar {
                    true if is_gradient => format!("np.real(np.vdot({result}, {change}))"),
                    true => format!("np.sum({result} * {})", Self::moved(part, change)),
                    false => {
                        let along = Self::moved(part, self.stacked(variable, "along"));
                        format!("{result} @ {along}")
                    }
                }
            })
            .collect();
        let is_array = !is_scalar && !returned::is_number(self.variable(variable));
        let measured = match is_array {
            true => "np.ravel((np.asarray(above) - below) / 2e-5, order=\"F\")",
            false => "(np.asarray(above) - below) / 2e-5",
        };
        let predicted = parts.join(" + ");
        let floor = floor_text(step(1).1);
        format!(
            "                along = {along}
                above = value(**_moved(at, {{\"{name}\": 1e-5 * along}}))
                below = value(**_moved(at, {{\"{name}\": -1e-5 * along}}))
                measured = {measured}
                predicted = {predicted}
                errors.append(_relative_error(predicted, measured, {floor}))
"
        )
    }

    /// The derivatives by several variables in one column, in one direction for all of them.
    fn column(&self, wrt: &[usize], group: &[Contribution<'_>]) -> String {
        let (mut text, mut above, mut below) = (String::new(), Vec::new(), Vec::new());
        for (position, variable) in wrt.iter().enumerate() {
            let (name, along) = (self.keyword(*variable), self.direction(*variable));
            text.push_str(&format!("                along{position} = {along}\n"));
            above.push(format!("\"{name}\": 1e-5 * along{position}"));
            below.push(format!("\"{name}\": -1e-5 * along{position}"));
        }
        let parts: Vec<String> = group
            .iter()
            .map(|Contribution { answer, result }| {
                let along = answer.wrt.iter().enumerate().map(|(at, variable)| {
                    let place = wrt.iter().position(|other| other == variable).unwrap_or(0);
                    let along = self.stacked_members(*variable, &format!("along{place}"));
                    Self::moved(answer.part(at), along)
                });
                let along: Vec<String> = along.collect();
                let along = format!("np.concatenate([{}])", along.join(", "));
                let whole = answer.parts.iter().all(|part| *part == Part::Whole);
                match whole && answer.wrt.iter().any(|at| self.is_complex(*at)) {
                    true => format!("np.real(np.conj({result}) @ {along})"),
                    false => format!("{result} @ {along}"),
                }
            })
            .collect();
        let (predicted, above, below) = (parts.join(" + "), above.join(", "), below.join(", "));
        let measured = match returned::value_shape(&self.plan.request).is_scalar() {
            true => "measured",
            false => "np.ravel(measured, order=\"F\")",
        };
        let floor = floor_text(step(1).1);
        text.push_str(&format!(
            "                measured = np.asarray(value(**_moved(at, {{{above}}}))) - value(**_moved(at, {{{below}}}))
                measured = {measured} / 2e-5
                predicted = {predicted}
                errors.append(_relative_error(predicted, measured, {floor}))
"
        ));
        text
    }

    /// A derivative in the direction of an argument.
    fn along(&self, variable: usize, direction: usize, group: &[Contribution<'_>]) -> String {
        let (name, along) = (self.keyword(variable), self.keyword(direction));
        let result = group.first().map_or("result", |first| &first.result);
        let drawn = self.drawn(variable, "along", along);
        let floor = floor_text(step(1).1);
        format!(
            "{drawn}
                above = value(**_moved(at, {{\"{name}\": 1e-5 * along}}))
                below = value(**_moved(at, {{\"{name}\": -1e-5 * along}}))
                measured = (np.asarray(above) - below) / 2e-5
                errors.append(_relative_error({result}, measured, {floor}))
"
        )
    }

    /// The lines that draw the direction of an argument, or take it from an argument. Along a curved
    /// structure that must be tangent.
    fn drawn(&self, variable: usize, name: &str, argument: &str) -> String {
        let indent = "                ";
        match self.structure(variable) {
            Structure::Orthogonal | Structure::Unitary => {
                let (drawn, point) = (self.direction(variable), self.keyword(variable));
                format!(
                    "{indent}{name} = {drawn}\n{indent}result = derivative(**{{**at, \"{argument}\": at[\"{point}\"] @ {name}}})"
                )
            }
            _ => format!("{indent}{name} = np.asarray(at[\"{argument}\"])"),
        }
    }

    fn second(
        &self,
        wrt: [usize; 2],
        argument: Option<usize>,
        group: &[Contribution<'_>],
    ) -> String {
        let [first, second] = wrt;
        let v = match argument {
            Some(argument) => self.drawn(second, "v", self.keyword(argument)),
            None => format!("                v = {}", self.direction(second)),
        };
        let u = self.direction(first);
        let (first_name, second_name) = (self.keyword(first), self.keyword(second));
        let moved = |a: &str, b: &str| {
            if first == second {
                format!("value(**_moved(at, {{\"{first_name}\": {a}2e-4 * u {b} 2e-4 * v}}))")
            } else {
                let sign = if b == "-" { "-" } else { "" };
                format!(
                    "value(**_moved(at, {{\"{first_name}\": {a}2e-4 * u, \"{second_name}\": {sign}2e-4 * v}}))"
                )
            }
        };
        let predicted = self.second_change(wrt, group);
        let measured = match self.is_of_scalar() {
            true => "(plus - minus) / 1.6e-7",
            false => "np.ravel((plus - minus) / 1.6e-7, order=\"F\")",
        };
        let floor = floor_text(step(2).1);
        format!(
            "                u = {u}
{v}
                plus = np.asarray({}) + {}
                minus = np.asarray({}) + {}
                measured = {measured}
                predicted = {predicted}
                errors.append(_relative_error(predicted, measured, {floor}))
",
            moved("", "+"),
            moved("-", "-"),
            moved("", "-"),
            moved("-", "+"),
        )
    }

    fn is_of_scalar(&self) -> bool {
        returned::value_shape(&self.plan.request).is_scalar()
    }

    /// The second differential in the directions `u` and `v`.
    fn second_change(&self, [first, second]: [usize; 2], group: &[Contribution<'_>]) -> String {
        let along = group.iter().any(|each| matches!(each.answer.form, AnswerForm::Along(_)));
        let is_real = self.plan.request.is_real;
        let is_pair = |at: usize| self.is_complex(at) && !self.is_hermitian(at);
        let mut terms = Vec::new();
        for Contribution { answer, result } in group {
            let [left, right] = [answer.part(0), answer.part(1)];
            let gradient = left == Part::Whole && self.is_complex(first);
            let stacked = |at, part, name: &str| Self::moved(part, self.stacked(at, name));
            let u = match gradient {
                true => stacked(first, Part::Conjugate, "u"),
                false => stacked(first, left, "u"),
            };
            if along {
                let matrix = format!("np.reshape({result}, (-1, np.size(u)), order=\"F\")");
                terms.push(match self.is_of_scalar() {
                    true => format!("{u} @ np.ravel({result}, order=\"F\")"),
                    false => format!("{matrix} @ {u}"),
                });
                continue;
            }
            let v = stacked(second, right, "v");
            let act = |u: &str, v: &str| match self.is_of_scalar() {
                true => format!(
                    "{u} @ np.reshape({result}, (np.size(u), np.size(v)), order=\"F\") @ {v}"
                ),
                false => format!(
                    "np.einsum(\"kij,i,j->k\", np.reshape({result}, (-1, np.size(u), np.size(v)), order=\"F\"), {u}, {v})"
                ),
            };
            terms.push(act(&u, &v));
            if first == second && left != right && !is_real {
                let (u, v) = (stacked(first, right, "u"), stacked(second, left, "v"));
                terms.push(act(&v, &u));
            }
        }
        let total = terms.join(" + ");
        // Each term of a real function has its conjugate beside it.
        match is_real && (self.is_complex(first) || self.is_complex(second)) {
            true if !along && (is_pair(first) || is_pair(second)) => {
                format!("2 * np.real({total})")
            }
            true => format!("np.real({total})"),
            false => total,
        }
    }
}
