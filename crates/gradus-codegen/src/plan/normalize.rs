//! Formulas in the form in which they are computed: products of two factors in the cheapest order,
//! squared norms as inner products, long sums in parts.
//!
//! Must not know which formulas get names.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::Structural;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, NamedFormula, Notation, NotationId, Page, PowerKind, Shape};
use gradus_tensor::{DimensionId, Dimensions, Rational, Role, Structure};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::plan::associate::{self, Factor, FactorKind, Step};
use crate::plan::builder::Builder;
use crate::plan::parts;
use crate::request::{ModuleRequest, VariableKind};
use crate::statement::unit_index;

/// A page in the form in which it is computed.
pub(crate) struct Normal<'a> {
    pub(crate) builder: Builder<'a>,
    pub(crate) bindings: Vec<NamedFormula>,
    pub(crate) results: Vec<NotationId>,
}

/// Nested products are merged into chains of at most this length.
const CHAIN_LENGTH: usize = 24;

/// Sums and entrywise products have at most this many parts.
const PARTS: usize = 12;

/// A matrix power up to this exponent is multiplied out before a vector.
const UNROLLED_POWER: i64 = 8;

/// Brings the formulas of a page into the form in which they are computed.
pub(crate) fn normalize<'a>(request: &ModuleRequest<'a>, page: &Page) -> Result<Normal<'a>> {
    let roots =
        page.bindings.iter().map(|binding| binding.formula).chain(page.results.iter().copied());
    let roots: Vec<NotationId> = roots.collect();
    let mut builder = Builder::new(request.book, request.tree.dimensions.clone());
    for variable in request.variables {
        let symmetric = matches!(
            variable.kind,
            VariableKind::Array {
                structure: Structure::Symmetric | Structure::PositiveDefinite | Structure::Diagonal,
                ..
            }
        );
        if symmetric && variable.ranges.is_empty() {
            builder.declare_symmetric(&variable.name);
        }
    }
    let spread: Vec<String> = request.spread().map(str::to_owned).collect();
    let indices: Vec<String> = spread.iter().map(|name| unit_index(name)).collect();
    builder.declare_indices(&indices)?;
    let mut normalizer = Normalizer {
        source: request.tree,
        complex: request.is_complex(),
        builder,
        spread,
        chains: FxHashMap::default(),
        neighbours: FxHashMap::default(),
        new: vec![None; request.tree.len()],
        found: vec![false; request.tree.len()],
    };
    normalizer.find_chains(&roots)?;
    normalizer.count_neighbours();
    normalizer.build(page)
}

/// Where the names of bindings stand in what the results depend on.
struct References<'p> {
    places: FxHashMap<&'p str, Vec<NotationId>>,
}

impl<'p> References<'p> {
    fn count(source: &'p NotationTree, page: &Page) -> Self {
        let definitions: FxHashMap<&str, NotationId> =
            page.bindings.iter().map(|binding| (binding.name.as_str(), binding.formula)).collect();
        let mut places: FxHashMap<&str, Vec<NotationId>> = FxHashMap::default();
        let mut seen: FxHashSet<NotationId> = FxHashSet::default();
        let mut open = page.results.clone();
        let mut note = |open: &mut Vec<NotationId>, id: NotationId| {
            if let Notation::Name { text, .. } = source.node(id)
                && let Some(definition) = definitions.get(text.as_str())
            {
                places.entry(text).or_default().push(id);
                open.push(*definition);
            }
        };
        for result in &page.results {
            note(&mut open, *result);
        }
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                source.node(id).for_each_child(|child| {
                    note(&mut open, child);
                    open.push(child);
                });
            }
        }
        Self { places }
    }

    fn all_places(&self, binding: &NamedFormula) -> &[NotationId] {
        self.places.get(binding.name.as_str()).map_or(&[], Vec::as_slice)
    }

    /// The only place of a name that the user did not choose: the formula can stand there itself. So
    /// can the matrix of a family, wherever its name stands: it is the array that is passed in.
    fn only_place(&self, source: &NotationTree, binding: &NamedFormula) -> Option<NotationId> {
        let is_array =
            matches!(source.node(binding.formula), Notation::Call { head: Head::Rows, .. });
        match self.all_places(binding) {
            [place, others @ ..]
                if !binding.from_user
                    && (others.is_empty() || is_array && others.iter().all(|at| at == place)) =>
            {
                Some(*place)
            }
            _ => None,
        }
    }
}

/// A factor of a chain in the source tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Link {
    id: NotationId,
    transposed: bool,
}

/// A product with nested products merged.
#[derive(Clone, Debug, Default)]
struct Chain {
    scalars: Vec<NotationId>,
    links: Vec<Link>,
}

struct Normalizer<'s, 'a> {
    source: &'s NotationTree,
    /// Whether the square of a norm may be no sum of squares.
    complex: bool,
    builder: Builder<'a>,
    /// The differentials that stand for all unit arrays at once.
    spread: Vec<String>,
    /// The merged form of products, and of the arguments of traces and diagonals.
    chains: FxHashMap<NotationId, Chain>,
    /// How often two links stand side by side.
    neighbours: FxHashMap<(Link, Link), u32>,
    /// What was built for each formula of the source.
    new: Vec<Option<NotationId>>,
    /// What is built, or about to be.
    found: Vec<bool>,
}

impl<'a> Normalizer<'_, 'a> {
    /// Finds the chains of everything that has to be built. Products that are merged into another
    /// one do not have to be.
    fn find_chains(&mut self, roots: &[NotationId]) -> Result<()> {
        let mut found: FxHashSet<NotationId> = FxHashSet::default();
        let mut open = roots.to_vec();
        while let Some(id) = open.pop() {
            if !found.insert(id) {
                continue;
            }
            let node = self.source.node(id);
            if let Notation::Indexed { indices, .. } | Notation::IndexedSum { indices, .. } = node {
                self.builder.declare_indices(indices)?;
            }
            if let Notation::ConjugateTranspose(_) = node {
                return Err(Box::new(Diagnostic::unsupported("code for a conjugate transpose")));
            }
            if let Some(chain) = self.chain_of(id) {
                open.extend(chain.scalars.iter().copied());
                open.extend(chain.links.iter().map(|link| link.id));
                self.chains.insert(id, chain);
            } else if let Some(base) = self.squared_norm(id) {
                open.push(base);
            } else {
                node.for_each_child(|child| open.push(child));
            }
        }
        Ok(())
    }

    /// The chain of a product, or of the product under a trace or a diagonal.
    fn chain_of(&self, id: NotationId) -> Option<Chain> {
        let node = self.source.node(id);
        match node {
            Notation::Product(_) => Some(self.flatten(id)),
            Notation::Call { arguments, .. } if self.takes_diagonal(node) => {
                let chain = self.flatten(*arguments.first()?);
                (chain.links.len() > 1).then_some(chain)
            }
            _ => None,
        }
    }

    fn takes_diagonal(&self, node: &Notation) -> bool {
        matches!(node, Notation::Call { head: Head::DiagonalVector, .. }) || self.is_trace(node)
    }

    fn is_trace(&self, node: &Notation) -> bool {
        parts::structural(self.builder.book, node) == Some(Structural::Trace)
    }

    /// The base of a squared Euclidean norm.
    fn squared_norm(&self, id: NotationId) -> Option<NotationId> {
        let Notation::Power { base, exponent, kind: PowerKind::Scalar } = self.source.node(id)
        else {
            return None;
        };
        let is_two =
            matches!(self.source.node(*exponent), Notation::Number(two) if two.to_i64() == Some(2));
        if self.complex {
            return None;
        }
        let norm = self.source.node(*base);
        match norm {
            Notation::Call { arguments, .. }
                if is_two && parts::is_euclidean_norm(self.builder.book, norm) =>
            {
                arguments.first().copied()
            }
            _ => None,
        }
    }

    /// Merges nested products, transposed ones and small matrix powers next to vectors.
    fn flatten(&self, root: NotationId) -> Chain {
        let mut chain = Chain::default();
        let shape = self.source.shape(root);
        let thin = shape.rows == Dimensions::ONE || shape.columns == Dimensions::ONE;
        let mut open = vec![Link { id: root, transposed: false }];
        while let Some(link) = open.pop() {
            let room = chain.links.len() + open.len() < CHAIN_LENGTH || link.id == root;
            let is_scalar = self.source.shape(link.id).is_scalar();
            match self.source.node(link.id) {
                _ if is_scalar && link.id != root => chain.scalars.push(link.id),
                Notation::Product(factors) if room => {
                    let links = factors
                        .iter()
                        .map(|factor| Link { id: *factor, transposed: link.transposed });
                    if link.transposed {
                        open.extend(links);
                    } else {
                        open.extend(links.rev());
                    }
                }
                Notation::Transpose(inner) if room => {
                    open.push(Link { id: *inner, transposed: !link.transposed });
                }
                Notation::Power { base, exponent, kind: PowerKind::Matrix } if room && thin => {
                    match self.source.node(*exponent) {
                        Notation::Number(number) => match number.to_i64() {
                            Some(power @ 2..=UNROLLED_POWER) => {
                                let factor = Link { id: *base, transposed: link.transposed };
                                open.extend((0..power).map(|_| factor));
                            }
                            _ => chain.links.push(link),
                        },
                        _ => chain.links.push(link),
                    }
                }
                _ => chain.links.push(link),
            }
        }
        chain
    }

    fn count_neighbours(&mut self) {
        let mut ids: Vec<&NotationId> = self.chains.keys().collect();
        ids.sort_unstable();
        for id in ids {
            for pair in self.chains[id].links.windows(2) {
                *self.neighbours.entry((pair[0], pair[1])).or_default() += 1;
            }
        }
    }

    fn build(mut self, page: &Page) -> Result<Normal<'a>> {
        // Ids do not tell which formulas use which binding, so symmetric names come to be known
        // only as the bindings are built one after the other.
        let mut bindings = Vec::with_capacity(page.bindings.len());
        let references = References::count(self.source, page);
        for binding in &page.bindings {
            let formula = self.build_one(binding.formula)?;
            let free = self.builder.free_indices(formula);
            if self.spread.iter().any(|name| free.contains(&unit_index(name))) {
                self.name_family(references.all_places(binding), &free);
                bindings.push(NamedFormula { formula, ..binding.clone() });
                continue;
            }
            if let Some(place) = references.only_place(self.source, binding) {
                self.new[place.0 as usize] = Some(formula);
                continue;
            }
            if self.builder.is_symmetric(formula) && self.builder.free_indices(formula).is_empty() {
                self.builder.declare_symmetric(&binding.name);
            }
            bindings.push(NamedFormula { formula, ..binding.clone() });
        }
        let results =
            page.results.iter().map(|id| self.build_one(*id)).collect::<Result<Vec<_>>>()?;
        Ok(Normal { builder: self.builder, bindings, results })
    }

    /// Gives a name of the page the indices that it does not have there, since what depends on unit
    /// arrays is a family.
    fn name_family(&mut self, places: &[NotationId], free: &[String]) {
        for place in places {
            let shape = self.source.shape(*place);
            let base = self.builder.intern(self.source.node(*place).clone(), shape);
            let indexed = Notation::Indexed { base, indices: free.to_vec() };
            self.new[place.0 as usize] = Some(self.builder.intern(indexed, shape));
        }
    }

    /// Builds what a root needs and is not yet built.
    fn build_one(&mut self, root: NotationId) -> Result<NotationId> {
        let mut open = vec![root];
        let mut order = Vec::new();
        while let Some(id) = open.pop() {
            if self.is_built(id) || std::mem::replace(&mut self.found[id.0 as usize], true) {
                continue;
            }
            order.push(id);
            self.operands(id, &mut open);
        }
        order.sort_unstable();
        for id in order {
            let new = self.rebuild(id);
            self.new[id.0 as usize] = Some(new);
        }
        self.new[root.0 as usize]
            .ok_or_else(|| Box::new(Diagnostic::internal("a formula of the page was not built")))
    }

    fn is_built(&self, id: NotationId) -> bool {
        self.new[id.0 as usize].is_some()
    }

    fn operands(&self, id: NotationId, open: &mut Vec<NotationId>) {
        if let Some(chain) = self.chains.get(&id) {
            open.extend(chain.scalars.iter().copied());
            open.extend(chain.links.iter().map(|link| link.id));
        } else if let Some(base) = self.squared_norm(id) {
            open.push(base);
        } else {
            self.source.node(id).for_each_child(|child| open.push(child));
        }
    }

    fn rebuild(&mut self, id: NotationId) -> NotationId {
        let node = self.source.node(id).clone();
        let shape = self.source.shape(id);
        if let Some(chain) = self.chains.remove(&id) {
            let built = self.rebuild_chain(&node, shape, &chain);
            self.chains.insert(id, chain);
            return built;
        }
        if let Some(base) = self.squared_norm(id) {
            let base = self.translated(base);
            if let Some(square) = self.square_sum(base) {
                return square;
            }
        }
        match node {
            Notation::Name { text, .. } if self.spread.contains(&text) => {
                let base = self.builder.intern(self.source.node(id).clone(), shape);
                let indices = vec![unit_index(&text)];
                self.builder.intern(Notation::Indexed { base, indices }, shape)
            }
            Notation::Transpose(inner) => {
                let inner = self.translated(inner);
                self.builder.transpose(inner)
            }
            Notation::Sum(terms) => {
                let terms = terms.iter().map(|(minus, term)| (*minus, self.translated(*term)));
                let terms = terms.collect();
                self.sum(terms, shape)
            }
            Notation::Hadamard(factors) => {
                let factors = factors.iter().map(|factor| self.translated(*factor)).collect();
                self.hadamard(factors, shape)
            }
            _ => {
                let node = node.map_children(|child| self.translated(child));
                self.builder.intern(node, shape)
            }
        }
    }

    fn translated(&self, id: NotationId) -> NotationId {
        self.new.get(id.0 as usize).copied().flatten().unwrap_or(id)
    }

    /// The sum of the squares of all entries, if the rule book can write it.
    fn square_sum(&mut self, base: NotationId) -> Option<NotationId> {
        let shape = self.builder.shape(base);
        let two = self.builder.intern(Notation::Number(Rational::integer(2)), Shape::SCALAR);
        let power = |kind| Notation::Power { base, exponent: two, kind };
        if shape.is_scalar() {
            return Some(self.builder.intern(power(PowerKind::Scalar), shape));
        }
        if shape.is_vector() {
            let other = self.builder.transpose(base);
            let column = shape.columns == Dimensions::ONE;
            let (row, column) = if column { (other, base) } else { (base, other) };
            return Some(self.builder.multiply(row, column));
        }
        let sum = self.builder.book.structural(Structural::Sum)?;
        let square = self.builder.intern(power(PowerKind::Elementwise), shape);
        let call =
            Notation::Call { head: Head::Book(sum), arguments: vec![square], sizes: Vec::new() };
        Some(self.builder.intern(call, Shape::SCALAR))
    }

    /// A sum in parts, so that no formula gets wider than a line.
    fn sum(&mut self, mut terms: Vec<(bool, NotationId)>, shape: Shape) -> NotationId {
        while terms.len() > PARTS {
            let mut nested = Vec::with_capacity(terms.len() / PARTS + 1);
            for chunk in terms.chunks(PARTS) {
                nested.push(match chunk {
                    [single] => *single,
                    _ => {
                        let scalar =
                            chunk.iter().all(|(_, term)| self.builder.shape(*term).is_scalar());
                        let shape = if scalar { Shape::SCALAR } else { shape };
                        (false, self.builder.intern(Notation::Sum(chunk.to_vec()), shape))
                    }
                });
            }
            terms = nested;
        }
        self.builder.intern(Notation::Sum(terms), shape)
    }

    fn hadamard(&mut self, mut factors: Vec<NotationId>, shape: Shape) -> NotationId {
        while factors.len() > PARTS {
            let mut nested = Vec::with_capacity(factors.len() / PARTS + 1);
            for chunk in factors.chunks(PARTS) {
                nested.push(self.builder.intern(Notation::Hadamard(chunk.to_vec()), shape));
            }
            factors = nested;
        }
        self.builder.intern(Notation::Hadamard(factors), shape)
    }

    fn rebuild_chain(&mut self, node: &Notation, shape: Shape, chain: &Chain) -> NotationId {
        let (ids, factors) = self.factors(chain);
        let mut scalars: Vec<NotationId> =
            chain.scalars.iter().map(|scalar| self.translated(*scalar)).collect();
        while scalars.len() > PARTS {
            let rest = scalars.split_off(PARTS);
            let first = self.builder.scale(scalars, None);
            scalars = vec![first];
            scalars.extend(rest);
        }
        let array = match node {
            Notation::Call { .. } => Some(self.diagonal(node, shape, &ids, &factors)),
            _ if ids.is_empty() => None,
            _ => Some(self.multiply(&ids, &associate::associate(&factors))),
        };
        self.builder.scale(scalars, array)
    }

    /// The trace or the diagonal of a chain.
    fn diagonal(
        &mut self,
        node: &Notation,
        shape: Shape,
        ids: &[NotationId],
        factors: &[Factor],
    ) -> NotationId {
        let product = if ids.len() == 1 {
            ids[0]
        } else {
            let (left, right) = associate::associate_diagonal(factors, self.is_trace(node));
            let left = self.multiply(ids, &left);
            let right = self.multiply(ids, &right);
            self.builder.multiply(left, right)
        };
        if self.builder.shape(product).is_scalar() {
            return product;
        }
        let node = node.map_children(|_| product);
        self.builder.intern(node, shape)
    }

    fn multiply(&mut self, ids: &[NotationId], steps: &[Step]) -> NotationId {
        let mut stack = Vec::new();
        for step in steps {
            match step {
                Step::Push(position) => stack.push(ids[*position]),
                Step::Multiply => {
                    let pair = (stack.pop(), stack.pop());
                    if let (Some(right), Some(left)) = pair {
                        stack.push(self.builder.multiply(left, right));
                    }
                }
            }
        }
        stack.pop().unwrap_or(NotationId(0))
    }

    /// The factors of a chain without identities, with what their order depends on.
    fn factors(&mut self, chain: &Chain) -> (Vec<NotationId>, Vec<Factor>) {
        let mut ids = Vec::with_capacity(chain.links.len());
        let mut factors = Vec::with_capacity(chain.links.len());
        for (position, link) in chain.links.iter().enumerate() {
            let mut id = self.translated(link.id);
            if link.transposed {
                id = self.builder.transpose(id);
            }
            let last_one = position + 1 == chain.links.len() && ids.is_empty();
            if matches!(self.builder.node(id), Notation::Identity) && !last_one {
                continue;
            }
            let next = chain.links.get(position + 1);
            let shared = next.and_then(|next| self.neighbours.get(&(*link, *next)));
            let shape = self.builder.shape(id);
            ids.push(id);
            factors.push(Factor {
                rows: self.size(shape.rows),
                columns: self.size(shape.columns),
                kind: self.kind(id),
                shared_with_next: shared.is_some_and(|count| *count > 1),
            });
        }
        (ids, factors)
    }

    fn kind(&self, id: NotationId) -> FactorKind {
        let inner = match self.builder.node(id) {
            Notation::Transpose(inner) => self.builder.node(*inner),
            node => node,
        };
        match inner {
            Notation::Ones => FactorKind::Ones,
            Notation::Call { head: Head::DiagonalMatrix, .. } => FactorKind::Diagonal,
            node if parts::role(self.builder.book, node) == Some(Role::Inverse) => {
                FactorKind::Inverse
            }
            _ => FactorKind::General,
        }
    }

    /// A representative size: large for anything with a name in it.
    fn size(&self, dimension: DimensionId) -> f64 {
        const TYPICAL: f64 = 1000.0;
        let polynomial = self.builder.tree.dimensions.polynomial(dimension);
        if let Some(number) = polynomial.as_constant() {
            return number.to_f64();
        }
        let mut total = 0.0;
        for (monomial, coefficient) in &polynomial.0 {
            let degree = monomial.iter().map(|(_, exponent)| f64::from(*exponent)).sum::<f64>();
            total += coefficient.to_f64() * TYPICAL.powf(degree);
        }
        if total > 1.0 { total } else { TYPICAL }
    }
}
