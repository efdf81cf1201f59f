//! The normal form.
use super::arena::Arena;
use super::node::ExprId;
impl Arena {
    /// x
    pub fn normal(&mut self, id: ExprId) -> ExprId {
        id
    }
}
