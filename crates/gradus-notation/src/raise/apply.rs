//! Functions: what they are applied to, brought to the axes of the result.
//!
//! Must not know names of functions beyond the parts they play.

use gradus_diagnostics::Result;
use gradus_tensor::{Apply, Argument, Dimensions, FunctionRef, Label, Rational, Role};
use smallvec::SmallVec;

use crate::raise::driver::{Driver, no_matrix_form};
use crate::raise::families::Selected;
use crate::raise::formula::{Callee, Chain, Factor, Formula, FormulaId, IndexId, Term};
use crate::raise::graph::Graph;
use crate::tree::Shape;

impl Driver<'_> {
    /// Raises a function application.
    ///
    /// `lookups` says under which indices each argument stands; nothing if there are none.
    pub(crate) fn raise_apply(
        &mut self,
        shape: Shape,
        apply: &Apply,
        lookups: &[Selected],
    ) -> Result<Term> {
        if self.is_elementwise(apply.function) {
            return self.raise_elementwise(apply, lookups);
        }
        self.check_whole_arguments(apply)?;
        let mut arguments: SmallVec<[FormulaId; 2]> = SmallVec::new();
        for (position, argument) in apply.arguments.iter().enumerate() {
            let term = self.operand(argument.node, lookup(lookups, position))?;
            arguments.push(self.formulas.of_term(&term));
        }
        let role = self.role(apply.function);
        let formula = match (role, arguments.as_slice()) {
            (Some(Role::MatrixPower), [base, exponent]) => self
                .formulas
                .intern(Formula::MatrixPower { base: *base, exponent: *exponent }, shape),
            _ => self.formulas.apply(Callee::Function(apply.function), &arguments, shape),
        };
        Ok(self.formulas.term(formula))
    }

    fn role(&self, function: FunctionRef) -> Option<Role> {
        match function {
            FunctionRef::Book(id) => self.arena.vocabulary().facts(id).role,
            _ => None,
        }
    }

    fn is_elementwise(&self, function: FunctionRef) -> bool {
        match function {
            FunctionRef::Book(id) => {
                let facts = self.arena.vocabulary().facts(id);
                facts.output_core == 0 && facts.cores.iter().all(|core| *core == 0)
            }
            FunctionRef::Elementwise { .. } => true,
            FunctionRef::Scalar { .. } | FunctionRef::Path { .. } => false,
        }
    }

    /// A function of whole arrays must see each argument as it stands, and map over nothing.
    fn check_whole_arguments(&self, apply: &Apply) -> Result<()> {
        let cores: SmallVec<[usize; 2]> = match apply.function {
            FunctionRef::Book(id) => self
                .arena
                .vocabulary()
                .facts(id)
                .cores
                .iter()
                .map(|core| usize::from(*core))
                .collect(),
            FunctionRef::Path { .. } => SmallVec::from_slice(&[0]),
            _ => apply.arguments.iter().map(|argument| argument.labels.len()).collect(),
        };
        let whole = apply.arguments.iter().zip(cores).all(|(argument, core)| {
            argument.labels.len() == core && distinct(&argument.labels).len() == core
        });
        if whole && distinct(&apply.output).len() == apply.output.len() {
            Ok(())
        } else {
            Err(no_matrix_form("a function of vectors or matrices mapped over further axes"))
        }
    }

    fn raise_elementwise(&mut self, apply: &Apply, lookups: &[Selected]) -> Result<Term> {
        let mut labels: SmallVec<[Label; 2]> = SmallVec::new();
        for label in &apply.output {
            let used = apply.arguments.iter().any(|argument| argument.labels.contains(label));
            if used && !labels.contains(label) {
                labels.push(*label);
            }
        }
        if labels.len() > 2 {
            return Err(no_matrix_form("a function of a tensor of higher order"));
        }
        let mut terms: SmallVec<[Term; 2]> = SmallVec::new();
        for (position, argument) in apply.arguments.iter().enumerate() {
            let term = self.operand(argument.node, lookup(lookups, position))?;
            terms.push(self.argument(apply, argument, term, &labels)?);
        }
        let constant = self.strip_broadcasts(&mut terms);
        let arguments: SmallVec<[FormulaId; 2]> =
            terms.iter().map(|term| self.formulas.of_term(term)).collect();
        let size = |at: usize| {
            labels
                .get(at)
                .map_or(Dimensions::ONE, |label| apply.axes[usize::from(*label)].dimension)
        };
        let full = Shape { rows: size(0), columns: size(1) };
        let shape = if constant { Shape::SCALAR } else { full };
        let formula = match (self.role(apply.function), arguments.as_slice()) {
            (Some(Role::Power), [base, exponent]) => {
                self.formulas.intern(Formula::Power { base: *base, exponent: *exponent }, shape)
            }
            _ => self.formulas.apply(Callee::Function(apply.function), &arguments, shape),
        };
        let mut value = self.formulas.term(formula);
        if constant && !full.is_scalar() {
            let formula = self.formulas.intern(Formula::Ones, full);
            value.chain.push(Factor { formula, transposed: false });
        }
        if labels.as_slice() == apply.output.as_slice() {
            return Ok(value);
        }
        let all: SmallVec<[Label; 4]> = apply.output.clone();
        self.lay_out(apply, value, &labels, &all)
    }

    /// An argument along the labels of the function's value; a scalar stays one.
    fn argument(
        &mut self,
        apply: &Apply,
        argument: &Argument,
        term: Term,
        labels: &[Label],
    ) -> Result<Term> {
        if argument.labels.is_empty() || argument.labels.as_slice() == labels {
            return Ok(term);
        }
        self.lay_out(apply, term, &argument.labels, labels)
    }

    /// A term on some labels as an array along others.
    fn lay_out(&mut self, apply: &Apply, term: Term, from: &[Label], to: &[Label]) -> Result<Term> {
        let dimensions = apply.axes.iter().map(|axis| axis.dimension);
        let mut graph = Graph::new(&mut self.formulas, dimensions, to);
        for label in 0..apply.axes.len() {
            let named = |labels: &[Label]| labels.iter().any(|other| usize::from(*other) == label);
            if !named(from) && !named(to) {
                graph.kill(label);
            }
        }
        let places: SmallVec<[usize; 4]> = from.iter().map(|label| usize::from(*label)).collect();
        graph.push(term, &Rational::ONE, &places);
        graph.reduce();
        let output: SmallVec<[Option<usize>; 4]> =
            to.iter().map(|label| Some(usize::from(*label))).collect();
        graph.assemble(&output).ok_or_else(|| no_matrix_form("this layout of a function"))
    }

    /// A constant array is written as its scalar beside an argument that has the shape, or where all
    /// arguments are constant; returns whether they are.
    fn strip_broadcasts(&self, terms: &mut [Term]) -> bool {
        let constant =
            |term: &Term| term.chain.is_empty() || self.formulas.is_bare_ones(&term.chain);
        let all = terms.iter().all(constant);
        if all || terms.len() > 1 {
            for term in terms.iter_mut().filter(|term| constant(term)) {
                term.chain = Chain::new();
            }
        }
        all
    }
}

/// Under which indices an argument stands.
fn lookup(lookups: &[Selected], position: usize) -> &[Option<IndexId>] {
    lookups.get(position).map_or(&[], |selected| selected.as_slice())
}

fn distinct(labels: &[Label]) -> SmallVec<[Label; 4]> {
    let mut distinct = SmallVec::new();
    for label in labels {
        if !distinct.contains(label) {
            distinct.push(*label);
        }
    }
    distinct
}
