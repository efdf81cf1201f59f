//! Formulas put together as one does by hand: numbers come first, double transposes and factors of
//! one go away, and everything else stays where it was written.
//!
//! Must not know differentials or rules. Shapes follow from the parts.

use gradus_functions::book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{Dimensions, Rational, Role};

/// The maker of formulas.
#[derive(Debug)]
pub struct Builder {
    /// The formulas.
    pub tree: NotationTree,
    /// Names of matrices that equal their transposes.
    pub symmetric: Vec<String>,
    /// Names of complex variables.
    pub complex: Vec<String>,
    /// Names of columns whose entries add up to one.
    pub sums_to_one: Vec<String>,
    /// Whether such a sum was taken since this was last asked.
    pub took_sum_of_one: bool,
}

impl Builder {
    /// The maker of formulas with the names of a program.
    #[must_use]
    pub fn of_program(program: &gradus_elaborate::Program) -> Self {
        crate::derive::builder(program)
    }

    /// Writes nodes of the program's tree as they were written, with bound names replaced by what they
    /// stand for.
    ///
    /// # Errors
    /// Arrays that are told entry by entry have no notation.
    pub fn written(
        &mut self,
        tree: &gradus_elaborate::typed::TypedTree,
        root: gradus_elaborate::typed::TypedId,
    ) -> gradus_diagnostics::Result<NotationId> {
        let names = crate::transcribe::Names::of_program(&[]);
        crate::transcribe::transcribe(self, tree, root, &names)
    }

    /// The shape of a formula.
    pub fn shape(&self, id: NotationId) -> Shape {
        self.tree.shape(id)
    }

    /// The node of a formula.
    pub fn node(&self, id: NotationId) -> &Notation {
        self.tree.node(id)
    }

    /// A number.
    pub fn number(&mut self, value: Rational) -> NotationId {
        self.tree.intern(Notation::Number(value), Shape::SCALAR)
    }

    /// A whole number.
    pub fn integer(&mut self, value: i64) -> NotationId {
        self.number(Rational::integer(value))
    }

    /// A name of a shape.
    pub fn name(&mut self, text: &str, kind: NameKind, shape: Shape) -> NotationId {
        self.tree.intern(Notation::Name { text: text.to_owned(), kind }, shape)
    }

    /// An array of ones.
    pub fn ones(&mut self, shape: Shape) -> NotationId {
        if shape.is_scalar() {
            return self.integer(1);
        }
        self.tree.intern(Notation::Ones, shape)
    }

    /// An array of zeros.
    pub fn zeros(&mut self, shape: Shape) -> NotationId {
        if shape.is_scalar() {
            return self.integer(0);
        }
        self.tree.intern(Notation::Zeros, shape)
    }

    /// The identity.
    pub fn identity(&mut self, shape: Shape) -> NotationId {
        if shape.is_scalar() {
            return self.integer(1);
        }
        self.tree.intern(Notation::Identity, shape)
    }

    /// Whether a formula is zero as it stands.
    pub fn is_zero(&self, id: NotationId) -> bool {
        match self.node(id) {
            Notation::Zeros => true,
            Notation::Number(value) => value.is_zero(),
            _ => false,
        }
    }

    /// Whether a formula is the number one.
    pub fn is_one(&self, id: NotationId) -> bool {
        matches!(self.node(id), Notation::Number(value) if value.is_one())
    }

    /// A formula as a number times the rest, which is absent if there is none.
    pub fn split(&mut self, id: NotationId) -> (Rational, Option<NotationId>) {
        match self.node(id).clone() {
            Notation::Number(value) => (value, None),
            Notation::Negate(inner) => {
                let (value, rest) = self.split(inner);
                (value.negate(), rest)
            }
            Notation::Product(factors) => match self.node(factors[0]).clone() {
                Notation::Number(value) => {
                    let rest = match &factors[1..] {
                        [only] => *only,
                        rest => self.tree.intern(Notation::Product(rest.to_vec()), self.shape(id)),
                    };
                    (value, Some(rest))
                }
                _ => (Rational::ONE, Some(id)),
            },
            _ => (Rational::ONE, Some(id)),
        }
    }

    /// A number times a formula.
    pub fn scaled(&mut self, value: Rational, id: NotationId) -> NotationId {
        let (own, rest) = self.split(id);
        let value = value.multiply(&own);
        let Some(rest) = rest else { return self.number(value) };
        if value.is_zero() {
            return self.zeros(self.shape(id));
        }
        if value.is_one() {
            return rest;
        }
        if value == Rational::MINUS_ONE {
            return self.tree.intern(Notation::Negate(rest), self.shape(rest));
        }
        if value.is_negative() {
            let positive = self.scaled(value.negate(), rest);
            return self.tree.intern(Notation::Negate(positive), self.shape(rest));
        }
        let number = self.number(value);
        let mut factors = vec![number];
        match self.node(rest) {
            Notation::Product(inner) => factors.extend(inner.iter().copied()),
            _ => factors.push(rest),
        }
        self.tree.intern(Notation::Product(factors), self.shape(rest))
    }

    /// The negative.
    pub fn negate(&mut self, id: NotationId) -> NotationId {
        self.scaled(Rational::MINUS_ONE, id)
    }

    /// Terms with their signs; equal ones are collected. Where scalars stand among arrays, they stand
    /// for arrays.
    pub fn sum(&mut self, terms: &[(bool, NotationId)]) -> NotationId {
        let mut collected: Vec<(Rational, Option<NotationId>)> = Vec::new();
        let mut shape = Shape::SCALAR;
        let mut open: Vec<(bool, NotationId)> = terms.iter().rev().copied().collect();
        while let Some((negative, term)) = open.pop() {
            if shape.is_scalar() {
                shape = self.shape(term);
            }
            if let Notation::Sum(inner) = self.node(term) {
                let inner: Vec<_> =
                    inner.iter().rev().map(|(n, id)| (*n != negative, *id)).collect();
                open.extend(inner);
                continue;
            }
            if self.is_zero(term) {
                continue;
            }
            let (value, rest) = self.split(term);
            let value = if negative { value.negate() } else { value };
            match collected.iter_mut().find(|(_, known)| *known == rest) {
                Some((known, _)) => *known = known.add(&value),
                None => collected.push((value, rest)),
            }
        }
        let mut written = Vec::new();
        for (value, rest) in collected {
            if value.is_zero() {
                continue;
            }
            let negative = value.is_negative();
            let term = match rest {
                Some(rest) => self.scaled(value.abs(), rest),
                None => self.number(value.abs()),
            };
            written.push((negative, term));
        }
        match written.as_slice() {
            [] => self.zeros(shape),
            [(negative, only)] if self.shape(*only) == shape => {
                if *negative {
                    self.negate(*only)
                } else {
                    *only
                }
            }
            _ => {
                if let Some(first) = written.iter().position(|(negative, _)| !negative)
                    && written.len() == 2
                {
                    written.rotate_left(first);
                }
                self.tree.intern(Notation::Sum(written), shape)
            }
        }
    }

    /// Factors side by side: scalars anywhere, matrices in order.
    pub fn product(&mut self, factors: &[NotationId]) -> NotationId {
        let mut parts = Factors::default();
        let mut value = Rational::ONE;
        let mut open: Vec<NotationId> = factors.iter().rev().copied().collect();
        while let Some(factor) = open.pop() {
            value = value.multiply(&self.take_factor(factor, &mut parts, &mut open));
        }
        if value.is_zero() {
            let arrays = || factors.iter().filter(|id| !self.shape(**id).is_scalar());
            let shape = match (arrays().next(), arrays().next_back()) {
                (Some(first), Some(last)) => {
                    Shape { rows: self.shape(*first).rows, columns: self.shape(*last).columns }
                }
                _ => Shape::SCALAR,
            };
            return self.zeros(shape);
        }
        self.joined(value, parts)
    }

    /// Puts a factor in its place and returns its number.
    fn take_factor(
        &mut self,
        id: NotationId,
        parts: &mut Factors,
        open: &mut Vec<NotationId>,
    ) -> Rational {
        let scalar = self.shape(id).is_scalar();
        match self.node(id).clone() {
            Notation::Number(value) => return value,
            Notation::Negate(inner) => {
                open.push(inner);
                return Rational::MINUS_ONE;
            }
            Notation::Product(inner) if scalar && self.is_chain(&inner) => {
                // The scalars of a row times a column stand before it.
                let (scalars, chain): (Vec<_>, Vec<_>) =
                    inner.into_iter().partition(|id| self.shape(*id).is_scalar());
                let chain = self.tree.intern(Notation::Product(chain), Shape::SCALAR);
                parts.scalars.push(chain);
                open.extend(scalars);
            }
            Notation::Product(inner) => open.extend(inner.into_iter().rev()),
            Notation::Fraction(numerator, denominator) => {
                parts.denominators.push(denominator);
                open.push(numerator);
            }
            Notation::Identity => parts.identity = Some(id),
            Notation::Zeros => return Rational::ZERO,
            _ if scalar => parts.scalars.push(id),
            _ => parts.chain.push(id),
        }
        Rational::ONE
    }

    fn joined(&mut self, value: Rational, mut parts: Factors) -> NotationId {
        self.shorten(&mut parts.chain);
        if let (true, Some(identity)) = (parts.chain.is_empty(), parts.identity) {
            parts.chain.push(identity);
        }
        // The same scalar above and below cancels.
        let scalars = &mut parts.scalars;
        parts.denominators.retain(|denominator| {
            let same = scalars.iter().position(|scalar| scalar == denominator);
            same.map(|at| scalars.remove(at)).is_none()
        });
        let mut written = self.powers(parts.scalars);
        if parts.chain.is_empty()
            && let Some(last) = written.last()
            && let Notation::Product(chain) = self.node(*last).clone()
        {
            written.pop();
            written.extend(chain);
        }
        written.extend(parts.chain);
        let arrays = || written.iter().filter(|id| !self.shape(**id).is_scalar());
        let shape = match (arrays().next(), arrays().next_back()) {
            (Some(first), Some(last)) => {
                Shape { rows: self.shape(*first).rows, columns: self.shape(*last).columns }
            }
            _ => Shape::SCALAR,
        };
        let plain = match written.as_slice() {
            [] => self.integer(1),
            [only] => *only,
            _ => self.tree.intern(Notation::Product(written), shape),
        };
        if parts.denominators.is_empty() {
            return self.scaled(value, plain);
        }
        let denominator = self.product(&parts.denominators);
        let (under, denominator) = self.split(denominator);
        let value = value.divide(&under).unwrap_or(value);
        let Some(denominator) = denominator else { return self.scaled(value, plain) };
        let numerator = self.scaled(value.abs(), plain);
        let fraction = self.tree.intern(Notation::Fraction(numerator, denominator), shape);
        if value.is_negative() { self.negate(fraction) } else { fraction }
    }

    /// Neighbours in a chain that are one factor: powers of one matrix, and the sum of entries that add
    /// up to one.
    fn shorten(&mut self, chain: &mut Vec<NotationId>) {
        let mut at = 0;
        while at + 1 < chain.len() {
            let (first, second) = (chain[at], chain[at + 1]);
            if self.is_sum_of_one(first, second) {
                self.took_sum_of_one = true;
                chain.drain(at..at + 2);
                at = at.saturating_sub(1);
                continue;
            }
            let ((base, one), (other, two)) = (self.matrix_power(first), self.matrix_power(second));
            if base == other && (one, two) != (1, 1) {
                let exponent = self.integer(one + two);
                chain[at] = self.power(base, exponent, PowerKind::Matrix);
                chain.remove(at + 1);
                continue;
            }
            at += 1;
        }
    }

    /// A matrix as a power with a whole exponent.
    fn matrix_power(&self, id: NotationId) -> (NotationId, i64) {
        if let Notation::Power { base, exponent, kind: PowerKind::Matrix } = self.node(id)
            && let Notation::Number(value) = self.node(*exponent)
            && let Some(value) = value.to_i64()
        {
            return (*base, value);
        }
        (id, 1)
    }

    /// `y'1` or `1'y` of a vector whose entries add up to one.
    fn is_sum_of_one(&self, first: NotationId, second: NotationId) -> bool {
        let known = |id: NotationId| {
            let base = match self.node(id) {
                Notation::Indexed { base, .. } => *base,
                _ => id,
            };
            matches!(self.node(base), Notation::Name { text, .. } if self.sums_to_one.contains(text))
        };
        let row = self.shape(first).rows == Dimensions::ONE;
        let column = self.shape(second).columns == Dimensions::ONE;
        if !row || !column {
            return false;
        }
        match (self.node(first), self.node(second)) {
            (Notation::Transpose(inner), Notation::Ones) => known(*inner),
            (Notation::Ones, _) => known(second),
            _ => false,
        }
    }

    /// Equal scalars next to each other as powers.
    fn powers(&mut self, scalars: Vec<NotationId>) -> Vec<NotationId> {
        let mut counted: Vec<(NotationId, i64)> = Vec::new();
        for scalar in scalars {
            let (base, exponent) = match self.node(scalar) {
                Notation::Power { base, exponent, kind: PowerKind::Scalar } => {
                    match self.node(*exponent) {
                        Notation::Number(value) => match value.to_i64() {
                            Some(value) => (*base, value),
                            None => (scalar, 1),
                        },
                        _ => (scalar, 1),
                    }
                }
                _ => (scalar, 1),
            };
            match counted.iter_mut().find(|(known, _)| *known == base) {
                Some((_, count)) => *count += exponent,
                None => counted.push((base, exponent)),
            }
        }
        let mut written = Vec::new();
        for (base, exponent) in counted {
            match exponent {
                0 => {}
                1 => written.push(base),
                _ => {
                    let exponent = self.integer(exponent);
                    let kind = PowerKind::Scalar;
                    let power = Notation::Power { base, exponent, kind };
                    written.push(self.tree.intern(power, Shape::SCALAR));
                }
            }
        }
        written
    }

    /// Whether factors hold a row times a column.
    fn is_chain(&self, factors: &[NotationId]) -> bool {
        factors.iter().any(|factor| !self.shape(*factor).is_scalar())
    }

    /// A numerator over a scalar.
    pub fn fraction(&mut self, numerator: NotationId, denominator: NotationId) -> NotationId {
        let one = self.integer(1);
        if let Notation::Number(value) = self.node(denominator)
            && let Some(value) = value.reciprocal()
        {
            return self.scaled(value, numerator);
        }
        let under = self.tree.intern(Notation::Fraction(one, denominator), Shape::SCALAR);
        self.product(&[under, numerator])
    }

    /// The entry by entry product; scalars among the factors scale it.
    pub fn hadamard(&mut self, items: &[NotationId]) -> NotationId {
        let mut scalars = Vec::new();
        let mut arrays = Vec::new();
        let mut ones = None;
        let mut open: Vec<NotationId> = items.iter().rev().copied().collect();
        while let Some(item) = open.pop() {
            let shape = self.shape(item);
            match self.node(item).clone() {
                _ if shape.is_scalar() => scalars.push(item),
                Notation::Hadamard(inner) => open.extend(inner.into_iter().rev()),
                Notation::Ones => ones = Some(item),
                Notation::Negate(inner) => {
                    let minus = self.integer(-1);
                    scalars.push(minus);
                    open.push(inner);
                }
                Notation::Product(factors) if self.shape(factors[0]).is_scalar() => {
                    let (own, chain): (Vec<_>, Vec<_>) =
                        factors.into_iter().partition(|id| self.shape(*id).is_scalar());
                    scalars.extend(own);
                    let inner = self.product(&chain);
                    open.push(inner);
                }
                Notation::Zeros => return item,
                _ => arrays.push(item),
            }
        }
        let array = match (arrays.as_slice(), ones) {
            ([], Some(ones)) => Some(ones),
            ([], None) => None,
            ([only], _) => Some(*only),
            (several, _) => {
                let shape = self.shape(several[0]);
                Some(self.tree.intern(Notation::Hadamard(several.to_vec()), shape))
            }
        };
        scalars.extend(array);
        self.product(&scalars)
    }

    /// The entry by entry quotient; either side may be a scalar.
    pub fn quotient(&mut self, above: NotationId, below: NotationId) -> NotationId {
        if self.shape(below).is_scalar() {
            return self.fraction(above, below);
        }
        if self.is_zero(above) {
            return self.zeros(self.shape(below));
        }
        if let Notation::Ones = self.node(below) {
            return above;
        }
        let (value, rest) = self.split(above);
        let one = self.integer(1);
        let above = match self.node(rest.unwrap_or(one)) {
            Notation::Ones => one,
            _ => rest.unwrap_or(one),
        };
        let quotient =
            self.tree.intern(Notation::HadamardQuotient(above, below), self.shape(below));
        self.scaled(value, quotient)
    }

    /// A power; of an array entry by entry.
    pub fn power(&mut self, base: NotationId, exponent: NotationId, kind: PowerKind) -> NotationId {
        if self.is_one(exponent) {
            return base;
        }
        if self.is_zero(exponent) {
            let shape = self.shape(base);
            return if kind == PowerKind::Matrix { self.identity(shape) } else { self.ones(shape) };
        }
        let kind = match kind {
            PowerKind::Matrix if !self.shape(base).is_scalar() => PowerKind::Matrix,
            _ if self.shape(base).is_scalar() => PowerKind::Scalar,
            _ => PowerKind::Elementwise,
        };
        self.tree.intern(Notation::Power { base, exponent, kind }, self.shape(base))
    }

    /// A function of the rule book.
    pub fn call(&mut self, head: Head, arguments: &[NotationId], shape: Shape) -> NotationId {
        let arguments = arguments.to_vec();
        self.tree.intern(Notation::Call { head, arguments, sizes: Vec::new() }, shape)
    }

    /// The trace; a scalar is its own.
    pub fn trace(&mut self, id: NotationId) -> NotationId {
        if self.shape(id).is_scalar() {
            return id;
        }
        let (value, rest) = self.split(id);
        let Some(rest) = rest else { return self.number(value) };
        let trace = self.written_trace(rest);
        self.scaled(value, trace)
    }

    /// The trace even of a scalar, as it is written before factors are shifted.
    pub fn written_trace(&mut self, id: NotationId) -> NotationId {
        let structure = gradus_functions::Structural::Trace;
        match book().structural(structure) {
            Some(function) => self.call(Head::Book(function), &[id], Shape::SCALAR),
            None => id,
        }
    }

    /// The inverse.
    pub fn inverse(&mut self, id: NotationId) -> NotationId {
        if self.shape(id).is_scalar() {
            let one = self.integer(1);
            return self.fraction(one, id);
        }
        let shape = self.shape(id);
        match with_role(Role::Inverse) {
            Some(function) => self.call(Head::Book(function), &[id], shape),
            None => id,
        }
    }

    /// The diagonal matrix of a vector.
    pub fn diagonal_matrix(&mut self, id: NotationId) -> NotationId {
        let shape = self.shape(id);
        let size = if shape.columns == Dimensions::ONE { shape.rows } else { shape.columns };
        let square = Shape { rows: size, columns: size };
        match self.node(id) {
            Notation::Ones => self.identity(square),
            _ => self.call(Head::DiagonalMatrix, &[id], square),
        }
    }

    /// The diagonal of a matrix as a column.
    pub fn diagonal_vector(&mut self, id: NotationId) -> NotationId {
        let column = Shape { rows: self.shape(id).rows, columns: Dimensions::ONE };
        match self.node(id) {
            Notation::Identity => self.ones(column),
            _ => self.call(Head::DiagonalVector, &[id], column),
        }
    }
}

/// What a product consists of, its number aside.
#[derive(Default)]
struct Factors {
    scalars: Vec<NotationId>,
    chain: Vec<NotationId>,
    denominators: Vec<NotationId>,
    identity: Option<NotationId>,
}

/// The function of the rule book with a part in the kernel's identities.
pub(crate) fn with_role(role: Role) -> Option<gradus_tensor::FunctionId> {
    book().iter().find(|(_, function)| function.facts.role == Some(role)).map(|(id, _)| id)
}

impl Builder {
    /// A sum over indices, numbers before it.
    pub fn indexed_sum(&mut self, indices: &[String], body: NotationId) -> NotationId {
        let shape = self.shape(body);
        if self.is_zero(body) {
            return body;
        }
        let (value, rest) = self.split(body);
        let one = self.integer(1);
        let body = rest.unwrap_or(one);
        let sum = Notation::IndexedSum { indices: indices.to_vec(), body };
        let sum = self.tree.intern(sum, shape);
        self.scaled(value, sum)
    }

    /// The same formula with two names of indices exchanged, which renames one of them without meeting
    /// an inner sum over the other.
    pub fn swapped(&mut self, root: NotationId, one: &str, other: &str) -> NotationId {
        if one == other {
            return root;
        }
        let turn = |indices: &[String]| -> Vec<String> {
            let name = |index: &String| match index.as_str() {
                index if index == one => other.to_owned(),
                index if index == other => one.to_owned(),
                _ => index.clone(),
            };
            indices.iter().map(name).collect()
        };
        let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
        for at in 0..=root.0 {
            let id = NotationId(at);
            let shape = self.shape(id);
            let to = match self.node(id).clone() {
                Notation::Indexed { base, indices } => {
                    let (base, indices) = (mapped[base.0 as usize], turn(&indices));
                    self.tree.intern(Notation::Indexed { base, indices }, shape)
                }
                Notation::IndexedSum { indices, body } => {
                    let (body, indices) = (mapped[body.0 as usize], turn(&indices));
                    self.tree.intern(Notation::IndexedSum { indices, body }, shape)
                }
                _ => self.rebuild(id, |child| mapped[child.0 as usize]),
            };
            mapped.push(to);
        }
        mapped[root.0 as usize]
    }

    /// The same formula with other formulas directly inside it, tidied.
    pub fn rebuild(
        &mut self,
        id: NotationId,
        mut new: impl FnMut(NotationId) -> NotationId,
    ) -> NotationId {
        let shape = self.shape(id);
        let mut same = true;
        let mapped = self.node(id).map_children(|child| {
            let to = new(child);
            same &= to == child;
            to
        });
        if same {
            return id;
        }
        match mapped {
            Notation::Sum(terms) => self.sum(&terms),
            Notation::Negate(inner) => self.negate(inner),
            Notation::Product(factors) => self.product(&factors),
            Notation::Fraction(above, below) => self.fraction(above, below),
            Notation::Hadamard(items) => self.hadamard(&items),
            Notation::HadamardQuotient(above, below) => self.quotient(above, below),
            Notation::Power { base, exponent, kind } => self.power(base, exponent, kind),
            Notation::Transpose(inner) => self.transpose(inner),
            Notation::IndexedSum { indices, body } => self.indexed_sum(&indices, body),
            Notation::Call { head: Head::Book(function), arguments, sizes } => {
                let linear = match book().get(function).meaning {
                    gradus_functions::Meaning::Structural(structure) => structure,
                    _ => {
                        let call = Notation::Call { head: Head::Book(function), arguments, sizes };
                        return self.tree.intern(call, shape);
                    }
                };
                match (linear, arguments.as_slice()) {
                    (gradus_functions::Structural::Trace, [only]) => self.trace(*only),
                    (gradus_functions::Structural::Sum, [only]) => {
                        let (value, rest) = self.split(*only);
                        let Some(rest) = rest else { return self.number(value) };
                        let sum = self.call(Head::Book(function), &[rest], shape);
                        self.scaled(value, sum)
                    }
                    _ => {
                        let call = Notation::Call { head: Head::Book(function), arguments, sizes };
                        self.tree.intern(call, shape)
                    }
                }
            }
            other => self.tree.intern(other, shape),
        }
    }
}
