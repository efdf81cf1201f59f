//! Local hypotheses: one change at one place of a claim.
//!
//! Must not know whether a change repairs the claim.

use gradus_syntax::tree::{BinaryOperator, Expr, ExprId, PostfixOperator, UnaryOperator};
use gradus_tensor::{Dimensions, Rational};

use crate::functions;
use crate::mistake::Mistake;
use crate::several;
use crate::surface::Surface;
use crate::trial::Trials;
use crate::whole;

/// A change at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) mistake: Mistake,
    pub(crate) at: ExprId,
    /// The other places where the same stands and is changed alike.
    pub(crate) also: Vec<ExprId>,
    /// What stands there instead.
    pub(crate) instead: String,
}

impl Edit {
    /// A change at one place.
    pub(crate) fn new(mistake: Mistake, at: ExprId, instead: impl Into<String>) -> Self {
        Self { mistake, at, also: Vec::new(), instead: instead.into() }
    }
}

/// The likely changes everywhere in a claim, in its order.
pub(crate) fn near(trials: &Trials<'_>, claim: &Surface) -> Vec<Edit> {
    let mut edits = Vec::new();
    for id in &claim.ids {
        let mut editor = Editor { trials, claim, id: *id, edits: &mut edits };
        editor.transposes();
        editor.structure();
        editor.wrappers();
    }
    edits
}

/// Other names, numbers and functions everywhere in a claim.
pub(crate) fn symbols(trials: &Trials<'_>, claim: &Surface) -> Vec<Edit> {
    let mut edits = Vec::new();
    for id in &claim.ids {
        let mut editor = Editor { trials, claim, id: *id, edits: &mut edits };
        editor.functions();
        editor.names();
        editor.numbers();
        editor.other_functions();
    }
    edits
}

/// Whether the transpose of a part stands in a claim.
pub(crate) fn is_transposed(claim: &Surface, id: ExprId) -> bool {
    claim.parent(id).is_some_and(|parent| {
        let operator = claim.expr(parent);
        matches!(
            operator,
            Expr::Postfix(PostfixOperator::Transpose | PostfixOperator::ConjugateTranspose, _)
        )
    })
}

struct Editor<'e, 'a> {
    trials: &'e Trials<'a>,
    claim: &'e Surface,
    id: ExprId,
    edits: &'e mut Vec<Edit>,
}

impl Editor<'_, '_> {
    fn add(&mut self, mistake: Mistake, instead: impl Into<String>) {
        self.edits.push(Edit::new(mistake, self.id, instead));
    }

    /// The text of a part in parentheses.
    fn part(&self, id: ExprId) -> String {
        format!("({})", self.claim.of(id))
    }

    fn transposes(&mut self) {
        match *self.claim.expr(self.id) {
            Expr::Number(_) => {}
            Expr::Postfix(PostfixOperator::Transpose, inner) => {
                self.add(Mistake::TransposeExtra, self.claim.of(inner));
                if self.trials.question.program.tree.variables.iter().any(|own| own.complex) {
                    self.add(Mistake::Conjugate, format!("{}^H", self.part(inner)));
                }
            }
            Expr::Postfix(PostfixOperator::ConjugateTranspose, inner) => {
                self.add(Mistake::TransposeExtra, self.claim.of(inner));
                self.add(Mistake::Conjugate, format!("{}'", self.part(inner)));
            }
            // Transposed twice it would be what it was.
            _ if self.is_transposed() => {}
            _ => {
                let whole = self.part(self.id);
                self.add(Mistake::TransposeMissing, format!("{whole}'"));
            }
        }
    }

    /// Whether the transpose of this part stands there.
    fn is_transposed(&self) -> bool {
        is_transposed(self.claim, self.id)
    }

    fn structure(&mut self) {
        match self.claim.expr(self.id).clone() {
            Expr::Binary(operator, left, right) => self.binary(operator, left, right),
            Expr::Unary(UnaryOperator::Minus, inner) => {
                self.add(Mistake::TermSign, self.claim.of(inner));
            }
            Expr::Postfix(PostfixOperator::Inverse, inner) => {
                self.add(Mistake::InverseExtra, self.claim.of(inner));
            }
            Expr::Call { function, derivative: 0, arguments } => {
                let name = self.claim.tree.text(function).to_owned();
                self.call(&name, &arguments);
            }
            Expr::Call { function, derivative, arguments }
            | Expr::Mapped { function, derivative, arguments } => {
                self.marks(function, derivative, &arguments);
            }
            _ => {}
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: ExprId, right: ExprId) {
        let (l, r) = (self.part(left), self.part(right));
        match operator {
            BinaryOperator::Add => {
                self.add(Mistake::TermSign, format!("{l}-{r}"));
                self.add(Mistake::TermSign, format!("{r}-{l}"));
                self.add(Mistake::TermExtra, l);
                self.add(Mistake::TermExtra, r);
            }
            BinaryOperator::Subtract => {
                self.add(Mistake::TermSign, format!("{l}+{r}"));
                self.add(Mistake::TermSign, format!("{r}-{l}"));
                self.add(Mistake::TermExtra, l);
                self.add(Mistake::TermExtra, format!("-{r}"));
                self.add(Mistake::TermExtra, r);
            }
            BinaryOperator::Multiply => {
                self.orders(left, right);
                self.inner_outer(left, right);
                self.axes(left, right);
                self.own_transpose(left, right);
                self.traces(left, right);
                self.add(Mistake::Elementwise, format!("{l}.*{r}"));
                self.add(Mistake::FactorExtra, l);
                self.add(Mistake::FactorExtra, r);
            }
            BinaryOperator::ElementwiseMultiply => {
                self.add(Mistake::Elementwise, format!("{l}*{r}"));
                self.add(Mistake::FactorExtra, l);
                self.add(Mistake::FactorExtra, r);
            }
            BinaryOperator::Divide => {
                self.add(Mistake::Elementwise, format!("{l}./{r}"));
                self.add(Mistake::FactorExtra, l.clone());
                self.add(Mistake::InverseExtra, format!("{l}*{r}"));
                self.add(Mistake::Order, format!("{r}/{l}"));
                self.add(Mistake::Order, format!("{r}\\{l}"));
                self.add(Mistake::FactorExtra, r);
            }
            BinaryOperator::ElementwiseDivide => {
                self.add(Mistake::Elementwise, format!("{l}/{r}"));
                let factor = match self.claim.of(left) {
                    "1" => String::new(),
                    _ => format!("{l}*"),
                };
                self.add(Mistake::Elementwise, format!("{factor}inv({r})"));
                self.add(Mistake::Elementwise, format!("{factor}inv({r})'"));
                self.add(Mistake::FactorExtra, l.clone());
                self.add(Mistake::InverseExtra, format!("{l}.*{r}"));
                self.add(Mistake::Order, format!("{r}./{l}"));
                self.add(Mistake::FactorExtra, r);
            }
            BinaryOperator::LeftDivide => {
                self.add(Mistake::InverseExtra, format!("{l}*{r}"));
                self.add(Mistake::Order, format!("{r}/{l}"));
                self.add(Mistake::Order, format!("{r}\\{l}"));
                self.add(Mistake::FactorExtra, r);
                self.add(Mistake::FactorExtra, l);
            }
            BinaryOperator::Power => {
                self.add(Mistake::Elementwise, format!("{l}.^{r}"));
                self.add(Mistake::FactorExtra, l);
            }
            BinaryOperator::ElementwisePower => {
                self.add(Mistake::Elementwise, format!("{l}^{r}"));
                self.add(Mistake::FactorExtra, l);
            }
            BinaryOperator::Kronecker => {
                self.add(Mistake::Order, format!("{r}⊗{l}"));
                self.add(Mistake::FactorExtra, l);
                self.add(Mistake::FactorExtra, r);
            }
        }
    }

    /// Neighbouring factors exchanged.
    fn orders(&mut self, left: ExprId, right: ExprId) {
        let claim = self.claim;
        let (mut numbers, l) = several::numbers_first(claim, left);
        let (more, r) = several::numbers_first(claim, right);
        numbers.extend(more);
        let (Some((last, before)), Some((first, after))) = (l.split_last(), r.split_first()) else {
            return;
        };
        let mistake = match self.are_one_vector(*last, *first) {
            true => Mistake::InnerOuter,
            false => Mistake::Order,
        };
        let product = |parts: [&[ExprId]; 3]| {
            let factors = numbers.iter().chain(parts.into_iter().flatten());
            several::joined(claim, factors)
        };
        let whole = product([&r, &l, &[]]);
        let last = product([before, &r, &[*last]]);
        let first = product([&[*first], &l, after]);
        self.add(mistake.clone(), whole);
        if !before.is_empty() {
            self.add(mistake.clone(), last);
        }
        if !after.is_empty() {
            self.add(mistake, first);
        }
    }

    /// Whether one is the transpose of the other and a vector: `x'*x` or `x*x'`.
    fn are_one_vector(&self, one: ExprId, other: ExprId) -> bool {
        let claim = self.claim;
        let inner = |id: ExprId| match *claim.expr(id) {
            Expr::Postfix(PostfixOperator::Transpose, inner) => Some(inner),
            _ => None,
        };
        let vector = match (inner(one), inner(other)) {
            (Some(inner), None) if claim.tree.same_expression(inner, &claim.tree, other) => inner,
            (None, Some(inner)) if claim.tree.same_expression(inner, &claim.tree, one) => inner,
            _ => return false,
        };
        self.trials.shape(claim.of(vector)).is_some_and(|shape| {
            (shape.rows == Dimensions::ONE) != (shape.columns == Dimensions::ONE)
        })
    }

    /// `M + M'` for `2*M`.
    fn own_transpose(&mut self, left: ExprId, right: ExprId) {
        let (numbers, l) = several::numbers_first(self.claim, left);
        let (more, r) = several::numbers_first(self.claim, right);
        let [number] = numbers.as_slice() else { return };
        if self.claim.of(*number) != "2" || !more.is_empty() {
            return;
        }
        let rest = several::joined(self.claim, l.iter().chain(&r));
        let turned = several::transposed(self.claim, l.iter().chain(&r));
        self.add(Mistake::OwnTranspose, format!("{rest}+{turned}"));
    }

    /// `tr(A*B)` for `tr(A)*tr(B)`.
    fn traces(&mut self, left: ExprId, right: ExprId) {
        let argument = |id: ExprId| match self.claim.expr(id) {
            Expr::Call { function, derivative: 0, arguments }
                if matches!(self.claim.tree.text(*function), "tr" | "trace") =>
            {
                arguments.first().map(|id| self.part(*id))
            }
            _ => None,
        };
        if let (Some(one), Some(other)) = (argument(left), argument(right)) {
            self.add(Mistake::ProductOfTraces, format!("tr({one}*{other})"));
        }
    }

    /// `ones(m)*colsum(X)` for `rowsum(X)*ones(n)'`, or conversely.
    fn axes(&mut self, left: ExprId, right: ExprId) {
        let claim = self.claim;
        let argument = |id: ExprId, name: &str| match claim.expr(id) {
            Expr::Call { function, derivative: 0, arguments }
                if claim.tree.text(*function) == name =>
            {
                arguments.first().map(|id| claim.of(*id))
            }
            _ => None,
        };
        let before = match *claim.expr(left) {
            Expr::Binary(BinaryOperator::Multiply, before, _) => {
                format!("({})*", claim.of(before))
            }
            _ => String::new(),
        };
        let (l, r) = (self.part(left), self.part(right));
        let is_ones = |id: ExprId| match claim.expr(id) {
            Expr::Call { function, arguments, .. } if claim.tree.text(*function) == "ones" => {
                Some(arguments.get(1).map(|id| claim.of(*id).to_owned()))
            }
            _ => None,
        };
        for size in self.trials.sizes() {
            if let Some(columns) = is_ones(right) {
                let columns = columns.map(|size| format!(",{size}")).unwrap_or_default();
                let turned =
                    several::transposed(claim, several::numbers_first(claim, left).1.iter());
                let numbers: String = several::numbers_first(claim, left)
                    .0
                    .iter()
                    .map(|number| format!("({})*", claim.of(*number)))
                    .collect();
                self.add(Mistake::Axis, format!("{numbers}{turned}*ones({size}{columns})"));
                self.add(Mistake::Axis, format!("{l}*ones({size}{columns})"));
            }
            if is_ones(left).is_some() {
                self.add(Mistake::Axis, format!("ones({size})*{r}'"));
            }
            if let Some(summed) = argument(right, "colsum") {
                self.add(Mistake::Axis, format!("{before}rowsum({summed})*ones({size})'"));
            }
            let (numbers, factors) = several::numbers_first(claim, left);
            if let [only] = factors.as_slice()
                && let Some(summed) = argument(*only, "rowsum")
            {
                let number: String =
                    numbers.iter().map(|number| format!("({})*", claim.of(*number))).collect();
                self.add(Mistake::Axis, format!("{number}ones({size})*colsum({summed})"));
            }
        }
    }

    /// `u'*v` for `u*v'`, or conversely.
    fn inner_outer(&mut self, left: ExprId, right: ExprId) {
        let claim = self.claim;
        let untransposed = |id: ExprId| match *claim.expr(id) {
            Expr::Postfix(PostfixOperator::Transpose, inner) => {
                Some(format!("({})", claim.of(inner)))
            }
            _ => None,
        };
        let (l, r) = (self.part(left), self.part(right));
        match (untransposed(left), untransposed(right)) {
            (Some(u), None) => self.add(Mistake::InnerOuter, format!("{u}*{r}'")),
            (None, Some(v)) => self.add(Mistake::InnerOuter, format!("{l}'*{v}")),
            _ => {}
        }
        // In a chain the transposed factor stands at the end of the one before.
        if let Expr::Binary(BinaryOperator::Multiply, a, b) = *self.claim.expr(left) {
            let a = self.part(a);
            match (untransposed(b), untransposed(right)) {
                (Some(u), None) => self.add(Mistake::InnerOuter, format!("{a}*{u}*{r}'")),
                (None, Some(v)) => {
                    let b = self.part(b);
                    self.add(Mistake::InnerOuter, format!("{a}*{b}'*{v}"));
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, name: &str, arguments: &[ExprId]) {
        let whole: Vec<String> = arguments.iter().map(|id| self.claim.of(*id).to_owned()).collect();
        let joined = whole.join(", ");
        for (one, other) in [("rowsum", "colsum"), ("colsum", "rowsum")] {
            if name == one {
                self.add(Mistake::Axis, format!("{other}({joined})'"));
            }
        }
        for (mistake, other) in functions::partners(name) {
            self.add(mistake, format!("{other}({joined})"));
        }
        if let [first, second] = whole.as_slice() {
            self.add(Mistake::Order, format!("{name}({second}, {first})"));
        }
        if let [only] = whole.as_slice() {
            let mistake = match name {
                "tr" | "trace" => Mistake::TraceExtra,
                "inv" | "inverse" | "pinv" => Mistake::InverseExtra,
                _ => Mistake::FunctionExtra,
            };
            if mistake == Mistake::InverseExtra {
                self.add(Mistake::InverseSandwich, format!("{name}({only})^2"));
            }
            if mistake == Mistake::TraceExtra {
                self.add(mistake.clone(), format!("({only})'"));
            }
            self.add(mistake, only.clone());
            if functions::is_elementwise(name) {
                self.add(Mistake::TermSign, format!("{name}(-({only}))"));
            }
            if let Some(derivative) = functions::derivative(name, only) {
                self.add(Mistake::FunctionDerivative, derivative);
            }
            for primitive in functions::primitives(name) {
                self.add(Mistake::FunctionDerivative, format!("{primitive}({only})"));
            }
        } else {
            for argument in whole {
                self.add(Mistake::FunctionExtra, argument);
            }
        }
    }

    /// A derivative mark more or less.
    fn marks(
        &mut self,
        function: gradus_syntax::tree::TextId,
        derivative: u8,
        arguments: &[ExprId],
    ) {
        let dot = match self.claim.expr(self.id) {
            Expr::Mapped { .. } => ".",
            _ => "",
        };
        let name = self.claim.tree.text(function).to_owned();
        let whole: Vec<&str> = arguments.iter().map(|id| self.claim.of(*id)).collect();
        let whole = whole.join(", ");
        let text = |marks: u8| format!("{name}{}{dot}({whole})", "'".repeat(usize::from(marks)));
        self.add(Mistake::FunctionDerivative, text(derivative + 1));
        if derivative > 0 {
            self.add(Mistake::FunctionDerivative, text(derivative - 1));
        }
        if arguments.len() == 1 {
            self.add(Mistake::FunctionExtra, whole);
        }
    }

    /// What is often left out around a part.
    fn wrappers(&mut self) {
        if matches!(self.claim.expr(self.id), Expr::Number(_)) {
            return;
        }
        let whole = self.claim.of(self.id).to_owned();
        self.add(Mistake::TraceMissing, format!("tr({whole})"));
        if self.claim.parent(self.id).is_none() {
            for size in self.trials.sizes() {
                self.add(Mistake::SumMissing, format!("({whole})*ones({size})"));
                self.add(Mistake::SumMissing, format!("({whole})'*ones({size})"));
            }
        }
        self.add(Mistake::InverseMissing, format!("inv({whole})"));
        if !whole.starts_with("inv(") {
            self.add(Mistake::InverseMissing, format!("1./({whole})"));
        }
        for factor in ["2", "1/2"] {
            self.add(Mistake::FactorMissing, format!("{factor}*({whole})"));
        }
        let is_argument = self.claim.parent(self.id).is_some_and(|parent| {
            matches!(self.claim.expr(parent), Expr::Binary(BinaryOperator::Power
                | BinaryOperator::ElementwisePower, _, exponent) if *exponent == self.id)
        });
        if is_argument {
            self.add(Mistake::TermSign, format!("-({whole})"));
        }
    }

    /// Functions of arrays that are left out around a part.
    fn functions(&mut self) {
        if matches!(self.claim.expr(self.id), Expr::Number(_)) {
            return;
        }
        let whole = self.claim.of(self.id).to_owned();
        if self.claim.parent(self.id).is_none() {
            for (_, text) in whole::symbolic(self.trials, &whole) {
                self.add(Mistake::FactorMissing, text);
            }
        }
        self.add(Mistake::FunctionMissing, format!("diag({whole})"));
        self.add(Mistake::FunctionMissing, format!("sum({whole})"));
    }

    /// Other variables, bindings and sizes.
    fn names(&mut self) {
        let Expr::Name(text) = *self.claim.expr(self.id) else { return };
        let own = self.claim.tree.text(text).to_owned();
        let sizes = self.trials.sizes();
        if sizes.contains(&own) && !self.trials.names.contains(&own) {
            for size in sizes.into_iter().filter(|size| *size != own) {
                self.add(Mistake::Symbol, size);
            }
            return;
        }
        let is_differential = own
            .strip_prefix('d')
            .is_some_and(|rest| self.trials.names.iter().any(|name| name == rest));
        if is_differential {
            let others: Vec<String> =
                self.trials.arrays().map(|(_, name, _)| format!("d{name}")).collect();
            for name in others.into_iter().filter(|name| *name != own) {
                self.add(Mistake::Symbol, name);
            }
            return;
        }
        // Names on two underscores are those that derivations give to their own answers.
        let meant = |name: &String| *name != own && !name.ends_with("__");
        for name in self.trials.names.clone().into_iter().filter(meant) {
            self.add(Mistake::Symbol, format!("({name})'"));
            self.add(Mistake::Symbol, name);
        }
    }

    fn numbers(&mut self) {
        let Expr::Number(text) = *self.claim.expr(self.id) else { return };
        let Some(own) = Rational::parse_decimal(self.claim.tree.text(text)) else { return };
        let step = |by: i64| own.add(&Rational::integer(by));
        let mut numbers = vec![step(-1), step(1)];
        numbers.extend([0, 1, 2, 3, 4, -1, -2, -3, 6].map(Rational::integer));
        numbers.extend(
            [(1, 2), (-1, 2), (1, 3), (2, 3), (3, 2), (1, 4)]
                .iter()
                .filter_map(|(numerator, denominator)| Rational::new(*numerator, *denominator)),
        );
        numbers.push(own.negate());
        numbers.extend(own.reciprocal());
        let mut seen = vec![own];
        for number in numbers {
            if !seen.contains(&number) {
                self.add(Mistake::Number, number.to_string());
                seen.push(number);
            }
        }
    }

    fn other_functions(&mut self) {
        let Expr::Call { function, derivative: 0, arguments } = self.claim.expr(self.id).clone()
        else {
            return;
        };
        let name = self.claim.tree.text(function).to_owned();
        let whole: Vec<&str> = arguments.iter().map(|id| self.claim.of(*id)).collect();
        let whole = whole.join(", ");
        // A transpose is no other function; that it is missing or too much is tried on its own.
        let others = functions::like(&name, arguments.len()).into_iter();
        for other in others.filter(|other| *other != "transpose") {
            self.add(Mistake::Function, format!("{other}({whole})"));
        }
    }
}
