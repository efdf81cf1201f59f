//! Rules for traces, inner products and stacked matrices, by which the differential is brought to the end.
//!
//! Must not know how the rules act.

use super::ProvedRule;
use crate::proof::{Proof, line};

pub(super) const RULES: &[ProvedRule] = &[
    ProvedRule {
        name: "norm-squared",
        proof: Proof {
            declarations: "u: vector(n)",
            lines: &[
                line("norm2(u) = sqrt(sum(u.*u))", "definition", "定义"),
                line("norm2(u)^2 = u'*u", "squared", "平方"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "log-softmax",
        proof: Proof {
            declarations: "u: vector(n)",
            lines: &[
                line("softmax(u) = exp(u)/sum(exp(u))", "definition", "定义"),
                line(
                    "log(softmax(u)) = u - log(sum(exp(u)))*ones(n)",
                    "the logarithm of a quotient is a difference",
                    "商的对数等于对数之差",
                ),
                line(
                    "log(softmax(u)) = u - logsumexp(u)*ones(n)",
                    "definition of logsumexp",
                    "logsumexp 的定义",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "sums-to-one",
        proof: Proof {
            declarations: "y: simplex(n); x: vector(n)",
            lines: &[
                line("ones(n)'*y = sum(y)", "a product with ones is a sum", "与全一向量之积即求和"),
                line("ones(n)'*y = 1", "the entries of y add up to one", "y 的元素之和为一"),
                line(
                    "ones(n)'*softmax(x) = 1",
                    "and so do those of a softmax",
                    "softmax 的元素之和也为一",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "sum-of-hadamard",
        proof: Proof {
            declarations: "U, V: matrix(m,n)",
            lines: &[
                line("sum(U.*V) = sum[i,j](U[i,j]*V[i,j])", "entry by entry", "逐元素"),
                line(
                    "tr(U'*V) = sum[j,i](U[i,j]*V[i,j])",
                    "the diagonal of UᵀV holds the products of columns",
                    "UᵀV 的对角元是各列的内积",
                ),
                line("sum(U.*V) = tr(U'*V)", "the same sum", "同一个和"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "own-trace",
        proof: Proof {
            declarations: "a: vector(m); X: matrix(m,n); b: vector(n)",
            lines: &[
                line(
                    "",
                    "a scalar is a matrix of one row and one column, and its only entry is its diagonal",
                    "标量是一行一列的矩阵，唯一的元素就是对角元",
                ),
                line("a'*X*b = tr(a'*X*b)", "so it is its own trace", "故等于自身的迹"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "trace-transpose",
        proof: Proof {
            declarations: "U: matrix(n,n)",
            lines: &[
                line(
                    "tr(U) = sum[i](U[i,i])",
                    "the trace is the sum of the diagonal",
                    "迹是对角元之和",
                ),
                line(
                    "tr(U) = tr(U')",
                    "transposition leaves the diagonal where it is",
                    "转置不改变对角元",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "cyclic",
        proof: Proof {
            declarations: "U: matrix(m,n); V: matrix(n,m)",
            lines: &[
                line(
                    "tr(U*V) = sum[i,j](U[i,j]*V[j,i])",
                    "the diagonal of UV, added up",
                    "UV 的对角元之和",
                ),
                line(
                    "tr(V*U) = sum[j,i](V[j,i]*U[i,j])",
                    "the diagonal of VU, added up",
                    "VU 的对角元之和",
                ),
                line(
                    "tr(U*V) = tr(V*U)",
                    "the same products in another order",
                    "同样的乘积，次序不同",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "hadamard-exchange",
        proof: Proof {
            declarations: "U, V, W: matrix(m,n)",
            lines: &[
                line(
                    "tr(U'*(V.*W)) = sum(U.*V.*W)",
                    "the trace of UᵀM is the sum of the entries of U ⊙ M",
                    "UᵀM 的迹等于 U ⊙ M 的元素之和",
                ),
                line("tr((U.*V)'*W) = sum(U.*V.*W)", "the same on the other side", "另一边同理"),
                line("tr(U'*(V.*W)) = tr((U.*V)'*W)", "the same sum", "同一个和"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "dot-symmetric",
        proof: Proof {
            declarations: "u, v: vector(n)",
            lines: &[
                line("u'*v = sum[i](u[i]*v[i])", "entry by entry", "逐元素"),
                line("u'*v = v'*u", "numbers commute", "数的乘法可交换"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "diagonal-times-vector",
        proof: Proof {
            declarations: "u, v: vector(n)",
            lines: &[
                line(
                    "",
                    "row i of diag(u) has the one entry uᵢ, in column i",
                    "diag(u) 的第 i 行只有第 i 列的元素 uᵢ",
                ),
                line("diag(u)*v = u.*v", "so entry i is uᵢ vᵢ", "故第 i 个元素为 uᵢ vᵢ"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "trace-of-diagonal",
        proof: Proof {
            declarations: "U: matrix(n,n); v: vector(n)",
            lines: &[
                line(
                    "tr(U*diag(v)) = sum[i](U[i,i]*v[i])",
                    "column i of U is multiplied by vᵢ",
                    "U 的第 i 列乘以 vᵢ",
                ),
                line(
                    "tr(U*diag(v)) = diag(U)'*v",
                    "a sum of products is an inner product",
                    "乘积之和即内积",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "dot-of-vec",
        proof: Proof {
            declarations: "U, V: matrix(m,n)",
            lines: &[
                line(
                    "vec(U)'*vec(V) = sum[i,j](U[i,j]*V[i,j])",
                    "the entries in the same place, multiplied",
                    "相同位置的元素相乘",
                ),
                line("vec(U)'*vec(V) = tr(U'*V)", "sum(U ⊙ V) = tr(UᵀV)", "sum(U ⊙ V) = tr(UᵀV)"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "sum-as-product",
        proof: Proof {
            declarations: "U: matrix(m,n)",
            lines: &[
                line(
                    "sum(U) = ones(m)'*U*ones(n)",
                    "ones from the left add the rows, ones from the right the columns",
                    "左乘全一向量对行求和，右乘对列求和",
                ),
                line("sum(U) = tr(ones(n)*ones(m)'*U)", "own trace, cyclic", "自身的迹，循环移位"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "adjoint",
        proof: Proof {
            declarations: "A, B, U, V: matrix(n,n)",
            lines: &[
                line(
                    "tr(V'*(A*U*B)) = tr((A'*V*B')'*U)",
                    "the map U → AUB, taken to the other factor, is V → AᵀVBᵀ",
                    "映射 U → AUB 移到另一因子即 V → AᵀVBᵀ",
                ),
                line(
                    "tr(V'*tril(U)) = tr(tril(V)'*U)",
                    "and so for every linear map",
                    "对任何线性映射都有伴随",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "scalar-out",
        proof: Proof {
            declarations: "a: scalar; U: matrix(n,n)",
            lines: &[line("tr(a*U) = a*tr(U)", "each entry has the factor", "每个元素都含此因子")],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "triangle",
        proof: Proof {
            declarations: "U, V: matrix(n,n)",
            lines: &[
                line(
                    "tr(V'*tril(U)) = sum(V.*tril(U))",
                    "a trace is a sum of products",
                    "迹即乘积之和",
                ),
                line(
                    "sum(V.*tril(U)) = sum(tril(V).*U)",
                    "outside of the triangle one factor is zero anyway",
                    "三角之外总有一个因子为零",
                ),
                line("tr(V'*tril(U)) = tr(tril(V)'*U)", "back to a trace", "写回迹"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "block-of-trace",
        proof: Proof {
            declarations: "A, U: matrix(m,n); B, V: matrix(m,p)",
            lines: &[
                line(
                    "tr([A, B]'*[U, V]) = tr(A'*U) + tr(B'*V)",
                    "the diagonal blocks of the product",
                    "乘积的对角块",
                ),
                line(
                    "tr([A, B]'*[U, zeros(m,p)]) = tr(A'*U)",
                    "where one block is zero the other one counts",
                    "一块为零时只有另一块起作用",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "block-trace",
        proof: Proof {
            declarations: "U: matrix(p,p); V: matrix(q,q); M: matrix(p*q,p*q)",
            lines: &[
                line(
                    "kron(U, V) = kron(eye(p), V)*kron(U, eye(q))",
                    "mixed product",
                    "克罗内克积的混合乘积",
                ),
                line(
                    "tr(M*kron(U, eye(q))) = tr(blocktrace(M, p, q)*U)",
                    "each block of M is multiplied by one entry of U",
                    "M 的每一块乘以 U 的一个元素",
                ),
                line(
                    "tr(M*kron(U, V)) = tr(blocktrace(M*kron(eye(p), V), p, q)*U)",
                    "both together",
                    "两式合并",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "sum-of-traces",
        proof: Proof {
            declarations: "U, V: matrix(n,n)",
            lines: &[line("tr(U + V) = tr(U) + tr(V)", "the diagonals are added", "对角元相加")],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "vec-of-product",
        proof: Proof {
            declarations: "A: matrix(p,m); X: matrix(m,n); B: matrix(n,q); a: vector(m); b: vector(n)",
            lines: &[
                line("vec(a*b') = kron(b, a)", "column j of abᵀ is bⱼ a", "abᵀ 的第 j 列为 bⱼ a"),
                line(
                    "A*(a*b')*B = (A*a)*(B'*b)'",
                    "a product again of one column and one row",
                    "仍是一列乘一行",
                ),
                line(
                    "kron(B'*b, A*a) = kron(B', A)*kron(b, a)",
                    "mixed product",
                    "克罗内克积的混合乘积",
                ),
                line(
                    "vec(A*X*B) = kron(B', A)*vec(X)",
                    "every X is a sum of such products",
                    "任何 X 都是这种乘积之和",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "vec-of-transpose",
        proof: Proof {
            declarations: "U: matrix(m,n)",
            lines: &[
                line(
                    "",
                    "rows stacked are columns stacked in another order: the matrix of this order is the commutation matrix K",
                    "按行堆叠是按列堆叠的重排：该重排的矩阵即交换矩阵 K",
                ),
                line("vec(U') = commutation(m,n)*vec(U)", "definition of K", "K 的定义"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "vec-of-hadamard",
        proof: Proof {
            declarations: "U, V: matrix(m,n)",
            lines: &[
                line("vec(U.*V) = vec(U).*vec(V)", "entry by entry", "逐元素"),
                line("vec(U.*V) = diag(vec(U))*vec(V)", "diag(u)v = u ⊙ v", "diag(u)v = u ⊙ v"),
            ],
            ..Proof::NONE
        },
    },
];
