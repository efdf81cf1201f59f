//! Rules of differentials: of sums, products, quotients, powers, compositions.
//!
//! Must not know how the rules act.

use super::ProvedRule;
use crate::proof::{Proof, line};

pub(super) const RULES: &[ProvedRule] = &[
    ProvedRule {
        name: "sum",
        proof: Proof {
            declarations: "U, V, H, K: matrix(m,n)",
            lines: &[
                line(
                    "(U + H) + (V + K) - (U + V) = H + K",
                    "what is added to U and to V is added to the sum",
                    "U 与 V 的增量相加即和的增量",
                ),
                line("d(U + V) = dU + dV", "H = dU and K = dV", "取 H = dU，K = dV"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "product",
        proof: Proof {
            declarations: "U, H: matrix(m,k); V, K: matrix(k,n)",
            lines: &[
                line("(U + H)*(V + K) - U*V = H*V + U*K + H*K", "multiplied out", "展开"),
                line(
                    "",
                    "the product of H and K is of second order: it is no part of the linear part",
                    "H 与 K 之积为二阶小量，不属于线性部分",
                ),
                line(
                    "d(U*V) = dU*V + U*dV",
                    "H = dU and K = dV; the order of the factors stays",
                    "取 H = dU，K = dV；因子次序不变",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "hadamard-product",
        proof: Proof {
            declarations: "U, V, H, K: matrix(m,n)",
            lines: &[
                line(
                    "(U + H).*(V + K) - U.*V = H.*V + U.*K + H.*K",
                    "multiplied out, entry by entry",
                    "逐元素展开",
                ),
                line(
                    "",
                    "the product of H and K is of second order: it is no part of the linear part",
                    "H 与 K 之积为二阶小量，不属于线性部分",
                ),
                line("d(U.*V) = dU.*V + U.*dV", "H = dU and K = dV", "取 H = dU，K = dV"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "bilinear",
        proof: Proof {
            declarations: "U, H: matrix(m,n); V, K: matrix(p,q)",
            lines: &[
                line(
                    "kron(U + H, V + K) - kron(U, V) = kron(H, V) + kron(U, K) + kron(H, K)",
                    "linear in each factor",
                    "对每个因子为线性",
                ),
                line(
                    "",
                    "the product of H and K is of second order: it is no part of the linear part",
                    "H 与 K 之积为二阶小量，不属于线性部分",
                ),
                line(
                    "d(kron(U, V)) = kron(dU, V) + kron(U, dV)",
                    "H = dU and K = dV",
                    "取 H = dU，K = dV",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "quotient",
        proof: Proof {
            declarations: "u, v: scalar",
            lines: &[
                line("u/v*v = u", "definition of the quotient", "商的定义"),
                line("d(u/v)*v + u/v*dv = du", "product rule on the left side", "左边用乘积法则"),
                line("d(u/v) = du/v - u*dv/v^2", "solved for d(u/v)", "解出 d(u/v)"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "power",
        proof: Proof {
            declarations: "u: positive scalar; k: scalar",
            lines: &[
                line(
                    "u^k = exp(k*log(u))",
                    "definition of a power with a positive base",
                    "底数为正的幂的定义",
                ),
                line(
                    "d(u^k) = exp(k*log(u))*k*du/u",
                    "d exp(v) = exp(v) dv with v = k log(u)",
                    "d exp(v) = exp(v) dv，其中 v = k log(u)",
                ),
                line("d(u^k) = k*u^(k-1)*du", "a power less", "幂次减一"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "matrix-power",
        proof: Proof {
            declarations: "X: matrix(n,n)",
            lines: &[
                line("d(X*X) = dX*X + X*dX", "product rule", "乘积法则"),
                line(
                    "d(X^3) = dX*X^2 + X*dX*X + X^2*dX",
                    "product rule again: one term for each factor",
                    "再用乘积法则：每个因子一项",
                ),
                line("d(X^4) = dX*X^3 + X*dX*X^2 + X^2*dX*X + X^3*dX", "and so on", "依此类推"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "transpose",
        proof: Proof {
            declarations: "U, H: matrix(m,n)",
            lines: &[
                line("(U + H)' - U' = H'", "transposition is linear", "转置是线性的"),
                line("d(U') = (dU)'", "H = dU", "取 H = dU"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "linearity",
        proof: Proof {
            declarations: "A: matrix(p,m); U, H: matrix(m,n); B: matrix(n,p)",
            lines: &[
                line(
                    "A*(U + H)*B - A*U*B = A*H*B",
                    "of a linear function the change has no part of second order",
                    "线性函数的增量没有二阶部分",
                ),
                line("d(A*U*B) = A*dU*B", "H = dU", "取 H = dU"),
                line(
                    "d(tr(A*U*B)) = tr(A*dU*B)",
                    "and so for every linear function",
                    "对任何线性函数都成立",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "elementwise",
        proof: Proof {
            declarations: "u: vector(n)",
            bindings: "y = f.(u)",
            lines: &[
                line(
                    "",
                    "in each entry f(uᵢ + duᵢ) is f(uᵢ) + f′(uᵢ) duᵢ to first order",
                    "在每个元素上，f(uᵢ + duᵢ) 的一阶近似为 f(uᵢ) + f′(uᵢ) duᵢ",
                ),
                line("d(f.(u)) = f'.(u).*du", "all entries at once", "所有元素写在一起"),
            ],
        },
    },
    ProvedRule {
        name: "scalar-function",
        proof: Proof {
            declarations: "U: matrix(m,n); f: function",
            lines: &[
                line(
                    "",
                    "to first order f changes by the sum of its partial derivatives times the changes of the entries",
                    "一阶近似下，f 的变化等于各偏导数乘以相应元素变化之和",
                ),
                line(
                    "d(f(U)) = sum(grad_f(U).*dU)",
                    "the partial derivatives are the entries of the gradient",
                    "偏导数即梯度的元素",
                ),
                line("d(f(U)) = tr(grad_f(U)'*dU)", "a sum of products is a trace", "乘积之和即迹"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "path",
        proof: Proof {
            declarations: "t: scalar; A: matrix(m,n)(t)",
            lines: &[
                line(
                    "",
                    "every entry of A(t) is a function of the one number t",
                    "A(t) 的每个元素都是数 t 的函数",
                ),
                line("d(A(t)) = A'(t)*dt", "all entries at once", "所有元素写在一起"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "square",
        proof: Proof {
            declarations: "u: vector(n)",
            lines: &[
                line("d(u'*u) = (du)'*u + u'*du", "product rule", "乘积法则"),
                line("(du)'*u = u'*du", "a scalar is its own transpose", "标量等于自身的转置"),
                line("d(u'*u) = 2*u'*du", "two equal terms", "两项相等"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "constants",
        proof: Proof {
            declarations: "A: matrix(m,n); X, H: matrix(n,p)",
            lines: &[
                line(
                    "A*(X + H) - A*X = A*H",
                    "what does not depend on the variable is the same before and after",
                    "与变量无关的量前后不变",
                ),
                line("d(A*X) = A*dX", "its differential is zero", "其微分为零"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "chain",
        proof: Proof {
            declarations: "f: function; A: matrix(m,n); X: matrix(n,p)",
            lines: &[
                line(
                    "d(f(A*X)) = tr(grad_f(A*X)'*d(A*X))",
                    "to first order f changes by its gradient at Y = AX times the change of Y",
                    "一阶近似下，f 的变化等于它在 Y = AX 处的梯度乘以 Y 的变化",
                ),
                line(
                    "d(f(A*X)) = tr(grad_f(A*X)'*A*dX)",
                    "and Y changes by A dX",
                    "而 Y 的变化为 A dX",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "sum-of-paths",
        proof: Proof {
            declarations: "A, X: matrix(n,n)",
            lines: &[line(
                "d(tr(X*A*X)) = tr(dX*A*X) + tr(X*A*dX)",
                "what enters in two places changes the function in both: the parts are added",
                "出现在两处的变量在两处都引起变化：相加",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "contribution",
        proof: Proof {
            declarations: "A, B, X: matrix(n,n)",
            lines: &[
                line(
                    "d(tr(A*X*B*X)) = tr(A*dX*B*X) + tr(A*X*B*dX)",
                    "each place in which a step stands changes the function in its own way",
                    "步骤出现的每一处各自引起函数的变化",
                ),
                line(
                    "",
                    "this is the part of one of these places; the parts are added in the end",
                    "这是其中一处的部分，最后各部分相加",
                ),
            ],
            ..Proof::NONE
        },
    },
];
