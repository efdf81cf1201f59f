//! The walk over the network: each node that an answer needs is raised once, children first.
//!
//! Must not know how formulas become text.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_tensor::{
    Arena, Constant, Contraction, DimensionId, Dimensions, Node, NodeId, Operand, Rational, Sum,
    SymbolId,
};
use smallvec::{SmallVec, smallvec};

use crate::arena::NotationTree;
use crate::raise::blocks::{Placement, Raised};
use crate::raise::formula::{Factor, Formula, FormulaId, Formulas, Term};
use crate::raise::graph::{Fusion, Graph};
use crate::raise::selection::Selection;
use crate::raise::{Goal, RaiseOptions, emit};
use crate::tree::{Page, Shape};

/// An inner product that is used more than once gets a name if it costs more than this.
const SHARED_COST: u32 = 7;

/// Longer matrix products get a name, so that chains of them stay linear.
const LONG_CHAIN: usize = 64;

/// How many factorings are weighed for one node.
const FACTORINGS: u32 = 256;

/// The state of raising one page.
pub(crate) struct Driver<'a> {
    pub(crate) arena: &'a Arena,
    options: &'a RaiseOptions,
    pub(crate) formulas: Formulas,
    raised: Vec<Option<Raised>>,
    uses: Vec<u32>,
}

/// The error for a tensor that the notation cannot show.
pub(crate) fn no_matrix_form(what: &str) -> Error {
    Box::new(
        Diagnostic::unsupported(format!("{what} has no matrix form"))
            .hint("the index form shows every tensor: --emit index"),
    )
}

impl<'a> Driver<'a> {
    pub(crate) fn new(arena: &'a Arena, options: &'a RaiseOptions) -> Result<Self> {
        Ok(Self {
            arena,
            options,
            formulas: Formulas::new(arena)?,
            raised: Vec::new(),
            uses: Vec::new(),
        })
    }

    /// Raises all goals and writes the page.
    pub(crate) fn run(mut self, goals: &[Goal]) -> Result<(NotationTree, Page)> {
        self.count_uses(goals);
        for at in 0..self.uses.len() {
            if self.uses[at] > 0 {
                let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
                self.raised[at] = self.raise_node(id)?;
            }
        }
        let mut results = Vec::with_capacity(goals.len());
        for goal in goals {
            results.push(self.result(goal)?);
        }
        Ok(emit::page(self.arena, self.formulas, &self.options.reserved, &results))
    }

    /// Counts how often each node is needed, from the goals down.
    fn count_uses(&mut self, goals: &[Goal]) {
        let size = goals.iter().map(|goal| goal.value.node.0 as usize + 1).max().unwrap_or(0);
        self.uses = vec![0; size];
        self.raised.resize_with(size, || None);
        for goal in goals {
            self.uses[goal.value.node.0 as usize] += 1;
        }
        for at in (0..size).rev() {
            if self.uses[at] == 0 {
                continue;
            }
            let uses = &mut self.uses;
            let mut visit = |child: NodeId| {
                let count = &mut uses[child.0 as usize];
                *count = count.saturating_add(1);
            };
            match self.arena.node(NodeId(u32::try_from(at).unwrap_or(u32::MAX))) {
                Node::Symbol(_) | Node::Constant(_) => {}
                Node::Sum(sum) => sum.terms.iter().for_each(|(_, term)| visit(*term)),
                Node::Contraction(contraction) => {
                    contraction.operands.iter().for_each(|operand| visit(operand.node));
                }
                Node::Apply(apply) => {
                    apply.arguments.iter().for_each(|argument| visit(argument.node));
                }
            }
        }
    }

    /// A goal's value with its rows and columns where they are wanted.
    fn result(&mut self, goal: &Goal) -> Result<Term> {
        let order = self.arena.axes(goal.value.node).len();
        let mut term = self.operand(goal.value.node)?;
        term.coefficient = term.coefficient.multiply(&goal.value.coefficient);
        match (order, goal.rows, goal.columns) {
            (0, None, None) | (1, Some(0), None) | (2, Some(0), Some(1)) => Ok(term),
            (1, None, Some(0)) | (2, Some(1), Some(0)) => Ok(self.formulas.transposed(&term)),
            _ => Err(no_matrix_form("a value with these axes as rows and columns")),
        }
    }

    /// The raised value of a node that was raised before, as an array of its full shape.
    pub(crate) fn operand(&mut self, node: NodeId) -> Result<Term> {
        let shape = self.node_shape(node);
        match self.raised.get_mut(node.0 as usize) {
            Some(Some(raised)) if !raised.is_placed() => Ok(raised.term.clone()),
            Some(Some(raised)) => {
                let placed = raised.clone();
                let term = self.formulas.closed(placed, shape);
                self.raised[node.0 as usize] = Some(Raised::plain(term.clone()));
                Ok(term)
            }
            _ => Err(no_matrix_form("a tensor of order three or more")),
        }
    }

    /// Rows and columns of a node with at most two axes.
    pub(crate) fn node_shape(&self, node: NodeId) -> Shape {
        let axes = self.arena.axes(node);
        let size = |at: usize| axes.get(at).map_or(Dimensions::ONE, |axis| axis.dimension);
        Shape { rows: size(0), columns: size(1) }
    }

    /// Raises one node whose children are raised. Nodes of higher order are left to the products that
    /// use them.
    fn raise_node(&mut self, node: NodeId) -> Result<Option<Raised>> {
        let axes = self.arena.axes(node);
        if axes.iter().any(|axis| axis.range) {
            return Err(no_matrix_form("a family"));
        }
        if axes.len() > 2 {
            return Ok(None);
        }
        self.formulas.factoring_budget = FACTORINGS;
        let arena = self.arena;
        let raised = match arena.node(node) {
            Node::Symbol(symbol) => {
                let mut shape = self.node_shape(node);
                let variable = arena.conjugate_of(*symbol).unwrap_or(*symbol);
                let is_row = self.options.rows.contains(&variable);
                if is_row {
                    shape = Shape { rows: shape.columns, columns: shape.rows };
                }
                let formula = match arena.conjugate_of(*symbol) {
                    Some(variable) => self.conjugate(variable, shape)?,
                    None => self.formulas.intern(Formula::Symbol(*symbol), shape),
                };
                if shape.is_scalar() {
                    Raised::plain(self.formulas.term(formula))
                } else {
                    let factor = Factor { formula, transposed: is_row };
                    Raised::plain(Term::of_chain(smallvec![factor]))
                }
            }
            Node::Constant(constant) => self.raise_constant(node, *constant)?,
            Node::Sum(sum) => self.raise_sum(node, sum)?,
            Node::Contraction(contraction) => self.raise_contraction(contraction)?,
            Node::Apply(apply) => Raised::plain(self.raise_apply(node, apply)?),
        };
        Ok(Some(self.name(node, raised)))
    }

    /// The conjugate of a variable.
    fn conjugate(&mut self, variable: SymbolId, shape: Shape) -> Result<FormulaId> {
        let Some(function) = self.formulas.heads.conjugate else {
            let message = "the vocabulary has no conjugate";
            return Err(Box::new(Diagnostic::internal(message)));
        };
        let formula = self.formulas.intern(Formula::Symbol(variable), shape);
        Ok(self.formulas.call(function, &[formula], shape))
    }

    /// Notes what is known of a raised value, and gives it a name if it has or needs one.
    fn name(&mut self, node: NodeId, raised: Raised) -> Raised {
        let symmetric = self.arena.facts(node).symmetric && self.arena.axes(node).len() == 2;
        if symmetric
            && let [factor] = raised.term.chain.as_slice()
            && !factor.transposed
            && !raised.is_placed()
        {
            self.formulas.note_symmetric(factor.formula);
        }
        let name = self.arena.name(node);
        let shared = self.arena.is_boundary(node)
            && self.uses[node.0 as usize] > 1
            && self.formulas.term_cost(&raised.term) > SHARED_COST;
        if name.is_none() && !shared && raised.term.chain.len() <= LONG_CHAIN {
            return raised;
        }
        let shape = self.node_shape(node);
        let term = self.formulas.closed(raised, shape);
        let definition = self.formulas.of_term(&term);
        let formula = self.formulas.bind(definition, name.map(str::to_owned));
        if symmetric {
            self.formulas.note_symmetric(formula);
        }
        Raised::plain(self.formulas.term(formula))
    }

    fn raise_constant(&mut self, node: NodeId, constant: Constant) -> Result<Raised> {
        let shape = self.node_shape(node);
        let term = match constant {
            Constant::Pi => {
                let formula = self.formulas.intern(Formula::Pi, Shape::SCALAR);
                self.formulas.term(formula)
            }
            Constant::Infinity => {
                let formula = self.formulas.intern(Formula::Infinity, Shape::SCALAR);
                self.formulas.term(formula)
            }
            Constant::ImaginaryUnit => {
                let number = self.formulas.of_term(&Term::number(Rational::MINUS_ONE));
                let root = self.formulas.heads.square_root;
                let formula = self.formulas.call(root, &[number], Shape::SCALAR);
                self.formulas.term(formula)
            }
            Constant::Triangle { lower, .. } => {
                let heads = &self.formulas.heads;
                let function = if lower { heads.lower } else { heads.upper };
                let ones = self.formulas.intern(Formula::Ones, shape);
                let formula = self.formulas.call(function, &[ones], shape);
                self.formulas.term(formula)
            }
            Constant::Selection { .. } => {
                let axes = self.arena.axes(node);
                let contraction = Contraction {
                    operands: smallvec![Operand {
                        node,
                        exponent: Rational::ONE,
                        labels: (0..axes.len()).filter_map(|at| u8::try_from(at).ok()).collect(),
                    }],
                    output: (0..axes.len()).filter_map(|at| u8::try_from(at).ok()).collect(),
                    axes: axes.iter().copied().collect(),
                };
                return self.raise_contraction(&contraction);
            }
            Constant::Fusion { .. } => return Err(no_matrix_form("a tensor of order three")),
        };
        Ok(Raised::plain(term))
    }

    fn raise_sum(&mut self, node: NodeId, sum: &Sum) -> Result<Raised> {
        let shape = self.node_shape(node);
        let mut terms = Vec::with_capacity(sum.terms.len());
        let mut placed = Vec::new();
        let mut first_placed = 0;
        for (coefficient, term) in &sum.terms {
            let raised = match self.raised.get(term.0 as usize) {
                Some(Some(raised)) => raised,
                _ => return Err(no_matrix_form("a tensor of order three or more")),
            };
            let mut raised = raised.clone();
            raised.term.coefficient = raised.term.coefficient.multiply(coefficient);
            if raised.is_placed() {
                if placed.is_empty() {
                    first_placed = terms.len();
                }
                placed.push(raised);
            } else {
                terms.push(raised.term);
            }
        }
        if terms.is_empty()
            && placed.len() == 1
            && let Some(only) = placed.pop()
        {
            return Ok(only);
        }
        if !placed.is_empty() {
            let literals = self.formulas.tile(placed, shape);
            terms.splice(first_placed..first_placed, literals);
        }
        Ok(Raised::plain(self.formulas.sum(terms, shape)))
    }

    fn raise_contraction(&mut self, contraction: &Contraction) -> Result<Raised> {
        if contraction.axes.iter().any(|axis| axis.range) {
            return Err(no_matrix_form("a sum over a family"));
        }
        let (factors, dimensions) = self.factors(contraction)?;
        let labels = &contraction.output;
        let mut graph = Graph::new(&mut self.formulas, dimensions.into_iter(), labels);
        let mut selections: SmallVec<[Selection; 2]> = SmallVec::new();
        for (value, exponent, labels) in factors {
            match value {
                Value::Term(term) => graph.push(term, &exponent, &labels),
                Value::Fusion => graph.fusions.push(Fusion {
                    pair: labels[0],
                    first: labels[1],
                    second: labels[2],
                }),
                Value::Selection(placement) => selections.push(Selection {
                    whole: labels[0],
                    part: labels.get(1).copied(),
                    placement,
                }),
            }
        }
        let mut output: SmallVec<[Option<usize>; 2]> =
            labels.iter().map(|label| Some(usize::from(*label))).collect();
        let mut placements: SmallVec<[Option<Placement>; 2]> =
            output.iter().map(|_| None).collect();
        for at in 0..selections.len() {
            let selection = selections[at];
            graph.select(&selection, &mut output, &mut placements)?;
            for other in &mut selections {
                if other.part == Some(selection.whole) {
                    *other = graph.composed(other, &selection);
                }
            }
        }
        graph.reduce();
        let term = graph.assemble(&output).ok_or_else(|| no_matrix_form("this tensor"))?;
        if placements.iter().all(Option::is_none) {
            placements.clear();
        }
        Ok(Raised { term, placements })
    }

    /// The factors of a product with their labels; inner products of higher order are put in line.
    fn factors(&mut self, contraction: &Contraction) -> Result<(Factors, Vec<DimensionId>)> {
        let mut dimensions: Vec<DimensionId> =
            contraction.axes.iter().map(|axis| axis.dimension).collect();
        let mut factors = Factors::new();
        let mut pending: Vec<(NodeId, Rational, Places)> = contraction
            .operands
            .iter()
            .rev()
            .map(|operand| {
                let places = operand.labels.iter().map(|label| usize::from(*label)).collect();
                (operand.node, operand.exponent.clone(), places)
            })
            .collect();
        while let Some((node, exponent, places)) = pending.pop() {
            let is_constant = matches!(
                self.arena.node(node),
                Node::Constant(Constant::Fusion { .. } | Constant::Selection { .. })
            );
            if is_constant && exponent.is_negative() {
                return Err(no_matrix_form("a quotient by a constant tensor"));
            }
            match self.arena.node(node) {
                Node::Constant(Constant::Fusion { .. }) => {
                    factors.push((Value::Fusion, exponent, places));
                }
                Node::Constant(Constant::Selection { offset, length, .. }) => {
                    let placement = Placement { offset: *offset, length: *length };
                    factors.push((Value::Selection(placement), exponent, places));
                }
                Node::Contraction(inner) if places.len() > 2 && exponent.is_one() => {
                    put_in_line(inner, &places, &mut dimensions, &mut pending)?;
                }
                _ => {
                    let (term, exponent) = self.powered(node, exponent)?;
                    factors.push((Value::Term(term), exponent, places));
                }
            }
        }
        Ok((factors, dimensions))
    }

    /// A power of a node: `exp(x)^r` is `exp(r*x)`.
    fn powered(&mut self, node: NodeId, exponent: Rational) -> Result<(Term, Rational)> {
        let term = self.operand(node)?;
        if exponent.is_one() || !term.coefficient.is_one() {
            return Ok((term, exponent));
        }
        let formula = match (term.scalars.as_slice(), term.chain.as_slice()) {
            ([], [factor]) if !factor.transposed => factor.formula,
            ([(base, power)], []) if power.is_one() => *base,
            _ => return Ok((term, exponent)),
        };
        let Some(exponential) = self.formulas.heads.exponential else {
            return Ok((term, exponent));
        };
        let Some(argument) = self.formulas.argument_of(formula, Some(exponential)) else {
            return Ok((term, exponent));
        };
        let mut inner = self.formulas.term(argument);
        inner.coefficient = inner.coefficient.multiply(&exponent);
        let argument = self.formulas.of_term(&inner);
        let shape = self.formulas.shape(formula);
        let formula = self.formulas.call(exponential, &[argument], shape);
        Ok((self.formulas.term(formula), Rational::ONE))
    }
}

type Places = SmallVec<[usize; 4]>;
type Factors = Vec<(Value, Rational, Places)>;

/// A factor of a product under raising.
enum Value {
    Term(Term),
    Fusion,
    Selection(Placement),
}

/// Puts the factors of an inner product in the place of the product.
fn put_in_line(
    inner: &Contraction,
    places: &[usize],
    dimensions: &mut Vec<DimensionId>,
    pending: &mut Vec<(NodeId, Rational, Places)>,
) -> Result<()> {
    let mut map: SmallVec<[Option<usize>; 8]> = inner.axes.iter().map(|_| None).collect();
    for (label, place) in inner.output.iter().zip(places) {
        let target = &mut map[usize::from(*label)];
        if target.is_some_and(|other| other != *place) {
            return Err(no_matrix_form("a diagonal of a tensor of order three or more"));
        }
        *target = Some(*place);
    }
    let map: SmallVec<[usize; 8]> = map
        .into_iter()
        .zip(&inner.axes)
        .map(|(place, axis)| {
            place.unwrap_or_else(|| {
                dimensions.push(axis.dimension);
                dimensions.len() - 1
            })
        })
        .collect();
    for operand in inner.operands.iter().rev() {
        let labels = operand.labels.iter().map(|label| map[usize::from(*label)]).collect();
        pending.push((operand.node, operand.exponent.clone(), labels));
    }
    Ok(())
}
