//! The problems of `cases/problems.jsonl`: for each the least of 200 runs in one process, from text to
//! printed source, without and with verification. First derivatives of scalars and of vectors by
//! vectors apart from second derivatives and matrices by matrices.

use std::time::Duration;

use gradus::{Output, Request};

use crate::{least, shown};

const RUNS: usize = 200;

pub(crate) fn run() {
    println!("problems: least of {RUNS} runs, text to source; with verification");
    for (part, title) in [("spine", "first order"), ("every-kind", "second order and stacked")] {
        println!("  {title}");
        run_part(part);
    }
}

fn run_part(part: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/problems.jsonl");
    let (mut bare, mut verified) = (Vec::new(), Vec::new());
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let problem: serde_json::Value = serde_json::from_str(line).unwrap();
        if problem["part"] != part {
            continue;
        }
        let request = request(&problem);
        let source = solve(&request);
        let without = least(RUNS, || {
            solve(&request.clone().unverified());
        });
        let with = least(RUNS, || {
            solve(&request);
        });
        println!(
            "  {:<5}{:>10}{:>10}  {:<40} {source}",
            problem["id"].as_str().unwrap(),
            shown(without),
            shown(with),
            request.program
        );
        bare.push(without);
        verified.push(with);
    }
    summary("without verification", bare);
    summary("with verification", verified);
}

fn request(problem: &serde_json::Value) -> Request {
    let mut request =
        Request::new(problem["expr"].as_str().unwrap()).by(problem["wrt"].as_str().unwrap());
    for (name, kind) in problem["let"].as_object().unwrap() {
        request = request.declare(format!("{name}: {}", kind.as_str().unwrap()));
    }
    let order = problem["order"].as_u64().unwrap();
    request.order(u32::try_from(order).unwrap()).main_form()
}

fn solve(request: &Request) -> String {
    let answer = gradus::diff(request).unwrap_or_else(|failure| panic!("{failure}"));
    answer.print(Output::Source).unwrap_or_else(|failure| panic!("{failure}"))
}

fn summary(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!("  {name}: median {}, worst {}, of {}", shown(median), shown(worst), times.len());
}
