//! Reasons, headings and remarks as text.
//!
//! Must not know how lines are found.

use gradus_derivation::{Citation, Heading, Rule, rule_formula};
use gradus_diagnostics::Language;
use gradus_functions::book;
use gradus_notation::arena::NotationTree;
use gradus_notation::print::{self, Format};
use gradus_notation::tree::{Notation, NotationId};

use super::mathematics;
use crate::request::Layout;

/// The reasons of a line, one after the other.
pub(crate) fn reason(
    tree: &NotationTree,
    rules: &[Citation],
    format: Format,
    language: Language,
) -> String {
    let texts: Vec<String> =
        rules.iter().map(|rule| citation(tree, rule, format, language)).collect();
    texts.join(separator(language))
}

/// What stands between two remarks.
pub(crate) fn separator(language: Language) -> &'static str {
    match language {
        Language::English => "; ",
        Language::Chinese => "；",
    }
}

fn citation(
    tree: &NotationTree,
    citation: &Citation,
    format: Format,
    language: Language,
) -> String {
    match citation {
        Citation::Rule(rule) => mathematics::marked(rule.text(language), format),
        Citation::Constant(names) => {
            let texts: Vec<String> = names
                .iter()
                .map(|name| equation(&differential(tree, name, format), "0", format))
                .collect();
            texts.join(match language {
                Language::English => ", ",
                Language::Chinese => "，",
            })
        }
        Citation::Direction(variable, direction) => {
            let direction = shown(tree, direction, format);
            let formula = equation(&differential(tree, variable, format), &direction, format);
            match language {
                Language::English => format!("in the direction {formula}"),
                Language::Chinese => format!("取方向 {formula}"),
            }
        }
        Citation::Function(function) => match rule_formula(*function) {
            Some((tree, left, right)) => {
                let side = |id| print::formula(&tree, id, format);
                let sign = if format == Format::MathMl { "<mo>=</mo>" } else { " = " };
                mathematics::fenced(&format!("{}{sign}{}", side(left), side(right)), format)
            }
            None => book().get(*function).name.to_owned(),
        },
        Citation::Jacobian(formula) => {
            let formula = mathematics::fenced(&print::formula(tree, *formula, format), format);
            match language {
                Language::English => format!("the Jacobian is the transpose {formula}"),
                Language::Chinese => format!("雅可比矩阵为其转置 {formula}"),
            }
        }
    }
}

/// A name as it is set in a format: by its shape, if the steps show it.
fn shown(tree: &NotationTree, name: &str, format: Format) -> String {
    let ids = (0..tree.len()).filter_map(|at| u32::try_from(at).ok()).map(NotationId);
    let known = ids
        .filter(|id| matches!(tree.node(*id), Notation::Name { text, .. } if text == name))
        .map(|id| print::Look::of(tree.shape(id)))
        .next();
    let is_matrix = name.starts_with(char::is_uppercase);
    let by_letter = if is_matrix { print::Look::Matrix } else { print::Look::Scalar };
    let left = print::Left::Name(print::Subject {
        text: name,
        index: None,
        look: known.unwrap_or(by_letter),
        conjugate: false,
    });
    print::left_side(&left, format)
}

/// The differential of a name.
fn differential(tree: &NotationTree, name: &str, format: Format) -> String {
    let name = shown(tree, name, format);
    match format {
        Format::Latex => format!("\\mathrm{{d}}{name}"),
        Format::MathMl => format!("<mi mathvariant=\"normal\">d</mi>{name}"),
        Format::Typst => format!("upright(d) {name}"),
        Format::Source | Format::Unicode => format!("d{name}"),
    }
}

/// An equation inside a sentence, from sides that are written in the format.
fn equation(left: &str, right: &str, format: Format) -> String {
    let text = match format {
        Format::MathMl if right == "0" => format!("{left}<mo>=</mo><mn>0</mn>"),
        Format::MathMl => format!("{left}<mo>=</mo>{right}"),
        _ => format!("{left} = {right}"),
    };
    mathematics::fenced(&text, format)
}

/// The heading of a section that names nothing.
pub(crate) fn heading_text(heading: &Heading, language: Language) -> String {
    let (english, chinese) = match heading {
        Heading::None | Heading::Through(_) => ("", ""),
        Heading::Composition => ("steps", "中间变量"),
        Heading::LastStep => ("the last step", "最后一步"),
        Heading::Answer => ("together", "综合"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
    .to_owned()
}

/// The heading of the section that leads through a step.
pub(crate) fn through(name: &str, format: Format, language: Language) -> String {
    let name = mathematics::fenced(name, format);
    match language {
        Language::English => format!("through {name}"),
        Language::Chinese => format!("经过 {name}"),
    }
}

/// The shape of an answer, and the layout if it has one.
pub(crate) fn shape(shape: &str, layout: Option<Layout>, language: Language) -> String {
    let shape = match language {
        Language::Chinese => shape_in_chinese(shape),
        Language::English => shape.to_owned(),
    };
    let Some(layout) = layout else { return shape };
    let (english, chinese) = match layout {
        Layout::Mixed => ("mixed layout", "混合布局"),
        Layout::Numerator => ("numerator layout", "分子布局"),
        Layout::Denominator => ("denominator layout", "分母布局"),
    };
    match language {
        Language::English => format!("{shape}, {english}"),
        Language::Chinese => format!("{shape}，{chinese}"),
    }
}

/// A shape such as `scalar` or `d×1 for each i`.
fn shape_in_chinese(shape: &str) -> String {
    let (shape, each) = match shape.split_once(" for each ") {
        Some((shape, index)) => (shape, format!("，对每个 {index}")),
        None => (shape, String::new()),
    };
    let shape = if shape == "scalar" { "标量" } else { shape };
    format!("{shape}{each}")
}

/// The name of a rule or of the function whose differential is used.
pub(crate) fn rule_name(citation: &Citation) -> String {
    match citation {
        Citation::Rule(rule) => rule.name().to_owned(),
        Citation::Direction(..) => "direction".to_owned(),
        Citation::Constant(_) => Rule::Constants.name().to_owned(),
        Citation::Function(function) => book().get(*function).name.to_owned(),
        Citation::Jacobian(_) => "jacobian".to_owned(),
    }
}
