//! The sign `d(U)`: the differential of an expression, and of a name that is bound.
//!
//! Must not know how differentials are formed.

use gradus_syntax::tree::ExprId;

use crate::calls::Target;
use crate::engine::{Engine, Task};
use crate::failure::Step;
use crate::names::{Meaning, NameId, Word};
use crate::typed::{Operation, TypedId, VariableId};

/// The sign of a differential.
const SIGN: &str = "d";

impl Engine<'_> {
    /// Whether a name that is called is the sign of a differential: it is nothing else.
    pub(crate) fn is_differential_sign(&self, name: NameId) -> bool {
        let known = self.names.get(name);
        &*known.text == SIGN
            && known.meaning == Meaning::Unseen
            && known.declared.is_none()
            && !known.binds
            && !known.bound_later
            && known.function.is_none()
            && known.occurrences == 0
            && self.bound_index(name).is_none()
    }

    /// Goes to the expression whose differential is meant.
    pub(crate) fn visit_differential(
        &mut self,
        expr: ExprId,
        name: NameId,
        arguments: &[ExprId],
    ) -> Step<()> {
        self.one_argument(expr, name, arguments)?;
        self.tasks.extend([Task::Apply(expr, Target::Differential), Task::Visit(arguments[0])]);
        Ok(())
    }

    /// The differential of a value: of a variable the variable `dX`, which stands for it.
    pub(crate) fn differential_of_value(&mut self, expr: ExprId, value: TypedId) -> Step<TypedId> {
        if let Operation::Variable(variable) = self.typed.node(value).operation
            && let Some(differential) = self.differential_variable(expr, variable)?
        {
            return Ok(self.variable_node(differential));
        }
        let shape = self.shape(value);
        Ok(self.node(Operation::Differential(value), shape, expr))
    }

    /// The variable that is the differential of another one, unless its name is taken.
    fn differential_variable(&mut self, expr: ExprId, of: VariableId) -> Step<Option<VariableId>> {
        let name = self.names.intern(&format!("{SIGN}{}", self.typed.variable(of).name));
        let known = self.names.get(name);
        match known.meaning {
            Meaning::Variable(id) => {
                Ok((self.typed.variable(id).differential_of == Some(of)).then_some(id))
            }
            Meaning::Unseen
                if known.declared.is_none()
                    && !known.binds
                    && !known.bound_later
                    && known.function.is_none()
                    && known.word == Word::None
                    && known.dimension.is_none() =>
            {
                self.differential(expr, name)
            }
            _ => Ok(None),
        }
    }

    /// The value whose differential an unknown name is: of `dh` the value that `h` is bound to.
    pub(crate) fn bound_value_of_differential(&self, name: NameId) -> Option<TypedId> {
        let rest = self.names.get(name).text.strip_prefix(SIGN)?;
        match self.names.get(self.names.find(rest)?).meaning {
            Meaning::Bound(value) if self.typed.family_index(value).is_none() => Some(value),
            _ => None,
        }
    }
}
