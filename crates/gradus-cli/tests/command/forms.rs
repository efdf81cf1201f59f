//! The forms of output, each on answers of every kind: well-formed in its own language.

use serde_json::Value;

use crate::gradus;

/// Words after `gradus diff` of which the answers differ in kind: several variables, bindings, blocks,
/// unknown functions, families, names that are no single letters, nothing left.
const ANSWERS: [&[&str]; 16] = [
    &["norm2(X*w - y)^2"],
    &["Y = sigmoid(W*X); tr(Y'*M*Y)"],
    &["softmax(W*x)", "--wrt", "x"],
    &["[a, b; c, d]*x", "--let", "x: vector(2)"],
    &["tr(f.(W*X))"],
    &["f(A*X*B)", "--let", "f: function", "--wrt", "X"],
    &["A(t)*x", "--let", "A: matrix(m,n)(t)", "--wrt", "t"],
    &["oneROWKp'*covmatr*oneROWKp"],
    &["λ*x'*x + a^b"],
    &["t_1'*x_2"],
    &["sum(abs(x)./sqrt(y))"],
    &["tr(X^m)", "--wrt", "X"],
    &["X[1:k,:]*x", "--wrt", "x"],
    &["x'*x", "--layout", "numerator"],
    &["x - x"],
    &["-inv(X)*b", "--wrt", "b"],
];

fn emitted(words: &[&str], form: &str) -> String {
    let mut all = vec!["diff"];
    all.extend(words);
    all.extend(["--emit", form]);
    let found = gradus(&all).exits(0);
    assert!(found.answer.ends_with('\n') && found.answer.len() > 1, "{all:?}: {found:#?}");
    found.answer
}

#[test]
fn latex_is_balanced() {
    for words in ANSWERS {
        let latex = emitted(words, "latex");
        let bare = latex.replace("\\{", "").replace("\\}", "");
        assert_eq!(nesting(&bare, '{', '}'), Some(0), "{latex}");
        assert_eq!(bare.matches("\\begin{").count(), bare.matches("\\end{").count(), "{latex}");
        let commands =
            |name: &str| bare.split(name).skip(1).filter(|rest| !starts_a_letter(rest)).count();
        assert_eq!(commands("\\left"), commands("\\right"), "{latex}");
        assert!(latex.is_ascii(), "{latex}");
    }
}

#[test]
fn subscripts_in_names_are_subscripts_in_latex() {
    let latex = emitted(&["x₂'*y₁₂", "--wrt", "x₂"], "latex");
    assert!(latex.is_ascii() && latex.contains("\\mathbf{x}_{2}"), "{latex}");
}

#[test]
fn typst_is_balanced() {
    for words in ANSWERS {
        let typst = emitted(words, "typst");
        let bare = typst.replace("delim: \"[\"", "");
        assert_eq!(nesting(&bare, '(', ')'), Some(0), "{typst}");
        assert_eq!(bare.matches('"').count() % 2, 0, "{typst}");
    }
}

#[test]
fn mathml_is_well_formed() {
    for words in ANSWERS {
        let mathml = emitted(words, "mathml");
        assert!(
            mathml.starts_with("<math xmlns=\"http://www.w3.org/1998/Math/MathML\""),
            "{mathml}"
        );
        assert_eq!(flaw(&mathml), None, "{mathml}");
    }
}

#[test]
fn json_holds_every_form_of_every_answer() {
    for words in ANSWERS {
        let json: Value = serde_json::from_str(&emitted(words, "json")).unwrap();
        let (results, shapes) = match &json["result"] {
            Value::Array(results) => {
                (results.clone(), json["shape"].as_array().expect("shapes").clone())
            }
            result => (vec![result.clone()], vec![json["shape"].clone()]),
        };
        assert_eq!(results.len(), shapes.len(), "{json}");
        assert!(
            shapes.iter().all(|shape| shape.as_str().is_some_and(|shape| !shape.is_empty())),
            "{json}"
        );
        for result in &results {
            for form in ["text", "source", "latex", "mathml", "typst", "index"] {
                assert!(
                    result[form].as_str().is_some_and(|text| !text.is_empty()),
                    "{form}: {json}"
                );
            }
            let fragment = format!("<math>{}</math>", result["mathml"].as_str().unwrap());
            assert_eq!(flaw(&fragment), None, "{fragment}");
        }
        assert_eq!(json["verification"]["verified"], true, "{json}");
    }
}

#[test]
fn index_form_and_code_are_there() {
    for words in ANSWERS {
        assert!(emitted(words, "index").contains(" = "));
        let code = emitted(words, "numpy");
        for definition in ["import numpy as np", "def value(", "def derivative(", "def check("] {
            assert!(code.contains(definition), "`{definition}` is missing in {code}");
        }
    }
}

#[test]
fn every_derivative_has_an_index_form() {
    for (words, form) in [
        (&["inv(A)", "--wrt", "t", "--order", "2", "--let", "A: matrix(n,n)(t)"][..], "t4[l,k]"),
        (&["tr(sylvester(A,X,C))", "--wrt", "X", "--order", "2"], "D = 2*sum[i](t5[i,i])"),
        (&["X'*A*X", "--wrt", "X", "--order", "2"], "D[i,j] = 2*A[l,k]*dX[k,j]*dX[l,i]"),
        (&["X.^3", "--wrt", "X", "--order", "2"], "D[i,j] = 6*X[i,j]*dX[i,j]^2"),
        (&["X.^3", "--wrt", "X", "--order", "2", "--vec", "rows"], "D[i,j] = 6*X[i,j]*dX[i,j]^2"),
        (&["expm(X)", "--wrt", "X", "--order", "2"], "expmfrechet"),
        (&["cross(a,x)", "--wrt", "x"], "count[k] - count[i]"),
        (&["inv(X)", "--wrt", "X", "--vec", "rows"], "J[i,j,k,l] = -t1[i,k]*t1[l,j]"),
        (&["x: vector(d)[N]; log(sum[i](exp(a'*x[i])))", "--wrt", "x[i]"], "G[j,k] = a[k]*t2[j]"),
        (
            &["X: matrix(m,n)[N]; sum[i](tr(A*X[i]*B*X[i]'))", "--wrt", "X[i]"],
            "G[j,k,l] = A[k,p]*X[j,p,q]*B[q,l] + A[p,k]*X[j,p,q]*B[l,q]",
        ),
    ] {
        let mut all = vec!["diff"];
        all.extend(words);
        all.extend(["--emit", "index", "--strict"]);
        let found = gradus(&all).exits(0);
        assert!(found.answer.contains(form), "{all:?}: {found:#?}");
    }
}

#[test]
fn source_is_read_back() {
    for words in ANSWERS {
        let source = emitted(words, "source");
        let (_, declarations) = words.split_at(1);
        let mut again = vec!["differential", source.trim_end()];
        for pair in declarations.chunks(2).filter(|pair| pair[0] == "--let") {
            again.extend(pair);
        }
        let found = gradus(&again);
        assert!(!found.messages.contains("error[syntax]"), "{source}: {found:#?}");
    }
}

fn starts_a_letter(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// How many brackets are open at the end; nothing if one closes that was not open.
fn nesting(text: &str, open: char, close: char) -> Option<usize> {
    text.chars().try_fold(0_usize, |depth, character| match character {
        _ if character == open => Some(depth + 1),
        _ if character == close => depth.checked_sub(1),
        _ => Some(depth),
    })
}

/// What keeps a text from being well-formed XML: elements that do not nest, stray characters,
/// attributes without quotes.
fn flaw(xml: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut parts = xml.trim_end().split('<');
    if parts.next() != Some("") {
        return Some("text before the first element".to_owned());
    }
    for part in parts {
        let Some((tag, text)) = part.split_once('>') else { return Some(format!("<{part}")) };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> closes nothing"));
            }
        } else {
            let name = tag.split([' ', '/']).next().unwrap_or_default();
            if name.is_empty() || tag.matches('"').count() % 2 != 0 {
                return Some(format!("<{tag}>"));
            }
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        if open.is_empty() && !text.is_empty() {
            return Some(format!("`{text}` outside every element"));
        }
        if let Some(stray) = text.split('&').skip(1).find(|rest| !is_reference(rest)) {
            return Some(format!("&{stray}"));
        }
    }
    open.last().map(|name| format!("<{name}> is never closed"))
}

fn is_reference(rest: &str) -> bool {
    rest.split_once(';').is_some_and(|(name, _)| {
        matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || name.starts_with('#')
    })
}
