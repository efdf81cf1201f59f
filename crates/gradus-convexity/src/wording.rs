//! The words for rules and conditions.
//!
//! Must not know formulas: names of arrays are filled in by whoever prints them.

use gradus_diagnostics::Language;
use gradus_functions::{Place, Trend};

use crate::certificate::{Condition, Rule};

/// Why a statement holds, in a few words.
#[must_use]
pub fn rule_words(rule: &Rule, language: Language) -> String {
    let pick = |english: &str, chinese: &str| match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
    };
    match rule {
        Rule::Affine => pick("linear plus a constant", "线性项加常数"),
        Rule::AffineSum => pick("sum of affine terms", "仿射项之和"),
        Rule::Sum => pick("sum of terms that bend the same way", "同向弯曲的各项之和"),
        Rule::Multiple => pick("multiple", "数乘"),
        Rule::WeightedSum => pick("sum with weights ≥ 0", "非负权之和"),
        Rule::Power { exponent, summed } => match (exponent.to_i64(), summed, language) {
            (Some(2), false, _) => pick("square", "平方"),
            (Some(2), true, _) => pick("sum of squares", "平方和"),
            (_, false, Language::English) => format!("power {}", power(exponent)),
            (_, true, Language::English) => format!("sum of powers {}", power(exponent)),
            (_, false, Language::Chinese) => format!("{} 次幂", power(exponent)),
            (_, true, Language::Chinese) => format!("{} 次幂之和", power(exponent)),
        },
        Rule::Logarithm { function, of_affine } => match (of_affine, language) {
            (true, Language::English) => format!("log {function} of an affine function"),
            (false, Language::English) => format!("composition with log {function}"),
            (true, Language::Chinese) => format!("仿射函数的 log {function}"),
            (false, Language::Chinese) => format!("与 log {function} 复合"),
        },
        Rule::Monomial => pick(
            "product of powers, by the signs and the sum of the exponents",
            "幂之积，由指数的符号与和判定",
        ),
        Rule::SumOfSquares => {
            pick("sum of squares of an affine function, weights ⪰ 0", "仿射函数的平方和，权 ⪰ 0")
        }
        Rule::SquareOver => pick(
            "square of an affine function over a positive concave one",
            "仿射函数的平方除以正的凹函数",
        ),
        Rule::CompletedSquares => pick("sum of completed squares", "配方后的平方和"),
        Rule::Composition { function, place, trend, of_affine, of_matrices } => {
            composition(function, (*place, *trend), *of_affine, *of_matrices, language)
        }
        Rule::LogConvex => {
            pick("logarithm of a sum of exponentials of convex functions", "凸函数的指数之和的对数")
        }
        Rule::Trace => pick("trace with a matrix ⪰ 0", "与半正定矩阵之积的迹"),
        Rule::TraceOfFunction => {
            pick("trace of a convex function of a symmetric matrix", "对称矩阵的凸函数的迹")
        }
        Rule::Congruence => pick("congruence AᵀMA", "合同变换 AᵀMA"),
        Rule::Entropy => pick("u log u, or u log(u/t)", "u log u 或 u log(u/t)"),
        Rule::SecondDifferential => pick("the second differential has one sign", "二阶微分不变号"),
    }
}

fn power(exponent: &gradus_tensor::Rational) -> String {
    match exponent.to_pair() {
        Some((above, 1)) => format!("{above}"),
        Some((above, below)) => format!("{above}/{below}"),
        None => String::new(),
    }
}

fn composition(
    function: &str,
    (place, trend): (Place, Trend),
    of_affine: bool,
    of_matrices: bool,
    language: Language,
) -> String {
    let english = language == Language::English;
    let grows = match (trend, english) {
        _ if of_affine => "",
        (Trend::Increasing, true) => ", increasing",
        (Trend::Decreasing, true) => ", decreasing",
        (Trend::Increasing, false) => "，递增",
        (Trend::Decreasing, false) => "，递减",
        (Trend::None, _) => "",
    };
    let at = match (place, english) {
        (Place::Anywhere, _) => "",
        (Place::Nonnegative, true) => " at arguments ≥ 0",
        (Place::Nonpositive, true) => " at arguments ≤ 0",
        (Place::Definite, true) => " at arguments ≻ 0",
        (Place::Nonnegative, false) => "，自变量 ≥ 0",
        (Place::Nonpositive, false) => "，自变量 ≤ 0",
        (Place::Definite, false) => "，自变量 ≻ 0",
    };
    let _ = of_matrices;
    match (of_affine, english) {
        (true, true) => format!("{function}{at} of an affine function"),
        (false, true) => format!("composition with {function}{grows}{at}"),
        (true, false) => format!("仿射函数的 {function}{at}"),
        (false, false) => format!("与 {function} 复合{grows}{at}"),
    }
}

/// A condition about the array with a name.
#[must_use]
pub fn condition_words(condition: &Condition, name: &str, language: Language) -> String {
    match (condition, language) {
        (Condition::FullRank { columns: true, .. }, Language::English) => {
            format!("{name} has full column rank")
        }
        (Condition::FullRank { columns: false, .. }, Language::English) => {
            format!("{name} has full row rank")
        }
        (Condition::FullRank { columns: true, .. }, Language::Chinese) => {
            format!("{name} 列满秩")
        }
        (Condition::FullRank { columns: false, .. }, Language::Chinese) => {
            format!("{name} 行满秩")
        }
    }
}
