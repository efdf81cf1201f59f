//! Names for the steps of a nested function: what is set before back-propagation is taught.
//!
//! Must not know differentials. Named are the arguments of functions that act entry by entry or on
//! whole columns, and the values of such functions where they stand inside another argument.

use gradus_diagnostics::Result;
use gradus_elaborate::Program;
use gradus_functions::book;
use gradus_notation::print;
use gradus_notation::tree::{Head, NameKind, Notation, NotationId};
use gradus_tensor::{Dimensions, Role};

use crate::builder::Builder;
use crate::derive::{bounded, builder};
use crate::facts::Facts;
use crate::transcribe::{Names, transcribe};

/// How deep functions must be nested to be worth names.
const NESTING: usize = 2;

/// The function of a program as a text whose steps have names, if it is a nested scalar function
/// without names of its own; `taken` are the names that mean something.
///
/// # Errors
/// As for [`crate::derive()`].
pub fn named_steps(
    program: &Program,
    variables: &[&str],
    taken: &dyn Fn(&str) -> bool,
) -> Result<Option<String>> {
    let Some(root) = program.results.first().copied() else { return Ok(None) };
    if !program.tree.shape(root).is_scalar() || bounded(&program.tree, root).is_err() {
        return Ok(None);
    }
    let mut builder = builder(program);
    let function = transcribe(&mut builder, &program.tree, root, &Names::of_program(&[]))?;
    let varying: Vec<String> = variables.iter().map(|name| (*name).to_owned()).collect();
    let mut namer = Namer { facts: Facts::new(varying), builder, taken, named: Vec::new() };
    Ok(namer.text(function))
}

struct Namer<'n> {
    facts: Facts,
    builder: Builder,
    taken: &'n dyn Fn(&str) -> bool,
    /// The names with their definitions, in order.
    named: Vec<(String, NotationId)>,
}

impl Namer<'_> {
    fn text(&mut self, root: NotationId) -> Option<String> {
        if self.nesting(root) < NESTING {
            return None;
        }
        let mut mapped: Vec<NotationId> = Vec::with_capacity(root.0 as usize + 1);
        let (mut arguments, mut values) = (0, 0);
        // Only what the function consists of: the arena holds more.
        let needed = self.needed(root);
        for at in 0..=root.0 {
            let id = NotationId(at);
            if !needed[at as usize] {
                mapped.push(id);
                continue;
            }
            let inner = self.builder.rebuild(id, |child| mapped[child.0 as usize]);
            let mut to = inner;
            if let Some(argument) = self.stepped(inner) {
                if self.is_composite(argument) {
                    arguments += 1;
                    let name = self.give("a", arguments, argument)?;
                    to = self
                        .builder
                        .rebuild(inner, |child| if child == argument { name } else { child });
                }
                if self.is_value(to) && id != root {
                    values += 1;
                    to = self.give("h", values, to)?;
                }
            }
            mapped.push(to);
        }
        let function = mapped[root.0 as usize];
        let mut text = String::new();
        for (name, definition) in &self.named {
            let definition = print::source(&self.builder.tree, *definition);
            text.push_str(&format!("{name} = {definition}; "));
        }
        text.push_str(&print::source(&self.builder.tree, function));
        Some(text)
    }

    fn needed(&self, root: NotationId) -> Vec<bool> {
        let mut needed = vec![false; root.0 as usize + 1];
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if !std::mem::replace(&mut needed[id.0 as usize], true) {
                self.builder.node(id).for_each_child(|child| open.push(child));
            }
        }
        needed
    }

    /// A name for a formula: small for vectors, a capital for matrices; none of members of families,
    /// which are as many as the family has.
    fn give(&mut self, letter: &str, count: usize, definition: NotationId) -> Option<NotationId> {
        let mut open = vec![definition];
        while let Some(id) = open.pop() {
            if let Notation::Indexed { .. } | Notation::IndexedSum { .. } = self.builder.node(id) {
                return None;
            }
            self.builder.node(id).for_each_child(|child| open.push(child));
        }
        let shape = self.builder.shape(definition);
        let matrix = shape.rows != Dimensions::ONE && shape.columns != Dimensions::ONE;
        let letter = if matrix { letter.to_uppercase() } else { letter.to_owned() };
        let mut name = format!("{letter}{count}");
        while (self.taken)(&name) {
            name.push('_');
        }
        let id = self.builder.name(&name, NameKind::Binding, shape);
        self.named.push((name, definition));
        Some(id)
    }

    /// The argument of a function that makes a step, if it varies.
    fn stepped(&mut self, id: NotationId) -> Option<NotationId> {
        let (head, arguments) = match self.builder.node(id) {
            Notation::Call { head, arguments, .. } => (head, arguments),
            _ => return None,
        };
        let [argument] = arguments.as_slice() else { return None };
        let argument = *argument;
        let steps = match head {
            Head::Mapped { .. } => true,
            Head::Book(function) => {
                let entry = book().get(*function);
                let facts = &entry.facts;
                let entrywise = entry.signatures == ["elementwise"];
                let columns = matches!(facts.role, Some(Role::Softmax | Role::LogSumExp));
                // The logarithm of a softmax is one step.
                let inside = match self.builder.node(argument) {
                    Notation::Call { head: Head::Book(inner), .. } => {
                        book().get(*inner).facts.role == Some(Role::Softmax)
                    }
                    _ => false,
                };
                (entrywise && !inside) || columns
            }
            _ => false,
        };
        let array = !self.builder.shape(argument).is_scalar();
        (steps && array && self.varies(argument)).then_some(argument)
    }

    /// Names of steps vary as their definitions do.
    fn varies(&mut self, id: NotationId) -> bool {
        if self.facts.varies(&self.builder.tree, id) {
            return true;
        }
        let mut found = false;
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Notation::Name { text, kind: NameKind::Binding } = self.builder.node(id) {
                found |= self.named.iter().any(|(name, _)| name == text);
            }
            self.builder.node(id).for_each_child(|child| open.push(child));
        }
        found
    }

    fn is_composite(&self, id: NotationId) -> bool {
        !matches!(self.builder.node(id), Notation::Name { .. } | Notation::Indexed { .. })
    }

    /// Whether a step is the value of a function that acts entry by entry.
    fn is_value(&self, id: NotationId) -> bool {
        match self.builder.node(id) {
            Notation::Call { head: Head::Mapped { .. }, .. } => true,
            Notation::Call { head: Head::Book(function), .. } => {
                let entry = book().get(*function);
                entry.signatures == ["elementwise"] && entry.facts.role != Some(Role::Logarithm)
            }
            _ => false,
        }
    }

    /// How deep functions are nested that make steps.
    fn nesting(&mut self, root: NotationId) -> usize {
        let needed = self.needed(root);
        let mut depth = vec![0_usize; root.0 as usize + 1];
        for at in 0..=root.0 {
            if !needed[at as usize] {
                continue;
            }
            let id = NotationId(at);
            let mut inner = 0;
            self.builder
                .node(id)
                .for_each_child(|child| inner = inner.max(depth[child.0 as usize]));
            let own = usize::from(self.stepped(id).is_some());
            depth[at as usize] = inner + own;
        }
        depth[root.0 as usize]
    }
}
