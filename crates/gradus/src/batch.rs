//! The batch protocol: one request a line as JSON, one answer a line.
//!
//! Must not know input or output beyond these lines.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::derive::diff;
use crate::failure::Failure;
use crate::request::{Forms, Order, Output, Request};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default, rename = "id")]
    _id: Value,
    expr: String,
    #[serde(default)]
    wrt: Wanted,
    #[serde(default, rename = "let")]
    declarations: serde_json::Map<String, Value>,
    #[serde(default = "first")]
    order: u32,
    #[serde(default)]
    layout: Option<String>,
    #[serde(default)]
    convention: Option<String>,
    #[serde(default)]
    emit: Option<String>,
}

fn first() -> u32 {
    1
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Wanted {
    One(String),
    Many(Vec<String>),
    #[default]
    All,
}

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
    if let Err(error) = std::str::from_utf8(line) {
        let message = format!("the line is not valid UTF-8 (byte {})", error.valid_up_to() + 1);
        return refused(Value::Null, 2, "input", message);
    }
    // The id is answered even if the rest of the line is not what it should be.
    let id = serde_json::from_slice::<Value>(line)
        .ok()
        .and_then(|value| value.get("id").cloned())
        .unwrap_or(Value::Null);
    let asked: Line = match serde_json::from_slice(line) {
        Ok(asked) => asked,
        Err(error) => return refused(id, 2, "input", error.to_string()),
    };
    match answered(asked) {
        Ok((code, verified)) => {
            Reply { id, ok: true, code: Some(code), verified: Some(verified), error: None }
        }
        Err(problem) => Reply { id, ok: false, code: None, verified: None, error: Some(problem) },
    }
}

fn refused(id: Value, exit: u8, code: &str, message: String) -> Reply {
    let error = Problem { exit, code: code.to_owned(), message };
    Reply { id, ok: false, code: None, verified: None, error: Some(error) }
}

fn answered(asked: Line) -> Result<(String, bool), Problem> {
    let wrong = |message: String| Problem { exit: 2, code: "input".to_owned(), message };
    let mut request = Request::new(asked.expr);
    request.order = Order(asked.order);
    request.variables = match asked.wrt {
        Wanted::One(name) => vec![name],
        Wanted::Many(names) => names,
        Wanted::All => Vec::new(),
    };
    for (name, kind) in asked.declarations {
        let Value::String(kind) = kind else {
            return Err(wrong(format!("the kind of `{name}` is not a text")));
        };
        request.declarations.push(format!("{name}: {kind}"));
    }
    if let Some(layout) = asked.layout {
        request.layout = layout.parse().map_err(wrong)?;
    }
    if let Some(convention) = asked.convention {
        request.convention = convention.parse().map_err(wrong)?;
    }
    let output: Output = match asked.emit {
        Some(name) => name.parse().map_err(wrong)?,
        None => Output::Text,
    };
    if !matches!(output, Output::Text | Output::Json) {
        request.forms = Forms::Main;
    }
    let found = diff(&request).and_then(|answer| {
        Ok((answer.print(output)?, answer.verification().verdict.is_verified()))
    });
    found.map_err(|failure: Failure| Problem {
        exit: failure.exit_code(),
        code: failure.diagnostic.code.to_owned(),
        message: failure.text(),
    })
}
