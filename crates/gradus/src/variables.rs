//! By which variables a program is differentiated.
//!
//! Must not know how derivatives are formed.

use std::collections::HashMap;

use gradus_diagnostics::{Diagnostic, closest};
use gradus_elaborate::Program;
use gradus_elaborate::typed::{Nature, Operation, VariableId};
use gradus_tensor::DimensionName;

use crate::failure::Result;
use crate::request::Request;
use crate::text::Texts;

/// A variable that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The name.
    pub variable: String,
    /// Why there is no derivative by it.
    pub reason: Diagnostic,
}

/// The chosen variables and the ones left out.
pub(crate) struct Choice {
    pub(crate) wanted: Vec<VariableId>,
    /// The names of indices that were asked for, as in `x[i]`.
    pub(crate) indices: Vec<(VariableId, String)>,
    pub(crate) skipped: Vec<Skipped>,
}

impl Choice {
    /// The index that the members of a variable are told by; none if it is no family.
    pub(crate) fn index(&self, program: &Program, id: VariableId) -> Option<String> {
        let asked = self.indices.iter().find(|(variable, _)| *variable == id);
        if let Some((_, index)) = asked {
            return Some(index.clone());
        }
        if program.tree.variable(id).family.is_empty() {
            return None;
        }
        let tree = &program.tree;
        let own = tree.nodes.iter().find_map(|node| match &node.operation {
            Operation::Member { base, indices }
                if tree.node(*base).operation == Operation::Variable(id) =>
            {
                indices.first().map(|index| tree.indices[index.0 as usize].name.clone())
            }
            _ => None,
        });
        own.or_else(|| {
            let letters = ["i", "j", "k", "l", "m", "n"].into_iter().map(str::to_owned);
            let numbered = (1..).map(|number| format!("i{number}"));
            letters.chain(numbered).find(|name| !is_taken(program, name))
        })
    }
}

/// Whether a name means something in a program.
fn is_taken(program: &Program, name: &str) -> bool {
    let tree = &program.tree;
    tree.variable_named(name).is_some()
        || program.bindings.iter().any(|(bound, _)| bound == name)
        || is_dimension(program, name)
        || gradus_functions::book().lookup(name).is_some()
        || gradus_functions::reserved(name).is_some()
}

fn is_dimension(program: &Program, name: &str) -> bool {
    let dimensions = &program.tree.dimensions;
    let names = (0..dimensions.name_count()).filter_map(|at| u32::try_from(at).ok());
    names.into_iter().any(|at| dimensions.name_text(DimensionName(at)) == name)
}

/// The variables of a request: those asked for, or every array of the program.
pub(crate) fn choose(request: &Request, texts: &Texts, program: &Program) -> Result<Choice> {
    let mut choice = Choice { wanted: Vec::new(), indices: Vec::new(), skipped: Vec::new() };
    if request.variables.is_empty() {
        choice.wanted.extend(arrays(program));
        if choice.wanted.is_empty() {
            let error = Diagnostic::bad_input("name", "the program has no variables")
                .hint("declare a constant as a variable: --let 'x: scalar'");
            return Err(texts.failure(error.into()));
        }
        return Ok(choice);
    }
    let mut taken = vec![false; program.tree.variables.len()];
    let known = by_name(program);
    for name in &request.variables {
        let (name, index) = without_index(name.trim());
        let variable = named(name, &known, program);
        let variable = variable.map_err(|error| texts.failure(error.into()))?;
        if let Some(index) = index {
            let error = wrong_index(program, variable, index);
            if let Some(error) = error {
                return Err(texts.failure(error.into()));
            }
            choice.indices.push((variable, index.to_owned()));
        }
        if !std::mem::replace(&mut taken[variable.0 as usize], true) {
            choice.wanted.push(variable);
        }
    }
    Ok(choice)
}

/// `x` and `i` of `x[i]`.
fn without_index(text: &str) -> (&str, Option<&str>) {
    let parts = text.strip_suffix(']').and_then(|text| text.split_once('['));
    parts.map_or((text, None), |(name, index)| (name.trim(), Some(index.trim())))
}

/// What is wrong with the index of a variable that was asked for.
fn wrong_index(program: &Program, id: VariableId, index: &str) -> Option<Diagnostic> {
    let variable = program.tree.variable(id);
    let name = &variable.name;
    let is_name = index.chars().next().is_some_and(char::is_alphabetic)
        && index.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if !is_name || is_taken(program, index) {
        let message = format!("`{index}` cannot be the index of `{name}`");
        let error = Diagnostic::bad_input("index", message);
        return Some(error.hint(format!("a name that means nothing else: --wrt '{name}[i]'")));
    }
    if variable.family.is_empty() {
        let message = format!("`{name}` is no family and has no members");
        let error = Diagnostic::bad_input("index", message).label(variable.span, "this variable");
        return Some(error.hint(format!("the derivative by all of it: --wrt {name}")));
    }
    None
}

/// The arrays that occur in the program, in order of first appearance.
fn arrays(program: &Program) -> impl Iterator<Item = VariableId> + '_ {
    let occurring = program.tree.variables.iter().take(program.occurring).enumerate();
    let arrays = occurring.filter(|(_, variable)| {
        variable.nature == Nature::Array && variable.differential_of.is_none()
    });
    arrays.filter_map(|(at, _)| u32::try_from(at).ok().map(VariableId))
}

fn by_name(program: &Program) -> HashMap<&str, VariableId> {
    let named = program.tree.variables.iter().enumerate().filter_map(|(at, variable)| {
        let id = VariableId(u32::try_from(at).ok()?);
        Some((variable.name.as_str(), id))
    });
    named.collect()
}

fn named(
    name: &str,
    known: &HashMap<&str, VariableId>,
    program: &Program,
) -> std::result::Result<VariableId, Diagnostic> {
    let names = || arrays(program).map(|id| program.tree.variable(id).name.as_str());
    let Some(id) = known.get(name).copied() else {
        let message = match program.bindings.iter().any(|(bound, _)| bound == name) {
            true => format!("`{name}` is bound by the program and no variable"),
            false => format!("`{name}` is no variable of the program"),
        };
        let error = Diagnostic::bad_input("name", message);
        return Err(match closest(name, names()) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None if names().next().is_none() => error
                .hint(format!("declare it, and the derivative is zero: --let '{name}: scalar'")),
            None => error.hint(format!("the variables are {}", few(names()))),
        });
    };
    let variable = program.tree.variable(id);
    if variable.nature == Nature::Array {
        return Ok(id);
    }
    let error = Diagnostic::bad_input("name", format!("`{name}` is a function and no variable"));
    Err(error
        .label(variable.span, "a function")
        .hint(format!("the variables are {}", few(names()))))
}

/// The first names of a list that may be long.
fn few<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.take(11).collect();
    if names.len() > 10 {
        names[10] = "…";
    }
    names.join(", ")
}
