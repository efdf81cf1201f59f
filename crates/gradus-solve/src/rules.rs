//! The rules that lines cite, and their wording in every language: one table.
//!
//! Must not know how rules act.

use gradus_diagnostics::Language;
use gradus_notation::tree::NotationId;

/// Why a line follows from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The derivative is set to zero.
    SetToZero,
    /// The equation as it was asked.
    Given,
    /// A constraint.
    Constraint,
    /// Products are multiplied out and what is known is taken to the right.
    Sort,
    /// Both sides are divided by a number.
    DivideByNumber,
    /// Both sides are divided by a scalar that is not zero.
    DivideByScalar(NotationId),
    /// Both sides are multiplied by a scalar that is not zero.
    MultiplyByScalar(NotationId),
    /// Terms with a common side are collected.
    Collect,
    /// Both sides are transposed.
    TransposeBoth,
    /// A symmetric unknown is its own transpose.
    UseSymmetry,
    /// Both sides are multiplied from the left by the inverse of this.
    StripLeft(NotationId),
    /// Both sides are multiplied from the right by the inverse of this.
    StripRight(NotationId),
    /// Both sides are multiplied from the left by the pseudoinverse of this.
    PseudoinverseLeft(NotationId),
    /// Both sides are multiplied from the right by the pseudoinverse of this.
    PseudoinverseRight(NotationId),
    /// An eigenvalue problem.
    EigenvalueProblem,
    /// Which eigenvectors are meant.
    Eigenvalue {
        /// Whether the greatest eigenvalues count.
        greatest: bool,
    },
    /// The orthogonal factor of the singular value decomposition of this.
    SingularValues(NotationId),
    /// What is constant under the constraint drops out.
    ConstantUnderConstraint,
    /// The length of the unknown is given by the constraint.
    Normalize,
    /// Both sides are multiplied from the left by this.
    MultiplyLeft(NotationId),
    /// Both sides are multiplied from the right by this.
    MultiplyRight(NotationId),
    /// The equation for `X'` and its transpose are combined.
    CombineWithTranspose,
    /// It is a Sylvester equation `AX + XB = C`.
    Sylvester,
    /// It is a Lyapunov equation `AX + XA' = C`.
    Lyapunov,
    /// It is a discrete Lyapunov (Stein) equation `AXA' - X = C`.
    Stein,
    /// Columns are stacked: `vec(LXR) = (R' ⊗ L)vec X`.
    Stack,
    /// The solution of a stacked equation is put back in its shape.
    Unstack,
    /// The inverse of both sides is taken.
    InvertBoth,
    /// The inverse function of this function of the book is taken on both sides.
    InverseFunction(String),
    /// Both sides are raised to a power.
    Root,
    /// Each entry is an equation of its own.
    Entrywise,
    /// The formula for the solutions of a quadratic equation.
    Quadratic,
    /// What was found for another unknown is put in.
    PutIn(String),
    /// The sum of an unknown that does not depend on the index.
    SumOfConstant,
    /// Simplified.
    Simplify,
    /// Two linear equations by the rule of Cramer.
    Cramer,
}

impl Rule {
    /// The name, for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SetToZero => "set-to-zero",
            Self::Given => "given",
            Self::Constraint => "constraint",
            Self::Sort => "sort",
            Self::DivideByNumber => "divide-by-number",
            Self::DivideByScalar(_) => "divide-by-scalar",
            Self::MultiplyByScalar(_) => "multiply-by-scalar",
            Self::Collect => "collect",
            Self::TransposeBoth => "transpose-both",
            Self::UseSymmetry => "use-symmetry",
            Self::StripLeft(_) => "strip-left",
            Self::StripRight(_) => "strip-right",
            Self::PseudoinverseLeft(_) => "pseudoinverse-left",
            Self::PseudoinverseRight(_) => "pseudoinverse-right",
            Self::EigenvalueProblem => "eigenvalue-problem",
            Self::Eigenvalue { .. } => "extreme-eigenvalues",
            Self::SingularValues(_) => "singular-values",
            Self::ConstantUnderConstraint => "constant-under-constraint",
            Self::Normalize => "normalize",
            Self::MultiplyLeft(_) => "multiply-left",
            Self::MultiplyRight(_) => "multiply-right",
            Self::CombineWithTranspose => "combine-with-transpose",
            Self::Sylvester => "sylvester",
            Self::Lyapunov => "lyapunov",
            Self::Stein => "discrete-lyapunov",
            Self::Stack => "stack",
            Self::Unstack => "unstack",
            Self::InvertBoth => "invert-both",
            Self::InverseFunction(_) => "inverse-function",
            Self::Root => "root",
            Self::Entrywise => "entrywise",
            Self::Quadratic => "quadratic",
            Self::PutIn(_) => "put-in",
            Self::SumOfConstant => "sum-of-constant",
            Self::Simplify => "simplify",
            Self::Cramer => "cramer",
        }
    }

    /// The reason in words; `show` sets the formula of a rule.
    pub fn text(&self, language: Language, show: impl Fn(NotationId) -> String) -> String {
        match language {
            Language::English => self.english(show),
            Language::Chinese => self.chinese(show),
        }
    }

    fn english(&self, show: impl Fn(NotationId) -> String) -> String {
        match self {
            Self::SetToZero => "the derivative is set to zero".to_owned(),
            Self::Given => "as asked".to_owned(),
            Self::Constraint => "constraint".to_owned(),
            Self::Sort => "multiplied out, what is known to the right".to_owned(),
            Self::DivideByNumber => "divided by a number".to_owned(),
            Self::DivideByScalar(by) => format!("divided by {}", show(*by)),
            Self::MultiplyByScalar(by) => format!("multiplied by {}", show(*by)),
            Self::Collect => "terms with a common side collected".to_owned(),
            Self::TransposeBoth => "both sides transposed".to_owned(),
            Self::UseSymmetry => "the unknown is symmetric".to_owned(),
            Self::StripLeft(by) => format!("inverse of {} from the left", show(*by)),
            Self::StripRight(by) => format!("inverse of {} from the right", show(*by)),
            Self::PseudoinverseLeft(by) => {
                format!("pseudoinverse of {} from the left", show(*by))
            }
            Self::PseudoinverseRight(by) => {
                format!("pseudoinverse of {} from the right", show(*by))
            }
            Self::EigenvalueProblem => "an eigenvalue problem".to_owned(),
            Self::Eigenvalue { greatest: true } => {
                "unit eigenvectors of the greatest eigenvalues".to_owned()
            }
            Self::Eigenvalue { greatest: false } => {
                "unit eigenvectors of the least eigenvalues".to_owned()
            }
            Self::SingularValues(of) => {
                format!("UVᵀ of the singular value decomposition {} = UΣVᵀ", show(*of))
            }
            Self::ConstantUnderConstraint => {
                "what the constraint makes constant drops out".to_owned()
            }
            Self::Normalize => "the length is given by the constraint".to_owned(),
            Self::MultiplyLeft(by) => format!("multiplied by {} from the left", show(*by)),
            Self::MultiplyRight(by) => format!("multiplied by {} from the right", show(*by)),
            Self::CombineWithTranspose => "combined with its own transpose".to_owned(),
            Self::Sylvester => "a Sylvester equation AX + XB = C".to_owned(),
            Self::Lyapunov => "a Lyapunov equation AX + XAᵀ = C".to_owned(),
            Self::Stein => "a discrete Lyapunov equation X − AXAᵀ = C".to_owned(),
            Self::Stack => "columns stacked: vec(LXR) = (Rᵀ ⊗ L)vec(X)".to_owned(),
            Self::Unstack => "solved, and put back in its shape".to_owned(),
            Self::InvertBoth => "both sides inverted".to_owned(),
            Self::InverseFunction(name) => format!("the inverse function of {name} on both sides"),
            Self::Root => "the root of both sides".to_owned(),
            Self::Entrywise => "an equation for each entry".to_owned(),
            Self::Quadratic => "the quadratic formula".to_owned(),
            Self::PutIn(name) => format!("{name} put in"),
            Self::SumOfConstant => "what does not depend on the index before the sum".to_owned(),
            Self::Simplify => "simplified".to_owned(),
            Self::Cramer => "two linear equations: the rule of Cramer".to_owned(),
        }
    }

    fn chinese(&self, show: impl Fn(NotationId) -> String) -> String {
        match self {
            Self::SetToZero => "令导数为零".to_owned(),
            Self::Given => "题设方程".to_owned(),
            Self::Constraint => "约束条件".to_owned(),
            Self::Sort => "展开，已知项移到右边".to_owned(),
            Self::DivideByNumber => "两边除以常数".to_owned(),
            Self::DivideByScalar(by) => format!("两边除以 {}", show(*by)),
            Self::MultiplyByScalar(by) => format!("两边乘以 {}", show(*by)),
            Self::Collect => "合并有公共因子的项".to_owned(),
            Self::TransposeBoth => "两边转置".to_owned(),
            Self::UseSymmetry => "未知量对称".to_owned(),
            Self::StripLeft(by) => format!("左乘 {} 的逆", show(*by)),
            Self::StripRight(by) => format!("右乘 {} 的逆", show(*by)),
            Self::PseudoinverseLeft(by) => format!("左乘 {} 的伪逆", show(*by)),
            Self::PseudoinverseRight(by) => format!("右乘 {} 的伪逆", show(*by)),
            Self::EigenvalueProblem => "特征值问题".to_owned(),
            Self::Eigenvalue { greatest: true } => "取最大特征值的特征向量".to_owned(),
            Self::Eigenvalue { greatest: false } => "取最小特征值的特征向量".to_owned(),
            Self::SingularValues(of) => format!("奇异值分解 {} = UΣVᵀ 的 UVᵀ", show(*of)),
            Self::ConstantUnderConstraint => "约束下为常数的项可去掉".to_owned(),
            Self::Normalize => "长度由约束确定".to_owned(),
            Self::MultiplyLeft(by) => format!("左乘 {}", show(*by)),
            Self::MultiplyRight(by) => format!("右乘 {}", show(*by)),
            Self::CombineWithTranspose => "与其转置方程联立".to_owned(),
            Self::Sylvester => "西尔维斯特方程 AX + XB = C".to_owned(),
            Self::Lyapunov => "李雅普诺夫方程 AX + XAᵀ = C".to_owned(),
            Self::Stein => "离散李雅普诺夫方程 X − AXAᵀ = C".to_owned(),
            Self::Stack => "按列拉直：vec(LXR) = (Rᵀ ⊗ L)vec(X)".to_owned(),
            Self::Unstack => "解出并恢复形状".to_owned(),
            Self::InvertBoth => "两边求逆".to_owned(),
            Self::InverseFunction(name) => format!("两边取 {name} 的反函数"),
            Self::Root => "两边开方".to_owned(),
            Self::Entrywise => "逐元素的方程".to_owned(),
            Self::Quadratic => "一元二次方程求根公式".to_owned(),
            Self::PutIn(name) => format!("代入 {name}"),
            Self::SumOfConstant => "与下标无关的因子提到求和号外".to_owned(),
            Self::Simplify => "化简".to_owned(),
            Self::Cramer => "二元线性方程组：克拉默法则".to_owned(),
        }
    }
}
