//! Wrong answers by mutation: none is accepted, and nearly all are diagnosed.
//!
//! Must not know how diagnoses are found.

use std::collections::BTreeMap;
use std::time::Instant;

use gradus_claims::{Diagnosis, Mistake};

use crate::golden::{Golden, all, elaborated};
use crate::mutations;

/// The least share of wrong answers that are diagnosed.
const LEAST_SHARE: f64 = 0.95;
/// Of all mutants one in so many is tried, so that the test takes a minute.
const STRIDE: usize = 53;

#[test]
fn wrong_answers_are_refuted_and_diagnosed() {
    let (mut total, mut accepted, mut missed) = (0, Vec::new(), Vec::new());
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut slowest = (0.0, String::new());
    let mut made = 0_usize;
    let start = Instant::now();
    for golden in all() {
        let names: Vec<&str> =
            golden.program.tree.variables.iter().map(|variable| variable.name.as_str()).collect();
        for (kind, mutant) in mutations::of(&golden.right, &names) {
            made += 1;
            if !made.is_multiple_of(STRIDE) || !is_wrong(&golden, &mutant) {
                continue;
            }
            let begun = Instant::now();
            let judgement = golden.judged(&mutant);
            let seconds = begun.elapsed().as_secs_f64();
            if seconds > slowest.0 {
                slowest = (seconds, format!("[{}] {mutant}", golden.id));
            }
            total += 1;
            let label = format!("[{}] {kind}: {mutant}\n    of {}", golden.id, golden.right);
            if !judgement.is_false() {
                accepted.push(label);
                continue;
            }
            let count = kinds.entry(kind).or_default();
            count.0 += 1;
            if judgement.diagnoses.iter().any(|diagnosis| repairs(&golden, &mutant, diagnosis)) {
                count.1 += 1;
            } else {
                let found: Vec<&str> =
                    judgement.diagnoses.iter().map(|found| found.mistake.name()).collect();
                missed.push(format!("{label}\n    {}", found.join(", ")));
            }
        }
    }
    let share = 1.0 - missed.len() as f64 / f64::from(total.max(1));
    println!("{} missed:\n{}", missed.len(), missed.join("\n"));
    println!("{kinds:?}");
    println!(
        "{total} wrong answers, one in {STRIDE} of {made} mutants; {:.1} % diagnosed; slowest {:.2} s: {}; {:.0} s in all",
        100.0 * share,
        slowest.0,
        slowest.1,
        start.elapsed().as_secs_f64()
    );
    assert!(accepted.is_empty(), "accepted:\n{}", accepted.join("\n"));
    assert!(share >= LEAST_SHARE, "{share}");
}

/// Whether a mutant is wrong: the oracle refutes it, or its parts do not fit together.
fn is_wrong(golden: &Golden, mutant: &str) -> bool {
    match golden.verdict(mutant) {
        Ok(verdict) => verdict.is_refuted(),
        Err(code) => code == "shape",
    }
}

/// Whether the claim is right if it is repaired as the diagnosis says.
fn repairs(golden: &Golden, claim: &str, diagnosis: &Diagnosis) -> bool {
    let changed = |change: &dyn Fn(&mut Golden)| {
        let mut other = Golden {
            id: String::new(),
            request: golden.request.clone(),
            program: golden.program.clone(),
            target: golden.target.clone(),
            right: String::new(),
            own: None,
        };
        change(&mut other);
        other.verdict(claim).is_ok_and(|verdict| verdict.is_verified())
    };
    let gradus_claims::Target::Derivative(asked) = &golden.target else { return false };
    let aimed = |derivative: gradus_claims::Derivative| {
        changed(&|other| other.target = gradus_claims::Target::Derivative(derivative.clone()))
    };
    match &diagnosis.mistake {
        Mistake::OtherLayout(layout) => {
            aimed(gradus_claims::Derivative { layout: *layout, ..asked.clone() })
        }
        Mistake::OtherConvention => {
            use gradus_verify::Convention::{Entries, Projected};
            let convention = if asked.convention == Projected { Entries } else { Projected };
            aimed(gradus_claims::Derivative { convention, ..asked.clone() })
        }
        Mistake::OtherStacking => {
            let stacking = gradus_verify::Stacking::Rows;
            aimed(gradus_claims::Derivative { stacking, ..asked.clone() })
        }
        Mistake::OtherVariable => {
            let wrt = vec![diagnosis.instead.clone()];
            aimed(gradus_claims::Derivative { wrt, ..asked.clone() })
        }
        Mistake::OtherOrder => {
            let order: usize = diagnosis.instead.parse().unwrap();
            let wrt = vec![asked.wrt[0].clone(); order];
            aimed(gradus_claims::Derivative { wrt, ..asked.clone() })
        }
        // Declarations of names that are declared already are replaced.
        Mistake::Assumption if diagnosis.found == "let" => changed(&|other| {
            let (names, kind) = diagnosis.instead.split_once(": ").unwrap();
            let own = elaborated(&golden.request);
            for name in names.split(", ") {
                let id = own.tree.variable_named(name).unwrap();
                let structure = match kind {
                    "symmetric" => gradus_tensor::Structure::Symmetric,
                    "skew" => gradus_tensor::Structure::Skew,
                    "orthogonal" => gradus_tensor::Structure::Orthogonal,
                    _ => gradus_tensor::Structure::Diagonal,
                };
                other.program.tree.variables[id.0 as usize].structure = structure;
            }
        }),
        // What these say is no text that could be put in place of the claim.
        Mistake::Assumption | Mistake::Occurrence => true,
        // All of the answer in place of all of the claim is no diagnosis.
        Mistake::NumbersOnly | Mistake::InverseSandwich if diagnosis.place.is_none() => false,
        _ => golden.verdict(&diagnosis.repaired).is_ok_and(|verdict| verdict.is_verified()),
    }
}
