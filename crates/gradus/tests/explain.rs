//! Proofs of the rules: every line holds, and every rule that a derivation cites has one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus::{Explanation, Language, Output, Rule, Verdict, explain};

fn explained(name: &str, output: Output, language: Language) -> Vec<Explanation> {
    explain(name, output, language).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
}

#[test]
fn every_line_of_every_proof_holds() {
    let mut wrong = Vec::new();
    for (name, _) in gradus::rules(Language::English) {
        match explain(&name, Output::Source, Language::English) {
            Err(failure) => wrong.push(format!("{name}: {failure:?}")),
            Ok(found) => {
                for one in found {
                    let formulas = one.lines.iter().any(|line| !line.sides.is_empty());
                    let verdict = one.verification.verdict;
                    if formulas != verdict.is_verified() {
                        wrong.push(format!("{name}: {:?}", one.verification));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_that_derivations_cite_has_a_proof() {
    let proved: Vec<String> =
        gradus::rules(Language::English).into_iter().map(|(name, _)| name).collect();
    for rule in Rule::all() {
        assert!(proved.iter().any(|name| name == rule.name()), "{}", rule.name());
    }
    for rule in gradus_functions::proved_rules() {
        assert!(Rule::named(rule.name).is_some(), "{} is cited by no derivation", rule.name);
    }
    for (_, function) in gradus_functions::book().iter() {
        assert!(
            function.differential.is_empty() || !function.proof.is_empty(),
            "{} has a differential without a proof",
            function.name
        );
    }
}

#[test]
fn the_last_equation_is_about_the_differential_of_the_entry() {
    for (_, function) in gradus_functions::book().iter() {
        let Some(last) = function.proof.lines.iter().rfind(|line| !line.formula.is_empty()) else {
            continue;
        };
        let (_, right) = last.formula.split_once('=').unwrap();
        let left = last.formula.trim_end_matches(right).trim_end_matches('=').trim();
        assert_eq!(left, format!("d({})", function.usage()), "{}", function.name);
    }
}

#[test]
fn lines_are_printed_as_they_are_written() {
    let [inverse] = explained("inv", Output::Text, Language::English).try_into().unwrap();
    let lines: Vec<String> = inverse.lines.iter().map(|line| line.sides.join(" = ")).collect();
    assert_eq!(
        lines,
        ["XX⁻¹ = Iₙ", "(dX)X⁻¹ + X d(X⁻¹) = 0", "X d(X⁻¹) = −(dX)X⁻¹", "d(X⁻¹) = −X⁻¹(dX)X⁻¹",]
    );
    assert_eq!(inverse.condition, "X is invertible");
    assert_eq!(inverse.verification.verdict, Verdict::Proved);
    let cyclic = &explained("cyclic", Output::Latex, Language::Chinese)[0];
    assert!(cyclic.statement.contains("循环"), "{cyclic:?}");
    assert!(cyclic.lines[0].sides[0].contains("\\operatorname{tr}"), "{cyclic:?}");
}

#[test]
fn texts_are_in_both_languages() {
    for (name, _) in gradus::rules(Language::English) {
        let english = explained(&name, Output::Text, Language::English);
        let chinese = explained(&name, Output::Text, Language::Chinese);
        for (english, chinese) in english.iter().zip(&chinese) {
            for (english, chinese) in english.lines.iter().zip(&chinese.lines) {
                assert!(!english.reason.is_empty() && !chinese.reason.is_empty(), "{name}");
                assert_eq!(english.sides, chinese.sides, "{name}");
            }
        }
    }
}

#[test]
fn what_is_no_rule_is_said() {
    let message = |name: &str| {
        let failure = explain(name, Output::Text, Language::English).unwrap_err();
        (failure.exit_code(), failure.text())
    };
    let (code, text) = message("cyclik");
    assert!(code == 2 && text.contains("did you mean cyclic?"), "{text}");
    let (code, text) = message("vec");
    assert!(code == 4 && text.contains("its meaning gives it"), "{text}");
}
