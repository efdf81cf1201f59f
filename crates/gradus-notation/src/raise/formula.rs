//! Formulas in the making: products with their scalars apart, sums of such products, and atoms.
//!
//! Must not know networks. Equal ids are equal formulas; children have smaller ids, so that walks are
//! loops. Vectors are columns; a row is a transposed factor of a product.

use gradus_diagnostics::Result;
use gradus_tensor::{
    Arena, DimensionId, Dimensions, FunctionId, FunctionRef, Rational, Symbol, SymbolId,
};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::{SmallVec, smallvec};

use crate::raise::heads::Heads;
use crate::raise::measure::Measure;
use crate::tree::Shape;

/// Costs are cut off here, so that sums of a few of them cannot overflow.
const COST_LIMIT: u32 = 1 << 24;

/// Longer products get a name, and are not taken apart in products, so that chains of them stay linear.
pub(crate) const LONG_PRODUCT: usize = 64;

/// A formula in a [`Formulas`] store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FormulaId(pub(crate) u32);

impl FormulaId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// An index over the members of a family, in a [`Formulas`] store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct IndexId(pub(crate) u8);

impl IndexId {
    /// The one index as a set.
    pub(crate) fn set(self) -> u64 {
        1_u64.checked_shl(u32::from(self.0)).unwrap_or(0)
    }
}

/// Index names in order.
pub(crate) type Indices = SmallVec<[IndexId; 2]>;

/// The most indices that one page may have.
pub(crate) const MOST_INDICES: usize = 64;

/// A factor of a matrix product; never a formula with a coefficient or with scalars of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Factor {
    pub(crate) formula: FormulaId,
    pub(crate) transposed: bool,
}

/// A matrix product in order.
pub(crate) type Chain = SmallVec<[Factor; 4]>;

/// Powers of formulas, multiplied: of scalars, or entry by entry. No base stands twice.
pub(crate) type Powers = SmallVec<[(FormulaId, Rational); 2]>;

/// A number times scalars times a matrix product. Without a chain it is a scalar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Term {
    pub(crate) coefficient: Rational,
    pub(crate) scalars: Powers,
    pub(crate) chain: Chain,
}

impl Term {
    pub(crate) fn number(coefficient: Rational) -> Self {
        Self { coefficient, scalars: Powers::new(), chain: Chain::new() }
    }

    pub(crate) fn of_chain(chain: Chain) -> Self {
        Self { chain, ..Self::number(Rational::ONE) }
    }

    /// Visits the formulas that the term refers to.
    pub(crate) fn parts(&self, mut visit: impl FnMut(FormulaId)) {
        self.scalars.iter().for_each(|(base, _)| visit(*base));
        self.chain.iter().for_each(|factor| visit(factor.formula));
    }

    /// Whether there is nothing but the chain.
    pub(crate) fn is_pure(&self) -> bool {
        self.coefficient.is_one() && self.scalars.is_empty()
    }
}

/// What a call applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Callee {
    Function(FunctionRef),
    DiagonalMatrix,
    DiagonalVector,
}

/// The kinds of formula. The shape belongs to the identity of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Formula {
    Symbol(SymbolId),
    /// A name on the page, by its place in the list of bindings.
    Binding(u32),
    Pi,
    Infinity,
    ImaginaryUnit,
    /// A dimension as a number.
    Dimension(DimensionId),
    Ones,
    Zeros,
    Identity,
    /// A term that is more than one bare factor.
    Term(Box<Term>),
    /// Two or more terms of one shape.
    Sum(Vec<Term>),
    /// Powers of arrays, multiplied entry by entry; more than one factor or an exponent beside 1.
    Hadamard(Powers),
    /// A product with the shape of a scalar.
    Dot(Chain),
    /// The sum of the squares of all entries.
    SquaredNorm(FormulaId),
    /// An entrywise power with an exponent that is no number.
    Power {
        base: FormulaId,
        exponent: FormulaId,
    },
    /// A power of a square matrix with an exponent that is no number.
    MatrixPower {
        base: FormulaId,
        exponent: FormulaId,
    },
    Call {
        callee: Callee,
        arguments: SmallVec<[FormulaId; 2]>,
        sizes: SmallVec<[DimensionId; 2]>,
    },
    /// The matrix whose rows are the members of a family of vectors.
    Rows(SymbolId),
    /// A member of a family, or an entry of an array: `x[i]`, `A[i,j]`. The base is a name.
    Member {
        base: FormulaId,
        indices: Indices,
    },
    /// A member of a family that the user bound to a name: `h[i]`, told by its definition.
    NamedMember {
        /// The place in the list of such names.
        name: u32,
        index: IndexId,
        definition: FormulaId,
    },
    /// `sum[i,j](body)`
    IndexedSum {
        indices: Indices,
        body: FormulaId,
    },
    /// Rows of blocks.
    Blocks(Vec<Vec<FormulaId>>),
    /// A part of a name; the shape gives the lengths.
    Slice {
        base: FormulaId,
        row_offset: DimensionId,
        column_offset: DimensionId,
    },
}

impl Formula {
    /// Visits the formulas that the formula refers to; names refer to none.
    pub(crate) fn parts(&self, mut visit: impl FnMut(FormulaId)) {
        match self {
            Self::Symbol(_)
            | Self::Binding(_)
            | Self::Pi
            | Self::Infinity
            | Self::ImaginaryUnit
            | Self::Dimension(_)
            | Self::Rows(_)
            | Self::Ones
            | Self::Zeros
            | Self::Identity => {}
            Self::Term(term) => term.parts(visit),
            Self::Sum(terms) => terms.iter().for_each(|term| term.parts(&mut visit)),
            Self::Hadamard(powers) => powers.iter().for_each(|(base, _)| visit(*base)),
            Self::Dot(chain) => chain.iter().for_each(|factor| visit(factor.formula)),
            Self::SquaredNorm(base)
            | Self::Slice { base, .. }
            | Self::Member { base, .. }
            | Self::NamedMember { definition: base, .. }
            | Self::IndexedSum { body: base, .. } => visit(*base),
            Self::Power { base, exponent } | Self::MatrixPower { base, exponent } => {
                visit(*base);
                visit(*exponent);
            }
            Self::Call { arguments, .. } => arguments.iter().copied().for_each(visit),
            Self::Blocks(rows) => rows.iter().flatten().copied().for_each(visit),
        }
    }
}

/// What is known of a formula.
struct Data {
    measure: Measure,
    symmetric: bool,
    /// Whether a differential such as `dX` stands in it.
    differential: bool,
    /// Whether something complex stands in it.
    complex: bool,
    /// The indices that stand in it freely, as a set.
    free: u64,
    /// The families that stand in it as matrices, as a set.
    matrices: u64,
}

/// The store of formulas.
pub(crate) struct Formulas {
    /// The formulas in order of their ids.
    formulas: IndexSet<(Formula, Shape), FxBuildHasher>,
    /// What is known of each.
    data: Vec<Data>,
    pub(crate) transposes: FxHashMap<FormulaId, Factor>,
    pub(crate) dimensions: Dimensions,
    pub(crate) heads: Heads,
    /// The rank of each variable in the alphabet, to settle ties.
    pub(crate) alphabet: Vec<u32>,
    /// Which variables are differentials.
    differentials: Vec<bool>,
    /// Which variables are complex.
    complex: Vec<bool>,
    /// How many factorings may still be weighed for the node at hand.
    pub(crate) factoring_budget: u32,
    /// The definitions of the names, in order.
    pub(crate) bindings: Vec<Binding>,
    /// The indices of the page: name and range.
    pub(crate) indices: Vec<(String, DimensionId)>,
    /// Whether only what has no index may have a name.
    pub(crate) whole_names_only: bool,
    /// The names that the user bound to families.
    pub(crate) member_names: Vec<String>,
    /// Whether any sum over an index was formed.
    pub(crate) has_indexed_sums: bool,
    /// Whether any family was written as a matrix.
    has_matrices: bool,
}

/// A name on the page.
pub(crate) struct Binding {
    pub(crate) definition: FormulaId,
    /// The user's name; introduced names get theirs at the end.
    pub(crate) name: Option<String>,
}

/// The rank of each variable in the alphabet, small and capital letters alike.
fn alphabet(symbols: &[Symbol]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..symbols.len()).collect();
    order.sort_by_cached_key(|at| (symbols[*at].name.to_lowercase(), *at));
    let mut ranks = vec![0; symbols.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = u32::try_from(rank).unwrap_or(u32::MAX);
    }
    ranks
}

impl Formulas {
    pub(crate) fn new(arena: &Arena) -> Result<Self> {
        Ok(Self {
            formulas: IndexSet::default(),
            data: Vec::new(),
            transposes: FxHashMap::default(),
            dimensions: arena.dimensions.clone(),
            alphabet: alphabet(arena.symbols()),
            differentials: arena
                .symbols()
                .iter()
                .map(|symbol| symbol.differential_of.is_some())
                .collect(),
            complex: arena.symbols().iter().map(|symbol| symbol.complex).collect(),
            heads: Heads::resolve()?,
            factoring_budget: 0,
            bindings: Vec::new(),
            indices: Vec::new(),
            whole_names_only: false,
            member_names: Vec::new(),
            has_indexed_sums: false,
            has_matrices: false,
        })
    }

    pub(crate) fn intern(&mut self, formula: Formula, shape: Shape) -> FormulaId {
        let key = (formula, shape);
        if let Some(at) = self.formulas.get_index_of(&key) {
            return FormulaId(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let mut measure = self.measure_formula(&key.0, shape, &|id| self.measure(id));
        measure.cost = measure.cost.min(COST_LIMIT);
        let symmetric = self.is_symmetric_form(&key.0, shape);
        let differential = self.has_differential(&key.0);
        let free = if self.indices.is_empty() { 0 } else { self.free_in(&key.0) };
        self.has_matrices |= matches!(key.0, Formula::Rows(_));
        let matrices = if self.has_matrices { self.matrices_in_formula(&key.0) } else { 0 };
        self.has_indexed_sums |= matches!(key.0, Formula::IndexedSum { .. });
        let complex = self.has_complex(&key.0);
        self.data.push(Data { measure, symmetric, differential, complex, free, matrices });
        let (at, _) = self.formulas.insert_full(key);
        FormulaId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// A formula that was seen before.
    pub(crate) fn known(&self, formula: Formula, shape: Shape) -> Option<FormulaId> {
        let at = self.formulas.get_index_of(&(formula, shape))?;
        Some(FormulaId(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    fn has_differential(&self, formula: &Formula) -> bool {
        match formula {
            Formula::Symbol(symbol) => {
                self.differentials.get(symbol.0 as usize).copied().unwrap_or(false)
            }
            Formula::Binding(place) => {
                self.is_differential(self.bindings[*place as usize].definition)
            }
            formula => {
                let mut found = false;
                formula.parts(|part| found |= self.is_differential(part));
                found
            }
        }
    }

    fn has_complex(&self, formula: &Formula) -> bool {
        match formula {
            Formula::Symbol(symbol) | Formula::Rows(symbol) => {
                self.complex.get(symbol.0 as usize).copied().unwrap_or(false)
            }
            Formula::ImaginaryUnit => true,
            Formula::Binding(place) => self.is_complex(self.bindings[*place as usize].definition),
            Formula::Call { callee: Callee::Function(FunctionRef::Book(function)), .. }
                if self.heads.real_valued.contains(function) =>
            {
                false
            }
            formula => {
                let mut found = false;
                formula.parts(|part| found |= self.is_complex(part));
                found
            }
        }
    }

    fn free_in(&self, formula: &Formula) -> u64 {
        let set = |indices: &Indices| indices.iter().fold(0, |set, index| set | index.set());
        let mut free = 0;
        match formula {
            // A name stands for a definition without free indices.
            Formula::Binding(_) => return 0,
            formula => formula.parts(|part| free |= self.free(part)),
        }
        match formula {
            Formula::Member { indices, .. } => free | set(indices),
            Formula::NamedMember { index, .. } => free | index.set(),
            Formula::IndexedSum { indices, .. } => free & !set(indices),
            _ => free,
        }
    }

    /// The one index that stands freely in a formula.
    pub(crate) fn member_index(&self, id: FormulaId) -> Option<IndexId> {
        let free = self.free(id);
        let index = u8::try_from(free.trailing_zeros()).ok()?;
        (free.count_ones() == 1).then_some(IndexId(index))
    }

    fn matrices_in_formula(&self, formula: &Formula) -> u64 {
        if let Formula::Rows(symbol) = formula {
            return 1 << (symbol.0 % 64);
        }
        let mut matrices = 0;
        formula.parts(|part| matrices |= self.data[part.index()].matrices);
        matrices
    }

    /// The families that stand in a term as matrices, as a set.
    pub(crate) fn matrices_in(&self, term: &Term) -> u64 {
        let mut matrices = 0;
        term.parts(|part| matrices |= self.data[part.index()].matrices);
        matrices
    }

    /// The indices that stand freely in a formula.
    pub(crate) fn free(&self, id: FormulaId) -> u64 {
        self.data[id.index()].free
    }

    pub(crate) fn len(&self) -> usize {
        self.data.len()
    }

    pub(crate) fn get(&self, id: FormulaId) -> &Formula {
        &self.formulas[id.index()].0
    }

    pub(crate) fn shape(&self, id: FormulaId) -> Shape {
        self.formulas[id.index()].1
    }

    pub(crate) fn measure(&self, id: FormulaId) -> Measure {
        self.data[id.index()].measure
    }

    pub(crate) fn is_symmetric(&self, id: FormulaId) -> bool {
        self.data[id.index()].symmetric
    }

    /// Whether a differential such as `dX` stands in a formula; by custom it goes last.
    pub(crate) fn is_differential(&self, id: FormulaId) -> bool {
        self.data[id.index()].differential
    }

    /// Whether something complex stands in a formula, so that its value may be complex.
    pub(crate) fn is_complex(&self, id: FormulaId) -> bool {
        self.data[id.index()].complex
    }

    /// Notes that a formula equals its transpose, known from the network behind it.
    pub(crate) fn note_symmetric(&mut self, id: FormulaId) {
        self.data[id.index()].symmetric = true;
    }

    /// A name for a formula; where none is given, one that it has already.
    pub(crate) fn bind(&mut self, definition: FormulaId, name: Option<String>) -> FormulaId {
        if name.is_none()
            && let Some(place) =
                self.bindings.iter().position(|binding| binding.definition == definition)
        {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            return self.intern(Formula::Binding(place), self.shape(definition));
        }
        let place = u32::try_from(self.bindings.len()).unwrap_or(u32::MAX);
        self.bindings.push(Binding { definition, name });
        let (shape, symmetric) = (self.shape(definition), self.is_symmetric(definition));
        let id = self.intern(Formula::Binding(place), shape);
        if symmetric {
            self.note_symmetric(id);
        }
        id
    }

    /// The shape of a factor.
    pub(crate) fn factor_shape(&self, factor: Factor) -> Shape {
        let shape = self.shape(factor.formula);
        if factor.transposed { Shape { rows: shape.columns, columns: shape.rows } } else { shape }
    }

    /// The shape of a product.
    pub(crate) fn chain_shape(&self, chain: &[Factor]) -> Shape {
        match (chain.first(), chain.last()) {
            (Some(first), Some(last)) => Shape {
                rows: self.factor_shape(*first).rows,
                columns: self.factor_shape(*last).columns,
            },
            _ => Shape::SCALAR,
        }
    }

    pub(crate) fn term_shape(&self, term: &Term) -> Shape {
        self.chain_shape(&term.chain)
    }

    /// A formula as a term, whose scalars stand apart.
    pub(crate) fn term(&self, id: FormulaId) -> Term {
        match self.get(id) {
            Formula::Term(term) => (**term).clone(),
            _ if self.shape(id).is_scalar() => Term {
                coefficient: Rational::ONE,
                scalars: smallvec![(id, Rational::ONE)],
                chain: Chain::new(),
            },
            _ => Term::of_chain(smallvec![Factor { formula: id, transposed: false }]),
        }
    }

    /// A term as a formula.
    pub(crate) fn of_term(&mut self, term: &Term) -> FormulaId {
        if term.coefficient.is_one() {
            if let ([], [factor]) = (term.scalars.as_slice(), term.chain.as_slice())
                && !factor.transposed
            {
                return factor.formula;
            }
            if let ([(base, exponent)], []) = (term.scalars.as_slice(), term.chain.as_slice())
                && exponent.is_one()
            {
                return *base;
            }
        }
        let shape = self.term_shape(term);
        self.intern(Formula::Term(Box::new(term.clone())), shape)
    }

    /// A pure product as a formula; one with the shape of a scalar is oriented for reading.
    pub(crate) fn of_chain(&mut self, chain: &Chain) -> FormulaId {
        if let [factor] = chain.as_slice()
            && !factor.transposed
        {
            return factor.formula;
        }
        let shape = self.chain_shape(chain);
        if shape.is_scalar() && !chain.is_empty() {
            return self.intern(Formula::Dot(chain.clone()), shape);
        }
        self.intern(Formula::Term(Box::new(Term::of_chain(chain.clone()))), shape)
    }

    pub(crate) fn call(
        &mut self,
        function: FunctionId,
        arguments: &[FormulaId],
        shape: Shape,
    ) -> FormulaId {
        self.apply(Callee::Function(FunctionRef::Book(function)), arguments, shape)
    }

    pub(crate) fn apply(
        &mut self,
        callee: Callee,
        arguments: &[FormulaId],
        shape: Shape,
    ) -> FormulaId {
        let formula = Formula::Call {
            callee,
            arguments: SmallVec::from_slice(arguments),
            sizes: SmallVec::new(),
        };
        self.intern(formula, shape)
    }

    pub(crate) fn sized_call(
        &mut self,
        function: FunctionId,
        arguments: &[FormulaId],
        sizes: &[DimensionId],
        shape: Shape,
    ) -> FormulaId {
        let formula = Formula::Call {
            callee: Callee::Function(FunctionRef::Book(function)),
            arguments: SmallVec::from_slice(arguments),
            sizes: SmallVec::from_slice(sizes),
        };
        self.intern(formula, shape)
    }

    /// The argument of a call of a function of one argument.
    pub(crate) fn argument_of(
        &self,
        id: FormulaId,
        function: Option<FunctionId>,
    ) -> Option<FormulaId> {
        match self.get(id) {
            Formula::Call {
                callee: Callee::Function(FunctionRef::Book(callee)),
                arguments,
                ..
            } if Some(*callee) == function => arguments.first().copied(),
            _ => None,
        }
    }

    /// Multiplies a list of powers by a power.
    pub(crate) fn multiply_power(powers: &mut Powers, base: FormulaId, exponent: &Rational) {
        match powers.iter().position(|(other, _)| *other == base) {
            Some(at) => {
                let total = Rational::add(&powers[at].1, exponent);
                if total.is_zero() {
                    powers.remove(at);
                } else {
                    powers[at].1 = total;
                }
            }
            None => powers.push((base, exponent.clone())),
        }
    }

    /// `left * right`, with the scalars of both.
    pub(crate) fn multiply(&self, left: &Term, right: &Term) -> Term {
        let mut product = left.clone();
        product.coefficient = product.coefficient.multiply(&right.coefficient);
        for (base, exponent) in &right.scalars {
            Self::multiply_power(&mut product.scalars, *base, exponent);
        }
        self.append(&mut product.chain, &right.chain);
        product
    }

    /// Appends a product to a product; identities among other factors are left out.
    pub(crate) fn append(&self, chain: &mut Chain, right: &[Factor]) {
        for factor in right {
            let identity = |factor: &Factor| matches!(self.get(factor.formula), Formula::Identity);
            if identity(factor) && !chain.is_empty() {
                continue;
            }
            if chain.len() == 1 && identity(&chain[0]) {
                chain.clear();
            }
            chain.push(*factor);
        }
    }
}
