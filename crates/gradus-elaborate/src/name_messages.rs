//! What is said about calls of names that are no such functions.
//!
//! Must not know shapes.

use gradus_diagnostics::{Diagnostic, closest};
use gradus_functions::book;
use gradus_syntax::tree::{Expr, ExprId};

use crate::engine::Engine;
use crate::failure::Failure;
use crate::names::{Constructor, Meaning, NameId, Word};

impl Engine<'_> {
    pub(crate) fn derivative_of_known(&self, expr: ExprId, name: NameId) -> Box<Failure> {
        let text = self.name_text(name);
        let message = format!("a derivative mark at the known function `{text}`");
        let error = Diagnostic::bad_input("name", message);
        let error = error.label(self.span(expr), "marks belong to unknown functions");
        error.hint("f'.(x) with an undeclared f").into()
    }

    pub(crate) fn wrong_arity(
        &self,
        expr: ExprId,
        name: NameId,
        wanted: usize,
        count: usize,
    ) -> Box<Failure> {
        let known = self.names.get(name);
        let text = &known.text;
        let plural = if wanted == 1 { "argument" } else { "arguments" };
        let error =
            Diagnostic::bad_input("arity", format!("`{text}` has {wanted} {plural}, not {count}"));
        let error = error.label(self.span(expr), format!("{count} given"));
        match known.word {
            Word::Function(function) => {
                let variant = self.variant(expr, text);
                let error = variant.into_iter().fold(error, Diagnostic::hint);
                let parameters = book().get(function).parameters.join(", ");
                error.hint(format!("{text}({parameters})")).into()
            }
            Word::Constructor(constructor) => error
                .hint(format!("{}(c) takes its size from what is around it", constructor.text()))
                .hint("n entries: c*ones(n)")
                .hint("m×n entries: c*ones(m,n)")
                .into(),
            _ => {
                let parameters: Vec<String> = match known.function {
                    Some(function) => self.functions[function as usize]
                        .parameters
                        .iter()
                        .map(|name| self.name_text(*name).to_owned())
                        .collect(),
                    None => vec!["X".to_owned()],
                };
                error.hint(format!("{text}({})", parameters.join(", "))).into()
            }
        }
    }

    /// `norm1(x)` for `norm(x, 1)`.
    fn variant(&self, expr: ExprId, text: &str) -> Option<String> {
        let Expr::Call { arguments, .. } = self.expr(expr) else { return None };
        let [inner, which] = arguments.as_slice() else { return None };
        let name = format!("{text}{}", self.text_of(*which));
        book().lookup(&name)?;
        Some(format!("{name}({})", self.short_text(*inner)))
    }

    pub(crate) fn constructor_arity(
        &self,
        expr: ExprId,
        constructor: Constructor,
        sizes: &[ExprId],
    ) -> Box<Failure> {
        let text = constructor.text();
        let hint = match constructor {
            Constructor::Eye => "eye(n)",
            Constructor::Ones => "ones(n), ones(m,n)",
            Constructor::Zeros => "zeros(n), zeros(m,n)",
            Constructor::Vector => "vector(1)",
            Constructor::Matrix => "matrix(1)",
        };
        let error = Diagnostic::bad_input("arity", format!("`{text}` is not called like this"));
        error.label(self.span(expr), format!("{} arguments", sizes.len())).hint(hint).into()
    }

    /// A call of something that is no function: a product is probably meant.
    pub(crate) fn call_of_value(
        &self,
        expr: ExprId,
        name: NameId,
        arguments: &[ExprId],
    ) -> Box<Failure> {
        let text = self.name_text(name);
        let error = Diagnostic::bad_input("name", format!("`{text}` is no function"));
        let error = error.label(self.span(expr), "a variable is not called");
        let inner: Vec<String> =
            arguments.iter().map(|argument| self.short_text(*argument)).collect();
        let inner = inner.join(", ");
        let error = match text {
            "d" => error.hint(format!("the differential: differential({inner})")),
            _ => error,
        };
        let positions =
            arguments.iter().all(|argument| matches!(self.expr(*argument), Expr::Number(_)));
        match arguments {
            [] => error.hint(text.to_owned()).into(),
            [only] if !matches!(self.expr(*only), Expr::Number(_)) => {
                error.hint(format!("{text}*({inner})")).into()
            }
            _ if positions => error.hint(format!("an entry: {text}[{inner}]")).into(),
            _ => error.hint(format!("a member: sum[i,j]({text}[i,j])")).into(),
        }
    }

    pub(crate) fn elementwise_without_dot(
        &self,
        expr: ExprId,
        name: NameId,
        arguments: &[ExprId],
    ) -> Box<Failure> {
        let text = self.name_text(name);
        let message = format!("`{text}` is applied to entries elsewhere");
        let error =
            Diagnostic::bad_input("name", message).label(self.span(expr), "the dot is missing");
        let inner =
            arguments.first().map_or_else(String::new, |argument| self.short_text(*argument));
        error.hint(format!("{text}.({inner})")).into()
    }

    pub(crate) fn not_elementwise(
        &self,
        expr: ExprId,
        name: NameId,
        derivative: u8,
    ) -> Box<Failure> {
        if derivative > 0 {
            return self.derivative_of_known(expr, name);
        }
        let text = self.name_text(name);
        let message = format!("`{text}` is not applied entry by entry");
        let error =
            Diagnostic::bad_input("name", message).label(self.span(expr), "without the dot");
        let inner = match self.expr(expr) {
            Expr::Mapped { arguments, .. } => {
                arguments.iter().map(|argument| self.short_text(*argument)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        error.hint(format!("{text}({})", inner.join(", "))).into()
    }

    pub(crate) fn unknown_function(
        &self,
        expr: ExprId,
        name: NameId,
        derivative: u8,
        arguments: &[ExprId],
    ) -> Box<Failure> {
        let text = self.name_text(name);
        let error = Diagnostic::bad_input("name", format!("unknown function `{text}`"));
        let mut error = error.label(self.span(expr), "not in the vocabulary");
        let inner: Vec<String> =
            arguments.iter().map(|argument| self.short_text(*argument)).collect();
        let inner = if inner.is_empty() { "x".to_owned() } else { inner.join(", ") };
        let users =
            self.names.iter().filter(|name| name.function.is_some()).map(|name| &*name.text);
        let constructors = ["eye", "ones", "zeros", "vector", "matrix"];
        let known = book().names().iter().copied().chain(users).chain(constructors);
        let near = closest(text, known);
        if let Some(near) = near {
            error = error.hint(format!("did you mean {near}({inner})?"));
        }
        if arguments.len() > 1 {
            let names =
                arguments.iter().all(|argument| matches!(self.expr(*argument), Expr::Name(_)));
            let parameters = if names { inner.as_str() } else { "x, y, …" };
            return error
                .hint(format!("define it before: {text}({parameters}) = …; {text}({inner})"))
                .into();
        }
        if matches!(self.names.get(name).meaning, Meaning::Unseen) && self.guessing {
            if near.is_none() && derivative == 0 {
                error = error.hint(format!("a product: {text}*({inner})"));
            }
            if derivative > 0 {
                error =
                    error.hint(format!("a function matrix: --let '{text}: matrix(m,n)({inner})'"));
            }
            let marks = "'".repeat(usize::from(derivative.min(3)));
            error =
                error.hint(format!("an unknown function of each entry: {text}{marks}.({inner})"));
            error =
                error.hint(format!("an unknown function of the whole: --let '{text}: function'"));
        }
        error.into()
    }

    pub(crate) fn recursive_function(&self, expr: ExprId) -> Box<Failure> {
        let message = format!("`{}` calls itself", self.short_text(expr));
        let error = Diagnostic::bad_input("recursion", message);
        let error = error.label(self.span(expr), "a function cannot be defined by itself");
        error.hint("define it by other functions: f(x) = x.*g(x)").into()
    }
}
