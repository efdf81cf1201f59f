//! `gradus batch`: JSON lines in, JSON lines out, in order.

use serde_json::{Value, json};

use crate::run;

fn batch(lines: &[&str]) -> Vec<Value> {
    let found = run(&["batch"], lines.join("\n").as_bytes()).exits(0);
    found.answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn answers_come_in_order_and_errors_do_not_stop_them() {
    let answers = batch(&[
        r#"{"id": 1, "expr": "norm2(X*w - y)^2", "wrt": "w", "emit": "source"}"#,
        r#"{"id": "two", "expr": "norm2(X*w - y", "wrt": "w", "emit": "source"}"#,
        "",
        r#"{"id": 3, "expr": "x'*A*x", "wrt": ["x"], "let": {"A": "symmetric(n)"}, "order": 1, "layout": "numerator", "emit": "source"}"#,
        "no json",
        r#"{"id": 5, "expr": "tr(X)", "wrt": "X", "emti": "source"}"#,
    ]);
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0]["id"], 1);
    assert_eq!(answers[0]["ok"], true);
    assert_eq!(answers[0]["code"], "2*X'*(X*w - y)");
    assert_eq!(answers[1]["id"], "two");
    assert_eq!(answers[1]["ok"], false);
    assert_eq!(answers[1]["error"]["code"], "syntax");
    assert_eq!(answers[2]["code"], "2*x'*A");
    assert_eq!(answers[3], json!({"id": null, "ok": false, "error": answers[3]["error"]}));
    assert_eq!(answers[4]["ok"], false);
    assert!(answers[4]["error"]["message"].as_str().unwrap().contains("emti"));
}

#[test]
fn every_form_can_be_asked_for() {
    for form in ["text", "source", "latex", "mathml", "typst", "index", "json", "numpy"] {
        let line = json!({"id": form, "expr": "x'*A*x", "wrt": "x", "emit": form}).to_string();
        let answer = &batch(&[&line])[0];
        assert_eq!(answer["ok"], true, "{answer}");
        assert!(!answer["code"].as_str().unwrap().is_empty());
    }
}

#[test]
fn bytes_that_are_not_utf8_are_one_bad_line() {
    let found =
        run(&["batch"], b"\xff\xfe\n{\"id\": 1, \"expr\": \"x'*x\", \"wrt\": \"x\"}\n").exits(0);
    let answers: Vec<&str> = found.answer.lines().collect();
    assert_eq!(answers.len(), 2);
    assert!(answers[0].contains("UTF-8") && answers[1].contains("\"ok\":true"));
}
