//! What is said beside answers and judgements, in each language of people: how names were read, where an
//! answer holds, its verdict, hints.
//!
//! Must not know how any of it was found. The words are data in the tables of this file; names, formulas
//! and kinds that can be pasted back stay as they are in English.

use gradus_diagnostics::{Diagnostic, Language, render_text, render_text_coloured};

use crate::note::Note;
use crate::verification::{Verdict, Verification};

/// Words of declarations with what they are in Chinese.
const KINDS: &[(&str, &str)] = &[
    ("scalar", "标量"),
    ("vector", "向量"),
    ("rowvector", "行向量"),
    ("matrix", "矩阵"),
    ("symmetric", "对称矩阵"),
    ("skew", "反对称矩阵"),
    ("diagonal", "对角矩阵"),
    ("lower", "下三角矩阵"),
    ("upper", "上三角矩阵"),
    ("spd", "对称正定矩阵"),
    ("orthogonal", "正交矩阵"),
    ("hermitian", "埃尔米特矩阵"),
    ("unitary", "酉矩阵"),
    ("onehot", "独热向量"),
    ("simplex", "单纯形向量"),
    ("elementwise", "逐元素"),
    ("function", "函数"),
    ("complex", "复"),
    ("positive", "正"),
    ("and", "以及"),
    ("more", "个其他变量"),
];

/// What a condition says of its parts, with the same in Chinese; longer ones before those that end alike.
/// `{}` is what stands before it.
const CONDITIONS: &[(&str, &str)] = &[
    (" is symmetric with a simple greatest eigenvalue", "{} 对称且最大特征值为单重"),
    (" is symmetric positive definite", "{} 对称正定"),
    (" has no real eigenvalue ≤ 0", "{} 没有非正的实特征值"),
    (" has real and simple eigenvalues", "{} 的特征值为实数且单重"),
    (" has constant rank", "{} 的秩不变"),
    (" has full rank", "{} 满秩"),
    (" is invertible", "{} 可逆"),
    (" is a natural number", "{} 为自然数"),
    (" is a whole number", "{} 为整数"),
    (" with whole numbers on both sides", "{}，两边均为整数"),
];

/// Conditions that begin with words: what stands before and behind the first part, before the second one,
/// and the same in Chinese.
const FRAMED: &[([&str; 2], &str)] = &[
    (["no eigenvalue of ", " is the negative of one of "], "{0} 的特征值与 {1} 的特征值之和不为零"),
    (["the greatest singular value of ", " is simple"], "{0} 的最大奇异值为单重"),
    (["no entry of ", " is 0"], "{0} 的元素均不为零"),
    (["the greatest entry of ", " is unique"], "{0} 的最大元素唯一"),
    (["the least entry of ", " is unique"], "{0} 的最小元素唯一"),
];

/// What a hint is about, by its code.
const NOTES: &[(&str, &str)] = &[
    ("power", "注意这里幂的读法"),
    ("divisor", "注意这里除法的读法"),
    ("identity", "这里的字母是普通矩阵，单位矩阵写作 eye"),
    ("elementwise", "这个函数逐元素作用"),
    ("broadcast", "标量加到每个元素上"),
    ("matrix", "空格不分隔矩阵的元素"),
    ("chain", "等式链的各边两两比较"),
    ("differential", "注意哪些变量变化、哪些为常量"),
];

/// Why nothing could be decided, with the same in Chinese.
const REASONS: &[(&str, &str)] = &[
    ("a divisor or a determinant is zero at every point drawn", "在所有试取的点上除数或行列式为零"),
    (
        "some part has no value at any point drawn: a divisor or a determinant is zero, or an argument outside the domain of its function",
        "在所有试取的点上，式中有部分没有值：除数或行列式为零，或自变量在函数的定义域之外",
    ),
    ("rounding may hide a difference at the points drawn", "在试取的点上，舍入误差可能掩盖差别"),
    ("both sides vanish at the points drawn", "在试取的点上两边均为零"),
    ("nothing is claimed", "没有需要验证的结论"),
];

/// How names were read; nothing if all were declared.
#[must_use]
pub fn reading(reading: &str, language: Language) -> String {
    match (reading, language) {
        ("", _) => String::new(),
        (_, Language::English) => format!("reading: {reading}"),
        (_, Language::Chinese) => format!("读作：{}", in_chinese_kinds(reading)),
    }
}

/// A text in which the words of declarations are Chinese; the names before them stay.
fn in_chinese_kinds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Of `vector vector(n)` only the second one is a kind: the first word of each part is a name.
    let mut is_name = true;
    let mut word = String::new();
    let flush = |word: &mut String, is_name: &mut bool, out: &mut String| {
        if word.is_empty() {
            return;
        }
        let known = KINDS.iter().find(|(english, _)| english == word);
        match known {
            Some((_, chinese)) if !*is_name => out.push_str(chinese),
            _ => out.push_str(word),
        }
        *is_name = false;
        word.clear();
    };
    let mut depth = 0_usize;
    for character in text.chars() {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        flush(&mut word, &mut is_name, &mut out);
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => is_name = true,
            _ => {}
        }
        out.push(if character == ',' && depth == 0 { '，' } else { character });
    }
    flush(&mut word, &mut is_name, &mut out);
    out.replace("， ", "，")
}

/// Where an answer holds; nothing if everywhere.
#[must_use]
pub fn conditions(conditions: &[String], language: Language) -> String {
    if conditions.is_empty() {
        return String::new();
    }
    match language {
        Language::English => format!("holds where {}", conditions.join(", ")),
        Language::Chinese => {
            let each: Vec<String> = conditions.iter().map(|text| condition(text)).collect();
            format!("成立条件：{}", each.join("，"))
        }
    }
}

/// A condition in Chinese.
fn condition(text: &str) -> String {
    let (text, entries) = match text.strip_suffix(" in every entry") {
        Some(text) => (text, "（逐元素）"),
        None => (text, ""),
    };
    for ([before, between], chinese) in FRAMED {
        let Some(rest) = text.strip_prefix(before) else { continue };
        let Some((first, second)) = rest.split_once(between) else { continue };
        return format!("{}{entries}", chinese.replace("{0}", first).replace("{1}", second));
    }
    for (english, chinese) in CONDITIONS {
        if let Some(subject) = text.strip_suffix(english) {
            return format!("{}{entries}", chinese.replace("{}", subject));
        }
    }
    format!("{text}{entries}")
}

/// A verdict with how it was reached.
#[must_use]
pub fn verification(verification: &Verification, language: Language) -> String {
    if language == Language::English {
        return verification.to_string();
    }
    let verdict = match verification.verdict {
        Verdict::Proved => "验证：已证明",
        Verdict::Confirmed => "验证：数值吻合",
        Verdict::Refuted => "验证：不成立",
        Verdict::Undecided => {
            return format!("未验证：{}", why_undecided(&verification.reason, language));
        }
        Verdict::NotChecked => return "未验证：未要求验证".to_owned(),
    };
    let (shown, more) = verification.shown_sizes();
    match (shown.is_empty(), more) {
        (true, _) => verdict.to_owned(),
        (false, 0) => format!("{verdict}（尺寸 {}）", shown.join("、")),
        (false, more) => {
            format!("{verdict}（尺寸 {} 等 {} 组）", shown.join("、"), shown.len() + more)
        }
    }
}

/// Why the oracles could not decide.
#[must_use]
pub fn why_undecided(reason: &str, language: Language) -> String {
    if language == Language::English {
        return reason.to_owned();
    }
    let parts = reason.split("; ").map(|part| {
        let known = REASONS.iter().find(|(english, _)| *english == part);
        known.map_or("所用的精确与数值方法均不能判定", |(_, chinese)| *chinese)
    });
    let mut said: Vec<&str> = Vec::new();
    for part in parts {
        if !said.contains(&part) {
            said.push(part);
        }
    }
    said.join("；")
}

/// A hint with its place in the text.
#[must_use]
pub fn note(note: &Note, language: Language, coloured: bool) -> String {
    let render = if coloured { render_text_coloured } else { render_text };
    if language == Language::English {
        return render(&note.diagnostic, &note.source);
    }
    let known = NOTES.iter().find(|(code, _)| *code == note.diagnostic.code);
    let text = known.map_or("注意这里的读法", |(_, chinese)| *chinese);
    let mut shown = Diagnostic::note("note", text);
    shown.labels.clone_from(&note.diagnostic.labels);
    shown.labels.iter_mut().for_each(|label| label.text.clear());
    let text = render(&shown, &note.source);
    text.replacen("note: ", "提示：", 1)
}

/// That the derivative by a variable is left out, and why.
#[must_use]
pub fn skipped(skipped: &crate::variables::Skipped, language: Language) -> String {
    let name = &skipped.variable;
    match language {
        Language::English => {
            format!("skipped: the derivative by {name}: {}", skipped.reason.message)
        }
        Language::Chinese => format!("略去对 {name} 的导数"),
    }
}

/// How many lines of a file hold no equation.
#[must_use]
pub fn prose(count: usize, language: Language) -> String {
    match language {
        Language::English => format!("prose: {count} lines without an equation"),
        Language::Chinese => format!("文字：{count} 行没有等式"),
    }
}

/// The word for the verdict on an identity.
#[must_use]
pub fn verdict(verdict: Verdict, language: Language) -> &'static str {
    let (english, chinese) = match verdict {
        Verdict::Proved | Verdict::Confirmed => ("true", "正确"),
        Verdict::Refuted => ("false", "错误"),
        Verdict::Undecided | Verdict::NotChecked => ("undecided", "无法判定"),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_all_functions_are_chinese() {
        for (_, function) in gradus_functions::book().iter() {
            let text = function.condition.replace("{0}", "A").replace("{1}", "B");
            if text.is_empty() {
                continue;
            }
            let chinese = condition(&text);
            let words = chinese.split(|character: char| !character.is_ascii_alphabetic());
            let english: Vec<&str> =
                words.filter(|word| word.len() > 1 && *word != "cos").collect();
            assert!(english.is_empty(), "{text}: {chinese}");
        }
        assert_eq!(condition("x > 0 in every entry"), "x > 0（逐元素）");
    }

    #[test]
    fn names_that_are_kinds_stay() {
        assert_eq!(
            reading("X matrix(m,n), vector vector(n)", Language::Chinese),
            "读作：X 矩阵(m,n)，vector 向量(n)"
        );
    }
}
