//! Certificates as JSON, schema 1.
//!
//! Must not know how they are found.

use gradus_claims::{Bending, Seen, Values};
use gradus_convexity::{Statement, condition_words, rule_words};
use gradus_diagnostics::Language;
use serde_json::{Map, Value, json};

use super::formulas::Formulas;
use super::told::bend_word;
use super::{Convexity, Curvature};

/// The certificate as one JSON object.
pub(crate) fn print(answer: &Convexity, language: Language) -> String {
    let verdict = match answer.curvature {
        Curvature::Affine => "affine",
        Curvature::Convex => "convex",
        Curvature::Concave => "concave",
        Curvature::Neither => "neither",
        Curvature::NotKnown => "not known",
    };
    let steps: Vec<Value> = answer
        .lines
        .iter()
        .map(|line| {
            let (bend, order) = match line.statement {
                Statement::Entries(bend) => (bend, false),
                Statement::Matrix(bend) => (bend, true),
            };
            json!({
                "formula": formula(&line.formula),
                "statement": bend_word(bend, Language::English),
                "matrix_order": order,
                "rule": rule_words(&line.rule, language),
            })
        })
        .collect();
    let strictness = answer.strictly.as_ref().map(|strictly| {
        let conditions: Vec<String> = strictly
            .conditions
            .iter()
            .map(|(condition, it)| condition_words(condition, &it.source, language))
            .collect();
        json!({
            "kind": if strictly.strongly { "strong" } else { "strict" },
            "conditions": conditions,
        })
    });
    let verification = &answer.verification;
    let sizes: Vec<Vec<u64>> = verification
        .sizes
        .iter()
        .map(|sizes| sizes.iter().map(|(_, size)| *size).collect())
        .collect();
    let separately: Map<String, Value> = answer
        .separately
        .iter()
        .map(|(name, curvature)| (name.clone(), json!(curvature.word(Language::English))))
        .collect();
    let hints: Vec<Value> = answer
        .hints
        .iter()
        .map(|(declaration, curvature)| {
            json!({ "declare": declaration, "then": curvature.word(Language::English) })
        })
        .collect();
    let examples = (answer.bends != gradus_claims::Bends::default()).then(|| {
        json!({
            "data": values(&answer.bends.data),
            "not_convex": answer.bends.down.as_ref().map(bending),
            "not_concave": answer.bends.up.as_ref().map(bending),
            "depends_on_data": answer.bends.depends,
        })
    });
    let document = json!({
        "schema": 1,
        "input": answer.source,
        "reading": answer.reading,
        "in": answer.variables,
        "verdict": verdict,
        "strictness": strictness,
        "steps": steps,
        "second_differential": answer.second.as_ref().map(formula),
        "examples": examples,
        "separately": separately,
        "hints": hints,
        "verification": {
            "verified": verification.verdict.is_verified(),
            "verdict": verification.verdict.name(),
            "method": verification.method,
            "sizes": sizes,
        },
    });
    document.to_string()
}

fn formula(formula: &Formulas) -> Value {
    json!({ "text": formula.text, "source": formula.source, "latex": formula.latex })
}

fn values(values: &Values) -> Value {
    let map: Map<String, Value> =
        values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    Value::Object(map)
}

fn bending(found: &Bending) -> Value {
    let seen = match &found.seen {
        Seen::Second(value) => json!({ "second_derivative": value }),
        Seen::Chord(around) => json!({ "values": around }),
    };
    json!({ "at": values(&found.at), "along": values(&found.along), "seen": seen })
}
