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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_change_whole_or_not_at_all() {
        assert_eq!(raised("-12").as_deref(), Some("⁻¹²"));
        assert_eq!(lowered("n1").as_deref(), Some("ₙ₁"));
        assert_eq!(lowered("N"), None);
        assert_eq!(raised("q"), None);
    }
}
