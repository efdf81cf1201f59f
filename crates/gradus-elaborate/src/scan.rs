//! What can be said about names before any expression is read: declarations, functions, bindings,
//! dimensions, and which names occur.
//!
//! Must not know shapes.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, Index, PostfixOperator, Statement, Tree};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::calls::is_size;
use crate::engine::{Engine, UserFunction};
use crate::failure::Step;
use crate::implied::children;
use crate::names::{Kind, NameId, Word, preference};

/// The source and the expression that a name is bound to.
pub(crate) type Definitions = FxHashMap<NameId, (usize, ExprId)>;

impl Engine<'_> {
    /// Takes in the declarations of a source.
    pub(crate) fn scan_declarations(&mut self, source: usize) -> Step<()> {
        self.enter_source(source);
        for (statement, _) in &self.tree().statements {
            if let Statement::Declaration(declaration) = statement {
                self.declare(declaration)?;
            }
        }
        Ok(())
    }

    /// Takes in everything else of a source that is to be read.
    pub(crate) fn scan(&mut self, source: usize, definitions: &mut Definitions) -> Step<()> {
        self.enter_source(source);
        let tree = self.tree();
        for (statement, span) in &tree.statements {
            match statement {
                Statement::Function { name, name_span, parameters, body } => {
                    let name = self.name_id(*name);
                    let span = self.shifted(*name_span);
                    self.refuse_function_name(name, span, "function of your own")?;
                    let known = self.names.get(name);
                    if known.declared.is_some() || known.function.is_some() {
                        let message = format!("`{}` is defined twice", known.text);
                        let hint = format!("choose another name: {}1", known.text);
                        let error = Diagnostic::bad_input("name", message).label(span, "again");
                        return Err(error.hint(hint).into());
                    }
                    let position = u32::try_from(self.functions.len()).unwrap_or(u32::MAX);
                    self.names.get_mut(name).function = Some(position);
                    let parameters = parameters.iter().map(|text| self.name_id(*text)).collect();
                    self.functions.push(UserFunction { source, parameters, body: *body });
                }
                Statement::Binding { name, name_span, value } => {
                    let name = self.name_id(*name);
                    self.scan_binding(name, self.shifted(*name_span))?;
                    definitions.insert(name, (source, *value));
                }
                Statement::IndexForm { name, value, .. } => {
                    let name = self.name_id(*name);
                    self.scan_binding(name, self.shifted(*span))?;
                    definitions.insert(name, (source, *value));
                }
                Statement::LinearMap { parameters, .. } => {
                    for parameter in parameters {
                        let name = self.name_id(*parameter);
                        self.names.get_mut(name).maps = true;
                    }
                }
                Statement::Declaration(_) | Statement::Expression(_) => {}
            }
        }
        self.scan_expressions(tree);
        Ok(())
    }

    fn scan_binding(&mut self, name: NameId, span: gradus_diagnostics::Span) -> Step<()> {
        self.refuse_function_name(name, span, "binding")?;
        let known = self.names.get(name);
        if let Some(declared) = known.declared {
            let message = format!("`{}` is declared and bound", known.text);
            let error = Diagnostic::bad_input("name", message).label(span, "bound here");
            let error = error.label(self.declared[declared as usize].span, "declared here");
            return Err(error.hint("leave one of them out").into());
        }
        self.names.get_mut(name).binds = true;
        Ok(())
    }

    fn scan_expressions(&mut self, tree: &Tree) {
        let mut sizes: Vec<ExprId> = Vec::new();
        let mut positions: Vec<ExprId> = Vec::new();
        let mut divisors: Vec<ExprId> = Vec::new();
        let mut exponents: Vec<ExprId> = Vec::new();
        // Transposes of names, with whether the number of marks is odd.
        let mut transposes: FxHashMap<ExprId, (NameId, bool)> = FxHashMap::default();
        for (at, expr) in tree.exprs.iter().enumerate() {
            match expr {
                Expr::Name(text) => {
                    let name = self.name_id(*text);
                    self.names.get_mut(name).occurrences += 1;
                }
                Expr::Postfix(
                    PostfixOperator::Transpose | PostfixOperator::ConjugateTranspose,
                    inner,
                ) => {
                    let whole = ExprId(u32::try_from(at).unwrap_or(u32::MAX));
                    if let Expr::Name(text) = tree.expr(*inner) {
                        transposes.insert(whole, (self.name_id(*text), true));
                    } else if let Some((name, odd)) = transposes.remove(inner) {
                        transposes.insert(whole, (name, !odd));
                    }
                }
                Expr::Binary(BinaryOperator::Divide, _, divisor) => divisors.push(*divisor),
                Expr::Binary(BinaryOperator::Power, _, exponent) => exponents.push(*exponent),
                Expr::Call { function, arguments, .. } => {
                    let name = self.name_id(*function);
                    match self.names.get(name).word {
                        Word::Constructor(constructor) if constructor.takes_sizes() => {
                            sizes.extend(arguments);
                        }
                        Word::Binder(_) => self.scan_binder(tree, arguments),
                        Word::Function(function) => {
                            let size = |(at, expr): (usize, &ExprId)| {
                                is_size(function, at).then_some(*expr)
                            };
                            sizes.extend(arguments.iter().enumerate().filter_map(size));
                        }
                        _ => {}
                    }
                }
                Expr::Indexed { indices, .. } => {
                    for index in indices {
                        match index {
                            Index::At(at) => positions.push(*at),
                            Index::Range(first, last) => sizes.extend(first.iter().chain(last)),
                        }
                    }
                }
                _ => {}
            }
        }
        for (statement, _) in &tree.statements {
            if let Statement::Declaration(declaration) = statement {
                positions.extend(declaration.kind.sizes.iter().chain(&declaration.kind.family));
            }
        }
        for (name, odd) in transposes.into_values() {
            self.names.get_mut(name).transposed |= odd;
        }
        self.scan_numbers(tree, divisors, false);
        self.scan_numbers(tree, exponents, true);
        for root in sizes {
            self.discount(tree, root, true);
        }
        for root in positions {
            self.discount(tree, root, false);
        }
    }

    /// Marks the names that stand in divisors or exponents, with products and sums of them.
    fn scan_numbers(&mut self, tree: &Tree, mut waiting: Vec<ExprId>, exponents: bool) {
        let mut seen: FxHashSet<ExprId> = FxHashSet::default();
        while let Some(expr) = waiting.pop() {
            if !seen.insert(expr) {
                continue;
            }
            match tree.expr(expr) {
                Expr::Name(text) => {
                    let name = self.name_id(*text);
                    let known = self.names.get_mut(name);
                    known.counts = true;
                    known.scalar |=
                        exponents && !known.transposed && preference(&known.text) != Kind::Matrix;
                }
                Expr::Unary(_, inner) => waiting.push(*inner),
                Expr::Binary(
                    BinaryOperator::Add
                    | BinaryOperator::Subtract
                    | BinaryOperator::Multiply
                    | BinaryOperator::Divide,
                    a,
                    b,
                ) => waiting.extend([*a, *b]),
                _ => {}
            }
        }
    }

    /// Names in a size are no values; they become dimensions where nothing else has the name.
    fn discount(&mut self, tree: &Tree, root: ExprId, define: bool) {
        let mut waiting = vec![root];
        while let Some(expr) = waiting.pop() {
            if let Expr::Name(text) = tree.expr(expr) {
                let name = self.name_id(*text);
                let known = self.names.get_mut(name);
                known.occurrences = known.occurrences.saturating_sub(1);
                let free = known.declared.is_none()
                    && !known.binds
                    && known.function.is_none()
                    && known.word == Word::None
                    && known.dimension.is_none();
                if define && free && self.guessing {
                    let text = self.names.get(name).text.clone();
                    let dimension = self.solver.table.named(&text);
                    self.names.get_mut(name).dimension = Some(dimension);
                }
            }
            children(tree, expr, |child| waiting.push(child));
        }
    }
}
