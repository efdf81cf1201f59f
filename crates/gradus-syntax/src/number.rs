//! Extent and range of the numbers of the language.
//!
//! Must not know what stands around a number.

use gradus_diagnostics::{Diagnostic, Error, Span};

use crate::limits::{MAX_EXPONENT, MAX_NUMBER_BYTES};

/// The length in bytes of the number that a text begins with; the text begins with a digit, or with a point
/// and a digit.
pub(crate) fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = digits(bytes, 0);
    if bytes.get(at) == Some(&b'.') && (at == 0 || point_belongs_to_number(&text[at + 1..])) {
        at = digits(bytes, at + 1);
    }
    exponent_end(bytes, at).unwrap_or(at)
}

/// Whether a point after digits belongs to the number and not to the operator that follows it.
fn point_belongs_to_number(rest: &str) -> bool {
    !rest.starts_with(['*', '/', '\\', '^', '\'', '(', '’', '‘', '′', '″', '‴', 'ʹ', 'ʼ'])
}

/// The first position from `at` on that is not a digit.
fn digits(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The end of an exponent at this position, if there is one with at least one digit.
fn exponent_end(bytes: &[u8], at: usize) -> Option<usize> {
    let first = match bytes.get(at..at + 2)? {
        [b'e' | b'E', b'+' | b'-'] => at + 2,
        [b'e' | b'E', _] => at + 1,
        _ => return None,
    };
    let end = digits(bytes, first);
    (end > first).then_some(end)
}

/// Checks that a number is in the range of double precision and not so long that exact arithmetic with it
/// would take a noticeable time.
pub(crate) fn check(text: &str, span: Span) -> Result<(), Error> {
    if text.len() > MAX_NUMBER_BYTES {
        let message = format!("a number has more than {MAX_NUMBER_BYTES} characters");
        let error = Diagnostic::limit(message).label(span, "this number");
        return Err(Box::new(error.hint("17 significant digits fill double precision")));
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let is_zero = mantissa.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let value: f64 = text.parse().unwrap_or(f64::NAN);
    if !value.is_finite() || (value == 0.0 && !is_zero) {
        return Err(Box::new(out_of_range(text, span)));
    }
    let magnitude = exponent.trim_start_matches(['+', '-', '0']);
    if magnitude.len() > 7 || magnitude.parse().unwrap_or(0) > MAX_EXPONENT {
        return Err(Box::new(out_of_range(text, span)));
    }
    Ok(())
}

fn out_of_range(text: &str, span: Span) -> Diagnostic {
    let shown = if text.len() <= 40 { format!("`{text}`") } else { "a number".to_owned() };
    let small = text.contains("e-") || text.contains("E-") || text.parse::<f64>() == Ok(0.0);
    Diagnostic::bad_input("number", format!("{shown} is outside the range of double precision"))
        .label(span, "the largest number is about 1.8e308, the smallest about 5e-324")
        .hint(if small { "0" } else { "a symbol has no such limit: --let 'c: scalar'" })
}

#[cfg(test)]
mod tests {
    use super::{check, length};
    use gradus_diagnostics::{Class, Span};

    #[test]
    fn extents() {
        for (text, expected) in [
            ("2", "2"),
            ("2.", "2."),
            (".5", ".5"),
            ("2.5*x", "2.5"),
            ("2.*x", "2"),
            ("2./x", "2"),
            ("2.\\x", "2"),
            ("2.^x", "2"),
            ("2.'", "2"),
            ("2.’", "2"),
            ("2.(x)", "2"),
            ("2.+x", "2."),
            ("2..*x", "2."),
            ("1e-3", "1e-3"),
            ("1E+3x", "1E+3"),
            ("1e5", "1e5"),
            ("2e", "2"),
            ("2e-x", "2"),
            ("2.e5", "2.e5"),
            ("2.5e5e5", "2.5e5"),
            ("1.2.3", "1.2"),
            (".5.5", ".5"),
        ] {
            assert_eq!(&text[..length(text)], expected, "{text}");
        }
    }

    #[test]
    fn ranges() {
        let class = |text: &str| check(text, Span::default()).err().map(|error| error.class);
        for text in
            ["0", "0.0", "0e5", ".5", "1e308", "1e-320", "2.", "0e1000000", "1e0000000000000001"]
        {
            assert_eq!(class(text), None, "{text}");
        }
        for text in
            ["1e400", "1e-400", "0e1000001", "0e99999999999999999999", "9e99999999999999999999"]
        {
            assert_eq!(class(text), Some(Class::BadInput), "{text}");
        }
        assert_eq!(class(&"1".repeat(1001)), Some(Class::Limit));
        assert_eq!(class(&format!("0.{}1e400", "0".repeat(399))), None);
    }
}
