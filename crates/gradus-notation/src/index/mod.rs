//! Tensor networks in index form: `J[i,j] = A[i,k]*B[k,j]`, with summed indices left unwritten.
//!
//! Must not know calculus or matrix notation. What cannot stand inside one product, such as the
//! argument of a matrix function or a function of a sum, is bound to a name first.

mod names;
mod plan;
mod text;

use gradus_diagnostics::{Diagnostic, Result};
use gradus_tensor::{
    Apply, Arena, Constant, DimensionId, FunctionRef, Node, NodeId, Rational, Role, Scaled,
};

use names::{Names, Unit, Units};
use plan::{Plan, is_elementwise};
use text::Statement;

/// The index form of a value, all statements joined by `; `.
///
/// `name` stands on the left side; `reserved` are further names that introduced ones must not take.
///
/// # Errors
/// Unsupported where a value has no index form, a limit where it has too many indices.
pub fn index_form(
    arena: &Arena,
    name: &str,
    value: &Scaled,
    reserved: &[String],
) -> Result<String> {
    let mut names = Names::new(arena, reserved);
    names.take(name);
    let plan = Plan::of(arena, value.node, &mut names)?;
    let (units, statements) = (Units::default(), Vec::new());
    let mut form = Form { arena, plan, names, units, statements };
    form.bindings()?;
    let last = form.statement(name, value.node, &value.coefficient)?;
    form.statements.push(last);
    Ok(form.statements.join("; "))
}

struct Form<'a> {
    arena: &'a Arena,
    plan: Plan,
    names: Names,
    units: Units,
    statements: Vec<String>,
}

impl Form<'_> {
    /// The statements before the last one.
    fn bindings(&mut self) -> Result<()> {
        for id in self.plan.needed.clone() {
            let Some(name) = self.plan.name(id).map(str::to_owned) else {
                continue;
            };
            let statement = match self.arena.node(id) {
                Node::Constant(constant) => self.constant(&name, *constant)?,
                Node::Apply(apply) if !is_elementwise(self.arena, apply) => {
                    self.whole_call(&name, apply)?
                }
                _ => self.statement(&name, id, &Rational::ONE)?,
            };
            self.statements.push(statement);
        }
        Ok(())
    }

    /// `name[i,j] = …`
    fn statement(&mut self, name: &str, id: NodeId, coefficient: &Rational) -> Result<String> {
        let mut statement =
            Statement::new(self.arena, &self.plan, &mut self.names, &mut self.units);
        let text = statement.equation(name, id, coefficient)?;
        for (unit, size, name) in self.units.undefined() {
            let size = self.size(size);
            let value = match unit {
                Unit::Identity => format!("eye({size})"),
                Unit::Ones => format!("ones({size})"),
                Unit::RowOf(columns) => format!("kron(ones({}), eye({size}))", self.size(columns)),
                Unit::ColumnOf(rows) => format!("kron(eye({size}), ones({}))", self.size(rows)),
                Unit::Count => "[1; 2; 3]".to_owned(),
                Unit::Packing { symmetric: true } => format!("duplication({size})"),
                Unit::Packing { symmetric: false } => format!("elimination({size})"),
            };
            self.statements.push(format!("{name} = {value}"));
        }
        Ok(text)
    }

    fn size(&self, id: DimensionId) -> String {
        let dimensions = &self.arena.dimensions;
        crate::print::size_text(dimensions, id)
    }

    fn constant(&mut self, name: &str, constant: Constant) -> Result<String> {
        Ok(match constant {
            Constant::Triangle { rows, columns, lower } => {
                let function = if lower { "tril" } else { "triu" };
                let (rows, columns) = (self.size(rows), self.size(columns));
                format!("{name} = {function}(ones({rows}, {columns}))")
            }
            Constant::Selection { total, offset, length } => {
                let whole = self.names.fresh("t");
                let dimensions = &self.arena.dimensions;
                let offset = dimensions.polynomial(offset);
                let one = dimensions.polynomial(gradus_tensor::Dimensions::ONE);
                let range = [offset.add(one), offset.add(dimensions.polynomial(length))]
                    .map(|bound| crate::print::polynomial_text(dimensions, &bound));
                let total = self.size(total);
                let [first, last] = range;
                format!("{whole} = eye({total}); {name} = {whole}[:, {first}:{last}]")
            }
            Constant::Fusion { .. } | Constant::Packing { .. } | Constant::Permutation => {
                return Err(Box::new(Diagnostic::internal(
                    "a constant of three indices has a name",
                )));
            }
            Constant::Pi => format!("{name} = pi"),
            Constant::Infinity => format!("{name} = inf"),
            Constant::ImaginaryUnit => format!("{name} = sqrt(-1)"),
        })
    }

    /// A function of whole arrays, of names only.
    fn whole_call(&mut self, name: &str, apply: &Apply) -> Result<String> {
        let arguments: Vec<String> = apply
            .arguments
            .iter()
            .map(|argument| self.plan.whole_name(self.arena, argument.node))
            .collect::<Option<_>>()
            .ok_or_else(|| Diagnostic::internal("an argument of a function has no name"))?;
        if let FunctionRef::Book(id) = apply.function
            && let [base, exponent] = arguments.as_slice()
            && gradus_functions::book().get(id).facts.role == Some(Role::MatrixPower)
        {
            return Ok(format!("{name} = {base}^({exponent})"));
        }
        let arguments = arguments.join(", ");
        let symbol = |id| self.arena.symbol(id).name.as_str();
        let function = match apply.function {
            FunctionRef::Book(id) => gradus_functions::book().get(id).name.to_owned(),
            FunctionRef::Scalar { symbol: id, order } => {
                let prefix = ["", "grad_", "hess_"].get(usize::from(order)).copied();
                let Some(prefix) = prefix else {
                    let message = "a derivative of third order of an unknown function";
                    return Err(Box::new(Diagnostic::unsupported(message)));
                };
                format!("{prefix}{}", symbol(id))
            }
            FunctionRef::Path { symbol: id, order } => {
                format!("{}{}", symbol(id), "'".repeat(usize::from(order)))
            }
            FunctionRef::Elementwise { symbol: id, order } => {
                format!("{}{}.", symbol(id), "'".repeat(usize::from(order)))
            }
        };
        Ok(format!("{name} = {function}({arguments})"))
    }
}
