//! A text with its surface tree, in which parts are replaced.
//!
//! Must not know what the parts mean.

use gradus_diagnostics::Error;
use gradus_syntax::tree::{Expr, ExprId, Statement, Tree};
use gradus_syntax::{parse_with, print_with};

/// A formula over this many bytes is not inlined.
const LONGEST: usize = 4000;

/// A parsed formula or program.
#[derive(Clone, Debug)]
pub(crate) struct Surface {
    pub(crate) text: String,
    pub(crate) tree: Tree,
    /// The expressions that stand in statements, children first.
    pub(crate) ids: Vec<ExprId>,
    parents: Vec<Option<ExprId>>,
}

impl Surface {
    /// Parses a text in which these names are known.
    pub(crate) fn read(text: &str, names: &[&str]) -> Result<Self, Error> {
        let (tree, _) = parse_with(text, names).into_result()?;
        let mut parents = vec![None; tree.exprs.len()];
        let mut reached = vec![false; tree.exprs.len()];
        let mut pending: Vec<ExprId> = roots(&tree);
        for root in &pending {
            reached[root.0 as usize] = true;
        }
        while let Some(id) = pending.pop() {
            tree.for_each_child(id, |child| {
                parents[child.0 as usize] = Some(id);
                reached[child.0 as usize] = true;
                pending.push(child);
            });
        }
        let ids = (0..tree.exprs.len())
            .filter(|at| reached[*at])
            .filter_map(|at| u32::try_from(at).ok().map(ExprId))
            .collect();
        Ok(Self { text: text.to_owned(), tree, ids, parents })
    }

    pub(crate) fn expr(&self, id: ExprId) -> &Expr {
        self.tree.expr(id)
    }

    /// The expression around another one.
    pub(crate) fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.parents[id.0 as usize]
    }

    /// The text of an expression, without parentheses around it.
    pub(crate) fn of(&self, id: ExprId) -> &str {
        let span = self.tree.span(id);
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The whole text with an expression replaced.
    pub(crate) fn replaced(&self, id: ExprId, by: &str) -> String {
        self.replaced_all(&[(id, by.to_owned())])
    }

    /// The whole text with several expressions replaced, none of which stands in another one.
    pub(crate) fn replaced_all(&self, edits: &[(ExprId, String)]) -> String {
        let mut edits: Vec<(usize, usize, &str)> = edits
            .iter()
            .map(|(id, by)| {
                let span = self.tree.span(*id);
                (span.start as usize, span.end as usize, by.as_str())
            })
            .collect();
        edits.sort_unstable();
        let mut out = String::with_capacity(self.text.len() + 16);
        let mut at = 0;
        for (start, end, by) in edits {
            out.push_str(self.text.get(at..start).unwrap_or(""));
            out.push('(');
            out.push_str(by);
            out.push(')');
            at = end;
        }
        out.push_str(self.text.get(at..).unwrap_or(""));
        out
    }

    /// The function: the expression of the last statement that has one.
    pub(crate) fn root(&self) -> Option<ExprId> {
        self.tree.statements.iter().rev().find_map(|(statement, _)| value(statement))
    }

    /// Every name that stands for itself, with its place.
    pub(crate) fn names(&self) -> impl Iterator<Item = (ExprId, &str)> {
        self.ids.iter().filter_map(|id| match self.expr(*id) {
            Expr::Name(text) => Some((*id, self.tree.text(*text))),
            _ => None,
        })
    }

    /// How many expressions stand in an expression, itself included.
    pub(crate) fn size(&self, id: ExprId) -> usize {
        let (mut count, mut pending) = (0, vec![id]);
        while let Some(id) = pending.pop() {
            count += 1;
            self.tree.for_each_child(id, |child| pending.push(child));
        }
        count
    }
}

/// The function of a program as one expression, its bindings put in; nothing if the program defines
/// functions or families, or if that is too long.
#[must_use]
pub fn inlined(text: &str, names: &[&str]) -> Option<String> {
    let surface = Surface::read(text, names).ok()?;
    let mut known: Vec<(String, String)> = Vec::new();
    let mut last = None;
    for (statement, _) in &surface.tree.statements {
        let (name, value) = match statement {
            Statement::Declaration(_) => continue,
            Statement::Binding { name, value, .. } => (Some(*name), *value),
            Statement::Expression(value) | Statement::LinearMap { value, .. } => (None, *value),
            Statement::Function { .. } | Statement::IndexForm { .. } => return None,
        };
        let inner = Surface::read(surface.of(value), names).ok()?;
        let edits: Vec<(ExprId, String)> = inner
            .names()
            .filter_map(|(id, name)| {
                let found = known.iter().rev().find(|(bound, _)| bound == name);
                found.map(|(_, value)| (id, value.clone()))
            })
            .collect();
        let value = inner.replaced_all(&edits);
        if value.len() > LONGEST {
            return None;
        }
        if let Some(name) = name {
            known.push((surface.tree.text(name).to_owned(), value.clone()));
        }
        last = Some(value);
    }
    last
}

/// The text with no more parentheses than it needs.
#[must_use]
pub fn plain(text: &str, names: &[&str]) -> String {
    match parse_with(text, names).into_result() {
        Ok((tree, _)) => print_with(&tree, names),
        Err(_) => text.to_owned(),
    }
}

fn value(statement: &Statement) -> Option<ExprId> {
    match statement {
        Statement::Expression(value)
        | Statement::Binding { value, .. }
        | Statement::IndexForm { value, .. }
        | Statement::LinearMap { value, .. } => Some(*value),
        Statement::Function { .. } | Statement::Declaration(_) => None,
    }
}

fn roots(tree: &Tree) -> Vec<ExprId> {
    let own = |statement: &Statement| match statement {
        Statement::Function { body, .. } => Some(*body),
        other => value(other),
    };
    tree.statements.iter().filter_map(|(statement, _)| own(statement)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn parts_are_replaced_with_their_parentheses() {
        let surface = Surface::read("(A+B)*x", &[]).unwrap();
        let sum = surface.ids.iter().find(|id| surface.of(**id) == "A+B").unwrap();
        assert_eq!(plain(&surface.replaced(*sum, "A"), &[]), "A*x");
    }

    #[test]
    fn bindings_are_put_in() {
        assert_eq!(
            plain(&inlined("Y = A*X; Z = Y'; tr(Z*Y)", &[]).unwrap(), &[]),
            "tr((A*X)'*(A*X))"
        );
        assert_eq!(inlined("f(x) = x; f(y)", &[]), None);
    }
}
