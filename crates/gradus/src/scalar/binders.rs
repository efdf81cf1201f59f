//! Limits and integrals of matrices, entry by entry.
//!
//! Must not know how those of expressions are found, nor how what is found is worded.

use gradus_diagnostics::Result;
use gradus_elaborate::typed::{Approach, TypedId, VariableId};
use gradus_scalar::expression::{Arena, ExprId};
use gradus_scalar::integral::{self, Antiderivative, Bound, Definite};
use gradus_scalar::limit::{self, Approached, Limit, Point, Side};
use rustc_hash::FxHashMap;

use super::entries::Evaluation;
use super::matrix::Entries;
use super::words;

/// How one entry was found.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// A limit, with what values close to the point say.
    Limit(limit::Found, Approached),
    /// An integral without bounds.
    Antiderivative(Box<Antiderivative>),
    /// An integral between bounds.
    Definite(Box<Definite>),
}

/// A limit or integral that was found, in expressions of the variable.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The node.
    pub(crate) id: TypedId,
    /// The variable.
    pub(crate) variable: VariableId,
    /// The integrand, or what the limit is taken of.
    pub(crate) body: Entries,
    /// The value.
    pub(crate) value: Entries,
    /// Where the limit is taken.
    pub(crate) point: Option<(Point, Side)>,
    /// The bounds of an integral.
    pub(crate) bounds: Option<[Limit; 2]>,
    /// The entries, by rows.
    pub(crate) entries: Vec<Entry>,
}

impl Evaluation<'_> {
    /// The entries as expressions of the variable.
    pub(crate) fn by_variable(&mut self, body: &Entries, symbol: ExprId) -> Entries {
        let mut images = FxHashMap::default();
        images.insert(symbol, Arena::VARIABLE);
        let cells = body
            .cells
            .iter()
            .map(|cell| match cell {
                Limit::Finite(id) => Limit::Finite(self.arena.rebuild(*id, &mut images)),
                other => *other,
            })
            .collect();
        Entries { cells, ..*body }
    }

    /// The entries with the symbol for the variable again.
    fn by_symbol(&mut self, cells: Vec<Limit>, body: &Entries, symbol: ExprId) -> Entries {
        let cells = cells
            .into_iter()
            .map(|cell| match cell {
                Limit::Finite(id) => Limit::Finite(self.arena.substitute(id, symbol)),
                other => other,
            })
            .collect();
        Entries { cells, ..*body }
    }

    pub(super) fn limit(
        &mut self,
        id: TypedId,
        body: TypedId,
        variable: VariableId,
        point: TypedId,
        approach: Approach,
    ) -> Result<Entries> {
        let symbol = self.symbol(variable);
        let whole = self.value(body);
        let body = self.by_variable(&whole, symbol);
        let point = match self.value(point).at(0, 0) {
            Limit::Infinity => Point::Infinity,
            Limit::MinusInfinity => Point::MinusInfinity,
            Limit::Finite(at) => Point::At(at),
        };
        let side = match approach {
            Approach::Both => Side::Both,
            Approach::FromAbove => Side::Right,
            Approach::FromBelow => Side::Left,
        };
        if let Point::At(at) = point
            && self.arena.reachable(at).contains(&symbol)
        {
            return Err(words::point_with_variable(self, id, variable));
        }
        let mut cells = Vec::new();
        let mut entries = Vec::new();
        for (position, cell) in body.cells.iter().enumerate() {
            let Limit::Finite(expression) = *cell else {
                return Err(words::infinite_body(self, id));
            };
            let found = limit::limit(&mut self.arena, expression, point, side);
            let mut found = match found {
                Ok(found) => found,
                Err(failure) => {
                    return Err(words::no_limit(self, id, variable, &body, position, &failure));
                }
            };
            if let Limit::Finite(value) = found.value {
                found.value = Limit::Finite(self.arena.normal_if_shorter(value));
            }
            let side = found.only_side.unwrap_or(side);
            let seen = limit::approached(&mut self.arena, expression, point, side, found.value);
            if seen == Approached::Refuted {
                return Err(words::refuted(self, id, position));
            }
            cells.push(found.value);
            entries.push(Entry::Limit(found, seen));
        }
        let value = Entries { cells, ..body };
        self.found.push(Found {
            id,
            variable,
            body,
            value: value.clone(),
            point: Some((point, side)),
            bounds: None,
            entries,
        });
        Ok(value)
    }

    pub(super) fn integral(
        &mut self,
        id: TypedId,
        body: TypedId,
        variable: VariableId,
        bounds: Option<[TypedId; 2]>,
    ) -> Result<Entries> {
        let symbol = self.symbol(variable);
        let whole = self.value(body);
        let body = self.by_variable(&whole, symbol);
        let bounds = bounds.map(|bounds| bounds.map(|bound| self.value(bound).at(0, 0)));
        for bound in bounds.iter().flatten() {
            if let Limit::Finite(at) = bound
                && self.arena.reachable(*at).contains(&symbol)
            {
                return Err(words::bound_with_variable(self, id, variable));
            }
        }
        let mut cells = Vec::new();
        let mut entries = Vec::new();
        for (position, cell) in body.cells.iter().enumerate() {
            let Limit::Finite(integrand) = *cell else {
                return Err(words::infinite_body(self, id));
            };
            let (value, entry) = match bounds {
                None => match integral::antiderivative(&mut self.arena, integrand) {
                    Ok(found) => {
                        (Limit::Finite(found.value), Entry::Antiderivative(Box::new(found)))
                    }
                    Err(failure) => {
                        return Err(words::no_antiderivative(
                            self, id, variable, &body, position, failure,
                        ));
                    }
                },
                Some(bounds) => {
                    let [from, to] = bounds.map(bound);
                    match integral::definite(&mut self.arena, integrand, from, to) {
                        Ok(found) => {
                            let value = match found.value {
                                integral::Value::Exact(value) => value,
                                integral::Value::Approximate(near) if self.may_be_numeric => {
                                    self.decimal(near.value)
                                }
                                integral::Value::Approximate(_) => {
                                    return Err(words::only_numeric(self, id, position, &found));
                                }
                            };
                            let value = self.arena.normal_if_shorter(value);
                            (Limit::Finite(value), Entry::Definite(Box::new(found)))
                        }
                        Err(failure) => {
                            return Err(words::no_integral(
                                self, id, variable, &body, position, &failure,
                            ));
                        }
                    }
                }
            };
            cells.push(value);
            entries.push(entry);
        }
        let shown = Entries { cells: cells.clone(), ..body };
        let value = self.by_symbol(cells, &body, symbol);
        let found = Found { id, variable, body, value: shown, point: None, bounds, entries };
        self.found.push(found);
        Ok(value)
    }
}

impl Evaluation<'_> {
    /// A number of the machine by its digits.
    fn decimal(&mut self, value: f64) -> ExprId {
        let digits = format!("{value:.14e}");
        let number = gradus_tensor::Rational::parse_decimal(digits.trim_start_matches('-'));
        let Some(number) = number else { return Arena::UNDEFINED };
        let id = self.arena.number(number.to_big());
        if value < 0.0 { self.arena.negate(id) } else { id }
    }
}

fn bound(value: Limit) -> Bound {
    match value {
        Limit::Infinity => Bound::Infinity,
        Limit::MinusInfinity => Bound::MinusInfinity,
        Limit::Finite(at) => Bound::At(at),
    }
}
