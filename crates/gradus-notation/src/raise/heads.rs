//! The functions of the vocabulary that stand for reductions of a graph.
//!
//! Must not know when they are used.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::book;
use gradus_tensor::{FunctionId, Role, Vocabulary};

/// Functions that are real of complex arguments too.
pub(crate) const REAL_VALUED: &[&str] =
    &["logdet", "abs", "real", "norm", "norm1", "norm2", "normF"];

/// Functions that stand for reductions of the graph.
pub(crate) struct Heads {
    pub(crate) trace: FunctionId,
    pub(crate) sum: FunctionId,
    pub(crate) mean: FunctionId,
    pub(crate) norm: FunctionId,
    pub(crate) frobenius: FunctionId,
    pub(crate) square_root: FunctionId,
    pub(crate) vec: FunctionId,
    pub(crate) unvec: FunctionId,
    pub(crate) kron: FunctionId,
    pub(crate) commutation: FunctionId,
    pub(crate) khatrirao: FunctionId,
    pub(crate) blocktrace: FunctionId,
    pub(crate) blocksum: FunctionId,
    pub(crate) vech: FunctionId,
    pub(crate) duplication: FunctionId,
    pub(crate) elimination: FunctionId,
    pub(crate) cross: Option<FunctionId>,
    pub(crate) lower: FunctionId,
    pub(crate) upper: FunctionId,
    pub(crate) inverse: Option<FunctionId>,
    pub(crate) exponential: Option<FunctionId>,
    pub(crate) conjugate: Option<FunctionId>,
    /// Functions that are real of complex arguments too.
    pub(crate) real_valued: Vec<FunctionId>,
}

impl Heads {
    pub(crate) fn resolve() -> Result<Self> {
        let find = |name: &str| {
            book().lookup(name).ok_or_else(|| {
                Box::new(Diagnostic::internal(format!("the vocabulary lacks `{name}`")))
            })
        };
        Ok(Self {
            trace: find("tr")?,
            sum: find("sum")?,
            mean: find("mean")?,
            norm: find("norm2")?,
            frobenius: find("normF")?,
            square_root: find("sqrt")?,
            vec: find("vec")?,
            unvec: find("unvec")?,
            kron: find("kron")?,
            commutation: find("commutation")?,
            khatrirao: find("khatrirao")?,
            blocktrace: find("blocktrace")?,
            blocksum: find("blocksum")?,
            vech: find("vech")?,
            duplication: find("duplication")?,
            elimination: find("elimination")?,
            cross: book().lookup("cross"),
            lower: find("tril")?,
            upper: find("triu")?,
            inverse: book().with_role(Role::Inverse),
            exponential: book().with_role(Role::Exponential),
            conjugate: book().with_role(Role::Conjugate),
            real_valued: REAL_VALUED.iter().filter_map(|name| book().lookup(name)).collect(),
        })
    }
}
