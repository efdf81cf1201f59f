//! What is said about indices, slices and index sums.
//!
//! Must not know how shapes are solved.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{Expr, ExprId, Index, Statement};
use gradus_tensor::DimensionId;

use crate::describe::shortened;
use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::implied::children;
use crate::names::NameId;
use crate::typed::{IndexId, TypedId};

/// How a slice leaves what it is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// It begins before the first entry.
    Start,
    /// It ends behind the last entry.
    End,
    /// It has no entry.
    Empty,
}

impl Engine<'_> {
    pub(crate) fn wrong_index_count(
        &mut self,
        expr: ExprId,
        base: ExprId,
        id: TypedId,
        wanted: usize,
    ) -> Box<Failure> {
        let text = self.tight_text(base);
        self.shape_error(expr, |engine| {
            let message = match wanted {
                0 => format!("`{text}` is a scalar and has no members"),
                1 => format!("`{text}` has one index"),
                wanted => format!("`{text}` has {wanted} indices"),
            };
            let described = engine.described(base, id);
            let error = Diagnostic::bad_input("index", message).label(engine.span(expr), described);
            let Expr::Indexed { indices, .. } = engine.expr(expr) else { return error };
            let mut texts: Vec<String> =
                indices.iter().map(|index| engine.index_text(*index)).collect();
            texts.resize(wanted, ":".to_owned());
            if wanted == 0 {
                return error.hint(text);
            }
            error.hint(format!("{text}[{}]", texts.join(", ")))
        })
    }

    fn index_text(&self, index: Index) -> String {
        match index {
            Index::At(at) => self.text_of(at).to_owned(),
            Index::Range(first, last) => {
                let text = |end: Option<ExprId>| end.map_or("", |end| self.text_of(end));
                format!("{}:{}", text(first), text(last))
            }
        }
    }

    /// A position or range that is not within its side.
    pub(crate) fn beyond(
        &mut self,
        (expr, position): (ExprId, usize),
        side: DimensionId,
        beyond: Beyond,
    ) -> Box<Failure> {
        let Expr::Indexed { base, indices } = self.expr(expr) else {
            return Diagnostic::internal("a slice without indices").into();
        };
        let length = self.size_text(side);
        let text = self.short_text(expr);
        let message = match beyond {
            Beyond::Start => format!("`{text}` begins before the first entry"),
            Beyond::End => format!("`{text}` reaches beyond the end"),
            Beyond::Empty => format!("`{text}` has no entry"),
        };
        let error = Diagnostic::bad_input("index", message);
        let error = error.label(self.span(expr), format!("indices run from 1 to {length}"));
        let mut texts: Vec<String> = indices.iter().map(|index| self.index_text(*index)).collect();
        if let (Some(text), Some(index)) = (texts.get_mut(position), indices.get(position)) {
            *text = match (*index, beyond) {
                (Index::At(_), Beyond::Start) => "1".to_owned(),
                (Index::At(_), _) => length,
                (Index::Range(_, last), Beyond::Start) => {
                    format!("1:{}", last.map_or("", |last| self.text_of(last)))
                }
                (Index::Range(first, _), Beyond::End) => {
                    format!("{}:", first.map_or("1", |first| self.text_of(first)))
                }
                (Index::Range(first, last), Beyond::Empty) => {
                    let text = |end: Option<ExprId>| end.map_or("1", |end| self.text_of(end));
                    format!("{}:{}", text(last), text(first))
                }
            };
        }
        let hint = format!("{}[{}]", self.tight_text(*base), texts.join(", "));
        self.mendable(expr, error.hint(hint))
    }

    /// An index between brackets that is bound nowhere.
    pub(crate) fn unbound_index(&mut self, expr: ExprId, name: NameId) -> Box<Failure> {
        let text = self.name_text(name).to_owned();
        let error = Diagnostic::bad_input("index", format!("the index `{text}` is not bound"));
        let error = error.label(self.span(expr), "neither an index of a sum nor a dimension");
        let hint = self.summed_statement(expr).unwrap_or_else(|| format!("sum[{text}](x[{text}])"));
        error.hint(hint).hint("for all entries at once leave the index out").into()
    }

    /// The value of the statement around an expression, summed over all its unbound indices.
    fn summed_statement(&mut self, expr: ExprId) -> Option<String> {
        if self.frames.len() > 1 {
            return None;
        }
        let tree = self.tree();
        let place = tree.span(expr);
        let root = tree.statements.iter().find_map(|(statement, _)| {
            let root = match statement {
                Statement::Expression(value) | Statement::Binding { value, .. } => *value,
                _ => return None,
            };
            let span = tree.span(root);
            (span.start <= place.start && place.end <= span.end).then_some(root)
        })?;
        let text = self.text_of(root);
        if shortened(text) != text {
            return None;
        }
        let mut names: Vec<&str> = Vec::new();
        let mut waiting = vec![root];
        while let Some(at) = waiting.pop() {
            if let Expr::Indexed { indices, .. } = tree.expr(at) {
                for index in indices {
                    let Index::At(at) = index else { continue };
                    let Expr::Name(text) = tree.expr(*at) else { continue };
                    let name = self.name_id(*text);
                    let free = self.names.get(name).dimension.is_none();
                    let text = tree.text(*text);
                    if free && !names.contains(&text) {
                        names.push(text);
                    }
                }
            }
            let mut below = Vec::new();
            children(tree, at, |child| below.push(child));
            waiting.extend(below.into_iter().rev());
        }
        Some(format!("sum[{}]({text})", names.join(",")))
    }

    /// `x[i+1]` with a bound `i`.
    pub(crate) fn refuse_computed_index(&mut self, at: ExprId) -> Step<()> {
        if self.indices.is_empty() {
            return Ok(());
        }
        let mut waiting = vec![at];
        while let Some(expr) = waiting.pop() {
            if let Expr::Name(text) = self.expr(expr) {
                let name = self.name_id(*text);
                if self.bound_index(name).is_some() {
                    let text = self.text_of(at);
                    let message = format!("the index `{text}`, computed from a bound one");
                    let error =
                        Diagnostic::unsupported(message).label(self.span(at), "not supported yet");
                    let hint = "slices shift without an index: x[2:n]'*x[1:n-1]";
                    return Err(error.hint(hint).into());
                }
            }
            children(self.tree(), expr, |child| waiting.push(child));
        }
        Ok(())
    }

    /// `x[1]` or `x[1:k]` of a family.
    pub(crate) fn part_of_family(&self, expr: ExprId, base: ExprId) -> Box<Failure> {
        let text = self.text_of(base);
        let message = format!("some members of the family `{text}`, selected by number");
        let error = Diagnostic::unsupported(message).label(self.span(expr), "not supported yet");
        let error = error.hint(format!("a sum over all members: sum[i](… {text}[i] …)"));
        error.hint(format!("a member of its own is a variable: --let '{text}1: vector(d)'")).into()
    }

    pub(crate) fn rows_of_no_family(&self, expr: ExprId, argument: ExprId) -> Box<Failure> {
        let text = self.short_text(argument);
        let error =
            Diagnostic::bad_input("family", format!("`rows` of `{text}`, which is no family"));
        let error = error.label(self.span(expr), "the members of a family become rows");
        match self.expr(argument) {
            Expr::Name(_) => {
                error.hint(format!("declare a family: --let '{text}: vector(d)[N]'")).into()
            }
            _ => error.hint("x: vector(d)[N]; rows(x)").into(),
        }
    }

    pub(crate) fn two_ranges(
        &mut self,
        expr: ExprId,
        index: IndexId,
        side: DimensionId,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let bound = &engine.typed.indices[index.0 as usize];
            let (text, range) = (bound.name.clone(), bound.range);
            let (range, side) = (engine.size_text(range), engine.size_text(side));
            let error =
                Diagnostic::bad_input("index", format!("the index `{text}` has two ranges"));
            let label = format!("here it runs to {side}, before to {range}");
            let error = error.label(engine.span(expr), label);
            let other = if text == "j" { "k" } else { "j" };
            error.hint(format!(
                "two indices have two names: sum[{text},{other}](x[{text}]*y[{other}])"
            ))
        })
    }
}
