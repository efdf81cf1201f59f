//! Short formulas inside sentences, from one line of Unicode text to each format.
//!
//! Must not know what the sentences are about. The formulas are those of the wording of rules: single
//! letters, words for functions, superscripts and a few signs.

use gradus_notation::print::Format;

/// Words that are functions.
const FUNCTIONS: [&str; 6] = ["tr", "diag", "vec", "sum", "softmax", "logsumexp"];

/// Letters that stand for scalars and scalar functions.
const SCALARS: &str = "fklt";

/// A sentence with formulas between dollar signs.
pub(crate) fn marked(text: &str, format: Format) -> String {
    let parts = text.split('$').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { formula(part, format) } else { escaped(part, format) })
        .collect()
}

/// A formula of one line of Unicode text.
pub(crate) fn formula(text: &str, format: Format) -> String {
    match format {
        Format::Latex => format!("${}$", latex(text)),
        Format::MathMl => escaped(text, format),
        Format::Typst => format!("#text[{}]", escaped(text, format)),
        Format::Source | Format::Unicode => text.to_owned(),
    }
}

/// A formula that is written in the format already, inside a sentence.
pub(crate) fn fenced(formula: &str, format: Format) -> String {
    match format {
        Format::Latex | Format::Typst => format!("${formula}$"),
        Format::MathMl => format!("<math>{formula}</math>"),
        Format::Source | Format::Unicode => formula.to_owned(),
    }
}

/// A shape with what is said of it, such as `m×n, mixed layout`.
pub(crate) fn shape(text: &str, format: Format) -> String {
    match format {
        Format::Latex => {
            let text = escaped(text, format).replace('×', "$\\times$");
            text.replace('²', "$^2$").replace('³', "$^3$")
        }
        _ => escaped(text, format),
    }
}

/// Words in a format.
pub(crate) fn escaped(text: &str, format: Format) -> String {
    match format {
        Format::Latex => {
            text.replace('\\', "\\textbackslash ").replace('_', "\\_").replace('&', "\\&")
        }
        Format::MathMl => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        Format::Typst => {
            let special = ['\\', '#', '$', '*', '_', '<', '@', '`'];
            let mut escaped = String::new();
            for letter in text.chars() {
                if special.contains(&letter) {
                    escaped.push('\\');
                }
                escaped.push(letter);
            }
            escaped
        }
        Format::Source | Format::Unicode => text.to_owned(),
    }
}

fn latex(text: &str) -> String {
    let mut written = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if let Some(first) = superscript(letter) {
            // Raised signs that stand together are one superscript.
            let mut raised = first.to_owned();
            while let Some(next) = letters.next_if(|next| superscript(*next).is_some()) {
                raised.push_str(superscript(next).unwrap_or_default());
            }
            written.push_str(&format!("^{{{raised}}}"));
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            written.push_str(&sign(letter));
            continue;
        }
        let mut word = letter.to_string();
        while let Some(next) = letters.next_if(char::is_ascii_alphabetic) {
            word.push(next);
        }
        written.push_str(&self::word(&word));
    }
    written
}

/// A run of letters: a function, a differential, or factors side by side.
fn word(word: &str) -> String {
    if FUNCTIONS.contains(&word) {
        return format!("\\operatorname{{{word}}}");
    }
    if word == "log" {
        return "\\log ".to_owned();
    }
    let mut written = String::new();
    for (at, letter) in word.chars().enumerate() {
        let text = letter.to_string();
        written.push_str(&if letter == 'd' && at + 1 < word.len() || word == "d" {
            "\\mathrm{d}".to_owned()
        } else if SCALARS.contains(letter) {
            text
        } else {
            format!("\\mathbf{{{text}}}")
        });
    }
    written
}

/// What a raised sign says.
fn superscript(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ᵀ' => "\\top",
        'ᴴ' => "\\mathsf{H}",
        'ᵏ' => "k",
        'ⁿ' => "n",
        '⁻' => "-",
        '⁺' => "+",
        '¹' => "1",
        '²' => "2",
        '³' => "3",
        _ => return None,
    })
}

fn sign(letter: char) -> String {
    let text = match letter {
        '′' => "'",
        '⊙' => "\\odot ",
        '∗' => "\\ast ",
        '⊗' => "\\otimes ",
        '−' => "-",
        '‖' => "\\|",
        '∂' => "\\partial ",
        '∇' => "\\nabla ",
        '₁' => "_1",
        '₂' => "_2",
        ' ' => "\\,",
        other => return other.to_string(),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradus_derivation::Rule;
    use gradus_diagnostics::Language;

    #[test]
    fn sentences_keep_their_words_and_set_their_formulas() {
        let text = marked("cyclic: $tr(UV) = tr(VU)$", Format::Latex);
        let expected = "cyclic: $\\operatorname{tr}(\\mathbf{U}\\mathbf{V})\\,=\\,\\operatorname{tr}(\\mathbf{V}\\mathbf{U})$";
        assert_eq!(text, expected);
        assert_eq!(marked("a $uᵀv$", Format::Unicode), "a uᵀv");
    }

    #[test]
    fn the_wording_of_every_rule_is_plain_latex() {
        for rule in Rule::all() {
            let text = marked(rule.text(Language::English), Format::Latex);
            assert!(text.is_ascii(), "{text}");
            assert_eq!(text.matches('$').count() % 2, 0, "{text}");
        }
    }
}
