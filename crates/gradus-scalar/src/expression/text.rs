//! Expressions as text in Gradus' language, as a textbook would order them.
//!
//! Must not know limits or integrals.

use std::cmp::Ordering;
use std::fmt::Write as _;

use num_traits::{One, Signed, Zero};
use rustc_hash::FxHashMap;

use super::arena::Arena;
use super::node::{ExprId, Factor, Node, Rational, Term};

/// Expressions that are larger, written as a tree, are not written.
const GREATEST_SIZE: u32 = 4_000;

/// How tightly a text binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Power,
    Atom,
}

#[derive(Clone, Debug)]
struct Text {
    text: String,
    binding: Binding,
}

impl Text {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), binding: Binding::Atom }
    }

    /// The text, in parentheses if it binds less than `least`.
    fn within(&self, least: Binding) -> String {
        if self.binding < least { format!("({})", self.text) } else { self.text.clone() }
    }
}

impl Arena {
    /// The expression in Gradus' language, with a name for the variable; `None` if it is too long to be
    /// of use, or undefined.
    #[must_use]
    pub fn text(&self, id: ExprId, variable: &str) -> Option<String> {
        if self.size(id) > GREATEST_SIZE || id == Self::UNDEFINED {
            return None;
        }
        let mut texts: FxHashMap<ExprId, Text> = FxHashMap::default();
        for at in self.reachable(id) {
            let text = self.text_of_node(at, variable, &texts);
            texts.insert(at, text);
        }
        texts.remove(&id).map(|text| text.text)
    }

    fn text_of_node(&self, id: ExprId, variable: &str, texts: &FxHashMap<ExprId, Text>) -> Text {
        match self.node(id) {
            Node::Undefined => Text::atom("undefined"),
            Node::Number(number) => number_text(number),
            Node::Pi => Text::atom("pi"),
            Node::Variable => Text::atom(variable),
            Node::Parameter(parameter) => Text::atom(self.parameter_facts(*parameter).name.clone()),
            Node::Apply(function, argument) => {
                let inner = texts.get(argument).map_or("", |text| text.text.as_str());
                Text::atom(format!("{}({inner})", function.name()))
            }
            Node::Product(_) => self.product_text(&Rational::one(), id, texts),
            Node::Sum(terms) => self.sum_text(terms, texts),
        }
    }

    fn sum_text(&self, terms: &[Term], texts: &FxHashMap<ExprId, Text>) -> Text {
        if let [only] = terms {
            return self.product_text(&only.coefficient, only.base, texts);
        }
        let mut terms = terms.to_vec();
        terms.sort_by(|a, b| self.compare_terms(a, b));
        if let Some(at) = terms.iter().position(|term| term.coefficient.is_positive())
            && terms.first().is_some_and(|term| term.coefficient.is_negative())
        {
            let first = terms.remove(at);
            terms.insert(0, first);
        }
        let denominator = common_denominator(&terms);
        if let Some(denominator) = &denominator {
            for term in &mut terms {
                term.coefficient *= Rational::from_integer(denominator.clone());
            }
        }
        let mut text = String::new();
        for (at, term) in terms.iter().enumerate() {
            let is_negative = term.coefficient.is_negative();
            let size = term.coefficient.abs();
            let written = self.product_text(&size, term.base, texts);
            match (at, is_negative) {
                (0, false) => {}
                (0, true) => text.push('-'),
                (_, false) => text.push_str(" + "),
                (_, true) => text.push_str(" - "),
            }
            text.push_str(&written.within(Binding::Product));
        }
        match denominator {
            Some(denominator) => {
                Text { text: format!("({text})/{denominator}"), binding: Binding::Product }
            }
            None => Text { text, binding: Binding::Sum },
        }
    }

    /// Higher powers of the variable first, numbers last.
    fn compare_terms(&self, a: &Term, b: &Term) -> Ordering {
        let (first, second) = (self.degree(a.base), self.degree(b.base));
        let is_constant = |term: &Term| !self.depends(term.base);
        is_constant(a)
            .cmp(&is_constant(b))
            .then_with(|| second.cmp(&first))
            .then_with(|| (a.base == Self::ONE).cmp(&(b.base == Self::ONE)))
            .then_with(|| a.base.cmp(&b.base))
    }

    /// The exponent of the variable, and that of sums for those below the fraction line.
    fn degree(&self, id: ExprId) -> Rational {
        let mut degree = Rational::zero();
        for factor in self.factors(id) {
            let Some(exponent) = self.as_number(factor.exponent) else { continue };
            let counts = match self.node(factor.base) {
                Node::Variable => true,
                Node::Sum(_) => self.depends(factor.base),
                _ => false,
            };
            if counts {
                degree += exponent;
            }
        }
        degree
    }

    fn product_text(
        &self,
        coefficient: &Rational,
        base: ExprId,
        texts: &FxHashMap<ExprId, Text>,
    ) -> Text {
        let mut above: Vec<Text> = Vec::new();
        let mut below: Vec<Text> = Vec::new();
        let size = coefficient.abs();
        let factors = if base == Self::ONE { Vec::new() } else { self.factors(base) };
        let mut factors = self.gathered(&factors);
        factors.sort_by_key(|factor| self.place_in_product(factor));
        if !size.numer().is_one() {
            above.push(Text::atom(size.numer().to_string()));
        }
        if !size.denom().is_one() {
            below.push(Text::atom(size.denom().to_string()));
        }
        let turned = if coefficient.is_negative() { self.turned_sum(&factors) } else { None };
        let is_negative = coefficient.is_negative() && turned.is_none();
        for (at, factor) in factors.iter().enumerate() {
            if turned == Some(at)
                && let Written::Node(base) = factor.base
                && let Node::Sum(terms) = self.node(base)
            {
                let negated: Vec<Term> = terms
                    .iter()
                    .map(|term| Term { coefficient: -&term.coefficient, base: term.base })
                    .collect();
                above.push(self.sum_text(&negated, texts));
                continue;
            }
            let is_below = factor.exponent.as_ref().is_some_and(Signed::is_negative);
            let text = self.power_text(factor, is_below, texts);
            if is_below { below.push(text) } else { above.push(text) }
        }
        let mut text = if is_negative { "-".to_owned() } else { String::new() };
        let is_bare = below.is_empty() && above.len() == 1 && !is_negative;
        if is_bare && let Some(only) = above.pop() {
            return only;
        }
        if above.is_empty() {
            text.push('1');
        }
        let joined: Vec<String> = above.iter().map(|item| item.within(Binding::Power)).collect();
        text.push_str(&joined.join("*"));
        match below.as_slice() {
            [] => {}
            [only] => {
                let _ = write!(text, "/{}", only.within(Binding::Power));
            }
            _ => {
                let joined: Vec<String> =
                    below.iter().map(|item| item.within(Binding::Power)).collect();
                let _ = write!(text, "/({})", joined.join("*"));
            }
        }
        Text { text, binding: Binding::Product }
    }

    /// A sum above the fraction line that takes a minus sign in: `-(x - 1)/y` is `(1 - x)/y`.
    fn turned_sum(&self, factors: &[WrittenFactor]) -> Option<usize> {
        let half = |terms: &[Term]| {
            2 * terms.iter().filter(|term| term.coefficient.is_negative()).count() >= terms.len()
        };
        factors.iter().position(|factor| match factor.base {
            Written::Node(base) => {
                factor.symbol == Self::ONE
                    && matches!(self.node(base), Node::Sum(terms) if half(terms))
            }
            Written::Number(_) => false,
        })
    }

    /// Roots and powers of numbers with equal exponents as one: `sqrt(6)`.
    fn gathered(&self, factors: &[Factor]) -> Vec<WrittenFactor> {
        let mut found: Vec<WrittenFactor> = Vec::new();
        for factor in factors {
            let exponent = self.as_number(factor.exponent).cloned();
            if let Node::Number(number) = self.node(factor.base)
                && number.is_positive()
            {
                let same = found.iter_mut().find(|other| {
                    other.symbol == factor.exponent && matches!(other.base, Written::Number(_))
                });
                match same {
                    Some(WrittenFactor { base: Written::Number(base), .. }) => *base *= number,
                    _ => found.push(WrittenFactor {
                        base: Written::Number(number.clone()),
                        exponent,
                        symbol: factor.exponent,
                    }),
                }
                continue;
            }
            found.push(WrittenFactor {
                base: Written::Node(factor.base),
                exponent,
                symbol: factor.exponent,
            });
        }
        found
    }

    /// Numbers, π, symbols, powers of the variable, sums, functions.
    fn place_in_product(&self, factor: &WrittenFactor) -> (u8, ExprId) {
        match factor.base {
            Written::Number(_) => (0, Self::ZERO),
            Written::Node(base) => {
                let place = match self.node(base) {
                    Node::Number(_) => 0,
                    Node::Pi => 1,
                    Node::Parameter(_) => 2,
                    _ if !self.depends(base) => 3,
                    Node::Variable => 4,
                    Node::Sum(_) => 5,
                    _ => 6,
                };
                (place, base)
            }
        }
    }

    fn power_text(
        &self,
        factor: &WrittenFactor,
        is_below: bool,
        texts: &FxHashMap<ExprId, Text>,
    ) -> Text {
        let base = match &factor.base {
            Written::Number(number) => number_text(number),
            Written::Node(id) => texts.get(id).cloned().unwrap_or_else(|| Text::atom("")),
        };
        let half = Rational::new(1.into(), 2.into());
        let exponent =
            factor.exponent.as_ref().map(|number| if is_below { -number } else { number.clone() });
        match exponent {
            Some(number) if number.is_one() => base,
            Some(number) if number == half => Text::atom(format!("sqrt({})", base.text)),
            Some(number) => {
                let exponent = number_text(&number).within(Binding::Atom);
                let text = format!("{}^{exponent}", base.within(Binding::Atom));
                Text { text, binding: Binding::Power }
            }
            None => {
                let exponent = texts
                    .get(&factor.symbol)
                    .map_or_else(String::new, |text| text.within(Binding::Atom));
                let text = format!("{}^{exponent}", base.within(Binding::Atom));
                Text { text, binding: Binding::Power }
            }
        }
    }
}

/// The base of a factor as it is written.
enum Written {
    Number(Rational),
    Node(ExprId),
}

struct WrittenFactor {
    base: Written,
    exponent: Option<Rational>,
    symbol: ExprId,
}

/// A number; a negative one or a fraction binds like a product.
fn number_text(number: &Rational) -> Text {
    if number.is_integer() && !number.is_negative() {
        return Text::atom(number.to_string());
    }
    Text { text: number.to_string(), binding: Binding::Product }
}

/// The denominator that all coefficients have, if it is not one.
fn common_denominator(terms: &[Term]) -> Option<num_bigint::BigInt> {
    let first = terms.first()?.coefficient.denom().clone();
    let is_common = terms.iter().all(|term| *term.coefficient.denom() == first);
    (is_common && !first.is_one()).then_some(first)
}
