//! Rules by which the derivative is read off a differential, and how it is written.
//!
//! Must not know how the rules act.

use super::ProvedRule;
use crate::proof::{Proof, line};

pub(super) const RULES: &[ProvedRule] = &[
    ProvedRule {
        name: "identification",
        proof: Proof {
            declarations: "G: matrix(m,n); a: vector(m); b: vector(n)",
            lines: &[
                line(
                    "tr(G'*(a*b')) = a'*G*b",
                    "for a = eᵢ and b = eⱼ, dX has the one entry 1 in row i and column j, and df is Gᵢⱼ",
                    "取 a = eᵢ, b = eⱼ，则 dX 只有第 i 行第 j 列的元素 1，df 即 Gᵢⱼ",
                ),
                line(
                    "",
                    "so df for every dX determines every entry of G: there is only one gradient",
                    "故对一切 dX 的 df 决定 G 的每个元素：梯度唯一",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "vector-identification",
        proof: Proof {
            declarations: "g, e: vector(n)",
            lines: &[
                line(
                    "g'*e = sum(g.*e)",
                    "for dx = eᵢ this is the entry gᵢ",
                    "取 dx = eᵢ，即得元素 gᵢ",
                ),
                line("", "so df for every dx determines g", "故对一切 dx 的 df 决定 g"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "scalar-identification",
        proof: Proof {
            declarations: "G: matrix(m,n); t: scalar",
            lines: &[
                line(
                    "",
                    "for dt = 1 the differential is its factor: this is the derivative",
                    "取 dt = 1，微分即其系数，也就是导数",
                ),
                line("d(G*t) = G*dt", "as of the straight line", "直线的情形"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "jacobian-identification",
        proof: Proof {
            declarations: "J: matrix(m,n); x: vector(n)",
            lines: &[
                line(
                    "d(J*x) = J*dx",
                    "for dx = eⱼ this is column j of J",
                    "取 dx = eⱼ，即得 J 的第 j 列",
                ),
                line("", "so dF for every dx determines J", "故对一切 dx 的 dF 决定 J"),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "entry-identification",
        proof: Proof::of(&[line(
            "",
            "the differentials of the entries are independent, so the factor of each is the derivative by that entry",
            "各元素的微分相互独立，其系数即对该元素的导数",
        )]),
    },
    ProvedRule {
        name: "simplification",
        proof: Proof::of(&[line(
            "",
            "the same array, written shorter; that it is the same is verified",
            "同一数组的更短写法；相等已经验证",
        )]),
    },
    ProvedRule {
        name: "stacking",
        proof: Proof::of(&[line(
            "",
            "the same entries, with matrices stacked row after row: commutation matrices stand on both sides of the form with columns stacked",
            "同样的元素，矩阵按行堆叠；与按列堆叠的形式相差两侧的交换矩阵",
        )]),
    },
    ProvedRule {
        name: "at-point",
        proof: Proof::of(&[line(
            "",
            "the derivative is formed first; then the variables take their values",
            "先求导，再代入变量的值",
        )]),
    },
    ProvedRule {
        name: "layout",
        proof: Proof::of(&[line(
            "",
            "the same entries in the order of axes that was asked for; in numerator layout a gradient is the transpose of that in denominator layout",
            "同样的元素，按所选布局排列；分子布局的梯度是分母布局的转置",
        )]),
    },
    ProvedRule {
        name: "projection",
        proof: Proof {
            declarations: "G: matrix(n,n); S: symmetric(n)",
            lines: &[
                line(
                    "tr(G'*S) = tr(((G + G')/2)'*S)",
                    "along a symmetric direction only the symmetric part of G counts",
                    "沿对称方向，只有 G 的对称部分起作用",
                ),
                line(
                    "tr(((G - G')/2)'*S) = 0",
                    "the other part is at right angles to it",
                    "另一部分与之正交",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "entries",
        proof: Proof {
            declarations: "G: matrix(n,n)",
            lines: &[line(
                "G + G' - G.*eye(n) = tril(G) + triu(G) + tril(G)' + triu(G)' - 3*G.*eye(n)",
                "an entry off the diagonal stands twice in a symmetric variable, so both places count",
                "对称变量的非对角元素出现两次，两处都计入",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "definition",
        proof: Proof::of(&[line(
            "",
            "the name stands for the expression that it was given to",
            "名称代表其定义的表达式",
        )]),
    },
    ProvedRule {
        name: "collect",
        proof: Proof {
            declarations: "A: matrix(p,m); X: matrix(m,n); B, C: matrix(n,q)",
            lines: &[line(
                "A*dX*B + A*dX*C = A*dX*(B + C)",
                "what is common to the terms is put before them",
                "提取公因子",
            )],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "wirtinger",
        proof: Proof {
            declarations: "z: complex vector(n)",
            lines: &[
                line(
                    "d(z.*conj(z)) = conj(z).*dz + z.*conj(dz)",
                    "the differential and its conjugate both stand in it",
                    "微分与其共轭都出现",
                ),
                line(
                    "",
                    "for dz = e and dz = ie the two parts are added and subtracted, so df for every dz determines the factors of both",
                    "取 dz = e 与 dz = ie，两部分相加与相减，故对一切 dz 的 df 决定两者的系数",
                ),
            ],
            ..Proof::NONE
        },
    },
    ProvedRule {
        name: "real-gradient",
        proof: Proof {
            declarations: "z: complex vector(n)",
            lines: &[
                line(
                    "d(norm2(z)^2) = z^H*dz + conj(z^H*dz)",
                    "of a real function one part is the conjugate of the other",
                    "实值函数的一部分是另一部分的共轭",
                ),
                line(
                    "z^H*dz + conj(z^H*dz) = 2*real(z^H*dz)",
                    "so df is the real inner product of dz with twice the factor of conj(dz), here 2z",
                    "故 df 是 dz 与共轭微分系数两倍（此处为 2z）的实内积",
                ),
            ],
            ..Proof::NONE
        },
    },
];
