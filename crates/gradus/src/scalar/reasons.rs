//! The rules that steps of limits and integrals cite, in English and Chinese.
//!
//! Must not know how steps are found.

use gradus_diagnostics::Language;
use gradus_scalar::expression::ExprId;
use gradus_scalar::integral::{Rule, Value};

use super::steps::Combine;

const fn either(language: Language, english: &'static str, chinese: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

pub(super) const fn entry_by_entry(language: Language) -> &'static str {
    either(language, "limit of a matrix: entry by entry", "矩阵的极限:逐元素取极限")
}

pub(super) const fn entries_together(language: Language) -> &'static str {
    either(language, "the entries together", "各元素合并")
}

pub(super) const fn put_together(language: Language) -> &'static str {
    either(language, "put in place", "代回原式")
}

pub(super) const fn value(language: Language) -> &'static str {
    either(language, "value", "值")
}

pub(super) const fn continuity(language: Language) -> &'static str {
    either(language, "continuous there", "在该点连续")
}

pub(super) const fn squeeze(language: Language) -> &'static str {
    either(language, "squeeze: what oscillates is bounded", "夹逼:振荡部分有界")
}

pub(super) const fn growth(language: Language) -> &'static str {
    either(language, "comparison of growth", "比较增长速度")
}

pub(super) fn series(language: Language, term: &str) -> String {
    match language {
        Language::English => format!("series: the leading term is {term}"),
        Language::Chinese => format!("级数展开:首项为 {term}"),
    }
}

pub(super) fn rapid(language: Language, scale: &str, term: &str) -> String {
    match language {
        Language::English => {
            format!("{scale} varies most rapidly; the leading term in it is {term}")
        }
        Language::Chinese => format!("变化最快的是 {scale};按它展开的首项为 {term}"),
    }
}

pub(super) const fn rule(language: Language, rule: Combine) -> &'static str {
    match rule {
        Combine::Sum => either(language, "limit of a sum", "和的极限"),
        Combine::Difference => either(language, "limit of a difference", "差的极限"),
        Combine::Multiple => either(language, "limit of a multiple", "数乘的极限"),
        Combine::Product => {
            either(language, "limit of a product, factors in order", "乘积的极限,因子次序不变")
        }
        Combine::Inverse => {
            either(language, "limit of an inverse, the limit is regular", "逆矩阵的极限,极限可逆")
        }
    }
}

pub(super) const fn integral_by_entry(language: Language) -> &'static str {
    either(language, "integral of a matrix: entry by entry", "矩阵的积分:逐元素积分")
}

pub(super) const fn derivative_confirms(language: Language) -> &'static str {
    either(language, "its derivative is the integrand", "其导数等于被积函数")
}

pub(super) fn between(language: Language, from: &str, to: &str) -> String {
    match language {
        Language::English => format!("the antiderivative from {from} to {to}"),
        Language::Chinese => format!("原函数从 {from} 到 {to} 之差"),
    }
}

pub(super) const fn definite(language: Language, value: &Value) -> &'static str {
    match value {
        Value::Exact(_) => either(language, "the bounds are equal", "上下限相等"),
        Value::Approximate(_) => {
            either(language, "numerically: no elementary form found", "数值积分:未找到初等形式")
        }
    }
}

pub(super) fn integral_rule(
    language: Language,
    rule: &Rule,
    written: impl Fn(ExprId) -> String,
) -> String {
    let fixed = |english, chinese| either(language, english, chinese).to_owned();
    match rule {
        Rule::Constant => fixed("integral of a constant", "常数的积分"),
        Rule::Power => fixed("integral of a power", "幂的积分"),
        Rule::Reciprocal => fixed("integral of a reciprocal: a logarithm", "倒数的积分:对数"),
        Rule::Table(function) => match language {
            Language::English => format!("integral of {}", function.name()),
            Language::Chinese => format!("{} 的积分", function.name()),
        },
        Rule::Sum => fixed("integral of a sum, term by term", "和的积分,逐项积分"),
        Rule::Factor(_) => fixed("a constant factor is drawn out", "提出常数因子"),
        Rule::Rewrite(id) => match language {
            Language::English => format!("the integrand is {}", written(*id)),
            Language::Chinese => format!("被积函数改写为 {}", written(*id)),
        },
        Rule::Substitution { inner, .. } => match language {
            Language::English => format!("substitution u = {}", written(*inner)),
            Language::Chinese => format!("换元 u = {}", written(*inner)),
        },
        Rule::Parts { first, second, .. } => match language {
            Language::English => {
                format!(
                    "by parts: {} times the derivative of {}",
                    written(*first),
                    written(*second)
                )
            }
            Language::Chinese => {
                format!("分部积分:u = {},v = {}", written(*first), written(*second))
            }
        },
        Rule::PartialFractions(id) => match language {
            Language::English => format!("partial fractions {}", written(*id)),
            Language::Chinese => format!("部分分式 {}", written(*id)),
        },
        Rule::Hermite { .. } => fixed("Hermite's reduction", "Hermite 约化"),
        Rule::Quadratic => fixed("logarithm and arctangent", "对数与反正切"),
        Rule::LogarithmicDerivative => {
            fixed("a derivative over its function: a logarithm", "导数除以函数:对数")
        }
        _ => fixed("table of integrals", "积分表"),
    }
}
