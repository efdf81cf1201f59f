//! The raiser against values: the raised page and the network must agree on numbers.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod array;
mod forms;
mod network;
mod page;
mod random;
mod scale;

use gradus_diagnostics::Class;
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_tensor::{Arena, Scaled};
use proptest::prelude::*;

/// Raises a value and compares; `None` where there is no matrix form or no finite value.
fn compare(arena: &Arena, value: &Scaled, goal: &Goal) -> Option<String> {
    let options = RaiseOptions { rows: random::rows(arena), ..RaiseOptions::default() };
    let (tree, page) = match raise(arena, std::slice::from_ref(goal), &options) {
        Ok(raised) => raised,
        Err(error) => {
            assert_eq!(error.class, Class::Unsupported, "{error:?}");
            return None;
        }
    };
    let text = gradus_notation::print::source_page(&tree, &page);
    let expected = network::value(arena, value);
    let found = page::value(arena, &tree, &page).oriented(goal);
    let scale = expected.largest().max(1.0);
    if !expected.is_finite() {
        return Some(text);
    }
    assert_eq!(expected.sizes, found.sizes, "{text}");
    for (expected, found) in expected.entries.iter().zip(&found.entries) {
        assert!((expected - found).abs() <= 1e-7 * scale, "{expected} {found} {text}");
    }
    Some(text)
}

/// Seeds that once gave a wrong page.
const ONCE_WRONG: &[u64] = &[15101792448937758244, 3500022789017135694];

/// Compares the random network of a seed upright and transposed.
fn compare_both_ways(seed: u64) {
    let (arena, value) = random::network(seed);
    if arena.axes(value.node).len() <= 2 {
        let goal = Goal::upright(&arena, value.clone());
        compare(&arena, &value, &goal);
        let flipped = Goal { rows: goal.columns, columns: goal.rows, ..goal };
        compare(&arena, &value, &flipped);
    }
}

#[test]
fn networks_that_once_went_wrong_keep_their_value() {
    ONCE_WRONG.iter().for_each(|seed| compare_both_ways(*seed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_random_network_keeps_its_value(seed in any::<u64>()) {
        compare_both_ways(seed);
    }
}

#[test]
fn most_random_networks_have_a_matrix_form() {
    let mut raised = 0;
    let mut tried = 0;
    for seed in 0..2000 {
        let (arena, value) = random::network(seed);
        if arena.axes(value.node).len() <= 2 {
            tried += 1;
            let goal = Goal::upright(&arena, value.clone());
            raised += u32::from(compare(&arena, &value, &goal).is_some());
        }
    }
    assert!(raised * 10 > tried * 8, "{raised} of {tried}");
}
