//! What elaboration takes and gives.
//!
//! Must not know how shapes are solved.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_syntax::tree::{Statement, Tree};
use gradus_tensor::{DimensionId, Dimensions, Structure};

use crate::engine::Engine;
use crate::failure::Step;
use crate::finish::Marks;
use crate::lookup::plain_variable;
use crate::names::{Kind, Meaning, NameId, NameTable};
use crate::run::Outcome;
use crate::scan::Definitions;
use crate::search::Search;
use crate::solve::Solver;
use crate::typed::{Shape, TypedId, TypedTree, Variable, VariableId};

/// One parsed text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The text that was parsed, quoted in messages.
    pub text: &'a str,
    /// Its tree, free of syntax errors.
    pub tree: &'a Tree,
    /// Added to every place in messages and nodes, where several texts are shown as one.
    pub offset: u32,
}

impl<'a> Source<'a> {
    /// A text that stands alone.
    #[must_use]
    pub fn new(text: &'a str, tree: &'a Tree) -> Self {
        Self { text, tree, offset: 0 }
    }
}

/// What elaboration is told beside the sources.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Texts that hold declarations only.
    pub declarations: &'a [Source<'a>],
    /// Whether the results are sides of one identity, so that their shapes agree.
    pub same_shape: bool,
}

/// How one name was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// The variable.
    pub variable: VariableId,
    /// Its kind as a declaration would say it: `matrix(m,n)`.
    pub kind: String,
    /// Whether this departs from the preference of the first letter.
    pub departure: bool,
}

/// How the names that were not fully declared were read, in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// One entry a name.
    pub names: Vec<ReadAs>,
}

/// An elaborated program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Every node of every source.
    pub tree: TypedTree,
    /// The functions: the last statement of each source.
    pub results: Vec<TypedId>,
    /// The user's bindings in order; each id is an [`crate::typed::Operation::Binding`] node.
    pub bindings: Vec<(String, TypedId)>,
    /// For a linear map `dX -> …` as the last statement, its parameters.
    pub map_parameters: Vec<VariableId>,
    /// How many of the first variables occur in the sources; the others are declared only.
    pub occurring: usize,
    /// Variables with their values at the point that is asked about; the values are the results after
    /// the first one.
    pub points: Vec<(VariableId, TypedId)>,
    /// Whether sums of exponentials stay as they are written, where no form for their softmax is known.
    pub plain_sums: bool,
    /// The sides of the equations beside the sources.
    pub equations: Vec<[TypedId; 2]>,
    /// How undeclared names were read.
    pub reading: Reading,
    /// Hints beside the answer.
    pub notes: Vec<Diagnostic>,
    /// Dimensions that are not natural numbers at all sizes, but must be: `n-k` for a slice `x[1:k]`.
    pub conditions: Vec<DimensionId>,
    /// How far an open index runs where the formula that is read back does not tell: the derivative by
    /// a member may be the same for all.
    pub open_ranges: Vec<(String, DimensionId)>,
    names: NameTable,
    variable_nodes: Vec<Option<TypedId>>,
}

/// A text read in the context of a program.
#[derive(Clone, Debug)]
pub struct ReadBack {
    /// The function.
    pub result: TypedId,
    /// Its own bindings in order.
    pub bindings: Vec<(String, TypedId)>,
    /// For a linear map, its parameters.
    pub map_parameters: Vec<VariableId>,
    /// Dimensions that must be natural numbers, as in [`Program::conditions`].
    pub conditions: Vec<DimensionId>,
}

/// Elaborates sources that share their variables: one expression or program, the two sides of an
/// identity, or an expression and a claim about it.
///
/// # Errors
/// Whatever is wrong with names, kinds or shapes, with place and hint.
pub fn elaborate(sources: &[Source<'_>], options: &Options<'_>) -> Result<Program> {
    elaborated(sources, Beside::Nothing, options).map_err(|failure| failure.diagnostic)
}

/// Elaborates a program together with values of some of its variables, which may have names of their
/// own: [`Program::points`].
///
/// # Errors
/// As for [`elaborate`]; and a name is no variable of the program, or its value has another shape.
pub fn elaborate_at(
    program: Source<'_>,
    points: &[(&str, Source<'_>)],
    options: &Options<'_>,
) -> Result<Program> {
    let names: Vec<&str> = points.iter().map(|(name, _)| *name).collect();
    let values = points.iter().map(|(_, value)| *value);
    let sources: Vec<Source<'_>> = std::iter::once(program).chain(values).collect();
    elaborated(&sources, Beside::Points(&names), options).map_err(|failure| failure.diagnostic)
}

/// Elaborates the sides of an identity together with equations, which may have names of their own:
/// [`Program::equations`].
///
/// # Errors
/// As for [`elaborate`]; the sides of each equation have one shape.
pub fn elaborate_assuming(
    sides: &[Source<'_>],
    equations: &[[Source<'_>; 2]],
    options: &Options<'_>,
) -> Result<Program> {
    let sources: Vec<Source<'_>> =
        sides.iter().chain(equations.iter().flatten()).copied().collect();
    let beside = Beside::Equations(equations.len());
    elaborated(&sources, beside, options).map_err(|failure| failure.diagnostic)
}

/// What the last sources are.
#[derive(Clone, Copy)]
pub(crate) enum Beside<'a> {
    /// Functions, as the others are.
    Nothing,
    /// Values of these variables.
    Points(&'a [&'a str]),
    /// The sides of so many equations.
    Equations(usize),
}

fn elaborated(sources: &[Source<'_>], beside: Beside<'_>, options: &Options<'_>) -> Step<Program> {
    let mut engine =
        Engine::new(NameTable::default(), TypedTree::default(), Solver::new(Dimensions::new()));
    for source in sources.iter().chain(options.declarations) {
        engine.add_source(*source);
    }
    for source in (sources.len()..engine.sources.len()).chain(0..sources.len()) {
        engine.scan_declarations(source)?;
    }
    let mut definitions = Definitions::default();
    for source in 0..sources.len() {
        engine.scan(source, &mut definitions)?;
    }
    let search = Search::new(&mut engine, sources.len(), options.same_shape, &definitions);
    let outcome = search.with(beside).run()?;
    let named = engine.typed.variables.len();
    let occurring = match beside {
        Beside::Points([_, ..]) => outcome.first_variables,
        _ => named,
    };
    engine.make_unused_variables()?;
    engine.finish(Marks::default())?;
    let reading = engine.reading(named);
    Ok(engine.into_program(outcome, reading, occurring))
}

impl Engine<'_> {
    /// Forgets everything but declarations and definitions, and takes up a reading.
    pub(crate) fn start(&mut self, departures: &[(NameId, Kind)], conditions: usize) {
        for name in self.names.iter_mut() {
            name.meaning = Meaning::Unseen;
            name.bound_later = false;
            name.departure = None;
        }
        for (name, kind) in departures {
            self.names.get_mut(*name).departure = Some(*kind);
        }
        self.solver.reset();
        self.typed.nodes.clear();
        self.typed.variables.clear();
        self.typed.indices.clear();
        self.used_indices.clear();
        self.variable_nodes.clear();
        self.literals.clear();
        self.alignment.clear();
        self.proposals.clear();
        self.pending_notes.clear();
        self.notes.clear();
        self.conditions.truncate(conditions);
    }

    /// The variables that are declared and stand nowhere.
    fn make_unused_variables(&mut self) -> Step<()> {
        for position in 0..self.declared.len() {
            let name = self.declared[position].name;
            self.declared_variable(name, None)?;
        }
        Ok(())
    }

    fn into_program(mut self, outcome: Outcome, reading: Reading, occurring: usize) -> Program {
        // The bodies of functions end with the sources; their calls have been put in.
        for name in self.names.iter_mut() {
            name.function = None;
        }
        let mut tree = self.typed;
        tree.dimensions = self.solver.table;
        Program {
            tree,
            results: outcome.results,
            bindings: outcome.bindings,
            map_parameters: outcome.map_parameters,
            occurring,
            points: outcome.points,
            plain_sums: false,
            equations: outcome.equations,
            reading,
            notes: self.notes,
            conditions: self.conditions,
            open_ranges: Vec::new(),
            names: self.names,
            variable_nodes: self.variable_nodes,
        }
    }
}

impl Program {
    pub(crate) fn variable_nodes(&self) -> impl Iterator<Item = Option<TypedId>> {
        self.variable_nodes.iter().copied()
    }

    pub(crate) fn map_variable_nodes(&mut self, image: impl FnMut(&mut TypedId)) {
        self.variable_nodes.iter_mut().flatten().for_each(image);
    }

    /// A program that has variables and no functions yet, for texts to be read back.
    pub(crate) fn of_variables(tree: TypedTree, names: NameTable) -> Self {
        Self {
            tree,
            results: Vec::new(),
            bindings: Vec::new(),
            map_parameters: Vec::new(),
            occurring: 0,
            points: Vec::new(),
            plain_sums: false,
            equations: Vec::new(),
            reading: Reading::default(),
            notes: Vec::new(),
            conditions: Vec::new(),
            open_ranges: Vec::new(),
            names,
            variable_nodes: Vec::new(),
        }
    }

    /// Gives the differential of a variable a name of its own: the direction along which a derivative
    /// is wanted. The name is new, or declared and not used by the functions.
    ///
    /// # Errors
    /// Bad input if the name is taken or was declared with another shape.
    pub fn name_direction(&mut self, name: &str, of: VariableId) -> Result<VariableId> {
        let taken = |what: &str| {
            let error = Diagnostic::bad_input("name", format!("`{name}` {what}"));
            Err(error.hint("choose a name that the function does not use").into())
        };
        let is_name = name.starts_with(|first: char| first.is_alphabetic())
            && name.chars().all(|other| other.is_alphanumeric() || other == '_');
        if !is_name {
            return taken("is no name");
        }
        let id = self.names.intern(name);
        let known = self.names.get(id);
        if known.word != crate::names::Word::None || known.function.is_some() {
            return taken("is a name of the language");
        }
        let base = self.tree.variable(of).clone();
        match known.meaning {
            Meaning::Bound(_) => taken("is bound by the program"),
            Meaning::Variable(at) if (at.0 as usize) < self.occurring || at.0 <= of.0 => {
                taken("stands in the function")
            }
            Meaning::Variable(at) => {
                let declared = &mut self.tree.variables[at.0 as usize];
                if declared.nature != base.nature || declared.shape != base.shape {
                    let error = Diagnostic::bad_input(
                        "shape",
                        format!("`{name}` has another shape than `{}`", base.name),
                    );
                    return Err(error.label(declared.span, "this declaration").into());
                }
                declared.differential_of = Some(of);
                Ok(at)
            }
            Meaning::Unseen => {
                let at = VariableId(u32::try_from(self.tree.variables.len()).unwrap_or(u32::MAX));
                self.tree.variables.push(Variable {
                    name: name.to_owned(),
                    structure: Structure::General,
                    positive: false,
                    declared: false,
                    differential_of: Some(of),
                    ..base
                });
                self.names.get_mut(id).meaning = Meaning::Variable(at);
                Ok(at)
            }
        }
    }

    /// A program with further real variables, for texts to be read back; a name that was bound before
    /// is a variable then.
    #[must_use]
    pub fn with_variables(&self, names: &[(String, Shape)]) -> Self {
        let mut program = self.clone();
        for (name, shape) in names {
            let at = VariableId(u32::try_from(program.tree.variables.len()).unwrap_or(u32::MAX));
            let span = gradus_diagnostics::Span::default();
            let variable = plain_variable(name.clone(), *shape, span);
            program.tree.variables.push(Variable { declared: true, ..variable });
            program.bindings.retain(|(bound, _)| bound != name);
            let id = program.names.intern(name);
            program.names.get_mut(id).meaning = Meaning::Variable(at);
        }
        program
    }

    /// Keeps names that a text bound, so that later texts know them.
    pub fn keep_bindings(&mut self, bindings: Vec<(String, TypedId)>) {
        for (name, id) in bindings {
            let place = self.names.intern(&name);
            self.names.get_mut(place).meaning = Meaning::Bound(id);
            self.bindings.push((name, id));
        }
    }

    /// Reads a further text with the variables, bindings and dimensions of this program: a printed
    /// answer. No kind is guessed; an unknown name is an error, except `dX` for the differential of a
    /// variable X. The nodes are added to [`Program::tree`].
    ///
    /// # Errors
    /// Whatever is wrong with names or shapes; the program is then unchanged.
    pub fn read_back(&mut self, source: &Source<'_>) -> Result<ReadBack> {
        let mut tree = std::mem::take(&mut self.tree);
        let solver = Solver::new(std::mem::take(&mut tree.dimensions));
        let marks = Marks {
            nodes: tree.nodes.len(),
            variables: tree.variables.len(),
            indices: tree.indices.len(),
        };
        let names = std::mem::take(&mut self.names);
        let name_count = names.len();
        let mut engine = Engine::new(names, tree, solver);
        engine.guessing = false;
        engine.open_ranges.clone_from(&self.open_ranges);
        engine.variable_nodes = std::mem::take(&mut self.variable_nodes);
        engine.used_indices = vec![false; marks.indices];
        let mut bound = Vec::new();
        let read = engine.read_text(*source, marks, &mut bound);
        for (name, meaning) in bound.into_iter().rev() {
            let known = engine.names.get_mut(name);
            known.meaning = meaning;
            known.bound_later = false;
        }
        if read.is_err() {
            engine.undo(name_count, marks);
        }
        let Engine { names, variable_nodes, typed, solver, conditions, .. } = engine;
        self.tree = typed;
        self.tree.dimensions = solver.table;
        self.names = names;
        self.variable_nodes = variable_nodes;
        let outcome = read.map_err(|failure| failure.diagnostic)?;
        let Some(result) = outcome.results.first().copied() else {
            return Err(Diagnostic::internal("a text without a value").into());
        };
        Ok(ReadBack {
            result,
            bindings: outcome.bindings,
            map_parameters: outcome.map_parameters,
            conditions,
        })
    }
}

impl<'a> Engine<'a> {
    /// Reads a text whose names are known; `bound` gets the names it binds with what they meant before.
    fn read_text(
        &mut self,
        source: Source<'a>,
        marks: Marks,
        bound: &mut Vec<(NameId, Meaning)>,
    ) -> Step<Outcome> {
        let position = self.add_source(source);
        self.enter_source(position);
        for (statement, span) in &source.tree.statements {
            match statement {
                Statement::Binding { name, .. } | Statement::IndexForm { name, .. } => {
                    let name = self.name_id(*name);
                    self.refuse_function_name(name, self.shifted(*span), "binding")?;
                    let known = self.names.get_mut(name);
                    bound.push((name, known.meaning));
                    if matches!(known.meaning, Meaning::Bound(_)) {
                        known.meaning = Meaning::Unseen;
                    }
                }
                Statement::Declaration(_) | Statement::Function { .. } => {
                    let error =
                        Diagnostic::bad_input("program", "a formula declares and defines nothing");
                    return Err(error.label(self.shifted(*span), "not here").into());
                }
                Statement::Expression(_) | Statement::LinearMap { .. } => {}
            }
        }
        let mut outcome = Outcome::default();
        self.run_source(position, &mut outcome)?;
        self.close()?;
        self.finish(marks)?;
        Ok(outcome)
    }

    /// Takes back what a text added.
    fn undo(&mut self, name_count: usize, marks: Marks) {
        self.names.truncate(name_count);
        for name in self.names.iter_mut() {
            if let Meaning::Variable(variable) = name.meaning
                && variable.0 as usize >= marks.variables
            {
                name.meaning = Meaning::Unseen;
            }
        }
        self.typed.nodes.truncate(marks.nodes);
        self.typed.variables.truncate(marks.variables);
        self.typed.indices.truncate(marks.indices);
        for node in &mut self.variable_nodes {
            if node.is_some_and(|node| node.0 as usize >= marks.nodes) {
                *node = None;
            }
        }
    }
}
