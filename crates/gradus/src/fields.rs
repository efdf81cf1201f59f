//! A JSON object as it was written: fields in their order, and a field that stands twice seen as such.
//!
//! Must not know which fields there are.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number; a natural one has its value.
    Number(Option<u64>),
    /// A text.
    Text(String),
    /// `[…]`
    List(Vec<Json>),
    /// `{…}`
    Object(Fields),
}

/// The fields of an object.
pub(crate) type Fields = Vec<(String, Json)>;

impl Json {
    /// What the value is, in the words of a message.
    pub(crate) fn described(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(Some(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(u64::try_from(value).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut fields = Fields::new();
        while let Some(field) = object.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(fields))
    }
}

/// The fields of an object in a line of JSON.
///
/// # Errors
/// A message if the line is no JSON object, or has a field twice.
pub(crate) fn fields(line: &str) -> Result<Fields, String> {
    let value: Json = serde_json::from_str(line).map_err(|error| not_json(line, &error))?;
    match value {
        Json::Object(fields) => {
            no_field_twice(&fields, "")?;
            Ok(fields)
        }
        other => Err(format!(
            "a request is an object such as {EXAMPLE}, this line is {}",
            other.described()
        )),
    }
}

/// A request, for messages.
pub(crate) const EXAMPLE: &str = r#"{"id": 1, "expr": "x'*A*x", "wrt": "x"}"#;

fn not_json(line: &str, error: &serde_json::Error) -> String {
    if error.is_eof() {
        return format!(
            "the JSON of the line is cut off; a request is an object such as {EXAMPLE}"
        );
    }
    let place = error.column();
    let found =
        place.checked_sub(1).and_then(|at| line.get(at..)).and_then(|rest| rest.chars().next());
    let found = match found {
        Some(found) if !found.is_control() => format!(" (`{found}`)"),
        _ => String::new(),
    };
    format!(
        "the line is not JSON: wrong at byte {place}{found}; a request is an object such as {EXAMPLE}"
    )
}

/// Refuses an object in which a name stands twice; `within` is the field that holds it.
pub(crate) fn no_field_twice(fields: &Fields, within: &str) -> Result<(), String> {
    let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("`{}` stands twice{within}", shown(pair[0]))),
        None => Ok(()),
    }
}

/// A name in a message, cut if it is long.
pub(crate) fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let kept: String =
        name.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.chars().nth(LONGEST).is_some() { format!("{kept}…") } else { kept }
}
