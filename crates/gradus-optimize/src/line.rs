//! A line search by Wolfe's conditions (Nocedal and Wright, algorithms 3.5 and 3.6). Near a minimum, where
//! values differ by rounding only, the slopes decide (Hager and Zhang, 2005).
//!
//! Must not know how directions are found.

use crate::vector::{along, dot};
use crate::{Objective, Search};

const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
/// The part of the value by which it may rise through rounding.
const ROUNDING: f64 = 1e-13;
const ATTEMPTS: usize = 60;

/// A point on the line.
#[derive(Clone)]
pub(crate) struct Trial {
    pub(crate) length: f64,
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    slope: f64,
}

/// A step along a direction of descent; nothing if none makes progress.
pub(crate) fn search<O: Objective>(
    search: &mut Search<'_, O>,
    direction: &[f64],
    first: f64,
) -> Result<Option<Trial>, O::Error> {
    let start = Trial {
        length: 0.0,
        at: search.at.clone(),
        value: search.value,
        slope: dot(&search.gradient, direction),
        gradient: search.gradient.clone(),
    };
    let slack = ROUNDING * start.value.abs();
    let descends = |trial: &Trial| {
        let wolfe = trial.value <= start.value + DECREASE * trial.length * start.slope;
        let level = trial.value <= start.value + slack;
        wolfe || level && trial.slope.abs() <= start.slope.abs()
    };
    let is_flat = |trial: &Trial| trial.slope.abs() <= -CURVATURE * start.slope;
    let (mut low, mut high): (Trial, Option<f64>) = (start.clone(), None);
    let mut length = first;
    for _ in 0..ATTEMPTS {
        let at = along(&start.at, length, direction);
        let (value, gradient) = search.ask(&at)?;
        let slope = dot(&gradient, direction);
        let finite = value.is_finite() && slope.is_finite();
        let trial = Trial { length, at, value, gradient, slope };
        if value == f64::NEG_INFINITY {
            return Ok(Some(trial));
        }
        if !finite || !descends(&trial) || low.length > 0.0 && value > low.value + slack {
            high = Some(length);
        } else if is_flat(&trial) {
            return Ok(Some(trial));
        } else if slope < 0.0 {
            low = trial;
        } else {
            // The minimum along the line lies before this point.
            high = Some(length);
        }
        length = match high {
            Some(high) => low.length + (high - low.length) * 0.5,
            None => length * 2.0,
        };
        let narrow = high.is_some_and(|high| (high - low.length).abs() <= 1e-16 * high.abs());
        if narrow {
            break;
        }
    }
    // A point that is lower will do.
    Ok((low.length > 0.0).then_some(low))
}
