//! "Did you mean": the known name nearest to a mistyped one.
//!
//! Must not know what the names stand for.

/// Names longer than this get no suggestion.
const LONGEST: usize = 64;

/// The candidate nearest to a name by edit distance, if one is near enough to be a misspelling.
///
/// One insertion, deletion, substitution or swap of neighbours counts one; a difference of upper and
/// lower case alone counts less than any of them. Of equally near candidates the first one is taken.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = name.chars().take(LONGEST + 1).collect();
    if letters.is_empty() || letters.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let bound = best.map_or(greatest_distance(letters.len()), |(distance, _)| distance);
        let Some(distance) = distance(&letters, candidate, bound) else {
            continue;
        };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The greatest distance, in half edits, at which a name of this length is still a misspelling.
fn greatest_distance(length: usize) -> usize {
    match length {
        1 => 1,
        2..=5 => 2,
        6..=9 => 4,
        _ => 6,
    }
}

/// The distance in half edits: 0 for the same text, 1 if only the case differs, else two for each edit of
/// the texts in lower case. Nothing if it is more than the bound.
fn distance(letters: &[char], candidate: &str, bound: usize) -> Option<usize> {
    let other: Vec<char> = candidate.chars().take(LONGEST + 1).collect();
    if other.len() > LONGEST || 2 * letters.len().abs_diff(other.len()) > bound {
        return None;
    }
    if letters == other.as_slice() {
        return Some(0);
    }
    let lower = |text: &[char]| -> Vec<char> {
        text.iter().flat_map(|letter| letter.to_lowercase()).collect()
    };
    let (left, right) = (lower(letters), lower(&other));
    let distance = if left == right { 1 } else { 2 * edits(&left, &right) };
    (distance <= bound).then_some(distance)
}

/// The number of edits between two texts: the restricted Damerau–Levenshtein distance.
fn edits(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, &a) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        current.push(row + 1);
        for (column, &b) in right.iter().enumerate() {
            let replaced = above[column] + usize::from(a != b);
            let mut least = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            let swapped = row > 0 && column > 0 && a == right[column - 1] && left[row - 1] == b;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::{closest, edits};

    fn count(left: &str, right: &str) -> usize {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        edits(&letters(left), &letters(right))
    }

    #[test]
    fn edits_are_counted() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("sigmoid", "sigmoid", 0),
            ("sigmoid", "sigmiod", 1),
            ("softmax", "sofmax", 1),
            ("kitten", "sitting", 3),
            ("ab", "ba", 1),
            ("ca", "abc", 3),
        ] {
            assert_eq!(count(left, right), expected, "{left} {right}");
            assert_eq!(count(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn misspellings_are_found() {
        let names = [
            "tr", "det", "logdet", "sigmoid", "softmax", "softplus", "exp", "expm", "norm1",
            "norm2", "inv",
        ];
        for (name, expected) in [
            ("sigmiod", Some("sigmoid")),
            ("Sigmoid", Some("sigmoid")),
            ("softmx", Some("softmax")),
            ("logdte", Some("logdet")),
            ("norm3", Some("norm1")),
            ("invv", Some("inv")),
            ("TR", Some("tr")),
            ("q", None),
            ("completely", None),
            ("", None),
        ] {
            assert_eq!(closest(name, names), expected, "{name}");
        }
    }

    #[test]
    fn the_first_of_equally_near_names_wins() {
        assert_eq!(closest("norm", ["norm2", "norm1"]), Some("norm2"));
        assert_eq!(closest("norm", ["norm1", "norm2"]), Some("norm1"));
        assert_eq!(closest("norm1", ["norm2", "norm1"]), Some("norm1"));
    }

    #[test]
    fn long_names_are_left_alone() {
        let long = "a".repeat(1_000_000);
        assert_eq!(closest(&long, [long.as_str()]), None);
        assert_eq!(closest("sigmoid", [long.as_str()]), None);
    }
}
