//! Identifiers in Python text.
//!
//! Must not know what they stand for.

/// Words that Python keeps for itself.
const KEYWORDS: &[&str] = &[
    "False",
    "None",
    "True",
    "__debug__",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
];

/// The name as Python can hold it: with a trailing underscore where it cannot.
pub(super) fn identifier(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '₀'..='₉' => {
                let digit = character as u32 - '₀' as u32;
                text.extend(char::from_digit(digit, 10));
            }
            _ if is_part(character) => text.push(character),
            _ => text.push('_'),
        }
    }
    if text.starts_with(|c: char| !is_start(c)) || text.is_empty() {
        text.insert(0, '_');
    }
    if text != name || KEYWORDS.contains(&name) {
        text.push('_');
    }
    text
}

/// Whether a name is one that comprehensions give to the members of arrays, such as `member1_2`.
pub(super) fn is_member(name: &str) -> bool {
    name.strip_prefix("member").is_some_and(|rest| {
        rest.chars().all(|c| c.is_ascii_digit() || c == '_') && !rest.ends_with('_')
    })
}

fn is_start(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}

fn is_part(character: char) -> bool {
    is_start(character) || character.is_ascii_digit()
}

/// The pieces of the text, and for each whether it is an identifier that is looked up as a name: not
/// an attribute, not a keyword argument, not part of a string.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    let mut after_dot = false;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (length, is_name) = if first == '"' {
            (string_length(rest), false)
        } else if is_start(first) {
            let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            (length, !after_dot && !is_keyword_argument(&rest[length..]))
        } else if first.is_ascii_digit() {
            (rest.find(|c: char| !is_part(c) && c != '.').unwrap_or(rest.len()), false)
        } else {
            (first.len_utf8(), false)
        };
        let (piece, after) = rest.split_at(length);
        after_dot = piece == ".";
        rest = after;
        Some((piece, is_name))
    })
}

/// `=` without spaces, which only stands between a keyword argument and its value.
fn is_keyword_argument(after: &str) -> bool {
    after.starts_with('=') && !after.starts_with("==")
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (position, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return position + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a name is looked up anywhere in the text.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    text.contains(name) && pieces(text).any(|(piece, is_name)| is_name && piece == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_python_cannot_hold() {
        assert_eq!(identifier("lambda"), "lambda_");
        assert_eq!(identifier("None"), "None_");
        assert_eq!(identifier("X"), "X");
        assert_eq!(identifier("λ"), "λ");
        assert_eq!(identifier("x₁"), "x1_");
    }

    #[test]
    fn attributes_strings_and_keyword_arguments_are_no_names() {
        let text = "np.sum(n, axis=1).n + f(\"m\", order=\"F\") == k";
        assert!(mentions(text, "np") && mentions(text, "n") && mentions(text, "k"));
        assert!(!mentions(text, "m") && !mentions(text, "axis") && !mentions(text, "sum"));
    }
}
