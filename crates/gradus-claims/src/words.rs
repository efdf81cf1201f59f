//! What is said of a mistake, in each language of the messages: data in one place.
//!
//! Must not know how mistakes are found.

use gradus_diagnostics::Language;
use gradus_verify::Layout;

use crate::mistake::{Diagnosis, Mistake};

/// The same text in every language. `{found}`, `{instead}` and `{repaired}` are those of a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub english: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
}

impl Words {
    /// In a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        }
    }
}

const fn words(english: &'static str, chinese: &'static str) -> Words {
    Words { english, chinese }
}

/// What is said of a diagnosis.
#[must_use]
pub fn tell(diagnosis: &Diagnosis, language: Language) -> String {
    let text = said(&diagnosis.mistake, diagnosis).text(language);
    let name = diagnosis.instead.split_once(": ").map_or("", |(name, _)| name);
    let is = if name.contains(',') { "are" } else { "is" };
    text.replace("{name}", name)
        .replace("{is}", is)
        .replace("{divisor}", diagnosis.instead.trim_start_matches("1/"))
        .replace("{found}", &diagnosis.found)
        .replace("{instead}", &diagnosis.instead)
        .replace("{repaired}", &diagnosis.repaired)
}

fn said(mistake: &Mistake, diagnosis: &Diagnosis) -> Words {
    match mistake {
        Mistake::OtherLayout(Layout::Numerator) => words(
            "right in numerator layout: the Jacobian, whose transpose is asked for",
            "在分子布局下正确：这是雅可比矩阵，所求的是它的转置",
        ),
        Mistake::OtherLayout(Layout::Denominator) => words(
            "right in denominator layout: the transpose is asked for",
            "在分母布局下正确：所求的是它的转置",
        ),
        Mistake::OtherLayout(Layout::Mixed) => words(
            "right in mixed layout: a gradient in the shape of its variable, a Jacobian with the outputs as rows",
            "在混合布局下正确：梯度与变量同形，雅可比矩阵以输出为行",
        ),
        Mistake::OtherStacking => words(
            "right with --vec {instead}: matrices are stacked the other way",
            "用 --vec {instead} 时正确：矩阵的向量化方式不同",
        ),
        Mistake::OtherConvention => words(
            "right with --convention {instead}: the derivative by independent entries (Matrix Cookbook) and the projected gradient differ off the diagonal",
            "用 --convention {instead} 时正确：按独立元素求导（Matrix Cookbook）与投影梯度在非对角元上不同",
        ),
        Mistake::OtherVariable => {
            words("this is the derivative by {instead}", "这是对 {instead} 的导数")
        }
        Mistake::OtherOrder => {
            words("this is the derivative of order {instead}", "这是 {instead} 阶导数")
        }
        Mistake::Transposed if diagnosis.instead == "-'" => words(
            "the sign is wrong, and the transpose is missing: `{repaired}`",
            "符号错误，且缺少转置：`{repaired}`",
        ),
        Mistake::Transposed => {
            words("the transpose is right: `{repaired}`", "其转置才正确：`{repaired}`")
        }
        Mistake::Commutation if diagnosis.instead == "-" => words(
            "the commutation matrix is missing, for the differential stands transposed, and the sign is wrong: `{repaired}`",
            "缺少交换矩阵（微分以转置的形式出现），且符号错误：`{repaired}`",
        ),
        Mistake::Commutation => words(
            "the commutation matrix is missing, for the differential stands transposed: `{repaired}`",
            "缺少交换矩阵（微分以转置的形式出现）：`{repaired}`",
        ),
        Mistake::Sign => words("the sign is wrong: `{repaired}`", "符号错误：`{repaired}`"),
        Mistake::Factor if is_unit_fraction(&diagnosis.instead) => words(
            "a factor {divisor} is too much: `{repaired}`",
            "多了因子 {divisor}：`{repaired}`",
        ),
        Mistake::Factor => {
            words("a factor {instead} is missing: `{repaired}`", "缺少因子 {instead}：`{repaired}`")
        }
        Mistake::Projection => words(
            "this is the derivative by free entries: the projection onto the structure of {instead} is missing: `{repaired}`",
            "这是按自由元素求的导数：尚未投影到 {instead} 的结构上：`{repaired}`",
        ),
        Mistake::Assumption if diagnosis.found == "assume" => {
            words("it holds if {instead}", "当 {instead} 时成立")
        }
        Mistake::Assumption => assumed(&diagnosis.instead),
        Mistake::Occurrence => words(
            "product rule: occurrence {instead} of {found} in the expression was held constant",
            "乘积法则：表达式中第 {instead} 处的 {found} 被当成了常量",
        ),
        Mistake::FactorOfDifferential => words(
            "this is the factor beside the differential, dF = {instead}, which is right; the derivative of a matrix by a matrix is no factor: vec turns the map into a Kronecker product",
            "这只是微分旁的因子，dF = {instead} 是对的；但矩阵对矩阵的导数不是这个因子：须经向量化写成 Kronecker 积",
        ),
        Mistake::NumbersOnly => words(
            "right for numbers only (the scalar chain rule): for matrices the order of the factors and their transposes matter: `{found}` should be `{instead}`",
            "只对标量成立（标量链式法则）：对矩阵而言，因子的次序与转置不可忽略：`{found}` 应为 `{instead}`",
        ),
        Mistake::InverseSandwich => words(
            "right for numbers only: d inv(X) = -inv(X)*dX*inv(X), the inverse stands on both sides of dX: `{found}` should be `{instead}`",
            "只对标量成立：d inv(X) = -inv(X)*dX*inv(X)，逆矩阵须夹在 dX 两侧：`{found}` 应为 `{instead}`",
        ),
        Mistake::TransposeMissing => words(
            "a transpose is missing: `{found}` should be `{instead}`",
            "缺少转置：`{found}` 应为 `{instead}`",
        ),
        Mistake::TransposeExtra => words(
            "a transpose is too much: `{found}` should be `{instead}`",
            "多了转置：`{found}` 应为 `{instead}`",
        ),
        Mistake::Conjugate => words(
            "transpose and conjugate transpose are confused: `{found}` should be `{instead}`",
            "混淆了转置与共轭转置：`{found}` 应为 `{instead}`",
        ),
        Mistake::Transposes => words(
            "transposes and the order of a product: `{found}` should be `{instead}`",
            "转置与乘积次序：`{found}` 应为 `{instead}`",
        ),
        Mistake::Order => words(
            "the order is wrong: `{found}` should be `{instead}`",
            "次序错误：`{found}` 应为 `{instead}`",
        ),
        Mistake::SumMissing => words(
            "a sum is missing: `{found}` should be `{instead}`",
            "缺少求和：`{found}` 应为 `{instead}`",
        ),
        Mistake::OwnTranspose => words(
            "a matrix is not its own transpose, the two terms are equal under a trace only: `{found}` should be `{instead}`",
            "矩阵一般不等于自身的转置，两项只在迹内相等：`{found}` 应为 `{instead}`",
        ),
        Mistake::ProductOfTraces => words(
            "the trace of a product is not the product of the traces: `{found}` should be `{instead}`",
            "乘积的迹不等于迹的乘积：`{found}` 应为 `{instead}`",
        ),
        Mistake::InnerDerivative => words(
            "chain rule: this is the derivative by `{found}`, the inner derivative is forgotten",
            "链式法则：这只是对 `{found}` 的导数，漏乘了内层导数",
        ),
        Mistake::FunctionPassed => words(
            "chain rule: the derivative of {instead} is left out at `{found}`",
            "链式法则：在 `{found}` 处漏乘了 {instead} 的导数",
        ),
        Mistake::TermSign => words(
            "the sign of a term is wrong: `{found}` should be `{instead}`",
            "某一项的符号错误：`{found}` 应为 `{instead}`",
        ),
        Mistake::Number => words(
            "a number is wrong: `{found}` should be `{instead}`",
            "数值错误：`{found}` 应为 `{instead}`",
        ),
        Mistake::Elementwise => words(
            "elementwise and matrix operation are confused: `{found}` should be `{instead}`",
            "混淆了逐元素运算与矩阵运算：`{found}` 应为 `{instead}`",
        ),
        Mistake::MatrixFunction => words(
            "the elementwise function and the function of the matrix are confused: `{found}` should be `{instead}`",
            "混淆了逐元素函数与矩阵函数：`{found}` 应为 `{instead}`",
        ),
        Mistake::InnerOuter => words(
            "inner and outer product are confused: `{found}` should be `{instead}`",
            "混淆了内积与外积：`{found}` 应为 `{instead}`",
        ),
        Mistake::FunctionDerivative => words(
            "a function and its derivative are confused: `{found}` should be `{instead}`",
            "混淆了函数与其导数：`{found}` 应为 `{instead}`",
        ),
        Mistake::Function => words(
            "another function: `{found}` should be `{instead}`",
            "函数错误：`{found}` 应为 `{instead}`",
        ),
        Mistake::InverseMissing => words(
            "an inverse is missing: `{found}` should be `{instead}`",
            "缺少求逆：`{found}` 应为 `{instead}`",
        ),
        Mistake::InverseExtra => words(
            "an inverse is too much: `{found}` should be `{instead}`",
            "多了求逆：`{found}` 应为 `{instead}`",
        ),
        Mistake::TraceMissing => words(
            "a trace was dropped: `{found}` should be `{instead}`",
            "丢了迹：`{found}` 应为 `{instead}`",
        ),
        Mistake::TraceExtra => words(
            "a trace is too much: `{found}` should be `{instead}`",
            "多了迹：`{found}` 应为 `{instead}`",
        ),
        Mistake::Axis => words(
            "summed over the wrong axis: `{found}` should be `{instead}`",
            "求和的轴错误：`{found}` 应为 `{instead}`",
        ),
        Mistake::Symbol => words(
            "the symbol is wrong: `{found}` should be `{instead}`",
            "符号名错误：`{found}` 应为 `{instead}`",
        ),
        Mistake::TermMissing => words(
            "a term is missing: `{found}` should be `{instead}`",
            "缺少一项：`{found}` 应为 `{instead}`",
        ),
        Mistake::TermExtra => words(
            "a term is too much: `{found}` should be `{instead}`",
            "多了一项：`{found}` 应为 `{instead}`",
        ),
        Mistake::FactorMissing => words(
            "a factor is missing: `{found}` should be `{instead}`",
            "缺少因子：`{found}` 应为 `{instead}`",
        ),
        Mistake::FactorExtra => words(
            "a factor is too much: `{found}` should be `{instead}`",
            "多了因子：`{found}` 应为 `{instead}`",
        ),
        Mistake::FunctionMissing => words(
            "a function is missing: `{found}` should be `{instead}`",
            "缺少函数：`{found}` 应为 `{instead}`",
        ),
        Mistake::FunctionExtra => words(
            "a function is too much: `{found}` should be `{instead}`",
            "多了函数：`{found}` 应为 `{instead}`",
        ),
        Mistake::Shape => words(
            "the shape is wrong: {found} should be {instead}",
            "尺寸错误：{found} 应为 {instead}",
        ),
        Mistake::Bracket if diagnosis.found == "(" => {
            words("a bracket is not closed", "括号没有配对：缺少右括号")
        }
        Mistake::Bracket => words("a bracket is not opened", "括号没有配对：缺少左括号"),
        Mistake::Part => words("`{found}` should be `{instead}`", "`{found}` 应为 `{instead}`"),
    }
}

/// Whether this is one over a whole number.
fn is_unit_fraction(factor: &str) -> bool {
    factor.strip_prefix("1/").is_some_and(|divisor| divisor.parse::<u64>().is_ok())
}

/// An assumption that is a declaration.
fn assumed(declaration: &str) -> Words {
    match declaration.rsplit(' ').next().unwrap_or_default() {
        "symmetric" => words(
            "it holds if {name} {is} symmetric; to assume it: --let '{instead}'",
            "当 {name} 为对称矩阵时成立；若要假设：--let '{instead}'",
        ),
        "skew" => words(
            "it holds if {name} {is} skew-symmetric; to assume it: --let '{instead}'",
            "当 {name} 为反对称矩阵时成立；若要假设：--let '{instead}'",
        ),
        "simplex" => words(
            "it holds if the entries of {name} add up to one; to assume it: --let '{instead}'",
            "当 {name} 的元素之和为一时成立；若要假设：--let '{instead}'",
        ),
        "orthogonal" => words(
            "it holds if {name} {is} orthogonal; to assume it: --let '{instead}'",
            "当 {name} 为正交矩阵时成立；若要假设：--let '{instead}'",
        ),
        _ => words(
            "it holds if {name} {is} diagonal; to assume it: --let '{instead}'",
            "当 {name} 为对角矩阵时成立；若要假设：--let '{instead}'",
        ),
    }
}
