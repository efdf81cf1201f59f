//! Leading axes for indices: alignment of operands that run over different ones.
//!
//! Must not know formulas.

use gradus_diagnostics::Result;

use crate::numpy::expression::unsupported;
use crate::numpy::fragment::{Fragment, Level, Rank};

/// The indices of all operands, each once, in the order of first appearance.
pub(super) fn union<'f>(fragments: impl IntoIterator<Item = &'f Fragment>) -> Vec<String> {
    let mut batch: Vec<String> = Vec::new();
    for fragment in fragments {
        for index in &fragment.batch {
            if !batch.contains(index) {
                batch.push(index.clone());
            }
        }
    }
    batch
}

/// Operands of an entrywise operation, subscripted so that broadcasting fits them together, with
/// the indices and the rank of the result.
pub(super) fn align(fragments: Vec<Fragment>) -> Result<(Vec<Fragment>, Vec<String>, Rank)> {
    let rank = fragments.iter().map(|fragment| fragment.rank).max().unwrap_or(Rank::Scalar);
    let batch = union(&fragments);
    if batch.is_empty() {
        return Ok((fragments, batch, rank));
    }
    let aligned = fragments
        .into_iter()
        .map(|fragment| align_one(fragment, &batch, rank))
        .collect::<Result<Vec<_>>>()?;
    Ok((aligned, batch, rank))
}

/// One operand with exactly these indices, or so that broadcasting supplies the missing ones.
pub(super) fn align_one(fragment: Fragment, batch: &[String], rank: Rank) -> Result<Fragment> {
    if fragment.batch.is_empty() && (fragment.rank == rank || fragment.rank == Rank::Scalar) {
        return Ok(fragment);
    }
    let fragment = permuted(fragment, batch);
    let has = |index: &String| fragment.batch.contains(index);
    let mut subscripts: Vec<&str> =
        batch.iter().map(|index| if has(index) { ":" } else { "None" }).collect();
    let missing = match (fragment.rank, rank) {
        (Rank::Scalar, rank) => rank.axes(),
        (own, rank) if own == rank => 0,
        _ => {
            return Err(unsupported("a sum of arrays of unlike shapes under an index"));
        }
    };
    subscripts.extend(vec![":"; rank.axes() - missing]);
    subscripts.extend(vec!["None"; missing]);
    let leading = subscripts.iter().take_while(|part| **part == "None").count();
    subscripts.drain(..leading);
    while subscripts.last() == Some(&":") {
        subscripts.pop();
    }
    if subscripts.is_empty() {
        return Ok(fragment);
    }
    let text = format!("{}[{}]", fragment.as_atom(), subscripts.join(", "));
    Ok(Fragment { text, level: Level::Atom, ..fragment })
}

/// The operand with its indices in the order of `batch`.
pub(super) fn permuted(fragment: Fragment, batch: &[String]) -> Fragment {
    let wanted: Vec<String> =
        batch.iter().filter(|index| fragment.batch.contains(index)).cloned().collect();
    if wanted == fragment.batch {
        return fragment;
    }
    let count = fragment.batch.len();
    let place = |index: &String| fragment.batch.iter().position(|own| own == index);
    let mut order: Vec<String> =
        wanted.iter().filter_map(place).map(|place| place.to_string()).collect();
    order.extend((count..count + fragment.rank.axes()).map(|axis| axis.to_string()));
    let text = if order.len() == 2 {
        format!("{}.T", fragment.as_atom())
    } else {
        format!("np.transpose({}, ({}))", fragment.text, order.join(", "))
    };
    Fragment { text, level: Level::Atom, batch: wanted, ..fragment }
}

/// An operation that NumPy does not do along leading axes, as comprehensions over them.
pub(super) fn map_over(
    fragments: &[Fragment],
    rank: Rank,
    operation: impl Fn(&[Fragment]) -> Result<Fragment>,
) -> Result<Fragment> {
    let batch = union(fragments);
    if batch.is_empty() {
        return operation(fragments);
    }
    // At each level, the operands that run over its index are replaced by their members.
    let mut current: Vec<Fragment> =
        fragments.iter().map(|fragment| permuted(fragment.clone(), &batch)).collect();
    let mut loops = Vec::with_capacity(batch.len());
    for (depth, index) in batch.iter().enumerate() {
        let mut members: Vec<String> = Vec::new();
        let mut arrays: Vec<String> = Vec::new();
        let runs = |fragment: &&Fragment| fragment.batch.first() == Some(index);
        let mut texts: Vec<&str> = current.iter().filter(runs).map(|one| &*one.text).collect();
        texts.dedup();
        let alone = texts.len() == 1;
        for (position, fragment) in current.iter_mut().enumerate() {
            if fragment.batch.first() != Some(index) {
                continue;
            }
            let known = arrays.iter().position(|array| *array == fragment.text);
            let member = match (known, alone, batch.len()) {
                (Some(known), _, _) => members[known].clone(),
                (None, true, 1) => "member".to_owned(),
                (None, _, 1) => format!("member{}", position + 1),
                (None, _, _) => format!("member{}_{}", position + 1, depth + 1),
            };
            if known.is_none() {
                arrays.push(fragment.text.clone());
                members.push(member.clone());
            }
            *fragment = Fragment::atom(member, fragment.rank).over(fragment.batch[1..].to_vec());
        }
        loops.push(match arrays.as_slice() {
            [single] => format!("for {} in {single}", members[0]),
            _ => format!("for {} in zip({})", members.join(", "), arrays.join(", ")),
        });
    }
    let mut text = operation(&current)?.text;
    for part in loops.iter().rev() {
        text = format!("[{text} {part}]");
    }
    Ok(Fragment::atom(format!("np.array({text})"), rank).over(batch))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn over(name: &str, rank: Rank, indices: &[&str]) -> Fragment {
        Fragment::atom(name, rank).over(indices.iter().map(|index| (*index).to_owned()).collect())
    }

    #[test]
    fn missing_axes_are_inserted() {
        let parts = vec![
            over("x", Rank::Vector, &["i"]),
            over("c", Rank::Vector, &[]),
            over("r", Rank::Scalar, &["i"]),
            over("y", Rank::Vector, &["j"]),
            over("A", Rank::Scalar, &["j", "i"]),
        ];
        let (aligned, batch, rank) = align(parts).unwrap();
        let texts: Vec<&str> = aligned.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["x[:, None]", "c", "r[:, None, None]", "y", "A.T[:, :, None]"]);
        assert_eq!((batch, rank), (vec!["i".to_owned(), "j".to_owned()], Rank::Vector));
    }

    #[test]
    fn other_operations_loop() {
        let parts = [over("x", Rank::Vector, &["i"]), over("t", Rank::Scalar, &["j"])];
        let call = |parts: &[Fragment]| {
            Ok(Fragment::atom(format!("f({}, {})", parts[0].text, parts[1].text), Rank::Scalar))
        };
        let text = map_over(&parts, Rank::Scalar, call).unwrap().text;
        assert_eq!(
            text,
            "np.array([[f(member1_1, member2_2) for member2_2 in t] for member1_1 in x])"
        );
    }
}
