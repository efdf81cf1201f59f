//! Replacing the variable, or any nodes, and building the expression anew.
//!
//! Must not know what the replacement is for.

use rustc_hash::FxHashMap;

use super::arena::Arena;
use super::node::{ExprId, Node};

impl Arena {
    /// The expression with `value` in place of the variable.
    pub fn substitute(&mut self, id: ExprId, value: ExprId) -> ExprId {
        let mut images = FxHashMap::default();
        images.insert(Self::VARIABLE, value);
        self.rebuild(id, &mut images)
    }

    /// An expression of another arena, with `variable` in place of its variable. Symbols are told by
    /// their names.
    pub fn copy(&mut self, from: &Self, id: ExprId, variable: ExprId) -> ExprId {
        let mut images: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        for at in from.reachable(id) {
            let of = |child: ExprId| images.get(&child).copied().unwrap_or(Self::UNDEFINED);
            let image = match from.node(at).clone() {
                Node::Undefined => Self::UNDEFINED,
                Node::Number(number) => self.number(number),
                Node::Pi => Self::PI,
                Node::Variable => variable,
                Node::Parameter(parameter) => {
                    let facts = from.parameter_facts(parameter);
                    self.parameter(&facts.name, facts.sign)
                }
                Node::Sum(terms) => {
                    let terms: Vec<_> =
                        terms.into_iter().map(|term| (term.coefficient, of(term.base))).collect();
                    self.combine(&terms)
                }
                Node::Product(factors) => {
                    let mut powers = Vec::with_capacity(factors.len());
                    for factor in factors {
                        powers.push(self.power(of(factor.base), of(factor.exponent)));
                    }
                    self.multiply(&powers)
                }
                Node::Apply(function, argument) => self.apply(function, of(argument)),
            };
            images.insert(at, image);
        }
        images.get(&id).copied().unwrap_or(Self::UNDEFINED)
    }

    /// The expression with other nodes in place of some: `images` says what takes the place of what,
    /// and holds the images of all nodes of the expression afterwards.
    pub fn rebuild(&mut self, id: ExprId, images: &mut FxHashMap<ExprId, ExprId>) -> ExprId {
        for at in self.reachable(id) {
            if images.contains_key(&at) {
                continue;
            }
            let image = self.rebuild_node(at, images);
            images.insert(at, image);
        }
        images.get(&id).copied().unwrap_or(Self::UNDEFINED)
    }

    /// The node with its children replaced by their images.
    pub(crate) fn rebuild_node(
        &mut self,
        id: ExprId,
        images: &FxHashMap<ExprId, ExprId>,
    ) -> ExprId {
        let image = |child: ExprId| images.get(&child).copied().unwrap_or(child);
        let mut is_same = true;
        self.children(id, |child| is_same &= image(child) == child);
        if is_same {
            return id;
        }
        match self.node(id).clone() {
            Node::Sum(terms) => {
                let terms: Vec<_> =
                    terms.into_iter().map(|term| (term.coefficient, image(term.base))).collect();
                self.combine(&terms)
            }
            Node::Product(factors) => {
                let mut powers = Vec::with_capacity(factors.len());
                for factor in factors {
                    powers.push(self.power(image(factor.base), image(factor.exponent)));
                }
                self.multiply(&powers)
            }
            Node::Apply(function, argument) => self.apply(function, image(argument)),
            _ => id,
        }
    }
}
