//! Steps as documents: LaTeX, MathML in HTML, Typst, and objects for JSON.
//!
//! Must not know how lines are found.

use gradus_diagnostics::Language;
use gradus_notation::print::Format;
use serde::Serialize;

use super::StepSection;

/// Beside longer formulas, in letters, reasons have lines of their own.
const WIDE: usize = 48;

/// Longer formulas are made smaller until they fit on the page.
const PAGE: usize = 88;

/// Which part of a line is left for reasons beside the widest formula.
fn reason_width(widths: &[usize]) -> f64 {
    let widest = widths.iter().max().copied().unwrap_or(0).min(WIDE);
    #[expect(clippy::cast_precision_loss, reason = "formulas are not that long")]
    let taken = widest as f64 * 0.0112 + 0.13;
    (1.0 - taken).clamp(0.2, 0.62)
}

/// Sections in LaTeX; standing alone a document that compiles.
pub(crate) fn latex(
    sections: &[StepSection],
    widths: &[Vec<usize>],
    language: Language,
    standalone: bool,
) -> String {
    let mut text = String::new();
    for (section, widths) in sections.iter().zip(widths) {
        if !section.heading.is_empty() {
            text.push_str(&format!("\\medskip\\noindent\\textbf{{{}}}\n", section.heading));
        }
        if section.steps.is_empty() {
            continue;
        }
        // Reasons stand in one column, behind the widest formula.
        let beneath = widths.iter().any(|width| *width > WIDE);
        let column = reason_width(widths);
        let mut rows = Vec::new();
        for (step, width) in section.steps.iter().zip(widths) {
            let reason = if step.reason.is_empty() {
                String::new()
            } else if beneath {
                format!(
                    " \\\\\n &\\qquad\\parbox[t]{{0.75\\linewidth}}{{\\raggedright\\footnotesize {}}}",
                    step.reason
                )
            } else {
                format!(
                    " && \\parbox[t]{{{column:.2}\\linewidth}}{{\\raggedright\\footnotesize {}}}",
                    step.reason
                )
            };
            let formula = if *width > PAGE {
                format!("\\resizebox{{0.82\\linewidth}}{{!}}{{$\\displaystyle {}$}}", step.formula)
            } else {
                step.formula.clone()
            };
            rows.push(format!("{} &= {formula}{reason}", step.left));
        }
        text.push_str(&format!("\\begin{{align*}}\n{}\n\\end{{align*}}\n", rows.join(" \\\\\n")));
    }
    if !standalone {
        return text.trim_end().to_owned();
    }
    let chinese = match language {
        Language::English => "",
        Language::Chinese => "\\usepackage[fontset=fandol]{ctex}\n",
    };
    format!(
        "\\documentclass{{article}}\n\\usepackage[margin=1.8cm]{{geometry}}\n\\usepackage{{amsmath,amssymb,graphicx}}\n\
         {chinese}\\allowdisplaybreaks\n\\begin{{document}}\n\\small\n\\setlength{{\\jot}}{{2pt}}\n{text}\\end{{document}}"
    )
}

/// Sections as HTML with MathML; standing alone a page.
pub(crate) fn html(sections: &[StepSection], language: Language, standalone: bool) -> String {
    let mut text = String::new();
    for section in sections {
        if !section.heading.is_empty() {
            text.push_str(&format!("<h3>{}</h3>\n", section.heading));
        }
        if section.steps.is_empty() {
            continue;
        }
        text.push_str("<table class=\"gradus-steps\">\n");
        for step in &section.steps {
            let cell = |class: &str, inside: &str| {
                let inside = if inside.is_empty() {
                    String::new()
                } else {
                    format!("<math displaystyle=\"true\">{inside}</math>")
                };
                format!("<td class=\"{class}\">{inside}</td>")
            };
            text.push_str(&format!(
                "<tr>{}{}<td class=\"reason\">{}</td></tr>\n",
                cell("left", &step.left),
                cell("right", &format!("<mo form=\"infix\">=</mo>{}", step.formula)),
                step.reason
            ));
        }
        text.push_str("</table>\n");
    }
    if !standalone {
        return text.trim_end().to_owned();
    }
    let tag = match language {
        Language::English => "en",
        Language::Chinese => "zh",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n<title>Gradus</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{text}</body>\n</html>"
    )
}

/// How a page of steps looks.
const STYLE: &str = "body { font-family: 'Latin Modern Roman', 'Source Serif 4', Georgia, serif; \
margin: 3em auto; max-width: 60em; color: #1a1a1a } \
h3 { font-weight: 600; margin: 1.6em 0 .4em } \
table { border-collapse: collapse } \
td { padding: .3em .25em; vertical-align: baseline; white-space: nowrap } \
td.left { text-align: right } \
td.reason { padding-left: 2.5em; color: #667; font-size: .88em; white-space: normal }";

/// Sections in Typst.
pub(crate) fn typst(sections: &[StepSection], language: Language, standalone: bool) -> String {
    let mut text = String::new();
    if standalone {
        let tag = match language {
            Language::English => "en",
            Language::Chinese => "zh",
        };
        text.push_str(&format!(
            "#set page(margin: 2cm)\n#set text(lang: \"{tag}\", size: 10.5pt)\n"
        ));
    }
    for section in sections {
        if !section.heading.is_empty() {
            text.push_str(&format!("*{}*\n\n", section.heading));
        }
        if section.steps.is_empty() {
            continue;
        }
        text.push_str("#grid(\n  columns: (auto, auto, 1fr), column-gutter: (0.3em, 2em), row-gutter: 0.9em, align: (right, left, left),\n");
        for step in &section.steps {
            let left =
                if step.left.is_empty() { String::new() } else { format!("${}$", step.left) };
            text.push_str(&format!(
                "  [{left}], [$= {}$], text(size: 0.85em, fill: luma(90))[{}],\n",
                step.formula, step.reason
            ));
        }
        text.push_str(")\n\n");
    }
    text.trim_end().to_owned()
}

/// One line for JSON.
#[derive(Serialize)]
pub(crate) struct StepObject {
    /// What the section is about; absent if it is the whole derivation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) section: String,
    /// The left side; absent where the line goes on from the one before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) left: String,
    /// The names of the rules, or of the functions whose differentials are used.
    pub(crate) rule: Vec<String>,
    /// The source text of the line that this one goes on from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) before: String,
    /// The source text of the line.
    pub(crate) after: String,
    /// The line as text.
    pub(crate) text: String,
    /// The line in LaTeX.
    pub(crate) latex: String,
    /// The reasons in words.
    pub(crate) note: String,
}

/// How wide formulas are, told by their Unicode text.
pub(crate) fn widths(sections: &[StepSection]) -> Vec<Vec<usize>> {
    let of = |section: &StepSection| {
        section.steps.iter().map(|step| step.formula.chars().count()).collect()
    };
    sections.iter().map(of).collect()
}

/// The format of the formulas of a kind of document.
pub(crate) fn format(output: crate::request::Output) -> Option<Format> {
    use crate::request::Output;
    match output {
        Output::Text => Some(Format::Unicode),
        Output::Source => Some(Format::Source),
        Output::Latex => Some(Format::Latex),
        Output::Mathml => Some(Format::MathMl),
        Output::Typst => Some(Format::Typst),
        _ => None,
    }
}
