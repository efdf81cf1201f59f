//! The derivation of one derivative.
//!
//! Must not know how lines are shown or checked.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::typed::{Nature, TypedId, TypedTree, Variable};
use gradus_elaborate::{Program, rule_book};
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{Dimensions, FunctionId, Rational, Role, Structure};

use crate::builder::{Builder, with_role};
use crate::collect::{ReadOff, add, collect_complex, read_array, read_scalar, scalar};
use crate::composition::constant_bindings;
use crate::differential::Pass;
use crate::facts::Facts;
use crate::model::{Derivation, Detail, Heading, Left, Line, Part, Section, Subject};
use crate::rules::{Citation, Rule, Used};
use crate::transcribe::{Names, transcribe};

/// How many formulas deep a function may be for its steps to be shown.
const DEPTH: usize = 150;

/// How many nodes a function may have for its steps to be shown.
const SIZE: usize = 4000;

/// The reading cost up to which the Jacobian is told beside the gradient.
const SHORT: u32 = 24;

/// How many passes carry a differential to its leaves.
const PASSES: usize = 200;

/// How many names are said to be constant one by one.
const NAMED_CONSTANTS: usize = 4;

/// What is to be derived.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The program.
    pub program: &'a Program,
    /// The variable of differentiation.
    pub variable: &'a str,
    /// The index of the member, of a family.
    pub index: Option<&'a str>,
    /// Which derivative by a complex variable is meant.
    pub part: Part,
    /// What the function is called.
    pub function: &'a str,
    /// How fine the lines are.
    pub detail: Detail,
}

/// The lines from the function to its derivative, without its bound names.
///
/// The last line reads the derivative off, as a gradient in the shape of the variable or as a
/// Jacobian; where the rules do not lead there, the derivation ends with the differential.
///
/// # Errors
/// Functions that are too deep to be shown, and those without a differential as text.
pub fn derive(question: &Question<'_>) -> Result<Derivation> {
    let program = question.program;
    let root = program.results.first().copied();
    let root = root.ok_or_else(|| Diagnostic::internal("a program without a function"))?;
    bounded(&program.tree, root)?;
    let mut builder = builder(program);
    let varying = vec![question.variable.to_owned()];
    let (mut lines, kept) = constant_names(&mut builder, program, root, &varying)?;
    let names = Names::of_program(&kept);
    let function = transcribe(&mut builder, &program.tree, root, &names)?;
    let leaf = leaf(&mut builder, program, question.variable, question.index)?;
    let mut facts = Facts::new(varying.clone());
    let left = Left::Name(question.function.to_owned());
    lines.push(Line { left, formula: function, rules: Vec::new() });
    let read = by_leaf(&mut builder, &mut facts, function, leaf, question, &mut lines)?;
    if let Some(read) = read {
        let mut rules: Vec<Citation> = vec![read.rule.into()];
        if matches!(read.rule, Rule::Identification | Rule::VectorIdentification) {
            let transpose = builder.transpose_each(read.derivative);
            if builder.tree.cost(transpose) <= SHORT {
                rules.push(Citation::Jacobian(transpose));
            }
        }
        lines.push(Line {
            left: Left::Derivative {
                by: question.variable.to_owned(),
                index: question.index.map(str::to_owned),
                stacked: read.stacked,
                part: question.part,
            },
            formula: read.derivative,
            rules,
        });
    }
    let section = Section {
        heading: Heading::None,
        lines,
        subject: Subject::Function,
        definition: function,
        varying,
    };
    Ok(Derivation { tree: builder.tree, sections: vec![section] })
}

/// The lines from the function to its differential, in which several variables vary.
///
/// # Errors
/// As for [`derive()`].
pub fn derive_differential(
    program: &Program,
    variables: &[&str],
    function: &str,
    detail: Detail,
) -> Result<Derivation> {
    let root = program.results.first().copied();
    let root = root.ok_or_else(|| Diagnostic::internal("a program without a function"))?;
    bounded(&program.tree, root)?;
    let mut builder = builder(program);
    let varying: Vec<String> = variables.iter().map(|name| (*name).to_owned()).collect();
    let (mut lines, kept) = constant_names(&mut builder, program, root, &varying)?;
    let names = Names::of_program(&kept);
    let definition = transcribe(&mut builder, &program.tree, root, &names)?;
    for variable in variables {
        leaf(&mut builder, program, variable, None)?;
    }
    let mut facts = Facts::new(varying.clone());
    let left = Left::Name(function.to_owned());
    lines.push(Line { left, formula: definition, rules: Vec::new() });
    differential(&mut builder, &mut facts, definition, function, detail, &mut lines)?;
    let subject = Subject::Function;
    let section = Section { heading: Heading::None, lines, subject, definition, varying };
    Ok(Derivation { tree: builder.tree, sections: vec![section] })
}

/// The lines from a differential to the next one: in the program's function differentials of the variables
/// stand as constants, and the lines begin at its differential, of the order given.
///
/// # Errors
/// As for [`derive()`].
pub fn derive_next_differential(
    program: &Program,
    variables: &[&str],
    (function, order): (&str, u8),
    detail: Detail,
) -> Result<Derivation> {
    let root = program.results.first().copied();
    let root = root.ok_or_else(|| Diagnostic::internal("a program without a function"))?;
    bounded(&program.tree, root)?;
    let mut builder = builder(program);
    let varying: Vec<String> = variables.iter().map(|name| (*name).to_owned()).collect();
    let definition = transcribe(&mut builder, &program.tree, root, &Names::of_program(&[]))?;
    let names = differential_names(program);
    let constant = (NameKind::Differential, NameKind::Variable);
    let definition = renamed(&mut builder, definition, &names, constant);
    for variable in variables {
        leaf(&mut builder, program, variable, None)?;
    }
    let mut facts = Facts::new(varying.clone());
    let mut lines = Vec::new();
    differential(&mut builder, &mut facts, definition, function, detail, &mut lines)?;
    // Where the differential begins: what is before it is the differential of the order before.
    let begin = lines.iter().position(|line| matches!(line.left, Left::Differential(_)));
    lines.drain(..begin.unwrap_or(0));
    for line in &mut lines {
        if let Left::Differential(name) = &line.left {
            line.left = Left::HigherDifferential(name.clone(), order);
        }
        for rule in &mut line.rules {
            if let Citation::Constant(constants) = rule {
                constants.retain(|name| !names.contains(name));
            }
        }
        line.rules.retain(|rule| *rule != Citation::Constant(Vec::new()));
        let shown = (NameKind::Variable, NameKind::Differential);
        line.formula = renamed(&mut builder, line.formula, &names, shown);
    }
    let subject = Subject::Function;
    let section = Section { heading: Heading::None, lines, subject, definition, varying };
    Ok(Derivation { tree: builder.tree, sections: vec![section] })
}

/// The names of the differentials that stand in a program.
fn differential_names(program: &Program) -> Vec<String> {
    let variables = program.tree.variables.iter();
    let differentials = variables.filter(|variable| variable.differential_of.is_some());
    differentials.map(|variable| variable.name.clone()).collect()
}

/// The formula in which some names are of another kind.
fn renamed(
    builder: &mut Builder,
    root: NotationId,
    names: &[String],
    (from, to): (NameKind, NameKind),
) -> NotationId {
    let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
    for at in 0..=root.0 {
        let id = NotationId(at);
        let shape = builder.shape(id);
        let new = match builder.node(id).clone() {
            Notation::Name { text, kind } if kind == from && names.contains(&text) => {
                builder.name(&text, to, shape)
            }
            _ => builder.rebuild(id, |child| mapped[child.0 as usize]),
        };
        mapped.push(new);
    }
    mapped[root.0 as usize]
}

/// The lines that tell the bound names that do not vary, and these names: they are kept.
fn constant_names(
    builder: &mut Builder,
    program: &Program,
    root: TypedId,
    varying: &[String],
) -> Result<(Vec<Line>, Vec<String>)> {
    let mut lines = Vec::new();
    let mut kept = Vec::new();
    for (name, value) in constant_bindings(program, root, varying) {
        let formula = transcribe(builder, &program.tree, value, &Names::of_program(&kept))?;
        let index = program.tree.family_index(value);
        let index = index.map(|id| program.tree.indices[id.0 as usize].name.clone());
        let left = match index {
            Some(index) => Left::Member(name.clone(), index),
            None => Left::Name(name.clone()),
        };
        lines.push(Line { left, formula, rules: Vec::new() });
        kept.push(name);
    }
    Ok((lines, kept))
}

/// Refuses what is too deep or too large to be followed by eye.
pub(crate) fn bounded(tree: &TypedTree, root: TypedId) -> Result<()> {
    let mut depth = vec![0_usize; tree.nodes.len()];
    let mut count = 0;
    for at in 0..=root.0 {
        let id = TypedId(at);
        let mut inner = 0;
        tree.children(id, |child| inner = inner.max(depth[child.0 as usize] + 1));
        depth[at as usize] = inner;
        count += 1;
    }
    if depth[root.0 as usize] > DEPTH || count > SIZE {
        let message = "the function is too large for its steps to be shown";
        let error = Diagnostic::limit(message);
        return Err(error.hint("bind its parts to names: their steps are shown one by one").into());
    }
    Ok(())
}

/// The maker of formulas with the names of a program.
pub(crate) fn builder(program: &Program) -> Builder {
    let mut tree = NotationTree::new(program.tree.dimensions.clone());
    for variable in &program.tree.variables {
        tree.reserve_name(variable.name.clone());
    }
    let symmetric = program
        .tree
        .variables
        .iter()
        .filter(|variable| {
            matches!(
                variable.structure,
                Structure::Symmetric | Structure::PositiveDefinite | Structure::Diagonal
            )
        })
        .map(|variable| variable.name.clone())
        .collect();
    let sums_to_one = program
        .tree
        .variables
        .iter()
        .filter(|variable| matches!(variable.structure, Structure::OneHot | Structure::Simplex))
        .map(|variable| variable.name.clone())
        .collect();
    let complex = program
        .tree
        .variables
        .iter()
        .filter(|variable| variable.complex)
        .map(|variable| variable.name.clone())
        .collect();
    Builder { tree, symmetric, complex, sums_to_one, took_sum_of_one: false }
}

/// The differential of the variable, as it stands in a line.
pub(crate) fn leaf(
    builder: &mut Builder,
    program: &Program,
    variable: &str,
    index: Option<&str>,
) -> Result<NotationId> {
    let id = program.tree.variable_named(variable);
    let id = id.ok_or_else(|| Diagnostic::internal("a variable that is none"))?;
    let declared: &Variable = program.tree.variable(id);
    if declared.nature != Nature::Array {
        return Err(Diagnostic::unsupported("steps by a function are not supported yet").into());
    }
    let shape = Shape { rows: declared.shape.rows, columns: declared.shape.columns };
    let leaf = builder.name(&format!("d{variable}"), NameKind::Differential, shape);
    Ok(match index {
        Some(index) => {
            let indices = vec![index.to_owned()];
            builder.tree.intern(Notation::Indexed { base: leaf, indices }, shape)
        }
        None => leaf,
    })
}

/// The lines from a function to the form in which the derivative by one leaf stands.
fn by_leaf(
    builder: &mut Builder,
    facts: &mut Facts,
    function: NotationId,
    leaf: NotationId,
    question: &Question<'_>,
    lines: &mut Vec<Line>,
) -> Result<Option<ReadOff>> {
    let (name, detail) = (question.function, question.detail);
    let differential = differential(builder, facts, function, name, detail, lines)?;
    if !builder.is_real(leaf) {
        if question.index.is_some() {
            return Ok(None);
        }
        return Ok(by_complex(builder, facts, differential, leaf, question, lines));
    }
    let member = question.index.is_some();
    if builder.shape(function).is_scalar() && (member || !builder.shape(leaf).is_scalar()) {
        let terms = scalar(builder, facts, differential, detail, lines);
        // By a whole vector its entries are told apart afterwards.
        let terms: Option<Vec<_>> = terms
            .filter(|terms| member || terms.iter().all(|term| term.member(builder).is_none()))
            .and_then(|terms| terms.into_iter().map(|term| term.of_one_member(builder)).collect());
        return Ok(terms.map(|terms| read_scalar(builder, &terms, leaf, detail, lines)));
    }
    Ok(read_array(builder, facts, differential, leaf, detail, lines, name))
}

/// The derivatives by a complex variable are read from its differential and from the conjugate of that.
fn by_complex(
    builder: &mut Builder,
    facts: &mut Facts,
    differential: NotationId,
    leaf: NotationId,
    question: &Question<'_>,
    lines: &mut Vec<Line>,
) -> Option<ReadOff> {
    let conjugate = builder.conjugate(leaf);
    let (detail, name) = (question.detail, question.function);
    let wanted = if question.part == Part::Plain { leaf } else { conjugate };
    let scalar_function = builder.shape(differential).is_scalar();
    let read = if scalar_function {
        let terms = scalar(builder, facts, differential, detail, lines)?;
        collect_complex(builder, &terms, &[leaf, conjugate], detail, lines);
        read_scalar(builder, &terms, wanted, detail, lines)
    } else if builder.shape(leaf).is_scalar() {
        return None;
    } else {
        read_array(builder, facts, differential, wanted, detail, lines, name)?
    };
    if question.part != Part::Whole {
        return Some(ReadOff { rule: Rule::Wirtinger, ..read });
    }
    let two = builder.integer(2);
    let derivative = builder.product(&[two, read.derivative]);
    Some(ReadOff { derivative, rule: Rule::RealGradient, ..read })
}

/// The lines of the differential, carried to its leaves.
pub(crate) fn differential(
    builder: &mut Builder,
    facts: &mut Facts,
    function: NotationId,
    name: &str,
    detail: Detail,
    lines: &mut Vec<Line>,
) -> Result<NotationId> {
    let mut used = Used::default();
    let squared = prepared(builder, facts, function, &mut used);
    if squared != function {
        add(lines, squared, &mut used, Detail::Normal);
    }
    let constants = constants(builder, facts, squared);
    let mut pass = Pass { builder, facts, detail, used: &mut used };
    let Some(mut current) = pass.marked(squared) else {
        let zeros = builder.zeros(builder.shape(function));
        used.cite(Rule::Constants);
        let left = Left::Differential(name.to_owned());
        lines.push(Line { left, formula: zeros, rules: used.take() });
        return Ok(zeros);
    };
    let mut first = true;
    for _ in 0..PASSES {
        if !facts.is_pending(&builder.tree, current) && !first {
            return Ok(current);
        }
        let mut pass = Pass { builder, facts, detail, used: &mut used };
        current = pass.step(current)?;
        // What is constant drops out at the latest where the differential has come to its leaves.
        if !facts.is_pending(&builder.tree, current) {
            used.0.extend(constants.clone());
        }
        if first {
            let left = Left::Differential(name.to_owned());
            lines.push(Line { left, formula: current, rules: used.take() });
        } else {
            add(lines, current, &mut used, detail);
        }
        first = false;
    }
    Err(Diagnostic::limit("the differential takes too many steps to be shown").into())
}

/// `dA = 0` of everything else, said once.
fn constants(builder: &Builder, facts: &mut Facts, function: NotationId) -> Option<Citation> {
    let names = facts.constants(&builder.tree, function);
    let names: Vec<String> = names
        .into_iter()
        .filter_map(|id| match builder.node(id) {
            Notation::Name { text, .. } => Some(text.clone()),
            _ => None,
        })
        .collect();
    match names.len() {
        0 => None,
        count if count > NAMED_CONSTANTS => Some(Rule::Constants.into()),
        _ => Some(Citation::Constant(names)),
    }
}

/// The formula in the form in which it is differentiated by hand: `u'u` for `‖u‖²`,
/// `u − logsumexp(u)1` for `log softmax(u)`, and `vec(BXA')` for `(A ⊗ B)vec(X)`, wherever they vary.
fn prepared(
    builder: &mut Builder,
    facts: &mut Facts,
    root: NotationId,
    used: &mut Used,
) -> NotationId {
    let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
    let mut opened: Vec<NotationId> = Vec::new();
    for at in 0..=root.0 {
        let id = NotationId(at);
        let inner = builder.rebuild(id, |child| mapped[child.0 as usize]);
        let to = if let Some(base) = squared_norm(builder, inner)
            && facts.varies(&builder.tree, base)
        {
            used.cite(builder.norm_rule(base));
            builder.inner_product(base)
        } else if let Some(base) = squared_modulus(builder, inner)
            && facts.varies(&builder.tree, base)
        {
            used.cite(Rule::ModulusSquared);
            let conjugate = builder.conjugate(base);
            builder.product(&[conjugate, base])
        } else if let Some(base) = log_softmax(builder, inner)
            && facts.varies(&builder.tree, base)
            && let Some(written) = builder.without_softmax(base)
        {
            used.cite(Rule::LogSoftmax);
            opened.push(written);
            written
        } else if facts.varies(&builder.tree, inner)
            && let Some(written) = builder.without_kronecker(inner)
        {
            used.cite(Rule::VecOfProduct);
            written
        } else if let Some(written) = distributed(builder, inner, &opened) {
            opened.push(written);
            written
        } else if let Notation::Negate(sum) = builder.node(inner).clone()
            && opened.contains(&sum)
            && let Notation::Sum(terms) = builder.node(sum).clone()
        {
            let terms: Vec<_> = terms.iter().map(|(negative, id)| (!negative, *id)).collect();
            builder.sum(&terms)
        } else {
            inner
        };
        mapped.push(to);
    }
    if std::mem::take(&mut builder.took_sum_of_one) {
        used.cite(Rule::SumsToOne);
    }
    mapped[root.0 as usize]
}

/// A product with one of some sums, multiplied out.
fn distributed(builder: &mut Builder, id: NotationId, sums: &[NotationId]) -> Option<NotationId> {
    let Notation::Product(factors) = builder.node(id).clone() else { return None };
    let at = factors.iter().position(|factor| sums.contains(factor))?;
    let Notation::Sum(terms) = builder.node(factors[at]).clone() else { return None };
    let mut written = Vec::with_capacity(terms.len());
    for (negative, term) in terms {
        let mut factors = factors.clone();
        factors[at] = term;
        written.push((negative, builder.product(&factors)));
    }
    Some(builder.sum(&written))
}

/// What a squared modulus is of, where it is complex.
fn squared_modulus(builder: &Builder, id: NotationId) -> Option<NotationId> {
    let Notation::Power { base, exponent, kind: PowerKind::Scalar } = builder.node(id) else {
        return None;
    };
    let two = Rational::integer(2);
    let square = matches!(builder.node(*exponent), Notation::Number(value) if *value == two);
    let inner = of_role(builder, *base, Role::Absolute)?;
    (square && !builder.is_real(inner)).then_some(inner)
}

/// What the logarithm of a softmax is of.
fn log_softmax(builder: &Builder, id: NotationId) -> Option<NotationId> {
    let inner = of_role(builder, id, Role::Logarithm)?;
    of_role(builder, inner, Role::Softmax)
}

/// The argument of a function with a part in the kernel's identities.
fn of_role(builder: &Builder, id: NotationId, role: Role) -> Option<NotationId> {
    let Notation::Call { head: Head::Book(function), arguments, .. } = builder.node(id) else {
        return None;
    };
    (book().get(*function).facts.role == Some(role)).then(|| arguments[0])
}

/// What a squared norm is the norm of: a function that is the root of a sum of squares.
fn squared_norm(builder: &Builder, id: NotationId) -> Option<NotationId> {
    let Notation::Power { base, exponent, kind: PowerKind::Scalar } = builder.node(id) else {
        return None;
    };
    let two = Rational::integer(2);
    if !matches!(builder.node(*exponent), Notation::Number(value) if *value == two) {
        return None;
    }
    let Notation::Call { head: Head::Book(function), arguments, .. } = builder.node(*base) else {
        return None;
    };
    let Meaning::Expansion(_) = book().get(*function).meaning else { return None };
    let text = rule_book().expansion(*function, 0).ok()?;
    let node = text.tree.node(text.result);
    let gradus_elaborate::typed::Operation::Power(inner, exponent) = node.operation else {
        return None;
    };
    let half = Rational::new(1, 2);
    let root = match &text.tree.node(exponent).operation {
        gradus_elaborate::typed::Operation::Number(value) => Some(value.clone()) == half,
        gradus_elaborate::typed::Operation::Quotient(..) => true,
        _ => true,
    };
    let gradus_elaborate::typed::Operation::Call { function: sum, .. } =
        text.tree.node(inner).operation
    else {
        return None;
    };
    let sums = matches!(book().get(sum).meaning, Meaning::Structural(Structural::Sum));
    (root && sums).then(|| arguments[0])
}

impl Builder {
    /// `u − logsumexp(u)1`
    fn without_softmax(&mut self, base: NotationId) -> Option<NotationId> {
        let function = with_role(Role::LogSumExp)?;
        let logsumexp = self.call(Head::Book(function), &[base], Shape::SCALAR);
        let ones = self.ones(self.shape(base));
        let spread = self.product(&[logsumexp, ones]);
        Some(self.sum(&[(false, base), (true, spread)]))
    }

    /// `vec(BXA')` for `(A ⊗ B)vec(X)` in a product.
    fn without_kronecker(&mut self, id: NotationId) -> Option<NotationId> {
        let Notation::Product(factors) = self.node(id).clone() else { return None };
        let is = |builder: &Self, id: NotationId, structure: Structural| match builder.node(id) {
            Notation::Call { head: Head::Book(function), arguments, .. } if matches!(book().get(*function).meaning, Meaning::Structural(own) if own == structure) => {
                Some(arguments.clone())
            }
            _ => None,
        };
        let (at, pair, inner) = factors.windows(2).enumerate().find_map(|(at, window)| {
            let pair = is(self, window[0], Structural::Kronecker)?;
            let inner = is(self, window[1], Structural::Vec)?;
            Some((at, pair, inner))
        })?;
        let turned = self.transpose(pair[0]);
        let product = self.product(&[pair[1], inner[0], turned]);
        let stacked = self.stacked(product);
        let mut written = factors[..at].to_vec();
        written.push(stacked);
        written.extend(&factors[at + 2..]);
        Some(self.product(&written))
    }

    /// Which rule writes the squared norm of a formula as an inner product.
    fn norm_rule(&self, base: NotationId) -> Rule {
        let shape = self.shape(base);
        let matrix = shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
        match (self.is_real(base), matrix) {
            (true, false) => Rule::NormSquared,
            (true, true) => Rule::MatrixNormSquared,
            (false, false) => Rule::HermitianNormSquared,
            (false, true) => Rule::HermitianMatrixNormSquared,
        }
    }

    /// `u'u` of a column, `tr(U'U)` of a matrix, with the conjugate transpose of what is complex.
    fn inner_product(&mut self, base: NotationId) -> NotationId {
        let shape = self.shape(base);
        let base = if shape.rows == Dimensions::ONE { self.transpose(base) } else { base };
        let turned = self.transpose(base);
        let turned = self.conjugate(turned);
        let product = self.product(&[turned, base]);
        self.trace(product)
    }
}

/// The differential that the rule book states of a function: the left and the right side, in the
/// function's own parameters.
#[must_use]
pub fn rule_formula(function: FunctionId) -> Option<(NotationTree, NotationId, NotationId)> {
    let entry = book().get(function);
    let text = rule_book().differential(function, 0).ok()?;
    let dimensions = text.tree.dimensions.clone();
    let mut builder = Builder {
        tree: NotationTree::new(dimensions),
        symmetric: Vec::new(),
        complex: Vec::new(),
        sums_to_one: Vec::new(),
        took_sum_of_one: false,
    };
    let mut arguments = Vec::new();
    for variable in &text.parameters {
        let declared = text.tree.variable(*variable);
        let shape = Shape { rows: declared.shape.rows, columns: declared.shape.columns };
        arguments.push(builder.name(&declared.name, NameKind::Variable, shape));
    }
    let names = Names::of_program(&[]);
    let right = transcribe(&mut builder, &text.tree, text.result, &names).ok()?;
    let shape = builder.shape(right);
    let left = match entry.meaning {
        Meaning::Structural(Structural::Trace) => builder.written_trace(arguments[0]),
        _ => builder.call(Head::Book(function), &arguments, shape),
    };
    let left = builder.tree.intern(Notation::Differential(left), shape);
    Some((builder.tree, left, right))
}
