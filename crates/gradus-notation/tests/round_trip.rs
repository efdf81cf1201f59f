//! Printed formulas are read back as the same function, and documents are well formed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use gradus_notation::print;
use gradus_notation::tree::NotationId;
use proptest::prelude::*;
use support::Reader;
use support::notation::to_source;
use support::random::Random;
use support::value::value;

fn random(seed: u64, depth: u32) -> (Reader, NotationId) {
    let mut reader = Reader::new(false);
    let sides = ["m", "n", "1"];
    let (rows, columns) = (sides[seed as usize % 3], sides[(seed / 3) as usize % 3]);
    let formula = Random::new(seed).formula(&mut reader, rows, columns, depth);
    (reader, formula)
}

fn check_meaning(reader: &Reader, formula: NotationId, source: &str, printed: &str) {
    let expected = value(&reader.tree, formula);
    for flatten in [false, true] {
        let mut again = Reader::new(flatten);
        let read = again.read(source);
        assert_eq!(expected, value(&again.tree, read), "{printed}");
    }
}

/// Braces close in order, and every `\left` has its `\right`.
fn check_latex(text: &str) {
    let mut depth = 0;
    for character in text.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        assert!(depth >= 0, "{text}");
    }
    assert_eq!(depth, 0, "{text}");
    assert_eq!(text.matches("\\left").count(), text.matches("\\right").count(), "{text}");
    assert_eq!(
        text.matches("^{").count() + text.matches("_{").count(),
        text.matches(['^', '_']).count()
    );
}

/// Elements close in order, scripts and fractions have two children.
fn check_mathml(text: &str) {
    let mut open: Vec<(&str, usize)> = vec![("", 0)];
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        assert!(!rest[..start].contains('&') || rest[..start].contains(';'));
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let (opened, children) = open.pop().unwrap();
            assert_eq!(opened, name, "{text}");
            let two = ["msup", "msub", "mfrac", "munder", "mover", "mroot"];
            assert!(!two.contains(&name) || children == 2, "{name} in {text}");
        } else {
            open.last_mut().unwrap().1 += 1;
            if !tag.ends_with('/') {
                open.push((tag.split(' ').next().unwrap(), 0));
            }
        }
    }
    assert_eq!(open.len(), 1, "{text}");
}

fn check_brackets(text: &str) {
    let mut open = Vec::new();
    for character in text.replace("delim: \"[\"", "").chars() {
        match character {
            '(' | '[' => open.push(character),
            ')' => assert_eq!(open.pop(), Some('('), "{text}"),
            ']' => assert_eq!(open.pop(), Some('['), "{text}"),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn source_text_is_read_back_as_the_same_function(seed in any::<u64>(), depth in 1u32..5) {
        let (reader, formula) = random(seed, depth);
        let text = print::source(&reader.tree, formula);
        check_meaning(&reader, formula, &text, &text);
    }

    #[test]
    fn unicode_notation_means_the_same_function(seed in any::<u64>(), depth in 1u32..5) {
        let (reader, formula) = random(seed, depth);
        let text = print::unicode(&reader.tree, formula);
        check_meaning(&reader, formula, &to_source(&text), &text);
    }

    #[test]
    fn documents_are_well_formed(seed in any::<u64>(), depth in 1u32..5) {
        let (reader, formula) = random(seed, depth);
        check_latex(&print::latex(&reader.tree, formula));
        check_mathml(&print::mathml(&reader.tree, formula));
        check_brackets(&print::typst(&reader.tree, formula));
    }
}

#[test]
fn the_rarer_kinds_are_well_formed_too() {
    for source in [
        "sum[i,j](A[i,j]*s)/n",
        "[s, t/2; sqrt(s), cbrt(t)]*2",
        "W1[i,j]*s_max*xbar[i]",
        "X[1:k, :]*2*ones(n)*ones(m*n)'",
        "f''.(A).*hess_f(A).*A''(t)",
        "norm(x)*norm1(x)*abs(s)*2*3^2",
        "kron(A, eye(n))*commutation(n, n) + kron(inv(A')', A)",
        "dA*x + (n + 1)*pi*A^H",
    ] {
        let mut reader = Reader::new(true);
        let formula = reader.read(source);
        check_latex(&print::latex(&reader.tree, formula));
        check_mathml(&print::mathml(&reader.tree, formula));
        check_brackets(&print::typst(&reader.tree, formula));
        let text = print::source(&reader.tree, formula);
        let read = reader.read(&text);
        assert_eq!(print::source(&reader.tree, read), text);
    }
}
