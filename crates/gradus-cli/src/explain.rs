//! How explanations of rules look on a screen and in LaTeX.
//!
//! Must not know why rules hold.

use gradus::{Explanation, Language, Output, ReasonLine};

use crate::arguments::Explain;
use crate::output::Streams;
use crate::{ANSWERED, show};

/// The column at which reasons stand at the latest, where formulas leave room.
const REASON_COLUMN: usize = 60;

/// Explains a rule, or names all of them.
pub(crate) fn explain(
    asked: &Explain,
    output: Output,
    language: Language,
    streams: Streams,
) -> Result<u8, String> {
    let Some(name) = &asked.name else {
        let rules = gradus::rules(language);
        let width = rules.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let line = |(name, text): &(String, String)| format!("{name:<width$}  {text}");
        let lines: Vec<String> = rules.iter().map(line).collect();
        return streams.answer(&lines.join("\n")).map(|()| ANSWERED);
    };
    let explanations = match gradus::explain(name, output, language) {
        Ok(explanations) => explanations,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    let blocks: Vec<String> = explanations
        .iter()
        .map(|explanation| match output {
            Output::Latex => latex(explanation),
            _ => text(explanation, language, streams),
        })
        .collect();
    streams.answer(&blocks.join("\n\n"))?;
    for explanation in &explanations {
        if !explanation.condition.is_empty() {
            show::conditions(std::slice::from_ref(&explanation.condition), language, streams);
        }
        // Words alone are nothing to verify.
        if explanation.lines.iter().any(|line| !line.sides.is_empty()) {
            show::verification(&explanation.verification, language, streams);
        }
    }
    Ok(ANSWERED)
}

/// Equations with reasons at the side, aligned where there is room.
fn text(explanation: &Explanation, language: Language, streams: Streams) -> String {
    let (bold, dim, plain) =
        if streams.colours_answers { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let heading = match explanation.statement.as_str() {
        "" => &explanation.name,
        statement => statement,
    };
    let mut lines = vec![format!("{bold}{heading}{plain}")];
    let word = match language {
        Language::English => "where",
        Language::Chinese => "其中",
    };
    for (name, definition) in &explanation.names {
        lines.push(format!("  {word} {name} = {definition}"));
    }
    let equation = |line: &ReasonLine| line.sides.join(" = ");
    let column = explanation
        .lines
        .iter()
        .map(|line| equation(line).chars().count())
        .filter(|length| *length <= REASON_COLUMN)
        .max()
        .unwrap_or(0);
    for line in &explanation.lines {
        let equation = equation(line);
        if equation.is_empty() {
            lines.push(format!("  {}", line.reason));
            continue;
        }
        let gap = " ".repeat(column.saturating_sub(equation.chars().count()) + 3);
        lines.push(format!("  {equation}{gap}{dim}{}{plain}", line.reason));
    }
    lines.join("\n")
}

/// An `align*` environment.
fn latex(explanation: &Explanation) -> String {
    let mut rows: Vec<String> = Vec::new();
    for (name, definition) in &explanation.names {
        rows.push(format!("  {name} &= {definition}"));
    }
    for line in &explanation.lines {
        let reason = latex_text(&line.reason);
        match line.sides.split_first() {
            None => rows.push(format!("  & \\text{{{reason}}}")),
            Some((first, others)) => {
                rows.push(format!("  {first} &= {} && \\text{{{reason}}}", others.join(" = ")));
            }
        }
    }
    format!("\\begin{{align*}}\n{}\n\\end{{align*}}", rows.join(" \\\\\n"))
}

/// Signs of mathematics in a sentence, which LaTeX knows in mathematics only.
fn latex_text(reason: &str) -> String {
    let mut text = String::with_capacity(reason.len());
    for character in reason.chars() {
        let sign = match character {
            'ᵀ' => "^\\top",
            '⁺' => "^{+}",
            '⁻' => "^{-}",
            '¹' => "^{1}",
            '²' => "^{2}",
            '³' => "^{3}",
            'ᵏ' => "^{k}",
            'ᵢ' => "_{i}",
            'ⱼ' => "_{j}",
            '′' => "'",
            '−' => "-",
            '⊙' => "\\odot",
            '⊘' => "\\oslash",
            '⊗' => "\\otimes",
            '∂' => "\\partial",
            '∇' => "\\nabla",
            '√' => "\\surd",
            'π' => "\\pi",
            'σ' => "\\sigma",
            'λ' => "\\lambda",
            'Σ' => "\\Sigma",
            '≠' => "\\neq",
            '≥' => "\\geq",
            '→' => "\\to",
            '±' => "\\pm",
            '‖' => "\\|",
            '_' => "\\_",
            other => {
                text.push(other);
                continue;
            }
        };
        if character == '_' {
            text.push_str(sign);
        } else {
            text.push_str(&format!("${sign}$"));
        }
    }
    text
}
