//! Which part of the source a label is shown with: its line, clipped to a window if the line is long.
//!
//! Must not know mathematics, nor how the message around the snippet is laid out.

use crate::Span;

/// The widest source line that is shown whole, in characters.
const WINDOW: usize = 100;

/// How many characters are kept before a label in a clipped line.
const BEFORE: usize = 40;

/// What stands at a cut end of a clipped line.
const CUT: &str = "…";

/// A part of one source line that is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    /// The number of the line, counted from 1.
    pub(crate) line: usize,
    /// The shown bytes of the source.
    shown: (usize, usize),
    /// Whether the line goes on before and after the shown part.
    cut: (bool, bool),
    /// The byte offset of the end of the line.
    line_end: usize,
}

impl Snippet {
    /// The part of the source around the start of a span.
    pub(crate) fn around(source: &str, span: Span) -> Self {
        let (start, _) = clamp(source, span);
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |length| start + length);
        let line = 1 + source[..line_start].bytes().filter(|&byte| byte == b'\n').count();
        let shown = window(source, (line_start, line_end), start);
        Self { line, shown, cut: (shown.0 > line_start, shown.1 < line_end), line_end }
    }

    /// Whether the start of a span is within the shown part.
    pub(crate) fn shows(&self, source: &str, span: Span) -> bool {
        let (start, _) = clamp(source, span);
        let at_line_end = start == self.line_end && self.shown.1 == self.line_end;
        self.shown.0 <= start && (start < self.shown.1 || at_line_end)
    }

    /// The text that is shown.
    pub(crate) fn text(&self, source: &str) -> String {
        let text = printable(&source[self.shown.0..self.shown.1]);
        let before = if self.cut.0 { CUT } else { "" };
        let after = if self.cut.1 { CUT } else { "" };
        format!("{before}{text}{after}")
    }

    /// The column of a span within the shown text, and how many columns of it are shown (at least 1).
    pub(crate) fn columns(&self, source: &str, span: Span) -> (usize, usize) {
        let (start, end) = clamp(source, span);
        let start = start.clamp(self.shown.0, self.shown.1);
        let end = end.clamp(start, self.shown.1);
        let column = width(&source[self.shown.0..start]) + usize::from(self.cut.0);
        (column, width(&source[start..end]).max(1))
    }
}

/// The span as byte offsets that are in range, in order and on character boundaries.
fn clamp(source: &str, span: Span) -> (usize, usize) {
    let start = source.floor_char_boundary((span.start as usize).min(source.len()));
    let end = source.ceil_char_boundary((span.end as usize).min(source.len()));
    (start, end.max(start))
}

/// The bytes of a line that are shown around an offset in it.
fn window(source: &str, line: (usize, usize), focus: usize) -> (usize, usize) {
    if fits(&source[line.0..line.1]) {
        return line;
    }
    let start = back(source, line.0, focus, BEFORE);
    let end = forward(source, start, line.1, WINDOW);
    // Near the end of the line the room that is left over goes to the front.
    if end == line.1 { (back(source, line.0, end, WINDOW), end) } else { (start, end) }
}

/// Whether a line is shown whole; looks at no more of it than is needed to tell.
fn fits(line: &str) -> bool {
    line.chars().nth(WINDOW).is_none()
}

/// The offset `count` characters before `from`, not before `limit`.
fn back(source: &str, limit: usize, from: usize, count: usize) -> usize {
    source[limit..from]
        .char_indices()
        .rev()
        .take(count)
        .last()
        .map_or(from, |(offset, _)| limit + offset)
}

/// The offset `count` characters after `from`, not after `limit`.
fn forward(source: &str, from: usize, limit: usize, count: usize) -> usize {
    source[from..limit].char_indices().nth(count).map_or(limit, |(offset, _)| from + offset)
}

/// The text with everything that would disturb a terminal replaced, one character for one.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| if disturbs(character) { substitute(character) } else { character })
        .collect()
}

/// Whether a character moves the cursor, hides or reorders what stands around it.
fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What is shown for a character that cannot be shown.
fn substitute(character: char) -> char {
    if character.is_whitespace() { ' ' } else { char::REPLACEMENT_CHARACTER }
}

/// The number of terminal columns of a text.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(character_width).sum()
}

/// Combining marks take no column, East Asian wide characters two, everything else one.
fn character_width(character: char) -> usize {
    match u32::from(character) {
        0x0300..=0x036f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
