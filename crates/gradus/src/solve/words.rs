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
            Self::Simplest => ("simplest form", "最简形式"),
            Self::NoSolution => ("no solution", "无解"),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}
