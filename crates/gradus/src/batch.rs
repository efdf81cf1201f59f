//! The batch protocol: one request a line as JSON, one answer a line.
//!
//! Must not know input or output beyond these lines.

use gradus_diagnostics::closest;
use gradus_syntax::{is_name, parse_declaration};
use serde::Serialize;
use serde_json::Value;

use crate::derive::diff;
use crate::failure::Failure;
use crate::fields::{EXAMPLE, Fields, Json, fields, no_field_twice, shown};
use crate::request::{Forms, Order, Output, Request};

/// The fields of a request.
const FIELDS: [&str; 8] = ["id", "expr", "wrt", "let", "order", "layout", "convention", "emit"];

#[derive(Serialize)]
struct Reply {
    id: Value,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

#[derive(Serialize)]
struct Problem {
    exit: u8,
    code: String,
    message: String,
}

/// The answer to one line of a batch, as one line of JSON without its line break.
#[must_use]
pub fn batch_line(line: &[u8]) -> String {
    let reply = reply(line);
    serde_json::to_string(&reply).unwrap_or_else(|_| "{\"id\":null,\"ok\":false}".to_owned())
}

fn reply(line: &[u8]) -> Reply {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => {
            let place = error.valid_up_to() + 1;
            let message = format!("the line is not valid UTF-8 (byte {place})");
            return refused(Value::Null, input(message));
        }
    };
    // The id is answered even if the rest of the line is not what it should be.
    let id = serde_json::from_str::<Value>(text)
        .ok()
        .and_then(|value| value.get("id").cloned())
        .unwrap_or(Value::Null);
    match asked(text).and_then(|(request, output)| answered(&request, output)) {
        Ok((code, verified)) => {
            Reply { id, ok: true, code: Some(code), verified: Some(verified), error: None }
        }
        Err(problem) => refused(id, problem),
    }
}

fn refused(id: Value, problem: Problem) -> Reply {
    Reply { id, ok: false, code: None, verified: None, error: Some(problem) }
}

fn input(message: String) -> Problem {
    Problem { exit: 2, code: "input".to_owned(), message }
}

fn failed(failure: &Failure) -> Problem {
    Problem {
        exit: failure.exit_code(),
        code: failure.diagnostic.code.to_owned(),
        message: failure.text(),
    }
}

/// What a line asks for.
fn asked(line: &str) -> Result<(Request, Output), Problem> {
    let fields = fields(line).map_err(input)?;
    let mut request = Request::new("");
    let mut output = Output::Text;
    let mut has_expression = false;
    for (name, value) in fields {
        match name.as_str() {
            "id" => {}
            "expr" => {
                request.program = text("expr", value, r#""expr": "x'*A*x""#)?;
                has_expression = true;
            }
            // A field that is null is as good as none.
            _ if value == Json::Null && FIELDS.contains(&name.as_str()) => {}
            "wrt" => request.variables = variables(value)?,
            "let" => request.declarations = declarations(value)?,
            "order" => request.order = Order(order(&value)?),
            "layout" => {
                request.layout =
                    text("layout", value, r#""layout": "mixed""#)?.parse().map_err(input)?;
            }
            "convention" => {
                request.convention = text("convention", value, r#""convention": "entries""#)?
                    .parse()
                    .map_err(input)?;
            }
            "emit" => {
                output = text("emit", value, r#""emit": "source""#)?.parse().map_err(input)?;
            }
            _ => return Err(input(unknown_field(&name))),
        }
    }
    if !matches!(output, Output::Text | Output::Json) {
        request.forms = Forms::Main;
    }
    if !has_expression {
        return Err(input(format!("`expr` is missing; a request is an object such as {EXAMPLE}")));
    }
    Ok((request, output))
}

fn unknown_field(name: &str) -> String {
    let hint = match closest(name, FIELDS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the fields are {}", FIELDS.join(", ")),
    };
    format!("`{}` is no field of a request; {hint}", shown(name))
}

fn wrong_field(field: &str, wanted: &str, found: &Json, example: &str) -> Problem {
    input(format!("`{field}` is {wanted}, as in {example}, not {}", found.described()))
}

fn text(field: &str, value: Json, example: &str) -> Result<String, Problem> {
    match value {
        Json::Text(text) => Ok(text),
        other => Err(wrong_field(field, "a text", &other, example)),
    }
}

fn variables(value: Json) -> Result<Vec<String>, Problem> {
    let wrong = |found: &Json| {
        wrong_field("wrt", "a name or a list of names", found, r#""wrt": "x" or "wrt": ["x", "y"]"#)
    };
    match value {
        Json::Text(name) => Ok(vec![name]),
        Json::List(names) => names
            .into_iter()
            .map(|name| match name {
                Json::Text(name) => Ok(name),
                other => Err(input(format!(
                    r#"`wrt` is a list of names, as in "wrt": ["x", "y"]; {} is in it"#,
                    other.described()
                ))),
            })
            .collect(),
        other => Err(wrong(&other)),
    }
}

fn order(value: &Json) -> Result<u32, Problem> {
    match value {
        Json::Number(Some(order)) if *order > 0 => Ok(u32::try_from(*order).unwrap_or(u32::MAX)),
        Json::Number(_) => {
            Err(input("`order` is a natural number, at least 1, as in \"order\": 2".to_owned()))
        }
        other => Err(wrong_field("order", "a number", other, r#""order": 2"#)),
    }
}

/// One declaration for each field of `let`.
fn declarations(value: Json) -> Result<Vec<String>, Problem> {
    const KINDS: &str = r#""let": {"A": "symmetric(n)", "x": "vector(n)"}"#;
    let fields: Fields = match value {
        Json::Object(fields) => fields,
        other => return Err(wrong_field("let", "an object of names and kinds", &other, KINDS)),
    };
    no_field_twice(&fields, " in `let`").map_err(input)?;
    let mut declarations = Vec::with_capacity(fields.len());
    for (name, kind) in fields {
        if !is_name(&name) {
            let message = format!(
                "`{}` in `let` is no name of a variable; kinds are given as in {KINDS}",
                shown(&name)
            );
            return Err(input(message));
        }
        let Json::Text(kind) = kind else {
            let message = format!(
                "the kind of `{}` in `let` is a text, as in {KINDS}, not {}",
                shown(&name),
                kind.described()
            );
            return Err(input(message));
        };
        let declaration = format!("{name}: {kind}");
        if let Err(error) = parse_declaration(&declaration).into_result() {
            return Err(failed(&Failure::new(error, &declaration)));
        }
        declarations.push(declaration);
    }
    Ok(declarations)
}

fn answered(request: &Request, output: Output) -> Result<(String, bool), Problem> {
    let found = diff(request).and_then(|answer| {
        Ok((answer.print(output)?, answer.verification().verdict.is_verified()))
    });
    found.map_err(|failure| failed(&failure))
}
