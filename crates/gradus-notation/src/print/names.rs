//! How names look: Greek letters, subscripts, accents; no two names alike.
//!
//! Must not know formulas beyond the names in them.

use gradus_functions::{Form, book};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::print::script;

/// A Greek letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Greek {
    /// Its name, which is also its command in LaTeX and Typst.
    pub(crate) name: &'static str,
    /// The letter.
    pub(crate) letter: char,
}

const GREEK: &[(&str, char)] = &[
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
];

/// What stands over a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Accent {
    Bar,
    Hat,
    Tilde,
    Dot,
}

const ACCENTS: &[(&str, Accent)] =
    &[("bar", Accent::Bar), ("hat", Accent::Hat), ("tilde", Accent::Tilde), ("dot", Accent::Dot)];

/// The body of a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stem {
    /// A single letter.
    Letter(char),
    /// A Greek letter.
    Greek(Greek),
    /// Everything else.
    Word(String),
}

/// A name as it looks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Glyph {
    /// The body.
    pub(crate) stem: Stem,
    /// What stands over it.
    pub(crate) accent: Option<Accent>,
    /// What stands below; letters and digits only.
    pub(crate) subscript: Option<String>,
}

impl Glyph {
    /// The name as a plain word.
    fn word(text: &str) -> Self {
        Self { stem: Stem::Word(text.to_owned()), accent: None, subscript: None }
    }

    /// Takes a name apart.
    pub(crate) fn of(text: &str) -> Self {
        let lowered = |character: char| ('\u{2080}'..='\u{2089}').contains(&character);
        let is_digit = |character: char| character.is_ascii_digit() || lowered(character);
        let whole = text.trim_end_matches(is_digit);
        let (stem, subscript) = match text.split_once('_') {
            Some((stem, subscript)) => (stem, subscript),
            None => text.split_at(whole.len()),
        };
        let plain_digit = |character: char| {
            let digit = (character as u32).wrapping_sub(0x2080);
            if lowered(character) {
                char::from_digit(digit, 10).unwrap_or(character)
            } else {
                character
            }
        };
        let subscript: String = subscript.chars().map(plain_digit).collect();
        let plain = subscript.chars().all(char::is_alphanumeric);
        if stem.is_empty() || !plain || text.ends_with('_') {
            return Self::word(text);
        }
        let (stem, accent) = match letter(stem) {
            Some(stem) => (stem, None),
            None => match accented(stem) {
                Some((stem, accent)) => (stem, Some(accent)),
                None => return Self::word(text),
            },
        };
        let subscript = (!subscript.is_empty()).then_some(subscript);
        Self { stem, accent, subscript }
    }

    /// The text on one line, and whether it is several characters that must be kept apart from
    /// neighbours.
    pub(crate) fn unicode(&self, name: &str) -> (String, bool) {
        let letter = match &self.stem {
            Stem::Letter(letter) | Stem::Greek(Greek { letter, .. }) => *letter,
            Stem::Word(_) => return (name.to_owned(), true),
        };
        let below = script::lowered(self.subscript.as_deref().unwrap_or_default());
        match (self.accent, below) {
            (None, Some(below)) => (format!("{letter}{below}"), false),
            _ => (name.to_owned(), true),
        }
    }
}

fn letter(text: &str) -> Option<Stem> {
    let mut characters = text.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        let greek = GREEK.iter().find(|(_, letter)| *letter == only);
        return Some(greek.map_or(Stem::Letter(only), greek_stem));
    }
    GREEK.iter().find(|(name, _)| *name == text).map(greek_stem)
}

fn greek_stem((name, letter): &(&'static str, char)) -> Stem {
    Stem::Greek(Greek { name, letter: *letter })
}

fn accented(text: &str) -> Option<(Stem, Accent)> {
    ACCENTS
        .iter()
        .find_map(|(suffix, accent)| letter(text.strip_suffix(suffix)?).map(|stem| (stem, *accent)))
}

/// The looks of all names on a page.
pub(crate) struct Names<'t> {
    glyphs: FxHashMap<&'t str, Glyph>,
    letters: FxHashSet<char>,
    /// Whether letters side by side could be read as a word, so that all products show their sign.
    pub(crate) crowded: bool,
}

impl<'t> Names<'t> {
    /// Decides the looks of names, of which the first of two that would look alike keeps the letter.
    pub(crate) fn of(names: &[&'t str]) -> Self {
        let mut glyphs = FxHashMap::default();
        let mut taken = FxHashSet::default();
        let mut letters = FxHashSet::default();
        let mut words = Vec::new();
        for name in names {
            if glyphs.contains_key(name) {
                continue;
            }
            let mut glyph = Glyph::of(name);
            if !taken.insert(glyph.clone()) {
                glyph = Glyph::word(name);
            }
            let (text, is_word) = glyph.unicode(name);
            if is_word {
                words.push(text);
            } else {
                letters.extend(text.chars());
            }
            glyphs.insert(*name, glyph);
        }
        let spelled = |word: &str| {
            word.chars().count() > 1 && word.chars().all(|letter| letters.contains(&letter))
        };
        let crowded = words.iter().any(|word| spelled(word))
            || book().iter().any(|(_, function)| match function.form {
                Form::Prefix { text, .. } => spelled(text),
                _ => false,
            });
        Self { glyphs, letters, crowded }
    }

    /// The look of a name.
    pub(crate) fn glyph(&self, name: &str) -> Glyph {
        self.glyphs.get(name).cloned().unwrap_or_else(|| Glyph::of(name))
    }

    /// Whether a function's symbol looks like a variable on the page.
    pub(crate) fn is_taken(&self, symbol: &str) -> bool {
        let mut characters = symbol.chars();
        matches!((characters.next(), characters.next()), (Some(only), None) if self.letters.contains(&only))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(name: &str) -> (String, bool) {
        Glyph::of(name).unicode(name)
    }

    #[test]
    fn names_become_letters_with_scripts() {
        for (name, expected) in [
            ("W1", "W₁"),
            ("x_i", "xᵢ"),
            ("lambda", "λ"),
            ("Sigma2", "Σ₂"),
            ("x_12", "x₁₂"),
            ("μ", "μ"),
        ] {
            assert_eq!(text(name), (expected.to_owned(), false));
        }
        for name in ["lam", "xbar", "x_new", "Pm", "x_", "_x", "a_b_c", "x2y"] {
            assert_eq!(text(name), (name.to_owned(), true));
        }
    }

    #[test]
    fn no_two_names_look_alike() {
        let names = Names::of(&["x1", "x_1", "lambda", "λ"]);
        assert_eq!(names.glyph("x1").unicode("x1").0, "x₁");
        assert_eq!(names.glyph("x_1").unicode("x_1").0, "x_1");
        assert_eq!(names.glyph("lambda").unicode("lambda").0, "λ");
        assert_eq!(names.glyph("λ").stem, Stem::Word("λ".to_owned()));
    }

    #[test]
    fn words_made_of_letters_are_noticed() {
        assert!(Names::of(&["A", "X", "AX"]).crowded);
        assert!(Names::of(&["t", "r"]).crowded);
        assert!(!Names::of(&["A", "X", "AY"]).crowded);
    }
}
