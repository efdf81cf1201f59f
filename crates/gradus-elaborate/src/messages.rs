//! What is said when shapes do not fit, with hints that can be pasted.
//!
//! Must not know how shapes are solved.

use gradus_diagnostics::Diagnostic;
use gradus_functions::book;
use gradus_syntax::tree::{BinaryOperator, Expr, ExprId};
use gradus_tensor::{DimensionId, FunctionId, Rational, Structure};

use crate::engine::Engine;
use crate::failure::Failure;
use crate::finish::RANGES;
use crate::names::{Kind, Meaning};
use crate::operators::{Entrywise, Operand};
use crate::solve::One;
use crate::typed::{Shape, TypedId};

impl Engine<'_> {
    pub(crate) fn sizes_differ(
        &mut self,
        expr: ExprId,
        operator: Entrywise,
        left: Operand,
        right: Operand,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let message = format!("sizes differ in `{}`", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let mut error = error.label(engine.span(expr), engine.described_pair(left, right));
            let sign = match operator {
                Entrywise::Add => " + ",
                Entrywise::Subtract => " - ",
                Entrywise::Multiply => ".*",
                Entrywise::Divide => "./",
                Entrywise::Power => ".^",
            };
            if engine.transposed_fits(left.1, right.1) {
                let (a, b) = (engine.factor_text(left.0), engine.transposed_text(right.0));
                return error.hint(format!("did you mean {a}{sign}{b}?"));
            }
            if let Some(repeated) = engine.repeated(operator, sign, left, right) {
                error = error.hint(repeated);
            }
            engine.with_declaration(error, left, right)
        })
    }

    /// A vector beside a matrix of which it has the height or the width, repeated.
    fn repeated(
        &mut self,
        operator: Entrywise,
        sign: &str,
        left: Operand,
        right: Operand,
    ) -> Option<String> {
        let (matrix, vector, matrix_first) = match (self.is_matrix(left.1), self.is_matrix(right.1))
        {
            (true, false) => (left, right, true),
            (false, true) => (right, left, false),
            _ => return None,
        };
        let (whole, line) = (self.shape(matrix.1), self.shape(vector.1));
        let (column, length) = match self.solver.one(line.columns) {
            One::Yes => (self.tight_text(vector.0), line.rows),
            _ => (self.transposed_text(vector.0), line.columns),
        };
        let fits_rows = self.solver.could_equal(whole.rows, length);
        if !fits_rows && !self.solver.could_equal(whole.columns, length) {
            return None;
        }
        let array = self.factor_text(matrix.0);
        if operator == Entrywise::Multiply {
            let factor = format!("diag({})", column.trim_matches(['(', ')']));
            return Some(match fits_rows {
                true => format!("each row times an entry: {factor}*{array}"),
                false => format!("each column times an entry: {array}*{factor}"),
            });
        }
        let (what, repeated) = match fits_rows {
            true => ("in each column", format!("{column}*vector(1)'")),
            false => ("in each row", format!("vector(1)*{}", self.row_text(vector, &column))),
        };
        let repeated = match operator {
            Entrywise::Add | Entrywise::Subtract => repeated,
            _ => format!("({repeated})"),
        };
        Some(match matrix_first {
            true => format!("{what}: {array}{sign}{repeated}"),
            false => format!("{what}: {repeated}{sign}{array}"),
        })
    }

    fn row_text(&mut self, vector: Operand, column: &str) -> String {
        let shape = self.shape(vector.1);
        match self.solver.one(shape.columns) {
            One::Yes => format!("{column}'"),
            _ => self.tight_text(vector.0),
        }
    }

    /// Adds how a variable would have to be declared to have the shape of the other operand.
    fn with_declaration(&mut self, error: Diagnostic, left: Operand, right: Operand) -> Diagnostic {
        let (a, b) = (self.shape(left.1), self.shape(right.1));
        let declaration = self.declaration_of(right, a).or_else(|| self.declaration_of(left, b));
        match declaration {
            Some(declaration) => {
                error.hint(format!("if the sizes are equal, declare {declaration}"))
            }
            None => error,
        }
    }

    /// A declaration that gives a declared variable another shape of the same kind.
    fn declaration_of(&mut self, operand: Operand, shape: Shape) -> Option<String> {
        let Expr::Name(text) = self.expr(operand.0) else { return None };
        let name = self.name_id(*text);
        let declared = self.names.get(name).declared?;
        let declared = self.declared.get(declared as usize)?.clone();
        if declared.function || declared.family.is_some() || declared.parameter.is_some() {
            return None;
        }
        let old = self.shape(operand.1);
        let same_kind = self.solver.one(old.rows) == self.solver.one(shape.rows)
            && self.solver.one(old.columns) == self.solver.one(shape.columns);
        let square =
            declared.structure != Structure::General && self.solver.one(shape.columns) != One::Yes;
        if !same_kind || square && !self.solver.could_equal(shape.rows, shape.columns) {
            return None;
        }
        let (rows, columns) = (self.size_text(shape.rows), self.size_text(shape.columns));
        let sizes = match (self.solver.one(shape.rows), self.solver.one(shape.columns)) {
            (One::Yes, _) => columns,
            (_, One::Yes) => rows,
            _ if square => rows,
            _ => format!("{rows},{columns}"),
        };
        Some(format!("{}: {}({sizes})", self.text_of(operand.0), declared.head()))
    }

    fn transposed_fits(&mut self, a: TypedId, b: TypedId) -> bool {
        let (a, b) = (self.shape(a), self.shape(b));
        self.solver.could_equal(a.rows, b.columns) && self.solver.could_equal(a.columns, b.rows)
    }

    pub(crate) fn inner_sizes_differ(
        &mut self,
        expr: ExprId,
        left: Operand,
        right: Operand,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let message = format!("inner dimensions differ in `{}`", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let mut error = error.label(engine.span(expr), engine.described_pair(left, right));
            if let Some(hint) = engine.regrouped(expr, left.0, right) {
                error = error.hint(hint);
            }
            if let Some(hint) = engine.square_between(left, right) {
                return error.hint(hint);
            }
            if let Some(hint) = engine.product_hint(left, right) {
                return error.hint(hint);
            }
            let (a, b) = (engine.shape(left.1), engine.shape(right.1));
            let declaration = engine
                .declaration_of(right, Shape { rows: a.columns, ..b })
                .or_else(|| engine.declaration_of(left, Shape { columns: b.rows, ..a }));
            match declaration {
                Some(declaration) => {
                    error.hint(format!("if the sizes are equal, declare {declaration}"))
                }
                None => error,
            }
        })
    }

    /// In `x'*A*y` with a matrix between that would fit if it were square, how to declare it so.
    fn square_between(&mut self, left: Operand, right: Operand) -> Option<String> {
        let Expr::Binary(BinaryOperator::Multiply, _, between) = self.expr(left.0) else {
            return None;
        };
        let Expr::Name(text) = self.expr(*between) else { return None };
        let name = self.names.find(self.tree().text(*text))?;
        let Meaning::Variable(variable) = self.names.get(name).meaning else { return None };
        let own = self.typed.variable(variable).shape;
        let (rows, columns) = (self.solver.resolve(own.rows), self.solver.resolve(own.columns));
        let (inner, outer) = (self.shape(left.1).columns, self.shape(right.1).rows);
        let fits = self.solver.resolve(inner) == columns && self.solver.resolve(outer) == rows;
        if !fits || rows == columns || !self.solver.is_known(columns) {
            return None;
        }
        let kind = self.proposed_kind(name, Shape { rows: columns, columns });
        let text = &self.names.get(name).text;
        Some(format!("`{text}` is to be square here: --let '{text}: {kind}'"))
    }

    /// Which transposes make a product fit, and whether the entrywise product does.
    fn product_hint(&mut self, left: Operand, right: Operand) -> Option<String> {
        let (a, b) = (self.shape(left.1), self.shape(right.1));
        let (x, y) = (self.factor_text(left.0), self.tight_text(right.0));
        let (xt, yt) = (self.transposed_text(left.0), self.transposed_text(right.0));
        let mut fits = Vec::new();
        if self.solver.could_equal(a.rows, b.rows) {
            fits.push(format!("{xt}*{y}"));
        }
        if self.solver.could_equal(a.columns, b.columns) {
            fits.push(format!("{x}*{yt}"));
        }
        let same = self.solver.could_equal(a.rows, b.rows)
            && self.solver.could_equal(a.columns, b.columns);
        let mut hint = match fits.as_slice() {
            [] if self.solver.could_equal(a.rows, b.columns) => {
                format!("did you mean {}*{}?", self.factor_text(right.0), self.tight_text(left.0))
            }
            [] => return None,
            [only] => format!("did you mean {only}?"),
            _ => format!("{} fit", fits.join(" and ")),
        };
        if same {
            hint.push_str(&format!("; for elementwise multiplication write {x}.*{y}"));
        }
        Some(hint)
    }

    /// `2*L*x'*x`, where `2*L*(x'*x)` would fit: the row that does not fit begins a scalar.
    fn regrouped(&mut self, expr: ExprId, left: ExprId, right: Operand) -> Option<String> {
        let mut shape = self.shape(right.1);
        if self.solver.one(shape.rows) != One::Yes {
            return None;
        }
        let tree = self.tree();
        let mut chain = expr;
        for position in expr.0 as usize + 1..tree.exprs.len() {
            let Expr::Binary(BinaryOperator::Multiply, a, b) = &tree.exprs[position] else {
                continue;
            };
            if *a != chain {
                continue;
            }
            let Expr::Name(text) = self.expr(*b) else { return None };
            let name = self.name_id(*text);
            let Meaning::Variable(variable) = self.names.get(name).meaning else { return None };
            let next = self.typed.variable(variable).shape;
            if !self.solver.could_equal(shape.columns, next.rows) {
                return None;
            }
            shape = Shape { rows: shape.rows, columns: next.columns };
            chain = ExprId(u32::try_from(position).ok()?);
            if self.solver.one(shape.columns) == One::Yes {
                let source = &self.sources[self.source()].source;
                let (start, end) = (tree.span(right.0).start, tree.span(*b).end);
                let inner = source.text.get(start as usize..end as usize)?;
                return Some(format!("{}*({inner})", self.factor_text(left)));
            }
        }
        None
    }

    pub(crate) fn scalar_beside_eye(&mut self, expr: ExprId) -> Diagnostic {
        let message =
            format!("an `eye` without size next to a scalar in `{}`", self.short_text(expr));
        let error = Diagnostic::bad_input("shape", message);
        let error = error.label(self.span(expr), "how large is it?");
        error.hint("give the size: eye(n)")
    }

    pub(crate) fn division_fails(
        &mut self,
        expr: ExprId,
        left: Operand,
        right: Operand,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let (a, b) = (engine.factor_text(left.0), engine.tight_text(right.0));
            let message = format!("`{}` divides by an array", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let error = error.label(engine.span(expr), engine.described_pair(left, right));
            if engine.is_matrix(right.1) {
                let divisor = engine.shape(right.1);
                if !engine.solver.could_equal(divisor.rows, divisor.columns) {
                    return error.hint(format!("entry by entry: {a}./{b}"));
                }
                let inverse = engine.short_text(right.0);
                error.hint(format!("{a}*inv({inverse})")).hint(format!("entry by entry: {a}./{b}"))
            } else {
                error.hint(format!("entry by entry: {a}./{b}"))
            }
        })
    }

    pub(crate) fn left_division_fails(
        &mut self,
        expr: ExprId,
        left: Operand,
        right: Operand,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let message = format!("`{}` does not fit", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let error = error.label(engine.span(expr), engine.described_pair(left, right));
            let hint = "A\\b solves A*x = b for a square A with as many rows as b";
            error.hint(hint)
        })
    }

    pub(crate) fn scalar_to_array(
        &mut self,
        expr: ExprId,
        left: ExprId,
        right: Operand,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let message = format!("the exponent in `{}` is an array", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let error = error.label(engine.span(right.0), engine.described(right.0, right.1));
            let (a, b) = (engine.tight_text(left), engine.tight_text(right.0));
            error.hint(format!("entry by entry: {a}.^{b}"))
        })
    }

    pub(crate) fn matrix_power_fails(
        &mut self,
        expr: ExprId,
        left: Operand,
        right: Operand,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let message = format!("`{}` is no matrix power", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let error = if engine.is_scalar(right.1) {
                let described = engine.described(left.0, left.1);
                error.label(engine.span(left.0), format!("{described}, not square"))
            } else {
                error.label(engine.span(expr), engine.described_pair(left, right))
            };
            let (a, b) = (engine.tight_text(left.0), engine.tight_text(right.0));
            error.hint(format!("entry by entry: {a}.^{b}"))
        })
    }

    pub(crate) fn fractional_matrix_power(
        &mut self,
        expr: ExprId,
        left: ExprId,
        right: ExprId,
        exponent: &Rational,
    ) -> Box<Failure> {
        let (a, b) = (self.tight_text(left), self.tight_text(right));
        let message =
            format!("the exponent of the matrix power `{}` is no integer", self.short_text(expr));
        let mut error =
            Diagnostic::bad_input("power", message).label(self.span(right), "not an integer");
        if exponent.to_pair() == Some((1, 2)) {
            error = error.hint(format!("the matrix square root: sqrtm({})", self.short_text(left)));
        }
        error = error.hint(format!("entry by entry: {a}.^{b}"));
        error.hint("matrixcalculus.org reads ^ on a matrix entry by entry").into()
    }

    pub(crate) fn note_vector_power(&mut self, expr: ExprId, left: ExprId, right: ExprId) {
        let (a, b) = (self.tight_text(left), self.tight_text(right));
        let message = format!("`{}` is read entry by entry", self.short_text(expr));
        let note = Diagnostic::note("power", message).label(self.span(expr), "a power of a vector");
        self.add_note(note.hint(format!("{a}.^{b}")));
    }

    pub(crate) fn note_matrix_power(&mut self, expr: ExprId, left: ExprId, right: ExprId) {
        let (a, b) = (self.tight_text(left), self.tight_text(right));
        let message = format!("`{}` is the matrix power", self.short_text(expr));
        let note = Diagnostic::note("power", message).label(self.span(expr), "not entry by entry");
        let hint = format!("matrixcalculus.org reads it entry by entry: {a}.^{b}");
        self.add_note(note.hint(hint));
    }

    /// A capital that is read as a scalar because it divides; the letters of numbers of samples are meant so.
    pub(crate) fn note_capital_divisor(&mut self, expr: ExprId, left: Operand, right: ExprId) {
        let (true, Expr::Name(text), Expr::Name(_) | Expr::Number(_)) =
            (self.explaining, self.expr(right), self.expr(left.0))
        else {
            return;
        };
        let name = self.name_id(*text);
        let known = self.names.get(name);
        if known.departure != Some(Kind::Scalar)
            || known.preferred() != Kind::Matrix
            || RANGES.contains(&&*known.text)
        {
            return;
        }
        let message = format!("`{}` is read as a scalar", known.text);
        let hint = format!("for a matrix write {}*inv({})", self.tight_text(left.0), known.text);
        let note = Diagnostic::note("divisor", message).label(self.span(expr), "it divides");
        self.add_note(note.hint(hint));
    }

    /// Adds a note, the first few of a kind.
    pub(crate) fn add_note(&mut self, note: Diagnostic) {
        if self.guessing
            && self.explaining
            && !self.notes.iter().any(|known| known.code == note.code)
        {
            self.notes.push(note);
        }
    }

    pub(crate) fn blocks_differ(
        &mut self,
        expr: ExprId,
        pair: [Operand; 2],
        rows: bool,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let what =
                if rows { "heights of blocks differ" } else { "widths of block rows differ" };
            let error =
                Diagnostic::bad_input("shape", format!("{what} in `{}`", engine.short_text(expr)));
            let [first, second] = pair;
            let described = engine.described_pair(first, second);
            let error = error.label(engine.span(second.0), described);
            let (a, b) = (engine.shape(first.1), engine.shape(second.1));
            let (side, opposite) = if rows { (a.rows, b.columns) } else { (a.columns, b.rows) };
            if engine.solver.could_equal(side, opposite) {
                let hint = format!("did you mean {}?", engine.transposed_text(second.0));
                return error.hint(hint);
            }
            let (x, y) = (engine.short_text(first.0), engine.short_text(second.0));
            if rows && engine.solver.could_equal(a.columns, b.columns) {
                return error.hint(format!("one below the other: [{x}; {y}]"));
            }
            if !rows && engine.solver.could_equal(a.rows, b.rows) {
                return error.hint(format!("side by side: [{x}, {y}]"));
            }
            let wanted = match rows {
                true => Shape { rows: a.rows, ..b },
                false => Shape { columns: a.columns, ..b },
            };
            match engine.declaration_of(second, wanted) {
                Some(declaration) => {
                    error.hint(format!("if the sizes are equal, declare {declaration}"))
                }
                None => error.hint(
                    "blocks beside each other have equal heights, rows of blocks equal widths",
                ),
            }
        })
    }

    /// The rows of blocks before the row at `row` have the first width, it has the second.
    pub(crate) fn block_widths_differ(
        &mut self,
        expr: ExprId,
        first: ExprId,
        row: usize,
        widths: [DimensionId; 2],
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let message = format!("widths of block rows differ in `{}`", engine.short_text(expr));
            let [before, here] = widths.map(|width| engine.size_text(width));
            let error = Diagnostic::bad_input("shape", message);
            let label = format!("row 1 has {before} columns, row {} has {here}", row + 1);
            let error = error.label(engine.span(first), label);
            error.hint("every row has as many columns as the first: [a, b; c, d]")
        })
    }

    pub(crate) fn arguments_differ(
        &mut self,
        expr: ExprId,
        function: FunctionId,
        [first, second]: [Operand; 2],
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let name = book().get(function).name;
            let error =
                Diagnostic::bad_input("shape", format!("the arguments of `{name}` differ in size"));
            let error = error.label(engine.span(expr), engine.described_pair(first, second));
            if engine.transposed_fits(first.1, second.1) {
                let hint = format!("did you mean {}?", engine.transposed_text(second.0));
                return error.hint(hint);
            }
            engine.with_declaration(error, first, second)
        })
    }

    pub(crate) fn no_signature_fits(
        &mut self,
        expr: ExprId,
        function: FunctionId,
        exprs: &[ExprId],
        values: &[TypedId],
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let entry = book().get(function);
            let wanted = wanted(entry.signatures);
            let message = match &wanted {
                Some(wanted) => format!("`{}` needs {wanted}", entry.name),
                None => format!("`{}` does not fit", engine.short_text(expr)),
            };
            let error = Diagnostic::bad_input("shape", message);
            let arrays = exprs.iter().enumerate();
            let arrays = arrays.filter(|(at, _)| !crate::calls::is_size(function, *at));
            let described: Vec<String> = arrays
                .zip(values)
                .map(|((_, expr), value)| engine.described(*expr, *value))
                .collect();
            let mut error = error.label(engine.span(expr), described.join(", "));
            if let (Some(wanted), [only], [value]) = (wanted, exprs, values) {
                for hint in engine.argument_hints(entry.name, wanted, (*only, *value)) {
                    error = error.hint(hint);
                }
            } else if let ([first, second], [a, b]) = (exprs, values) {
                let (first, second) = ((*first, *a), (*second, *b));
                error = engine.with_declaration(error, first, second);
            }
            if entry.hint.is_empty() { error } else { error.hint(entry.hint) }
        })
    }

    /// What could stand in the place of an argument that is no square matrix or no vector.
    fn argument_hints(&mut self, name: &str, wanted: &str, argument: Operand) -> Vec<String> {
        let text = self.tight_text(argument.0);
        let inner = self.short_text(argument.0);
        let shape = self.shape(argument.1);
        let matrix = self.is_matrix(argument.1);
        let mut hints = Vec::new();
        match wanted {
            "a square matrix" if matrix => {
                let square = Shape { columns: shape.rows, ..shape };
                if let Some(declaration) = self.declaration_of(argument, square) {
                    hints.push(format!("if it is square, declare {declaration}"));
                }
                let transposed = self.transposed_text(argument.0);
                hints.push(format!("{name}({transposed}*{text})"));
            }
            "a square matrix" => {
                hints.push(format!("the diagonal matrix of a vector: {name}(diag({inner}))"));
            }
            "a vector" if matrix => hints.push(format!("of all entries: {name}(vec({inner}))")),
            "a vector" => hints.push(format!("{name}({})", self.transposed_text(argument.0))),
            _ => {}
        }
        hints
    }

    pub(crate) fn path_argument(&mut self, expr: ExprId, argument: TypedId) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let phrase = engine.shape_phrase(engine.shape(argument));
            let message = format!("the argument in `{}` is no scalar", engine.short_text(expr));
            let error = Diagnostic::bad_input("shape", message);
            let error = error.label(engine.span(expr), format!("the argument {phrase}"));
            error.hint("A(t) with a scalar t")
        })
    }

    pub(crate) fn constructor_argument(
        &mut self,
        expr: ExprId,
        constructor: crate::names::Constructor,
        value: TypedId,
    ) -> Box<Failure> {
        self.shape_error(expr, |engine| {
            let text = constructor.text();
            let phrase = engine.shape_phrase(engine.shape(value));
            let error = Diagnostic::bad_input("shape", format!("`{text}` repeats a scalar"));
            let error = error.label(engine.span(expr), format!("the argument {phrase}"));
            let Expr::Call { arguments, .. } = engine.expr(expr) else { return error };
            let inner = arguments.first().map_or("X", |argument| engine.text_of(*argument));
            match engine.is_matrix(value) {
                true => error.hint(format!("the stacked columns: vec({inner})")),
                false => error.hint(inner.to_owned()),
            }
        })
    }
}

/// What an entry with one array argument wants, in words.
fn wanted(signatures: &[&str]) -> Option<&'static str> {
    let arguments: Vec<&str> =
        signatures.iter().filter_map(|signature| signature.split(" -> ").next()).collect();
    Some(match arguments.as_slice() {
        ["(n,n)"] | ["(m,m)"] => "a square matrix",
        ["(n,1)"] | ["(m,1)"] => "a vector",
        ["(n,1)", "(1,n)"] | ["(n,1)", "(1,n)", "(1,1)"] => "a vector",
        ["(n,1)", "(n,n)"] | ["(n,1)", "(1,n)", "(n,n)"] => "a vector or a square matrix",
        _ => return None,
    })
}
