//! The length of a formula in tokens, and how long an answer may be.
//!
//! Must not know what the tokens mean.

/// How many tokens a formula in Gradus' own language has, parentheses not counted.
pub(crate) fn count(source: &str) -> usize {
    let mut rest = source.trim_start();
    let mut count = 0;
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest);
        if !matches!(first, '(' | ')') {
            count += 1;
        }
        rest = rest[length..].trim_start();
    }
    count
}

/// The most tokens of an answer where the expected one has `expected`.
pub(crate) fn most(expected: usize) -> usize {
    (4 * expected).div_ceil(3).max(expected + 4)
}

fn token_length(text: &str) -> usize {
    let first = text.chars().next().map_or(1, char::len_utf8);
    let letters = |text: &str| {
        text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len())
    };
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return number_length(text);
    }
    if text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        return letters(text);
    }
    let pairs = [".*", "./", ".^", "->", ".("];
    if pairs.iter().any(|pair| text.starts_with(pair)) { 2 } else { first }
}

fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit());
    let whole = digits(text).unwrap_or(text.len());
    let rest = &text[whole..];
    match rest.strip_prefix('.') {
        Some(part) if part.starts_with(|letter: char| letter.is_ascii_digit()) => {
            whole + 1 + digits(part).unwrap_or(part.len())
        }
        _ => whole,
    }
}

#[test]
fn tokens_are_counted() {
    assert_eq!(count("2*X'*(X*w - y)"), 10);
    assert_eq!(count("-X'*(y.*sigmoid(-y.*(X*w)))"), 13);
    assert_eq!(count("t1 = 0.5*x; t1.^2"), 9);
    assert_eq!(most(3), 7);
    assert_eq!(most(20), 27);
}
