//! Statements as lines, broken where they get long.
//!
//! Must not know what the expressions compute.

use crate::numpy::fragment::{Fragment, Level};

/// Lines are broken beyond this width, the indentation of a function body included.
const WIDTH: usize = 88;

/// The indentation of a function body.
pub(super) const INDENT: &str = "    ";

/// `name = value`
pub(super) fn assignment(name: &str, value: &Fragment) -> Vec<String> {
    broken(&format!("{name} = "), value)
}

/// The line that returns the results, a tuple if there are several.
pub(super) fn returned(results: &[Fragment]) -> Vec<String> {
    match results {
        [single] => broken("return ", single),
        _ => {
            let texts: Vec<&str> = results.iter().map(|result| result.text.as_str()).collect();
            let line = format!("return {}", texts.join(", "));
            if INDENT.len() + line.chars().count() <= WIDTH {
                return vec![line];
            }
            let mut lines = vec!["return (".to_owned()];
            lines.extend(texts.iter().map(|text| format!("{INDENT}{text},")));
            lines.push(")".to_owned());
            lines
        }
    }
}

/// The line, or the terms of a sum below each other if it is too long.
fn broken(start: &str, value: &Fragment) -> Vec<String> {
    let line = format!("{start}{}", value.text);
    if value.level != Level::Sum || INDENT.len() + line.chars().count() <= WIDTH {
        return vec![line];
    }
    let mut lines = vec![format!("{start}(")];
    lines.extend(
        terms(&value.text)
            .into_iter()
            .map(|term| format!("{INDENT}{term}")),
    );
    lines.push(")".to_owned());
    lines
}

/// The terms of a sum with their signs.
fn terms(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    let bytes = text.as_bytes();
    for (position, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'+' | b'-'
                if depth == 0
                    && position > 0
                    && bytes[position - 1] == b' '
                    && bytes.get(position + 1) == Some(&b' ') =>
            {
                terms.push(text[start..position].trim_end());
                start = position;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numpy::fragment::Rank;

    #[test]
    fn long_sums_are_broken_at_their_terms() {
        let text = format!("{} - (b + c) + {}", "a".repeat(60), "d".repeat(40));
        let lines = assignment("t1", &Fragment::new(text, Level::Sum, Rank::Scalar));
        assert_eq!(lines.len(), 5);
        assert_eq!(
            (lines[0].as_str(), lines[2].as_str()),
            ("t1 = (", "    - (b + c)")
        );
        let short = Fragment::new("a + b", Level::Sum, Rank::Scalar);
        assert_eq!(assignment("t1", &short), ["t1 = a + b"]);
    }
}
