//! A question becomes a system: the derivatives set to zero, and the constraints with multipliers.
//!
//! Must not know how a system is solved.

use gradus_derivation::Builder;
use gradus_elaborate::Program;
use gradus_elaborate::typed::{TypedId, Variable, VariableId};
use gradus_notation::print;
use gradus_notation::tree::{NameKind, Notation, NotationId, Shape};
use gradus_solve::{Equation, Facts, Known, Role, Symmetry, Unknown};
use gradus_tensor::{Dimensions, Structure};

use super::read::Read;
use super::{Outcome, Problem, Solving, Told};
use crate::answer::Answer;
use crate::derive::diff;
use crate::failure::{Failure, Result};
use crate::reading::{announcement, notes};
use crate::request::{Forms, Request, Verify};
use crate::verification::Verification;
use crate::verify::{indices, read_back, read_text};

/// Names of multipliers of scalar and vector constraints, and of matrix constraints.
const MULTIPLIERS: [&str; 6] = ["lambda", "mu", "nu", "kappa", "rho", "theta"];
const MATRIX_MULTIPLIERS: [&str; 5] = ["Lambda", "Gamma", "Theta", "Phi", "Psi"];

/// A system with all that is known of it.
pub(crate) struct Posed {
    pub(crate) program: Program,
    pub(crate) builder: Builder,
    pub(crate) facts: Facts,
    pub(crate) unknowns: Vec<Unknown>,
    pub(crate) equations: Vec<Equation>,
    /// Whether the equations are as the user wrote them, and no derivatives.
    pub(crate) given: bool,
    /// How many of the equations are no constraints.
    pub(crate) stationary: usize,
    /// The function, if there is one.
    pub(crate) function: Option<NotationId>,
    /// The Lagrangian, if there are constraints.
    pub(crate) lagrangian: Option<NotationId>,
    /// What was derived.
    pub(crate) derivatives: Verification,
}

/// The declaration of a variable with all its sizes.
pub(crate) fn declaration(dimensions: &Dimensions, variable: &Variable) -> String {
    let size = |id| dimensions.display(id);
    let Shape { rows, columns } =
        Shape { rows: variable.shape.rows, columns: variable.shape.columns };
    let square = |word: &str| format!("{word}({})", size(rows));
    let mut kind = match variable.structure {
        Structure::General | Structure::OneHot | Structure::Simplex
            if rows == Dimensions::ONE && columns == Dimensions::ONE =>
        {
            "scalar".to_owned()
        }
        Structure::General if columns == Dimensions::ONE => square("vector"),
        Structure::General if rows == Dimensions::ONE => format!("rowvector({})", size(columns)),
        Structure::General => format!("matrix({},{})", size(rows), size(columns)),
        Structure::Symmetric => square("symmetric"),
        Structure::Skew => square("skew"),
        Structure::Diagonal => square("diagonal"),
        Structure::LowerTriangular => square("lower"),
        Structure::UpperTriangular => square("upper"),
        Structure::PositiveDefinite => square("spd"),
        Structure::Orthogonal => square("orthogonal"),
        Structure::Hermitian => square("hermitian"),
        Structure::Unitary => square("unitary"),
        Structure::OneHot => square("onehot"),
        Structure::Simplex => square("simplex"),
    };
    if variable.positive {
        kind = format!("positive {kind}");
    }
    if variable.complex && !matches!(variable.structure, Structure::Hermitian | Structure::Unitary)
    {
        kind = format!("complex {kind}");
    }
    if let [range] = variable.family.as_slice() {
        kind = format!("{kind}[{}]", size(*range));
    }
    format!("{}: {kind}", variable.name)
}

/// The declarations of all array variables; those of other natures stand in the user's own.
pub(super) fn declarations(problem: &Problem, program: &Program) -> Vec<String> {
    use gradus_elaborate::typed::Nature;
    let tree = &program.tree;
    let arrays = tree
        .variables
        .iter()
        .filter(|variable| variable.nature == Nature::Array && variable.differential_of.is_none());
    let mut all: Vec<String> =
        arrays.map(|variable| declaration(&tree.dimensions, variable)).collect();
    for text in &problem.request.declarations {
        let name = text.split(':').next().unwrap_or("").trim();
        let is_array =
            tree.variable_named(name).is_none_or(|id| tree.variable(id).nature == Nature::Array);
        if !is_array {
            all.push(text.clone());
        }
    }
    all
}

pub(super) fn pose(problem: &Problem, read: &Read) -> Result<Posed> {
    if read.is_equation { equation(problem, read) } else { stationary(problem, read) }
}

/// A plain equation with further equations.
fn equation(_: &Problem, read: &Read) -> Result<Posed> {
    let program = read.program.clone();
    let mut builder = Builder::of_program(&program);
    let [left, right] = [program.results[0], program.results[1]];
    let mut roots = vec![[left, right]];
    roots.extend(program.equations.iter().copied());
    let mut equations = Vec::new();
    for (at, [left, right]) in roots.into_iter().enumerate() {
        let (left, right) =
            (write(&mut builder, &program, left)?, write(&mut builder, &program, right)?);
        equations.push(Equation { left, right, of: (at < read.wanted.len()).then_some(at) });
    }
    let unknowns = unknowns(&mut builder, &program, read);
    Ok(Posed {
        facts: Facts { known: known(&program) },
        stationary: equations.len(),
        builder,
        unknowns,
        equations,
        given: true,
        function: None,
        lagrangian: None,
        derivatives: Verification::not_checked(),
        program,
    })
}

/// A stationary point: the derivatives of the function or of the Lagrangian.
fn stationary(problem: &Problem, read: &Read) -> Result<Posed> {
    let first = &read.program;
    let mut builder = Builder::of_program(first);
    let function = write(&mut builder, first, first.results[0])?;
    let mut declared = declarations(problem, first);
    let mut sides: Vec<[String; 2]> = Vec::new();
    let mut names: Vec<(String, Shape)> = Vec::new();
    let mut lagrangian = vec![(false, function)];
    let mut constraints = Vec::new();
    for [left, right] in &first.equations {
        let left = write(&mut builder, first, *left)?;
        constraints.push([left, write(&mut builder, first, *right)?]);
    }
    for id in &read.wanted {
        constraints.extend(of_structure(&mut builder, first, *id, &mut declared));
    }
    for [left, right] in constraints {
        sides.push([left, right].map(|side| print::source(&builder.tree, side)));
        let residual = builder.sum(&[(false, left), (true, right)]);
        let shape = builder.shape(residual);
        let name = multiplier(first, &builder, &names, shape);
        let atom = builder.name(&name, NameKind::Variable, shape);
        declared.push(kind_of(&builder.tree.dimensions, &name, shape));
        names.push((name, shape));
        let turned = builder.transpose(atom);
        let product = builder.product(&[turned, residual]);
        lagrangian.push((true, builder.trace(product)));
    }
    let whole = builder.sum(&lagrangian);
    let text = print::source(&builder.tree, whole);
    let answer = derivative(problem, read, &text, declared)?;
    let (main, derivatives) = (&answer.main, answer.verification.clone());
    let mut program = answer.program.clone();
    let roots = read_back(&mut program, &main.tree, &main.page, &indices(&main.found))?;
    let mut read_sides = Vec::new();
    for [left, right] in &sides {
        let left = read_text(&mut program, left)?.result;
        read_sides.push([left, read_text(&mut program, right)?.result]);
    }
    let function_root = read_text(&mut program, &print::source(&builder.tree, function))?.result;
    let whole_root = read_text(&mut program, &text)?.result;
    let mut builder = Builder::of_program(&program);
    let mut unknowns = unknowns(&mut builder, &program, read);
    let mut equations = Vec::new();
    for (at, root) in roots.iter().enumerate() {
        let left = write(&mut builder, &program, *root)?;
        let right = builder.zeros(builder.shape(left));
        equations.push(Equation { left, right, of: Some(at) });
    }
    for ([left, right], (name, _)) in read_sides.into_iter().zip(&names) {
        // Each program has dimensions of its own.
        let shape = match program.tree.variable_named(name) {
            Some(id) => program.tree.variable(id).shape,
            None => continue,
        };
        let shape = Shape { rows: shape.rows, columns: shape.columns };
        let (left, right) =
            (write(&mut builder, &program, left)?, write(&mut builder, &program, right)?);
        equations.push(Equation { left, right, of: Some(unknowns.len()) });
        let atom = builder.name(name, NameKind::Variable, shape);
        let symmetry = Symmetry::None;
        unknowns.push(Unknown { name: name.clone(), atom, symmetry, role: Role::Multiplier });
    }
    let function = write(&mut builder, &program, function_root)?;
    let lagrangian = match names.is_empty() {
        true => None,
        false => Some(write(&mut builder, &program, whole_root)?),
    };
    Ok(Posed {
        facts: Facts { known: known(&program) },
        stationary: roots.len(),
        builder,
        unknowns,
        equations,
        given: false,
        function: Some(function),
        lagrangian,
        derivatives,
        program,
    })
}

/// What a declared structure says of an unknown as a constraint, if the derivative along the structure
/// does not say it; the unknown is declared freely then.
fn of_structure(
    builder: &mut Builder,
    program: &Program,
    id: VariableId,
    declared: &mut [String],
) -> Option<[NotationId; 2]> {
    let variable = program.tree.variable(id);
    let shape = Shape { rows: variable.shape.rows, columns: variable.shape.columns };
    if shape.is_scalar() || !variable.family.is_empty() {
        return None;
    }
    let atom = builder.name(&variable.name, NameKind::Variable, shape);
    let equation = match variable.structure {
        Structure::Orthogonal => {
            let turned = builder.transpose(atom);
            [builder.product(&[turned, atom]), builder.identity(shape)]
        }
        Structure::Simplex => {
            let row = Shape { rows: Dimensions::ONE, columns: shape.rows };
            let ones = builder.ones(row);
            [builder.product(&[ones, atom]), builder.integer(1)]
        }
        _ => return None,
    };
    let free = Variable { structure: Structure::General, ..variable.clone() };
    let text = declaration(&program.tree.dimensions, &free);
    let own = format!("{}:", variable.name);
    for declaration in declared.iter_mut().filter(|it| it.starts_with(&own)) {
        declaration.clone_from(&text);
    }
    Some(equation)
}

fn derivative(
    problem: &Problem,
    read: &Read,
    text: &str,
    declarations: Vec<String>,
) -> Result<Answer> {
    let request = Request {
        declarations,
        variables: problem.request.variables.clone(),
        forms: Forms::Main,
        verification: Verify::Yes,
        ..Request::new(text)
    };
    // The places of a message would be those of a text that the user did not write.
    diff(&request).map_err(|failure| {
        let mut diagnostic = *failure.diagnostic;
        diagnostic.labels.clear();
        Failure::new(diagnostic, read.texts.program().text)
    })
}

fn write(builder: &mut Builder, program: &Program, root: TypedId) -> Result<NotationId> {
    let root = member(program, root);
    builder.written(&program.tree, root).map_err(|error| Failure::new(error, ""))
}

/// The member of a family of scalars, which is told entry by entry.
pub(super) fn member(program: &Program, root: TypedId) -> TypedId {
    use gradus_elaborate::typed::Operation;
    let mut at = root;
    loop {
        match &program.tree.node(at).operation {
            Operation::Binding { value, .. } => at = *value,
            Operation::Tabulate { indices, body } if indices.len() == 1 => return *body,
            _ => return root,
        }
    }
}

fn kind_of(dimensions: &Dimensions, name: &str, shape: Shape) -> String {
    let size = |id| dimensions.display(id);
    match (shape.rows == Dimensions::ONE, shape.columns == Dimensions::ONE) {
        (true, true) => format!("{name}: scalar"),
        (false, true) => format!("{name}: vector({})", size(shape.rows)),
        (true, false) => format!("{name}: rowvector({})", size(shape.columns)),
        (false, false) => format!("{name}: matrix({},{})", size(shape.rows), size(shape.columns)),
    }
}

/// A name for a multiplier that nothing else has.
fn multiplier(
    program: &Program,
    builder: &Builder,
    taken: &[(String, Shape)],
    shape: Shape,
) -> String {
    let matrix = shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
    let names: &[&str] = if matrix { &MATRIX_MULTIPLIERS } else { &MULTIPLIERS };
    let is_taken = |name: &str| {
        builder.tree.has_name(name)
            || taken.iter().any(|(other, _)| other == name)
            || program.bindings.iter().any(|(other, _)| other == name)
            || program.tree.variable_named(name).is_some()
    };
    let plain = names.iter().map(|name| (*name).to_owned());
    let numbered = (1..).map(|number| format!("{}{number}", names[0]));
    plain.chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

/// The unknowns that were asked for.
fn unknowns(builder: &mut Builder, program: &Program, read: &Read) -> Vec<Unknown> {
    let mut found = Vec::new();
    for id in &read.wanted {
        let asked = read.program.tree.variable(*id);
        let Some(own) = program.tree.variable_named(&asked.name) else { continue };
        found.push(unknown(builder, program, read, *id, own));
    }
    found
}

fn unknown(
    builder: &mut Builder,
    program: &Program,
    read: &Read,
    asked: VariableId,
    own: VariableId,
) -> Unknown {
    let variable = program.tree.variable(own);
    let shape = Shape { rows: variable.shape.rows, columns: variable.shape.columns };
    let mut atom = builder.name(&variable.name, NameKind::Variable, shape);
    if let Some(index) = read.choice.index(&read.program, asked) {
        let indexed = Notation::Indexed { base: atom, indices: vec![index] };
        atom = builder.tree.intern(indexed, shape);
    }
    let symmetry = match variable.structure {
        Structure::Symmetric | Structure::PositiveDefinite | Structure::Diagonal => {
            Symmetry::Symmetric
        }
        Structure::Skew => Symmetry::Skew,
        _ => Symmetry::None,
    };
    Unknown { name: variable.name.clone(), atom, symmetry, role: Role::Wanted }
}

/// What was declared of the variables.
fn known(program: &Program) -> Known {
    let tree = &program.tree;
    let named = |keep: &dyn Fn(&Variable) -> bool| -> Vec<String> {
        tree.variables.iter().filter(|it| keep(it)).map(|it| it.name.clone()).collect()
    };
    Known {
        positive_definite: named(&|it| it.structure == Structure::PositiveDefinite),
        orthogonal: named(&|it| matches!(it.structure, Structure::Orthogonal | Structure::Unitary)),
        positive: named(&|it| it.positive),
        diagonal: named(&|it| it.structure == Structure::Diagonal),
        ranges: tree.indices.iter().map(|index| (index.name.clone(), index.range)).collect(),
    }
}

impl Posed {
    /// What is told of a question that was worked on.
    pub(super) fn finish(
        self,
        problem: &Problem,
        read: Read,
        outcome: Outcome,
        told: Told,
    ) -> Result<Solving> {
        Ok(Solving {
            reading: announcement(&read.program),
            notes: notes(&read.texts, &read.program),
            source: problem.request.program.clone(),
            tree: self.builder.tree.clone(),
            unknowns: self.unknowns.clone(),
            equations: self.equations.clone(),
            posed: self,
            outcome,
            kind: told.kind,
            verification: told.verification,
            iterations: told.iterations,
        })
    }
}
