//! Raised and lowered characters of Unicode.
//!
//! Must not know formulas.

const RAISED: &str = "0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻ";
const LOWERED: &str = "0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓ";

fn find(table: &str, character: char) -> Option<char> {
    let mut pairs = table.chars();
    while let (Some(plain), Some(changed)) = (pairs.next(), pairs.next()) {
        if plain == character {
            return Some(changed);
        }
    }
    None
}

/// The text in raised characters, if all of them exist.
pub(crate) fn raised(text: &str) -> Option<String> {
    text.chars().map(|character| find(RAISED, character)).collect()
}

/// The text in lowered characters, if all of them exist.
pub(crate) fn lowered(text: &str) -> Option<String> {
    text.chars().map(|character| find(LOWERED, character)).collect()
}

/// A size such as `m^2n` with its exponents raised.
#[must_use]
pub fn raised_exponents(text: &str) -> String {
    let mut parts = text.split('^');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        let (exponent, rest) = part.split_at(digits);
        match raised(exponent) {
            Some(exponent) if digits > 0 => shown.push_str(&exponent),
            _ => {
                shown.push('^');
                shown.push_str(exponent);
            }
        }
        shown.push_str(rest);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_change_whole_or_not_at_all() {
        assert_eq!(raised("-12").as_deref(), Some("⁻¹²"));
        assert_eq!(lowered("n1").as_deref(), Some("ₙ₁"));
        assert_eq!(lowered("N"), None);
        assert_eq!(raised("q"), None);
        assert_eq!(raised_exponents("m^2n^10"), "m²n¹⁰");
        assert_eq!(raised_exponents("2mn"), "2mn");
    }
}
