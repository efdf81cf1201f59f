//! Rendering of diagnostics as text and JSON. Must not know mathematics.

use crate::snippet::{Snippet, printable};
use crate::{Diagnostic, Label};

/// How the parts of a message are set off from each other on a terminal.
struct Style {
    /// Before the word `error`.
    error: &'static str,
    /// Before the word `note`.
    note: &'static str,
    /// Before the carets of a label and its text.
    label: &'static str,
    /// Before the word `hint`.
    hint: &'static str,
    /// After each of them.
    reset: &'static str,
}

/// No colours.
const PLAIN: Style = Style { error: "", note: "", label: "", hint: "", reset: "" };

/// ANSI colours.
const COLOURED: Style = Style {
    error: "\x1b[1;31m",
    note: "\x1b[1;36m",
    label: "\x1b[31m",
    hint: "\x1b[1;32m",
    reset: "\x1b[0m",
};

/// The diagnostic as text for a terminal, with the source line and a caret under each label.
///
/// The text ends without a newline. Control characters of the source are shown as replacement
/// characters; a long line is clipped to the surroundings of the label; labels that do not fit the
/// source are moved to the nearest place in it.
#[must_use]
pub fn render_text(diagnostic: &Diagnostic, source: &str) -> String {
    render(diagnostic, source, &PLAIN)
}

/// The same as [`render_text`] with ANSI colours.
#[must_use]
pub fn render_text_coloured(diagnostic: &Diagnostic, source: &str) -> String {
    render(diagnostic, source, &COLOURED)
}

/// The diagnostic as one JSON object.
#[must_use]
pub fn render_json(diagnostic: &Diagnostic) -> String {
    serde_json::to_string(diagnostic).unwrap_or_else(|failure| {
        let message = serde_json::Value::String(failure.to_string());
        format!("{{\"class\":\"internal\",\"code\":\"internal\",\"message\":{message},\"labels\":[],\"hints\":[]}}")
    })
}

fn render(diagnostic: &Diagnostic, source: &str, style: &Style) -> String {
    let mut out = heading(diagnostic, style);
    if !source.trim().is_empty() {
        for (snippet, labels) in grouped(&diagnostic.labels, source) {
            push_snippet(&mut out, &snippet, &labels, source, style);
        }
    }
    for hint in &diagnostic.hints {
        out.push_str(&format!("\n  {}hint:{} {}", style.hint, style.reset, printable(hint)));
    }
    out
}

fn heading(diagnostic: &Diagnostic, style: &Style) -> String {
    let message = printable(&diagnostic.message);
    if diagnostic.is_error() {
        format!("{}error[{}]:{} {message}", style.error, diagnostic.code, style.reset)
    } else {
        format!("{}note:{} {message}", style.note, style.reset)
    }
}

/// The labels by the part of the source they are shown with, both in the order given.
fn grouped<'a>(labels: &'a [Label], source: &str) -> Vec<(Snippet, Vec<&'a Label>)> {
    let mut groups: Vec<(Snippet, Vec<&Label>)> = Vec::new();
    for label in labels {
        match groups.iter_mut().find(|(snippet, _)| snippet.shows(source, label.span)) {
            Some((_, members)) => members.push(label),
            None => groups.push((Snippet::around(source, label.span), vec![label])),
        }
    }
    groups
}

fn push_snippet(
    out: &mut String,
    snippet: &Snippet,
    labels: &[&Label],
    source: &str,
    style: &Style,
) {
    // One line needs no number.
    let number = if source.trim_end().contains('\n') {
        format!("{} | ", snippet.line)
    } else {
        String::new()
    };
    let text = snippet.text(source);
    out.push_str(&format!("\n  {number}{}", text.trim_end()));
    for label in labels {
        let (column, length) = snippet.columns(source, label.span);
        let indent = " ".repeat(number.len() + column);
        let carets = "^".repeat(length);
        let text = printable(&label.text);
        let separator = if text.is_empty() { "" } else { "  " };
        out.push_str(&format!(
            "\n  {indent}{}{carets}{separator}{text}{}",
            style.label, style.reset
        ));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{render_json, render_text, render_text_coloured};
    use crate::{Class, Diagnostic, Span};

    fn shape(span: Span) -> Diagnostic {
        Diagnostic::bad_input("shape", "inner dimensions differ in `X*y`")
            .label(span, "X is m×n, y has m entries")
            .hint("did you mean X'*y?")
    }

    #[test]
    fn one_line_one_label() {
        let expected = "error[shape]: inner dimensions differ in `X*y`\n  X*y - w\n  ^^^  X is m×n, y has m entries\n  hint: did you mean X'*y?";
        assert_eq!(render_text(&shape(Span::new(0, 3)), "X*y - w"), expected);
    }

    #[test]
    fn several_labels_and_hints() {
        let diagnostic = Diagnostic::bad_input("name", "`x` is declared twice")
            .label(Span::new(11, 12), "again here")
            .label(Span::new(0, 1), "")
            .hint("one")
            .hint("two");
        let expected = "error[name]: `x` is declared twice\n  x: scalar; x: vector\n             ^  again here\n  ^\n  hint: one\n  hint: two";
        assert_eq!(render_text(&diagnostic, "x: scalar; x: vector"), expected);
    }

    #[test]
    fn notes_say_so() {
        let note = Diagnostic::note("power", "`a^b^c` is `(a^b)^c`").label(Span::new(0, 5), "here");
        assert_eq!(
            render_text(&note, "a^b^c"),
            "note: `a^b^c` is `(a^b)^c`\n  a^b^c\n  ^^^^^  here"
        );
        assert_eq!(note.exit_code(), 0);
    }

    #[test]
    fn lines_of_a_program_have_numbers() {
        let source = "Y = A*X\ntr(Y*Z)\n";
        let diagnostic = Diagnostic::bad_input("shape", "no")
            .label(Span::new(11, 14), "this")
            .label(Span::new(0, 1), "from");
        let expected =
            "error[shape]: no\n  2 | tr(Y*Z)\n         ^^^  this\n  1 | Y = A*X\n      ^  from";
        assert_eq!(render_text(&diagnostic, source), expected);
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        let source = "αβ*γδ";
        let diagnostic = Diagnostic::bad_input("shape", "no").label(Span::new(5, 9), "γδ");
        assert_eq!(render_text(&diagnostic, source), "error[shape]: no\n  αβ*γδ\n     ^^  γδ");
        let wide = Diagnostic::bad_input("shape", "no").label(Span::new(7, 10), "");
        assert_eq!(render_text(&wide, "矩阵*矩"), "error[shape]: no\n  矩阵*矩\n       ^^");
    }

    #[test]
    fn a_label_at_the_end_points_behind_the_text() {
        let diagnostic = Diagnostic::bad_input("syntax", "no").label(Span::new(3, 3), "here");
        assert_eq!(render_text(&diagnostic, "a +"), "error[syntax]: no\n  a +\n     ^  here");
        assert_eq!(render_text(&diagnostic, "a +\n"), "error[syntax]: no\n  a +\n     ^  here");
    }

    #[test]
    fn a_label_over_lines_marks_the_first() {
        let diagnostic = Diagnostic::bad_input("syntax", "no").label(Span::new(0, 9), "all");
        assert_eq!(
            render_text(&diagnostic, "f(x,\n  y)"),
            "error[syntax]: no\n  1 | f(x,\n      ^^^^  all"
        );
    }

    #[test]
    fn nothing_is_shown_of_an_empty_source() {
        let diagnostic = Diagnostic::bad_input("syntax", "the input is empty")
            .label(Span::new(0, 0), "here")
            .hint("x'*x");
        assert_eq!(
            render_text(&diagnostic, " \n"),
            "error[syntax]: the input is empty\n  hint: x'*x"
        );
    }

    #[test]
    fn long_lines_are_clipped() {
        let source = format!("{}+y+{}", "(".repeat(1_000_000), ")".repeat(1_000_000));
        let diagnostic =
            Diagnostic::bad_input("syntax", "no").label(Span::new(1_000_001, 1_000_002), "here");
        let lines: Vec<String> =
            render_text(&diagnostic, &source).lines().map(str::to_owned).collect();
        assert_eq!(lines[1], format!("  …{}+y+{}…", "(".repeat(39), ")".repeat(58)));
        assert_eq!(lines[2], format!("  {}^  here", " ".repeat(41)));
        let all = Diagnostic::bad_input("syntax", "no").label(Span::new(0, source.len()), "all");
        assert!(render_text(&all, &source).len() < 1000);
        let first = Diagnostic::bad_input("syntax", "no").label(Span::new(0, 1), "first");
        assert!(render_text(&first, &source).contains("\n  ((("));
        let last = Diagnostic::bad_input("syntax", "no")
            .label(Span::new(source.len(), source.len()), "last");
        assert!(render_text(&last, &source).contains(")))\n"));
    }

    #[test]
    fn labels_far_apart_on_a_long_line_are_shown_apart() {
        let source = format!("a{}b", "+".repeat(500));
        let diagnostic = Diagnostic::bad_input("syntax", "no")
            .label(Span::new(0, 1), "a")
            .label(Span::new(501, 502), "b");
        assert_eq!(render_text(&diagnostic, &source).lines().count(), 5);
    }

    #[test]
    fn no_label_panics() {
        let sources = ["", "a", "é", "é\n\nß", "\n", "x\r\ny", "日本"];
        for source in sources {
            for start in 0..12 {
                for end in 0..12 {
                    let diagnostic = shape(Span::new(start, end));
                    assert!(render_text(&diagnostic, source).starts_with("error[shape]"));
                }
            }
            let far = shape(Span { start: u32::MAX, end: 0 });
            assert!(render_text(&far, source).contains("hint"));
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let diagnostic =
            Diagnostic::bad_input("syntax", "unknown \u{1b}[31m").label(Span::new(1, 2), "a\nb");
        let text = render_text(&diagnostic, "a\u{1b}[2J\tb\u{202e}");
        assert!(!text.contains('\u{1b}') && !text.contains('\t') && !text.contains('\u{202e}'));
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn colours_are_asked_for() {
        let diagnostic = shape(Span::new(0, 3));
        assert!(!render_text(&diagnostic, "X*y").contains('\u{1b}'));
        let coloured = render_text_coloured(&diagnostic, "X*y");
        assert!(coloured.contains("\u{1b}[31m^^^  X is m×n, y has m entries\u{1b}[0m"));
    }

    #[test]
    fn json_is_complete() {
        let value: serde_json::Value =
            serde_json::from_str(&render_json(&shape(Span::new(0, 3)))).unwrap();
        assert_eq!(value["class"], "bad-input");
        assert_eq!(value["code"], "shape");
        assert_eq!(value["labels"][0]["span"]["end"], 3);
        assert_eq!(value["hints"][0], "did you mean X'*y?");
        let limit: serde_json::Value =
            serde_json::from_str(&render_json(&Diagnostic::limit("too long"))).unwrap();
        assert_eq!(limit["class"], "limit");
        assert_eq!(Diagnostic::limit("too long").exit_code(), 4);
        assert_eq!(Diagnostic::new(Class::Internal, "internal", "x").exit_code(), 3);
    }
}
