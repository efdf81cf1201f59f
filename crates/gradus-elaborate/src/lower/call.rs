//! Lowering of functions of the vocabulary.
//!
//! Must not know particular functions, only how an entry means its network.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::{Meaning, book};
use gradus_tensor::{
    Axes, DimensionId, Dimensions, FunctionId, FunctionRef, Rational, Role, Scaled,
};

use super::Lowering;
use super::fragment::lower_fragment;
use super::value::Value;
use crate::rules::{match_signature, rule_book};
use crate::typed::{Shape, TypedId};

impl Lowering<'_> {
    pub(crate) fn call(
        &mut self,
        function: FunctionId,
        arguments: &[TypedId],
        sizes: &[DimensionId],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        let values: Vec<Value> =
            arguments.iter().map(|argument| self.value(*argument)).collect::<Result<_>>()?;
        let sizes: Vec<DimensionId> = sizes.iter().map(|size| self.size(*size)).collect();
        match book().get(function).meaning {
            Meaning::Applied => self.applied(function, &values, rows, columns),
            Meaning::Structural(structure) => {
                self.structural(structure, &values, &sizes, rows, columns)
            }
            Meaning::Expansion(_) => {
                let shapes: Vec<Shape> = values
                    .iter()
                    .map(|value| Shape { rows: value.rows, columns: value.columns })
                    .collect();
                let matched =
                    match_signature(function, &shapes, &sizes).ok_or_else(|| mismatch(function))?;
                let fragment = rule_book().expansion(function, matched.signature)?;
                lower_fragment(self.arena, fragment, &matched.letters, &values, &[])
            }
        }
    }

    fn applied(
        &mut self,
        function: FunctionId,
        values: &[Value],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Result<Value> {
        let facts = &book().get(function).facts;
        let reference = FunctionRef::Book(function);
        if facts.real_only {
            for value in values {
                self.require_real(value, book().get(function).name)?;
            }
        }
        let [value] = values else {
            return self.elementwise_many(reference, values);
        };
        let core = facts.cores.first().copied().unwrap_or(0);
        let axes = usize::from(value.has_rows()) + usize::from(value.has_columns());
        if core > 0 && axes < usize::from(core) {
            return self.of_scalar(function, value);
        }
        let mut scaled = self.arena.apply_unary(reference, &value.scaled);
        if facts.role == Some(Role::LogDeterminant) && self.arena.facts(scaled.node).complex {
            scaled = self.logarithm_of_modulus(&scaled);
        }
        Ok(Value { scaled, ambient: value.ambient.clone(), rows, columns })
    }

    /// `log|det Z| = (log det Z + log det conj(Z))/2`. In networks the logarithm of the determinant of
    /// a complex matrix has the differential `tr(inv(Z)*dZ)`, whose real part is the one of the modulus.
    fn logarithm_of_modulus(&mut self, value: &Scaled) -> Scaled {
        let conjugate = self.arena.conjugate(value);
        let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
        let axes: Axes = self.arena.axes(value.node).into();
        self.arena.sum(&[value.times(&half), conjugate.times(&half)], &axes)
    }

    /// Functions of matrices and vectors at size one.
    fn of_scalar(&mut self, function: FunctionId, value: &Value) -> Result<Value> {
        let scaled = match book().get(function).facts.role {
            Some(Role::Inverse) => self.arena.power(&value.scaled, &Rational::MINUS_ONE),
            Some(Role::Determinant | Role::LogSumExp) => value.scaled.clone(),
            Some(Role::Adjugate | Role::Softmax) => {
                let one = Value::scalar(self.arena.number(Rational::ONE));
                let filled = self.fill(&one, Dimensions::ONE, Dimensions::ONE);
                return Ok(self.align(&filled, &value.ambient));
            }
            Some(Role::LogDeterminant) => {
                let absolute = super::operation::book_function(Role::Absolute)?;
                let logarithm = super::operation::book_function(Role::Logarithm)?;
                let modulus = self.arena.apply_unary(absolute, &value.scaled);
                self.arena.apply_unary(logarithm, &modulus)
            }
            _ => return Err(mismatch(function)),
        };
        Ok(Value { scaled, ..value.clone() })
    }
}

pub(crate) fn mismatch(function: FunctionId) -> gradus_diagnostics::Error {
    let name = book().get(function).name;
    Diagnostic::internal(format!("a call of {name} fits no signature of the rule book")).into()
}
