//! The end of an elaboration: letters for what is still unknown, final dimensions everywhere, the
//! reading and the hints.
//!
//! Must not know expressions.

use gradus_diagnostics::Diagnostic;
use gradus_functions::book;
use gradus_tensor::{DimensionId, Dimensions};
use rustc_hash::FxHashSet;

use crate::engine::{Engine, PendingNote};
use crate::failure::Step;
use crate::lookup::plain_variable;
use crate::names::NameId;
use crate::program::{ReadAs, Reading};
use crate::typed::{Nature, Operation, Shape, Variable, VariableId};

/// Letters for rows of a matrix that is not square, in order of preference.
const ROWS: [&str; 8] = ["m", "k", "p", "q", "r", "s", "l", "d"];
/// Letters for everything else.
const SIDES: [&str; 9] = ["n", "m", "k", "p", "q", "r", "s", "l", "d"];
/// Letters for columns of a matrix that is not square.
const COLUMNS: [&str; 8] = ["n", "k", "p", "q", "r", "s", "l", "d"];
/// Letters for ranges of families.
pub(crate) const RANGES: [&str; 4] = ["N", "M", "K", "L"];

/// Which nodes, variables and indices are new.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) nodes: usize,
    pub(crate) variables: usize,
    pub(crate) indices: usize,
}

/// The letters given so far.
struct Letters {
    given: Vec<(DimensionId, String)>,
    done: FxHashSet<DimensionId>,
    used: FxHashSet<String>,
    next: usize,
}

impl Engine<'_> {
    /// Letters for the unknown sizes of variables, as a textbook would choose them.
    pub(crate) fn fresh_letters(&mut self) -> Vec<(DimensionId, String)> {
        let mut letters = Letters {
            given: Vec::new(),
            done: FxHashSet::default(),
            used: FxHashSet::default(),
            next: 1,
        };
        if !self.guessing {
            return letters.given;
        }
        let shapes: Vec<Shape> = self
            .typed
            .variables
            .iter()
            .map(|variable| variable.shape)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|shape| Shape {
                rows: self.solver.resolve(shape.rows),
                columns: self.solver.resolve(shape.columns),
            })
            .collect();
        let is_matrix =
            |shape: &Shape| shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
        // The data matrix of the field's notation is m×n whatever stands before it.
        let data = self.typed.variables.iter().position(|variable| variable.name == "X");
        let oblong = data.into_iter().chain(0..shapes.len());
        for shape in oblong.map(|at| &shapes[at]) {
            if is_matrix(shape) && shape.rows != shape.columns {
                self.letter(&mut letters, shape.rows, &ROWS);
                self.letter(&mut letters, shape.columns, &COLUMNS);
            }
        }
        for square in [true, false] {
            for shape in shapes.iter().filter(|shape| is_matrix(shape) == square) {
                self.letter(&mut letters, shape.rows, &SIDES);
                self.letter(&mut letters, shape.columns, &SIDES);
            }
        }
        for position in 0..shapes.len() {
            for range in self.typed.variables[position].family.clone() {
                let range = self.solver.resolve(range);
                self.letter(&mut letters, range, &RANGES);
            }
        }
        for shape in &shapes {
            for side in [shape.rows, shape.columns] {
                if !self.solver.is_known(side) && !self.solver.is_unknown(side) {
                    for unknown in self.solver.unknowns(side) {
                        self.letter(&mut letters, unknown, &SIDES);
                    }
                }
            }
        }
        letters.given
    }

    fn letter(&mut self, letters: &mut Letters, dimension: DimensionId, pool: &[&str]) {
        if !self.solver.is_unknown(dimension) || !letters.done.insert(dimension) {
            return;
        }
        let free = |name: &str, used: &FxHashSet<String>| {
            !used.contains(name)
                && self.names.find(name).is_none()
                && self.solver.table.find_name(name).is_none()
        };
        let from_pool = pool.iter().find(|name| free(name, &letters.used));
        let name = match from_pool {
            Some(name) => (*name).to_owned(),
            None => loop {
                let name = format!("n{}", letters.next);
                letters.next += 1;
                if free(&name, &letters.used) {
                    break name;
                }
            },
        };
        letters.used.insert(name.clone());
        letters.given.push((dimension, name));
    }

    /// Gives the letters and replaces every dimension by its final one.
    pub(crate) fn finish(&mut self, marks: Marks) -> Step<()> {
        if !self.solver.is_trivial() {
            for (unknown, letter) in self.fresh_letters() {
                let dimension = self.solver.table.named(&letter);
                self.solver.decide(unknown, dimension);
                let name = self.names.intern(&letter);
                self.names.get_mut(name).dimension = Some(dimension);
            }
            self.finish_nodes(marks);
            self.check_sizes()?;
        }
        self.finish_conditions()?;
        self.finish_notes();
        Ok(())
    }

    fn finish_nodes(&mut self, marks: Marks) {
        let solver = &mut self.solver;
        for node in &mut self.typed.nodes[marks.nodes..] {
            resolve_shape(solver, &mut node.shape);
            match &mut node.operation {
                Operation::Dimension(dimension) => *dimension = solver.resolve(*dimension),
                Operation::Call { sizes, .. } => {
                    sizes.iter_mut().for_each(|size| *size = solver.resolve(*size));
                }
                Operation::Slice { row_offset, column_offset, .. } => {
                    *row_offset = solver.resolve(*row_offset);
                    *column_offset = solver.resolve(*column_offset);
                }
                _ => {}
            }
        }
        for variable in &mut self.typed.variables[marks.variables..] {
            resolve_shape(solver, &mut variable.shape);
            variable.family.iter_mut().for_each(|range| *range = solver.resolve(*range));
        }
        for index in &mut self.typed.indices[marks.indices..] {
            index.range = solver.resolve(index.range);
        }
    }

    fn finish_conditions(&mut self) -> Step<()> {
        let mut conditions = Vec::new();
        for condition in std::mem::take(&mut self.conditions) {
            let condition = self.solver.resolve(condition);
            if let Some(value) = self.solver.polynomial(condition).as_constant() {
                if value.is_negative() || !value.is_integer() {
                    let error = Diagnostic::bad_input("size", "a size or a slice is out of range");
                    return Err(error
                        .hint("positions run from 1 to the size: x[1:k] with k ≤ n")
                        .into());
                }
                continue;
            }
            let more = self.solver.add(condition, Dimensions::ONE);
            let seen = self.solver.is_known(more) && self.solver.table.is_visibly_natural(more);
            if !seen && !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        self.conditions = conditions;
        Ok(())
    }

    /// A guessed matrix `I` is probably meant as the identity.
    fn note_identity(&mut self) {
        let identity = self.typed.variables.iter().find(|variable| {
            variable.name == "I" && !variable.declared && variable.differential_of.is_none()
        });
        if let Some(identity) = identity
            && !identity.shape.is_scalar()
        {
            let message = "`I` is an ordinary name; the identity is `eye`";
            let note = Diagnostic::note("identity", message)
                .label(identity.span, "a matrix like any other");
            self.add_note(note.hint("eye"));
        }
    }

    /// The hints that depend on a shape being square.
    fn finish_notes(&mut self) {
        self.note_identity();
        for (node, span, pending) in std::mem::take(&mut self.pending_notes) {
            let shape = self.typed.shape(node);
            if shape.rows != shape.columns || shape.is_scalar() {
                continue;
            }
            let note = match pending {
                PendingNote::Function(function) => {
                    let entry = book().get(function);
                    let message =
                        format!("`{}` of a square matrix is taken entry by entry", entry.name);
                    let known = self.notes.iter().any(|note| note.message == message);
                    if known {
                        continue;
                    }
                    Diagnostic::note("elementwise", message).label(span, "here").hint(entry.hint)
                }
                PendingNote::ScalarAdded => {
                    if self.notes.iter().any(|note| note.code == "broadcast") {
                        continue;
                    }
                    let message = "a scalar is added to every entry of a square matrix";
                    let note = Diagnostic::note("broadcast", message).label(span, "here");
                    note.hint("a multiple of the identity is c*eye")
                }
            };
            self.notes.push(note);
        }
    }

    /// How the names were read that were not fully declared.
    pub(crate) fn reading(&self, occurring: usize) -> Reading {
        let mut names = Vec::new();
        for (position, variable) in self.typed.variables.iter().enumerate().take(occurring) {
            let name = self.names.find(&variable.name);
            let declared = name.and_then(|name| self.names.get(name).declared);
            let declared = declared.and_then(|at| self.declared.get(at as usize));
            let open = declared.is_none_or(crate::kinds::Declared::is_open);
            if !open || variable.differential_of.is_some() {
                continue;
            }
            let kind = match declared {
                Some(declared) => with_sizes(&self.solver.table, &declared.head(), variable),
                None => self.guessed_kind(variable),
            };
            let departure = name.is_some_and(|name: NameId| self.names.get(name).departs());
            let variable = VariableId(u32::try_from(position).unwrap_or(u32::MAX));
            names.push(ReadAs { variable, kind, departure });
        }
        Reading { names }
    }

    fn guessed_kind(&self, variable: &Variable) -> String {
        match variable.nature {
            Nature::ElementwiseFunction => return "elementwise function".to_owned(),
            Nature::ScalarFunction => return "function".to_owned(),
            Nature::Array | Nature::Path { .. } => {}
        }
        let one = Dimensions::ONE;
        let head = match (variable.shape.rows == one, variable.shape.columns == one) {
            (true, true) => "scalar",
            (false, true) => "vector",
            (true, false) => "rowvector",
            (false, false) => "matrix",
        };
        with_sizes(&self.solver.table, head, variable)
    }
}

impl Engine<'_> {
    /// The kind of a variable as a declaration would say it, with the given sizes.
    pub(crate) fn proposed_kind(&self, name: NameId, shape: Shape) -> String {
        let declared = self.names.get(name).declared;
        let declared = declared.and_then(|at| self.declared.get(at as usize));
        let mut variable =
            plain_variable(String::new(), shape, gradus_diagnostics::Span::default());
        variable.family = declared.and_then(|declared| declared.family).into_iter().collect();
        match declared {
            Some(declared) => with_sizes(&self.solver.table, &declared.head(), &variable),
            None => self.guessed_kind(&variable),
        }
    }
}

fn resolve_shape(solver: &mut crate::solve::Solver, shape: &mut Shape) {
    *shape = Shape { rows: solver.resolve(shape.rows), columns: solver.resolve(shape.columns) };
}

fn with_sizes(table: &Dimensions, head: &str, variable: &Variable) -> String {
    let (rows, columns) =
        (table.display(variable.shape.rows), table.display(variable.shape.columns));
    let mut text = if variable.shape.is_scalar() {
        head.to_owned()
    } else if head.ends_with("matrix") {
        format!("{head}({rows},{columns})")
    } else if head.ends_with("rowvector") {
        format!("{head}({columns})")
    } else {
        format!("{head}({rows})")
    };
    for range in &variable.family {
        text.push_str(&format!("[{}]", table.display(*range)));
    }
    text
}
