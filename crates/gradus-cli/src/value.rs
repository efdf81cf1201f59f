//! Values of limits and integrals on a screen.
//!
//! Must not know how they came about.

use gradus::{Output, ScalarStep};

use crate::arguments::Value;
use crate::commands::{language, output, request};
use crate::output::Streams;
use crate::{ANSWERED, UNDECIDED, show};

/// The column at which reasons stand at the latest, where formulas leave room.
const REASON_COLUMN: usize = 60;

pub(crate) fn value(asked: &Value, streams: Streams) -> Result<u8, String> {
    let request = request(&asked.subject)?;
    let language = language(asked.language);
    let wanted = output(asked.shown.emit);
    let told = gradus::value(&request).and_then(|valued| {
        let text = valued.print(wanted, language)?;
        Ok((text, valued))
    });
    let (text, valued) = match told {
        Ok(told) => told,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    show::reading(valued.reading(), language, streams);
    show::notes(valued.notes(), language, streams);
    let lines = valued.steps(language);
    let is_text = matches!(wanted, Output::Text | Output::Source);
    if asked.steps && is_text && !lines.is_empty() {
        streams.answer(&steps(lines, streams))?;
    } else {
        streams.answer(&answer(&text, &valued, wanted, language))?;
    }
    show::verification(valued.verification(), language, streams);
    let is_open = !valued.verification().verdict.is_verified();
    Ok(if is_open && asked.shown.strict { UNDECIDED } else { ANSWERED })
}

/// The value with its conditions.
fn answer(
    text: &str,
    valued: &gradus::Valued,
    wanted: Output,
    language: gradus::Language,
) -> String {
    if !matches!(wanted, Output::Text) {
        return text.to_owned();
    }
    let mut notes: Vec<String> = Vec::new();
    let is_chinese = language == gradus::Language::Chinese;
    let conditions = valued.conditions(language);
    if !conditions.is_empty() {
        let (word, between) = if is_chinese { ("条件:", ";") } else { ("if ", "; ") };
        notes.push(format!("{word}{}", conditions.join(between)));
    }
    notes.extend(valued.remarks(language).iter().cloned());
    if notes.is_empty() { text.to_owned() } else { format!("{text}    {}", notes.join("; ")) }
}

fn width(text: &str) -> usize {
    text.chars().map(|sign| if ('\u{2e80}'..'\u{fffe}').contains(&sign) { 2 } else { 1 }).sum()
}

/// Lefts that are longer have a line of their own.
const LONGEST_LEFT: usize = 44;

fn steps(steps: &[ScalarStep], streams: Streams) -> String {
    let (dim, plain) = if streams.colours_answers { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
    let left = steps
        .iter()
        .map(|step| width(&step.left))
        .filter(|length| *length <= LONGEST_LEFT)
        .max()
        .unwrap_or(0);
    let texts: Vec<(Option<&str>, String)> = steps
        .iter()
        .map(|step| {
            let length = width(&step.left);
            if length > LONGEST_LEFT {
                return (
                    Some(step.left.as_str()),
                    format!("{} = {}", " ".repeat(left), step.right),
                );
            }
            let fill = " ".repeat(left - length);
            (None, format!("{fill}{} = {}", step.left, step.right))
        })
        .collect();
    let lengths = texts.iter().map(|(_, text)| width(text));
    let column = lengths.filter(|length| *length <= REASON_COLUMN).max().unwrap_or(0);
    let mut lines = Vec::new();
    for ((head, text), step) in texts.iter().zip(steps) {
        lines.extend(head.map(str::to_owned));
        if step.reason.is_empty() {
            lines.push(text.clone());
            continue;
        }
        let gap = " ".repeat(column.saturating_sub(width(text)) + 4);
        lines.push(format!("{text}{gap}{dim}{}{plain}", step.reason));
    }
    lines.join("\n")
}
