//! How limits and integrals were found, line by line.
//!
//! Must not know output formats. A line is shown only if what stands right of its sign was computed
//! from its parts and is equal to the value.

use gradus_diagnostics::Language;
use gradus_elaborate::typed::{Operation, TypedId};
use gradus_functions::book;
use gradus_scalar::expression::{Arena, ExprId};
use gradus_scalar::limit::{self, Limit, Method, Point, Side};

use super::binders::{Entry, Found};
use super::entries::Evaluation;
use super::matrix::Entries;
use super::reasons;

/// A line of the way to a value: `left = right`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalarStep {
    /// What is found; empty where it is that of the line before.
    pub left: String,
    /// What it is equal to.
    pub right: String,
    /// By which rule.
    pub reason: String,
}

/// The lines for all limits and integrals, in the order in which they were found.
pub(super) fn steps(
    evaluation: &mut Evaluation<'_>,
    found: &[Found],
    root: TypedId,
    language: Language,
) -> Vec<ScalarStep> {
    let mut lines = Vec::new();
    for one in found {
        match one.point {
            Some((point, side)) => {
                let mut writer = Writer { evaluation, found: one, language, lines: &mut lines };
                writer.limit(point, side);
            }
            None => {
                let mut writer = Writer { evaluation, found: one, language, lines: &mut lines };
                writer.integral();
            }
        }
    }
    if let [only] = found
        && only.id == root
    {
        return lines;
    }
    if !found.is_empty() {
        let whole = evaluation.value(root);
        if let Ok(text) = evaluation.text(root, &whole) {
            let reason = reasons::put_together(language).to_owned();
            let left = reasons::value(language).to_owned();
            lines.push(ScalarStep { left, right: text, reason });
        }
    }
    lines
}

struct Writer<'a, 't> {
    evaluation: &'a mut Evaluation<'t>,
    found: &'a Found,
    language: Language,
    lines: &'a mut Vec<ScalarStep>,
}

impl Writer<'_, '_> {
    fn push(&mut self, left: String, right: String, reason: String) {
        self.lines.push(ScalarStep { left, right, reason });
    }

    fn name(&self) -> String {
        self.evaluation.tree.variable(self.found.variable).name.clone()
    }

    fn written(&self, id: ExprId) -> String {
        self.evaluation.written(id, self.found.variable)
    }

    fn cell(&self, cell: Limit) -> String {
        self.evaluation.written_limit(cell, self.found.variable)
    }

    fn matrix(&self, entries: &Entries) -> String {
        self.table(entries, |writer, cell| writer.cell(cell))
    }

    fn table(&self, entries: &Entries, text: impl Fn(&Self, Limit) -> String) -> String {
        let rows: Vec<String> = (0..entries.rows)
            .map(|row| {
                let cells: Vec<String> = (0..entries.columns)
                    .map(|column| text(self, entries.at(row, column)))
                    .collect();
                cells.join(", ")
            })
            .collect();
        let text = rows.join("; ");
        if entries.cells.len() == 1 { text } else { format!("[{text}]") }
    }

    /// `, x, x0)`
    fn limit_tail(&self, point: Point, side: Side) -> String {
        let place = match point {
            Point::At(at) => self.written(at),
            Point::Infinity => "inf".to_owned(),
            Point::MinusInfinity => "-inf".to_owned(),
        };
        let side = match side {
            Side::Both => "",
            Side::Right => "+",
            Side::Left => "-",
        };
        format!(", {}, {place}{side})", self.name())
    }

    fn limit(&mut self, point: Point, side: Side) {
        let tail = self.limit_tail(point, side);
        self.rule_of_limits(point, side, &tail);
        let body = self.found.body.clone();
        if body.cells.len() > 1 {
            let right =
                self.table(&body, |writer, cell| format!("limit({}{tail}", writer.cell(cell)));
            let left = format!("limit({}{tail}", self.matrix(&body));
            let reason = reasons::entry_by_entry(self.language).to_owned();
            self.push(left, right, reason);
        }
        let entries = self.found.entries.clone();
        for (cell, entry) in body.cells.iter().zip(&entries) {
            let Entry::Limit(found, _) = entry else { continue };
            if let Limit::Finite(id) = cell
                && !self.evaluation.arena.depends(*id)
                && body.cells.len() > 1
            {
                continue;
            }
            let reason = self.method(&found.method, point);
            let left = format!("limit({}{tail}", self.cell(*cell));
            let right = self.cell(found.value);
            self.push(left, right, reason);
        }
        if body.cells.len() > 1 {
            let left = format!("limit({}{tail}", self.matrix(&body));
            let right = self.matrix(&self.found.value.clone());
            self.push(left, right, reasons::entries_together(self.language).to_owned());
        }
    }

    fn method(&self, method: &Method, point: Point) -> String {
        let name = self.name();
        let distance = match point {
            Point::Infinity => format!("1/{name}"),
            Point::MinusInfinity => format!("1/(-{name})"),
            Point::At(at) if at == Arena::ZERO => format!("|{name}|"),
            Point::At(at) => format!("|{name} - {}|", self.written(at)),
        };
        match method {
            Method::Continuity => reasons::continuity(self.language).to_owned(),
            Method::Squeeze => reasons::squeeze(self.language).to_owned(),
            Method::Series { coefficient, exponent } => {
                let term =
                    leading(&self.written(*coefficient), &distance, &self.written(*exponent));
                reasons::series(self.language, &term)
            }
            Method::MostRapidlyVarying { scale, coefficient, exponent } => {
                let in_variable = match point {
                    Point::Infinity => name.clone(),
                    Point::MinusInfinity => format!("(-{name})"),
                    Point::At(at) if at == Arena::ZERO => format!("(1/{name})"),
                    Point::At(at) => format!("(1/({name} - {}))", self.written(at)),
                };
                let written = |id: ExprId| {
                    self.evaluation.arena.text(id, &in_variable).unwrap_or_else(|| "…".to_owned())
                };
                if *scale == Arena::ONE {
                    return reasons::growth(self.language).to_owned();
                }
                let term = leading(&written(*coefficient), &written(*scale), &written(*exponent));
                reasons::rapid(self.language, &written(*scale), &term)
            }
        }
    }

    /// The rule of the limit of a sum, a multiple, a product or an inverse of function matrices, where
    /// the limits of the parts exist and give the value.
    fn rule_of_limits(&mut self, point: Point, side: Side, tail: &str) {
        let Operation::Limit { body, .. } = self.evaluation.tree.node(self.found.id).operation
        else {
            return;
        };
        let tree = self.evaluation.tree;
        let mut body = body;
        while let Operation::Binding { value, .. } = tree.node(body).operation {
            body = value;
        }
        let (parts, rule): (Vec<TypedId>, Combine) = match &tree.node(body).operation {
            Operation::Add(a, b) => (vec![*a, *b], Combine::Sum),
            Operation::Subtract(a, b) => (vec![*a, *b], Combine::Difference),
            Operation::Multiply(a, b) => (vec![*a, *b], Combine::Product),
            Operation::Scale(a, b) => (vec![*a, *b], Combine::Multiple),
            Operation::Call { function, arguments, .. } if book().get(*function).name == "inv" => {
                (arguments.clone(), Combine::Inverse)
            }
            _ => return,
        };
        if self.found.body.cells.len() == 1 {
            return;
        }
        let mut limits = Vec::new();
        let mut bodies = Vec::new();
        for part in parts {
            let Ok(entries) = self.evaluation.entries(part) else { return };
            let Some((body, limit)) = self.limit_of_part(&entries, point, side) else { return };
            bodies.push(body);
            limits.push(limit);
        }
        let arena = &mut self.evaluation.arena;
        let combined = match (rule, limits.as_slice()) {
            (Combine::Sum, [a, b]) => a.zip(b, |u, v| arena.add(&[u, v])),
            (Combine::Difference, [a, b]) => a.zip(b, |u, v| arena.subtract(u, v)),
            (Combine::Product, [a, b]) => a.product(b, arena),
            (Combine::Multiple, [a, b]) => match a.finite() {
                Ok(factor) => b.map(|cell| arena.multiply(&[factor[0], cell])),
                Err(trouble) => Err(trouble),
            },
            (Combine::Inverse, [a]) => a.inverse(arena),
            _ => return,
        };
        let Ok(combined) = combined else { return };
        for (own, other) in combined.cells.iter().zip(&self.found.value.cells) {
            let (Limit::Finite(own), Limit::Finite(other)) = (own, other) else { return };
            let difference = arena.subtract(*own, *other);
            if difference == Arena::UNDEFINED || !arena.is_zero(difference).is_zero() {
                return;
            }
        }
        let texts: Vec<String> = bodies.iter().map(|body| self.matrix(body)).collect();
        let values: Vec<String> = limits.iter().map(|limit| self.matrix(limit)).collect();
        let parts: Vec<String> = texts.iter().map(|text| format!("limit({text}{tail}")).collect();
        let join = |parts: &[String]| match (rule, parts) {
            (Combine::Sum, [a, b]) => format!("{a} + {b}"),
            (Combine::Difference, [a, b]) => format!("{a} - {b}"),
            (Combine::Product | Combine::Multiple, [a, b]) => {
                format!("{}*{}", factor(a), factor(b))
            }
            (_, parts) => format!("inv({})", parts.join(", ")),
        };
        let left = format!("limit({}{tail}", join(&texts));
        let reason = reasons::rule(self.language, rule).to_owned();
        self.push(left, join(&parts), reason);
        let reason = reasons::entry_by_entry(self.language).to_owned();
        self.push(String::new(), join(&values), reason);
    }

    fn limit_of_part(
        &mut self,
        entries: &Entries,
        point: Point,
        side: Side,
    ) -> Option<(Entries, Entries)> {
        let symbol = self.evaluation.symbol(self.found.variable);
        let body = self.evaluation.by_variable(entries, symbol);
        let arena = &mut self.evaluation.arena;
        let limits = body.finite().ok()?.into_iter().map(|cell| {
            match limit::limit(arena, cell, point, side).ok()?.value {
                Limit::Finite(value) => Some(Limit::Finite(arena.normal_if_shorter(value))),
                _ => None,
            }
        });
        let cells = limits.collect::<Option<Vec<Limit>>>()?;
        let limits = Entries { cells, ..body };
        Some((body, limits))
    }

    fn integral(&mut self) {
        let name = self.name();
        let bounds = self.found.bounds.map(|bounds| bounds.map(|bound| self.cell(bound)));
        let tail = match &bounds {
            Some([from, to]) => format!(", {name}, {from}, {to})"),
            None => format!(", {name})"),
        };
        let body = self.found.body.clone();
        let is_matrix = body.cells.len() > 1;
        if is_matrix {
            let left = format!("int({}{tail}", self.matrix(&body));
            let right =
                self.table(&body, |writer, cell| format!("int({}{tail}", writer.cell(cell)));
            self.push(left, right, reasons::integral_by_entry(self.language).to_owned());
        }
        let entries = self.found.entries.clone();
        let values = self.found.value.cells.clone();
        for ((cell, entry), value) in body.cells.iter().zip(&entries).zip(&values) {
            let left = format!("int({}{tail}", self.cell(*cell));
            match entry {
                Entry::Antiderivative(found) => {
                    self.antiderivative(found);
                    let reason = reasons::derivative_confirms(self.language).to_owned();
                    let last = self.lines.last();
                    let is_told = last.is_some_and(|line| line.left == left);
                    if !is_told {
                        self.push(left, self.cell(*value), reason);
                    }
                }
                Entry::Definite(found) => {
                    if let Some(inner) = &found.antiderivative {
                        self.antiderivative(inner);
                        let reason = match &bounds {
                            Some([from, to]) => reasons::between(self.language, from, to),
                            None => String::new(),
                        };
                        self.push(left, self.cell(*value), reason);
                    } else {
                        let reason = reasons::definite(self.language, &found.value).to_owned();
                        self.push(left, self.cell(*value), reason);
                    }
                }
                Entry::Limit(..) => {}
            }
        }
        if is_matrix {
            let left = format!("int({}{tail}", self.matrix(&body));
            let right = self.matrix(&self.found.value.clone());
            self.push(left, right, reasons::entries_together(self.language).to_owned());
        }
    }

    /// The steps of an antiderivative, those of its parts before those that use them.
    fn antiderivative(&mut self, found: &gradus_scalar::integral::Antiderivative) {
        let name = self.name();
        for step in &found.steps {
            let left = format!("int({}, {name})", self.written(step.integrand));
            let right = self.written(step.value);
            let reason = reasons::integral_rule(self.language, &step.rule, |id| self.written(id));
            let line = ScalarStep { left, right, reason };
            if !self.lines.contains(&line) {
                self.lines.push(line);
            }
        }
    }
}

/// What the parts of a function matrix are combined by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Combine {
    Sum,
    Difference,
    Multiple,
    Product,
    Inverse,
}

/// A factor in parentheses where it needs them.
fn factor(text: &str) -> String {
    let is_atom = text.starts_with('[') || text.starts_with("limit(");
    let is_plain = !text.contains([' ', '/', '*']) && !text.starts_with('-');
    if is_atom || is_plain { text.to_owned() } else { format!("({text})") }
}

/// `c*h^e`
fn leading(coefficient: &str, scale: &str, exponent: &str) -> String {
    let is_atom = |text: &str| text.chars().all(|sign| sign.is_alphanumeric() || sign == '.');
    let is_bracketed =
        |text: &str| text.starts_with('|') || text.ends_with(')') && text.starts_with("exp(");
    let scale =
        if is_atom(scale) || is_bracketed(scale) { scale.to_owned() } else { format!("({scale})") };
    let exponent = if is_atom(exponent) { exponent.to_owned() } else { format!("({exponent})") };
    match (coefficient, exponent.as_str()) {
        (_, "0") => coefficient.to_owned(),
        ("1", "1") => scale,
        ("1", _) => format!("{scale}^{exponent}"),
        (_, "1") => format!("{}*{scale}", factor(coefficient)),
        _ => format!("{}*{scale}^{exponent}", factor(coefficient)),
    }
}
