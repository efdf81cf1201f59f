//! Signs of derivatives in a derivation, `∂l/∂w` and `dl/dw`, as names of the same length.
//!
//! Must not know what they stand for.

use std::ops::Range;

/// A sign of a derivative with the name that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// The name: as many bytes as the sign has.
    pub(super) name: String,
    /// The function.
    pub(super) of: String,
    /// The variable.
    pub(super) by: String,
    /// The order of the derivative.
    pub(super) order: u32,
    /// How it was written.
    pub(super) written: String,
    /// Where it stands first.
    pub(super) place: Range<usize>,
}

/// The text with names in the place of the signs. `dl/dw` is one if `l` is among the defined names.
pub(super) fn named(text: &str, defined: &[String]) -> (String, Vec<Symbol>) {
    let mut symbols: Vec<Symbol> = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let inside = text[..at].chars().next_back().is_some_and(continues);
        if !inside
            && let Some((of, by, order, length)) = sign(rest)
            && (rest.starts_with('∂') || defined.iter().any(|name| name == of))
        {
            let written = &rest[..length];
            let known = symbols.iter().find(|symbol| symbol.written == written);
            let name = match known {
                Some(symbol) => symbol.name.clone(),
                None => {
                    let name = fresh(text, symbols.len(), length);
                    symbols.push(Symbol {
                        name: name.clone(),
                        of: of.to_owned(),
                        by: by.to_owned(),
                        order,
                        written: written.to_owned(),
                        place: at..at + length,
                    });
                    name
                }
            };
            out.push_str(&name);
            at += length;
            continue;
        }
        let Some(letter) = rest.chars().next() else { break };
        out.push(letter);
        at += letter.len_utf8();
    }
    (out, symbols)
}

/// `∂l/∂w`, or `∂²l/∂w∂w'` and `∂²l/∂w²`, at the beginning of a text: the names, the order, and how many
/// bytes it has.
fn sign(text: &str) -> Option<(&str, &str, u32, usize)> {
    let mark = text.chars().next().filter(|letter| matches!(letter, '∂' | 'd'))?;
    let rest = text.strip_prefix(mark)?;
    let squared = rest.strip_prefix('²').or_else(|| rest.strip_prefix("^2"));
    let (of, after) = name(squared.unwrap_or(rest), mark)?;
    let below = after.trim_start_matches(' ').strip_prefix('/')?.trim_start_matches(' ');
    let (by, after) = name(below.strip_prefix(mark)?, mark)?;
    let (order, after) = match squared {
        Some(_) => (2, second(after, by, mark)?),
        None => (1, after),
    };
    let called = after.starts_with('(');
    (!called).then_some((of, by, order, text.len() - after.len()))
}

/// What follows `∂w'` or `²` after the first `∂w` of a second derivative.
fn second<'t>(after: &'t str, by: &str, mark: char) -> Option<&'t str> {
    if let Some(rest) = after.strip_prefix('²').or_else(|| after.strip_prefix("^2")) {
        return Some(rest);
    }
    let (again, rest) = name(after.trim_start_matches(' ').strip_prefix(mark)?, mark)?;
    let rest = rest.strip_prefix(['\'', 'ᵀ', '′']).unwrap_or(rest);
    (again.trim_end_matches('ᵀ') == by).then_some(rest)
}

/// The name at the beginning of a text, and the rest.
fn name(text: &str, mark: char) -> Option<(&str, &str)> {
    let text = if mark == '∂' { text.trim_start_matches(' ') } else { text };
    let ends = |letter: char| !continues(letter) || matches!(letter, '²' | 'ᵀ');
    let end = text.find(ends).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let begins = name.chars().next().is_some_and(|first| !first.is_numeric());
    begins.then_some((name, rest))
}

fn continues(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// A name of so many bytes that does not stand in the text.
fn fresh(text: &str, count: usize, length: usize) -> String {
    let letters = ('A'..='Z').rev().chain('a'..='z');
    for letter in letters {
        let name = format!("{letter}{count}");
        let name = format!("{name}{}", "_".repeat(length.saturating_sub(name.len())));
        if name.len() == length && !text.contains(&name) {
            return name;
        }
    }
    "_".repeat(length)
}

/// A text with the signs as they were written in the place of the names.
pub(super) fn written(text: &str, symbols: &[Symbol]) -> String {
    let mut text = text.to_owned();
    for symbol in symbols {
        let whole = text.trim() == symbol.name;
        let sign = if whole { symbol.written.clone() } else { format!("({})", symbol.written) };
        text = text.replace(&format!("({})", symbol.name), &format!("({})", symbol.written));
        text = text.replace(&symbol.name, &sign);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_names_of_their_length() {
        let text = "dl = tr((∂l/∂W)'*dW) + dl/dx*k + dx/dt";
        let (named, symbols) = named(text, &["l".to_owned()]);
        assert_eq!(named.len(), text.len());
        assert_eq!(named, "dl = tr((Z0_______)'*dW) + Z1___*k + dx/dt");
        assert_eq!((symbols[0].of.as_str(), symbols[0].by.as_str()), ("l", "W"));
        assert_eq!(written(&named, &symbols), "dl = tr((∂l/∂W)'*dW) + (dl/dx)*k + dx/dt");
    }
}
