//! Variables that are bounded by their kind, as functions of free ones: positive numbers as exponentials,
//! positive definite matrices as `L*L'`, points of a simplex as softmax. What varies in a linear space of
//! matrices is left as it is, for its gradients lie in that space.
//!
//! Must not know how a search goes.

use gradus_diagnostics::Diagnostic;
use gradus_elaborate::Program;
use gradus_elaborate::typed::{Nature, Variable, VariableId};
use gradus_tensor::{Dimensions, Structure};
use gradus_verify::Array;

use super::Search;
use super::data::{Sizes, normal, value};
use crate::request::Request;
use crate::solve::declaration;

/// How a variable comes from a free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// It is free itself.
    Plain,
    /// `exp(u)`
    Exponential,
    /// `L*L'` with a lower triangular L.
    Factor,
    /// `softmax(u)`
    Softmax,
}

/// A variable of minimisation.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) id: VariableId,
    /// The name of the free variable.
    pub(super) name: String,
    form: Form,
}

/// The variables of minimisation, each with its free one.
pub(super) fn parameters(
    program: &Program,
    wanted: &[VariableId],
    request: &Request,
) -> Result<Vec<Parameter>, Diagnostic> {
    let mut found = Vec::new();
    for id in wanted {
        let variable = program.tree.variable(*id);
        let form = form(variable)?;
        let name = match form {
            Form::Plain => variable.name.clone(),
            _ => free_name(program, &variable.name),
        };
        let inside = request.program.split([';', '\n']).any(|statement| {
            let (left, _) = statement.split_once(':').unwrap_or(("", ""));
            left.split(',').any(|name| name.trim() == variable.name)
        });
        if form != Form::Plain && inside {
            let message = format!(
                "{} is declared in the program, where it cannot be replaced by a free variable",
                variable.name
            );
            let kind = declaration(&program.tree.dimensions, variable);
            return Err(Diagnostic::unsupported(message)
                .hint(format!("declare it outside: --let '{kind}'")));
        }
        found.push(Parameter { id: *id, name, form });
    }
    Ok(found)
}

fn form(variable: &Variable) -> Result<Form, Diagnostic> {
    let refused = |what: &str| {
        let message =
            format!("minimising over {what} such as {} is not supported yet", variable.name);
        Err(Diagnostic::unsupported(message))
    };
    let form = match variable.structure {
        _ if variable.complex => return refused("complex variables"),
        Structure::General if variable.positive => Form::Exponential,
        Structure::General => Form::Plain,
        Structure::PositiveDefinite if variable.shape.is_scalar() => Form::Exponential,
        Structure::PositiveDefinite => Form::Factor,
        Structure::Simplex => Form::Softmax,
        Structure::Symmetric
        | Structure::Skew
        | Structure::Diagonal
        | Structure::LowerTriangular
        | Structure::UpperTriangular
            if !variable.positive =>
        {
            Form::Plain
        }
        Structure::Orthogonal | Structure::Unitary | Structure::Hermitian | Structure::OneHot => {
            return refused("orthogonal, unitary, hermitian and one-hot variables");
        }
        _ => return refused("positive variables with a structure"),
    };
    if form != Form::Plain && !variable.family.is_empty() {
        return refused("families of bounded variables");
    }
    Ok(form)
}

/// A name that means nothing else.
fn free_name(program: &Program, name: &str) -> String {
    let mut found = format!("{name}_free");
    let taken = |found: &str| {
        program.tree.variable_named(found).is_some()
            || program.bindings.iter().any(|(bound, _)| bound == found)
    };
    while taken(&found) {
        found.push('_');
    }
    found
}

/// The question about the gradient by the free variables.
pub(super) fn request(program: &Program, parameters: &[Parameter], asked: &Request) -> Request {
    let tree = &program.tree;
    let mut bindings = String::new();
    let mut declarations = Vec::new();
    for (at, variable) in tree.variables.iter().enumerate() {
        if variable.nature != Nature::Array || variable.differential_of.is_some() {
            continue;
        }
        let own = parameters.iter().find(|parameter| parameter.id.0 as usize == at);
        let bounded = own.filter(|parameter| parameter.form != Form::Plain);
        let Some(parameter) = bounded else {
            declarations.push((variable.name.clone(), declaration(&tree.dimensions, variable)));
            continue;
        };
        let (name, free) = (&variable.name, &parameter.name);
        bindings.push_str(&match parameter.form {
            Form::Exponential => format!("{name} = exp({free}); "),
            Form::Factor => format!("{name} = {free}*{free}'; "),
            Form::Softmax => format!("{name} = softmax({free}); "),
            Form::Plain => String::new(),
        });
        let structure = match parameter.form {
            Form::Factor => Structure::LowerTriangular,
            _ => Structure::General,
        };
        let free = Variable { name: free.clone(), structure, positive: false, ..variable.clone() };
        declarations.push((free.name.clone(), declaration(&tree.dimensions, &free)));
    }
    // What the program declares itself is declared already.
    let stated = |name: &str| {
        asked.program.split([';', '\n']).any(|statement| {
            let (left, _) = statement.split_once(':').unwrap_or(("", ""));
            left.split(',').any(|it| it.trim() == name)
        })
    };
    let declarations =
        declarations.into_iter().filter(|(name, _)| !stated(name)).map(|(_, text)| text);
    let mut request = Request::new(format!("{bindings}{}", asked.program)).main_form();
    request.declarations = declarations.collect();
    request.variables = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    request
}

impl Parameter {
    /// Whether the variable is free itself.
    pub(super) fn is_plain(&self) -> bool {
        self.form == Form::Plain
    }

    /// The structure of the free variable.
    pub(super) fn structure(&self, program: &Program) -> Structure {
        match self.form {
            Form::Plain => program.tree.variable(self.id).structure,
            Form::Factor => Structure::LowerTriangular,
            Form::Exponential | Form::Softmax => Structure::General,
        }
    }

    /// The free variable where the search starts.
    pub(super) fn start(
        &self,
        program: &Program,
        search: &Search,
        sizes: &Sizes,
        at_zero: bool,
    ) -> Result<Array, Diagnostic> {
        let variable = program.tree.variable(self.id);
        let mut array = sizes.zeros(program, variable)?;
        let given = search.start.iter().find(|(name, _)| *name == variable.name);
        if let Some((_, given)) = given {
            let start = value(program, variable, given, sizes, search.seed)?;
            return self.freed(variable, start);
        }
        let (rows, columns) = (array.rows, array.columns);
        match self.form {
            Form::Factor => {
                for at in 0..rows {
                    array.entries[at * columns + at] = 1.0;
                }
            }
            Form::Plain if !at_zero => {
                let hash = variable.name.bytes().fold(search.seed, |hash, byte| {
                    hash.wrapping_mul(31).wrapping_add(u64::from(byte))
                });
                let noise = normal(hash, array.entries.len());
                array.entries = noise.into_iter().map(|entry| 0.1 * entry).collect();
                structured(variable.structure, &mut array);
            }
            Form::Plain | Form::Exponential | Form::Softmax => {}
        }
        Ok(array)
    }

    /// The free variable of a value.
    fn freed(&self, variable: &Variable, mut value: Array) -> Result<Array, Diagnostic> {
        match self.form {
            Form::Plain => {}
            Form::Exponential | Form::Softmax => {
                value.entries.iter_mut().for_each(|entry| *entry = entry.ln());
            }
            Form::Factor => {
                let size = value.rows;
                let Some(factor) = cholesky(&value.entries, size) else {
                    let message =
                        format!("the start of {} is not positive definite", variable.name);
                    return Err(Diagnostic::bad_input("data", message));
                };
                value.entries = factor;
            }
        }
        if value.entries.iter().any(|entry| !entry.is_finite()) {
            let message = format!("the start of {} is no inner point of its kind", variable.name);
            return Err(Diagnostic::bad_input("data", message));
        }
        Ok(value)
    }
}

/// Random entries in the space of a structure.
pub(super) fn structured(structure: Structure, array: &mut Array) {
    let (rows, columns) = (array.rows, array.columns);
    for member in array.entries.chunks_mut((rows * columns).max(1)) {
        for row in 0..rows {
            for column in 0..columns {
                let (here, there) = (row * columns + column, column * columns + row);
                match structure {
                    Structure::Symmetric if row > column => member[here] = member[there],
                    Structure::Skew if row > column => member[here] = -member[there],
                    Structure::Skew | Structure::Diagonal
                        if (structure == Structure::Skew) == (row == column) =>
                    {
                        member[here] = 0.0;
                    }
                    Structure::LowerTriangular if row < column => member[here] = 0.0,
                    Structure::UpperTriangular if row > column => member[here] = 0.0,
                    _ => {}
                }
            }
        }
    }
}

/// The lower triangular L with `L*L' = S`.
pub(super) fn cholesky(entries: &[f64], size: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0; size * size];
    for row in 0..size {
        for column in 0..=row {
            let mut rest = entries[row * size + column];
            for at in 0..column {
                rest -= factor[row * size + at] * factor[column * size + at];
            }
            factor[row * size + column] = if row == column {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / factor[column * size + column]
            };
        }
    }
    Some(factor)
}

/// The shape of a variable as text: `100×5`.
pub(super) fn expected(program: &Program, variable: &Variable) -> String {
    let size = |id| program.tree.dimensions.display(id);
    let (rows, columns) = (variable.shape.rows, variable.shape.columns);
    let one = Dimensions::ONE;
    let own = match (rows == one, columns == one) {
        (true, true) => String::new(),
        (false, true) => size(rows),
        (true, false) => size(columns),
        (false, false) => format!("{}×{}", size(rows), size(columns)),
    };
    let family: Vec<String> = variable.family.iter().map(|range| size(*range)).collect();
    let parts: Vec<String> = family.into_iter().chain((!own.is_empty()).then_some(own)).collect();
    if parts.is_empty() { "a number".to_owned() } else { parts.join("×") }
}
