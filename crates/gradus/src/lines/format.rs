//! The parts of a derivation: declarations, equations, prose.
//!
//! Must not know what names mean.

use std::ops::Range;

use gradus_elaborate::is_kind_word;
use gradus_syntax::{is_name, parse_declarations};

use crate::request::Layout;

/// A part of a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `X: matrix(m,n)`
    Declaration(Range<usize>),
    /// `a = b = c`: the sides.
    Equation(Vec<Range<usize>>),
    /// `∂y/∂X: matrix(m,n)`: the shape of a derivative.
    Shape {
        /// The sign of the derivative.
        sign: Range<usize>,
        /// What it is said to be.
        kind: Range<usize>,
    },
}

impl Part {
    /// The sides of an equation.
    pub(super) fn sides(&self) -> Option<&Vec<Range<usize>>> {
        match self {
            Self::Equation(sides) => Some(sides),
            Self::Declaration(_) | Self::Shape { .. } => None,
        }
    }

    /// The formulas in it.
    pub(super) fn formulas(&self) -> &[Range<usize>] {
        match self {
            Self::Equation(sides) => sides,
            Self::Shape { sign, .. } => std::slice::from_ref(sign),
            Self::Declaration(_) => &[],
        }
    }
}

/// A text in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    /// How many lines are prose.
    pub(super) prose: usize,
    /// The layout that a line `layout: numerator` names.
    pub(super) layout: Option<Layout>,
}

/// Splits a text into its parts.
pub(super) fn split(text: &str) -> Parts {
    let mut found = Parts::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let own = line.find(['#', '%']).map_or(line, |comment| &line[..comment]);
        for piece in cut(text, start..start + own.len(), &[';', '；']) {
            split_piece(text, piece, &mut found);
        }
        start += line.len();
    }
    found
}

fn split_piece(text: &str, piece: Range<usize>, found: &mut Parts) {
    let piece = trimmed(text, piece);
    if piece.is_empty() {
        return;
    }
    if let Some(layout) = text[piece.clone()].strip_prefix("layout:")
        && let Ok(layout) = layout.trim().parse()
    {
        found.layout = Some(layout);
        return;
    }
    if is_declaration(&text[piece.clone()]) {
        found.parts.push(Part::Declaration(piece));
        return;
    }
    if let Some(shape) = shape_claim(text, &piece) {
        found.parts.push(shape);
        return;
    }
    let piece = without_connectives(text, piece);
    if sides(text, piece.clone()).iter().any(|side| is_prose(&text[side.clone()])) {
        // Of a sentence the equations at its end are checked.
        for part in cut(text, piece, &[',', '，', '：']) {
            let part = without_connectives(text, trimmed(text, part));
            let sides = sides(text, part);
            if sides.len() > 1 && !sides.iter().any(|side| is_prose(&text[side.clone()])) {
                add(text, sides, found);
            }
        }
        found.prose += 1;
        return;
    }
    let equations: Vec<Vec<Range<usize>>> =
        cut(text, piece.clone(), &[',', '，']).into_iter().map(|part| sides(text, part)).collect();
    if equations.len() > 1 && equations.iter().all(|sides| sides.len() > 1) {
        equations.into_iter().for_each(|sides| add(text, sides, found));
        return;
    }
    match sides(text, piece) {
        sides if sides.len() > 1 => add(text, sides, found),
        _ => found.prose += 1,
    }
}

/// Words before an equation that say only that it follows.
const CONNECTIVES: [&str; 16] = [
    "hence",
    "so",
    "thus",
    "therefore",
    "then",
    "and",
    "with",
    "where",
    "here",
    "now",
    "since",
    "所以",
    "因此",
    "于是",
    "从而",
    "故",
];

/// Without the words before an equation that say only that it follows.
fn without_connectives(text: &str, mut piece: Range<usize>) -> Range<usize> {
    loop {
        let own = &text[piece.clone()];
        let end = own.find(|letter: char| !letter.is_alphabetic()).unwrap_or(own.len());
        let (word, rest) = own.split_at(end);
        let after = rest.trim_start_matches([',', '，', ':', '：', ' ']);
        let is_word = CONNECTIVES.contains(&word.to_lowercase().as_str());
        let goes_on = rest.len() > after.len()
            && after
                .starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '∂' | '('));
        if !is_word || !goes_on {
            return piece;
        }
        piece.start = piece.end - after.len();
    }
}

/// Whether three words stand side by side, which no formula has.
fn is_prose(text: &str) -> bool {
    let is_word = |piece: &str| {
        let piece = piece.trim_end_matches([',', '.', ':', ';', '，', '。']);
        !piece.is_empty() && piece.chars().all(char::is_alphabetic)
    };
    let mut run = 0;
    text.split_whitespace().any(|piece| {
        run = if is_word(piece) { run + 1 } else { 0 };
        run >= 3
    })
}

/// Adds an equation; one that begins with `=` goes on with the one before.
fn add(text: &str, mut sides: Vec<Range<usize>>, found: &mut Parts) {
    sides = sides.into_iter().map(|side| trimmed(text, side)).collect();
    if sides[0].is_empty()
        && let Some(Part::Equation(before)) = found.parts.last_mut()
    {
        before.extend(sides.into_iter().skip(1));
        return;
    }
    found.parts.push(Part::Equation(sides));
}

/// What stands between signs of equality, if there is one.
fn sides(text: &str, part: Range<usize>) -> Vec<Range<usize>> {
    cut(text, part, &['='])
}

/// Cuts at characters outside brackets.
fn cut(text: &str, part: Range<usize>, at: &[char]) -> Vec<Range<usize>> {
    let (mut pieces, mut depth, mut start) = (Vec::new(), 0_i32, part.start);
    for (offset, letter) in text[part.clone()].char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            letter if depth <= 0 && at.contains(&letter) => {
                pieces.push(start..part.start + offset);
                start = part.start + offset + letter.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(start..part.end);
    pieces
}

fn trimmed(text: &str, part: Range<usize>) -> Range<usize> {
    let own = &text[part.clone()];
    let start = part.start + (own.len() - own.trim_start().len());
    start..start + own.trim().len()
}

/// `∂y/∂X: matrix(m,n)`, if a piece is that.
fn shape_claim(text: &str, piece: &Range<usize>) -> Option<Part> {
    let own = &text[piece.clone()];
    let (sign, kind) = own.split_once(':')?;
    let is_sign = sign.trim_end().strip_prefix(['∂', 'd'])?.contains(['/']);
    let kinds = ["scalar", "vector", "rowvector", "matrix"];
    let word = kind.trim().split('(').next()?.trim();
    let colon = piece.start + sign.len();
    (is_sign && !sign.contains('=') && kinds.contains(&word)).then(|| Part::Shape {
        sign: trimmed(text, piece.start..colon),
        kind: trimmed(text, colon + 1..piece.end),
    })
}

fn is_declaration(text: &str) -> bool {
    let Some((names, kind)) = text.split_once(':') else { return false };
    let first = kind.split(|letter: char| !letter.is_alphabetic()).find(|word| !word.is_empty());
    names.split(',').all(|name| is_name(name.trim()))
        && first.is_some_and(is_kind_word)
        && !parse_declarations(text).has_errors()
}

/// The text with everything outside these ranges replaced by blanks, byte by byte, so that places stay;
/// the ranges are statements of their own.
pub(super) fn masked(text: &str, kept: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let blank = |part: &str, out: &mut String| {
        for (at, letter) in part.char_indices() {
            let ends = at == 0 && !out.is_empty();
            out.push(match letter {
                '\n' => '\n',
                _ if ends => ';',
                _ => ' ',
            });
            (1..letter.len_utf8()).for_each(|_| out.push(' '));
        }
    };
    let mut at = 0;
    for range in kept {
        blank(&text[at..range.start], &mut out);
        out.push_str(&text[range.clone()]);
        at = range.end;
    }
    blank(&text[at..], &mut out);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(text: &str) -> Vec<Vec<&str>> {
        let parts = split(text).parts.into_iter().map(|part| match part {
            Part::Declaration(range) => vec![&text[range]],
            Part::Equation(sides) => sides.into_iter().map(|side| &text[side]).collect(),
            Part::Shape { sign, kind } => vec![&text[sign], &text[kind]],
        });
        parts.collect()
    }

    #[test]
    fn lines_are_split_into_parts() {
        let text = "X: matrix(m,n); w: vector(n)\nThe loss is\nl = tr(X) # a comment = none\n\
                    dl = a\n   = b = c\nda = 0, db = 0\nNote: the end";
        assert_eq!(
            shown(text),
            [
                vec!["X: matrix(m,n)"],
                vec!["w: vector(n)"],
                vec!["l", "tr(X)"],
                vec!["dl", "a", "b", "c"],
                vec!["da", "0"],
                vec!["db", "0"],
            ]
        );
        assert_eq!(split(text).prose, 2);
    }

    #[test]
    fn places_stay_when_the_rest_is_blanked() {
        let text = "中 a = b = c\nd = e";
        let parts = split(text).parts;
        let Part::Equation(sides) = &parts[0] else { unreachable!() };
        let definition = sides[0].start..sides[1].end;
        let kept = masked(text, std::slice::from_ref(&definition));
        assert_eq!(kept.len(), text.len());
        assert_eq!(&kept[sides[1].clone()], "b");
        assert_eq!(kept.trim_end_matches([' ', ';', '\n']).trim(), "中 a = b");
    }
}
