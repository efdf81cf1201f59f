//! Data: what the caller gives, fitted to the variables of a program.
//!
//! Must not know where data come from; see the faces.

use gradus_diagnostics::{Diagnostic, closest};
use gradus_elaborate::Program;
use gradus_elaborate::typed::{Variable, VariableId};
use gradus_tensor::{DimensionId, Dimensions, Structure};
use gradus_verify::Array;

use super::Search;
use super::parameters::{cholesky, expected};

/// The value of a variable, as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// An array with its shape, entries by rows, and where it is from.
    Array {
        /// The shape; empty for a number.
        shape: Vec<usize>,
        /// The entries, the last index running fastest.
        entries: Vec<f64>,
        /// For messages: a file, or the words of the command.
        from: String,
    },
    /// Random numbers in this shape, of the kind of the variable.
    Random {
        /// The shape; empty for a number.
        shape: Vec<usize>,
    },
}

impl Given {
    fn shape(&self) -> &[usize] {
        match self {
            Self::Array { shape, .. } | Self::Random { shape } => shape,
        }
    }

    fn from(&self) -> String {
        match self {
            Self::Array { from, .. } => from.clone(),
            Self::Random { .. } => "--random".to_owned(),
        }
    }
}

/// The size of each dimension, and what told it.
#[derive(Clone, Debug)]
pub(super) struct Sizes {
    known: Vec<Option<(u64, String)>>,
}

impl Sizes {
    pub(super) fn of(program: &Program, given: &[(String, u64)]) -> Result<Self, Diagnostic> {
        let dimensions = &program.tree.dimensions;
        let mut known = vec![None; dimensions.name_count()];
        for (name, size) in given {
            let Some(found) = dimensions.find_name(name) else {
                let message = format!("`{name}` is no size of the program");
                return Err(Diagnostic::bad_input("data", message));
            };
            known[found.0 as usize] = Some((*size, "--size".to_owned()));
        }
        Ok(Self { known })
    }

    fn size(&self, program: &Program, id: DimensionId) -> Option<u64> {
        let dimensions = &program.tree.dimensions;
        let mut names = dimensions.polynomial(id).names();
        let all = names.all(|name| self.known[name.0 as usize].is_some());
        let sizes: Vec<u64> =
            self.known.iter().map(|known| known.as_ref().map_or(0, |(size, _)| *size)).collect();
        if all { dimensions.evaluate(id, &sizes) } else { None }
    }

    /// Learns the sizes that a shape tells, unless they are known to be others.
    fn learn(
        &mut self,
        program: &Program,
        variable: &Variable,
        axes: &[(DimensionId, usize)],
        given: &Given,
    ) -> Result<(), Diagnostic> {
        let dimensions = &program.tree.dimensions;
        for (id, size) in axes {
            let size = *size as u64;
            if let Some(name) = dimensions.as_name(*id) {
                let own = &mut self.known[name.0 as usize];
                match own {
                    Some((known, by)) if *known != size => {
                        let message = format!(
                            "{} of {} says that {} is {size}, but {by} says that it is {known}",
                            shown(given.shape()),
                            variable.name,
                            dimensions.name_text(name)
                        );
                        let wanted = expected(program, variable);
                        return Err(Diagnostic::bad_input("data", message).hint(format!(
                            "{} from {} is to have the shape {wanted}",
                            variable.name,
                            given.from()
                        )));
                    }
                    Some(_) => {}
                    None => *own = Some((size, format!("{} ({})", variable.name, given.from()))),
                }
            } else if let Some(wanted) = self.size(program, *id)
                && wanted != size
            {
                let message = format!(
                    "{} from {} has {size} entries along an axis of {wanted}",
                    variable.name,
                    given.from()
                );
                return Err(Diagnostic::bad_input("data", message));
            }
        }
        Ok(())
    }

    /// An array of zeros for a variable.
    pub(super) fn zeros(
        &self,
        program: &Program,
        variable: &Variable,
    ) -> Result<Array, Diagnostic> {
        let size = |id: DimensionId| {
            let found = self.size(program, id).and_then(|size| usize::try_from(size).ok());
            found.filter(|size| *size > 0).ok_or_else(|| {
                let text = program.tree.dimensions.display(id);
                let message = format!("the data do not tell the size {text} of {}", variable.name);
                Diagnostic::bad_input("data", message).hint(format!("say it: --size {text}=3"))
            })
        };
        let (rows, columns) = (size(variable.shape.rows)?, size(variable.shape.columns)?);
        let family: Result<Vec<usize>, Diagnostic> =
            variable.family.iter().map(|range| size(*range)).collect();
        let family = family?;
        let count = family.iter().fold(rows.saturating_mul(columns), |a, b| a.saturating_mul(*b));
        if count > 1 << 26 {
            let message = format!("{} has {count} entries", variable.name);
            return Err(Diagnostic::limit(message));
        }
        Ok(Array { family, rows, columns, entries: vec![0.0; count] })
    }
}

/// The data of all variables that are not minimised over, in the order of the program.
pub(super) fn place(
    program: &Program,
    wanted: &[VariableId],
    search: &Search,
    sizes: &mut Sizes,
) -> Result<Vec<(String, Array)>, Diagnostic> {
    let tree = &program.tree;
    let moving = |at: usize| wanted.iter().any(|id| id.0 as usize == at);
    let stays: Vec<&Variable> = tree.variables[..program.occurring]
        .iter()
        .enumerate()
        .filter(|(at, _)| !moving(*at))
        .map(|(_, variable)| variable)
        .collect();
    let names = || stays.iter().map(|variable| variable.name.as_str());
    for (name, given) in &search.data {
        if names().any(|known| known == name) {
            continue;
        }
        let own = tree.variable_named(name).is_some_and(|id| moving(id.0 as usize));
        let message = match own {
            true => format!("{name} is minimised over, and takes no data"),
            false => format!("there is no variable {name} for the data from {}", given.from()),
        };
        let error = Diagnostic::bad_input("data", message);
        return Err(match closest(name, names()) {
            _ if own => error.hint(format!("where the search starts: --start {name}=…")),
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error,
        });
    }
    let given: Result<Vec<(&Variable, &Given)>, Diagnostic> = stays
        .iter()
        .map(|variable| {
            let own = search.data.iter().rev().find(|(name, _)| *name == variable.name);
            let (_, given) = own.ok_or_else(|| {
                let kind = crate::solve::declaration(&tree.dimensions, variable);
                let message = format!("{kind} has no data");
                Diagnostic::bad_input("data", message).hint(format!(
                    "--data {0}=FILE.npy, or --random '{0}={1}'",
                    variable.name,
                    example(variable)
                ))
            })?;
            Ok((*variable, given))
        })
        .collect();
    let given = given?;
    for (variable, given) in &given {
        let axes = axes(program, variable, given)?;
        sizes.learn(program, variable, &axes, given)?;
    }
    for (name, start) in &search.start {
        let known = tree.variable_named(name).filter(|id| moving(id.0 as usize));
        let Some(id) = known else {
            let message = format!("{name} is not minimised over, and has no start");
            return Err(Diagnostic::bad_input("data", message));
        };
        let variable = tree.variable(id);
        let axes = axes(program, variable, start)?;
        sizes.learn(program, variable, &axes, start)?;
    }
    given
        .into_iter()
        .map(|(variable, given)| {
            let array = value(program, variable, given, sizes, search.seed)?;
            Ok((variable.name.clone(), array))
        })
        .collect()
}

fn example(variable: &Variable) -> &'static str {
    let one = Dimensions::ONE;
    match (variable.shape.rows == one, variable.shape.columns == one, variable.family.is_empty()) {
        (true, true, true) => "1",
        (false, false, true) => "100x5",
        (true, true, false) | (_, _, true) => "100",
        _ => "100x5",
    }
}

/// `100×5`
fn shown(shape: &[usize]) -> String {
    match shape {
        [] => "the number".to_owned(),
        shape => {
            let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
            format!("the shape {}", sizes.join("×"))
        }
    }
}

/// The sizes of the axes of a variable, as a shape tells them: ranges, rows, columns. Axes of size one may
/// be there or not.
fn axes(
    program: &Program,
    variable: &Variable,
    given: &Given,
) -> Result<Vec<(DimensionId, usize)>, Diagnostic> {
    let one = Dimensions::ONE;
    let all: Vec<DimensionId> = variable
        .family
        .iter()
        .copied()
        .chain([variable.shape.rows, variable.shape.columns])
        .collect();
    let long: Vec<DimensionId> = all.iter().copied().filter(|id| *id != one).collect();
    let shape = given.shape();
    let paired = |ids: &[DimensionId]| -> Vec<(DimensionId, usize)> {
        ids.iter().copied().zip(shape.iter().copied()).collect()
    };
    if shape.len() == long.len() {
        return Ok(paired(&long));
    }
    let fits = shape.len() == all.len()
        && all.iter().zip(shape).all(|(id, size)| *id != one || *size == 1);
    if fits {
        return Ok(paired(&all));
    }
    if long.is_empty() && shape.iter().all(|size| *size == 1) {
        return Ok(Vec::new());
    }
    let message = format!(
        "{} is {}, but {} has {}",
        variable.name,
        expected(program, variable),
        given.from(),
        shown(shape)
    );
    Err(Diagnostic::bad_input("data", message))
}

/// The value of a variable, of the kind that was declared.
pub(super) fn value(
    program: &Program,
    variable: &Variable,
    given: &Given,
    sizes: &Sizes,
    seed: u64,
) -> Result<Array, Diagnostic> {
    let mut array = sizes.zeros(program, variable)?;
    match given {
        Given::Array { entries, from, .. } => {
            if entries.len() != array.entries.len() {
                let message = format!(
                    "{} from {from} has {} entries instead of {}",
                    variable.name,
                    entries.len(),
                    array.entries.len()
                );
                return Err(Diagnostic::bad_input("data", message));
            }
            array.entries.clone_from(entries);
            if let Some(bad) = entries.iter().position(|entry| !entry.is_finite()) {
                let message = format!(
                    "{} from {from} holds {} at entry {}",
                    variable.name,
                    entries[bad],
                    bad + 1
                );
                return Err(Diagnostic::bad_input("data", message));
            }
            check(variable, &array, from)?;
        }
        Given::Random { .. } => draw(variable, &mut array, seed),
    }
    Ok(array)
}

/// Whether data have the structure that was declared.
fn check(variable: &Variable, array: &Array, from: &str) -> Result<(), Diagnostic> {
    let (rows, columns) = (array.rows, array.columns);
    let largest = array.entries.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * largest.max(1e-300);
    let holds = |member: &[f64]| {
        let at = |row: usize, column: usize| member[row * columns + column];
        let every = |test: &dyn Fn(usize, usize) -> bool| {
            (0..rows).all(|row| (0..columns).all(|column| test(row, column)))
        };
        let positive = !variable.positive || member.iter().all(|entry| *entry > 0.0);
        let banded = matches!(
            variable.structure,
            Structure::Diagonal | Structure::LowerTriangular | Structure::UpperTriangular
        );
        (positive || banded)
            && match variable.structure {
                Structure::General => true,
                Structure::Symmetric | Structure::Hermitian => {
                    every(&|row, column| near(at(row, column), at(column, row)))
                }
                Structure::Skew => every(&|row, column| near(at(row, column), -at(column, row))),
                Structure::Diagonal => {
                    every(&|row, column| row == column || at(row, column) == 0.0)
                }
                Structure::LowerTriangular => {
                    every(&|row, column| row >= column || at(row, column) == 0.0)
                }
                Structure::UpperTriangular => {
                    every(&|row, column| row <= column || at(row, column) == 0.0)
                }
                Structure::PositiveDefinite => {
                    every(&|row, column| near(at(row, column), at(column, row)))
                        && cholesky(member, rows).is_some()
                }
                Structure::Orthogonal | Structure::Unitary => every(&|row, column| {
                    let product: f64 = (0..rows).map(|it| at(it, row) * at(it, column)).sum();
                    (product - f64::from(u8::from(row == column))).abs() < 1e-8
                }),
                Structure::OneHot => {
                    member.iter().all(|entry| *entry == 0.0 || *entry == 1.0)
                        && member.iter().sum::<f64>() == 1.0
                }
                Structure::Simplex => {
                    member.iter().all(|entry| *entry >= 0.0)
                        && (member.iter().sum::<f64>() - 1.0).abs() < 1e-9
                }
            }
    };
    if array.entries.chunks((rows * columns).max(1)).all(holds) {
        return Ok(());
    }
    let kind = crate::structures::name(variable.structure).unwrap_or("positive");
    let message = format!("{} is declared {kind}, but the data from {from} are not", variable.name);
    Err(Diagnostic::bad_input("data", message))
}

/// Random numbers of the kind of a variable.
fn draw(variable: &Variable, array: &mut Array, seed: u64) {
    let hash = variable
        .name
        .bytes()
        .fold(seed, |hash, byte| hash.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
    array.entries = normal(hash, array.entries.len());
    if variable.positive {
        array.entries.iter_mut().for_each(|entry| *entry = entry.exp());
    }
    super::parameters::structured(variable.structure, array);
    let (rows, columns) = (array.rows, array.columns);
    for member in array.entries.chunks_mut((rows * columns).max(1)) {
        match variable.structure {
            Structure::PositiveDefinite => {
                let root = member.to_vec();
                for row in 0..rows {
                    for column in 0..columns {
                        let product: f64 = (0..rows)
                            .map(|at| root[at * columns + row] * root[at * columns + column])
                            .sum();
                        let ridge = if row == column { 0.5 } else { 0.0 };
                        member[row * columns + column] = product / rows as f64 + ridge;
                    }
                }
            }
            Structure::Simplex => {
                member.iter_mut().for_each(|entry| *entry = entry.exp());
                let total: f64 = member.iter().sum();
                member.iter_mut().for_each(|entry| *entry /= total);
            }
            Structure::OneHot => {
                let largest = (0..member.len())
                    .fold(0, |best, at| if member[at] > member[best] { at } else { best });
                member.iter_mut().enumerate().for_each(|(at, entry)| {
                    *entry = f64::from(u8::from(at == largest));
                });
            }
            _ => {}
        }
    }
}

/// Normal random numbers, the same for a seed on every machine: splitmix64, and Marsaglia's polar method.
pub(super) fn normal(seed: u64, count: usize) -> Vec<f64> {
    let mut state = seed;
    let mut uniform = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        (word >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut found = Vec::with_capacity(count + 1);
    while found.len() < count {
        let (a, b) = (2.0 * uniform() - 1.0, 2.0 * uniform() - 1.0);
        let square = a * a + b * b;
        if square > 0.0 && square < 1.0 {
            let scale = (-2.0 * square.ln() / square).sqrt();
            found.extend([a * scale, b * scale]);
        }
    }
    found.truncate(count);
    found
}
