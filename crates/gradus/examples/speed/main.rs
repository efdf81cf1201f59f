//! Speed: single problems, growth with depth and length, and the whole process.
//!
//! Run by `cargo xtask bench`, in the release profile. Must not know how answers are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod growth;
mod problems;
mod process;
mod steps;

use std::time::{Duration, Instant};

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let benches: [(&str, fn()); 5] = [
        ("problems", problems::run),
        ("steps", steps::run),
        ("layers", growth::layers),
        ("factors", growth::factors),
        ("process", process::run),
    ];
    for (name, bench) in benches {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            bench();
        }
    }
}

/// The least time that a task takes in a number of runs.
fn least(runs: usize, mut task: impl FnMut()) -> Duration {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        task();
        start.elapsed()
    });
    times.min().unwrap()
}

/// A time in the unit that suits it.
fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1e3 {
        format!("{micros:.1} µs")
    } else if micros < 1e6 {
        format!("{:.2} ms", micros / 1e3)
    } else {
        format!("{:.2} s", micros / 1e6)
    }
}
