//! Tree to text: the inverse of the parser, with no more parentheses than reading needs.
//!
//! Must not know shapes or meanings of names.

use crate::tree::{
    BinaryOperator, Declaration, Expr, ExprId, Index, KindSyntax, PostfixOperator, Statement,
    TextId, Tree, UnaryOperator,
};

/// Precedence of sums.
const SUM: u8 = 1;
/// Precedence of products.
const PRODUCT: u8 = 2;
/// Precedence of powers and of what stands behind its operand.
const POWER: u8 = 3;
/// Precedence of what needs no parentheses anywhere.
const ATOM: u8 = 4;

/// The text of a tree: its statements separated by `; `.
#[must_use]
pub fn print(tree: &Tree) -> String {
    print_with(tree, &[])
}

/// The text of a tree that is to be read where names have been declared elsewhere, as by
/// [`parse_with`](crate::parse_with).
#[must_use]
pub fn print_with(tree: &Tree, declared: &[&str]) -> String {
    let mut printer = Printer::new(tree, declared);
    for (position, (statement, _)) in tree.statements.iter().enumerate() {
        if position > 0 {
            printer.out.push_str("; ");
        }
        printer.statement(statement);
    }
    printer.out
}

/// The text of one statement of a tree.
#[must_use]
pub fn print_statement(tree: &Tree, statement: &Statement) -> String {
    let mut printer = Printer::new(tree, &[]);
    printer.statement(statement);
    printer.out
}

/// The text of one expression of a tree.
#[must_use]
pub fn print_expression(tree: &Tree, id: ExprId) -> String {
    let mut printer = Printer::new(tree, &[]);
    printer.expression(id);
    printer.out
}

/// The text of a kind, such as `complex matrix(m,n)[N]`.
#[must_use]
pub fn print_kind(tree: &Tree, kind: &KindSyntax) -> String {
    let mut printer = Printer::new(tree, &[]);
    printer.kind(kind);
    printer.out
}

/// What is still to be printed.
enum Item {
    Expression(ExprId, Slot),
    Text(&'static str),
}

/// The place of an expression in the one around it.
#[derive(Clone, Copy)]
enum Slot {
    /// In brackets, or alone.
    Whole,
    /// Before an operator of this precedence: what binds as tight may stand there.
    Before(u8),
    /// Behind an operator or a sign of this precedence: only what binds tighter, or a sign, may stand there.
    Behind(u8),
    /// Before an index.
    Indexed,
}

struct Printer<'t> {
    tree: &'t Tree,
    /// Whether `H` is a name, so that `^H` would be a power.
    h_is_name: bool,
    out: String,
    pending: Vec<Item>,
}

impl<'t> Printer<'t> {
    fn new(tree: &'t Tree, declared: &[&str]) -> Self {
        let h_is_name = declared.contains(&"H") || tree.texts.iter().any(|text| text == "H");
        Self { tree, h_is_name, out: String::new(), pending: Vec::new() }
    }

    fn statement(&mut self, statement: &'t Statement) {
        match statement {
            Statement::Expression(value) => self.expression(*value),
            Statement::Binding { name, value, .. } => {
                self.text(*name);
                self.equals(*value);
            }
            Statement::Function { name, parameters, body, .. } => {
                self.text(*name);
                self.names("(", parameters, ", ", ")");
                self.equals(*body);
            }
            Statement::IndexForm { name, indices, value } => {
                self.text(*name);
                self.names("[", indices, ",", "]");
                self.equals(*value);
            }
            Statement::LinearMap { parameters, value } => {
                match parameters.as_slice() {
                    [parameter] => self.text(*parameter),
                    several => self.names("(", several, ", ", ")"),
                }
                self.out.push_str(" -> ");
                self.expression(*value);
            }
            Statement::Declaration(declaration) => self.declaration(declaration),
        }
    }

    fn equals(&mut self, value: ExprId) {
        self.out.push_str(" = ");
        self.expression(value);
    }

    fn text(&mut self, text: TextId) {
        self.out.push_str(self.tree.text(text));
    }

    fn names(&mut self, opening: &str, names: &[TextId], separator: &str, closing: &str) {
        self.out.push_str(opening);
        for (position, &name) in names.iter().enumerate() {
            self.out.push_str(if position > 0 { separator } else { "" });
            self.text(name);
        }
        self.out.push_str(closing);
    }

    fn declaration(&mut self, declaration: &Declaration) {
        for (position, &(name, _)) in declaration.names.iter().enumerate() {
            self.out.push_str(if position > 0 { ", " } else { "" });
            self.text(name);
        }
        self.out.push_str(": ");
        self.kind(&declaration.kind);
    }

    fn kind(&mut self, kind: &KindSyntax) {
        for (position, &(word, _)) in kind.words.iter().enumerate() {
            self.out.push_str(if position > 0 { " " } else { "" });
            self.text(word);
        }
        if !kind.sizes.is_empty() {
            for (position, &size) in kind.sizes.iter().enumerate() {
                self.out.push(if position > 0 { ',' } else { '(' });
                self.expression(size);
            }
            self.out.push(')');
        }
        if let Some(parameter) = kind.parameter {
            self.names("(", &[parameter], "", ")");
        }
        if let Some(family) = kind.family {
            self.out.push('[');
            self.expression(family);
            self.out.push(']');
        }
    }

    fn expression(&mut self, id: ExprId) {
        self.pending.push(Item::Expression(id, Slot::Whole));
        while let Some(item) = self.pending.pop() {
            match item {
                Item::Text(text) => self.out.push_str(text),
                Item::Expression(id, slot) => self.enter(id, slot),
            }
        }
    }

    /// Puts the parts of an expression among the pending items, the first one last.
    fn enter(&mut self, id: ExprId, slot: Slot) {
        let tree = self.tree;
        let expr = tree.expr(id);
        let parenthesised = needs_parentheses(expr, slot);
        if parenthesised {
            self.out.push('(');
            self.pending.push(Item::Text(")"));
        }
        match expr {
            Expr::Number(text) => {
                self.text(*text);
                // A point at the end would be read as a part of an operator behind it.
                if tree.text(*text).ends_with('.') {
                    self.out.push(' ');
                }
            }
            Expr::Name(name) => self.text(*name),
            Expr::Unary(operator, operand) => {
                self.out.push(match operator {
                    UnaryOperator::Minus => '-',
                    UnaryOperator::Plus => '+',
                });
                let level = match slot {
                    Slot::Behind(level) if !parenthesised => level,
                    _ => SUM,
                };
                self.pending.push(Item::Expression(*operand, Slot::Behind(level)));
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, *left, *right),
            Expr::Postfix(operator, operand) => {
                self.pending.push(Item::Text(match operator {
                    PostfixOperator::Transpose => "'",
                    PostfixOperator::ConjugateTranspose if self.h_is_name => "ᴴ",
                    PostfixOperator::ConjugateTranspose => "^H",
                    PostfixOperator::Inverse => "⁻¹",
                    PostfixOperator::FromAbove => "+",
                    PostfixOperator::FromBelow => "-",
                }));
                self.pending.push(Item::Expression(*operand, Slot::Before(POWER)));
            }
            Expr::Call { function, derivative, arguments } => {
                self.call(*function, *derivative, "(", arguments)
            }
            Expr::Mapped { function, derivative, arguments } => {
                self.call(*function, *derivative, ".(", arguments)
            }
            Expr::IndexedSum { mean, indices, body } => {
                self.names(if *mean { "mean[" } else { "sum[" }, indices, ",", "](");
                self.pending.push(Item::Text(")"));
                self.pending.push(Item::Expression(*body, Slot::Whole));
            }
            Expr::Indexed { base, indices } => self.indexed(*base, indices),
            Expr::Matrix(rows) => self.matrix(rows),
            Expr::Norm(operand) => {
                self.out.push('‖');
                self.pending.push(Item::Text("‖"));
                self.pending.push(Item::Expression(*operand, Slot::Whole));
            }
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: ExprId, right: ExprId) {
        let level = precedence(operator);
        if operator == BinaryOperator::Power && self.begins_with_letter(right) {
            // `X^T` would be the transpose.
            self.pending.push(Item::Text(")"));
            self.pending.push(Item::Expression(right, Slot::Whole));
            self.pending.push(Item::Text("^("));
        } else {
            self.pending.push(Item::Expression(right, Slot::Behind(level)));
            self.pending.push(Item::Text(spelling(operator)));
        }
        self.pending.push(Item::Expression(left, Slot::Before(level)));
    }

    /// Whether the text of an expression begins with the name `T` or `H`.
    fn begins_with_letter(&self, mut id: ExprId) -> bool {
        loop {
            match self.tree.expr(id) {
                Expr::Indexed { base, .. } => id = *base,
                Expr::Name(name)
                | Expr::Call { function: name, .. }
                | Expr::Mapped { function: name, .. } => {
                    return matches!(self.tree.text(*name), "T" | "H");
                }
                _ => return false,
            }
        }
    }

    fn call(
        &mut self,
        function: TextId,
        derivative: u8,
        opening: &'static str,
        arguments: &[ExprId],
    ) {
        self.text(function);
        for _ in 0..derivative {
            self.out.push('\'');
        }
        self.out.push_str(opening);
        self.pending.push(Item::Text(")"));
        self.list(arguments);
    }

    /// Expressions separated by commas.
    fn list(&mut self, expressions: &[ExprId]) {
        for (position, &expression) in expressions.iter().enumerate().rev() {
            self.pending.push(Item::Expression(expression, Slot::Whole));
            if position > 0 {
                self.pending.push(Item::Text(", "));
            }
        }
    }

    fn indexed(&mut self, base: ExprId, indices: &[Index]) {
        self.pending.push(Item::Text("]"));
        for (position, index) in indices.iter().enumerate().rev() {
            match *index {
                Index::At(at) => self.pending.push(Item::Expression(at, Slot::Whole)),
                Index::Range(lower, upper) => {
                    self.pending.extend(upper.map(|upper| Item::Expression(upper, Slot::Whole)));
                    self.pending.push(Item::Text(":"));
                    self.pending.extend(lower.map(|lower| Item::Expression(lower, Slot::Whole)));
                }
            }
            if position > 0 {
                self.pending.push(Item::Text(","));
            }
        }
        self.pending.push(Item::Text("["));
        self.pending.push(Item::Expression(base, Slot::Indexed));
    }

    fn matrix(&mut self, rows: &[Vec<ExprId>]) {
        self.out.push('[');
        self.pending.push(Item::Text("]"));
        for (position, row) in rows.iter().enumerate().rev() {
            self.list(row);
            if position > 0 {
                self.pending.push(Item::Text("; "));
            }
        }
    }
}

fn precedence(operator: BinaryOperator) -> u8 {
    match operator {
        BinaryOperator::Add | BinaryOperator::Subtract => SUM,
        BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::LeftDivide
        | BinaryOperator::ElementwiseMultiply
        | BinaryOperator::ElementwiseDivide
        | BinaryOperator::Kronecker => PRODUCT,
        BinaryOperator::Power | BinaryOperator::ElementwisePower => POWER,
    }
}

fn spelling(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => " + ",
        BinaryOperator::Subtract => " - ",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::LeftDivide => "\\",
        BinaryOperator::ElementwiseMultiply => ".*",
        BinaryOperator::ElementwiseDivide => "./",
        BinaryOperator::Power => "^",
        BinaryOperator::ElementwisePower => ".^",
        BinaryOperator::Kronecker => " ⊗ ",
    }
}

fn needs_parentheses(expr: &Expr, slot: Slot) -> bool {
    let is_power = matches!(expr, Expr::Binary(operator, ..) if precedence(*operator) == POWER);
    match slot {
        Slot::Whole => false,
        // `(a^b)^c` and `(X^3)'` can be read without parentheses, but are easily misread.
        Slot::Before(POWER) => is_power || tightness(expr) < POWER,
        Slot::Before(level) => tightness(expr) < level,
        Slot::Behind(level) => !matches!(expr, Expr::Unary(..)) && tightness(expr) <= level,
        Slot::Indexed => tightness(expr) < ATOM || matches!(expr, Expr::Number(_)),
    }
}

/// How tight the outermost operator of an expression binds.
fn tightness(expr: &Expr) -> u8 {
    match expr {
        Expr::Unary(..) => SUM,
        Expr::Binary(operator, ..) => precedence(*operator),
        Expr::Postfix(..) => POWER,
        Expr::Number(_)
        | Expr::Name(_)
        | Expr::Call { .. }
        | Expr::Mapped { .. }
        | Expr::IndexedSum { .. }
        | Expr::Indexed { .. }
        | Expr::Matrix(_)
        | Expr::Norm(_) => ATOM,
    }
}
