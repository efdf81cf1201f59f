//! Rules for blocks, Kronecker products and stacked matrices, and for complex arrays.
//!
//! Must not know how the rules act.

use super::ProvedRule;
use crate::proof::{Proof, line};

pub(super) const RULES: &[ProvedRule] = &[
    ProvedRule {
        name: "matrix-norm-squared",
        proof: Proof {
            declarations: "U: matrix(m,n)",
            lines: &[
                line("norm2(U)^2 = sum(U.*U)", "the sum of the squared entries", "元素的平方和"),
                line(
                    "norm2(U)^2 = tr(U'*U)",
                    "the sum of U ⊙ V is tr(UᵀV)",
                    "U ⊙ V 的元素之和即 tr(UᵀV)",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "hermitian-norm-squared",
        proof: Proof {
            declarations: "u: complex vector(n)",
            lines: &[
                line(
                    "norm2(u)^2 = sum(conj(u).*u)",
                    "the sum of the squared moduli",
                    "各元素模的平方和",
                ),
                line("norm2(u)^2 = u^H*u", "the same sum as a product", "同一个和写成乘积"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "hermitian-matrix-norm-squared",
        proof: Proof {
            declarations: "U: complex matrix(m,n)",
            lines: &[
                line(
                    "norm2(U)^2 = sum(conj(U).*U)",
                    "the sum of the squared moduli",
                    "各元素模的平方和",
                ),
                line(
                    "norm2(U)^2 = tr(U^H*U)",
                    "the sum of conj(U) ⊙ V is tr(UᴴV)",
                    "conj(U) ⊙ V 的元素之和即 tr(UᴴV)",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "modulus-squared",
        proof: Proof {
            declarations: "u: complex scalar",
            lines: &[
                line("abs(u)^2 = real(u)^2 + imag(u)^2", "definition", "定义"),
                line("abs(u)^2 = conj(u)*u", "multiplied out", "展开"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "conjugate-transpose",
        proof: Proof {
            declarations: "U, V: complex matrix(m,n)",
            lines: &[
                line(
                    "(U + V)^H - U^H = V^H",
                    "it is linear over the real numbers",
                    "在实数域上是线性的",
                ),
                line("d(U^H) = (dU)^H", "V = dU", "取 V = dU"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "trace-square",
        proof: Proof {
            declarations: "U: matrix(m,n)",
            lines: &[
                line("d(tr(U'*U)) = tr((dU)'*U) + tr(U'*dU)", "product rule", "乘积法则"),
                line(
                    "tr((dU)'*U) = tr(U'*dU)",
                    "a trace is that of the transpose",
                    "迹等于转置的迹",
                ),
                line("d(tr(U'*U)) = 2*tr(U'*dU)", "two equal terms", "两项相等"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "transpose-of-product",
        proof: Proof {
            declarations: "U: matrix(m,n); V: matrix(n,p)",
            lines: &[line(
                "(U*V)' = V'*U'",
                "row i of U times column j of V, at the place (j, i)",
                "U 的第 i 行乘 V 的第 j 列，位于 (j, i)",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "transpose-of-hadamard",
        proof: Proof {
            declarations: "U, V: matrix(m,n)",
            lines: &[line("(U.*V)' = U'.*V'", "entry by entry", "逐元素")],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "vec-of-kronecker",
        proof: Proof {
            declarations: "a: vector(m); b: vector(n); c: vector(p); d: vector(q); U: matrix(m,n); V: matrix(p,q)",
            lines: &[
                line(
                    "kron(a*b', c*d') = kron(a, c)*kron(b, d)'",
                    "mixed product",
                    "克罗内克积的混合乘积",
                ),
                line(
                    "vec(kron(a*b', c*d')) = kron(kron(b, d), kron(a, c))",
                    "vec of a column times a row",
                    "列乘行的向量化",
                ),
                line(
                    "kron(vec(a*b'), vec(c*d')) = kron(kron(b, a), kron(d, c))",
                    "the same factors in another order",
                    "同样的因子，次序不同",
                ),
                line(
                    "kron(eye(n), kron(commutation(q,m), eye(p)))*kron(kron(b, a), kron(d, c)) = kron(kron(b, d), kron(a, c))",
                    "K exchanges the two in the middle",
                    "K 交换中间两个因子",
                ),
                line(
                    "vec(kron(U, V)) = kron(eye(n), kron(commutation(q,m), eye(p)))*kron(vec(U), vec(V))",
                    "every matrix is a sum of such products",
                    "任何矩阵都是这种乘积之和",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "vec-of-diagonal",
        proof: Proof {
            declarations: "u: vector(n)",
            lines: &[line(
                "vec(diag(u)) = khatrirao(eye(n), eye(n))*u",
                "column i of I ∗ I is the vec of the unit matrix with the entry (i, i)",
                "I ∗ I 的第 i 列是 (i, i) 处为一的单位元矩阵的向量化",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "diagonal-of-vec",
        proof: Proof {
            declarations: "U: matrix(n,n)",
            lines: &[line(
                "diag(U) = khatrirao(eye(n), eye(n))'*vec(U)",
                "row i of the transpose of I ∗ I picks the entry (i, i)",
                "I ∗ I 的转置的第 i 行取出 (i, i) 元",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "half-vec",
        proof: Proof {
            declarations: "U: matrix(n,n)",
            lines: &[
                line(
                    "",
                    "the rows of the elimination matrix L pick the entries on and below the diagonal",
                    "消去矩阵 L 的各行取出对角线及其下方的元素",
                ),
                line("vech(U) = elimination(n)*vec(U)", "definition of L", "L 的定义"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "triangle-as-hadamard",
        proof: Proof {
            declarations: "U: matrix(m,n)",
            lines: &[
                line(
                    "tril(U) = tril(ones(m,n)).*U",
                    "entries above the diagonal times zero, the others times one",
                    "对角线上方的元素乘零，其余乘一",
                ),
                line("triu(U) = triu(ones(m,n)).*U", "the same below", "下方同理"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "slice",
        proof: Proof {
            declarations: "U: matrix(m,n)",
            lines: &[line(
                "U[1:2,:] = eye(m)[1:2,:]*U",
                "rows of the identity pick rows",
                "单位矩阵的行取出相应的行",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "kronecker-as-hadamard",
        proof: Proof {
            declarations: "U: matrix(m,n); V: matrix(p,q)",
            lines: &[
                line(
                    "kron(U, V) = kron(U, ones(p,q)).*kron(ones(m,n), V)",
                    "each entry of the product is an entry of U times an entry of V",
                    "积的每个元素都是 U 的元素乘 V 的元素",
                ),
                line(
                    "kron(U, ones(p,q)) = kron(eye(m), ones(p))*U*kron(eye(n), ones(q)')",
                    "the first factor repeats the entries of U",
                    "第一个因子重复 U 的元素",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "khatri-rao-as-hadamard",
        proof: Proof {
            declarations: "U: matrix(m,n); V: matrix(p,n)",
            lines: &[line(
                "khatrirao(U, V) = (kron(eye(m), ones(p))*U).*(kron(ones(m), eye(p))*V)",
                "column by column, each entry of U times each entry of V",
                "逐列看，U 的每个元素乘 V 的每个元素",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "basis",
        proof: Proof {
            declarations: "A: matrix(m,n); x: vector(n)",
            lines: &[
                line(
                    "x = eye(n)*x",
                    "x is a sum of multiples of the basis vectors",
                    "x 是基向量的线性组合",
                ),
                line(
                    "A*x = (A*eye(n))*x",
                    "so a linear map is the matrix of their images",
                    "故线性映射的矩阵由基向量的像组成",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "tangent",
        proof: Proof::of(&[line(
            "",
            "the gradient has the structure itself, so that nothing is left to project",
            "梯度本身已具有该结构，无须再投影",
        )]),
    },
    ProvedRule {
        name: "one-column",
        proof: Proof::of(&[line(
            "",
            "gradients stand one below the other, Jacobians side by side, in the order of the variables",
            "梯度依次上下排列，雅可比矩阵依次左右排列，按变量的次序",
        )]),
    },
];
