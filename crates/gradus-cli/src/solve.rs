//! Solutions on a screen.
//!
//! Must not know how they came about.

use gradus::{Goal, Output, Problem, Row, SolutionStep, Solving, Way};

use crate::arguments::{self, Solve};
use crate::commands::{language, output, request};
use crate::output::Streams;
use crate::show;
use crate::{ANSWERED, UNDECIDED};

/// The column at which conditions and reasons stand, where formulas leave room.
const NOTE_COLUMN: usize = 52;

pub(crate) fn solve(asked: &Solve, streams: Streams) -> Result<u8, String> {
    let mut request = request(&asked.subject)?;
    request.variables.clone_from(&asked.unknowns);
    let problem = Problem {
        request,
        constraints: asked.constraints.clone(),
        goal: if asked.maximize { Goal::Maximize } else { Goal::Minimize },
        method: match asked.method {
            arguments::Solving::ClosedForm => Way::Solve,
            arguments::Solving::GradientStep => Way::GradientStep,
            arguments::Solving::NewtonStep => Way::NewtonStep,
        },
    };
    let language = language(asked.language);
    let wanted = output(asked.shown.emit);
    let told = gradus::solve(&problem).and_then(|solving| {
        let text = match wanted {
            Output::Text if asked.steps => steps(&solving.steps(language), streams),
            Output::Text => rows(&solving.rows(language), streams),
            output => solving.print(output, language)?,
        };
        Ok((text, solving))
    });
    let (text, solving) = match told {
        Ok(told) => told,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    show::reading(solving.reading(), language, streams);
    show::notes(solving.notes(), language, streams);
    streams.answer(&text)?;
    let code = solving.exit_code();
    if code == ANSWERED { verified(&solving, asked, streams) } else { Ok(code) }
}

fn verified(solving: &Solving, asked: &Solve, streams: Streams) -> Result<u8, String> {
    show::verification(solving.verification(), language(asked.language), streams);
    let is_open = !solving.verification().verdict.is_verified();
    Ok(if is_open && asked.shown.strict { UNDECIDED } else { ANSWERED })
}

/// The width of a text on a screen: Chinese signs are two columns wide.
fn width(text: &str) -> usize {
    text.chars().map(|sign| if ('\u{2e80}'..'\u{fffe}').contains(&sign) { 2 } else { 1 }).sum()
}

fn rows(rows: &[Row], streams: Streams) -> String {
    let (bold, dim, plain) =
        if streams.colours_answers { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let labels = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
    let line = |row: &Row| {
        let fill = " ".repeat(labels - width(&row.label) + 4);
        let text = format!("{dim}{}{plain}{fill}{bold}{}{plain}", row.label, row.text);
        if row.note.is_empty() {
            return text;
        }
        let gap = NOTE_COLUMN.saturating_sub(labels + 4 + width(&row.text)).max(2);
        format!("{text}{}{dim}{}{plain}", " ".repeat(gap), row.note)
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn steps(steps: &[SolutionStep], streams: Streams) -> String {
    let (dim, plain) = if streams.colours_answers { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
    let left = steps.iter().map(|step| width(&step.left)).filter(|it| *it <= 40).max().unwrap_or(0);
    let texts: Vec<String> = steps
        .iter()
        .map(|step| {
            let fill = " ".repeat(left.saturating_sub(width(&step.left)));
            format!("{fill}{} = {}", step.left, step.right)
        })
        .collect();
    let column = texts.iter().map(|text| width(text)).filter(|it| *it <= 72).max().unwrap_or(0);
    let line = |(text, step): (&String, &SolutionStep)| {
        let gap = " ".repeat(column.saturating_sub(width(text)) + 4);
        format!("{text}{gap}{dim}{}{plain}", step.reason)
    };
    texts.iter().zip(steps).map(line).collect::<Vec<_>>().join("\n")
}
