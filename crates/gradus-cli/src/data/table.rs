//! Tables of numbers in the format CSV, with or without a line of names.
//!
//! Must not know files.

/// The shape and the entries by rows. A table of one column, or of one row, is a vector.
pub(crate) fn read(bytes: &[u8]) -> Result<(Vec<usize>, Vec<f64>), String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(bytes);
    let (mut entries, mut rows, mut columns) = (Vec::new(), 0, 0);
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|failure| failure.to_string())?;
        let numbers: Vec<Result<f64, String>> = record
            .iter()
            .enumerate()
            .map(|(column, text)| {
                text.parse().map_err(|_| {
                    format!("row {}, column {}: `{text}` is no number", at + 1, column + 1)
                })
            })
            .collect();
        // A first line of which nothing is a number holds names.
        if at == 0 && numbers.iter().all(Result::is_err) {
            continue;
        }
        columns = numbers.len();
        rows += 1;
        entries.extend(numbers.into_iter().collect::<Result<Vec<f64>, String>>()?);
    }
    if entries.is_empty() {
        return Err("the table is empty".to_owned());
    }
    let shape = match (rows, columns) {
        (1, 1) => Vec::new(),
        (1, count) | (count, 1) => vec![count],
        _ => vec![rows, columns],
    };
    Ok((shape, entries))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn tables_with_and_without_names() {
        assert_eq!(read(b"a,b\n1,2\n3,4\n").unwrap(), (vec![2, 2], vec![1.0, 2.0, 3.0, 4.0]));
        assert_eq!(read(b"1\n2\n").unwrap(), (vec![2], vec![1.0, 2.0]));
        assert_eq!(read(b"# data\n 5 \n").unwrap(), (vec![], vec![5.0]));
    }

    #[test]
    fn wrong_tables_are_told() {
        assert!(read(b"").is_err());
        assert!(read(b"1,2\n3\n").is_err());
        assert_eq!(read(b"1,2\n3,x\n").unwrap_err(), "row 2, column 2: `x` is no number");
    }
}
