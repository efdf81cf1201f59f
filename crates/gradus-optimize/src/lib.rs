//! Minimisation of smooth functions: L-BFGS, Newton's method with conjugate gradients in a trust region,
//! and the curvature at a point.
//!
//! Must not know where functions come from: they are asked through the one trait [`Objective`].

mod krylov;
mod lbfgs;
mod line;
mod newton;
mod vector;

pub use krylov::{Curvature, curvature};

/// A function of a vector. Values outside its domain are infinite or not numbers.
pub trait Objective {
    /// Why it cannot be asked.
    type Error;

    /// The value and the gradient.
    ///
    /// # Errors
    /// The function cannot be evaluated at all, as opposed to having no value at this point.
    fn value_and_gradient(&mut self, at: &[f64]) -> Result<(f64, Vec<f64>), Self::Error>;

    /// The product of the Hessian with a direction.
    ///
    /// # Errors
    /// As for the gradient.
    fn hessian_times(&mut self, at: &[f64], along: &[f64]) -> Result<Vec<f64>, Self::Error>;
}

/// The way to a minimum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Quasi-Newton steps from the last gradients, with a line search by Wolfe's conditions (Nocedal and
    /// Wright, algorithms 7.4, 3.5 and 3.6).
    #[default]
    Lbfgs,
    /// Newton steps by conjugate gradients within a trust region (Steihaug; Nocedal and Wright,
    /// algorithms 4.1 and 7.2).
    NewtonCg,
}

/// When a search ends.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The method.
    pub method: Method,
    /// The norm of the gradient, relative to the one at the start (or to 1 if that is smaller), at which
    /// a point counts as stationary.
    pub tolerance: f64,
    /// The most steps.
    pub steps: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { method: Method::default(), tolerance: 1e-9, steps: 2000 }
    }
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The gradient is as small as was wanted, or as rounding allows.
    Stationary,
    /// The values fall without bound as the point goes to infinity.
    Diverging,
    /// No step makes progress, though the gradient is not small.
    Stalled,
    /// There were too many steps.
    TooManySteps,
    /// The function has no finite value at the start.
    NoStart,
}

/// One step of a search.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// How many steps were made.
    pub step: usize,
    /// The value.
    pub value: f64,
    /// The norm of the gradient.
    pub gradient: f64,
}

/// Where a search ended.
#[derive(Clone, Debug)]
pub struct Found {
    /// The point.
    pub at: Vec<f64>,
    /// The value.
    pub value: f64,
    /// The gradient.
    pub gradient: Vec<f64>,
    /// The norm of the gradient, relative as in [`Settings::tolerance`].
    pub relative: f64,
    /// Steps.
    pub steps: usize,
    /// How often the gradient was asked for.
    pub evaluations: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// Searches a minimum from a start.
///
/// # Errors
/// Those of the objective.
pub fn minimize<O: Objective>(
    objective: &mut O,
    start: &[f64],
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, O::Error> {
    let mut search = Search::begin(objective, start, settings)?;
    if !search.is_finite() {
        return Ok(search.found(Outcome::NoStart));
    }
    match settings.method {
        Method::Lbfgs => lbfgs::run(&mut search, progress),
        Method::NewtonCg => newton::run(&mut search, progress),
    }
}

/// Values below this, of functions that began far above it, are taken for falling without bound.
const DEEP: f64 = 1e15;
/// A norm of the point that is far out.
const FAR: f64 = 1e12;
/// Where rounding stops a search, a relative gradient this small is stationary still.
const ROUNDED: f64 = 1e-5;

/// A search at a point.
pub(crate) struct Search<'a, O: Objective> {
    pub(crate) objective: &'a mut O,
    pub(crate) settings: &'a Settings,
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) steps: usize,
    pub(crate) evaluations: usize,
    scale: f64,
    first: f64,
}

impl<'a, O: Objective> Search<'a, O> {
    fn begin(
        objective: &'a mut O,
        start: &[f64],
        settings: &'a Settings,
    ) -> Result<Self, O::Error> {
        let (value, gradient) = objective.value_and_gradient(start)?;
        let scale = vector::norm(&gradient).max(1.0);
        let at = start.to_vec();
        Ok(Self {
            objective,
            settings,
            at,
            value,
            gradient,
            steps: 0,
            evaluations: 1,
            scale,
            first: value,
        })
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|entry| entry.is_finite())
    }

    /// The value and the gradient at another point.
    pub(crate) fn ask(&mut self, at: &[f64]) -> Result<(f64, Vec<f64>), O::Error> {
        self.evaluations += 1;
        self.objective.value_and_gradient(at)
    }

    /// Goes to a point.
    pub(crate) fn go(&mut self, at: Vec<f64>, value: f64, gradient: Vec<f64>) {
        (self.at, self.value, self.gradient) = (at, value, gradient);
        self.steps += 1;
    }

    pub(crate) fn relative(&self) -> f64 {
        vector::norm(&self.gradient) / self.scale
    }

    /// How the search ends here, if it does.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        if self.relative() <= self.settings.tolerance {
            return Some(Outcome::Stationary);
        }
        let deep = self.value < -DEEP * self.first.abs().max(1.0);
        if deep || self.value == f64::NEG_INFINITY || vector::norm(&self.at) > FAR {
            return Some(Outcome::Diverging);
        }
        (self.steps >= self.settings.steps).then_some(Outcome::TooManySteps)
    }

    /// The outcome where no step makes progress.
    pub(crate) fn stuck(&self) -> Outcome {
        if self.relative() <= ROUNDED { Outcome::Stationary } else { Outcome::Stalled }
    }

    /// Where it is, with how it ends.
    pub(crate) fn found(&self, outcome: Outcome) -> Found {
        let relative = self.relative();
        Found {
            at: self.at.clone(),
            value: self.value,
            gradient: self.gradient.clone(),
            relative,
            steps: self.steps,
            evaluations: self.evaluations,
            outcome,
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress { step: self.steps, value: self.value, gradient: vector::norm(&self.gradient) }
    }
}

#[cfg(test)]
mod tests;
