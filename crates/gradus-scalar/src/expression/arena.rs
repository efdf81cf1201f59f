//! The arena: interned nodes, what is known of each, and the budget.
//!
//! Must not know which simplifications there are.

use num_traits::{Signed, Zero};
use rustc_hash::FxHashMap;

use super::node::{ExprId, Node, Parameter, ParameterId, Rational, Sign};

/// The most nodes of an arena.
const MOST_NODES: usize = 400_000;
/// The most children of a node.
const MOST_CHILDREN: usize = 4_000;

/// What is known of a node from its children.
#[derive(Clone, Copy, Debug)]
struct Facts {
    depends: bool,
    sign: Sign,
    size: u32,
}

/// The expressions of one question.
#[derive(Clone, Debug)]
pub struct Arena {
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    ids: FxHashMap<Node, ExprId>,
    parameters: Vec<Parameter>,
    budget: u64,
    spent: u64,
    exhausted: bool,
    variable_is_positive: bool,
    writes_exponentials: bool,
    pub(super) normals: FxHashMap<ExprId, ExprId>,
    pub(super) normal_depth: u32,
}

impl Arena {
    /// What has no value.
    pub const UNDEFINED: ExprId = ExprId(0);
    /// 0
    pub const ZERO: ExprId = ExprId(1);
    /// 1
    pub const ONE: ExprId = ExprId(2);
    /// −1
    pub const MINUS_ONE: ExprId = ExprId(3);
    /// 1/2
    pub const HALF: ExprId = ExprId(4);
    /// π
    pub const PI: ExprId = ExprId(5);
    /// The variable.
    pub const VARIABLE: ExprId = ExprId(6);

    /// An arena in which about `budget` steps of work may be done. See [`Self::spend`].
    #[must_use]
    pub fn new(budget: u64) -> Self {
        let mut arena = Self {
            nodes: Vec::new(),
            facts: Vec::new(),
            ids: FxHashMap::default(),
            parameters: Vec::new(),
            budget,
            spent: 0,
            exhausted: false,
            variable_is_positive: false,
            writes_exponentials: false,
            normals: FxHashMap::default(),
            normal_depth: 0,
        };
        arena.intern(Node::Undefined);
        for number in [0, 1, -1] {
            arena.intern(Node::Number(Rational::from_integer(number.into())));
        }
        arena.intern(Node::Number(Rational::new(1.into(), 2.into())));
        arena.intern(Node::Pi);
        arena.intern(Node::Variable);
        arena
    }

    /// The node of an id.
    #[must_use]
    pub fn node(&self, id: ExprId) -> &Node {
        &self.nodes[id.position()]
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node; never the case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Counts work. One step is about one node built, or one operation on a number of usual length.
    pub fn spend(&mut self, steps: u64) {
        self.spent = self.spent.saturating_add(steps);
        if self.spent > self.budget {
            self.exhausted = true;
        }
    }

    /// Whether the budget is spent. What an exhausted arena returned is worthless.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// The work done so far.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent
    }

    pub(super) fn exhaust(&mut self) -> ExprId {
        self.exhausted = true;
        Self::UNDEFINED
    }

    /// Says that the variable is positive from now on: expressions of nodes built before keep what
    /// they were known to be.
    pub fn assume_variable_positive(&mut self) {
        self.variable_is_positive = true;
        self.facts[Self::VARIABLE.position()].sign = Sign::Positive;
        self.normals.clear();
    }

    /// Says that powers whose exponent depends on the variable are written as exponentials from now
    /// on: `x^x` as `exp(x*log(x))`. Powers of −1 stay.
    pub fn write_exponentials(&mut self) {
        self.writes_exponentials = true;
    }

    pub(super) fn writes_exponentials(&self) -> bool {
        self.writes_exponentials
    }

    /// A symbol other than the variable. Equal names are one symbol; the first sign stays.
    pub fn parameter(&mut self, name: &str, sign: Sign) -> ExprId {
        let known = self.parameters.iter().position(|parameter| parameter.name == name);
        let at = known.unwrap_or_else(|| {
            self.parameters.push(Parameter { name: name.to_owned(), sign });
            self.parameters.len() - 1
        });
        self.intern(Node::Parameter(ParameterId(u32::try_from(at).unwrap_or(u32::MAX))))
    }

    /// What is known of a symbol.
    #[must_use]
    pub fn parameter_facts(&self, id: ParameterId) -> &Parameter {
        &self.parameters[id.0 as usize]
    }

    /// The symbols, in the order in which they were made.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Whether the variable occurs.
    #[must_use]
    pub fn depends(&self, id: ExprId) -> bool {
        self.facts[id.position()].depends
    }

    /// What is known of the sign from the form of the expression.
    #[must_use]
    pub fn sign(&self, id: ExprId) -> Sign {
        self.facts[id.position()].sign
    }

    /// How many nodes the expression has, written as a tree.
    #[must_use]
    pub fn size(&self, id: ExprId) -> u32 {
        self.facts[id.position()].size
    }

    /// The number that an expression is.
    #[must_use]
    pub fn as_number(&self, id: ExprId) -> Option<&Rational> {
        match self.node(id) {
            Node::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The small integer that an expression is.
    #[must_use]
    pub fn as_integer(&self, id: ExprId) -> Option<i64> {
        let number = self.as_number(id)?;
        if number.is_integer() { i64::try_from(number.numer()).ok() } else { None }
    }

    /// A number.
    pub fn number(&mut self, number: Rational) -> ExprId {
        self.intern(Node::Number(number))
    }

    /// An integer.
    pub fn integer(&mut self, number: i64) -> ExprId {
        self.number(Rational::from_integer(number.into()))
    }

    /// A quotient of integers; undefined where the denominator is zero.
    pub fn fraction(&mut self, numerator: i64, denominator: i64) -> ExprId {
        if denominator == 0 {
            return Self::UNDEFINED;
        }
        self.number(Rational::new(numerator.into(), denominator.into()))
    }

    /// Visits the direct children of a node.
    pub fn children(&self, id: ExprId, mut visit: impl FnMut(ExprId)) {
        match self.node(id) {
            Node::Undefined | Node::Number(_) | Node::Pi | Node::Variable | Node::Parameter(_) => {}
            Node::Sum(terms) => terms.iter().for_each(|term| visit(term.base)),
            Node::Product(factors) => {
                for factor in factors {
                    visit(factor.base);
                    visit(factor.exponent);
                }
            }
            Node::Apply(_, argument) => visit(*argument),
        }
    }

    /// The expression and all that stand in it, by rising id: children first.
    #[must_use]
    pub fn reachable(&self, root: ExprId) -> Vec<ExprId> {
        self.reachable_from(&[root])
    }

    /// The expressions and all that stand in them, by rising id: children first.
    #[must_use]
    pub fn reachable_from(&self, roots: &[ExprId]) -> Vec<ExprId> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut found = Vec::new();
        let mut open = roots.to_vec();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                found.push(id);
                self.children(id, |child| open.push(child));
            }
        }
        found.sort_unstable();
        found
    }

    /// The id of a node in the form that the constructors make.
    pub(super) fn intern(&mut self, node: Node) -> ExprId {
        if let Some(id) = self.ids.get(&node) {
            return *id;
        }
        self.spend(1);
        let is_wide = match &node {
            Node::Sum(terms) => terms.len() > MOST_CHILDREN,
            Node::Product(factors) => factors.len() > MOST_CHILDREN,
            Node::Number(number) => number.numer().bits() + number.denom().bits() > 40_000,
            _ => false,
        };
        if is_wide || self.nodes.len() >= MOST_NODES {
            return self.exhaust();
        }
        if self.exhausted && self.nodes.len() > Self::VARIABLE.position() {
            return Self::UNDEFINED;
        }
        let facts = self.facts_of(&node);
        let id = ExprId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.facts.push(facts);
        self.ids.insert(node, id);
        id
    }

    fn facts_of(&self, node: &Node) -> Facts {
        let mut depends = matches!(node, Node::Variable);
        let mut size: u32 = 1;
        let mut visit = |child: ExprId| {
            depends |= self.depends(child);
            size = size.saturating_add(self.size(child));
        };
        match node {
            Node::Sum(terms) => terms.iter().for_each(|term| visit(term.base)),
            Node::Product(factors) => factors.iter().for_each(|factor| {
                visit(factor.base);
                visit(factor.exponent);
            }),
            Node::Apply(_, argument) => visit(*argument),
            _ => {}
        }
        Facts { depends, sign: self.sign_of_node(node), size }
    }

    fn sign_of_node(&self, node: &Node) -> Sign {
        match node {
            Node::Undefined => Sign::Unknown,
            Node::Number(number) if number.is_zero() => Sign::Zero,
            Node::Number(number) if number.is_positive() => Sign::Positive,
            Node::Number(_) => Sign::Negative,
            Node::Pi => Sign::Positive,
            Node::Variable if self.variable_is_positive => Sign::Positive,
            Node::Variable => Sign::Unknown,
            Node::Parameter(id) => self.parameter_facts(*id).sign,
            Node::Sum(terms) => self.sign_of_sum(terms),
            Node::Product(factors) => self.sign_of_product(factors),
            Node::Apply(function, argument) => self.sign_of_call(*function, *argument),
        }
    }
}
