//! Which characters make names, operators and superscripts, and what to say about the others.
//!
//! Must not know the grammar.

/// Whether a name can begin with the character.
pub(crate) fn begins_name(character: char) -> bool {
    character == '_'
        || character.is_ascii_alphabetic()
        || (!character.is_ascii() && is_letter(character))
}

/// Whether a name can go on with the character.
pub(crate) fn continues_name(character: char) -> bool {
    begins_name(character)
        || character.is_ascii_digit()
        || is_subscript_digit(character)
        || matches!(character, '\u{0300}'..='\u{036f}')
}

/// A letter outside ASCII, without the raised and modifying ones: they are operators or nothing.
fn is_letter(character: char) -> bool {
    character.is_alphabetic()
        && !matches!(character, '\u{02b0}'..='\u{02ff}')
        && !is_raised_letter(character)
}

/// A letter written as a superscript.
fn is_raised_letter(character: char) -> bool {
    matches!(character,
        '\u{1d2c}'..='\u{1d6a}' | '\u{1d78}' | '\u{1d9b}'..='\u{1dbf}' | '\u{2071}' | '\u{207f}' | '\u{2090}'..='\u{209c}')
}

/// `₀` to `₉`.
pub(crate) fn is_subscript_digit(character: char) -> bool {
    matches!(character, '₀'..='₉')
}

/// The value of a superscript digit.
pub(crate) fn superscript_digit(character: char) -> Option<char> {
    match character {
        '⁰' => Some('0'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁴'..='⁹' => char::from_digit(u32::from(character) - u32::from('⁰'), 10),
        _ => None,
    }
}

/// How many transposition marks a typographic quote or prime stands for.
pub(crate) fn quotes(character: char) -> usize {
    match character {
        '’' | '‘' | '′' | 'ʹ' | 'ʼ' => 1,
        '″' => 2,
        '‴' => 3,
        _ => 0,
    }
}

/// What to write instead of a character that is not in the language.
pub(crate) fn advice(character: char) -> Option<&'static str> {
    Some(match character {
        '{' | '}' => "group with `(` and `)`; write a matrix as `[a, b; c, d]`",
        '$' => "leave the `$` out: the input is plain text such as `x'*A*x`",
        '!' | '?' => "there is no such operator",
        '.' => {
            "a point belongs to a number, as in `0.5`, or to an operator, as in `.*`, `./`, `.^` and `f.(x)`"
        }
        '~' => "write `-` for a minus sign; `~` is not an operator",
        '"' | '`' | '´' => "write `'` for the transpose",
        '<' | '>' | '≤' | '≥' | '≠' | '≈' => {
            "there are no comparisons; bounds of a variable are declared, as in `x: positive scalar`"
        }
        '∈' => "declare a variable as in `X: matrix(m,n)`",
        '∂' | '∇' => "write only the function; the variable is named by `--wrt`",
        '∑' | '∏' => "write a sum over an index as `sum[i](x[i])`",
        '√' => "write `sqrt(x)`",
        '∞' => "write `inf`",
        '∘' | '∗' => "write `.*` for the elementwise product, `*` for the matrix product",
        '†' | '⊤' => "write `X'` for the transpose, `X^H` for the conjugate transpose",
        '⁺' => "write `pinv(X)` for the pseudoinverse, `^` for a power",
        '⁻' => "write `⁻¹` or `inv(X)` for the inverse, `^` for a power",
        '÷' => "write `/` or `./`",
        '⊕' => "write `+`",
        '–' | '—' => "write `-` for a minus sign",
        '…' => "write three dots `...` at the end of a line to go on in the next one",
        '₀'..='₉' => {
            "a subscript stands only in a name, as in `x₁`; norms are `norm1(x)`, `norm2(x)`, `normF(X)`"
        }
        character if is_raised_letter(character) => "write `^` for a power, `'` for the transpose",
        _ => return None,
    })
}

/// The ASCII character that a full-width or ideographic one stands for.
pub(crate) fn narrow(character: char) -> Option<char> {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        '。' => Some('.'),
        '、' => Some(','),
        _ => None,
    }
}

/// The character for a message: itself where it can be seen, and its code point where it is not ASCII.
pub(crate) fn name_of(character: char) -> String {
    let point = format!("U+{:04X}", u32::from(character));
    if character.is_ascii_graphic() {
        format!("`{character}`")
    } else if character.is_control() || character.is_whitespace() || is_hidden(character) {
        point
    } else {
        format!("`{character}` ({point})")
    }
}

/// Whether nothing is seen of a character.
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}
