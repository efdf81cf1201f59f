//! Lowering of functions of the vocabulary.
//!
//! Must not know particular functions, only how an entry means its network.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::{Meaning, book};
use gradus_tensor::{
    Axes, Axis, DimensionId, Dimensions, FunctionId, FunctionRef, Rational, Role, Scaled,
    SeveralArgument,
};

use super::Lowering;
use super::fragment::lower_fragment;
use super::value::{Ambient, Ambients, Value, union};
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
        if facts.cores.iter().all(|core| *core == 0) && values.len() > 1 {
            return self.elementwise_many(reference, values);
        }
        let lacking = |value: &Value, core: u8| {
            usize::from(value.has_rows()) + usize::from(value.has_columns()) < usize::from(core)
        };
        let small = values.iter().zip(facts.cores).any(|(value, core)| lacking(value, *core));
        if small && !book().get(function).small.is_empty() {
            let shapes: Vec<Shape> = values
                .iter()
                .map(|value| Shape { rows: value.rows, columns: value.columns })
                .collect();
            let (fragment, letters) = rule_book().small(function, &shapes)?;
            let value = lower_fragment(self.arena, fragment, &letters, values, &[])?;
            let ambient =
                values.iter().fold(Ambients::new(), |all, value| union(&all, &value.ambient));
            return Ok(self.align(&value, &ambient));
        }
        let [value] = values else {
            return Ok(self.of_several(reference, values, rows, columns));
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

    /// A function of several arrays, mapped over all labels that any of them is mapped over.
    pub(crate) fn of_several(
        &mut self,
        function: FunctionRef,
        values: &[Value],
        rows: DimensionId,
        columns: DimensionId,
    ) -> Value {
        let ambient = values.iter().fold(Ambients::new(), |all, value| union(&all, &value.ambient));
        let place = |label: &Ambient| ambient.iter().position(|(known, _)| known == label);
        let arguments: Vec<SeveralArgument> = values
            .iter()
            .map(|value| {
                let labels = value.ambient.iter().filter_map(|(label, _)| place(label));
                let labels = labels.filter_map(|at| gradus_tensor::Label::try_from(at).ok());
                (value.scaled.clone(), labels.collect())
            })
            .collect();
        let mapped: Vec<Axis> = ambient.iter().map(|(_, axis)| *axis).collect();
        let scaled = self.arena.apply_several(function, &arguments, &mapped);
        Value { scaled, ambient, rows, columns }
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
