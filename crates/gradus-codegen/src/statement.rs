//! The statement list: named formulas in order of computation, in no particular language.
//!
//! Must not know how statements are chosen or spelled. Each statement is a formula of the notation
//! over names, so the list is a page and can be printed as source text and verified.

use std::borrow::Cow;

use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{NamedFormula, Notation, NotationId, Page};
use rustc_hash::FxHashMap;

use crate::walk;

/// One computation whose value has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The name; unlike every variable, dimension and function.
    pub name: String,
    /// Free indices of the formula. With indices the name stands for a family, which formulas use
    /// as `name[i]`.
    pub indices: Vec<String>,
    /// The formula: products of at most two arrays, associated as they are to be computed.
    pub formula: NotationId,
    /// Whether the user bound this name.
    pub from_user: bool,
}

/// What has to be computed, in order.
#[derive(Clone, Debug, Default)]
pub struct StatementList {
    /// The formulas of statements and results.
    pub tree: NotationTree,
    /// The statements, each using only earlier ones.
    pub statements: Vec<Statement>,
    /// The results, over the names of statements and variables.
    pub results: Vec<NotationId>,
    /// The differentials that stand for all unit arrays at once, `dX[unit_index("dX")]`.
    pub(crate) spread: Vec<String>,
    /// For each formula of the tree, whether it is known to equal its transpose.
    pub(crate) symmetric: Vec<bool>,
}

/// The index that tells the unit arrays apart for which a differential stands. No name of a user has
/// a space.
pub(crate) fn unit_index(differential: &str) -> String {
    format!("unit {differential}")
}

impl StatementList {
    /// Whether a formula is known to equal its transpose.
    #[must_use]
    pub fn is_symmetric(&self, id: NotationId) -> bool {
        self.symmetric.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// The list as a page that can be printed and read back. Statements with free indices have no
    /// spelling as bindings, so their formulas stand in the place of their names.
    #[must_use]
    pub fn to_page(&self) -> (Cow<'_, NotationTree>, Page) {
        let mut tree = Cow::Borrowed(&self.tree);
        let mut members: FxHashMap<String, NotationId> = FxHashMap::default();
        let mut page = Page::default();
        self.take_units_away(&mut tree, &mut members);
        for statement in &self.statements {
            let formula = expand_members(&mut tree, statement.formula, &members);
            if statement.indices.is_empty() {
                page.bindings.push(NamedFormula {
                    name: statement.name.clone(),
                    index: None,
                    formula,
                    from_user: statement.from_user,
                });
            } else {
                members.insert(statement.name.clone(), formula);
            }
        }
        page.results =
            self.results.iter().map(|id| expand_members(&mut tree, *id, &members)).collect();
        (tree, page)
    }

    /// On a page a differential stands for itself, not for unit arrays.
    fn take_units_away(
        &self,
        tree: &mut Cow<'_, NotationTree>,
        members: &mut FxHashMap<String, NotationId>,
    ) {
        for position in 0..self.tree.len() {
            let id = NotationId(u32::try_from(position).unwrap_or(u32::MAX));
            if let Some((name, base)) = member_name(tree, id)
                && self.spread.iter().any(|spread| spread == name)
            {
                members.insert(name.to_owned(), base);
            }
        }
    }
}

/// The formula with every `t[i]` of a known `t` replaced by its definition. Names of indices are
/// the same at the definition and at the use, because equal names were shared there.
fn expand_members(
    tree: &mut Cow<'_, NotationTree>,
    root: NotationId,
    members: &FxHashMap<String, NotationId>,
) -> NotationId {
    if members.is_empty() {
        return root;
    }
    let tree = tree.to_mut();
    let mut replaced: FxHashMap<NotationId, NotationId> = FxHashMap::default();
    for id in walk::reachable(tree, [root]) {
        let new = match member_name(tree, id).and_then(|(name, _)| members.get(name)) {
            Some(definition) => *definition,
            None => {
                let children = |child| replaced.get(&child).copied().unwrap_or(child);
                let node = tree.node(id).map_children(children);
                let shape = tree.shape(id);
                tree.intern(node, shape)
            }
        };
        replaced.insert(id, new);
    }
    replaced.get(&root).copied().unwrap_or(root)
}

/// The name `t` of a formula `t[i]`, and where it stands.
fn member_name(tree: &NotationTree, id: NotationId) -> Option<(&str, NotationId)> {
    let Notation::Indexed { base, .. } = tree.node(id) else {
        return None;
    };
    match tree.node(*base) {
        Notation::Name { text, .. } => Some((text, *base)),
        _ => None,
    }
}
