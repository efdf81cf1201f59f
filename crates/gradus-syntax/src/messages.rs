//! What is said about an input that is not in the language, with what could be written instead.
//!
//! Must not know meanings of names.

use gradus_diagnostics::{Diagnostic, Span};

use crate::token::{Token, TokenKind};
use crate::unicode;

/// The longest piece of the input that a message repeats, in characters.
const LONGEST_PIECE: usize = 40;

/// A diagnostic of the grammar.
pub(crate) fn syntax(message: impl Into<String>) -> Diagnostic {
    Diagnostic::bad_input("syntax", message)
}

/// The text of a span, unless it is too long to be repeated or goes over lines.
pub(crate) fn piece(source: &str, span: Span) -> Option<&str> {
    let text = source.get(span.start as usize..span.end as usize)?;
    let short = text.chars().nth(LONGEST_PIECE).is_none();
    (short && !text.is_empty() && !text.contains(['\n', '\r'])).then_some(text)
}

/// A token in the words of a message.
pub(crate) fn described(source: &str, token: Token) -> String {
    match token.kind {
        TokenKind::End => "the end of the input".to_owned(),
        TokenKind::Newline => "the end of the line".to_owned(),
        _ => piece(source, token.span)
            .map_or_else(|| "a long name".to_owned(), |text| format!("`{text}`")),
    }
}

/// The statement around a span with the span replaced by another text, unless it is too long to be
/// repeated.
pub(crate) fn repaired(source: &str, span: Span, by: &str) -> Option<String> {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = source.get(..start)?;
    let after = source.get(end..)?;
    let from = before.rfind([';', '\n']).map_or(0, |at| at + 1);
    let to = after.find([';', '\n']).map_or(source.len(), |at| end + at);
    let (left, right) = (&source[from..start], &source[end..to]);
    if left.contains(['#', '%']) || right.contains(['#', '%']) {
        return None;
    }
    let left = if by.is_empty() { left.trim_end() } else { left };
    let text = format!("{left}{by}{right}");
    let text = text.trim();
    (!text.is_empty() && text.chars().nth(2 * LONGEST_PIECE).is_none()).then(|| text.to_owned())
}

/// A closing bracket without an opening one.
pub(crate) fn never_opened(source: &str, closing: Token) -> Diagnostic {
    let text = described(source, closing);
    let error =
        syntax(format!("{text} closes nothing")).label(closing.span, "no bracket is open here");
    error
        .hint(repaired(source, closing.span, "").unwrap_or_else(|| format!("leave the {text} out")))
}

/// An opening bracket without a closing one; `open` are open in all.
pub(crate) fn never_closed(source: &str, opening: Token, open: usize) -> Diagnostic {
    let text = opening.text(source);
    let all = if open > 1 {
        format!(", one of {open} brackets that are open at the end")
    } else {
        String::new()
    };
    let diagnostic =
        syntax(format!("`{text}` is never closed{all}")).label(opening.span, "opened here");
    let closing = if opening.kind == TokenKind::LeftBracket { ']' } else { ')' };
    let whole = Span::new(0, source.trim_end().len());
    match piece(source, whole) {
        Some(text) if open == 1 && !text.contains(['#', '%', ';']) => {
            let complete =
                text.ends_with(|last: char| unicode::continues_name(last) || ")]'.".contains(last));
            let operand = if complete { "" } else { "x" };
            diagnostic.hint(format!("{text}{operand}{closing}"))
        }
        _ => diagnostic.hint(format!("put the missing `{closing}`")),
    }
}

/// An opening bracket with a closing one of the other form; `outer` is open around it.
pub(crate) fn closed_by_another(
    source: &str,
    opening: Token,
    closing: Token,
    outer: Option<Token>,
) -> Diagnostic {
    let right = if opening.kind == TokenKind::LeftBracket { ']' } else { ')' };
    let found = closing.text(source);
    let closes_outer = outer.is_some_and(|outer| {
        (outer.kind == TokenKind::LeftBracket) == (closing.kind == TokenKind::RightBracket)
    });
    let meant = if closes_outer { format!("{right}{found}") } else { right.to_string() };
    syntax(format!("`{}` is closed by `{found}`", opening.text(source)))
        .label(opening.span, "opened here")
        .label(closing.span, format!("`{right}` is expected here or before"))
        .hint(
            repaired(source, closing.span, &meant)
                .unwrap_or_else(|| format!("put the missing `{right}`")),
        )
}

/// What begins at an offset and is not in the language, and its length in bytes.
pub(crate) fn not_in_the_language(source: &str, at: usize) -> (Diagnostic, usize) {
    let rest = &source[at..];
    if let Some(found) = foreign_operator(source, at) {
        return found;
    }
    if rest.starts_with('|') {
        return bars(source, at);
    }
    if let Some(found) = transposed_by_a_point(source, at) {
        return found;
    }
    let character = rest.chars().next().unwrap_or(' ');
    let length = character.len_utf8();
    let diagnostic =
        unknown_character(character).label(Span::new(at, at + length), "not in the language");
    let advised = match (unicode::advice(character), unicode::narrow(character)) {
        (Some(advice), _) => diagnostic.hint(advice),
        (None, Some(narrow)) => diagnostic.hint(format!("write `{narrow}`")),
        (None, None) => diagnostic.hint("names are made of letters, digits and `_`"),
    };
    (advised, length)
}

/// `x.T` and `x.H` of other languages.
fn transposed_by_a_point(source: &str, at: usize) -> Option<(Diagnostic, usize)> {
    let (written, meant) = [(".T", "'"), (".H", "^H")]
        .into_iter()
        .find(|(written, _)| source[at..].starts_with(written))?;
    let after = source[at + written.len()..].chars().next();
    if after.is_some_and(unicode::continues_name) {
        return None;
    }
    let span = Span::new(at, at + written.len());
    let error = syntax(format!("`{written}` is not in the language"));
    let error = error.label(span, "a transpose of another language");
    // What else is foreign in the line is put right with it.
    let hint = repaired(source, span, meant)
        .map(|line| line.replace(written, meant).replace('@', "*"))
        .unwrap_or_else(|| format!("write `X{meant}`"));
    Some((error.hint(hint), written.len()))
}

fn unknown_character(character: char) -> Diagnostic {
    syntax(format!("unknown character {}", unicode::name_of(character)))
}

/// An operator of other languages.
fn foreign_operator(source: &str, at: usize) -> Option<(Diagnostic, usize)> {
    let rest = &source[at..];
    let (written, meant) = [
        (".**", ".^"),
        ("**", "^"),
        ("==", "="),
        (":=", "="),
        ("=>", "->"),
        ("@", "*"),
        ("&&", ""),
        ("||", ""),
        ("!=", ""),
        ("~=", ""),
        ("<=", ""),
        (">=", ""),
        ("&", ""),
    ]
    .into_iter()
    .find(|(written, _)| rest.starts_with(written) && !(*written == "||" && is_norm(rest)))?;
    let span = Span::new(at, at + written.len());
    let diagnostic =
        syntax(format!("`{written}` is not an operator")).label(span, "not in the language");
    let diagnostic = match (meant, surrounding_words(source, span)) {
        ("", _) => diagnostic.hint("there are no comparisons and no logical operators"),
        ("=", _) => diagnostic.hint(
            "write `=`: `Y = A*X` binds a name; `gradus check 'LEFT = RIGHT'` checks an identity",
        ),
        (_, Some((left, right))) => diagnostic.hint(format!("{left}{meant}{right}")),
        (_, None) => diagnostic.hint(format!("write `{meant}`")),
    };
    Some((diagnostic, written.len()))
}

/// Whether two bars are followed by two more.
fn is_norm(rest: &str) -> bool {
    rest.get(2..).is_some_and(|after| {
        after.find(['\n', ';']).map_or(after, |end| &after[..end]).contains("||")
    })
}

/// The names or numbers directly before and after a span.
fn surrounding_words(source: &str, span: Span) -> Option<(&str, &str)> {
    let is_word = |character: char| unicode::continues_name(character) || character == '\'';
    let before = source[..span.start as usize].trim_end();
    let after = source[span.end as usize..].trim_start();
    let left = before.len()
        - before
            .chars()
            .rev()
            .take(LONGEST_PIECE)
            .take_while(|&c| is_word(c))
            .map(char::len_utf8)
            .sum::<usize>();
    let right: usize =
        after.chars().take(LONGEST_PIECE).take_while(|&c| is_word(c)).map(char::len_utf8).sum();
    (left < before.len() && right > 0).then(|| (&before[left..], &after[..right]))
}

/// `|x|` and `||x||`.
fn bars(source: &str, at: usize) -> (Diagnostic, usize) {
    let rest = &source[at..];
    let bar = if rest.starts_with("||") { "||" } else { "|" };
    let line = rest.find(['\n', ';']).map_or(rest, |end| &rest[..end]);
    let inner = line[bar.len()..]
        .find(bar)
        .map(|length| Span::new(at + bar.len(), at + bar.len() + length));
    let length = inner.map_or(bar.len(), |inner| inner.end as usize + bar.len() - at);
    let diagnostic = syntax(format!("`{bar}` is not in the language"))
        .label(Span::new(at, at + length), "bars have several meanings");
    let content = inner.and_then(|inner| piece(source, inner)).unwrap_or("x");
    let hinted = if bar == "|" {
        diagnostic.hint(format!("write `abs({content})`, `norm2({content})` of a vector, or `det({content})` of a matrix"))
    } else {
        diagnostic.hint(format!("norm2({content})"))
    };
    (hinted, length)
}
