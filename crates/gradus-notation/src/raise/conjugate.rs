//! Conjugates, brought to the outside of a formula: `conj(A)'*(conj(A)*conj(z))` reads `A^H*conj(A*z)`.
//!
//! Must not know networks. Every function of the vocabulary has real coefficients, so that the
//! conjugate of a formula is the formula of the conjugates. For each formula the cheapest form of
//! itself and of its conjugate are found, children first.

use gradus_functions::book;
use gradus_tensor::{FunctionId, Rational, Role, Vocabulary};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::arena::NotationTree;
use crate::raise::heads::REAL_VALUED;
use crate::tree::{Head, NameKind, Notation, NotationId, Page, PowerKind, Shape};

/// What is known of the names on a page.
pub(crate) struct Names {
    /// Names of complex variables and their differentials.
    pub(crate) complex: FxHashSet<String>,
    /// Names of hermitian matrices, whose conjugate is the transpose.
    pub(crate) hermitian: FxHashSet<String>,
}

/// Rewrites all formulas of a page.
pub(crate) fn tidy(tree: &mut NotationTree, page: &mut Page, names: Names) {
    let Some(functions) = Functions::resolve() else { return };
    let mut pass = Pass { forms: vec![None; tree.len()], tree, names, functions };
    for binding in &mut page.bindings {
        let forms = pass.forms(binding.formula);
        binding.formula = forms.plain;
        if forms.plain != forms.conjugate {
            pass.names.complex.insert(binding.name.clone());
        }
    }
    for result in &mut page.results {
        *result = pass.forms(*result).plain;
    }
}

/// The functions that stand for combinations of a formula and its conjugate.
struct Functions {
    conjugate: FunctionId,
    real: FunctionId,
    square_root: FunctionId,
    modulus: FunctionId,
    norm: FunctionId,
    frobenius: FunctionId,
    trace: FunctionId,
    sum: FunctionId,
    /// Functions of complex numbers with real values, the same for a number and its conjugate.
    real_valued: Vec<FunctionId>,
}

impl Functions {
    fn resolve() -> Option<Self> {
        let find = |name: &str| book().lookup(name);
        Some(Self {
            conjugate: find("conj")?,
            real: find("real")?,
            square_root: find("sqrt")?,
            modulus: book().with_role(Role::Absolute)?,
            norm: find("norm2")?,
            frobenius: find("normF")?,
            trace: find("tr")?,
            sum: find("sum")?,
            real_valued: REAL_VALUED.iter().filter_map(|name| find(name)).collect(),
        })
    }
}

/// A formula and its conjugate, each in its cheapest form; equal if the formula is seen to be real.
#[derive(Clone, Copy, Debug)]
struct Forms {
    plain: NotationId,
    conjugate: NotationId,
}

impl Forms {
    fn real(plain: NotationId) -> Self {
        Self { plain, conjugate: plain }
    }
}

/// The factors under a trace, which may be rotated.
struct Cycle {
    conjugate: bool,
    factors: Vec<NotationId>,
}

impl Cycle {
    fn is_conjugate_of(&self, other: &Self) -> bool {
        let length = self.factors.len();
        self.conjugate != other.conjugate
            && length == other.factors.len()
            && (0..length).any(|shift| {
                let rotated = self.factors[shift..].iter().chain(&self.factors[..shift]);
                rotated.eq(&other.factors)
            })
    }
}

struct Pass<'t> {
    tree: &'t mut NotationTree,
    forms: Vec<Option<Forms>>,
    names: Names,
    functions: Functions,
}

impl Pass<'_> {
    /// The forms of a formula, whose parts are looked at first.
    fn forms(&mut self, root: NotationId) -> Forms {
        let mut needed: Vec<NotationId> = Vec::new();
        let mut seen: FxHashSet<NotationId> = FxHashSet::default();
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if self.forms[id.0 as usize].is_none() && seen.insert(id) {
                needed.push(id);
                self.tree.node(id).for_each_child(|child| open.push(child));
            }
        }
        // Children have smaller ids.
        needed.sort_unstable();
        for id in needed {
            let forms = self.form(id);
            self.forms[id.0 as usize] = Some(forms);
        }
        self.of(root)
    }

    fn of(&self, id: NotationId) -> Forms {
        self.forms.get(id.0 as usize).copied().flatten().unwrap_or(Forms::real(id))
    }

    fn form(&mut self, id: NotationId) -> Forms {
        let shape = self.tree.shape(id);
        match self.tree.node(id).clone() {
            Notation::Name { text, kind } => self.name(id, &text, kind),
            Notation::Transpose(inner) => {
                let inner = self.of(inner);
                self.transposed(inner, shape)
            }
            Notation::ConjugateTranspose(inner) => {
                let Forms { plain, conjugate } = self.of(inner);
                self.transposed(Forms { plain: conjugate, conjugate: plain }, shape)
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if function == self.functions.conjugate =>
            {
                let Some(inner) = arguments.first() else { return Forms::real(id) };
                let Forms { plain, conjugate } = self.of(*inner);
                Forms { plain: conjugate, conjugate: plain }
            }
            Notation::ImaginaryUnit => {
                let conjugate = self.tree.intern(Notation::Negate(id), shape);
                Forms { plain: id, conjugate }
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if function == self.functions.square_root && self.is_negative(&arguments) =>
            {
                // A multiple of the imaginary unit.
                let conjugate = self.tree.intern(Notation::Negate(id), shape);
                Forms { plain: id, conjugate }
            }
            Notation::Call { head: Head::Book(function), arguments, sizes }
                if self.functions.real_valued.contains(&function) =>
            {
                let inner = arguments.iter().map(|argument| {
                    let Forms { plain, conjugate } = self.of(*argument);
                    self.cheaper(plain, conjugate)
                });
                let arguments = inner.collect();
                let head = Head::Book(function);
                Forms::real(self.tree.intern(Notation::Call { head, arguments, sizes }, shape))
            }
            // Members of a family are conjugated, not the family.
            Notation::Indexed { base, .. } => self.member(id, base),
            Notation::Call { head: Head::Rows, arguments, .. } => match arguments.first() {
                Some(base) => self.member(id, *base),
                None => Forms::real(id),
            },
            Notation::Sum(terms) => self.sum(&terms, shape),
            Notation::Product(factors) if shape.is_scalar() => self.scalar_product(&factors),
            notation => self.other(&notation, shape),
        }
    }

    fn is_negative(&self, arguments: &[NotationId]) -> bool {
        let negative = |id: &NotationId| {
            matches!(self.tree.node(*id), Notation::Number(number) if number.is_negative())
                || matches!(self.tree.node(*id), Notation::Negate(_))
        };
        arguments.first().is_some_and(negative)
    }

    /// A product that is a scalar may be read from either end: `z'*conj(a) = a^H*z`.
    fn scalar_product(&mut self, factors: &[NotationId]) -> Forms {
        let forms: Vec<Forms> = factors.iter().map(|factor| self.of(*factor)).collect();
        let plain = self.read_both_ways(&forms);
        let turned: Vec<Forms> = forms
            .iter()
            .map(|form| Forms { plain: form.conjugate, conjugate: form.plain })
            .collect();
        let conjugate = self.read_both_ways(&turned);
        self.balanced(plain, conjugate)
    }

    fn read_both_ways(&mut self, forms: &[Forms]) -> NotationId {
        let straight = forms.iter().map(|form| form.plain).collect();
        let straight = self.joined(Notation::Product(straight), Shape::SCALAR);
        let is_scalar = |form: &&Forms| self.tree.shape(form.plain).is_scalar();
        let scalars: Vec<Forms> = forms.iter().filter(is_scalar).copied().collect();
        if scalars.len() == forms.len() {
            return straight;
        }
        let others = forms.iter().filter(|form| !is_scalar(form)).copied();
        let others: Vec<Forms> = others.collect();
        let mut reversed: Vec<NotationId> = scalars.iter().map(|form| form.plain).collect();
        for form in others.iter().rev() {
            let shape = self.tree.shape(form.plain);
            let shape = Shape { rows: shape.columns, columns: shape.rows };
            reversed.push(self.transpose(form.plain, form.conjugate, shape));
        }
        let reversed = self.joined(Notation::Product(reversed), Shape::SCALAR);
        self.cheaper(straight, reversed)
    }

    fn name(&mut self, id: NotationId, text: &str, kind: NameKind) -> Forms {
        let shape = self.tree.shape(id);
        if self.names.hermitian.contains(text) && kind == NameKind::Variable {
            let conjugate = self.tree.intern(Notation::Transpose(id), shape);
            return Forms { plain: id, conjugate };
        }
        if !self.names.complex.contains(text) {
            return Forms::real(id);
        }
        Forms { plain: id, conjugate: self.conjugate(id) }
    }

    /// A part of a named array.
    fn member(&mut self, id: NotationId, base: NotationId) -> Forms {
        let forms = self.of(base);
        if forms.plain == forms.conjugate {
            return Forms::real(id);
        }
        Forms { plain: id, conjugate: self.conjugate(id) }
    }

    fn conjugate(&mut self, id: NotationId) -> NotationId {
        self.call(self.functions.conjugate, id, self.tree.shape(id))
    }

    fn call(&mut self, function: FunctionId, argument: NotationId, shape: Shape) -> NotationId {
        let (head, arguments) = (Head::Book(function), vec![argument]);
        self.tree.intern(Notation::Call { head, arguments, sizes: Vec::new() }, shape)
    }

    /// The forms of the transpose of something.
    fn transposed(&mut self, inner: Forms, shape: Shape) -> Forms {
        let plain = self.transpose(inner.plain, inner.conjugate, shape);
        let conjugate = self.transpose(inner.conjugate, inner.plain, shape);
        Forms { plain, conjugate }
    }

    /// The transpose of a formula whose conjugate is known.
    fn transpose(&mut self, plain: NotationId, conjugate: NotationId, shape: Shape) -> NotationId {
        if let Notation::Transpose(inner) = self.tree.node(plain) {
            return *inner;
        }
        let transposed = self.tree.intern(Notation::Transpose(plain), shape);
        if plain == conjugate {
            return transposed;
        }
        // The conjugate of a hermitian matrix is its transpose.
        if let Notation::Transpose(inner) = *self.tree.node(conjugate) {
            return self.conjugate(inner);
        }
        let both = self.tree.intern(Notation::ConjugateTranspose(conjugate), shape);
        self.cheaper(transposed, both)
    }

    fn cheaper(&self, first: NotationId, second: NotationId) -> NotationId {
        if self.tree.cost(second) < self.tree.cost(first) { second } else { first }
    }

    /// A formula of its parts: as it stands, or the conjugate of what its conjugate is.
    fn other(&mut self, notation: &Notation, shape: Shape) -> Forms {
        let plain = self.rebuild(notation, shape, |forms| forms.plain);
        let conjugate = self.rebuild(notation, shape, |forms| forms.conjugate);
        self.balanced(plain, conjugate)
    }

    fn balanced(&mut self, plain: NotationId, conjugate: NotationId) -> Forms {
        if plain == conjugate {
            return Forms::real(plain);
        }
        let outside = self.conjugate(conjugate);
        let other = self.conjugate(plain);
        Forms { plain: self.cheaper(plain, outside), conjugate: self.cheaper(conjugate, other) }
    }

    fn rebuild(
        &mut self,
        notation: &Notation,
        shape: Shape,
        pick: impl Fn(Forms) -> NotationId,
    ) -> NotationId {
        let rebuilt = notation.map_children(|child| pick(self.of(child)));
        self.joined(rebuilt, shape)
    }

    /// Interns a formula; what is made of something and its conjugate has a name of its own.
    fn joined(&mut self, notation: Notation, shape: Shape) -> NotationId {
        let functions = &self.functions;
        match &notation {
            Notation::Hadamard(factors) => {
                if let Some(joined) = self.moduli(factors, shape, Notation::Hadamard) {
                    return joined;
                }
            }
            Notation::Product(factors) => {
                if let Some(joined) = self.moduli(factors, shape, Notation::Product) {
                    return joined;
                }
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if *function == functions.square_root =>
            {
                if let [argument] = arguments.as_slice()
                    && let Some(root) = self.root(*argument)
                {
                    return root;
                }
            }
            Notation::Call { head: Head::Book(function), arguments, .. }
                if *function == functions.trace || *function == functions.sum =>
            {
                if let [argument] = arguments.as_slice()
                    && let Some(square) = self.square(*function, *argument)
                {
                    return square;
                }
            }
            Notation::Fraction(numerator, denominator) => {
                if let Some(whole) = self.halved(*numerator, *denominator) {
                    return whole;
                }
            }
            _ => {}
        }
        self.tree.intern(notation, shape)
    }

    /// Whether one formula is the conjugate of the other, by the look of it.
    fn are_conjugate(&self, first: NotationId, second: NotationId) -> bool {
        let is = |one: NotationId, other: NotationId| {
            matches!(self.tree.node(one), Notation::Call { head: Head::Book(function), arguments, .. }
                if *function == self.functions.conjugate && arguments.as_slice() == [other])
        };
        is(first, second) || is(second, first)
    }

    /// The one of two conjugates that is not written as one.
    fn upright(&self, first: NotationId, second: NotationId) -> NotationId {
        match self.tree.node(first) {
            Notation::Call { head: Head::Book(function), .. }
                if *function == self.functions.conjugate =>
            {
                second
            }
            _ => first,
        }
    }

    /// `conj(z).*z = abs(z).^2`
    fn moduli(
        &mut self,
        factors: &[NotationId],
        shape: Shape,
        product: fn(Vec<NotationId>) -> Notation,
    ) -> Option<NotationId> {
        // In a product of matrices only scalars may be brought together.
        let entrywise = matches!(product(Vec::new()), Notation::Hadamard(_));
        let movable = |at: &usize| entrywise || self.tree.shape(factors[*at]).is_scalar();
        let pair = (0..factors.len()).filter(movable).find_map(|at| {
            let other = (at + 1..factors.len())
                .find(|other| self.are_conjugate(factors[at], factors[*other]))?;
            Some((at, other))
        })?;
        let inner = self.upright(factors[pair.0], factors[pair.1]);
        let square = self.squared_modulus(inner);
        let mut rest: Vec<NotationId> = factors.to_vec();
        rest[pair.0] = square;
        rest.remove(pair.1);
        match rest.as_slice() {
            [only] => Some(*only),
            _ => Some(self.tree.intern(product(rest), shape)),
        }
    }

    fn squared_modulus(&mut self, inner: NotationId) -> NotationId {
        let shape = self.tree.shape(inner);
        let modulus = self.call(self.functions.modulus, inner, shape);
        let kind = if shape.is_scalar() { PowerKind::Scalar } else { PowerKind::Elementwise };
        self.squared(modulus, kind)
    }

    fn squared(&mut self, base: NotationId, kind: PowerKind) -> NotationId {
        let two = Notation::Number(Rational::integer(2));
        let exponent = self.tree.intern(two, Shape::SCALAR);
        let shape = self.tree.shape(base);
        self.tree.intern(Notation::Power { base, exponent, kind }, shape)
    }

    /// `sqrt(abs(z).^2) = abs(z)`, `sqrt(z^H*z) = norm2(z)`.
    fn root(&mut self, argument: NotationId) -> Option<NotationId> {
        match self.tree.node(argument).clone() {
            Notation::Power { base, exponent, .. }
                if self.is_two(exponent) && self.is_modulus(base) =>
            {
                Some(base)
            }
            Notation::Product(factors) => {
                let [left, right] = factors.as_slice() else { return None };
                let Notation::ConjugateTranspose(inner) = *self.tree.node(*left) else {
                    return None;
                };
                let vector = self.tree.shape(argument).is_scalar() && inner == *right;
                vector.then(|| self.call(self.functions.norm, inner, Shape::SCALAR))
            }
            _ => None,
        }
    }

    fn is_two(&self, id: NotationId) -> bool {
        matches!(self.tree.node(id), Notation::Number(number) if *number == Rational::integer(2))
    }

    fn is_modulus(&self, id: NotationId) -> bool {
        let functions = [self.functions.modulus, self.functions.norm, self.functions.frobenius];
        matches!(self.tree.node(id), Notation::Call { head: Head::Book(function), .. }
            if functions.contains(function))
    }

    /// `tr(Z^H*Z) = normF(Z)^2`, `sum(abs(Z).^2)` alike.
    fn square(&mut self, function: FunctionId, argument: NotationId) -> Option<NotationId> {
        let inner = match self.tree.node(argument) {
            Notation::Product(factors) if function == self.functions.trace => {
                let [left, right] = factors.as_slice() else { return None };
                match (self.tree.node(*left), self.tree.node(*right)) {
                    (Notation::ConjugateTranspose(inner), _) if inner == right => *right,
                    (_, Notation::ConjugateTranspose(inner)) if inner == left => *left,
                    _ => return None,
                }
            }
            Notation::Power { base, exponent, .. }
                if function == self.functions.sum && self.is_two(*exponent) =>
            {
                match self.tree.node(*base) {
                    Notation::Call { head: Head::Book(function), arguments, .. }
                        if *function == self.functions.modulus =>
                    {
                        *arguments.first()?
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        let shape = self.tree.shape(inner);
        if shape.is_scalar() {
            return None;
        }
        let vector = shape.is_vector();
        let norm = if vector { self.functions.norm } else { self.functions.frobenius };
        let norm = self.call(norm, inner, Shape::SCALAR);
        Some(self.squared(norm, PowerKind::Scalar))
    }

    /// `2*x/2 = x`, `2*x/(2*y) = x/y`
    fn halved(&mut self, numerator: NotationId, denominator: NotationId) -> Option<NotationId> {
        let (number, above) = self.without_two(numerator)?;
        if number == denominator {
            return Some(above);
        }
        let (other, below) = self.without_two(denominator)?;
        let shape = self.tree.shape(numerator);
        (number == other).then(|| self.tree.intern(Notation::Fraction(above, below), shape))
    }

    /// The number two in front of a product, and the rest.
    fn without_two(&mut self, product: NotationId) -> Option<(NotationId, NotationId)> {
        let Notation::Product(factors) = self.tree.node(product).clone() else { return None };
        let [number, rest @ ..] = factors.as_slice() else { return None };
        if !self.is_two(*number) {
            return None;
        }
        let shape = self.tree.shape(product);
        let rest = match rest {
            [only] => *only,
            rest => self.tree.intern(Notation::Product(rest.to_vec()), shape),
        };
        Some((*number, rest))
    }

    /// A sum, in which `z + conj(z)` is twice the real part.
    fn sum(&mut self, terms: &[(bool, NotationId)], shape: Shape) -> Forms {
        let forms: Vec<(bool, Forms)> =
            terms.iter().map(|(minus, term)| (*minus, self.of(*term))).collect();
        let mut places: FxHashMap<(bool, NotationId), usize> = FxHashMap::default();
        let mut traces: Vec<(bool, usize, Cycle)> = Vec::new();
        let mut kept: Vec<Option<(bool, Forms)>> = Vec::with_capacity(forms.len());
        for (minus, form) in forms {
            let cycle = self.cycle(form.plain);
            let partner = match form.plain != form.conjugate {
                true => places.remove(&(minus, form.conjugate)).or_else(|| {
                    let cycle = cycle.as_ref()?;
                    let fits = |(other, _, known): &(bool, usize, Cycle)| {
                        *other == minus && known.is_conjugate_of(cycle)
                    };
                    let at = traces.iter().position(fits)?;
                    Some(traces.swap_remove(at).1)
                }),
                false => None,
            };
            match partner {
                Some(at) => {
                    let first = kept[at].map_or(form, |(_, first)| first);
                    let doubled = self.twice_real(first);
                    kept[at] = Some((minus, Forms::real(doubled)));
                }
                None => {
                    traces.extend(cycle.map(|cycle| (minus, kept.len(), cycle)));
                    places.insert((minus, form.plain), kept.len());
                    kept.push(Some((minus, form)));
                }
            }
        }
        let kept: Vec<(bool, Forms)> = kept.into_iter().flatten().collect();
        let side = |pass: &mut Self, pick: fn(&Forms) -> NotationId| match kept.as_slice() {
            [(false, only)] => pick(only),
            [(true, only)] => pass.tree.intern(Notation::Negate(pick(only)), shape),
            terms => {
                let terms = terms.iter().map(|(minus, form)| (*minus, pick(form))).collect();
                pass.tree.intern(Notation::Sum(terms), shape)
            }
        };
        let plain = side(self, |form| form.plain);
        let conjugate = side(self, |form| form.conjugate);
        self.balanced(plain, conjugate)
    }

    /// For the trace of a product, its factors in a circle.
    fn cycle(&self, id: NotationId) -> Option<Cycle> {
        let functions = &self.functions;
        let inner = |id: NotationId, of: FunctionId| match self.tree.node(id) {
            Notation::Call { head: Head::Book(function), arguments, .. } if *function == of => {
                arguments.first().copied()
            }
            _ => None,
        };
        let (outside, trace) = match inner(id, functions.conjugate) {
            Some(trace) => (true, trace),
            None => (false, id),
        };
        let argument = inner(trace, functions.trace)?;
        let (inside, product) = match inner(argument, functions.conjugate) {
            Some(product) => (true, product),
            None => (false, argument),
        };
        match self.tree.node(product) {
            Notation::Product(factors) => {
                Some(Cycle { conjugate: outside != inside, factors: factors.clone() })
            }
            _ => None,
        }
    }

    /// `2*real(z)`, with a number in front of `z` in front of it all.
    fn twice_real(&mut self, forms: Forms) -> NotationId {
        let inner = self.cheaper(forms.plain, forms.conjugate);
        let shape = self.tree.shape(inner);
        let mut number = Rational::integer(2);
        let mut rest = inner;
        if let Notation::Product(factors) = self.tree.node(inner).clone()
            && let [first, others @ ..] = factors.as_slice()
            && let Notation::Number(first) = self.tree.node(*first)
        {
            number = number.multiply(first);
            rest = match others {
                [only] => *only,
                others => self.tree.intern(Notation::Product(others.to_vec()), shape),
            };
        }
        let part = self.call(self.functions.real, rest, shape);
        if number.is_one() {
            return part;
        }
        let number = self.tree.intern(Notation::Number(number), Shape::SCALAR);
        self.tree.intern(Notation::Product(vec![number, part]), shape)
    }
}
