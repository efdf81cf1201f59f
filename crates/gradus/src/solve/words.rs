//! The words beside solutions, in every language: one table.
//!
//! Must not know solutions.

use gradus_diagnostics::Language;

/// What a row of a solution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Equation,
    Gradient,
    Lagrangian,
    Constraint,
    NormalEquation,
    Multiplier,
    Solution,
    Kind,
    Simplest,
    Redundant,
    Eigenvalue,
    Simplified,
    Free,
    Or,
    Code,
    Newton,
    GradientStep,
    NoClosedForm,
    NoSolution,
}

impl Word {
    pub(super) fn text(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Equation => ("equation", "方程"),
            Self::Gradient => ("gradient", "梯度"),
            Self::Lagrangian => ("Lagrangian", "拉格朗日函数"),
            Self::Constraint => ("constraint", "约束"),
            Self::NormalEquation => ("normal eq.", "正规方程"),
            Self::Multiplier => ("multiplier", "乘子"),
            Self::Solution => ("solution", "解"),
            Self::Kind => ("kind", "类型"),
            Self::Simplified => ("simplified", "化简"),
            Self::Eigenvalue => ("eigenvalues", "特征值问题"),
            Self::Redundant => ("redundant", "冗余"),
            Self::Free => ("free", "自由"),
            Self::Or => ("or", "或"),
            Self::Code => ("code", "代码"),
            Self::Newton => ("Newton step", "牛顿步"),
            Self::GradientStep => ("gradient step", "梯度步"),
            Self::NoClosedForm => ("closed form", "闭式解"),
            Self::Simplest => ("simplest form", "最简形式"),
            Self::NoSolution => ("no solution", "无解"),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}
