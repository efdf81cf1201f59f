//! Limits that textbooks and Gruntz's thesis give.
//!
//! Must not know how limits are found.

#![allow(clippy::unwrap_used)]

mod support;

use gradus_scalar::expression::{Arena, ExprId};
use gradus_scalar::limit::{Limit, NoLimit, Point, Side, limit};

fn written(arena: &Arena, value: Limit) -> String {
    match value {
        Limit::Finite(id) => arena.text(id, "x").unwrap_or_else(|| "undefined".to_owned()),
        Limit::Infinity => "inf".to_owned(),
        Limit::MinusInfinity => "-inf".to_owned(),
    }
}

fn answer(text: &str, at: &str) -> String {
    let mut arena = Arena::new(20_000_000);
    let id = support::read(&mut arena, text, &["p", "q"]);
    let (at, side) = match at.strip_suffix('+') {
        Some(at) => (at, Side::Right),
        None => match at.strip_suffix('-') {
            Some(at) => (at, Side::Left),
            None => (at, Side::Both),
        },
    };
    let point = match at {
        "inf" => Point::Infinity,
        "-inf" => Point::MinusInfinity,
        other => Point::At(support::read(&mut arena, other, &["p", "q"])),
    };
    match limit(&mut arena, id, point, side) {
        Ok(found) => {
            let value = match found.value {
                Limit::Finite(id) => Limit::Finite(arena.normal_if_shorter(id)),
                other => other,
            };
            written(&arena, value)
        }
        Err(NoLimit::SidesDiffer { left, right }) => {
            format!("sides {} {}", written(&arena, left), written(&arena, right))
        }
        Err(NoLimit::Oscillates { first, second, .. }) => {
            format!("oscillates {} {}", written(&arena, first), written(&arena, second))
        }
        Err(NoLimit::NeedsSign(id)) => format!("sign of {}", arena.text(id, "x").unwrap()),
        Err(other) => format!("{other:?}"),
    }
}

/// Whether two texts without variable are equal.
fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let parseable = |text: &str| !text.contains("inf") && !text.contains(' ') || text.contains('(');
    if !parseable(a)
        || !parseable(b)
        || a.contains("sides")
        || a.contains("sign of")
        || a.contains("oscill")
        || a == "Undecided"
        || a == "Exhausted"
        || a == "Undefined"
        || a == "undefined"
        || b.contains("sides")
        || b.contains("oscill")
        || b.contains("sign of")
    {
        return false;
    }
    let mut arena = Arena::new(1_000_000);
    let (a, b): (ExprId, ExprId) =
        (support::read(&mut arena, a, &["p", "q"]), support::read(&mut arena, b, &["p", "q"]));
    let difference = arena.subtract(a, b);
    arena.is_zero(difference).is_zero()
}

#[test]
fn limits_are_as_known() {
    let cases = include_str!("limits.txt");
    let mut wrong = Vec::new();
    for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let start = std::time::Instant::now();
        let got = answer(parts[0], parts[1]);
        let took = start.elapsed().as_millis();
        if !same(&got, parts[2]) || took > 1500 {
            wrong.push(format!("{line}: {got} ({took} ms)"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
