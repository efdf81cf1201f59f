//! Notation trees written by hand, with shapes found as the notation's rules say.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus_codegen::{Answer, AnswerForm, ModuleRequest, Variable, VariableKind};
use gradus_functions::{Language, book};
use gradus_notation::arena::NotationTree;
use gradus_notation::tree::{
    Head, NameKind, NamedFormula, Notation, NotationId, Page, PowerKind, Shape,
};
use gradus_tensor::{DimensionId, Dimensions, Rational, Structure};

pub(crate) type Id = NotationId;

/// A program under construction.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) tree: NotationTree,
    pub(crate) variables: Vec<Variable>,
    pub(crate) value: Page,
    pub(crate) derivative: Page,
    pub(crate) answers: Vec<Answer>,
    pub(crate) source: String,
}

/// A dimension from text: a name, a number or a product or sum of two names.
pub(crate) fn dimension(tree: &mut NotationTree, text: &str) -> DimensionId {
    if let Some((a, b)) = text.split_once('+') {
        let (a, b) = (dimension(tree, a), dimension(tree, b));
        return tree.dimensions.add(a, b);
    }
    if let Some((a, b)) = text.split_once('*') {
        let (a, b) = (dimension(tree, a), dimension(tree, b));
        return tree.dimensions.multiply(a, b);
    }
    match text.parse::<i64>() {
        Ok(number) => tree.dimensions.number(Rational::integer(number)),
        Err(_) => tree.dimensions.named(text),
    }
}

impl Program {
    pub(crate) fn new() -> Self {
        Self { tree: NotationTree::new(Dimensions::new()), ..Self::default() }
    }

    pub(crate) fn shape(&mut self, rows: &str, columns: &str) -> Shape {
        Shape { rows: dimension(&mut self.tree, rows), columns: dimension(&mut self.tree, columns) }
    }

    /// Declares a variable and gives its name.
    pub(crate) fn declare(
        &mut self,
        name: &str,
        kind: VariableKind,
        size: [&str; 2],
        ranges: &[&str],
    ) -> Id {
        let shape = self.shape(size[0], size[1]);
        let ranges = ranges.iter().map(|range| dimension(&mut self.tree, range)).collect();
        self.variables.push(Variable { name: name.to_owned(), kind, shape, ranges });
        self.tree.intern(Notation::Name { text: name.to_owned(), kind: NameKind::Variable }, shape)
    }

    pub(crate) fn matrix(&mut self, name: &str, rows: &str, columns: &str) -> Id {
        self.declare(name, VariableKind::GENERAL, [rows, columns], &[])
    }

    pub(crate) fn vector(&mut self, name: &str, size: &str) -> Id {
        self.matrix(name, size, "1")
    }

    pub(crate) fn scalar(&mut self, name: &str) -> Id {
        self.matrix(name, "1", "1")
    }

    pub(crate) fn structured(&mut self, name: &str, structure: Structure, size: [&str; 2]) -> Id {
        let kind = VariableKind::Array { structure, positive: false, complex: false };
        self.declare(name, kind, size, &[])
    }

    pub(crate) fn positive(&mut self, name: &str, size: [&str; 2]) -> Id {
        let structure = Structure::General;
        let kind = VariableKind::Array { structure, positive: true, complex: false };
        self.declare(name, kind, size, &[])
    }

    pub(crate) fn function(&mut self, name: &str, kind: VariableKind) {
        self.declare(name, kind, ["1", "1"], &[]);
    }

    pub(crate) fn number(&mut self, numerator: i64, denominator: i64) -> Id {
        let value = Rational::new(numerator, denominator).unwrap();
        self.tree.intern(Notation::Number(value), Shape::SCALAR)
    }

    pub(crate) fn size_number(&mut self, text: &str) -> Id {
        let dimension = dimension(&mut self.tree, text);
        self.tree.intern(Notation::Dimension(dimension), Shape::SCALAR)
    }

    pub(crate) fn ones(&mut self, rows: &str, columns: &str) -> Id {
        let shape = self.shape(rows, columns);
        self.tree.intern(Notation::Ones, shape)
    }

    pub(crate) fn zeros(&mut self, rows: &str, columns: &str) -> Id {
        let shape = self.shape(rows, columns);
        self.tree.intern(Notation::Zeros, shape)
    }

    pub(crate) fn eye(&mut self, size: &str) -> Id {
        let shape = self.shape(size, size);
        self.tree.intern(Notation::Identity, shape)
    }

    pub(crate) fn transpose(&mut self, id: Id) -> Id {
        let shape = self.tree.shape(id);
        let shape = Shape { rows: shape.columns, columns: shape.rows };
        self.tree.intern(Notation::Transpose(id), shape)
    }

    pub(crate) fn product(&mut self, factors: &[Id]) -> Id {
        let mut shape: Option<Shape> = None;
        for factor in factors {
            let next = self.tree.shape(*factor);
            shape = Some(match shape {
                None => next,
                Some(shape) if shape.is_scalar() => next,
                Some(shape) if next.is_scalar() => shape,
                Some(shape) => {
                    assert_eq!(shape.columns, next.rows, "a product has to fit together");
                    Shape { rows: shape.rows, columns: next.columns }
                }
            });
        }
        self.tree.intern(Notation::Product(factors.to_vec()), shape.unwrap())
    }

    /// Terms; those behind `minus` are subtracted.
    pub(crate) fn sum(&mut self, plus: &[Id], minus: &[Id]) -> Id {
        let terms: Vec<(bool, Id)> =
            plus.iter().map(|id| (false, *id)).chain(minus.iter().map(|id| (true, *id))).collect();
        let shapes = terms.iter().map(|(_, id)| self.tree.shape(*id));
        let shape = shapes.into_iter().find(|shape| !shape.is_scalar()).unwrap_or(Shape::SCALAR);
        self.tree.intern(Notation::Sum(terms), shape)
    }

    pub(crate) fn negate(&mut self, id: Id) -> Id {
        let shape = self.tree.shape(id);
        self.tree.intern(Notation::Negate(id), shape)
    }

    pub(crate) fn hadamard(&mut self, factors: &[Id]) -> Id {
        let shape = self.tree.shape(factors[0]);
        self.tree.intern(Notation::Hadamard(factors.to_vec()), shape)
    }

    pub(crate) fn fraction(&mut self, above: Id, below: Id) -> Id {
        let shape = self.tree.shape(above);
        self.tree.intern(Notation::Fraction(above, below), shape)
    }

    pub(crate) fn entrywise_quotient(&mut self, above: Id, below: Id) -> Id {
        let shape = self.tree.shape(below);
        self.tree.intern(Notation::HadamardQuotient(above, below), shape)
    }

    pub(crate) fn power(&mut self, base: Id, exponent: Id, kind: PowerKind) -> Id {
        let shape = self.tree.shape(base);
        self.tree.intern(Notation::Power { base, exponent, kind }, shape)
    }

    pub(crate) fn square(&mut self, base: Id) -> Id {
        let two = self.number(2, 1);
        let shape = self.tree.shape(base);
        let kind = if shape.is_scalar() { PowerKind::Scalar } else { PowerKind::Elementwise };
        self.power(base, two, kind)
    }

    /// A call of the rule book with the shape of its result.
    pub(crate) fn call_of(
        &mut self,
        name: &str,
        arguments: &[Id],
        sizes: &[&str],
        shape: Shape,
    ) -> Id {
        let function = book().lookup(name).expect("a function of the book");
        let sizes = sizes.iter().map(|size| dimension(&mut self.tree, size)).collect();
        let head = Head::Book(function);
        let arguments = arguments.to_vec();
        self.tree.intern(Notation::Call { head, arguments, sizes }, shape)
    }

    /// A call that keeps the shape of its first argument.
    pub(crate) fn call(&mut self, name: &str, argument: Id) -> Id {
        let shape = self.tree.shape(argument);
        self.call_of(name, &[argument], &[], shape)
    }

    /// A call that gives a scalar.
    pub(crate) fn reduce(&mut self, name: &str, argument: Id) -> Id {
        self.call_of(name, &[argument], &[], Shape::SCALAR)
    }

    pub(crate) fn head(&mut self, head: Head, argument: Id, shape: Shape) -> Id {
        let arguments = vec![argument];
        self.tree.intern(Notation::Call { head, arguments, sizes: Vec::new() }, shape)
    }

    pub(crate) fn mapped(&mut self, name: &str, order: u8, argument: Id) -> Id {
        let shape = self.tree.shape(argument);
        self.head(Head::Mapped { name: name.to_owned(), order }, argument, shape)
    }

    pub(crate) fn diagonal_matrix(&mut self, vector: Id) -> Id {
        let shape = self.tree.shape(vector);
        self.head(Head::DiagonalMatrix, vector, Shape { rows: shape.rows, columns: shape.rows })
    }

    pub(crate) fn diagonal_vector(&mut self, matrix: Id) -> Id {
        let rows = self.tree.shape(matrix).rows;
        self.head(Head::DiagonalVector, matrix, Shape { rows, columns: Dimensions::ONE })
    }

    pub(crate) fn indexed(&mut self, base: Id, indices: &[&str], shape: Shape) -> Id {
        let indices = indices.iter().map(|index| (*index).to_owned()).collect();
        self.tree.intern(Notation::Indexed { base, indices }, shape)
    }

    pub(crate) fn member(&mut self, base: Id, index: &str) -> Id {
        let shape = self.tree.shape(base);
        self.indexed(base, &[index], shape)
    }

    pub(crate) fn indexed_sum(&mut self, indices: &[&str], body: Id) -> Id {
        let shape = self.tree.shape(body);
        let indices = indices.iter().map(|index| (*index).to_owned()).collect();
        self.tree.intern(Notation::IndexedSum { indices, body }, shape)
    }

    /// A binding on both pages.
    pub(crate) fn bind(&mut self, name: &str, formula: Id) -> Id {
        let binding = NamedFormula { name: name.to_owned(), index: None, formula, from_user: true };
        self.value.bindings.push(binding.clone());
        self.derivative.bindings.push(binding);
        let shape = self.tree.shape(formula);
        self.tree.intern(Notation::Name { text: name.to_owned(), kind: NameKind::Binding }, shape)
    }

    pub(crate) fn value(&mut self, source: &str, formula: Id) {
        self.source = source.to_owned();
        self.value.results = vec![formula];
    }

    /// An answer; indices may be free in it.
    pub(crate) fn answer_over(&mut self, wrt: &[&str], formula: Id, indices: &[&str], text: &str) {
        let position = |name: &&str| {
            self.variables.iter().position(|variable| variable.name == **name).unwrap()
        };
        let wrt = wrt.iter().map(position).collect();
        let indices = indices.iter().map(|index| (*index).to_owned()).collect();
        self.derivative.results.push(formula);
        self.answers.push(Answer {
            wrt,
            form: AnswerForm::Array,
            parts: Vec::new(),
            by_entries: false,
            indices,
            text: text.to_owned(),
        });
    }

    pub(crate) fn answer(&mut self, wrt: &str, formula: Id) {
        self.answer_over(&[wrt], formula, &[], &format!("df/d{wrt} = …"));
    }

    pub(crate) fn request(&self) -> ModuleRequest<'_> {
        ModuleRequest {
            tree: &self.tree,
            book: book(),
            variables: &self.variables,
            source: &self.source,
            value: &self.value,
            derivative: &self.derivative,
            point: None,
            answers: &self.answers,
            is_real: true,
            sizes: &[],
        }
    }

    pub(crate) fn module(&self) -> String {
        gradus_codegen::module(&self.request(), Language::Numpy)
            .unwrap_or_else(|error| panic!("{error}\n"))
    }

    /// The lines of a function after its conversions and comments.
    pub(crate) fn body(&self, function: &str) -> Vec<String> {
        let text = self.module();
        let start = text.find(&format!("def {function}(")).unwrap();
        text[start..]
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with("def ") && !line.starts_with("if "))
            .map(str::trim)
            .filter(|line| {
                !line.is_empty()
                    && !line.starts_with('#')
                    && !line.contains("np.asarray(")
                    && !line.contains("np.float64(")
            })
            .map(str::to_owned)
            .collect()
    }

    /// The line that returns the derivative, without `return`.
    pub(crate) fn returned(&self) -> String {
        let body = self.body("derivative");
        body.last().unwrap().trim_start_matches("return ").to_owned()
    }
}
