//! The function on data as a function of one vector: all free variables one after the other.
//!
//! Must not know how a search goes. Numbers come from an [`Evaluator`].

use gradus_elaborate::typed::{TypedId, TypedTree};
use gradus_optimize::Objective;
use gradus_verify::{Array, NoValue, Settings, evaluate_all};

use super::Minimization;
use super::data::normal;
use super::parameters::structured;

/// What computes the values of statements, and how they change along a direction.
pub(super) trait Evaluator {
    /// The values of some nodes, each with its change; without directions nothing changes.
    fn evaluate(
        &self,
        tree: &TypedTree,
        roots: &[TypedId],
        values: &[(&str, &Array)],
        directions: &[(&str, &Array)],
    ) -> Result<Vec<(Array, Array)>, NoValue>;
}

/// The reference evaluator of the oracles.
pub(super) struct Reference;

impl Evaluator for Reference {
    fn evaluate(
        &self,
        tree: &TypedTree,
        roots: &[TypedId],
        values: &[(&str, &Array)],
        directions: &[(&str, &Array)],
    ) -> Result<Vec<(Array, Array)>, NoValue> {
        let settings = Settings { entries: 1 << 27, work: 1 << 40, ..Settings::default() };
        evaluate_all(tree, roots, values, directions, &settings)
    }
}

/// The function on data.
pub(super) struct Problem<'a> {
    of: &'a Minimization,
    evaluator: Reference,
    data: Vec<(String, Array)>,
    /// The free variables with their shapes.
    free: Vec<(String, Array)>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(of: &'a Minimization, data: Vec<(String, Array)>, start: Vec<Array>) -> Self {
        let names = of.parameters.iter().map(|parameter| parameter.name.clone());
        let free = names.zip(start).collect();
        Self { of, evaluator: Reference, data, free }
    }

    /// The start as one vector.
    pub(super) fn start(&self) -> Vec<f64> {
        self.free.iter().flat_map(|(_, array)| array.entries.iter().copied()).collect()
    }

    /// Random directions in the space in which the free variables lie.
    pub(super) fn noise(&self, seed: u64) -> Vec<f64> {
        let count = self.free.iter().map(|(_, array)| array.entries.len()).sum();
        let mut arrays = self.arrays(&normal(seed, count));
        for (parameter, (_, array)) in self.of.parameters.iter().zip(&mut arrays) {
            structured(parameter.structure(&self.of.program), array);
        }
        arrays.into_iter().flat_map(|(_, array)| array.entries).collect()
    }

    /// The first variable that is minimised over.
    pub(super) fn first_name(&self) -> String {
        let first = self.of.parameters.first();
        first.map_or_else(String::new, |it| self.of.program.tree.variable(it.id).name.clone())
    }

    /// Arrays in the place of a vector.
    fn arrays(&self, at: &[f64]) -> Vec<(String, Array)> {
        let mut next = 0;
        let mut one = |(name, shape): &(String, Array)| {
            let count = shape.entries.len();
            let entries = at[next..next + count].to_vec();
            next += count;
            (name.clone(), Array { entries, ..shape.clone() })
        };
        self.free.iter().map(&mut one).collect()
    }

    fn evaluate(
        &self,
        roots: &[TypedId],
        at: &[f64],
        along: Option<&[f64]>,
    ) -> Result<Vec<(Array, Array)>, NoValue> {
        let free = self.arrays(at);
        let moving = along.map(|along| self.arrays(along)).unwrap_or_default();
        fn named(list: &[(String, Array)]) -> impl Iterator<Item = (&str, &Array)> {
            list.iter().map(|(name, array)| (name.as_str(), array))
        }
        let values: Vec<(&str, &Array)> = named(&free).chain(named(&self.data)).collect();
        let directions: Vec<(&str, &Array)> = named(&moving).collect();
        let tree = &self.of.statements.program.tree;
        self.evaluator.evaluate(tree, roots, &values, &directions)
    }

    fn sign(&self) -> f64 {
        if self.of.maximize { -1.0 } else { 1.0 }
    }

    /// The values of the variables as they were declared.
    pub(super) fn originals(&self, at: &[f64]) -> Result<Vec<(String, Array)>, String> {
        let free = self.arrays(at);
        let mut found = Vec::new();
        for (parameter, own) in self.of.parameters.iter().zip(free) {
            let name = self.of.program.tree.variable(parameter.id).name.clone();
            if parameter.is_plain() {
                found.push((name, own.1));
                continue;
            }
            let bound = self.of.statements.program.bindings.iter().find(|(it, _)| *it == name);
            let Some((_, root)) = bound else { return Err(format!("{name} was lost")) };
            let values = self.evaluate(&[*root], at, None).map_err(told)?;
            found.extend(values.into_iter().take(1).map(|(value, _)| (name.clone(), value)));
        }
        Ok(found)
    }
}

fn told(reason: NoValue) -> String {
    match reason {
        NoValue::Outside => "the point is outside the domain".to_owned(),
        NoValue::Wrong(text) => text,
    }
}

impl Objective for Problem<'_> {
    type Error = String;

    fn value_and_gradient(&mut self, at: &[f64]) -> Result<(f64, Vec<f64>), String> {
        let statements = &self.of.statements;
        let mut roots = vec![statements.value];
        roots.extend(&statements.derivatives);
        let nowhere = || (f64::INFINITY, vec![f64::NAN; at.len()]);
        let found = match self.evaluate(&roots, at, None) {
            Ok(found) => found,
            Err(NoValue::Outside) => return Ok(nowhere()),
            Err(reason) => return Err(told(reason)),
        };
        let mut found = found.into_iter().map(|(value, _)| value);
        let value = found.next().and_then(|value| value.entries.first().copied());
        let gradient: Vec<f64> =
            found.flat_map(|part| part.entries).map(|entry| self.sign() * entry).collect();
        if gradient.len() != at.len() {
            return Err("the gradient has another shape than its variables".to_owned());
        }
        let value = value.map_or(f64::NAN, |value| self.sign() * value);
        Ok(if value.is_nan() { nowhere() } else { (value, gradient) })
    }

    fn hessian_times(&mut self, at: &[f64], along: &[f64]) -> Result<Vec<f64>, String> {
        let found = match self.evaluate(&self.of.statements.derivatives, at, Some(along)) {
            Ok(found) => found,
            Err(NoValue::Outside) => return Ok(vec![f64::NAN; at.len()]),
            Err(reason) => return Err(told(reason)),
        };
        let changes = found.into_iter().flat_map(|(_, change)| change.entries);
        Ok(changes.map(|entry| self.sign() * entry).collect())
    }
}
