//! The batch protocol: one request a line as JSON, one answer a line.
//!
//! Must not know input or output beyond these lines.

use gradus_diagnostics::closest;
use gradus_syntax::{is_name, parse_declaration};
use serde::Serialize;
use serde_json::Value;

use crate::check::check;
use crate::derive::{diff, differential};
use crate::failure::Failure;
use crate::fields::{EXAMPLE, Fields, Json, fields, no_field_twice, shown};
use crate::request::{Forms, Order, Output, Request, Verify};
use crate::verification::Verdict;

/// The fields of a request.
const FIELDS: [&str; 15] = [
    "id",
    "expr",
    "wrt",
    "let",
    "at",
    "order",
    "layout",
    "vec",
    "convention",
    "times",
    "stack",
    "emit",
    "differential",
    "check",
    "assume",
];

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Derivative,
    Differential,
    Identity,
}

impl Asked {
    /// The field that holds the program.
    const FIELDS: [(&'static str, Self); 3] = [
        ("expr", Self::Derivative),
        ("differential", Self::Differential),
        ("check", Self::Identity),
    ];

    fn field(self) -> &'static str {
        let found = Self::FIELDS.iter().find(|(_, asked)| *asked == self);
        found.map_or("expr", |(name, _)| name)
    }

    /// Whether a field says something about what is asked.
    fn takes(self, field: &str) -> bool {
        match field {
            "id" | "let" => true,
            "assume" => self == Self::Identity,
            "wrt" | "at" | "order" | "emit" => self != Self::Identity,
            _ => self == Self::Derivative,
        }
    }
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
    match asked(text).and_then(|(asked, request, output)| answered(asked, &request, output)) {
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
fn asked(line: &str) -> Result<(Asked, Request, Output), Problem> {
    let fields = fields(line).map_err(input)?;
    let given = |(name, value): &(String, Json)| {
        let found = Asked::FIELDS.iter().find(|(field, _)| field == name);
        found.filter(|(field, _)| *field == "expr" || *value != Json::Null).map(|(_, asked)| *asked)
    };
    let mut programs = fields.iter().filter_map(given);
    let asked = programs.next();
    if let (Some(first), Some(second)) = (asked, programs.next()) {
        let (first, second) = (first.field(), second.field());
        return Err(input(format!("`{first}` and `{second}` are two requests; one a line")));
    }
    let Some(asked) = asked else {
        return Err(input(format!("`expr` is missing; a request is an object such as {EXAMPLE}")));
    };
    let mut request = Request::new("");
    let mut output = Output::Text;
    for (name, value) in fields {
        if !FIELDS.contains(&name.as_str()) {
            return Err(input(unknown_field(&name)));
        }
        // A field that is null is as good as none.
        if name == "id" || value == Json::Null && name != "expr" {
            continue;
        }
        if name == asked.field() {
            request.program = text(asked.field(), value, r#""expr": "x'*A*x""#)?;
            continue;
        }
        if !asked.takes(&name) {
            let field = asked.field();
            return Err(input(format!("`{name}` says nothing about `{field}`; leave it out")));
        }
        read_field(&mut request, &mut output, &name, value)?;
    }
    request.forms = match output {
        Output::Text | Output::Json => Forms::All,
        Output::Index => Forms::Index,
        _ => Forms::Main,
    };
    if matches!(output, Output::Numpy | Output::Index) && asked == Asked::Derivative {
        request.verification = Verify::OnPrint;
    }
    Ok((asked, request, output))
}

fn read_field(
    request: &mut Request,
    output: &mut Output,
    name: &str,
    value: Json,
) -> Result<(), Problem> {
    match name {
        "wrt" => {
            request.variables = texts("wrt", "name", value, r#""wrt": "x" or "wrt": ["x", "y"]"#)?;
        }
        "at" => {
            request.points =
                texts("at", "point", value, r#""at": "x=0" or "at": ["x=0", "A=eye(n)"]"#)?;
        }
        "assume" => {
            let example = r#""assume": "A*B = B*A" or "assume": ["A*B = B*A", "x'*x = 1"]"#;
            request.assumptions = texts("assume", "equation", value, example)?;
        }
        "let" => request.declarations = declarations(value)?,
        "order" => request.order = Order(order(&value)?),
        "layout" => {
            request.layout =
                text("layout", value, r#""layout": "mixed""#)?.parse().map_err(input)?;
        }
        "vec" => {
            request.stacking = text("vec", value, r#""vec": "rows""#)?.parse().map_err(input)?;
        }
        "convention" => {
            let text = text("convention", value, r#""convention": "entries""#)?;
            request.convention = text.parse().map_err(input)?;
        }
        "times" => request.times = Some(text("times", value, r#""times": "v""#)?),
        "stack" => match value {
            Json::Boolean(stack) => request.stack = stack,
            other => return Err(wrong_field("stack", "true or false", &other, r#""stack": true"#)),
        },
        _ => *output = text("emit", value, r#""emit": "source""#)?.parse().map_err(input)?,
    }
    Ok(())
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

/// One text, or a list of them.
fn texts(field: &str, what: &str, value: Json, example: &str) -> Result<Vec<String>, Problem> {
    match value {
        Json::Text(text) => Ok(vec![text]),
        Json::List(texts) => texts
            .into_iter()
            .map(|text| match text {
                Json::Text(text) => Ok(text),
                other => Err(input(format!(
                    "`{field}` is a list of {what}s, as in {example}; {} is in it",
                    other.described()
                ))),
            })
            .collect(),
        other => {
            let article = if what.starts_with('e') { "an" } else { "a" };
            let wanted = format!("{article} {what} or a list of {what}s");
            Err(wrong_field(field, &wanted, &other, example))
        }
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

fn answered(asked: Asked, request: &Request, output: Output) -> Result<(String, bool), Problem> {
    let found = match asked {
        Asked::Derivative => diff(request),
        Asked::Differential => differential(request),
        Asked::Identity => return identity(request),
    };
    let found = found.and_then(|answer| {
        let (code, verification) = answer.print_verified(output)?;
        Ok((code, verification.verdict.is_verified()))
    });
    found.map_err(|failure| failed(&failure))
}

/// Whether an identity holds, in a word; one that is open is no answer.
fn identity(request: &Request) -> Result<(String, bool), Problem> {
    let checked = check(request).map_err(|failure| failed(&failure))?;
    let verification = checked.verification;
    match verification.verdict {
        Verdict::Proved | Verdict::Confirmed => Ok(("true".to_owned(), true)),
        Verdict::Refuted => Ok(("false".to_owned(), true)),
        Verdict::Undecided | Verdict::NotChecked => {
            let code = "undecided".to_owned();
            Err(Problem { exit: 4, code, message: verification.to_string() })
        }
    }
}
