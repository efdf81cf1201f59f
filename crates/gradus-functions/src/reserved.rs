//! Names that belong to the language and are no entries: they bind a variable.
//!
//! Must not know the entries. No variable may take such a name.

/// Names with what they stand for, sorted by name.
pub const RESERVED: &[(&str, &str)] = &[("int", "the integral"), ("limit", "the limit")];

/// What a reserved name stands for; `None` if the name is not reserved.
#[must_use]
pub fn reserved(name: &str) -> Option<&'static str> {
    let at = RESERVED.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
    RESERVED.get(at).map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found() {
        assert!(RESERVED.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(RESERVED.iter().all(|(name, what)| reserved(name) == Some(what)));
        assert_eq!(reserved("exp"), None);
    }
}
