//! Statements as lines, broken where they get long.
//!
//! Must not know what the expressions compute.

use crate::numpy::fragment::Fragment;

/// Lines are broken beyond this width, the indentation of a function body included.
const WIDTH: usize = 88;

/// The indentation of a function body.
pub(super) const INDENT: &str = "    ";

/// Lines are broken inside this many pairs of brackets.
const DEPTH: usize = 5;

/// `name = value`
pub(super) fn assignment(name: &str, value: &Fragment) -> Vec<String> {
    broken(&format!("{name} = "), &value.text)
}

/// The line that returns the results, a tuple if there are several.
pub(super) fn returned(results: &[Fragment]) -> Vec<String> {
    match results {
        [single] => broken("return ", &single.text),
        _ => {
            let texts: Vec<&str> = results.iter().map(|result| result.text.as_str()).collect();
            let line = format!("return {}", texts.join(", "));
            if fits(&line, 1) {
                return vec![line];
            }
            let mut lines = vec!["return (".to_owned()];
            for text in texts {
                push_broken(&mut lines, text, 1, ",");
            }
            lines.push(")".to_owned());
            lines
        }
    }
}

fn fits(line: &str, indents: usize) -> bool {
    indents * INDENT.len() + line.chars().count() <= WIDTH
}

/// One line if it is short enough.
fn broken(start: &str, text: &str) -> Vec<String> {
    let line = format!("{start}{text}");
    if fits(&line, 1) {
        return vec![line];
    }
    let (open, inner, close) = match outer_brackets(text) {
        Some((open, inner, close)) => (format!("{start}{open}"), inner, close),
        None => (format!("{start}("), text, ")"),
    };
    let mut lines = vec![open];
    push_items(&mut lines, inner, 1);
    lines.push(close.to_owned());
    lines
}

/// What stands between brackets: its arguments, or its operands, below each other.
fn push_items(lines: &mut Vec<String>, inner: &str, depth: usize) {
    if fits(inner, depth + 1) || depth >= DEPTH {
        lines.push(format!("{}{inner}", INDENT.repeat(depth)));
        return;
    }
    let comprehension = split(inner, &[" for "]);
    if comprehension.len() > 1 {
        for part in comprehension {
            push_broken(lines, part.trim(), depth, "");
        }
        return;
    }
    let arguments = split(inner, &[", "]);
    if arguments.len() > 1 {
        for argument in arguments {
            push_broken(lines, argument.trim_end_matches(", "), depth, ",");
        }
        return;
    }
    push_broken(lines, inner, depth, "");
}

/// One item of a broken expression, itself broken if it has to be: inside its brackets, else before
/// its loosest operators.
fn push_broken(lines: &mut Vec<String>, text: &str, depth: usize, end: &str) {
    let indent = INDENT.repeat(depth);
    if fits(text, depth + 1) || depth >= DEPTH {
        lines.push(format!("{indent}{text}{end}"));
        return;
    }
    if let Some((open, inner, close)) = outer_brackets(text) {
        lines.push(format!("{indent}{open}"));
        push_items(lines, inner, depth + 1);
        lines.push(format!("{indent}{close}{end}"));
        return;
    }
    for operators in [&[" + ", " - "][..], &[" * ", " / ", " @ "][..]] {
        let operands = split(text, operators);
        let count = operands.len();
        if count > 1 {
            for (position, operand) in operands.into_iter().enumerate() {
                let end = if position + 1 == count { end } else { "" };
                push_broken(lines, operand.trim(), depth, end);
            }
            return;
        }
    }
    lines.push(format!("{indent}{text}{end}"));
}

/// A text that ends with a bracket as what stands up to the opening one, inside, and after.
fn outer_brackets(text: &str) -> Option<(&str, &str, &str)> {
    if !text.ends_with([')', ']']) {
        return None;
    }
    let mut depth = 0_i32;
    let mut open = None;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => {
                if depth == 0 {
                    open = Some(position);
                }
                depth += 1;
            }
            b')' | b']' => depth -= 1,
            _ => {}
        }
    }
    // An operator before the bracket must not be left at the end of a line without brackets.
    let open = open?;
    let prefix = &text[..open];
    let is_call = prefix.bytes().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'.' | b'_' | b'-' | b'+' | b' ' | b'*' | b',')
    });
    let end = text.len() - 1;
    is_call.then(|| (&text[..=open], &text[open + 1..end], &text[end..]))
}

/// The text cut before each operator, or after each comma, outside of brackets.
fn split<'t>(text: &'t str, separators: &[&str]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (position, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        let here = &text[position..];
        if depth == 0 && separators.iter().any(|separator| here.starts_with(separator)) {
            let cut = if here.starts_with(", ") { position + 2 } else { position };
            if cut > start {
                parts.push(&text[start..cut]);
                start = cut;
            }
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numpy::fragment::{Level, Rank};

    fn value(text: &str) -> Fragment {
        Fragment::new(text, Level::Sum, Rank::Scalar)
    }

    #[test]
    fn long_sums_are_broken_at_their_terms() {
        let text = format!("{} - (b + c) + {}", "a".repeat(60), "d".repeat(40));
        let lines = assignment("t1", &value(&text));
        assert_eq!(lines.len(), 5);
        assert_eq!((lines[0].as_str(), lines[2].as_str()), ("t1 = (", "    - (b + c)"));
        assert_eq!(assignment("t1", &value("a + b")), ["t1 = a + b"]);
    }

    #[test]
    fn long_calls_are_broken_inside() {
        let (a, b) = ("a".repeat(50), "b".repeat(50));
        let lines = returned(&[value(&format!("float(np.sum({a}) + f({b}, c))"))]);
        let expected = [
            "return float(".to_owned(),
            format!("    np.sum({a})"),
            format!("    + f({b}, c)"),
            ")".to_owned(),
        ];
        assert_eq!(lines, expected);
    }
}
