//! The format `.npy` of NumPy: a head in the syntax of Python, then the entries.
//!
//! Must not know files. (`numpy/lib/format.py` describes the format; versions 1 to 3 differ in the length
//! and the encoding of the head.)

const MAGIC: &[u8] = b"\x93NUMPY";
/// More entries than this are refused.
const MOST_ENTRIES: usize = 1 << 28;

/// The shape and the entries, the last index running fastest.
pub(crate) fn read(bytes: &[u8]) -> Result<(Vec<usize>, Vec<f64>), String> {
    let rest = bytes.strip_prefix(MAGIC).ok_or("not in the format .npy")?;
    let cut = || "the file is cut off in its head".to_owned();
    let (version, rest) = rest.split_at_checked(2).ok_or_else(cut)?;
    let width = match version[0] {
        1 => 2,
        2 | 3 => 4,
        other => return Err(format!("version {other} of the format .npy is not known")),
    };
    let (length, rest) = rest.split_at_checked(width).ok_or_else(cut)?;
    let length = length.iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    let (head, body) = rest.split_at_checked(length).ok_or_else(cut)?;
    let head = std::str::from_utf8(head).map_err(|_| "the head is no text".to_owned())?;
    let kind = quoted(head, "descr").ok_or("the head names no type of entries")?;
    let fortran = match value(head, "fortran_order") {
        Some(text) if text.starts_with("True") => true,
        Some(text) if text.starts_with("False") => false,
        _ => return Err("the head does not tell the order of the entries".to_owned()),
    };
    let shape = shape(head).ok_or("the head tells no shape")?;
    let count = shape.iter().try_fold(1_usize, |count, size| count.checked_mul(*size));
    let count = count.filter(|count| *count <= MOST_ENTRIES);
    let count = count.ok_or_else(|| format!("an array of shape {shape:?} is too large"))?;
    let entries = entries(body, kind, count)?;
    Ok(if fortran { (shape.clone(), by_rows(&shape, &entries)) } else { (shape, entries) })
}

/// What stands after a key.
fn value<'a>(head: &'a str, key: &str) -> Option<&'a str> {
    let after = head.split_once(&format!("'{key}'"))?.1;
    Some(after.trim_start().strip_prefix(':')?.trim_start())
}

fn quoted<'a>(head: &'a str, key: &str) -> Option<&'a str> {
    let text = value(head, key)?.strip_prefix('\'')?;
    text.split_once('\'').map(|(inside, _)| inside)
}

fn shape(head: &str) -> Option<Vec<usize>> {
    let (inside, _) = value(head, "shape")?.strip_prefix('(')?.split_once(')')?;
    let sizes = inside.split(',').map(str::trim).filter(|size| !size.is_empty());
    sizes.map(|size| size.parse().ok()).collect()
}

fn entries(body: &[u8], kind: &str, count: usize) -> Result<Vec<f64>, String> {
    let (order, kind) = kind.split_at_checked(1).ok_or("the type of entries is empty")?;
    let swapped = match order {
        "<" | "|" => false,
        ">" => true,
        "=" => cfg!(target_endian = "big"),
        _ => return Err(format!("entries of type {order}{kind} are not known")),
    };
    let width = match kind {
        "f8" | "i8" | "u8" => 8,
        "f4" | "i4" | "u4" => 4,
        "i2" | "u2" => 2,
        "i1" | "u1" | "b1" => 1,
        _ => {
            return Err(format!(
                "entries of type {order}{kind} are not read\n  hint: real numbers, as by \
                 a.astype(float)"
            ));
        }
    };
    let wanted = count.saturating_mul(width);
    if body.len() < wanted {
        return Err(format!(
            "the file is cut off: {count} entries of {width} bytes are {wanted} bytes, and {} are there",
            body.len()
        ));
    }
    let one = |bytes: &[u8]| {
        let mut ordered = [0_u8; 8];
        for (at, byte) in bytes.iter().enumerate() {
            ordered[if swapped { width - 1 - at } else { at }] = *byte;
        }
        let word = u64::from_le_bytes(ordered);
        match kind {
            "f8" => f64::from_bits(word),
            "f4" => f64::from(f32::from_bits(word as u32)),
            "i8" => word as i64 as f64,
            "i4" => f64::from(word as u32 as i32),
            "i2" => f64::from(word as u16 as i16),
            "i1" => f64::from(word as u8 as i8),
            _ => word as f64,
        }
    };
    Ok(body[..wanted].chunks_exact(width).map(one).collect())
}

/// Entries whose first index runs fastest, by rows.
fn by_rows(shape: &[usize], entries: &[f64]) -> Vec<f64> {
    let mut found = Vec::with_capacity(entries.len());
    let mut index = vec![0_usize; shape.len()];
    for _ in 0..entries.len() {
        let place = index.iter().zip(shape).rev().fold(0, |place, (at, size)| place * size + at);
        found.push(entries[place]);
        for at in (0..shape.len()).rev() {
            index[at] += 1;
            if index[at] < shape[at] {
                break;
            }
            index[at] = 0;
        }
    }
    found
}

/// An array of f64 in this format.
pub(crate) fn bytes(shape: &[usize], entries: &[f64]) -> Vec<u8> {
    let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    let comma = if sizes.len() == 1 { "," } else { "" };
    let mut head = format!(
        "{{'descr': '<f8', 'fortran_order': False, 'shape': ({}{comma}), }}",
        sizes.join(", ")
    );
    // The entries begin at a multiple of 64 bytes.
    let before = MAGIC.len() + 4;
    let fill = 64 - (before + head.len() + 1) % 64;
    head.push_str(&" ".repeat(fill % 64));
    head.push('\n');
    let mut found = MAGIC.to_vec();
    found.extend([1, 0]);
    found.extend(u16::try_from(head.len()).unwrap_or(u16::MAX).to_le_bytes());
    found.extend(head.as_bytes());
    entries.iter().for_each(|entry| found.extend(entry.to_le_bytes()));
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for shape in [vec![], vec![3], vec![2, 3], vec![2, 3, 2]] {
            let entries: Vec<f64> =
                (0..shape.iter().product()).map(|at: usize| at as f64 / 3.0).collect();
            assert_eq!(read(&bytes(&shape, &entries)).unwrap(), (shape, entries));
        }
    }

    #[test]
    fn columns_first_and_other_types() {
        let mut file = bytes(&[2, 2], &[1.0, 2.0, 3.0, 4.0]);
        let text = String::from_utf8_lossy(&file[10..]).replace("False", "True ");
        let head: Vec<u8> = text.bytes().take(118).collect();
        file[10..128].copy_from_slice(&head);
        assert_eq!(read(&file).unwrap().1, [1.0, 3.0, 2.0, 4.0]);
        let small = entries(&[1, 0, 255, 255], "<i2", 2).unwrap();
        assert_eq!(small, [1.0, -1.0]);
        assert_eq!(entries(&[0x3f, 0x80, 0, 0], ">f4", 1).unwrap(), [1.0]);
    }

    #[test]
    fn damaged_files_are_told() {
        let file = bytes(&[3], &[1.0, 2.0, 3.0]);
        for length in [0, 3, 7, 9, 40, file.len() - 1] {
            assert!(read(&file[..length]).is_err(), "{length}");
        }
        assert!(entries(&[], "<c16", 0).is_err() && entries(&[], "", 0).is_err());
    }
}
