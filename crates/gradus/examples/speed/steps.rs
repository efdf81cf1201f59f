//! Steps of the derivatives of `cases/spine.txt`: for each the least of 20 runs, every line verified.

use std::time::Duration;

use gradus::{Detail, Language, Request};

use crate::{least, shown};

const RUNS: usize = 20;

pub(crate) fn run() {
    println!("steps: least of {RUNS} runs, of an answer that is there, every line verified");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/spine.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut times: Vec<(Duration, String)> = Vec::new();
    for case in text.split("\n\n") {
        let field = |name: &str| {
            let lines = case.lines();
            let values = lines.filter_map(|line| line.strip_prefix(&format!("{name}: ")));
            values.map(str::to_owned).collect::<Vec<_>>()
        };
        let (expr, wrt) = (field("expr"), field("wrt"));
        let ([expr], [wrt]) = (expr.as_slice(), wrt.as_slice()) else { continue };
        let mut request = Request::new(expr.clone()).by(wrt.clone()).main_form();
        request.declarations = field("let");
        let answer = gradus::diff(&request).unwrap();
        let time = least(RUNS, || {
            answer.steps(Detail::Normal, Language::English).unwrap();
        });
        times.push((time, expr.clone()));
    }
    times.sort();
    println!("  {} derivatives: median {}", times.len(), shown(times[times.len() / 2].0));
    for (time, expr) in times.iter().rev().take(5) {
        println!("  {:>10}  {expr}", shown(*time));
    }
}
