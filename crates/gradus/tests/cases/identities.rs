//! The identities of `cases/spine.txt`: every member of a chain equals the first, wrong forms do not.

use gradus::{Request, Verdict};

use crate::format::{Case, Cases};

fn cases() -> Vec<Case> {
    let cases = Cases::of("spine.txt").cases;
    cases.into_iter().filter(|case| case.first("equal").is_some()).collect()
}

fn verdict(case: &Case, left: &str, right: &str) -> Result<Verdict, String> {
    // Statements before the last one of a side stand before the identity.
    let (before, right) = split(right);
    let (more, left) = split(left);
    let mut request = Request::new(format!("{more}{before}{left} = {right}"));
    request.declarations = case.texts("let");
    let checked = gradus::check(&request).map_err(|failure| failure.to_string())?;
    Ok(checked.verification.verdict)
}

fn split(side: &str) -> (&str, &str) {
    side.split_at(side.rfind(';').map_or(0, |at| at + 1))
}

#[test]
fn members_of_a_chain_are_equal_and_wrong_forms_are_not() {
    let (cases, mut failed) = (cases(), Vec::new());
    assert_eq!(cases.len(), 58);
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
