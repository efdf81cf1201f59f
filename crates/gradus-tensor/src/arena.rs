//! The arena: one per request. Interning, axes, names, facts of nodes.
//!
//! Must not know how nodes simplify; that is the business of the constructors in `construct`.
//!
//! Invariants: ids are in creation order, children first. Every label of a contraction is in an
//! operand, in the output, or deliberately summed free. A coefficient stands only in a sum. A closed
//! component of a contraction is a scalar node of its own. A sum of more than two axes is never an
//! operand. Equal ids are equal networks; the converse is best effort.

use std::fmt;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::dimension::{DimensionId, Dimensions};
use crate::facts::Vocabulary;
use crate::node::{Node, NodeId, Scaled};
use crate::rational::Rational;
use crate::symbol::{Axes, Axis, Structure, Symbol, SymbolId};

/// What is known of the value of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeFacts {
    /// Exchanging the two axes changes nothing.
    pub symmetric: bool,
    /// Every entry is greater than zero.
    pub positive: bool,
    /// Every entry is at least zero.
    pub nonnegative: bool,
    /// The entries of this vector add up to one.
    pub sums_to_one: bool,
    /// `Q'Q = QQ' = I`.
    pub orthogonal: bool,
    /// The inverse exists wherever the expression is defined.
    pub invertible: bool,
    /// Zero off the diagonal.
    pub diagonal: bool,
    /// Zero above the diagonal.
    pub lower: bool,
    /// Zero below the diagonal.
    pub upper: bool,
    /// Exchanging the two axes changes the sign.
    pub skew: bool,
    /// A complex variable stands in it, so that it need not be real.
    pub complex: bool,
}

/// What is kept of a node beside the node itself.
pub(crate) struct NodeData {
    pub(crate) axes: Axes,
    pub(crate) facts: NodeFacts,
    pub(crate) name: Option<String>,
    /// Flattening stops here although there is no name.
    pub(crate) boundary: bool,
}

/// A limit of an arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhaustion {
    /// Of nodes.
    Nodes,
    /// Of labels in one product.
    Labels,
    /// Of digits in one number.
    Digits,
}

impl fmt::Display for Exhaustion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nodes => "too many nodes",
            Self::Labels => "a product with too many indices",
            Self::Digits => "numbers with too many digits",
        })
    }
}

/// Coefficients with more bits than this in numerator or denominator are refused: no text could show
/// them, and computing with them takes long.
pub(crate) const COEFFICIENT_BITS: u64 = 4096;

/// Nodes with their coefficients.
pub(crate) type Terms = Vec<(Rational, NodeId)>;

/// The arena of one request.
pub struct Arena {
    /// The dimensions.
    pub dimensions: Dimensions,
    pub(crate) vocabulary: &'static dyn Vocabulary,
    pub(crate) symbols: Vec<Symbol>,
    /// The nodes in order of their ids.
    pub(crate) nodes: IndexSet<Node, FxBuildHasher>,
    /// What is kept of each node.
    pub(crate) data: Vec<NodeData>,
    /// Sums by their canonical terms: the first seen one of each line.
    pub(crate) sums: FxHashMap<(Terms, Axes), (Rational, NodeId)>,
    /// Which matrices were squared, and whether they are their own squares.
    pub(crate) projectors: FxHashMap<NodeId, bool>,
    /// How many matrices are being squared at the moment.
    pub(crate) squaring: u32,
    /// Whether sums of exponentials stay as they are written: `softmax` and `logsumexp` are not recognised.
    pub plain_sums: bool,
    /// The leaves that stand for conjugates of variables, with the variables.
    pub(crate) conjugate_symbols: Vec<(SymbolId, SymbolId)>,
    /// The conjugates of nodes.
    pub(crate) conjugates: FxHashMap<NodeId, Scaled>,
    pub(crate) limit: usize,
    pub(crate) exhausted: Option<Exhaustion>,
}

impl Arena {
    /// An empty arena over a table of dimensions, which may hold at most `limit` nodes.
    #[must_use]
    pub fn new(dimensions: Dimensions, vocabulary: &'static dyn Vocabulary, limit: usize) -> Self {
        Self {
            dimensions,
            vocabulary,
            symbols: Vec::new(),
            nodes: IndexSet::default(),
            data: Vec::new(),
            sums: FxHashMap::default(),
            projectors: FxHashMap::default(),
            squaring: 0,
            plain_sums: false,
            conjugate_symbols: Vec::new(),
            conjugates: FxHashMap::default(),
            limit,
            exhausted: None,
        }
    }

    /// The limit that was hit first, if one was; every result since then is meaningless and must be
    /// refused.
    #[must_use]
    pub fn exhaustion(&self) -> Option<Exhaustion> {
        self.exhausted
    }

    pub(crate) fn exhaust(&mut self, limit: Exhaustion) {
        self.exhausted = self.exhausted.or(Some(limit));
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The rule book's facts.
    #[must_use]
    pub fn vocabulary(&self) -> &'static dyn Vocabulary {
        self.vocabulary
    }

    /// The kind of a node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The axes of a node, in order.
    #[must_use]
    pub fn axes(&self, id: NodeId) -> &[Axis] {
        &self.data[id.0 as usize].axes
    }

    /// What is known of a node.
    #[must_use]
    pub fn facts(&self, id: NodeId) -> NodeFacts {
        self.data[id.0 as usize].facts
    }

    /// The name of a node: printing prints it, and flattening stops there.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<&str> {
        self.data[id.0 as usize].name.as_deref()
    }

    /// Whether flattening stops at this node.
    #[must_use]
    pub fn is_boundary(&self, id: NodeId) -> bool {
        let data = &self.data[id.0 as usize];
        data.boundary || data.name.is_some()
    }

    /// Names a node. Symbols and numbers take no name, and the first name of a node stays; returns
    /// whether the name was taken.
    pub fn set_name(&mut self, id: NodeId, name: &str) -> bool {
        let is_atom =
            matches!(self.node(id), Node::Symbol(_) | Node::Constant(_)) || self.is_number(id);
        let data = &mut self.data[id.0 as usize];
        if is_atom || data.name.is_some() {
            return false;
        }
        data.name = Some(name.to_owned());
        true
    }

    /// Makes flattening stop at a node, so that what is shared stays shared.
    pub fn set_boundary(&mut self, id: NodeId) {
        self.data[id.0 as usize].boundary = true;
    }

    /// Whether the node is the number one, a number, or zero.
    #[must_use]
    pub fn is_number(&self, id: NodeId) -> bool {
        match self.node(id) {
            Node::Contraction(contraction) => {
                contraction.operands.is_empty() && contraction.axes.is_empty()
            }
            Node::Sum(sum) => {
                sum.axes.is_empty() && sum.terms.iter().all(|(_, term)| self.is_one(*term))
            }
            _ => false,
        }
    }

    /// Whether the node is the empty contraction, the number one.
    #[must_use]
    pub fn is_one(&self, id: NodeId) -> bool {
        matches!(self.node(id), Node::Contraction(contraction)
            if contraction.operands.is_empty() && contraction.axes.is_empty())
    }

    /// Whether the node is zero (of any axes).
    #[must_use]
    pub fn is_zero(&self, id: NodeId) -> bool {
        matches!(self.node(id), Node::Sum(sum) if sum.terms.is_empty())
    }

    /// A variable.
    #[must_use]
    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.0 as usize]
    }

    /// All variables.
    #[must_use]
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// Declares a variable. For functions `f` the node is not used, only the id.
    pub fn declare(&mut self, symbol: Symbol) -> SymbolId {
        let id = SymbolId(u32::try_from(self.symbols.len()).unwrap_or(u32::MAX));
        self.symbols.push(symbol);
        id
    }

    /// The node of a variable.
    pub fn variable(&mut self, id: SymbolId) -> NodeId {
        let symbol = self.symbol(id);
        let axes = symbol.axes.clone();
        let facts = NodeFacts {
            symmetric: matches!(
                symbol.structure,
                Structure::Symmetric | Structure::Diagonal | Structure::PositiveDefinite
            ),
            positive: symbol.positive,
            nonnegative: symbol.positive
                || matches!(symbol.structure, Structure::OneHot | Structure::Simplex),
            sums_to_one: matches!(symbol.structure, Structure::OneHot | Structure::Simplex),
            orthogonal: symbol.structure == Structure::Orthogonal,
            invertible: matches!(
                symbol.structure,
                Structure::PositiveDefinite | Structure::Orthogonal | Structure::Unitary
            ),
            diagonal: symbol.structure == Structure::Diagonal,
            lower: symbol.structure == Structure::LowerTriangular,
            upper: symbol.structure == Structure::UpperTriangular,
            skew: symbol.structure == Structure::Skew,
            complex: symbol.complex,
        };
        self.insert(Node::Symbol(id), axes, facts)
    }

    /// Interns a node as it is, without any simplification. The caller answers for the invariants.
    pub fn insert(&mut self, node: Node, axes: Axes, facts: NodeFacts) -> NodeId {
        if let Some(id) = self.find(&node) {
            return id;
        }
        if self.nodes.len() >= self.limit {
            self.exhaust(Exhaustion::Nodes);
            // The limit leaves room for the few nodes that a caller makes before it looks.
            if self.nodes.len() >= self.limit.saturating_add(4096) {
                return NodeId(0);
            }
        }
        let facts = self.with_complexity(&node, facts);
        let (at, _) = self.nodes.insert_full(node);
        self.data.push(NodeData { axes, facts, name: None, boundary: false });
        NodeId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The id of a node that was interned before.
    pub(crate) fn find(&self, node: &Node) -> Option<NodeId> {
        let at = self.nodes.get_index_of(node)?;
        Some(NodeId(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// Facts with whether a complex variable stands in a node; only of real numbers a sign is known.
    fn with_complexity(&self, node: &Node, facts: NodeFacts) -> NodeFacts {
        let complex = facts.complex || node.children().any(|child| self.facts(child).complex);
        NodeFacts {
            complex,
            positive: facts.positive && !complex,
            nonnegative: facts.nonnegative && !complex,
            ..facts
        }
    }

    /// The dimension of an axis of a node.
    #[must_use]
    pub fn dimension(&self, id: NodeId, axis: usize) -> DimensionId {
        self.axes(id)[axis].dimension
    }

    /// A scaled node as a node: itself, or a sum of one term.
    pub fn to_node(&mut self, value: &Scaled) -> NodeId {
        if value.coefficient.is_one() {
            return value.node;
        }
        let axes: Axes = self.axes(value.node).into();
        self.scaled_node(&value.coefficient, value.node, axes)
    }
}
