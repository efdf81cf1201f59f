//! Source text to notation, by the rules of the language, for names with known shapes.

use gradus_functions::book;
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{Head, NameKind, Notation, NotationId, PowerKind, Shape};
use gradus_syntax::tree::{
    BinaryOperator, Expr, ExprId, Index, PostfixOperator, Statement, Tree, UnaryOperator,
};
use gradus_tensor::{DimensionId, Dimensions, Rational};

/// Names, their rows and their columns; scalars are left out.
const NAMES: &[(&str, &str, &str)] = &[
    ("X", "m", "n"),
    ("Y", "m", "n"),
    ("Z", "m", "n"),
    ("A", "n", "n"),
    ("B", "n", "n"),
    ("C", "n", "n"),
    ("S", "n", "n"),
    ("Sigma", "n", "n"),
    ("Pm", "n", "n"),
    ("M", "m", "m"),
    ("W", "k", "m"),
    ("W1", "k", "n"),
    ("x", "n", "1"),
    ("w", "n", "1"),
    ("v", "n", "1"),
    ("xbar", "n", "1"),
    ("mu", "n", "1"),
    ("y", "m", "1"),
    ("u", "m", "1"),
    ("dA", "n", "n"),
    ("dX", "m", "n"),
    ("dx", "n", "1"),
    ("q", "N", "1"),
    ("r", "1", "n"),
];

pub struct Reader {
    pub tree: NotationTree,
    /// Whether `a*b*c` becomes one product of three factors.
    pub flatten: bool,
}

impl Reader {
    pub fn new(flatten: bool) -> Self {
        let mut dimensions = Dimensions::new();
        for name in ["m", "n", "k", "N"] {
            dimensions.named(name);
        }
        Self { tree: NotationTree::new(dimensions), flatten }
    }

    pub fn size(&mut self, text: &str) -> DimensionId {
        match text {
            "1" => Dimensions::ONE,
            _ => self.tree.dimensions.named(text),
        }
    }

    pub fn shape(&mut self, rows: &str, columns: &str) -> Shape {
        Shape { rows: self.size(rows), columns: self.size(columns) }
    }

    pub fn read(&mut self, source: &str) -> NotationId {
        let parsed = gradus_syntax::parse(source);
        assert!(!parsed.has_errors(), "{source}: {:?}", parsed.diagnostics);
        let Some((Statement::Expression(root), _)) = parsed.tree.statements.last() else {
            panic!("{source} is no expression");
        };
        let mut ids: Vec<NotationId> = Vec::new();
        for at in 0..=root.0 {
            let id = self.expr(&parsed.tree, ExprId(at), &ids);
            ids.push(id);
        }
        ids[root.0 as usize]
    }

    fn expr(&mut self, surface: &Tree, id: ExprId, ids: &[NotationId]) -> NotationId {
        let at = |id: &ExprId| ids[id.0 as usize];
        match surface.expr(id) {
            Expr::Number(text) => {
                self.number(Rational::parse_decimal(surface.text(*text)).unwrap())
            }
            Expr::Name(text) => self.name(surface.text(*text)),
            Expr::Unary(UnaryOperator::Plus, inner) => at(inner),
            Expr::Unary(UnaryOperator::Minus, inner) => {
                let shape = self.tree.shape(at(inner));
                if let Notation::Number(number) = self.tree.node(at(inner)).clone()
                    && self.flatten
                {
                    return self.number(number.negate());
                }
                self.tree.intern(Notation::Negate(at(inner)), shape)
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, at(left), at(right)),
            Expr::Postfix(operator, inner) => self.postfix(*operator, at(inner)),
            Expr::Call { function, derivative, arguments } => {
                let name = surface.text(*function).to_owned();
                let arguments: Vec<_> = arguments.iter().map(at).collect();
                self.call(&name, *derivative, arguments)
            }
            Expr::Mapped { function, derivative, arguments } => {
                let arguments: Vec<_> = arguments.iter().map(at).collect();
                let shape = self.tree.shape(arguments[0]);
                let head =
                    Head::Mapped { name: surface.text(*function).to_owned(), order: *derivative };
                self.tree.intern(Notation::Call { head, arguments, sizes: Vec::new() }, shape)
            }
            Expr::IndexedSum { indices, body, .. } => {
                let indices = indices.iter().map(|id| surface.text(*id).to_owned()).collect();
                let shape = self.tree.shape(at(body));
                self.tree.intern(Notation::IndexedSum { indices, body: at(body) }, shape)
            }
            Expr::Indexed { base, indices } => self.indexed(surface, at(base), indices, ids),
            Expr::Matrix(rows) => {
                let entries: Vec<Vec<_>> =
                    rows.iter().map(|row| row.iter().map(at).collect()).collect();
                let (rows, columns) = (entries.len(), entries[0].len());
                let mut size =
                    |count: usize| self.tree.dimensions.number(Rational::integer(count as i64));
                let shape = Shape { rows: size(rows), columns: size(columns) };
                self.tree.intern(Notation::Matrix(entries), shape)
            }
            Expr::Norm(inner) => self.book("norm2", vec![at(inner)], Vec::new(), Shape::SCALAR),
        }
    }

    fn indexed(
        &mut self,
        surface: &Tree,
        base: NotationId,
        indices: &[Index],
        ids: &[NotationId],
    ) -> NotationId {
        if indices.iter().all(|index| matches!(index, Index::At(_))) {
            let names = indices
                .iter()
                .map(|index| match index {
                    Index::At(id) => match surface.expr(*id) {
                        Expr::Name(text) => surface.text(*text).to_owned(),
                        _ => panic!("an index that is no name"),
                    },
                    Index::Range(..) => unreachable!(),
                })
                .collect();
            // One index of a vector leaves a member of a family, two of a matrix an entry.
            let shape = if indices.len() == 1 { self.tree.shape(base) } else { Shape::SCALAR };
            return self.tree.intern(Notation::Indexed { base, indices: names }, shape);
        }
        let whole = self.tree.shape(base);
        let mut parts = [(Dimensions::ONE, Dimensions::ONE); 2];
        for (index, (part, size)) in
            indices.iter().zip(parts.iter_mut().zip([whole.rows, whole.columns]))
        {
            *part = self.range(index, size, ids);
        }
        let zero = self.tree.dimensions.number(Rational::ZERO);
        if indices.len() == 1 {
            parts[1] = (zero, whole.columns);
        }
        let shape = Shape { rows: parts[0].1, columns: parts[1].1 };
        let slice = Notation::Slice { base, row_offset: parts[0].0, column_offset: parts[1].0 };
        self.tree.intern(slice, shape)
    }

    /// Offset and length.
    fn range(
        &mut self,
        index: &Index,
        whole: DimensionId,
        ids: &[NotationId],
    ) -> (DimensionId, DimensionId) {
        let Index::Range(first, last) = index else { panic!("mixed indices") };
        let mut bound = |id: &Option<ExprId>, default: DimensionId| match id {
            Some(id) => self.as_size(ids[id.0 as usize]),
            None => default,
        };
        let (first, last) = (bound(first, Dimensions::ONE), bound(last, whole));
        let offset = self.tree.dimensions.subtract(first, Dimensions::ONE);
        (offset, self.tree.dimensions.subtract(last, offset))
    }

    pub fn as_size(&mut self, id: NotationId) -> DimensionId {
        match self.tree.node(id).clone() {
            Notation::Number(number) => self.tree.dimensions.number(number),
            Notation::Dimension(id) => id,
            Notation::Sum(terms) => {
                let mut total = self.tree.dimensions.number(Rational::ZERO);
                for (minus, term) in terms {
                    let term = self.as_size(term);
                    total = if minus {
                        self.tree.dimensions.subtract(total, term)
                    } else {
                        self.tree.dimensions.add(total, term)
                    };
                }
                total
            }
            Notation::Product(factors) => {
                let mut product = Dimensions::ONE;
                for factor in factors {
                    let factor = self.as_size(factor);
                    product = self.tree.dimensions.multiply(product, factor);
                }
                product
            }
            Notation::Power { base, exponent, .. } => {
                let base = self.as_size(base);
                let Notation::Number(number) = self.tree.node(exponent).clone() else {
                    panic!("a size to a power that is no number");
                };
                let mut power = Dimensions::ONE;
                for _ in 0..number.to_i64().unwrap() {
                    power = self.tree.dimensions.multiply(power, base);
                }
                power
            }
            other => panic!("no size: {other:?}"),
        }
    }

    fn number(&mut self, number: Rational) -> NotationId {
        self.tree.intern(Notation::Number(number), Shape::SCALAR)
    }

    pub fn name(&mut self, text: &str) -> NotationId {
        match text {
            "pi" => return self.tree.intern(Notation::Pi, Shape::SCALAR),
            "inf" => return self.tree.intern(Notation::Infinity, Shape::SCALAR),
            "m" | "n" | "k" | "N" => {
                let size = self.size(text);
                return self.tree.intern(Notation::Dimension(size), Shape::SCALAR);
            }
            _ => {}
        }
        let shape = match NAMES.iter().find(|(name, ..)| *name == text) {
            Some((_, rows, columns)) => self.shape(rows, columns),
            None => Shape::SCALAR,
        };
        let kind = if text.starts_with('d') && text.len() > 1 && text.len() < 4 {
            NameKind::Differential
        } else {
            NameKind::Variable
        };
        self.tree.intern(Notation::Name { text: text.to_owned(), kind }, shape)
    }

    fn binary(&mut self, operator: BinaryOperator, a: NotationId, b: NotationId) -> NotationId {
        use BinaryOperator as Op;
        let (left, right) = (self.tree.shape(a), self.tree.shape(b));
        let either = if left.is_scalar() { right } else { left };
        match operator {
            Op::Add | Op::Subtract => {
                let mut terms = match self.tree.node(a) {
                    Notation::Sum(terms) if self.flatten => terms.clone(),
                    _ => vec![(false, a)],
                };
                terms.push((operator == Op::Subtract, b));
                self.tree.intern(Notation::Sum(terms), either)
            }
            Op::Multiply => {
                let shape = if left.is_scalar() || right.is_scalar() {
                    either
                } else {
                    assert_eq!(left.columns, right.rows, "sizes of a product");
                    Shape { rows: left.rows, columns: right.columns }
                };
                let nested = left.is_scalar()
                    && match self.tree.node(a) {
                        Notation::Product(factors) => {
                            factors.iter().any(|id| !self.tree.shape(*id).is_scalar())
                        }
                        _ => false,
                    };
                let mut factors = match self.tree.node(a) {
                    Notation::Product(factors) if self.flatten && !nested => factors.clone(),
                    _ => vec![a],
                };
                factors.push(b);
                self.tree.intern(Notation::Product(factors), shape)
            }
            Op::Divide => match (self.tree.node(a), self.tree.node(b)) {
                (Notation::Number(a), Notation::Number(b)) if self.flatten => {
                    let quotient = a.divide(b).unwrap();
                    self.number(quotient)
                }
                _ => {
                    assert!(right.is_scalar(), "a denominator that is no scalar");
                    self.tree.intern(Notation::Fraction(a, b), left)
                }
            },
            Op::ElementwiseMultiply => {
                self.same(left, right);
                let mut factors = match self.tree.node(a) {
                    Notation::Hadamard(factors) if self.flatten => factors.clone(),
                    _ => vec![a],
                };
                factors.push(b);
                self.tree.intern(Notation::Hadamard(factors), either)
            }
            Op::ElementwiseDivide => {
                self.same(left, right);
                self.tree.intern(Notation::HadamardQuotient(a, b), either)
            }
            Op::Power => {
                let kind = if left.is_scalar() {
                    PowerKind::Scalar
                } else if left.is_vector() {
                    PowerKind::Elementwise
                } else {
                    PowerKind::Matrix
                };
                self.tree.intern(Notation::Power { base: a, exponent: b, kind }, left)
            }
            Op::ElementwisePower => {
                let kind = PowerKind::Elementwise;
                self.tree.intern(Notation::Power { base: a, exponent: b, kind }, left)
            }
            Op::LeftDivide | Op::Kronecker => panic!("{operator:?} is never printed"),
        }
    }

    fn same(&self, left: Shape, right: Shape) {
        assert!(left == right || left.is_scalar() || right.is_scalar(), "sizes of a quotient");
    }

    fn postfix(&mut self, operator: PostfixOperator, inner: NotationId) -> NotationId {
        let shape = self.tree.shape(inner);
        let turned = Shape { rows: shape.columns, columns: shape.rows };
        match operator {
            PostfixOperator::Transpose => {
                if *self.tree.node(inner) == Notation::Ones {
                    return self.tree.intern(Notation::Ones, turned);
                }
                self.tree.intern(Notation::Transpose(inner), turned)
            }
            PostfixOperator::ConjugateTranspose => {
                self.tree.intern(Notation::ConjugateTranspose(inner), turned)
            }
            PostfixOperator::FromAbove | PostfixOperator::FromBelow => inner,
            PostfixOperator::Inverse if shape.rows == shape.columns && !shape.is_scalar() => {
                self.book("inv", vec![inner], Vec::new(), shape)
            }
            PostfixOperator::Inverse => {
                let exponent = self.number(Rational::MINUS_ONE);
                self.binary(BinaryOperator::Power, inner, exponent)
            }
        }
    }

    pub fn book(
        &mut self,
        name: &str,
        arguments: Vec<NotationId>,
        sizes: Vec<DimensionId>,
        shape: Shape,
    ) -> NotationId {
        let head = Head::Book(book().lookup(name).unwrap());
        self.tree.intern(Notation::Call { head, arguments, sizes }, shape)
    }

    fn call(&mut self, name: &str, order: u8, arguments: Vec<NotationId>) -> NotationId {
        let shape = arguments.first().map_or(Shape::SCALAR, |id| self.tree.shape(*id));
        if matches!(name, "ones" | "zeros" | "eye") {
            let sizes: Vec<_> = arguments.iter().map(|id| self.as_size(*id)).collect();
            let (notation, columns) = match name {
                "ones" => (Notation::Ones, Dimensions::ONE),
                "zeros" => (Notation::Zeros, Dimensions::ONE),
                _ => (Notation::Identity, sizes[0]),
            };
            let columns = sizes.get(1).copied().unwrap_or(columns);
            return self.tree.intern(notation, Shape { rows: sizes[0], columns });
        }
        if matches!(name, "commutation" | "unvec") {
            let taken = usize::from(name == "unvec");
            let sizes: Vec<_> = arguments[taken..].iter().map(|id| self.as_size(*id)).collect();
            let product = self.tree.dimensions.multiply(sizes[0], sizes[1]);
            let shape = if taken == 1 {
                Shape { rows: sizes[0], columns: sizes[1] }
            } else {
                Shape { rows: product, columns: product }
            };
            return self.book(name, arguments[..taken].to_vec(), sizes, shape);
        }
        if name == "d" {
            return self.tree.intern(Notation::Differential(arguments[0]), shape);
        }
        let sizes = Vec::new();
        if name == "diag" {
            let (head, shape) = if shape.is_vector() {
                (Head::DiagonalMatrix, Shape { rows: shape.rows, columns: shape.rows })
            } else {
                (Head::DiagonalVector, Shape { rows: shape.rows, columns: Dimensions::ONE })
            };
            return self.tree.intern(Notation::Call { head, arguments, sizes }, shape);
        }
        if name == "kron" {
            let other = self.tree.shape(arguments[1]);
            let rows = self.tree.dimensions.multiply(shape.rows, other.rows);
            let columns = self.tree.dimensions.multiply(shape.columns, other.columns);
            return self.book(name, arguments, sizes, Shape { rows, columns });
        }
        if let Some(id) = book().lookup(name) {
            let scalar = ["tr", "det", "sum", "norm2", "normF", "logdet", "norm1", "norm"];
            let shape = if scalar.contains(&name) { Shape::SCALAR } else { shape };
            let head = Head::Book(id);
            return self.tree.intern(Notation::Call { head, arguments, sizes }, shape);
        }
        let (head, shape) = match (name.strip_prefix("grad_"), name.strip_prefix("hess_")) {
            (Some(name), _) => (Head::Scalar { name: name.to_owned(), order: 1 }, shape),
            (_, Some(name)) => (Head::Scalar { name: name.to_owned(), order: 2 }, shape),
            _ if NAMES.iter().any(|(known, ..)| *known == name) => {
                let id = self.name(name);
                (Head::Path { name: name.to_owned(), order }, self.tree.shape(id))
            }
            _ => (Head::Scalar { name: name.to_owned(), order: 0 }, Shape::SCALAR),
        };
        self.tree.intern(Notation::Call { head, arguments, sizes }, shape)
    }
}
