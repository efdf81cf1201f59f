//! L-BFGS (Nocedal and Wright, algorithms 7.4 and 7.5).
//!
//! Must not know how steps are measured; see [`crate::line`].

use std::collections::VecDeque;

use crate::vector::{add, along, dot, norm, scaled};
use crate::{Found, Objective, Progress, Search, line};

/// How many changes of the gradient are remembered.
const MEMORY: usize = 12;

/// A step, the change of the gradient over it, and one over their product.
struct Change {
    step: Vec<f64>,
    gradient: Vec<f64>,
    inverse: f64,
}

pub(crate) fn run<O: Objective>(
    search: &mut Search<'_, O>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Found, O::Error> {
    let mut memory: VecDeque<Change> = VecDeque::new();
    let outcome = loop {
        progress(search.progress());
        if let Some(outcome) = search.outcome() {
            break outcome;
        }
        let mut direction = direction(&memory, &search.gradient);
        if dot(&direction, &search.gradient) >= 0.0 {
            memory.clear();
            direction = scaled(&search.gradient, -1.0);
        }
        let first = match memory.is_empty() {
            true => (1.0 / norm(&search.gradient)).min(1.0),
            false => 1.0,
        };
        let Some(trial) = line::search(search, &direction, first)? else {
            if memory.is_empty() {
                break search.stuck();
            }
            // Once more without what is remembered.
            memory.clear();
            continue;
        };
        let step = along(&trial.at, -1.0, &search.at);
        let gradient = along(&trial.gradient, -1.0, &search.gradient);
        let product = dot(&step, &gradient);
        let rounding = f64::EPSILON * norm(&step) * norm(&gradient);
        let stays = step.iter().all(|entry| *entry == 0.0);
        search.go(trial.at, trial.value, trial.gradient);
        if stays {
            break search.stuck();
        }
        if product > rounding {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back(Change { step, gradient, inverse: 1.0 / product });
        }
    };
    Ok(search.found(outcome))
}

/// The two loops.
fn direction(memory: &VecDeque<Change>, gradient: &[f64]) -> Vec<f64> {
    let mut direction = scaled(gradient, -1.0);
    let mut shares = Vec::with_capacity(memory.len());
    for change in memory.iter().rev() {
        let share = change.inverse * dot(&change.step, &direction);
        add(&mut direction, -share, &change.gradient);
        shares.push(share);
    }
    if let Some(last) = memory.back() {
        let size = dot(&last.gradient, &last.gradient) * last.inverse;
        direction = scaled(&direction, 1.0 / size);
    }
    for (change, share) in memory.iter().zip(shares.into_iter().rev()) {
        let back = change.inverse * dot(&change.gradient, &direction);
        add(&mut direction, share - back, &change.step);
    }
    direction
}
