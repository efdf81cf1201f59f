//! The differential of a formula: the rules act where a differential is not carried out yet.
//!
//! Must not know trace tricks or what the differential is for. A pass carries each differential
//! through sums, products and linear functions to the variables, and stops at the arguments of other
//! functions, which the next pass takes up.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::typed::Shape as TypedShape;
use gradus_elaborate::{match_signature, rule_book};
use gradus_functions::{Meaning, Structural, book};
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{FunctionId, Role};

use crate::builder::{Builder, with_role};
use crate::facts::Facts;
use crate::model::Detail;
use crate::pull::unstacked;
use crate::rules::{Citation, Rule, Used};
use crate::transcribe::fragment;

/// How many levels of a formula one pass goes down; the rest waits for the next.
const PASS_DEPTH: u32 = 40;

/// The greatest exponent of a matrix power that is written factor by factor.
const WRITTEN_POWER: i64 = 8;

/// One pass.
pub(crate) struct Pass<'p> {
    pub(crate) builder: &'p mut Builder,
    pub(crate) facts: &'p mut Facts,
    pub(crate) detail: Detail,
    pub(crate) used: &'p mut Used,
}

impl Pass<'_> {
    /// The formula with each differential carried one step further.
    ///
    /// # Errors
    /// A function without a differential.
    pub(crate) fn step(&mut self, root: NotationId) -> Result<NotationId> {
        let mut mapped: Vec<Option<NotationId>> = vec![None; self.builder.tree.len()];
        let mut open = vec![(root, false)];
        while let Some((id, children_done)) = open.pop() {
            if mapped[id.0 as usize].is_some() {
                continue;
            }
            if !self.facts.is_pending(&self.builder.tree, id) {
                mapped[id.0 as usize] = Some(id);
                continue;
            }
            if let Notation::Differential(inner) = self.builder.node(id).clone() {
                let differential = self.carried(inner, PASS_DEPTH)?;
                let zeros = self.builder.shape(inner);
                let to = match differential {
                    Some(to) => to,
                    None => self.builder.zeros(zeros),
                };
                mapped[id.0 as usize] = Some(to);
                continue;
            }
            if children_done {
                let to = self.builder.rebuild(id, |child| {
                    mapped.get(child.0 as usize).copied().flatten().unwrap_or(child)
                });
                mapped[id.0 as usize] = Some(to);
                continue;
            }
            open.push((id, true));
            self.builder.node(id).for_each_child(|child| open.push((child, false)));
        }
        Ok(mapped[root.0 as usize].unwrap_or(root))
    }

    /// The differential of a formula that may wait: at once of a variable, else marked.
    pub(crate) fn marked(&mut self, id: NotationId) -> Option<NotationId> {
        if !self.facts.varies(&self.builder.tree, id) {
            return None;
        }
        if let Some(leaf) = self.leaf(id) {
            return Some(leaf);
        }
        let shape = self.builder.shape(id);
        if self.detail != Detail::Full
            && let Notation::Transpose(inner) = self.builder.node(id)
            && let Some(leaf) = self.leaf(*inner)
        {
            self.used.cite(Rule::TransposeRule);
            return Some(self.builder.transpose(leaf));
        }
        Some(self.builder.tree.intern(Notation::Differential(id), shape))
    }

    /// `dX` of a variable or of a member of one.
    fn leaf(&mut self, id: NotationId) -> Option<NotationId> {
        let shape = self.builder.shape(id);
        match self.builder.node(id).clone() {
            Notation::Name { text, .. } => {
                Some(self.builder.name(&format!("d{text}"), NameKind::Differential, shape))
            }
            Notation::Indexed { base, indices } => {
                let Notation::Name { text, .. } = self.builder.node(base).clone() else {
                    return None;
                };
                let whole = self.builder.shape(base);
                let base = self.builder.name(&format!("d{text}"), NameKind::Differential, whole);
                Some(self.builder.tree.intern(Notation::Indexed { base, indices }, shape))
            }
            _ => None,
        }
    }

    /// The differential of a part: at once, or left for the next pass when every single rule is shown.
    fn part(&mut self, id: NotationId, depth: u32) -> Result<Option<NotationId>> {
        if depth == 0 || self.detail == Detail::Full {
            return Ok(self.marked(id));
        }
        self.carried(id, depth - 1)
    }

    /// The differential of the argument of a function: it waits unless the lines are brief.
    fn argument(&mut self, id: NotationId, depth: u32) -> Result<Option<NotationId>> {
        if depth == 0 || self.detail != Detail::Brief {
            return Ok(self.marked(id));
        }
        self.carried(id, depth - 1)
    }

    /// The differential of a formula by the rule of its outermost operation; none if it is constant.
    fn carried(&mut self, id: NotationId, depth: u32) -> Result<Option<NotationId>> {
        if !self.facts.varies(&self.builder.tree, id) {
            return Ok(None);
        }
        if let Some(leaf) = self.leaf(id) {
            return Ok(Some(leaf));
        }
        let shape = self.builder.shape(id);
        match self.builder.node(id).clone() {
            Notation::Sum(terms) => {
                if self.detail == Detail::Full {
                    self.used.cite(Rule::SumRule);
                }
                let mut differentials = Vec::new();
                for (negative, term) in terms {
                    if let Some(differential) = self.part(term, depth)? {
                        let differential = self.spread(differential, shape);
                        differentials.push((negative, differential));
                    }
                }
                Ok(Some(self.builder.sum(&differentials)))
            }
            Notation::Negate(inner) => {
                let inner = self.part(inner, depth)?;
                Ok(inner.map(|inner| self.builder.negate(inner)))
            }
            Notation::Transpose(inner) => {
                self.used.cite(Rule::TransposeRule);
                let inner = self.part(inner, depth)?;
                Ok(inner.map(|inner| self.builder.transpose(inner)))
            }
            Notation::ConjugateTranspose(inner) => {
                self.used.cite(Rule::ConjugateTransposeRule);
                let inner = self.part(inner, depth)?;
                let node = |inner| Notation::ConjugateTranspose(inner);
                Ok(inner.map(|inner| self.builder.tree.intern(node(inner), shape)))
            }
            Notation::Product(factors) => self.product(&factors, depth).map(Some),
            Notation::Hadamard(items) => {
                self.used.cite(Rule::HadamardProductRule);
                let mut terms = Vec::new();
                for at in 0..items.len() {
                    if let Some(differential) = self.part(items[at], depth)? {
                        let mut items = items.clone();
                        items[at] = differential;
                        terms.push((false, self.builder.hadamard(&items)));
                    }
                }
                Ok(Some(self.builder.sum(&terms)))
            }
            Notation::Fraction(above, below) => self.quotient(above, below, false, depth).map(Some),
            Notation::HadamardQuotient(above, below) => {
                self.quotient(above, below, true, depth).map(Some)
            }
            Notation::Power { base, exponent, kind } => {
                self.power(base, exponent, kind, depth).map(Some)
            }
            Notation::Call { head, arguments, .. } => {
                self.call(id, &head, &arguments, depth).map(Some)
            }
            Notation::Matrix(rows) => {
                let mut blocks = Vec::with_capacity(rows.len());
                for row in rows {
                    let mut differentials = Vec::with_capacity(row.len());
                    for block in row {
                        let zeros = self.builder.shape(block);
                        let differential = self.part(block, depth)?;
                        differentials.push(match differential {
                            Some(differential) => differential,
                            None => self.builder.zeros(zeros),
                        });
                    }
                    blocks.push(differentials);
                }
                Ok(Some(self.builder.tree.intern(Notation::Matrix(blocks), shape)))
            }
            Notation::IndexedSum { .. } | Notation::Slice { .. } | Notation::Indexed { .. } => {
                let mut child = id;
                self.builder.node(id).for_each_child(|inner| child = inner);
                let inner = self.part(child, depth)?;
                Ok(inner.map(|inner| self.builder.rebuild(id, |_| inner)))
            }
            _ => Err(without_differential("this expression").into()),
        }
    }

    /// A scalar among arrays stands for an array.
    fn spread(&mut self, id: NotationId, shape: Shape) -> NotationId {
        if shape.is_scalar() || !self.builder.shape(id).is_scalar() {
            return id;
        }
        let ones = self.builder.ones(shape);
        self.builder.product(&[id, ones])
    }

    fn product(&mut self, factors: &[NotationId], depth: u32) -> Result<NotationId> {
        let fixed = |pass: &mut Self, id: NotationId| !pass.facts.varies(&pass.builder.tree, id);
        let (constant, rest): (Vec<_>, Vec<_>) =
            factors.iter().copied().partition(|id| fixed(self, *id));
        // A vector times itself.
        if let [first, second] = rest.as_slice()
            && constant.iter().all(|id| self.builder.shape(*id).is_scalar())
            && self.is_square(*first, *second)
        {
            self.used.cite(Rule::SquareRule);
            let two = self.builder.integer(2);
            let Some(differential) = self.part(*second, depth)? else {
                return Ok(self.builder.integer(0));
            };
            let mut written = vec![two];
            written.extend(constant);
            written.extend([*first, differential]);
            return Ok(self.builder.product(&written));
        }
        if factors.len() > 2 || !matches!(self.builder.node(factors[0]), Notation::Number(_)) {
            self.used.cite(Rule::ProductRule);
        }
        let mut terms = Vec::new();
        for at in 0..factors.len() {
            if let Some(differential) = self.part(factors[at], depth)? {
                let mut factors = factors.to_vec();
                factors[at] = differential;
                terms.push((false, self.builder.product(&factors)));
            }
        }
        Ok(self.builder.sum(&terms))
    }

    /// Whether two factors are a row and the column that it is the transpose of.
    fn is_square(&self, first: NotationId, second: NotationId) -> bool {
        let scalar = self.builder.shape(first).rows == self.builder.shape(second).columns
            && self.builder.shape(first).rows == gradus_tensor::Dimensions::ONE;
        scalar && matches!(self.builder.node(first), Notation::Transpose(inner) if *inner == second)
    }

    fn quotient(
        &mut self,
        above: NotationId,
        below: NotationId,
        entrywise: bool,
        depth: u32,
    ) -> Result<NotationId> {
        let join = |builder: &mut Builder, above, below| {
            if entrywise { builder.quotient(above, below) } else { builder.fraction(above, below) }
        };
        let mut terms = Vec::new();
        if let Some(differential) = self.part(above, depth)? {
            terms.push((false, join(self.builder, differential, below)));
        }
        if let Some(differential) = self.part(below, depth)? {
            self.used.cite(Rule::QuotientRule);
            let two = self.builder.integer(2);
            let kind = if entrywise { PowerKind::Elementwise } else { PowerKind::Scalar };
            let square = self.builder.power(below, two, kind);
            let factors = [above, differential];
            let product = if entrywise {
                self.builder.hadamard(&factors)
            } else {
                self.builder.product(&[differential, above])
            };
            terms.push((true, join(self.builder, product, square)));
        }
        Ok(self.builder.sum(&terms))
    }

    fn power(
        &mut self,
        base: NotationId,
        exponent: NotationId,
        kind: PowerKind,
        depth: u32,
    ) -> Result<NotationId> {
        let shape = self.builder.shape(base);
        let number = match self.builder.node(exponent) {
            Notation::Number(value) => Some(value.clone()),
            _ => None,
        };
        if kind == PowerKind::Matrix {
            let whole = number.and_then(|value| value.to_i64());
            if let Some(count @ 2..=WRITTEN_POWER) = whole {
                return self.written_power(base, count, depth);
            }
            let function = with_role(Role::MatrixPower);
            let function = function.ok_or_else(|| without_differential("a matrix power"))?;
            return self.by_book(function, &[base, exponent], shape, depth);
        }
        if self.facts.varies(&self.builder.tree, exponent) {
            let function = with_role(Role::Power);
            let function = function.ok_or_else(|| without_differential("a power"))?;
            return self.by_book(function, &[base, exponent], shape, depth);
        }
        self.used.cite(Rule::PowerRule);
        let one = self.builder.integer(1);
        let less = self.builder.sum(&[(false, exponent), (true, one)]);
        let power = self.builder.power(base, less, kind);
        let Some(differential) = self.argument(base, depth)? else {
            return Ok(self.builder.zeros(shape));
        };
        Ok(self.builder.hadamard(&[exponent, power, differential]))
    }

    /// The differential of a matrix power, factor by factor.
    fn written_power(&mut self, base: NotationId, count: i64, depth: u32) -> Result<NotationId> {
        self.used.cite(Rule::MatrixPowerRule);
        let Some(differential) = self.part(base, depth)? else {
            let shape = self.builder.shape(base);
            return Ok(self.builder.zeros(shape));
        };
        let mut terms = Vec::new();
        for before in 0..count {
            let mut factors = Vec::new();
            for (exponent, at) in [(before, 0), (count - 1 - before, 1)] {
                if exponent > 0 {
                    let exponent = self.builder.integer(exponent);
                    factors.push(self.builder.power(base, exponent, PowerKind::Matrix));
                }
                if at == 0 {
                    factors.push(differential);
                }
            }
            terms.push((false, self.builder.product(&factors)));
        }
        Ok(self.builder.sum(&terms))
    }

    fn call(
        &mut self,
        id: NotationId,
        head: &Head,
        arguments: &[NotationId],
        depth: u32,
    ) -> Result<NotationId> {
        let shape = self.builder.shape(id);
        match head {
            Head::Book(function) => self.book(id, *function, arguments, depth),
            Head::DiagonalMatrix | Head::DiagonalVector | Head::Rows => {
                self.linear(id, arguments, depth)
            }
            Head::Mapped { name, order } => {
                self.used.cite(Rule::ElementwiseRule);
                let head = Head::Mapped { name: name.clone(), order: order + 1 };
                let slope = self.builder.call(head, arguments, shape);
                let differential = self.argument(arguments[0], depth)?;
                let differential = differential.ok_or_else(|| without_differential(name))?;
                Ok(self.builder.hadamard(&[slope, differential]))
            }
            Head::Path { name, order } => {
                self.used.cite(Rule::PathRule);
                let head = Head::Path { name: name.clone(), order: order + 1 };
                let slope = self.builder.call(head, arguments, shape);
                let differential = self.argument(arguments[0], depth)?;
                let differential = differential.ok_or_else(|| without_differential(name))?;
                Ok(self.builder.product(&[slope, differential]))
            }
            Head::Scalar { name, order: 0 } => {
                self.used.cite(Rule::ScalarFunctionRule);
                let inner = self.builder.shape(arguments[0]);
                let head = Head::Scalar { name: name.clone(), order: 1 };
                let gradient = self.builder.call(head, arguments, inner);
                let differential = self.argument(arguments[0], depth)?;
                let differential = differential.ok_or_else(|| without_differential(name))?;
                let turned = self.builder.transpose(gradient);
                let product = self.builder.product(&[turned, differential]);
                Ok(self.builder.trace(product))
            }
            Head::Scalar { name, order: 1 } => {
                self.used.cite(Rule::ScalarFunctionRule);
                let head = Head::Scalar { name: name.clone(), order: 2 };
                let size = self.builder.tree.dimensions.multiply(shape.rows, shape.columns);
                let hessian =
                    self.builder.call(head, arguments, Shape { rows: size, columns: size });
                let differential = self.argument(arguments[0], depth)?;
                let differential = differential.ok_or_else(|| without_differential(name))?;
                let stacked = self.builder.stacked(differential);
                let product = self.builder.product(&[hessian, stacked]);
                Ok(unstacked(self.builder, product, shape))
            }
            Head::Scalar { name, .. } => {
                Err(without_differential(&format!("the gradient of `{name}`")).into())
            }
        }
    }

    /// A function that is linear in all of its arguments together.
    fn linear(
        &mut self,
        id: NotationId,
        arguments: &[NotationId],
        depth: u32,
    ) -> Result<NotationId> {
        let mut differentials = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let shape = self.builder.shape(*argument);
            let differential = self.part(*argument, depth)?;
            differentials.push(match differential {
                Some(differential) => differential,
                None => self.builder.zeros(shape),
            });
        }
        let mut next = differentials.into_iter();
        Ok(self.builder.rebuild(id, |child| next.next().unwrap_or(child)))
    }

    fn book(
        &mut self,
        id: NotationId,
        function: FunctionId,
        arguments: &[NotationId],
        depth: u32,
    ) -> Result<NotationId> {
        let entry = book().get(function);
        let shape = self.builder.shape(id);
        if let Meaning::Structural(structure) = entry.meaning {
            use Structural::{Cross, KhatriRao, Kronecker};
            if let Structural::Trace | Structural::Sum = structure {
                if !entry.differential.is_empty() {
                    self.used.cite(Citation::Function(function));
                }
                if structure == Structural::Trace
                    && let Some(square) = self.trace_of_square(arguments[0], depth)?
                {
                    return Ok(square);
                }
                return self.linear(id, arguments, depth);
            }
            if !matches!(structure, Kronecker | KhatriRao | Cross) {
                self.used.cite(Rule::Linearity);
                return self.linear(id, arguments, depth);
            }
        }
        if entry.differential.is_empty()
            && let Meaning::Expansion(_) = entry.meaning
        {
            let (signature, letters) = self.signature(function, arguments)?;
            let text = rule_book().expansion(function, signature)?;
            self.used.cite(Rule::Definition);
            let written = fragment(self.builder, text, &letters, arguments, &[], false)?;
            let differential = self.part(written, depth)?;
            return Ok(match differential {
                Some(differential) => differential,
                None => self.builder.zeros(shape),
            });
        }
        self.by_book(function, arguments, shape, depth)
    }

    /// `d tr(U'U) = 2tr(U'dU)`
    fn trace_of_square(&mut self, inner: NotationId, depth: u32) -> Result<Option<NotationId>> {
        let Notation::Product(factors) = self.builder.node(inner).clone() else { return Ok(None) };
        let [first, second] = factors.as_slice() else { return Ok(None) };
        let same = |one: NotationId, other: NotationId| matches!(self.builder.node(one), Notation::Transpose(of) if *of == other);
        let base =
            if same(*first, *second) || same(*second, *first) { *second } else { return Ok(None) };
        self.used.cite(Rule::TraceSquareRule);
        let Some(differential) = self.part(base, depth)? else { return Ok(None) };
        let turned = self.builder.transpose(base);
        let product = self.builder.product(&[turned, differential]);
        let two = self.builder.integer(2);
        let trace = self.builder.trace(product);
        Ok(Some(self.builder.product(&[two, trace])))
    }

    /// Which signature of a function its arguments have.
    fn signature(
        &self,
        function: FunctionId,
        arguments: &[NotationId],
    ) -> Result<(usize, Vec<gradus_tensor::DimensionId>)> {
        let shape = |id: &NotationId| {
            let shape = self.builder.shape(*id);
            TypedShape { rows: shape.rows, columns: shape.columns }
        };
        let shapes: Vec<TypedShape> = arguments.iter().map(shape).collect();
        let matched = match_signature(function, &shapes, &[]);
        let matched = matched.ok_or_else(|| without_differential(book().get(function).name))?;
        Ok((matched.signature, matched.letters))
    }

    /// The differential that the rule book states, with the arguments in the place of its parameters.
    fn by_book(
        &mut self,
        function: FunctionId,
        arguments: &[NotationId],
        shape: Shape,
        depth: u32,
    ) -> Result<NotationId> {
        let entry = book().get(function);
        let entrywise = entry.facts.cores.iter().all(|core| *core == 0)
            && !matches!(entry.meaning, Meaning::Structural(_) | Meaning::Expansion(_))
            || entry.signatures == ["elementwise"];
        let (signature, letters) =
            if entrywise { (0, Vec::new()) } else { self.signature(function, arguments)? };
        let text = rule_book().differential(function, signature)?;
        self.used.cite(Citation::Function(function));
        let mut differentials = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let own = self.builder.shape(*argument);
            let differential = self.argument(*argument, depth)?;
            differentials.push(match differential {
                Some(differential) => differential,
                None => self.builder.zeros(own),
            });
        }
        let written = fragment(self.builder, text, &letters, arguments, &differentials, entrywise)?;
        let written = self.spread(written, shape);
        // `log |det X|` is the real part of an analytic function.
        let analytic = arguments.iter().all(|argument| self.builder.is_real(*argument));
        if entry.facts.role == Some(Role::LogDeterminant) && !analytic {
            return Ok(match book().structural(Structural::RealPart) {
                Some(part) => self.builder.call(Head::Book(part), &[written], shape),
                None => written,
            });
        }
        Ok(written)
    }
}

fn without_differential(what: &str) -> Diagnostic {
    Diagnostic::unsupported(format!("steps for the differential of {what} are not supported yet"))
        .hint("without --steps the derivative is given")
}
