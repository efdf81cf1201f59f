//! The identities of every file: each member of a chain equals the first, wrong forms do not.

use gradus::{Request, Verdict};

use crate::format::{Case, Cases, FILES, SEEDS};

fn cases() -> Vec<Case> {
    let files = SEEDS.iter().chain(&FILES);
    let cases = files.flat_map(|file| Cases::of(file).cases);
    cases.filter(|case| case.first("equal").is_some()).collect()
}

fn verdict(case: &Case, left: &str, right: &str) -> gradus::Result<Verdict> {
    // Statements before the last one of a side stand before the identity.
    let (before, right) = split(right);
    let (more, left) = split(left);
    let mut request = Request::new(format!("{}{left} = {right}", joined(more, before)));
    request.declarations = case.texts("let");
    Ok(gradus::check(&request)?.verification.verdict)
}

fn split(side: &str) -> (&str, &str) {
    side.split_at(side.rfind(';').map_or(0, |at| at + 1))
}

/// The statements before both sides; those that both sides begin with stand once.
fn joined(left: &str, right: &str) -> String {
    let statements = |side: &str| -> Vec<String> {
        side.split_inclusive(';').map(|statement| statement.trim().to_owned()).collect()
    };
    let (mut all, right) = (statements(left), statements(right));
    all.extend(right.into_iter().filter(|statement| !left.contains(statement.as_str())));
    all.concat()
}

#[test]
fn members_of_a_chain_are_equal_and_wrong_forms_are_not() {
    let (cases, mut failed) = (cases(), Vec::new());
    assert_eq!(cases.len(), 65);
    for case in &cases {
        let first = case.one("equal");
        for member in case.all("equal").skip(1) {
            let found = verdict(case, first, member);
            if !found.as_ref().is_ok_and(|verdict| verdict.is_verified()) {
                failed.push(format!("[{}] {first} = {member}: {found:?}", case.id));
            }
        }
        for wrong in case.all("wrong") {
            let found = verdict(case, first, wrong);
            // A wrong form may also be wrong in its shapes.
            if found.as_ref().is_ok_and(|verdict| *verdict != Verdict::Refuted) {
                failed.push(format!("[{}] wrong {first} = {wrong}: {found:?}", case.id));
            }
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}
