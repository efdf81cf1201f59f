//! Formulas as notation: signs, numbers, fractions and products take their final places.
//!
//! Must not know networks, nor how notation is printed.

use gradus_tensor::{Arena, Dimensions, FunctionId, FunctionRef, Rational};
use smallvec::SmallVec;

use crate::arena::NotationTree;
use crate::raise::formula::{Callee, Factor, Formula, FormulaId, Formulas, IndexId, Powers, Term};
use crate::raise::layout::{Segment, segments};
use crate::raise::measure::Measure;
use crate::raise::naming::Plan;
use crate::tree::{Head, NameKind, NamedFormula, Notation, NotationId, Page, PowerKind, Shape};

/// Writes results and the bindings they need.
pub(crate) fn page(
    arena: &Arena,
    formulas: Formulas,
    reserved: &[String],
    results: &[Term],
) -> (NotationTree, Page) {
    let plan = Plan::new(arena, &formulas, reserved, results);
    let mut tree = NotationTree::new(formulas.dimensions.clone());
    for symbol in arena.symbols() {
        tree.reserve_name(symbol.name.clone());
    }
    for (name, _) in plan.names.iter().flatten() {
        tree.reserve_name(name.clone());
    }
    let mut emitter = Emitter {
        arena,
        formulas: &formulas,
        plan: &plan,
        tree,
        emitted: vec![None; formulas.len()],
    };
    let mut page = Page::default();
    for at in 0..formulas.len() {
        if plan.uses[at] == 0 {
            continue;
        }
        let id = FormulaId(u32::try_from(at).unwrap_or(u32::MAX));
        let notation = emitter.formula(id);
        emitter.emitted[at] = Some(match &plan.names[at] {
            Some((name, from_user)) => {
                let index = formulas.member_index(id);
                let index = index.map(|index| formulas.indices[usize::from(index.0)].0.clone());
                // A family has one definition, whatever index its members are told by.
                let known =
                    index.is_some() && page.bindings.iter().any(|bound| bound.name == *name);
                if !known {
                    page.bindings.push(NamedFormula {
                        name: name.clone(),
                        index: index.clone(),
                        formula: notation,
                        from_user: *from_user,
                    });
                }
                let text = name.clone();
                let shape = formulas.shape(id);
                let name = Notation::Name { text, kind: NameKind::Binding };
                let base = emitter.tree.intern(name, shape);
                match index {
                    Some(index) => {
                        let member = Notation::Indexed { base, indices: vec![index] };
                        emitter.tree.intern(member, shape)
                    }
                    None => base,
                }
            }
            None => notation,
        });
    }
    for result in results {
        let formula = emitter.signed_term(result);
        page.results.push(formula);
    }
    (emitter.tree, page)
}

struct Emitter<'e> {
    arena: &'e Arena,
    formulas: &'e Formulas,
    plan: &'e Plan,
    tree: NotationTree,
    emitted: Vec<Option<NotationId>>,
}

impl Emitter<'_> {
    /// The value of a formula that stands before in order. A name for a squared norm is one for the norm.
    fn part(&mut self, id: FormulaId) -> NotationId {
        let written = self.written(id);
        let squared = matches!(self.formulas.get(id), Formula::SquaredNorm(_));
        if squared && self.plan.names[id.index()].is_some() {
            return self.power(written, &Rational::integer(2), PowerKind::Scalar);
        }
        written
    }

    /// What was written for a formula that stands before in order.
    fn written(&mut self, id: FormulaId) -> NotationId {
        match self.emitted[id.index()] {
            Some(notation) => notation,
            // Every part has a smaller id and is needed, so it was written before.
            None => self.tree.intern(Notation::Zeros, self.formulas.shape(id)),
        }
    }

    fn number(&mut self, value: Rational) -> NotationId {
        self.tree.intern(Notation::Number(value), Shape::SCALAR)
    }

    /// The definition of a formula.
    fn formula(&mut self, id: FormulaId) -> NotationId {
        let formulas = self.formulas;
        let shape = formulas.shape(id);
        let notation = match formulas.get(id) {
            Formula::Symbol(symbol) => {
                let symbol = self.arena.symbol(*symbol);
                // A direction with a name of its own is set as a variable.
                let base = symbol.differential_of.map(|base| &self.arena.symbol(base).name);
                let kind = if base.is_some_and(|base| symbol.name.strip_prefix('d') == Some(base)) {
                    NameKind::Differential
                } else {
                    NameKind::Variable
                };
                Notation::Name { text: symbol.name.clone(), kind }
            }
            Formula::NamedMember { definition, .. } => return self.part(*definition),
            Formula::Binding(place) => {
                return self.part(formulas.bindings[*place as usize].definition);
            }
            Formula::Pi => Notation::Pi,
            Formula::Infinity => Notation::Infinity,
            Formula::ImaginaryUnit => Notation::ImaginaryUnit,
            Formula::Dimension(dimension) => Notation::Dimension(*dimension),
            Formula::Ones => Notation::Ones,
            Formula::Zeros => Notation::Zeros,
            Formula::Identity => Notation::Identity,
            Formula::Term(term) => return self.signed_term(term),
            Formula::Sum(terms) => self.sum(terms),
            Formula::Hadamard(powers) => return self.hadamard(powers, shape, (&[], &[])),
            Formula::Dot(chain) => return self.chain(chain),
            Formula::SquaredNorm(base) => return self.squared_norm(id, *base),
            Formula::Power { base, exponent } => Notation::Power {
                base: self.part(*base),
                exponent: self.part(*exponent),
                kind: if shape.is_scalar() { PowerKind::Scalar } else { PowerKind::Elementwise },
            },
            Formula::MatrixPower { base, exponent } => Notation::Power {
                base: self.part(*base),
                exponent: self.part(*exponent),
                kind: PowerKind::Matrix,
            },
            Formula::Call { callee, arguments, sizes } => Notation::Call {
                head: self.head(*callee),
                arguments: arguments.iter().map(|argument| self.part(*argument)).collect(),
                sizes: sizes.to_vec(),
            },
            Formula::Rows(symbol) => {
                let family = Notation::Name {
                    text: self.arena.symbol(*symbol).name.clone(),
                    kind: NameKind::Variable,
                };
                let member = Shape { rows: shape.columns, columns: Dimensions::ONE };
                let family = self.tree.intern(family, member);
                Notation::Call { head: Head::Rows, arguments: vec![family], sizes: Vec::new() }
            }
            Formula::Member { base, indices } => {
                Notation::Indexed { base: self.part(*base), indices: self.index_names(indices) }
            }
            Formula::IndexedSum { indices, body } => {
                Notation::IndexedSum { indices: self.index_names(indices), body: self.part(*body) }
            }
            Formula::Blocks(rows) => Notation::Matrix(
                rows.iter()
                    .map(|row| row.iter().map(|block| self.part(*block)).collect())
                    .collect(),
            ),
            Formula::Slice { base, row_offset, column_offset } => Notation::Slice {
                base: self.part(*base),
                row_offset: *row_offset,
                column_offset: *column_offset,
            },
        };
        self.tree.intern(notation, shape)
    }

    fn index_names(&self, indices: &[IndexId]) -> Vec<String> {
        let name = |index: &IndexId| self.formulas.indices[usize::from(index.0)].0.clone();
        indices.iter().map(name).collect()
    }

    fn head(&self, callee: Callee) -> Head {
        let name = |symbol| self.arena.symbol(symbol).name.clone();
        match callee {
            Callee::Function(FunctionRef::Book(id)) => Head::Book(id),
            Callee::Function(FunctionRef::Elementwise { symbol, order }) => {
                Head::Mapped { name: name(symbol), order }
            }
            Callee::Function(FunctionRef::Scalar { symbol, order }) => {
                Head::Scalar { name: name(symbol), order }
            }
            Callee::Function(FunctionRef::Path { symbol, order }) => {
                Head::Path { name: name(symbol), order }
            }
            Callee::DiagonalMatrix => Head::DiagonalMatrix,
            Callee::DiagonalVector => Head::DiagonalVector,
        }
    }

    fn call(&mut self, function: FunctionId, argument: NotationId, shape: Shape) -> NotationId {
        let notation = Notation::Call {
            head: Head::Book(function),
            arguments: vec![argument],
            sizes: Vec::new(),
        };
        self.tree.intern(notation, shape)
    }

    fn sum(&mut self, terms: &[Term]) -> Notation {
        let broadcast = self.formulas.may_broadcast(terms);
        let terms = terms
            .iter()
            .map(|term| {
                let bare = broadcast && self.formulas.is_bare_ones(&term.chain);
                let chain: &[Factor] = if bare { &[] } else { &term.chain };
                let magnitude = self.magnitude(term, chain);
                (term.coefficient.is_negative(), magnitude)
            })
            .collect();
        Notation::Sum(terms)
    }

    /// A term with its sign.
    fn signed_term(&mut self, term: &Term) -> NotationId {
        let magnitude = self.magnitude(term, &term.chain);
        if !term.coefficient.is_negative() {
            return magnitude;
        }
        if let Notation::Number(number) = self.tree.node(magnitude) {
            let negative = number.negate();
            return self.number(negative);
        }
        let shape = self.tree.shape(magnitude);
        self.tree.intern(Notation::Negate(magnitude), shape)
    }

    /// A term without its sign, with a chain that may have been left out for broadcasting.
    fn magnitude(&mut self, term: &Term, chain: &[Factor]) -> NotationId {
        let shape = self.formulas.chain_shape(chain);
        let (numerator, denominator) = self.split_number(&term.coefficient.abs());
        if chain.is_empty() && term.scalars.is_empty() {
            return self.number(term.coefficient.abs());
        }
        let mut above: SmallVec<[NotationId; 6]> = SmallVec::new();
        let mut below: SmallVec<[NotationId; 4]> = SmallVec::new();
        above.extend(numerator);
        below.extend(denominator);
        let last_product = self.plain_scalars(term, &mut above, &mut below);
        match chain {
            [factor] if !factor.transposed && self.is_quotient(factor.formula) => {
                let Formula::Hadamard(powers) = self.formulas.get(factor.formula) else {
                    return self.product(&above, Shape::SCALAR);
                };
                above.extend(last_product.map(|id| self.part(id)));
                let quotient = self.hadamard(powers, shape, (&above, &below));
                above.clear();
                below.clear();
                above.push(quotient);
            }
            // `2*x.*y` rather than `2*(x.*y)`.
            [factor] if !factor.transposed && self.is_written_out(factor.formula) => {
                let Formula::Hadamard(powers) = self.formulas.get(factor.formula) else {
                    return self.product(&above, Shape::SCALAR);
                };
                above.extend(last_product.map(|id| self.part(id)));
                let product = self.hadamard(powers, shape, (&above, &[]));
                above.clear();
                above.push(product);
            }
            [] => {
                if let Some(Formula::Dot(chain)) = last_product
                    .filter(|id| self.plan.names[id.index()].is_none())
                    .map(|id| self.formulas.get(id))
                {
                    self.push_segments(chain, &mut above);
                } else {
                    above.extend(last_product.map(|id| self.part(id)));
                }
            }
            chain => {
                above.extend(last_product.map(|id| self.part(id)));
                self.push_segments(chain, &mut above);
            }
        }
        if above.is_empty() {
            let one = self.number(Rational::ONE);
            above.push(one);
        }
        let top = self.product(&above, shape);
        if below.is_empty() {
            return top;
        }
        let bottom = self.product(&below, Shape::SCALAR);
        self.tree.intern(Notation::Fraction(top, bottom), shape)
    }

    /// Whether a formula is an entrywise product that has no name.
    fn is_written_out(&self, id: FormulaId) -> bool {
        self.plan.names[id.index()].is_none()
            && matches!(self.formulas.get(id), Formula::Hadamard(powers) if powers.len() > 1)
    }

    /// Whether a formula is an entrywise quotient that is written in place, with the scalars around it.
    fn is_quotient(&self, id: FormulaId) -> bool {
        self.plan.names[id.index()].is_none()
            && matches!(self.formulas.get(id), Formula::Hadamard(powers)
                if powers.iter().any(|(_, exponent)| exponent.is_negative()))
    }

    /// Pushes the powers of scalars; inner products go last, and the last one is returned apart, since
    /// it may stand without parentheses.
    fn plain_scalars(
        &mut self,
        term: &Term,
        above: &mut SmallVec<[NotationId; 6]>,
        below: &mut SmallVec<[NotationId; 4]>,
    ) -> Option<FormulaId> {
        let mut products: SmallVec<[FormulaId; 2]> = SmallVec::new();
        let mut scalars = term.scalars.clone();
        if term.chain.is_empty() {
            scalars.sort_by_key(|(base, _)| self.formulas.is_differential(*base));
        }
        self.formulas.order_symbols(&mut scalars);
        for (base, exponent) in &scalars {
            if exponent.is_negative() {
                let power = self.scalar_power(*base, &exponent.abs());
                below.push(power);
            } else if exponent.is_one() && matches!(self.formulas.get(*base), Formula::Dot(_)) {
                products.push(*base);
            } else {
                let power = self.scalar_power(*base, exponent);
                above.push(power);
            }
        }
        let last = products.pop();
        for product in products {
            let part = self.part(product);
            above.push(part);
        }
        last
    }

    /// Absolute numerator and denominator where they are to be written.
    fn split_number(&mut self, value: &Rational) -> (Option<NotationId>, Option<NotationId>) {
        if value.is_one() {
            return (None, None);
        }
        match value.to_pair() {
            Some((numerator, denominator)) => {
                let top = (numerator != 1).then(|| self.number(Rational::integer(numerator)));
                let bottom =
                    (denominator != 1).then(|| self.number(Rational::integer(denominator)));
                (top, bottom)
            }
            None => (Some(self.number(value.clone())), None),
        }
    }

    fn begins_with_number(&self, factors: &[NotationId]) -> bool {
        factors.first().is_some_and(|first| matches!(self.tree.node(*first), Notation::Number(_)))
    }

    fn product(&mut self, factors: &[NotationId], shape: Shape) -> NotationId {
        match factors {
            [single] => *single,
            factors => self.tree.intern(Notation::Product(factors.to_vec()), shape),
        }
    }

    fn chain(&mut self, chain: &[Factor]) -> NotationId {
        let shape = self.formulas.chain_shape(chain);
        let mut factors = SmallVec::new();
        self.push_segments(chain, &mut factors);
        self.product(&factors, shape)
    }

    fn push_segments(&mut self, chain: &[Factor], factors: &mut SmallVec<[NotationId; 6]>) {
        for segment in segments(self.formulas, chain) {
            match segment {
                Segment::Transposed(inside) => {
                    let inside: Vec<NotationId> =
                        inside.iter().map(|segment| self.segment(segment)).collect();
                    let shape = match (inside.first(), inside.last()) {
                        (Some(first), Some(last)) => Shape {
                            rows: self.tree.shape(*first).rows,
                            columns: self.tree.shape(*last).columns,
                        },
                        _ => Shape::SCALAR,
                    };
                    let product = self.product(&inside, shape);
                    factors.push(self.transpose(product));
                }
                segment => {
                    let factor = self.segment(&segment);
                    factors.push(factor);
                }
            }
        }
    }

    fn segment(&mut self, segment: &Segment) -> NotationId {
        match segment {
            Segment::Factor { formula, power, transposed } => {
                let mut notation = self.part(*formula);
                if *power > 1 {
                    let exponent = self.number(Rational::integer(i64::from(*power)));
                    let shape = self.formulas.shape(*formula);
                    let base = notation;
                    let kind = PowerKind::Matrix;
                    notation = self.tree.intern(Notation::Power { base, exponent, kind }, shape);
                }
                if *transposed { self.transpose(notation) } else { notation }
            }
            Segment::Inverses { arguments, transposed } => {
                let factors: Vec<NotationId> =
                    arguments.iter().map(|argument| self.part(*argument)).collect();
                let shape = factors.first().map_or(Shape::SCALAR, |first| self.tree.shape(*first));
                let product = self.product(&factors, shape);
                let notation = match self.formulas.heads.inverse {
                    Some(inverse) => self.call(inverse, product, shape),
                    None => product,
                };
                if *transposed { self.transpose(notation) } else { notation }
            }
            Segment::Transposed(_) => self.number(Rational::ONE),
        }
    }

    fn transpose(&mut self, inner: NotationId) -> NotationId {
        let shape = self.tree.shape(inner);
        let flipped = Shape { rows: shape.columns, columns: shape.rows };
        if let Notation::Call { head: Head::Book(function), arguments, .. } = self.tree.node(inner)
            && Some(*function) == self.formulas.heads.conjugate
            && let [argument] = arguments.as_slice()
        {
            let argument = *argument;
            return self.tree.intern(Notation::ConjugateTranspose(argument), flipped);
        }
        if let Notation::Call { head: Head::Book(function), sizes, .. } = self.tree.node(inner)
            && *function == self.formulas.heads.commutation
        {
            let (head, sizes) = (Head::Book(*function), sizes.iter().rev().copied().collect());
            let turned = Notation::Call { head, arguments: Vec::new(), sizes };
            return self.tree.intern(turned, flipped);
        }
        self.tree.intern(Notation::Transpose(inner), flipped)
    }

    /// A positive power of a scalar.
    fn scalar_power(&mut self, base: FormulaId, exponent: &Rational) -> NotationId {
        if let Formula::SquaredNorm(vector) = self.formulas.get(base) {
            let twice = exponent.multiply(&Rational::integer(2));
            let named = self.plan.names[base.index()].is_some();
            if named {
                let norm = self.written(base);
                return self.power(norm, &twice, PowerKind::Scalar);
            }
            if exponent.is_one() {
                return self.part(base);
            }
            let norm = self.norm(*vector);
            return self.power(norm, &twice, PowerKind::Scalar);
        }
        let base = self.part(base);
        self.power(base, exponent, PowerKind::Scalar)
    }

    /// `v'*v` or `norm2(v)^2`; where it is to be a name, the name is for the norm.
    fn squared_norm(&mut self, id: FormulaId, vector: FormulaId) -> NotationId {
        if self.plan.names[id.index()].is_some() {
            return self.norm(vector);
        }
        let measure = |part: FormulaId| -> Measure {
            if self.plan.names[part.index()].is_some() {
                Measure::atom(1)
            } else {
                self.formulas.measure(part)
            }
        };
        if self.formulas.norm_as_product(vector, &measure) {
            let factor = |transposed| Factor { formula: vector, transposed };
            let row = !self.formulas.shape(vector).rows.eq(&gradus_tensor::Dimensions::ONE);
            return self.chain(&[factor(row), factor(!row)]);
        }
        let norm = self.norm(vector);
        self.power(norm, &Rational::integer(2), PowerKind::Scalar)
    }

    fn norm(&mut self, vector: FormulaId) -> NotationId {
        let heads = &self.formulas.heads;
        let is_vector = self.formulas.shape(vector).is_vector();
        let function = if is_vector { heads.norm } else { heads.frobenius };
        let argument = self.part(vector);
        self.call(function, argument, Shape::SCALAR)
    }

    fn power(&mut self, base: NotationId, exponent: &Rational, kind: PowerKind) -> NotationId {
        let shape = self.tree.shape(base);
        if exponent.is_one() {
            return base;
        }
        if exponent.to_pair() == Some((1, 2)) {
            return self.call(self.formulas.heads.square_root, base, shape);
        }
        let exponent = self.number(exponent.clone());
        self.tree.intern(Notation::Power { base, exponent, kind }, shape)
    }

    /// Scalars and then an array; the number one if there is neither.
    fn numerator(
        &mut self,
        scalars: &[NotationId],
        array: Option<NotationId>,
        shape: Shape,
    ) -> NotationId {
        let mut factors: SmallVec<[NotationId; 6]> = scalars.into();
        match array.map(|array| (array, self.tree.node(array))) {
            // A number before a number would be read as one.
            Some((_, Notation::Product(inner)))
                if !scalars.is_empty() && !self.begins_with_number(inner) =>
            {
                factors.extend(inner.iter().copied());
            }
            Some((array, _)) => factors.push(array),
            None => {}
        }
        if factors.is_empty() {
            return self.number(Rational::ONE);
        }
        let shape = if array.is_some() { shape } else { Shape::SCALAR };
        self.product(&factors, shape)
    }

    /// Entrywise powers, with scalars as factors of the numerator and of the denominator.
    fn hadamard(
        &mut self,
        powers: &Powers,
        shape: Shape,
        (numerator, denominator): (&[NotationId], &[NotationId]),
    ) -> NotationId {
        let mut above: Vec<NotationId> = Vec::new();
        let mut below: Vec<NotationId> = Vec::new();
        for (base, exponent) in powers {
            let base = self.part(*base);
            let power = self.power(base, &exponent.abs(), PowerKind::Elementwise);
            if exponent.is_negative() { below.push(power) } else { above.push(power) }
        }
        let array = match above.as_slice() {
            [] => None,
            [single] => Some(*single),
            [first, ..] if below.is_empty() && !numerator.is_empty() => {
                above[0] = self.numerator(numerator, Some(*first), shape);
                return self.tree.intern(Notation::Hadamard(above), shape);
            }
            _ => Some(self.tree.intern(Notation::Hadamard(above), shape)),
        };
        let top = self.numerator(numerator, array, shape);
        let mut bottom = match below.as_slice() {
            [] => return top,
            [single] => *single,
            _ => self.tree.intern(Notation::Hadamard(below), shape),
        };
        if !denominator.is_empty() {
            let mut factors: SmallVec<[NotationId; 6]> = denominator.into();
            match self.tree.node(bottom) {
                Notation::Product(inner) if !self.begins_with_number(inner) => {
                    factors.extend(inner.iter().copied());
                }
                _ => factors.push(bottom),
            }
            bottom = self.product(&factors, shape);
        }
        self.tree.intern(Notation::HadamardQuotient(top, bottom), shape)
    }
}
