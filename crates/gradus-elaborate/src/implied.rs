//! Which sums an index form leaves unwritten: an index that stands only on the right is summed in
//! each term where it stands.
//!
//! Must not know shapes.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, Index, Tree};

use crate::engine::Engine;
use crate::failure::Step;
use crate::names::NameId;

/// At most this many indices are summed.
const MAXIMUM_INDICES: usize = 16;

impl Engine<'_> {
    /// Finds the implied sums of the right side of an index form.
    pub(crate) fn imply_sums(&mut self, root: ExprId) -> Step<()> {
        let inside = reached(self.tree(), root);
        for name in self.summed_names(&inside)? {
            let contains = self.containing(&inside, name);
            self.place_sum(root, name, &contains)?;
        }
        Ok(())
    }

    /// The names between `[` and `]` that are bound nowhere and are no dimensions.
    fn summed_names(&mut self, inside: &[bool]) -> Step<Vec<NameId>> {
        let mut names: Vec<NameId> = Vec::new();
        for (position, _) in inside.iter().enumerate().filter(|(_, inside)| **inside) {
            let expr = expr_at(position);
            for name in self.index_names(expr) {
                let free =
                    self.bound_index(name).is_none() && self.names.get(name).dimension.is_none();
                if free && !names.contains(&name) {
                    names.push(name);
                }
            }
            if names.len() > MAXIMUM_INDICES {
                let error =
                    Diagnostic::limit(format!("more than {MAXIMUM_INDICES} summed indices"));
                let error = error.label(self.span(expr), "here");
                return Err(error.hint("bind a part to a name: T[i,j] = …").into());
            }
        }
        Ok(names)
    }

    fn index_names(&mut self, expr: ExprId) -> Vec<NameId> {
        let Expr::Indexed { indices, .. } = self.expr(expr) else { return Vec::new() };
        let mut names = Vec::new();
        for index in indices {
            if let Index::At(at) = index
                && let Expr::Name(text) = self.expr(*at)
            {
                names.push(self.name_id(*text));
            }
        }
        names
    }

    /// Which expressions contain an index freely.
    fn containing(&mut self, inside: &[bool], name: NameId) -> Vec<bool> {
        let mut contains = vec![false; inside.len()];
        for position in 0..inside.len() {
            if !inside[position] {
                continue;
            }
            let expr = expr_at(position);
            let mut found = self.index_names(expr).contains(&name);
            children(self.tree(), expr, |child| found |= contains[child.0 as usize]);
            if let Expr::IndexedSum { indices, .. } = self.expr(expr) {
                let binds = indices.iter().any(|index| self.name_id(*index) == name);
                found &= !binds;
            }
            contains[position] = found;
        }
        contains
    }

    fn place_sum(&mut self, root: ExprId, name: NameId, contains: &[bool]) -> Step<()> {
        let mut waiting = vec![root];
        while let Some(expr) = waiting.pop() {
            let has = |expr: &ExprId| contains[expr.0 as usize];
            match self.expr(expr) {
                _ if !has(&expr) => {}
                Expr::Unary(_, a) | Expr::IndexedSum { body: a, .. } => waiting.push(*a),
                Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, a, b) => {
                    waiting.extend([*b, *a]);
                }
                Expr::Binary(
                    BinaryOperator::Multiply | BinaryOperator::ElementwiseMultiply,
                    a,
                    b,
                ) if has(a) != has(b) => {
                    waiting.push(if has(a) { *a } else { *b });
                }
                Expr::Binary(BinaryOperator::Divide | BinaryOperator::ElementwiseDivide, a, b)
                    if has(a) && !has(b) =>
                {
                    waiting.push(*a);
                }
                Expr::Binary(
                    BinaryOperator::Multiply | BinaryOperator::ElementwiseMultiply,
                    ..,
                )
                | Expr::Binary(BinaryOperator::Divide | BinaryOperator::ElementwiseDivide, ..)
                | Expr::Indexed { .. } => self.implied.entry(expr).or_default().push(name),
                Expr::Binary(_, base, exponent)
                    if !has(exponent) && matches!(self.expr(*base), Expr::Indexed { .. }) =>
                {
                    self.implied.entry(expr).or_default().push(name);
                }
                _ => {
                    let text = self.name_text(name);
                    let message = format!("it is not clear where `{text}` is summed");
                    let error = Diagnostic::bad_input("index", message);
                    let error = error.label(self.span(expr), "inside of this, or around it?");
                    return Err(error.hint(format!("sum[{text}](…)")).into());
                }
            }
        }
        Ok(())
    }
}

fn expr_at(position: usize) -> ExprId {
    ExprId(u32::try_from(position).unwrap_or(u32::MAX))
}

/// Which expressions belong to the subtree of a root; only ids up to the root's.
pub(crate) fn reached(tree: &Tree, root: ExprId) -> Vec<bool> {
    let mut inside = vec![false; root.0 as usize + 1];
    inside[root.0 as usize] = true;
    for position in (0..inside.len()).rev() {
        if inside[position] {
            children(tree, expr_at(position), |child| inside[child.0 as usize] = true);
        }
    }
    inside
}

/// Visits the direct children of an expression, indices and sizes included.
pub(crate) fn children(tree: &Tree, expr: ExprId, mut visit: impl FnMut(ExprId)) {
    match tree.expr(expr) {
        Expr::Number(_) | Expr::Name(_) => {}
        Expr::Unary(_, a) | Expr::Postfix(_, a) | Expr::Norm(a) => visit(*a),
        Expr::IndexedSum { body, .. } => visit(*body),
        Expr::Binary(_, a, b) => {
            visit(*a);
            visit(*b);
        }
        Expr::Call { arguments, .. } | Expr::Mapped { arguments, .. } => {
            arguments.iter().copied().for_each(visit);
        }
        Expr::Indexed { base, indices } => {
            visit(*base);
            for index in indices {
                match index {
                    Index::At(at) => visit(*at),
                    Index::Range(first, last) => {
                        first.iter().chain(last).copied().for_each(&mut visit);
                    }
                }
            }
        }
        Expr::Matrix(rows) => rows.iter().flatten().copied().for_each(visit),
    }
}
