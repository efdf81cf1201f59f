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
fn every_option_of_the_command_line_is_a_field() {
    let answers = batch(&[
        r#"{"expr": "log(sum(exp(A*x)))", "wrt": "x", "at": "x=0", "emit": "source"}"#,
        r#"{"expr": "x'*A*x", "wrt": "x", "at": ["x=[1;2]", "A=[1,2;3,4]"], "emit": "source"}"#,
        r#"{"expr": "X'*A", "wrt": "X", "vec": "rows", "emit": "source"}"#,
        r#"{"expr": "x'*A*x", "wrt": "x", "times": "v", "emit": "source"}"#,
        r#"{"expr": "a*x'*x", "wrt": ["a", "x"], "stack": true, "emit": "source"}"#,
        r#"{"expr": "logdet(S)", "let": {"S": "spd(n)"}, "convention": "entries", "emit": "source"}"#,
        r#"{"differential": "inv(X)", "emit": "source"}"#,
        r#"{"differential": "inv(X)", "at": "X=eye", "emit": "source"}"#,
        r#"{"check": "tr(A*B) = tr(B*A)"}"#,
        r#"{"check": "A*B = B*A", "let": {"A": "matrix(n,n)", "B": "matrix(n,n)"}}"#,
        r#"{"check": "A^2*B = B*A^2", "let": {"A": "matrix(n,n)"}, "assume": "A*B = B*A"}"#,
    ]);
    let codes = [
        "A'*ones(m)/m",
        "[12; 21]",
        "kron(eye(n), A')*commutation(n, m)",
        "v'*A*x + x'*A*v",
        "[x'*x; 2*a*x]",
        "2*inv(S) - diag(diag(inv(S)))",
        "-inv(X)*dX*inv(X)",
        "-dX",
        "true",
        "false",
        "true",
    ];
    for (answer, code) in answers.iter().zip(codes) {
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(true), &json!(code)), "{answer}");
        assert_eq!(answer["verified"], true, "{answer}");
    }
    assert_eq!(answers.len(), codes.len());
}

#[test]
fn fields_that_do_not_fit_are_told() {
    let answers = batch(&[
        r#"{"check": "A = A", "wrt": "A"}"#,
        r#"{"differential": "inv(X)", "layout": "numerator"}"#,
        r#"{"expr": "x'*x", "assume": "x'*x = 1"}"#,
        r#"{"expr": "x'*x", "check": "x = x"}"#,
        r#"{"expr": "x'*x", "stack": "yes"}"#,
        r#"{"expr": "x'*x", "at": 5}"#,
        r#"{"check": "sin(x) = x", "assume": "sin(x) = x", "let": {"x": "scalar"}}"#,
    ]);
    let exits: Vec<u64> =
        answers.iter().map(|answer| answer["error"]["exit"].as_u64().unwrap()).collect();
    assert_eq!(exits, [2, 2, 2, 2, 2, 2, 4], "{answers:#?}");
}

#[test]
fn bytes_that_are_not_utf8_are_one_bad_line() {
    let found =
        run(&["batch"], b"\xff\xfe\n{\"id\": 1, \"expr\": \"x'*x\", \"wrt\": \"x\"}\n").exits(0);
    let answers: Vec<&str> = found.answer.lines().collect();
    assert_eq!(answers.len(), 2);
    assert!(answers[0].contains("UTF-8") && answers[1].contains("\"ok\":true"));
}

#[test]
fn every_line_has_its_answer_whatever_it_holds() {
    let deep = "[".repeat(100_000);
    let long = json!({"id": "long", "expr": "(".repeat(1 << 20)}).to_string();
    let lines = [
        "{}",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{\"id\":1}",
        "{\"id\":1,\"expr\":5}",
        "{\"id\":1,\"expr\":\"x\"",
        "{\"id\":1,\"expr\":\"x\"} {}",
        "\u{0}",
        "\u{feff}{}",
        deep.as_str(),
        long.as_str(),
        r#"{"id":1,"expr":"x","wrt":5}"#,
        r#"{"id":1,"expr":"x","wrt":["x","y"]}"#,
        r#"{"id":1,"expr":"x","let":[]}"#,
        r#"{"id":1,"expr":"x","let":{"x":5}}"#,
        r#"{"id":1,"expr":"x","let":{"x":"scaler"}}"#,
        r#"{"id":1,"expr":"x","order":-1}"#,
        r#"{"id":1,"expr":"x","order":0}"#,
        r#"{"id":1,"expr":"x","layout":"foo"}"#,
        r#"{"id":1,"expr":"x","emit":"foo"}"#,
        r#"{"id":1,"expr":""}"#,
        r#"{"id":1,"expr":"\ud800"}"#,
        r#"{"id":1,"expr":"x'*x","order":1.5}"#,
        r#"{"id":1,"expr":"x'*x","let":{"x: vector(n); y":"vector(n)"}}"#,
        r#"{"id":1,"expr":"x'*x","let":{"x, y":"vector(n)"}}"#,
        r#"{"id":1,"expr":"x'*x","let":{"":"vector(n)"}}"#,
        r#"{"id":1,"expr":"x'*x","let":{"x":"vector(n); y: scalar"}}"#,
        r#"{"id":1,"expr":"x'*x","let":{"x":"vector(n)\ny: scalar"}}"#,
        r#"{"id":1,"expr":"x'*x","let":{"x":"vector(n)","x":"scalar"}}"#,
        r#"{"id":1,"expr":"x'*x","expr":"x"}"#,
    ];
    let answers = batch(&lines);
    assert_eq!(answers.len(), lines.len());
    for (line, answer) in lines.iter().zip(&answers) {
        assert_eq!(answer["ok"], false, "{line:.100}: {answer:#}");
        assert_eq!(answer["error"]["exit"], 2, "{line:.100}: {answer:#}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(!message.is_empty() && message.len() < 4_000, "{line:.100}: {message:.500}");
    }
    assert_eq!(answers[12]["id"], "long");
}

#[test]
fn ids_come_back_as_they_are() {
    for id in [
        json!(null),
        json!(0),
        json!(-7),
        json!(1.5),
        json!("a\u{2028}\"b"),
        json!({"a": [1, true]}),
    ] {
        let line = json!({"id": id, "expr": "x'*x", "emit": "source"}).to_string();
        let answer = &batch(&[&line])[0];
        assert_eq!(answer["id"], id);
        assert_eq!(answer["code"], "2*x");
        let line = json!({"id": id, "expr": "x'*(x"}).to_string();
        assert_eq!(batch(&[&line])[0]["id"], id);
    }
}

#[test]
fn what_is_not_supported_is_told_from_what_is_wrong() {
    let line = json!({"id": 1, "expr": "x'*x", "wrt": "x", "order": 99}).to_string();
    assert_eq!(batch(&[&line])[0]["error"]["exit"], 4);
    assert_eq!(batch(&[&line])[0]["error"]["code"], "limit");
}

#[test]
fn no_lines_are_no_answers() {
    assert_eq!(run(&["batch"], b"").exits(0).answer, "");
    assert_eq!(run(&["batch"], b"\n \r\n\n").exits(0).answer, "");
}

#[test]
fn messages_speak_of_the_fields_of_a_request() {
    for (line, wanted) in [
        ("{}", "`expr` is missing"),
        ("[]", "a request is an object such as"),
        ("{\"expr\": \"x\"", "cut off"),
        ("{'expr': 1}", "wrong at byte 2"),
        (r#"{"expr":5}"#, r#"`expr` is a text, as in "expr": "x'*A*x", not a number"#),
        (r#"{"expr":null}"#, "`expr` is a text"),
        (r#"{"expr":"x","wrt":5}"#, r#"`wrt` is a name or a list of names"#),
        (r#"{"expr":"x","wrt":["x",5]}"#, r#"a number is in it"#),
        (r#"{"expr":"x","let":[]}"#, "`let` is an object of names and kinds"),
        (r#"{"expr":"x","let":{"x":5}}"#, "the kind of `x` in `let` is a text"),
        (r#"{"expr":"x","let":{"x: scalar; y":"scalar"}}"#, "is no name of a variable"),
        (r#"{"expr":"x","let":{"x":"scalar; y: scalar"}}"#, "more than one declaration"),
        (r#"{"expr":"x","let":{"x":"scalar","x":"scalar"}}"#, "`x` stands twice in `let`"),
        (r#"{"expr":"x","expr":"y"}"#, "`expr` stands twice"),
        (r#"{"expr":"x","order":"2"}"#, "`order` is a number"),
        (r#"{"expr":"x","order":-1}"#, "`order` is a natural number"),
        (r#"{"expr":"x","emti":"text"}"#, "did you mean `emit`?"),
        (r#"{"expr":"x","verbose":true}"#, "the fields are id, expr, wrt"),
        (r#"{"expr":"x","layout":"foo"}"#, "`foo` is no layout"),
    ] {
        let answer = &batch(&[line])[0];
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains(wanted), "{line}: {message}");
        for word in ["serde", "invalid type", "variant", "EOF", "expected"] {
            assert!(!message.contains(word), "{line}: {message}");
        }
    }
}

#[test]
fn fields_that_are_null_are_left_out() {
    let line =
        r#"{"expr":"x'*x","wrt":null,"let":null,"order":null,"layout":null,"emit":"source"}"#;
    assert_eq!(batch(&[line])[0]["code"], "2*x");
}
