//! The text of one statement in index form.
//!
//! Must not know which parts get names. An index that is not open is summed by the reader over the
//! smallest product that holds all factors with it; where that would be another sum than the one
//! meant, it is written out as `sum[k](…)`.

use std::borrow::Cow;

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::book;
use gradus_tensor::{
    Apply, Arena, Constant, Contraction, DimensionId, Dimensions, FunctionRef, Node, NodeId,
    Operand, Rational,
};

use super::names::{Names, Unit, Units};
use super::plan::{Plan, is_power};

/// At most this many indices stand in one statement.
const MAXIMUM_INDICES: usize = 24;

/// An index by its number in the statement.
type IndexNumber = usize;

/// Where a part stands.
#[derive(Clone, Debug)]
enum Place {
    /// On its own, with a coefficient that is not negative.
    Alone(Rational),
    /// In a sum, with a coefficient that is not negative.
    Term(Rational),
    /// In a product, with a positive exponent.
    Factor(Rational),
    /// Under an exponent that is written by what is around it.
    Base,
    /// Between parentheses that are already written.
    Inside,
}

enum Piece {
    Text(Cow<'static, str>),
    Node {
        id: NodeId,
        indices: Vec<IndexNumber>,
        place: Place,
    },
    /// A sum begins.
    BeginSum,
    /// A term begins; terms share their indices.
    BeginTerm,
    /// The sum ends, and what follows takes other indices than its terms.
    EndSum,
}

/// Writes one statement.
pub(crate) struct Statement<'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) plan: &'a Plan,
    pub(crate) names: &'a mut Names,
    pub(crate) units: &'a mut Units,
    /// How many indices are used.
    count: usize,
    /// For each open sum, how many indices were used before it, and at most by a term of it.
    scopes: Vec<(usize, usize)>,
    /// Whether all sums are written out, since nothing on the left says which indices are open.
    explicit: bool,
    pieces: Vec<Piece>,
}

impl<'a> Statement<'a> {
    /// An empty statement.
    pub(crate) fn new(
        arena: &'a Arena,
        plan: &'a Plan,
        names: &'a mut Names,
        units: &'a mut Units,
    ) -> Self {
        Self {
            arena,
            plan,
            names,
            units,
            count: 0,
            scopes: Vec::new(),
            explicit: false,
            pieces: Vec::new(),
        }
    }

    /// `name[i,j] = …`, the definition of a node even where it has a name.
    pub(crate) fn equation(
        &mut self,
        name: &str,
        id: NodeId,
        coefficient: &Rational,
    ) -> Result<String> {
        let axes = self.arena.axes(id).len();
        self.explicit = axes == 0;
        let open = self.new_indices(axes)?;
        let mut out = format!("{} = ", self.indexed(name, &open));
        let is_own = self.plan.name(id) == Some(name);
        let shows = |axis: &usize| {
            if is_own { self.plan.definition_shows(id, *axis) } else { self.plan.shows(id, *axis) }
        };
        let hidden: Vec<usize> = (0..axes).filter(|axis| !shows(axis)).collect();
        let written_out = is_own || self.plan.whole_name(self.arena, id).is_none();
        if let Node::Sum(sum) = self.arena.node(id)
            && written_out
            && hidden.is_empty()
            && *coefficient == Rational::MINUS_ONE
        {
            // A minus before all of a sum would stand before its first term alone.
            let turned: Vec<_> =
                sum.terms.iter().map(|(number, term)| (number.negate(), *term)).collect();
            self.sum(&turned, &open, &Place::Alone(Rational::ONE))?;
            self.run(&mut out)?;
            return Ok(out);
        }
        if coefficient.is_negative() {
            out.push('-');
        }
        let (before, place, after) = if hidden.is_empty() {
            (String::new(), Place::Alone(coefficient.abs()), String::new())
        } else {
            let (before, after) = around(&coefficient.abs());
            (before, Place::Factor(Rational::ONE), after)
        };
        self.text(before);
        let constant = !hidden.is_empty() && self.is_constant(id);
        if is_own && !constant {
            self.definition(id, &open, &place)?;
        } else if !constant {
            self.pieces.push(Piece::Node { id, indices: open.clone(), place });
        }
        // Every open index must stand on the right.
        for (position, axis) in hidden.into_iter().enumerate() {
            let size = self.arena.axes(id)[axis].dimension;
            let ones = self.units.name(Unit::Ones, size, self.names);
            let factor = self.indexed(&ones, &open[axis..=axis]);
            if position > 0 || !constant {
                self.text("*");
            }
            self.text(factor);
        }
        self.text(after);
        self.run(&mut out)?;
        Ok(out)
    }

    /// Whether every entry of a node is one.
    fn is_constant(&self, id: NodeId) -> bool {
        match self.arena.node(id) {
            Node::Contraction(contraction) => {
                contraction.operands.is_empty()
                    && contraction.output.len() == contraction.axes.len()
            }
            _ => false,
        }
    }

    fn run(&mut self, out: &mut String) -> Result<()> {
        let mut pending: Vec<Piece> = self.pieces.drain(..).rev().collect();
        while let Some(piece) = pending.pop() {
            match piece {
                Piece::Text(text) => out.push_str(&text),
                Piece::BeginSum => self.scopes.push((self.count, self.count)),
                Piece::BeginTerm => {
                    if let Some((start, highest)) = self.scopes.last_mut() {
                        *highest = self.count.max(*highest);
                        self.count = *start;
                    }
                }
                Piece::EndSum => {
                    if let Some((_, highest)) = self.scopes.pop() {
                        self.count = self.count.max(highest);
                    }
                }
                Piece::Node { id, indices, place } => {
                    self.node(id, &indices, &place)?;
                    pending.extend(self.pieces.drain(..).rev());
                }
            }
        }
        Ok(())
    }

    fn new_indices(&mut self, count: usize) -> Result<Vec<IndexNumber>> {
        let first = self.count;
        self.count += count;
        if self.count > MAXIMUM_INDICES {
            let message = format!("more than {MAXIMUM_INDICES} indices in one statement");
            return Err(Box::new(Diagnostic::limit(message)));
        }
        Ok((first..self.count).collect())
    }

    fn indexed(&mut self, name: &str, indices: &[IndexNumber]) -> String {
        if indices.is_empty() {
            return name.to_owned();
        }
        let indices: Vec<_> = indices.iter().map(|number| self.names.index(*number)).collect();
        format!("{name}[{}]", indices.join(","))
    }

    fn text(&mut self, text: impl Into<Cow<'static, str>>) {
        self.pieces.push(Piece::Text(text.into()));
    }

    fn node(&mut self, id: NodeId, indices: &[IndexNumber], place: &Place) -> Result<()> {
        match self.plan.whole_name(self.arena, id) {
            Some(name) => {
                let text = self.indexed(&name, indices);
                self.tight(place, |statement| {
                    statement.text(text);
                    Ok(())
                })
            }
            None => self.definition(id, indices, place),
        }
    }

    /// A node written out, whether or not it has a name.
    fn definition(&mut self, id: NodeId, indices: &[IndexNumber], place: &Place) -> Result<()> {
        match self.arena.node(id) {
            Node::Symbol(symbol) => {
                let name = self.arena.symbol(*symbol).name.clone();
                let mut text = self.indexed(&name, indices);
                if self.arena.conjugate_of(*symbol).is_some() {
                    text = format!("conj({text})");
                }
                self.tight(place, |statement| {
                    statement.text(text);
                    Ok(())
                })
            }
            Node::Constant(Constant::Fusion { rows, columns }) => {
                let text = self.stacked((*rows, *columns), indices)?;
                self.loose(place, false, |statement| {
                    statement.text(text);
                    Ok(())
                })
            }
            Node::Constant(Constant::Packing { size, symmetric }) => {
                let (size, symmetric) = (*size, *symmetric);
                let [packed, first, second] = indices else { return Err(stacked_axes()) };
                let whole = self.new_indices(1)?[0];
                let triangle = self.units.name(Unit::Packing { symmetric }, size, self.names);
                let places = if symmetric { [whole, *packed] } else { [*packed, whole] };
                let triangle = self.indexed(&triangle, &places);
                let entry = self.stacked((size, size), &[whole, *first, *second])?;
                let index = self.names.index(whole);
                self.tight(place, |statement| {
                    statement.text(format!("sum[{index}]({triangle}*{entry})"));
                    Ok(())
                })
            }
            Node::Constant(Constant::Permutation) => {
                // The product of the differences of 1, 2, 3 is twice the sign of their order.
                let [first, second, third] = indices else { return Err(stacked_axes()) };
                let count = self.units.name(Unit::Count, Dimensions::ONE, self.names);
                let [first, second, third] =
                    [first, second, third].map(|at| self.indexed(&count, std::slice::from_ref(at)));
                let text =
                    format!("({first} - {second})*({second} - {third})*({third} - {first})/2");
                self.loose(place, false, |statement| {
                    statement.text(text);
                    Ok(())
                })
            }
            Node::Constant(constant) => {
                let text = match constant {
                    Constant::Pi => "pi",
                    Constant::ImaginaryUnit => "sqrt(-1)",
                    _ => "inf",
                };
                self.tight(place, |statement| {
                    statement.text(text);
                    Ok(())
                })
            }
            Node::Sum(sum) => self.sum(&sum.terms, indices, place),
            Node::Contraction(contraction) => self.contraction(contraction, indices, place),
            Node::Apply(apply) if is_power(apply) => {
                let (base, exponent) = (&apply.arguments[0], &apply.arguments[1]);
                let base = self.argument(apply, indices, base, Place::Base);
                let exponent = self.argument(apply, indices, exponent, Place::Inside);
                self.loose(place, false, |statement| {
                    statement.pieces.push(base);
                    statement.text("^(");
                    statement.pieces.push(exponent);
                    statement.text(")");
                    Ok(())
                })
            }
            Node::Apply(apply) => self.tight(place, |statement| {
                statement.call(apply, indices);
                Ok(())
            }),
        }
    }

    /// One where a stacked index is that of a row and a column.
    fn stacked(
        &mut self,
        (rows, columns): (DimensionId, DimensionId),
        indices: &[IndexNumber],
    ) -> Result<String> {
        let [stacked, row, column] = indices else { return Err(stacked_axes()) };
        let rows_of = self.units.name(Unit::RowOf(columns), rows, self.names);
        let columns_of = self.units.name(Unit::ColumnOf(rows), columns, self.names);
        let row = self.indexed(&rows_of, &[*stacked, *row]);
        let column = self.indexed(&columns_of, &[*stacked, *column]);
        Ok(format!("{row}*{column}"))
    }

    /// Something that takes an exponent as it is, with what its place puts around it.
    fn tight(
        &mut self,
        place: &Place,
        content: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let (before, after) = match place {
            Place::Alone(coefficient) | Place::Term(coefficient) => around(coefficient),
            Place::Factor(exponent) => (String::new(), raised(exponent)),
            Place::Base | Place::Inside => (String::new(), String::new()),
        };
        self.text(before);
        content(self)?;
        self.text(after);
        Ok(())
    }

    /// Something that needs parentheses under an exponent, and if `always` in every product.
    fn loose(
        &mut self,
        place: &Place,
        always: bool,
        content: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let parentheses = match place {
            Place::Alone(coefficient) => always && !coefficient.is_one(),
            Place::Term(_) => always,
            Place::Factor(exponent) => always || !exponent.is_one(),
            Place::Base => true,
            Place::Inside => false,
        };
        self.tight(place, |statement| {
            if parentheses {
                statement.text("(");
            }
            content(statement)?;
            if parentheses {
                statement.text(")");
            }
            Ok(())
        })
    }

    fn sum(
        &mut self,
        terms: &[(Rational, NodeId)],
        indices: &[IndexNumber],
        place: &Place,
    ) -> Result<()> {
        self.loose(place, true, |statement| {
            if terms.is_empty() {
                statement.text("0");
            }
            statement.pieces.push(Piece::BeginSum);
            for (position, (coefficient, term)) in terms.iter().enumerate() {
                statement.text(match (position, coefficient.is_negative()) {
                    (0, false) => "",
                    (0, true) => "-",
                    (_, false) => " + ",
                    (_, true) => " - ",
                });
                statement.pieces.push(Piece::BeginTerm);
                let place = Place::Term(coefficient.abs());
                statement.pieces.push(Piece::Node { id: *term, indices: indices.to_vec(), place });
            }
            statement.pieces.push(Piece::EndSum);
            Ok(())
        })
    }

    fn argument(
        &self,
        apply: &Apply,
        indices: &[IndexNumber],
        argument: &gradus_tensor::Argument,
        place: Place,
    ) -> Piece {
        let of_label = |label| {
            let axis = apply.output.iter().position(|output| output == label);
            axis.and_then(|axis| indices.get(axis)).copied().unwrap_or_default()
        };
        let indices = argument.labels.iter().map(of_label).collect();
        Piece::Node { id: argument.node, indices, place }
    }

    fn call(&mut self, apply: &Apply, indices: &[IndexNumber]) {
        let name = match apply.function {
            FunctionRef::Book(id) => book().get(id).name.to_owned(),
            FunctionRef::Elementwise { symbol, order } => {
                let name = &self.arena.symbol(symbol).name;
                format!("{name}{}.", "'".repeat(usize::from(order)))
            }
            // Functions of whole arrays have names of their own.
            FunctionRef::Scalar { symbol, .. } | FunctionRef::Path { symbol, .. } => {
                self.arena.symbol(symbol).name.clone()
            }
        };
        self.text(format!("{name}("));
        for (position, argument) in apply.arguments.iter().enumerate() {
            if position > 0 {
                self.text(", ");
            }
            let piece = self.argument(apply, indices, argument, Place::Inside);
            self.pieces.push(piece);
        }
        self.text(")");
    }

    fn contraction(
        &mut self,
        contraction: &Contraction,
        indices: &[IndexNumber],
        place: &Place,
    ) -> Result<()> {
        let product = self.product(contraction, indices)?;
        let coefficient = match place {
            Place::Alone(coefficient) | Place::Term(coefficient) => coefficient.clone(),
            _ => Rational::ONE,
        };
        let place = match place {
            Place::Alone(_) | Place::Term(_) => &Place::Inside,
            place => place,
        };
        let (number, after) = halves(&coefficient);
        let several = product.sizes.len() + product.above.len() + product.below.len() > 1;
        self.loose(place, several || product.above.is_empty(), |statement| {
            let wrapped = !product.written.is_empty();
            let bare = product.is_one();
            if number != "1" || bare {
                statement.text(number.clone());
            }
            if bare {
                statement.text(after.clone());
                return Ok(());
            }
            let begun = number != "1";
            if begun && (wrapped || !product.above.is_empty() || !product.sizes.is_empty()) {
                statement.text("*");
            }
            if wrapped {
                let indices: Vec<_> =
                    product.written.iter().map(|at| statement.names.index(*at)).collect();
                statement.text(format!("sum[{}](", indices.join(",")));
            }
            statement.quotient(product, begun && !wrapped);
            if wrapped {
                statement.text(")");
            }
            statement.text(after.clone());
            Ok(())
        })
    }

    /// Factors over factors; `begun` if a number stands before.
    fn quotient(&mut self, product: Product, begun: bool) {
        let mut separated = true;
        if !begun && product.above.is_empty() && product.sizes.is_empty() {
            self.text("1");
        }
        for piece in product.sizes.into_iter().chain(product.above) {
            if !separated {
                self.text("*");
            }
            separated = false;
            self.pieces.push(piece);
        }
        let several = product.below.len() > 1;
        if !product.below.is_empty() {
            self.text(if several { "/(" } else { "/" });
        }
        for (position, piece) in product.below.into_iter().enumerate() {
            if position > 0 {
                self.text("*");
            }
            self.pieces.push(piece);
        }
        if several {
            self.text(")");
        }
    }

    /// The factors of a contraction, with indices for all its labels.
    fn product(&mut self, contraction: &Contraction, indices: &[IndexNumber]) -> Result<Product> {
        let mut product = Product::default();
        let mut of_label: Vec<Option<IndexNumber>> = vec![None; contraction.axes.len()];
        let mut equal = Vec::new();
        for (label, index) in contraction.output.iter().zip(indices) {
            let label = usize::from(*label);
            match of_label[label] {
                None => of_label[label] = Some(*index),
                Some(other) if other != *index => equal.push((label, other, *index)),
                Some(_) => {}
            }
        }
        for (label, index) in of_label.iter_mut().enumerate() {
            if index.is_none() {
                *index = self.summed(contraction, label, &mut product)?;
            }
        }
        for operand in &contraction.operands {
            let indices = operand
                .labels
                .iter()
                .map(|label| of_label[usize::from(*label)].unwrap_or_default())
                .collect();
            let piece = |exponent| Piece::Node {
                id: operand.node,
                indices,
                place: Place::Factor(exponent),
            };
            if operand.exponent.is_negative() {
                product.below.push(piece(operand.exponent.abs()));
            } else {
                product.above.push(piece(operand.exponent.clone()));
            }
        }
        for (label, first, second) in equal {
            let size = contraction.axes[label].dimension;
            let delta = self.units.name(Unit::Identity, size, self.names);
            let text = self.indexed(&delta, &[first, second]);
            product.above.push(Piece::Text(Cow::Owned(text)));
        }
        Ok(product)
    }

    /// A new index for a summed label; none if it stands in no factor, which makes its size a factor.
    fn summed(
        &mut self,
        contraction: &Contraction,
        label: usize,
        product: &mut Product,
    ) -> Result<Option<IndexNumber>> {
        let shows = |operand: &&Operand| {
            operand.labels.iter().enumerate().any(|(axis, other)| {
                usize::from(*other) == label && self.plan.shows(operand.node, axis)
            })
        };
        let factors: Vec<&Operand> = contraction.operands.iter().filter(shows).collect();
        if factors.is_empty() {
            let size = contraction.axes[label].dimension;
            let dimensions = &self.arena.dimensions;
            let text = crate::print::size_text(dimensions, size);
            let text = if dimensions.as_name(size).is_some() { text } else { format!("({text})") };
            product.sizes.push(Piece::Text(Cow::Owned(text)));
            return Ok(None);
        }
        // A single factor that is no plain entry would take the sum into itself.
        let inside = match factors.as_slice() {
            [only] => !only.exponent.is_negative() && !self.plan.is_name(self.arena, only.node),
            _ => false,
        };
        let index = self.new_indices(1)?[0];
        if self.explicit || inside {
            product.written.push(index);
        }
        Ok(Some(index))
    }
}

fn stacked_axes() -> gradus_diagnostics::Error {
    Box::new(Diagnostic::internal("a stacked index has three axes"))
}

/// The factors of a product.
#[derive(Default)]
struct Product {
    /// Sizes of labels that stand in no factor.
    sizes: Vec<Piece>,
    above: Vec<Piece>,
    below: Vec<Piece>,
    /// Indices whose sum is written out.
    written: Vec<IndexNumber>,
}

impl Product {
    fn is_one(&self) -> bool {
        self.sizes.is_empty() && self.above.is_empty() && self.below.is_empty()
    }
}

/// What stands before and after something with a coefficient.
fn around(coefficient: &Rational) -> (String, String) {
    let (number, after) = halves(coefficient);
    (if number == "1" { String::new() } else { format!("{number}*") }, after)
}

/// The numerator, and the denominator behind a slash.
fn halves(coefficient: &Rational) -> (String, String) {
    let parts = crate::print::Parts::of(coefficient);
    (parts.numerator, parts.denominator.map_or_else(String::new, |below| format!("/{below}")))
}

fn raised(exponent: &Rational) -> String {
    if exponent.is_one() {
        String::new()
    } else if exponent.is_integer() {
        format!("^{exponent}")
    } else {
        format!("^({exponent})")
    }
}
