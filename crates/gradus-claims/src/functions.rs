//! Functions that are taken for each other.
//!
//! Must not know claims. The functions themselves are in the book.

use gradus_functions::book;

use crate::mistake::Mistake;

/// Pairs of functions with the mistake of taking one for the other.
const PAIRS: &[(&str, &str, Mistake)] = &[
    ("exp", "expm", Mistake::MatrixFunction),
    ("log", "logm", Mistake::MatrixFunction),
    ("sqrt", "sqrtm", Mistake::MatrixFunction),
    ("rowsum", "colsum", Mistake::Axis),
    ("sum", "mean", Mistake::Axis),
    ("sum", "rowsum", Mistake::Axis),
    ("sum", "colsum", Mistake::Axis),
    ("sum", "tr", Mistake::Axis),
    ("vec", "vecr", Mistake::Axis),
    ("blocktrace", "blocksum", Mistake::Axis),
    ("tril", "triu", Mistake::Axis),
    ("hcat", "vcat", Mistake::Axis),
    ("det", "logdet", Mistake::Function),
    ("sin", "cos", Mistake::FunctionDerivative),
    ("sinh", "cosh", Mistake::FunctionDerivative),
    ("eye", "ones", Mistake::Elementwise),
    ("eye", "zeros", Mistake::Function),
    ("ones", "zeros", Mistake::Function),
    ("inv", "adj", Mistake::Function),
    ("norm2", "norm1", Mistake::Function),
];

/// What a function is often taken for.
pub(crate) fn partners(name: &str) -> Vec<(Mistake, &'static str)> {
    let one = PAIRS.iter().filter(|(one, ..)| *one == name);
    let other = PAIRS.iter().filter(|(_, other, _)| *other == name);
    let one = one.map(|(_, other, mistake)| (mistake.clone(), *other));
    one.chain(other.map(|(one, _, mistake)| (mistake.clone(), *one))).collect()
}

/// The derivative of an elementwise function at an argument, from its rule.
pub(crate) fn derivative(name: &str, argument: &str) -> Option<String> {
    let book = book();
    let function = book.get(book.lookup(name)?);
    let [parameter] = function.parameters else { return None };
    let rule = function.differential.strip_suffix(&format!(".*d{parameter}"))?;
    // The parameter stands as a word of its own.
    let mut out = String::new();
    let mut word = String::new();
    for letter in rule.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        if word == *parameter {
            out.push_str(&format!("({argument})"));
        } else {
            out.push_str(&word);
        }
        word.clear();
        out.push(letter);
    }
    Some(out.trim_end().to_owned())
}

/// Whether a function acts on every entry by itself.
pub(crate) fn is_elementwise(name: &str) -> bool {
    derivative(name, "x").is_some()
}

/// Functions whose rule begins with this one: what it may be the derivative of.
pub(crate) fn primitives(name: &str) -> Vec<&'static str> {
    let rule = format!("{name}(");
    let begins = |differential: &str| differential.starts_with(&rule);
    let entries = book().iter().filter(|(_, function)| begins(function.differential));
    entries.map(|(_, function)| function.name).filter(|other| *other != name).collect()
}

/// The other functions with so many arguments.
pub(crate) fn like(name: &str, arguments: usize) -> Vec<&'static str> {
    let entries = book()
        .iter()
        .filter(|(_, function)| !function.is_operator() && function.arity() == Some(arguments));
    entries.map(|(_, function)| function.name).filter(|other| *other != name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_in_the_book() {
        for (one, other, _) in PAIRS {
            for name in [one, other] {
                // Constant arrays are words of the language.
                let known = book().lookup(name).is_some()
                    || gradus_functions::reserved(name).is_some()
                    || ["eye", "ones", "zeros"].contains(name);
                assert!(known, "{name}");
            }
        }
    }

    #[test]
    fn derivatives_come_from_the_rules() {
        assert_eq!(
            derivative("sigmoid", "A*x").as_deref(),
            Some("sigmoid((A*x)).*(1-sigmoid((A*x)))")
        );
        assert!(primitives("sigmoid").contains(&"softplus"));
    }
}
