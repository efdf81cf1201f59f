//! The rules that lines cite, and their wording in every language: one table.
//!
//! Must not know how rules act. Wording follows the textbooks of the field (Magnus and Neudecker;
//! Petersen and Pedersen; 张贤达《矩阵分析与应用》).

use gradus_diagnostics::Language;
use gradus_notation::tree::NotationId;
use gradus_tensor::FunctionId;

/// A rule of derivations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// `d(U + V) = dU + dV`
    SumRule,
    /// `d(UV) = (dU)V + U dV`
    ProductRule,
    /// `d(U ⊙ V) = dU ⊙ V + U ⊙ dV`
    HadamardProductRule,
    /// `d(kron(U,V)) = kron(dU,V) + kron(U,dV)` and other products of blocks.
    BilinearRule,
    /// `d(u/v) = du/v − u dv/v²`
    QuotientRule,
    /// `d(u^k) = k u^(k−1) du`
    PowerRule,
    /// `d(X^k) = Σ X^i (dX) X^(k−1−i)`
    MatrixPowerRule,
    /// `d(U') = (dU)'`
    TransposeRule,
    /// `d tr(U) = tr(dU)`, and so for every linear function.
    Linearity,
    /// `d f.(U) = f'(U) ⊙ dU`
    ElementwiseRule,
    /// `d f(U) = tr(grad_f(U)' dU)`
    ScalarFunctionRule,
    /// `dA(t) = A'(t) dt`
    PathRule,
    /// `d(u'u) = 2u'du`
    SquareRule,
    /// `‖u‖² = u'u`
    NormSquared,
    /// `‖U‖² = tr(U'U)`
    MatrixNormSquared,
    /// `‖u‖² = u^H u`
    HermitianNormSquared,
    /// `‖U‖² = tr(U^H U)`
    HermitianMatrixNormSquared,
    /// `|u|² = conj(u) u`
    ModulusSquared,
    /// `d(U^H) = (dU)^H`
    ConjugateTransposeRule,
    /// `d tr(U'U) = 2tr(U'dU)`
    TraceSquareRule,
    /// `log softmax(u) = u − logsumexp(u)1`
    LogSoftmax,
    /// `1'y = 1` of a vector whose entries add up to one.
    SumsToOne,
    /// `sum(U ⊙ V) = tr(U'V)`
    SumOfHadamard,
    /// A scalar is its own trace.
    OwnTrace,
    /// `tr(U) = tr(U')`
    TraceOfTranspose,
    /// `tr(UV) = tr(VU)`
    Cyclic,
    /// `tr(U'(V ⊙ W)) = tr((U ⊙ V)'W)`
    HadamardExchange,
    /// `u'v = v'u`
    DotSymmetric,
    /// `diag(u)v = u ⊙ v`
    DiagonalTimesVector,
    /// `tr(U diag(v)) = diag(U)'v`
    TraceOfDiagonal,
    /// `vec(U)'vec(V) = tr(U'V)`
    DotOfVec,
    /// `sum(U) = tr(11'U)`, the sum of a vector `1'u`
    SumAsProduct,
    /// The adjoint of a linear function.
    Adjoint,
    /// A scalar factor moves out of the trace.
    ScalarOut,
    /// The triangle of one factor is the triangle of the other.
    Triangle,
    /// A trace with a block is a trace with the block of the other factor.
    BlockOfTrace,
    /// `tr(M(U ⊗ V))` by block traces.
    BlockTrace,
    /// Traces of a sum are the sum of traces.
    SumOfTraces,
    /// `vec(AXB) = (B' ⊗ A) vec X`
    VecOfProduct,
    /// `vec(U') = K vec U`
    VecOfTranspose,
    /// `vec(U ⊙ V) = diag(vec U) vec V`
    VecOfHadamard,
    /// `vec(U ⊗ V) = (I ⊗ K ⊗ I)(vec U ⊗ vec V)`
    VecOfKronecker,
    /// `vec diag(u) = (I ∗ I)u`
    VecOfDiagonal,
    /// `diag(U) = (I ∗ I)' vec U`
    DiagonalOfVec,
    /// `vech(U) = L vec U`
    HalfVecOfVec,
    /// `tril(U) = tril(11') ⊙ U`
    TriangleAsHadamard,
    /// A slice, or a block in a matrix of zeros, as a product with slices of the identity.
    SliceAsProduct,
    /// `U ⊗ V = (U ⊗ 11') ⊙ (11' ⊗ V)`
    KroneckerAsHadamard,
    /// `U ∗ V = ((I ⊗ 1)U) ⊙ ((1 ⊗ I)V)`
    KhatriRaoAsHadamard,
    /// The columns of the matrix of a linear map are the images of the basis vectors.
    Basis,
    /// `(UV)' = V'U'`
    TransposeOfProduct,
    /// `(U ⊙ V)' = U' ⊙ V'`
    TransposeOfHadamard,
    /// Terms with the differential are put together.
    Collect,
    /// `df = tr(G'dX)` compared.
    Identification,
    /// `df = g'dx` compared.
    VectorIdentification,
    /// `df = g dt` compared.
    ScalarIdentification,
    /// `dF = J dx` compared.
    JacobianIdentification,
    /// The entries of the differential compared one by one.
    EntryIdentification,
    /// `df = tr(A'dZ) + tr(B'conj(dZ))` compared.
    Wirtinger,
    /// The gradient of a real function by a complex variable.
    RealGradient,
    /// A tidier way to write the same.
    Simplification,
    /// The layout that was asked for.
    LayoutApplied,
    /// The stacking that was asked for.
    StackingApplied,
    /// Gradients or Jacobians by several variables in one column or side by side.
    OneColumn,
    /// The variables have the values of the point that was asked for.
    AtPoint,
    /// The part of the gradient in the tangent space of a structure.
    Projection,
    /// The gradient that is read off is in the tangent space already.
    Tangent,
    /// The derivatives by the entries that can vary independently.
    Entries,
    /// `dA = 0` of everything else.
    Constants,
    /// The definition of a step.
    Definition,
    /// `df = tr((∂f/∂Y)'dY)`
    ChainRule,
    /// A derivative that comes back through one of several steps.
    Contribution,
    /// What comes back through several steps adds up.
    SumOfPaths,
}

/// The wording of a rule.
struct Wording {
    rule: Rule,
    name: &'static str,
    english: &'static str,
    chinese: &'static str,
}

/// Wording, in the order of the rules: the rule, its name on the command line, English, Chinese.
/// Formulas stand between dollar signs.
const WORDING: &[Wording] = &[
    word(Rule::SumRule, "sum", "sum rule: $d(U + V) = dU + dV$", "加法法则：$d(U + V) = dU + dV$"),
    word(Rule::ProductRule, "product", "product rule", "乘积法则"),
    word(
        Rule::HadamardProductRule,
        "hadamard-product",
        "product rule: $d(U ⊙ V) = dU ⊙ V + U ⊙ dV$",
        "逐元素乘法的微分：$d(U ⊙ V) = dU ⊙ V + U ⊙ dV$",
    ),
    word(Rule::BilinearRule, "bilinear", "product rule in each factor", "对各因子用乘积法则"),
    word(
        Rule::QuotientRule,
        "quotient",
        "quotient rule: $d(u/v) = du/v − u dv/v²$",
        "商的法则：$d(u/v) = du/v − u dv/v²$",
    ),
    word(
        Rule::PowerRule,
        "power",
        "power rule: $d(uᵏ) = k uᵏ⁻¹ du$",
        "幂的法则：$d(uᵏ) = k uᵏ⁻¹ du$",
    ),
    word(
        Rule::MatrixPowerRule,
        "matrix-power",
        "product rule for the power: one term for each factor",
        "矩阵幂的乘积法则：每个因子一项",
    ),
    word(Rule::TransposeRule, "transpose", "$d(Uᵀ) = (dU)ᵀ$", "$d(Uᵀ) = (dU)ᵀ$"),
    word(Rule::Linearity, "linearity", "d goes inside a linear function", "线性函数：微分可移入"),
    word(
        Rule::ElementwiseRule,
        "elementwise",
        "elementwise function: $d f(U) = f′(U) ⊙ dU$",
        "逐元素函数：$d f(U) = f′(U) ⊙ dU$",
    ),
    word(
        Rule::ScalarFunctionRule,
        "scalar-function",
        "unknown function: $d f(U) = tr(∇f(U)ᵀ dU)$",
        "未知函数：$d f(U) = tr(∇f(U)ᵀ dU)$",
    ),
    word(Rule::PathRule, "path", "$dA(t) = A′(t) dt$", "$dA(t) = A′(t) dt$"),
    word(Rule::SquareRule, "square", "$d(uᵀu) = 2uᵀ du$", "$d(uᵀu) = 2uᵀ du$"),
    word(Rule::NormSquared, "norm-squared", "$‖u‖² = uᵀu$", "$‖u‖² = uᵀu$"),
    word(Rule::MatrixNormSquared, "matrix-norm-squared", "$‖U‖² = tr(UᵀU)$", "$‖U‖² = tr(UᵀU)$"),
    word(Rule::HermitianNormSquared, "hermitian-norm-squared", "$‖u‖² = uᴴu$", "$‖u‖² = uᴴu$"),
    word(
        Rule::HermitianMatrixNormSquared,
        "hermitian-matrix-norm-squared",
        "$‖U‖² = tr(UᴴU)$",
        "$‖U‖² = tr(UᴴU)$",
    ),
    word(Rule::ModulusSquared, "modulus-squared", "$|u|² = conj(u) u$", "$|u|² = conj(u) u$"),
    word(Rule::ConjugateTransposeRule, "conjugate-transpose", "$d(Uᴴ) = (dU)ᴴ$", "$d(Uᴴ) = (dU)ᴴ$"),
    word(
        Rule::TraceSquareRule,
        "trace-square",
        "$d tr(UᵀU) = 2tr(Uᵀ dU)$",
        "$d tr(UᵀU) = 2tr(Uᵀ dU)$",
    ),
    word(
        Rule::LogSoftmax,
        "log-softmax",
        "$log softmax(u) = u − logsumexp(u)1$",
        "$log softmax(u) = u − logsumexp(u)1$",
    ),
    word(
        Rule::SumsToOne,
        "sums-to-one",
        "$1ᵀy = 1$: the entries of $y$ add up to one",
        "$1ᵀy = 1$：$y$ 的元素之和为一",
    ),
    word(
        Rule::SumOfHadamard,
        "sum-of-hadamard",
        "$sum(U ⊙ V) = tr(UᵀV)$",
        "逐元素乘积之和即内积：$sum(U ⊙ V) = tr(UᵀV)$",
    ),
    word(Rule::OwnTrace, "own-trace", "a scalar is its own trace", "标量等于自身的迹"),
    word(
        Rule::TraceOfTranspose,
        "trace-transpose",
        "transpose: $tr(U) = tr(Uᵀ)$",
        "转置：$tr(U) = tr(Uᵀ)$",
    ),
    word(Rule::Cyclic, "cyclic", "cyclic: $tr(UV) = tr(VU)$", "迹内循环移位：$tr(UV) = tr(VU)$"),
    word(
        Rule::HadamardExchange,
        "hadamard-exchange",
        "Hadamard exchange: $tr(Uᵀ(V ⊙ W)) = tr((U ⊙ V)ᵀW)$",
        "迹内逐元素乘法交换：$tr(Uᵀ(V ⊙ W)) = tr((U ⊙ V)ᵀW)$",
    ),
    word(Rule::DotSymmetric, "dot-symmetric", "$uᵀv = vᵀu$", "标量转置不变：$uᵀv = vᵀu$"),
    word(
        Rule::DiagonalTimesVector,
        "diagonal-times-vector",
        "$diag(u)v = u ⊙ v$",
        "对角矩阵乘向量：$diag(u)v = u ⊙ v$",
    ),
    word(
        Rule::TraceOfDiagonal,
        "trace-of-diagonal",
        "only the diagonal counts: $tr(U diag(v)) = diag(U)ᵀv$",
        "只有对角元起作用：$tr(U diag(v)) = diag(U)ᵀv$",
    ),
    word(
        Rule::DotOfVec,
        "dot-of-vec",
        "$vec(U)ᵀvec(V) = tr(UᵀV)$",
        "向量化：$vec(U)ᵀvec(V) = tr(UᵀV)$",
    ),
    word(
        Rule::SumAsProduct,
        "sum-as-product",
        "a sum of entries is a product with ones",
        "元素之和可用全一向量写出",
    ),
    word(Rule::Adjoint, "adjoint", "adjoint of a linear function", "线性映射的伴随"),
    word(Rule::ScalarOut, "scalar-out", "a scalar leaves the trace", "标量可移出迹"),
    word(
        Rule::Triangle,
        "triangle",
        "the triangle passes to the other factor",
        "三角部分移到另一因子",
    ),
    word(Rule::BlockOfTrace, "block-of-trace", "only one block counts", "只有一个分块起作用"),
    word(
        Rule::BlockTrace,
        "block-trace",
        "trace of a Kronecker product by blocks",
        "克罗内克积的迹按分块求",
    ),
    word(
        Rule::SumOfTraces,
        "sum-of-traces",
        "the trace of a sum is the sum of traces",
        "和的迹等于迹的和",
    ),
    word(
        Rule::VecOfProduct,
        "vec-of-product",
        "$vec(AXB) = (Bᵀ ⊗ A) vec X$",
        "向量化：$vec(AXB) = (Bᵀ ⊗ A) vec X$",
    ),
    word(
        Rule::VecOfTranspose,
        "vec-of-transpose",
        "$vec(Uᵀ) = K vec U$, $K$ the commutation matrix",
        "交换矩阵：$vec(Uᵀ) = K vec U$",
    ),
    word(
        Rule::VecOfHadamard,
        "vec-of-hadamard",
        "$vec(U ⊙ V) = diag(vec U) vec V$",
        "向量化：$vec(U ⊙ V) = diag(vec U) vec V$",
    ),
    word(
        Rule::VecOfKronecker,
        "vec-of-kronecker",
        "$vec(U ⊗ V) = (I ⊗ K ⊗ I)(vec U ⊗ vec V)$, $K$ a commutation matrix",
        "克罗内克积的向量化：$vec(U ⊗ V) = (I ⊗ K ⊗ I)(vec U ⊗ vec V)$，$K$ 为交换矩阵",
    ),
    word(
        Rule::VecOfDiagonal,
        "vec-of-diagonal",
        "$vec(diag(u)) = (I ∗ I)u$",
        "对角矩阵的向量化：$vec(diag(u)) = (I ∗ I)u$",
    ),
    word(
        Rule::DiagonalOfVec,
        "diagonal-of-vec",
        "$diag(U) = (I ∗ I)ᵀ vec U$",
        "取对角元：$diag(U) = (I ∗ I)ᵀ vec U$",
    ),
    word(
        Rule::HalfVecOfVec,
        "half-vec",
        "$vech(U) = L vec U$, $L$ the elimination matrix",
        "消去矩阵：$vech(U) = L vec U$",
    ),
    word(
        Rule::TriangleAsHadamard,
        "triangle-as-hadamard",
        "a triangle is an elementwise product with zeros and ones",
        "三角部分即与零一矩阵逐元素相乘",
    ),
    word(
        Rule::SliceAsProduct,
        "slice",
        "a block is a product with slices of the identity",
        "分块可用单位矩阵的切片相乘写出",
    ),
    word(
        Rule::KroneckerAsHadamard,
        "kronecker-as-hadamard",
        "$U ⊗ V = (U ⊗ 11ᵀ) ⊙ (11ᵀ ⊗ V)$",
        "克罗内克积写成逐元素乘积：$U ⊗ V = (U ⊗ 11ᵀ) ⊙ (11ᵀ ⊗ V)$",
    ),
    word(
        Rule::KhatriRaoAsHadamard,
        "khatri-rao-as-hadamard",
        "$U ∗ V = ((I ⊗ 1)U) ⊙ ((1 ⊗ I)V)$",
        "Khatri–Rao 积写成逐元素乘积：$U ∗ V = ((I ⊗ 1)U) ⊙ ((1 ⊗ I)V)$",
    ),
    word(
        Rule::Basis,
        "basis",
        "the columns are the images of the basis vectors",
        "各列为基向量的像",
    ),
    word(Rule::TransposeOfProduct, "transpose-of-product", "$(UV)ᵀ = VᵀUᵀ$", "$(UV)ᵀ = VᵀUᵀ$"),
    word(
        Rule::TransposeOfHadamard,
        "transpose-of-hadamard",
        "$(U ⊙ V)ᵀ = Uᵀ ⊙ Vᵀ$",
        "$(U ⊙ V)ᵀ = Uᵀ ⊙ Vᵀ$",
    ),
    word(Rule::Collect, "collect", "terms collected", "合并同类项"),
    word(
        Rule::Identification,
        "identification",
        "identification: $df = tr(GᵀdX)$ has the gradient $G$",
        "由 $df = tr(GᵀdX)$ 辨识梯度 $G$",
    ),
    word(
        Rule::VectorIdentification,
        "vector-identification",
        "identification: $df = gᵀdx$ has the gradient $g$",
        "由 $df = gᵀdx$ 辨识梯度 $g$",
    ),
    word(
        Rule::ScalarIdentification,
        "scalar-identification",
        "identification: the factor of the scalar's differential",
        "辨识：标量微分的系数即导数",
    ),
    word(
        Rule::JacobianIdentification,
        "jacobian-identification",
        "identification: $dF = J dx$ has the Jacobian $J$",
        "由 $dF = J dx$ 辨识雅可比矩阵 $J$",
    ),
    word(
        Rule::EntryIdentification,
        "entry-identification",
        "identification: the factors of the entries of the differential compared",
        "辨识：逐元素比较微分的系数",
    ),
    word(
        Rule::Wirtinger,
        "wirtinger",
        "identification: the differential and its conjugate vary independently",
        "辨识：微分与其共轭视为独立变量",
    ),
    word(
        Rule::RealGradient,
        "real-gradient",
        "the function is real: the gradient is twice the factor of the conjugate differential",
        "实值函数：梯度为共轭微分系数的两倍",
    ),
    word(Rule::Simplification, "simplification", "simplified", "化简"),
    word(Rule::Tangent, "tangent", "of the variable's structure already", "已符合变量的结构"),
    word(Rule::LayoutApplied, "layout", "in the layout asked for", "按所选布局书写"),
    word(Rule::StackingApplied, "stacking", "with rows stacked", "按行向量化"),
    word(Rule::OneColumn, "one-column", "put together", "合写在一起"),
    word(Rule::AtPoint, "at-point", "at the point", "代入该点"),
    word(
        Rule::Projection,
        "projection",
        "projected on the structure of the variable",
        "投影到变量的结构上",
    ),
    word(
        Rule::Entries,
        "entries",
        "by the entries that vary independently (--convention entries)",
        "按独立变化的元素求导（--convention entries）",
    ),
    word(Rule::Constants, "constants", "the rest is constant", "其余为常量"),
    word(Rule::Definition, "definition", "definition", "定义"),
    word(
        Rule::ChainRule,
        "chain",
        "chain rule: $df = tr((∂f/∂Y)ᵀdY)$",
        "链式法则：$df = tr((∂f/∂Y)ᵀdY)$",
    ),
    word(
        Rule::Contribution,
        "contribution",
        "only the part that comes back this way",
        "仅为经此路的部分",
    ),
    word(Rule::SumOfPaths, "sum-of-paths", "the contributions add up", "各路贡献相加"),
];

const fn word(
    rule: Rule,
    name: &'static str,
    english: &'static str,
    chinese: &'static str,
) -> Wording {
    Wording { rule, name, english, chinese }
}

impl Rule {
    /// All rules, in the order of the table.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        WORDING.iter().map(|wording| wording.rule)
    }

    /// The rule of a name such as `cyclic`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        WORDING.iter().find(|wording| wording.name == name).map(|wording| wording.rule)
    }

    /// The name by which it is asked for.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.wording().map_or("", |wording| wording.name)
    }

    /// What a line says that uses it; formulas stand between dollar signs.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        self.wording().map_or("", |wording| match language {
            Language::English => wording.english,
            Language::Chinese => wording.chinese,
        })
    }

    fn wording(self) -> Option<&'static Wording> {
        WORDING.iter().find(|wording| wording.rule == self)
    }
}

/// Why a line holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Citation {
    /// A rule of derivations.
    Rule(Rule),
    /// The differential of a function of the rule book.
    Function(FunctionId),
    /// `dA = 0`, `db = 0` of the named variables.
    Constant(Vec<String>),
    /// `dX = V`: a direction in the place of the differential of a variable.
    Direction(String, String),
    /// The transpose of the gradient that is read off.
    Jacobian(NotationId),
}

impl From<Rule> for Citation {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
}

/// The rules of a line, each once.
#[derive(Debug, Default)]
pub(crate) struct Used(pub(crate) Vec<Citation>);

impl Used {
    pub(crate) fn cite(&mut self, citation: impl Into<Citation>) {
        let citation = citation.into();
        if !self.0.contains(&citation) {
            self.0.push(citation);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn take(&mut self) -> Vec<Citation> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_name_and_wording_in_every_language() {
        for rule in Rule::all() {
            assert_eq!(Rule::named(rule.name()), Some(rule));
            assert!(!rule.text(Language::English).is_empty());
            assert!(!rule.text(Language::Chinese).is_empty());
        }
    }
}
