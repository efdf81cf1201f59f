//! How answers and messages look on a screen.
//!
//! Must not know how they came about.

use gradus::{Answer, Failure, Language, Line, Note, StepSection, Verification, remarks};

use crate::ANSWERED;
use crate::output::Streams;

/// The column at which the shape and the layout stand, where the formula leaves room.
const NOTE_COLUMN: usize = 56;

/// The column at which reasons stand at the latest, where formulas leave room.
const REASON_COLUMN: usize = 56;

/// The answer as text: a line for each formula, its shape and layout at the side.
pub(crate) fn text(lines: &[Line], streams: Streams) -> String {
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
    let lines: Vec<String> = lines.iter().map(|line| text_line(line, width, streams)).collect();
    lines.join("\n")
}

fn text_line(line: &Line, width: usize, streams: Streams) -> String {
    let indent = " ".repeat(width - line.name.chars().count());
    let length = width + 3 + line.formula.chars().count();
    let (bold, dim, plain) =
        if streams.colours_answers { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let formula = format!("{indent}{bold}{}{plain} = {}", line.name, line.formula);
    if line.note.is_empty() {
        return formula;
    }
    let gap = " ".repeat(NOTE_COLUMN.saturating_sub(length).max(2));
    format!("{formula}{gap}{dim}{}{plain}", line.note)
}

/// The steps: equations aligned at their signs, reasons at the side.
pub(crate) fn steps(sections: &[StepSection], streams: Streams) -> String {
    let (bold, dim, plain) =
        if streams.colours_answers { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let mut blocks = Vec::with_capacity(sections.len());
    for section in sections {
        let headed = !section.heading.is_empty();
        let indent = if headed { "  " } else { "" };
        let width = section.steps.iter().map(|step| step.left.chars().count()).max().unwrap_or(0);
        let texts: Vec<String> = section
            .steps
            .iter()
            .map(|step| {
                let fill = " ".repeat(width - step.left.chars().count());
                format!("{indent}{}{fill} = {}", step.left, step.formula)
            })
            .collect();
        let column = texts
            .iter()
            .map(|text| text.chars().count())
            .filter(|length| *length <= REASON_COLUMN)
            .max()
            .unwrap_or(0);
        let mut lines = Vec::new();
        if headed {
            lines.push(format!("{bold}{}{plain}", section.heading));
        }
        for (text, step) in texts.iter().zip(&section.steps) {
            if step.reason.is_empty() {
                lines.push(text.clone());
                continue;
            }
            let gap = " ".repeat(column.saturating_sub(text.chars().count()) + 4);
            lines.push(format!("{text}{gap}{dim}{}{plain}", step.reason));
        }
        blocks.push(lines.join("\n"));
    }
    blocks.join("\n\n")
}

/// A certificate of convexity, with how the names were read and what the oracles say.
pub(crate) fn certificate(
    found: &gradus::Convexity,
    text: &str,
    language: Language,
    streams: Streams,
) -> Result<(), String> {
    reading(found.reading(), language, streams);
    notes(found.notes(), language, streams);
    streams.answer(text)?;
    if found.exit_code() == ANSWERED {
        verification(found.verification(), language, streams);
    }
    Ok(())
}

/// What is said before an answer: how the program was read, hints, what is left out.
pub(crate) fn before(answer: &Answer, language: Language, streams: Streams) {
    reading(answer.reading(), language, streams);
    notes(answer.notes(), language, streams);
    for skipped in answer.skipped() {
        streams.complain(&remarks::skipped(skipped, language));
    }
}

/// How the variables were read.
pub(crate) fn reading(reading: &str, language: Language, streams: Streams) {
    if !reading.is_empty() {
        streams.remark(&remarks::reading(reading, language));
    }
}

/// Hints and warnings.
pub(crate) fn notes(notes: &[Note], language: Language, streams: Streams) {
    for note in notes {
        streams.complain(&remarks::note(note, language, streams.colours_messages));
    }
}

/// Under which conditions the answer holds.
pub(crate) fn conditions(conditions: &[String], language: Language, streams: Streams) {
    if !conditions.is_empty() {
        streams.remark(&remarks::conditions(conditions, language));
    }
}

/// The verdict.
pub(crate) fn verification(verification: &Verification, language: Language, streams: Streams) {
    streams.remark(&remarks::verification(verification, language));
}

/// Why there is no answer.
pub(crate) fn failure(failure: &Failure, streams: Streams) {
    streams.complain(&if streams.colours_messages {
        failure.coloured_text()
    } else {
        failure.text()
    });
}

/// The rule book, or one entry of it.
pub(crate) fn functions(name: Option<&str>, streams: Streams) -> Result<u8, String> {
    let Some(name) = name else {
        streams.answer(&gradus::functions())?;
        return Ok(ANSWERED);
    };
    match gradus::function(name) {
        Ok(description) => streams.answer(&description).map(|()| ANSWERED),
        Err(found) => {
            failure(&found, streams);
            Ok(found.exit_code())
        }
    }
}
