//! Why a limit or an integral has no value, and under which conditions one holds, in words.
//!
//! Must not know how they are found.

use gradus_diagnostics::{Diagnostic, Error, Language};
use gradus_elaborate::typed::{TypedId, VariableId};
use gradus_scalar::expression::ExprId;
use gradus_scalar::integral::{Bound, Definite, NoIntegral, Unsolved, Value};
use gradus_scalar::limit::{Assumption, Limit, NoLimit, Side};

use super::binders::{Entry, Found};
use super::entries::Evaluation;
use super::matrix::Entries;

impl Evaluation<'_> {
    fn name(&self, variable: VariableId) -> &str {
        &self.tree.variable(variable).name
    }

    /// An expression of the variable as text.
    pub(crate) fn written(&self, id: ExprId, variable: VariableId) -> String {
        self.arena.text(id, self.name(variable)).unwrap_or_else(|| "…".to_owned())
    }

    pub(crate) fn written_limit(&self, value: Limit, variable: VariableId) -> String {
        match value {
            Limit::Finite(id) => self.written(id, variable),
            Limit::Infinity => "inf".to_owned(),
            Limit::MinusInfinity => "-inf".to_owned(),
        }
    }

    fn written_bound(&self, bound: Bound, variable: VariableId) -> String {
        match bound {
            Bound::At(id) => self.written(id, variable),
            Bound::Infinity => "inf".to_owned(),
            Bound::MinusInfinity => "-inf".to_owned(),
        }
    }

    fn at(&self, error: Diagnostic, id: TypedId, label: impl Into<String>) -> Error {
        error.label(self.tree.node(id).span, label).into()
    }
}

/// `the entry (1,2)`, or nothing for a scalar.
fn entry(body: &Entries, position: usize) -> String {
    if body.cells.len() == 1 {
        return String::new();
    }
    format!("entry ({},{}): ", position / body.columns + 1, position % body.columns + 1)
}

pub(super) fn point_with_variable(at: &Evaluation<'_>, id: TypedId, variable: VariableId) -> Error {
    let name = at.name(variable);
    let message = format!("the point of the limit depends on its variable `{name}`");
    at.at(Diagnostic::bad_input("limit", message), id, "in this limit")
}

pub(super) fn bound_with_variable(at: &Evaluation<'_>, id: TypedId, variable: VariableId) -> Error {
    let name = at.name(variable);
    let message = format!("a bound of the integral depends on its variable `{name}`");
    let error = Diagnostic::bad_input("int", message);
    at.at(error.hint("name the variable of the integral otherwise"), id, "in this integral")
}

pub(super) fn infinite_body(at: &Evaluation<'_>, id: TypedId) -> Error {
    at.at(Diagnostic::unsupported("infinity is no function"), id, "in this")
}

pub(super) fn refuted(at: &Evaluation<'_>, id: TypedId, position: usize) -> Error {
    let message = format!(
        "the value found for entry {} does not agree with values near the point",
        position + 1
    );
    at.at(Diagnostic::internal(message), id, "of this limit")
}

pub(super) fn no_limit(
    at: &Evaluation<'_>,
    id: TypedId,
    variable: VariableId,
    body: &Entries,
    position: usize,
    failure: &NoLimit,
) -> Error {
    let which = entry(body, position);
    let limit = |value: &Limit| at.written_limit(*value, variable);
    let none = |reason: String| {
        let message = format!("{which}the limit does not exist: {reason}");
        at.at(Diagnostic::no_answer("limit", message), id, "this limit")
    };
    match failure {
        NoLimit::SidesDiffer { left, right } => {
            none(format!("it is {} from below and {} from above", limit(left), limit(right)))
        }
        NoLimit::Oscillates { first, second, .. } => none(format!(
            "the function oscillates; along one sequence it tends to {}, along another to {}",
            limit(first),
            limit(second)
        )),
        NoLimit::Undefined => none("the function has no real values near the point".to_owned()),
        NoLimit::NeedsSign(of) => {
            let of = at.written(*of, variable);
            let message = format!("{which}the limit depends on the sign of `{of}`");
            let error = Diagnostic::unsupported(message);
            let is_name = of.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
            let error = if is_name {
                error.hint(format!("--let '{of}: positive scalar'"))
            } else {
                error.hint("declare what is positive: --let 'a: positive scalar'")
            };
            at.at(error, id, "this limit")
        }
        NoLimit::Undecided => {
            let message = format!("{which}no rule decides this limit");
            at.at(Diagnostic::unsupported(message), id, "this limit")
        }
        NoLimit::Exhausted => {
            let message = format!("{which}this limit takes more work than is allowed");
            at.at(Diagnostic::limit(message), id, "this limit")
        }
    }
}

pub(super) fn no_antiderivative(
    at: &Evaluation<'_>,
    id: TypedId,
    variable: VariableId,
    body: &Entries,
    position: usize,
    failure: Unsolved,
) -> Error {
    let which = entry(body, position);
    match failure {
        Unsolved::Undefined => {
            let message = format!("{which}the integrand has no value");
            at.at(Diagnostic::no_answer("int", message), id, "of this integral")
        }
        Unsolved::NeedsSign(of) => {
            let of = at.written(of, variable);
            let message = format!("{which}the integral depends on the sign of `{of}`");
            let error = Diagnostic::unsupported(message);
            let error = error.hint("declare what is positive: --let 'a: positive scalar'");
            at.at(error, id, "this integral")
        }
        Unsolved::NotFound => {
            let message = format!("{which}no elementary form found");
            at.at(Diagnostic::unsupported(message), id, "this integral")
        }
        Unsolved::Exhausted => {
            let message = format!("{which}this integral takes more work than is allowed");
            at.at(Diagnostic::limit(message), id, "this integral")
        }
        Unsolved::Refuted => {
            let message =
                format!("{which}an antiderivative does not have the integrand for derivative");
            at.at(Diagnostic::internal(message), id, "this integral")
        }
    }
}

pub(super) fn no_integral(
    at: &Evaluation<'_>,
    id: TypedId,
    variable: VariableId,
    body: &Entries,
    position: usize,
    failure: &NoIntegral,
) -> Error {
    let which = entry(body, position);
    let none = |message: String| {
        at.at(Diagnostic::no_answer("int", format!("{which}{message}")), id, "this integral")
    };
    let name = at.name(variable);
    match failure {
        NoIntegral::Divergent { at: place } => {
            let place = at.written_bound(*place, variable);
            none(format!("the integral diverges at {name} = {place}"))
        }
        NoIntegral::Oscillates { at: place } => {
            let place = at.written_bound(*place, variable);
            none(format!("the integral does not exist: it oscillates towards {name} = {place}"))
        }
        NoIntegral::NotReal { around } => none(format!(
            "the integral does not exist: the integrand has no real values around {name} = {around}"
        )),
        NoIntegral::Unsolved(failure) => {
            no_antiderivative(at, id, variable, body, position, *failure)
        }
    }
}

pub(super) fn only_numeric(
    at: &Evaluation<'_>,
    id: TypedId,
    position: usize,
    found: &Definite,
) -> Error {
    let mut message = format!("no elementary form found for entry {}", position + 1);
    if let Value::Approximate(value) = found.value {
        message.push_str(&format!("; numerically it is {:.15} ± {:.1e}", value.value, value.error));
    }
    at.at(Diagnostic::unsupported(message), id, "this integral")
}

/// Under which conditions what was found holds, each once.
pub(crate) fn conditions(at: &Evaluation<'_>, found: &Found, language: Language) -> Vec<String> {
    let mut told = Vec::new();
    let is_chinese = language == Language::Chinese;
    let variable = found.variable;
    for entry in &found.entries {
        match entry {
            Entry::Limit(limit, _) => {
                for assumption in &limit.assumptions {
                    told.push(match assumption {
                        Assumption::NonZero(id) => nonzero(&at.written(*id, variable), is_chinese),
                        Assumption::Positive(id) => {
                            let text = at.written(*id, variable);
                            format!("{text} > 0")
                        }
                        Assumption::ZeroToManyDigits(id) => {
                            let text = at.written(*id, variable);
                            if is_chinese {
                                format!("{text} 为零(由 200 位数字判断)")
                            } else {
                                format!("{text} is zero, as 200 digits say")
                            }
                        }
                        Assumption::NonZeroUnseen(id) => {
                            let text = at.written(*id, variable);
                            if is_chinese {
                                format!("假定 {text} 不为零")
                            } else {
                                format!("{text} assumed non-zero")
                            }
                        }
                    });
                }
            }
            Entry::Antiderivative(found) => {
                let zeros = &found.nonzero;
                told.extend(zeros.iter().map(|id| nonzero(&at.written(*id, variable), is_chinese)));
                if found.is_assumed {
                    told.push(assumed(is_chinese));
                }
            }
            Entry::Definite(found) => {
                let parts = found.antiderivative.iter().flat_map(|inner| inner.nonzero.iter());
                told.extend(parts.map(|id| nonzero(&at.written(*id, variable), is_chinese)));
                for id in &found.nonzero_between {
                    let text = at.written(*id, variable);
                    told.push(if is_chinese {
                        format!("{text} 在积分区间内不为零")
                    } else {
                        format!("{text} has no zero between the bounds")
                    });
                }
                if found.is_assumed {
                    told.push(assumed(is_chinese));
                }
            }
        }
    }
    let mut once: Vec<String> = Vec::new();
    for condition in told {
        if !once.contains(&condition) {
            once.push(condition);
        }
    }
    once
}

/// What is to be said beside the value, each once.
pub(crate) fn remarks(at: &Evaluation<'_>, found: &Found, language: Language) -> Vec<String> {
    let is_chinese = language == Language::Chinese;
    let name = at.name(found.variable);
    let mut told: Vec<String> = Vec::new();
    for entry in &found.entries {
        let remark = match entry {
            Entry::Limit(limit, _) => match (limit.only_side, is_chinese) {
                (None, _) => continue,
                (Some(Side::Left), false) => {
                    format!("{name} from below: the function has values there alone")
                }
                (Some(_), false) => {
                    format!("{name} from above: the function has values there alone")
                }
                (Some(Side::Left), true) => format!("{name} 只从左侧趋近:函数仅在该侧有定义"),
                (Some(_), true) => format!("{name} 只从右侧趋近:函数仅在该侧有定义"),
            },
            Entry::Definite(found) => match found.value {
                Value::Exact(_) => continue,
                Value::Approximate(near) => {
                    let digits = format!("{:.15}", near.value);
                    let error = format!("{:.0e}", near.error);
                    match (near.is_proven, is_chinese) {
                        (true, false) => {
                            format!(
                                "numeric, no elementary form found: {digits}, error below {error}"
                            )
                        }
                        (false, false) => {
                            format!(
                                "numeric, no elementary form found: {digits}, error about {error}"
                            )
                        }
                        (true, true) => {
                            format!("数值结果,未找到初等形式:{digits},误差小于 {error}")
                        }
                        (false, true) => {
                            format!("数值结果,未找到初等形式:{digits},误差约 {error}")
                        }
                    }
                }
            },
            Entry::Antiderivative(_) => {
                if is_chinese { "外加常数" } else { "up to a constant" }.to_owned()
            }
        };
        if !told.contains(&remark) {
            told.push(remark);
        }
    }
    told
}

fn nonzero(text: &str, is_chinese: bool) -> String {
    if is_chinese { format!("{text} 不为零") } else { format!("{text} is not zero") }
}

fn assumed(is_chinese: bool) -> String {
    let text = if is_chinese {
        "一处相等由 200 位数字判断"
    } else {
        "an equality holds to 200 digits"
    };
    text.to_owned()
}
