//! A typed tree as matrices of expressions of one variable.
//!
//! Must not know how limits and integrals are found.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_elaborate::typed::{Nature, Operation, TypedId, TypedTree, VariableId};
use gradus_functions::book;
use gradus_scalar::expression::{Arena, ExprId, Sign};
use gradus_scalar::limit::Limit;
use gradus_tensor::DimensionId;
use rustc_hash::FxHashMap;

use super::binders::Found;
use super::calls::{Call, call};
use super::matrix::{Entries, Trouble};

/// Matrices with more entries are not written out.
const MOST_ENTRIES: usize = 400;
/// The work that may be done for one program, in steps of the arena.
const BUDGET: u64 = 4_000_000;

/// The evaluation of a typed tree.
pub(crate) struct Evaluation<'t> {
    pub(crate) tree: &'t TypedTree,
    pub(crate) arena: Arena,
    values: FxHashMap<TypedId, Entries>,
    /// Whether integrals may have numeric values.
    pub(crate) may_be_numeric: bool,
    /// The limits and integrals that were found, in order.
    pub(crate) found: Vec<Found>,
}

impl<'t> Evaluation<'t> {
    pub(crate) fn new(tree: &'t TypedTree) -> Self {
        Self {
            tree,
            arena: Arena::new(BUDGET),
            values: FxHashMap::default(),
            may_be_numeric: false,
            found: Vec::new(),
        }
    }

    /// The entries of a node.
    pub(crate) fn entries(&mut self, root: TypedId) -> Result<Entries> {
        let mut open = vec![root];
        while let Some(id) = open.last().copied() {
            if self.values.contains_key(&id) {
                open.pop();
                continue;
            }
            let mut missing = Vec::new();
            self.tree.children(id, |child| {
                if !self.values.contains_key(&child) {
                    missing.push(child);
                }
            });
            if missing.is_empty() {
                let value = self.node(id)?;
                if self.arena.is_exhausted() {
                    return Err(self.limit_reached(id));
                }
                self.values.insert(id, value);
                open.pop();
            } else {
                open.extend(missing.into_iter().rev());
            }
        }
        Ok(self.value(root))
    }

    pub(crate) fn limit_reached(&self, id: TypedId) -> Error {
        let error = Diagnostic::limit("this takes more work than is allowed for one question");
        error.label(self.tree.node(id).span, "here").into()
    }

    pub(crate) fn value(&self, id: TypedId) -> Entries {
        self.values
            .get(&id)
            .cloned()
            .unwrap_or_else(|| Entries::scalar(Limit::Finite(Arena::UNDEFINED)))
    }

    /// The symbol of a variable.
    pub(crate) fn symbol(&mut self, id: VariableId) -> ExprId {
        let variable = self.tree.variable(id);
        let sign = if variable.positive { Sign::Positive } else { Sign::Unknown };
        self.arena.parameter(&variable.name, sign)
    }

    fn size(&self, id: TypedId, dimension: DimensionId) -> Result<usize> {
        let number = self.tree.dimensions.as_number(dimension).and_then(|size| size.to_i64());
        match number.and_then(|size| usize::try_from(size).ok()) {
            Some(size) => Ok(size),
            None => Err(self.not_written_out(id)),
        }
    }

    fn not_written_out(&self, id: TypedId) -> Error {
        let node = self.tree.node(id);
        let message = "an array whose entries are not written out, in a function of a scalar";
        let error = Diagnostic::unsupported(message).label(node.span, "its entries are not known");
        let hint = match node.operation {
            Operation::Variable(variable) => {
                format!("--let '{}: scalar'", self.tree.variable(variable).name)
            }
            _ => "write the entries out: limit([sin(x)/x, 1; 0, x], x, 0)".to_owned(),
        };
        error.hint(hint).into()
    }

    fn trouble(&self, id: TypedId, trouble: Trouble) -> Error {
        let span = self.tree.node(id).span;
        match trouble {
            Trouble::Infinite => {
                Diagnostic::unsupported("infinity is no number to compute with").label(span, "here")
            }
            Trouble::Large => Diagnostic::limit(
                "the matrix is too large for its inverse or determinant to be written out",
            )
            .label(span, "here"),
        }
        .into()
    }

    fn node(&mut self, id: TypedId) -> Result<Entries> {
        let tree = self.tree;
        let node = tree.node(id);
        let result = match &node.operation {
            Operation::Number(value) => {
                let number = self.arena.number(value.to_big());
                return Ok(Entries::scalar(Limit::Finite(number)));
            }
            Operation::Pi => return Ok(Entries::scalar(Limit::Finite(Arena::PI))),
            Operation::Infinity => return Ok(Entries::scalar(Limit::Infinity)),
            Operation::Dimension(dimension) => {
                let size = i64::try_from(self.size(id, *dimension)?).unwrap_or(i64::MAX);
                let number = self.arena.integer(size);
                return Ok(Entries::scalar(Limit::Finite(number)));
            }
            Operation::Variable(variable) => {
                let known = tree.variable(*variable);
                let is_number = known.nature == Nature::Array
                    && known.shape.is_scalar()
                    && known.family.is_empty()
                    && !known.complex;
                if !is_number {
                    return Err(self.not_written_out(id));
                }
                let symbol = self.symbol(*variable);
                return Ok(Entries::scalar(Limit::Finite(symbol)));
            }
            Operation::Binding { value, .. } => return Ok(self.value(*value)),
            Operation::Fill(a) => {
                let (rows, columns) =
                    (self.size(id, node.shape.rows)?, self.size(id, node.shape.columns)?);
                self.check_size(id, rows, columns)?;
                return Ok(Entries::filled(rows, columns, self.value(*a).at(0, 0)));
            }
            Operation::Identity => {
                let size = self.size(id, node.shape.rows)?;
                self.check_size(id, size, size)?;
                return Ok(Entries::of(size, size, |row, column| {
                    Limit::Finite(if row == column { Arena::ONE } else { Arena::ZERO })
                }));
            }
            Operation::Negate(a) => return Ok(self.value(*a).negated(&mut self.arena)),
            Operation::Transpose(a) | Operation::ConjugateTranspose(a) => {
                return Ok(self.value(*a).transposed());
            }
            Operation::Add(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                a.zip(&b, |u, v| self.arena.add(&[u, v]))
            }
            Operation::Subtract(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                a.zip(&b, |u, v| self.arena.subtract(u, v))
            }
            Operation::Hadamard(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                a.zip(&b, |u, v| self.arena.multiply(&[u, v]))
            }
            Operation::Quotient(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                a.zip(&b, |u, v| self.arena.divide(u, v))
            }
            Operation::Power(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                a.zip(&b, |u, v| self.arena.power(u, v))
            }
            Operation::Multiply(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                a.product(&b, &mut self.arena)
            }
            Operation::Scale(a, b) => {
                let (factor, b) = (self.value(*a), self.value(*b));
                match factor.finite() {
                    Ok(factor) => {
                        let factor = factor.first().copied().unwrap_or(Arena::UNDEFINED);
                        b.map(|cell| self.arena.multiply(&[factor, cell]))
                    }
                    Err(trouble) => Err(trouble),
                }
            }
            Operation::LeftDivide(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                let inverse = a.inverse(&mut self.arena);
                inverse.and_then(|inverse| inverse.product(&b, &mut self.arena))
            }
            Operation::RightDivide(a, b) => {
                let (a, b) = (self.value(*a), self.value(*b));
                let inverse = b.inverse(&mut self.arena);
                inverse.and_then(|inverse| a.product(&inverse, &mut self.arena))
            }
            Operation::MatrixPower(a, b) => self.matrix_power(id, *a, *b)?,
            Operation::Call { function, arguments, .. } => {
                let name = book().get(*function).name;
                let arguments: Vec<Entries> =
                    arguments.iter().map(|argument| self.value(*argument)).collect();
                match call(&mut self.arena, name, &arguments) {
                    Call::Value(value) => Ok(value),
                    Call::Trouble(trouble) => Err(trouble),
                    Call::Unknown => {
                        let message = format!("`{name}` in a function of a scalar");
                        let error = Diagnostic::unsupported(message);
                        return Err(error
                            .label(node.span, "not supported in limits and integrals")
                            .into());
                    }
                }
            }
            Operation::Block(rows) => return Ok(self.block(rows)),
            Operation::Slice { base, row_offset, column_offset } => {
                let base = self.value(*base);
                let (row, column) = (self.size(id, *row_offset)?, self.size(id, *column_offset)?);
                let (rows, columns) =
                    (self.size(id, node.shape.rows)?, self.size(id, node.shape.columns)?);
                return Ok(Entries::of(rows, columns, |i, j| base.at(row + i, column + j)));
            }
            Operation::Limit { body, variable, point, approach } => {
                return self.limit(id, *body, *variable, *point, *approach);
            }
            Operation::Integral { body, variable, bounds } => {
                return self.integral(id, *body, *variable, *bounds);
            }
            _ => return Err(self.not_written_out(id)),
        };
        result.map_err(|trouble| self.trouble(id, trouble))
    }

    fn check_size(&self, id: TypedId, rows: usize, columns: usize) -> Result<()> {
        if rows.saturating_mul(columns) > MOST_ENTRIES {
            let message = format!("a function matrix has more than {MOST_ENTRIES} entries");
            return Err(Diagnostic::limit(message).label(self.tree.node(id).span, "here").into());
        }
        Ok(())
    }

    fn block(&self, rows: &[Vec<TypedId>]) -> Entries {
        let mut whole: Option<Entries> = None;
        for row in rows {
            let mut line: Option<Entries> = None;
            for cell in row {
                let cell = self.value(*cell);
                line = Some(match line {
                    None => cell,
                    Some(line) => Entries::of(line.rows, line.columns + cell.columns, |i, j| {
                        if j < line.columns { line.at(i, j) } else { cell.at(i, j - line.columns) }
                    }),
                });
            }
            let Some(line) = line else { continue };
            whole = Some(match whole {
                None => line,
                Some(whole) => Entries::of(whole.rows + line.rows, whole.columns, |i, j| {
                    if i < whole.rows { whole.at(i, j) } else { line.at(i - whole.rows, j) }
                }),
            });
        }
        whole.unwrap_or_else(|| Entries::scalar(Limit::Finite(Arena::UNDEFINED)))
    }

    fn matrix_power(
        &mut self,
        id: TypedId,
        base: TypedId,
        exponent: TypedId,
    ) -> Result<std::result::Result<Entries, Trouble>> {
        let exponent = self.value(exponent).finite().ok().and_then(|cells| {
            self.arena.as_integer(cells.first().copied().unwrap_or(Arena::UNDEFINED))
        });
        let Some(exponent) = exponent.filter(|it| it.abs() <= 12) else {
            let error = Diagnostic::unsupported(
                "a matrix power that is no small integer, in a function of a scalar",
            );
            return Err(error.label(self.tree.node(id).span, "here").into());
        };
        let mut base = self.value(base);
        if exponent < 0 {
            base = match base.inverse(&mut self.arena) {
                Ok(inverse) => inverse,
                Err(trouble) => return Ok(Err(trouble)),
            };
        }
        let mut power = Entries::of(base.rows, base.rows, |row, column| {
            Limit::Finite(if row == column { Arena::ONE } else { Arena::ZERO })
        });
        for _ in 0..exponent.abs() {
            power = match power.product(&base, &mut self.arena) {
                Ok(power) => power,
                Err(trouble) => return Ok(Err(trouble)),
            };
        }
        Ok(Ok(power))
    }

    /// The entries as a text in Gradus' language.
    pub(crate) fn text(&mut self, id: TypedId, entries: &Entries) -> Result<String> {
        let mut rows = Vec::with_capacity(entries.rows);
        for row in 0..entries.rows {
            let mut cells = Vec::with_capacity(entries.columns);
            for column in 0..entries.columns {
                let cell = entries.at(row, column);
                cells.push(self.cell_text(id, cell)?);
            }
            rows.push(cells.join(", "));
        }
        let text = rows.join("; ");
        Ok(if entries.rows == 1 && entries.columns == 1 { text } else { format!("[{text}]") })
    }

    pub(crate) fn cell_text(&mut self, id: TypedId, cell: Limit) -> Result<String> {
        match cell {
            Limit::Infinity => Ok("inf".to_owned()),
            Limit::MinusInfinity => Ok("-inf".to_owned()),
            Limit::Finite(value) => {
                if value == Arena::UNDEFINED {
                    if self.arena.is_exhausted() {
                        return Err(self.limit_reached(id));
                    }
                    let error = Diagnostic::no_answer(
                        "undefined",
                        "an entry has no value: it divides by zero or takes the logarithm of a number that is not positive",
                    );
                    return Err(error.label(self.tree.node(id).span, "here").into());
                }
                self.arena.text(value, "variable").ok_or_else(|| {
                    let error = Diagnostic::limit("the value is too long to be written");
                    error.label(self.tree.node(id).span, "of this").into()
                })
            }
        }
    }
}
