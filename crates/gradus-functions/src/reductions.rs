//! Sums over entries, and products of two arrays that are sums.
//!
//! Must not know networks.

use crate::base::{numpy, operator_name};
use crate::entry::{Function, Meaning, Structural};
use crate::proof::{Proof, line};

pub(crate) const ENTRIES: &[Function] = &[
    Function {
        name: "sum",
        summary: "the sum of all entries",
        signatures: &["(m,n) -> (1,1)"],
        meaning: Meaning::Structural(Structural::Sum),
        differential: "sum(dX)",
        form: operator_name!("sum"),
        spellings: numpy!("np.sum({0})"),
        hint: "the sums of each row are `rowsum(X)`, of each column `colsum(X)`",
        proof: Proof {
            declarations: "H: matrix(m,n)",
            lines: &[
                line(
                    "sum(X + H) = sum(X) + sum(H)",
                    "a sum of entries is linear",
                    "元素之和为线性",
                ),
                line(
                    "d(sum(X)) = sum(dX)",
                    "a linear function is its own linear part",
                    "线性函数的线性部分就是它自己",
                ),
            ],
            ..Proof::NONE
        },
        ..Function::DERIVED
    },
    Function {
        name: "mean",
        summary: "the mean of all entries",
        signatures: &["(m,n) -> (1,1)"],
        meaning: Meaning::Expansion("sum(X)/(m*n)"),
        form: operator_name!("mean"),
        spellings: numpy!("np.mean({0})"),
        ..Function::DERIVED
    },
    Function {
        name: "rowsum",
        summary: "the column of the sums of each row",
        signatures: &["(m,n) -> (m,1)"],
        meaning: Meaning::Expansion("X*ones(n)"),
        form: operator_name!("rowsum"),
        spellings: numpy!("np.sum({0}, axis=1)"),
        ..Function::DERIVED
    },
    Function {
        name: "colsum",
        summary: "the row of the sums of each column",
        signatures: &["(m,n) -> (1,n)"],
        meaning: Meaning::Expansion("ones(m)'*X"),
        form: operator_name!("colsum"),
        spellings: numpy!("np.sum({0}, axis=0)"),
        ..Function::DERIVED
    },
    Function {
        name: "dot",
        summary: "the sum of the products of entries in the same place, those of the first conjugated",
        parameters: &["A", "B"],
        signatures: &["(m,n), (m,n) -> (1,1)"],
        meaning: Meaning::Expansion("sum(conj(A).*B)"),
        form: operator_name!("dot"),
        spellings: numpy!("np.vdot({0}, {1})"),
        hint: "`dot` takes two arrays of one shape",
        ..Function::DERIVED
    },
    Function {
        name: "outer",
        summary: "the matrix of all products of entries of two columns",
        parameters: &["a", "b"],
        signatures: &["(m,1), (n,1) -> (m,n)"],
        meaning: Meaning::Expansion("a*b'"),
        form: operator_name!("outer"),
        spellings: numpy!("np.outer({0}, {1})"),
        hint: "`outer` takes two columns",
        ..Function::DERIVED
    },
];
