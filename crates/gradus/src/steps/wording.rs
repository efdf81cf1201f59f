//! Reasons as text.
//!
//! Must not know how lines are found.

use gradus_derivation::{Citation, Heading, rule_formula};
use gradus_diagnostics::Language;
use gradus_functions::book;
use gradus_notation::print::{self, Format};

/// The reasons of a line, one after the other.
pub(crate) fn reason(rules: &[Citation], format: Format, language: Language) -> String {
    let texts: Vec<String> = rules.iter().map(|rule| citation(rule, format, language)).collect();
    let separator = match language {
        Language::English => "; ",
        Language::Chinese => "；",
    };
    texts.join(separator)
}

fn citation(citation: &Citation, format: Format, language: Language) -> String {
    match citation {
        Citation::Rule(rule) => rule.text(language).to_owned(),
        Citation::Constant(names) => {
            let separator = match language {
                Language::English => ", ",
                Language::Chinese => "，",
            };
            let texts: Vec<String> = names.iter().map(|name| format!("d{name} = 0")).collect();
            texts.join(separator)
        }
        Citation::Function(function) => match rule_formula(*function) {
            Some((tree, left, right)) => {
                let side = |id| print::formula(&tree, id, Format::Unicode);
                let _ = format;
                format!("{} = {}", side(left), side(right))
            }
            None => book().get(*function).name.to_owned(),
        },
    }
}

/// The heading of a section that names nothing.
pub(crate) fn heading_text(heading: &Heading, language: Language) -> String {
    let (english, chinese) = match heading {
        Heading::None | Heading::Through(_) => ("", ""),
        Heading::Composition => ("steps", "分步"),
        Heading::LastStep => ("the last step", "最后一步"),
        Heading::Answer => ("together", "合起来"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
    .to_owned()
}

/// The heading of the section that leads through a step.
pub(crate) fn through(name: &str, format: Format, language: Language) -> String {
    let name = match format {
        Format::Latex => format!("${name}$"),
        Format::Typst => format!("${name}$"),
        Format::Source | Format::Unicode | Format::MathMl => name.to_owned(),
    };
    match language {
        Language::English => format!("through {name}"),
        Language::Chinese => format!("经过 {name}"),
    }
}
