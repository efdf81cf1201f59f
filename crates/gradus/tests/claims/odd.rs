//! Odd texts: whatever stands in a derivation or a claim, there is an answer or a message.
//!
//! Must not know how they are read.

use gradus::{Request, check_claim, check_lines};

const TEXT: &str = "X: matrix(m,n); 式: vector(n)\nl = norm2(X*w - y)^2 # ∂l/∂q\ndl = 2*(X*w - y)'*X*dw\n   = (∂l/∂w)'*dw; \
                    dX = 0, dy = 0\n∂l/∂w = 2*X'*(X*w − y)\n";

#[test]
fn texts_with_a_character_left_out_or_doubled() {
    let letters: Vec<char> = TEXT.chars().collect();
    for at in (0..letters.len()).step_by(2) {
        let without: String = letters
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, one)| *one)
            .collect();
        let doubled: String = letters
            .iter()
            .enumerate()
            .flat_map(|(other, one)| vec![*one; if other == at { 2 } else { 1 }])
            .collect();
        for text in [without, doubled] {
            if let Ok(checked) = check_lines(&Request::new(&text)) {
                assert!(!checked.text(gradus::Language::English).is_empty());
                assert!(checked.json().starts_with('{'));
            }
        }
    }
}

#[test]
fn texts_that_end_too_early() {
    let ends = TEXT.char_indices().map(|(at, _)| at).step_by(4);
    for end in ends {
        let _ = check_lines(&Request::new(&TEXT[..end])).map(|checked| checked.json());
        let claim = TEXT[end..].lines().next().unwrap_or("");
        let request = Request::new("norm2(X*w - y)^2").by("w");
        let _ = check_claim(&request, claim).map(|claimed| claimed.json());
    }
}
