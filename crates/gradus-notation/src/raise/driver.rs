//! The walk over the network: each node that an answer needs is raised once, children first.
//!
//! Must not know how formulas become text.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_tensor::{
    Arena, Constant, Contraction, Dimensions, Label, Node, NodeId, Operand, Rational, Sum, SymbolId,
};
use smallvec::{SmallVec, smallvec};

use crate::arena::NotationTree;
use crate::raise::blocks::{Placement, Raised};
use crate::raise::families::{Expansion, Families, Places, Way};
use crate::raise::formula::{Factor, Formula, FormulaId, Formulas, IndexId, LONG_PRODUCT, Term};
use crate::raise::graph::{Fusion, Graph};
use crate::raise::partial_trace::Packing;
use crate::raise::selection::Selection;
use crate::raise::{Goal, RaiseOptions, emit};
use crate::tree::{Page, Shape};

/// An inner product that is used more than once gets a name if it costs more than this.
const SHARED_COST: u32 = 7;

/// How many factorings are weighed for one node.
pub(crate) const FACTORINGS: u32 = 256;

/// The state of raising one page.
pub(crate) struct Driver<'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) options: &'a RaiseOptions,
    pub(crate) formulas: Formulas,
    pub(crate) raised: Vec<Option<Raised>>,
    pub(crate) uses: Vec<u32>,
    /// What is needed beyond that, if there are families.
    pub(crate) families: Option<Families>,
}

/// The error for a tensor that the notation cannot show.
pub(crate) fn no_matrix_form(what: &str) -> Error {
    Box::new(Diagnostic::unsupported(format!("{what} has no matrix form")))
}

impl<'a> Driver<'a> {
    pub(crate) fn new(arena: &'a Arena, options: &'a RaiseOptions) -> Result<Self> {
        let mut formulas = Formulas::new(arena)?;
        formulas.whole_names_only = options.whole_names_only;
        Ok(Self { arena, options, formulas, raised: Vec::new(), uses: Vec::new(), families: None })
    }

    /// Raises all goals and writes the page.
    pub(crate) fn run(mut self, goals: &[Goal]) -> Result<(NotationTree, Page)> {
        self.count_uses(goals);
        self.plan_families(goals)?;
        for at in 0..self.uses.len() {
            if self.uses[at] > 0 {
                let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
                if self.families.is_some() {
                    self.raise_instances(id)?;
                } else {
                    self.raised[at] = self.raise_node(id)?;
                }
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
        let selected = self.goal_selection(goal)?;
        let mut term = self.operand(goal.value.node, &selected)?;
        term.coefficient = term.coefficient.multiply(&goal.value.coefficient);
        let term = self.formulas.without_minus(term);
        // The axis of the members is neither rows nor columns.
        let member = goal.member.as_ref().map_or(usize::MAX, |(axis, _)| *axis);
        let order = selected.iter().filter(|index| index.is_none()).count();
        let place = |axis: usize| axis - usize::from(axis > member);
        match (order, goal.rows.map(place), goal.columns.map(place)) {
            (0, None, None) | (1, Some(0), None) | (2, Some(0), Some(1)) => Ok(term),
            (1, None, Some(0)) | (2, Some(1), Some(0)) => Ok(self.formulas.transposed(&term)),
            _ => Err(no_matrix_form("a value with these axes as rows and columns")),
        }
    }

    /// The raised value of a node that was raised before, as an array of its full shape; under indices,
    /// if some are given.
    pub(crate) fn operand(&mut self, node: NodeId, selected: &[Option<IndexId>]) -> Result<Term> {
        match self.raised_at(node, selected) {
            Some(raised) if !raised.is_placed() => Ok(raised.term.clone()),
            Some(raised) => {
                let placed = raised.clone();
                let shape = self.shape_at(node, selected);
                let term = self.formulas.closed(placed, shape);
                self.keep_raised(node, selected, Raised::plain(term.clone()));
                Ok(term)
            }
            None => Err(self.missing_form()),
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
    pub(crate) fn raise_node(&mut self, node: NodeId) -> Result<Option<Raised>> {
        if self.arena.axes(node).len() > 2 {
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
            Node::Sum(sum) => self.raise_sum(node, sum, &[])?,
            Node::Contraction(contraction) => self.raise_contraction(contraction)?,
            Node::Apply(apply) => {
                let shape = self.node_shape(node);
                Raised::plain(self.raise_apply(shape, apply, &[])?)
            }
        };
        Ok(Some(self.name(node, raised)))
    }

    /// The conjugate of a variable.
    fn conjugate(&mut self, variable: SymbolId, shape: Shape) -> Result<FormulaId> {
        let formula = self.formulas.intern(Formula::Symbol(variable), shape);
        self.conjugate_formula(formula, shape)
    }

    /// The conjugate of a formula.
    pub(crate) fn conjugate_formula(
        &mut self,
        formula: FormulaId,
        shape: Shape,
    ) -> Result<FormulaId> {
        let Some(function) = self.formulas.heads.conjugate else {
            let message = "the vocabulary has no conjugate";
            return Err(Box::new(Diagnostic::internal(message)));
        };
        Ok(self.formulas.call(function, &[formula], shape))
    }

    /// Notes what is known of a raised value, and gives it a name if it has or needs one.
    pub(crate) fn name(&mut self, node: NodeId, raised: Raised) -> Raised {
        let symmetric = self.arena.facts(node).symmetric && self.arena.axes(node).len() == 2;
        if symmetric
            && let [factor] = raised.term.chain.as_slice()
            && !factor.transposed
            && !raised.is_placed()
        {
            self.formulas.note_symmetric(factor.formula);
        }
        // What a family that has a name is as a whole has none.
        let name = self.arena.name(node).filter(|name| !self.names_family(name));
        let shared = self.arena.is_boundary(node)
            && self.uses[node.0 as usize] > 1
            && self.formulas.term_cost(&raised.term) > SHARED_COST;
        if name.is_none() && !shared && !self.is_long(&raised.term) {
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

    /// Whether a matrix product, a product of scalars or an entrywise product is long.
    fn is_long(&self, term: &Term) -> bool {
        let entries = |factor: &Factor| match self.formulas.get(factor.formula) {
            Formula::Hadamard(powers) => powers.len(),
            _ => 1,
        };
        term.scalars.len() > LONG_PRODUCT
            || term.chain.iter().map(entries).sum::<usize>() > LONG_PRODUCT
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
                let formula = self.formulas.intern(Formula::ImaginaryUnit, Shape::SCALAR);
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
            Constant::Fusion { .. } | Constant::Packing { .. } | Constant::Permutation => {
                return Err(no_matrix_form("a tensor of order three"));
            }
        };
        Ok(Raised::plain(term))
    }

    pub(crate) fn raise_sum(
        &mut self,
        node: NodeId,
        sum: &Sum,
        selected: &[Option<IndexId>],
    ) -> Result<Raised> {
        let shape = self.shape_at(node, selected);
        let mut terms = Vec::with_capacity(sum.terms.len());
        let mut placed = Vec::new();
        let mut first_placed = 0;
        for (coefficient, term) in &sum.terms {
            let Some(raised) = self.raised_at(*term, selected) else {
                return Err(self.missing_form());
            };
            let mut raised = raised.clone();
            raised.term.coefficient = raised.term.coefficient.multiply(coefficient);
            raised.term = self.formulas.without_minus(raised.term);
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

    /// Raises a product by matrix algebra.
    fn raise_contraction(&mut self, contraction: &Contraction) -> Result<Raised> {
        let expansion = self.expand(contraction, &[], Way::Matrices, 0)?;
        self.raise_expansion(contraction, &expansion)
    }

    /// Raises a product whose inner products are in line.
    pub(crate) fn raise_expansion(
        &mut self,
        contraction: &Contraction,
        expansion: &Expansion,
    ) -> Result<Raised> {
        let factors = self.factors(expansion)?;
        let open: SmallVec<[Label; 4]> = contraction
            .output
            .iter()
            .copied()
            .filter(|label| expansion.labels[usize::from(*label)].1.is_none())
            .collect();
        let dimensions = expansion.labels.iter().map(|(dimension, _)| *dimension);
        let mut graph = Graph::new(&mut self.formulas, dimensions, &open);
        for (label, _) in expansion.labels.iter().enumerate().filter(|(_, (_, at))| at.is_some()) {
            graph.kill(label);
        }
        let mut selections: SmallVec<[Selection; 2]> = SmallVec::new();
        let mut packings: SmallVec<[Packing; 1]> = SmallVec::new();
        for (value, exponent, labels) in factors {
            match value {
                Value::Term(term) => graph.push(term, &exponent, &labels),
                Value::Cross => graph.crosses.push([labels[0], labels[1], labels[2]]),
                Value::Fusion => graph.fusions.push(Fusion {
                    pair: labels[0],
                    first: labels[1],
                    second: labels[2],
                }),
                Value::Packing(symmetric) => packings.push(Packing {
                    place: labels[0],
                    first: labels[1],
                    second: labels[2],
                    symmetric,
                }),
                Value::Selection(placement) => selections.push(Selection {
                    whole: labels[0],
                    part: labels.get(1).copied(),
                    placement,
                }),
            }
        }
        let mut output: SmallVec<[Option<usize>; 2]> =
            open.iter().map(|label| Some(usize::from(*label))).collect();
        let mut placements: SmallVec<[Option<Placement>; 2]> =
            output.iter().map(|_| None).collect();
        // What is selected from a stacked triangle or its sides must be there first.
        graph.unpack(&packings, &selections);
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
        let mut term = graph.assemble(&output).ok_or_else(|| no_matrix_form("this tensor"))?;
        if !expansion.closed.is_empty() {
            term = self.formulas.sum_over_all(term, &expansion.closed);
        }
        if placements.iter().all(Option::is_none) {
            placements.clear();
        }
        Ok(Raised { term, placements })
    }

    /// The factors of a product with those of their labels that are no indices.
    fn factors(&mut self, expansion: &Expansion) -> Result<Factors> {
        let mut factors = Factors::with_capacity(expansion.factors.len());
        for (node, exponent, places) in &expansion.factors {
            let value = match self.arena.node(*node) {
                Node::Constant(Constant::Fusion { .. }) => Value::Fusion,
                Node::Constant(Constant::Packing { symmetric, .. }) => Value::Packing(*symmetric),
                Node::Constant(Constant::Permutation) if exponent.is_one() => Value::Cross,
                Node::Constant(Constant::Selection { offset, length, .. }) => {
                    Value::Selection(Placement { offset: *offset, length: *length })
                }
                _ => {
                    let selected = expansion.selected(places);
                    let (term, exponent) = self.powered(*node, &selected, exponent.clone())?;
                    factors.push((Value::Term(term), exponent, expansion.ordinary(places)));
                    continue;
                }
            };
            if exponent.is_negative() {
                return Err(no_matrix_form("a quotient by a constant tensor"));
            }
            if expansion.ordinary(places).len() < places.len() {
                return Err(no_matrix_form("a constant tensor under an index"));
            }
            factors.push((value, exponent.clone(), places.clone()));
        }
        Ok(factors)
    }

    /// A power of a node: `exp(x)^r` is `exp(r*x)`.
    fn powered(
        &mut self,
        node: NodeId,
        selected: &[Option<IndexId>],
        exponent: Rational,
    ) -> Result<(Term, Rational)> {
        let term = self.operand(node, selected)?;
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

type Factors = Vec<(Value, Rational, Places)>;

/// A factor of a product under raising.
enum Value {
    Term(Term),
    Cross,
    Fusion,
    /// A stacked triangle; whether entries above the diagonal are stacked too.
    Packing(bool),
    Selection(Placement),
}
