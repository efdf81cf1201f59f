//! A composition taught as back-propagation: the last step first, then back through one step after the
//! other.
//!
//! Must not know how lines are shown or checked. Each section takes the derivative by its step as
//! given, `dl = tr((∂l/∂Y)'dY)`, and writes it in the differentials of the steps and variables before.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_elaborate::Program;
use gradus_elaborate::typed::{Operation, TypedId};
use gradus_notation::tree::{NameKind, Notation, NotationId, Shape};

use crate::builder::Builder;
use crate::collect::{add, read_scalar, scalar};
use crate::derive::{bounded, builder, differential, leaf};
use crate::facts::Facts;
use crate::model::{Derivation, Detail, Heading, Left, Line, Part, Section, Subject};
use crate::rules::{Rule, Used};
use crate::transcribe::{Names, transcribe};

/// Whether a function is a scalar composed of steps that the user named and that vary with one of the
/// variables.
#[must_use]
pub fn is_composition(program: &Program, variables: &[&str]) -> bool {
    let Some(root) = function(program) else { return false };
    program.tree.shape(root).is_scalar() && !steps(program, root, variables).is_empty()
}

/// The function of a program; a name for the whole of it is no step.
fn function(program: &Program) -> Option<TypedId> {
    let mut root = *program.results.first()?;
    while let Operation::Binding { value, .. } = program.tree.node(root).operation {
        root = value;
    }
    Some(root)
}

/// A named step.
struct Step {
    name: String,
    /// The definition.
    value: TypedId,
    shape: Shape,
}

/// What the function owes to a step or a variable, so far as it is found.
struct Owed {
    name: String,
    shape: Shape,
    parts: Vec<NotationId>,
}

/// The derivation by all of the variables at once.
///
/// # Errors
/// As for [`crate::derive()`]; and a step that no rule leads through.
pub fn compose(
    program: &Program,
    variables: &[&str],
    function: &str,
    detail: Detail,
) -> Result<Derivation> {
    let root = self::function(program);
    let root = root.ok_or_else(|| Diagnostic::internal("a program without a function"))?;
    bounded(&program.tree, root)?;
    if program.tree.variables.iter().any(|variable| variable.complex) {
        let message = "steps through a composition with complex variables are not supported yet";
        return Err(Diagnostic::unsupported(message).into());
    }
    let steps = steps(program, root, variables);
    let family = |name: &String| {
        let mut bound = program.bindings.iter().filter(|(own, _)| own == name);
        bound.any(|(_, id)| program.tree.family_index(*id).is_some())
    };
    if program.bindings.iter().any(|(name, _)| family(name)) {
        let message = "steps through families that are bound to names are not supported yet";
        return Err(Diagnostic::unsupported(message).into());
    }
    let mut composer = Composer {
        builder: builder(program),
        program,
        function,
        detail,
        varying: steps.iter().map(|step| step.name.clone()).collect(),
        owed: Vec::new(),
        sections: Vec::new(),
    };
    composer.varying.extend(variables.iter().map(|name| (*name).to_owned()));
    for variable in variables {
        let leaf = leaf(&mut composer.builder, program, variable, None)?;
        let shape = composer.builder.shape(leaf);
        composer.owed.push(Owed { name: (*variable).to_owned(), shape, parts: Vec::new() });
    }
    composer.names(&steps, root)?;
    composer.last_step(root)?;
    for step in steps.iter().rev() {
        composer.through(step)?;
    }
    composer.settle(variables);
    Ok(Derivation { tree: composer.builder.tree, sections: composer.sections })
}

/// The steps that the function uses and that vary, in order.
fn steps(program: &Program, root: TypedId, variables: &[&str]) -> Vec<Step> {
    let varies = varying(program, variables);
    let used = bindings(program, root);
    let used = used.into_iter().filter(|(_, id, _)| varies[id.0 as usize]);
    used.map(|(name, id, value)| {
        let shape = program.tree.shape(id);
        Step { name, value, shape: Shape { rows: shape.rows, columns: shape.columns } }
    })
    .collect()
}

/// The bindings that the function uses and that do not vary, with their definitions.
pub(crate) fn constant_bindings(
    program: &Program,
    root: TypedId,
    variables: &[String],
) -> Vec<(String, TypedId)> {
    let variables: Vec<&str> = variables.iter().map(String::as_str).collect();
    let varies = varying(program, &variables);
    let used = bindings(program, root);
    let used = used.into_iter().filter(|(_, id, _)| !varies[id.0 as usize]);
    used.map(|(name, _, value)| (name, value)).collect()
}

/// The bindings that a function uses, in order, each with its node and its definition.
fn bindings(program: &Program, root: TypedId) -> Vec<(String, TypedId, TypedId)> {
    let tree = &program.tree;
    let mut used = vec![false; tree.nodes.len()];
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut used[id.0 as usize], true) {
            tree.children(id, |child| open.push(child));
        }
    }
    let used = program.bindings.iter().filter(|(_, id)| used[id.0 as usize]);
    used.filter_map(|(name, id)| match tree.node(*id).operation {
        Operation::Binding { value, .. } => Some((name.clone(), *id, value)),
        _ => None,
    })
    .collect()
}

/// Which nodes depend on some variables.
fn varying(program: &Program, variables: &[&str]) -> Vec<bool> {
    let tree = &program.tree;
    let mut varies = vec![false; tree.nodes.len()];
    for at in 0..tree.nodes.len() {
        let id = TypedId(u32::try_from(at).unwrap_or(u32::MAX));
        let mut inner = match &tree.node(id).operation {
            Operation::Variable(variable) | Operation::Rows(variable) => {
                variables.contains(&tree.variable(*variable).name.as_str())
            }
            _ => false,
        };
        tree.children(id, |child| inner |= varies[child.0 as usize]);
        varies[at] = inner;
    }
    varies
}

struct Composer<'c> {
    builder: Builder,
    program: &'c Program,
    function: &'c str,
    detail: Detail,
    varying: Vec<String>,
    owed: Vec<Owed>,
    sections: Vec<Section>,
}

impl Composer<'_> {
    fn written(&mut self, id: TypedId) -> Result<NotationId> {
        let kept: Vec<String> =
            self.program.bindings.iter().map(|(name, _)| name.clone()).collect();
        transcribe(&mut self.builder, &self.program.tree, id, &Names::of_program(&kept))
    }

    /// The section that names the steps.
    fn names(&mut self, steps: &[Step], root: TypedId) -> Result<()> {
        let mut lines = Vec::new();
        let constants = constant_bindings(self.program, root, &self.varying);
        for (name, value) in constants {
            let formula = self.written(value)?;
            lines.push(Line { left: Left::Name(name), formula, rules: Vec::new() });
        }
        for step in steps {
            let formula = self.written(step.value)?;
            let left = Left::Name(step.name.clone());
            lines.push(Line { left, formula, rules: Vec::new() });
            self.owed.push(Owed { name: step.name.clone(), shape: step.shape, parts: Vec::new() });
        }
        let formula = self.written(root)?;
        self.sections.push(Section {
            heading: Heading::Composition,
            lines,
            subject: Subject::Names,
            definition: formula,
            varying: self.varying.clone(),
        });
        Ok(())
    }

    /// How the function varies with the steps and variables that it is written in.
    fn last_step(&mut self, root: TypedId) -> Result<()> {
        let definition = self.written(root)?;
        let left = Left::Name(self.function.to_owned());
        let mut lines = vec![Line { left, formula: definition, rules: Vec::new() }];
        let mut facts = Facts::new(self.varying.clone());
        let (name, detail) = (self.function, self.detail);
        let found =
            differential(&mut self.builder, &mut facts, definition, name, detail, &mut lines)?;
        self.shares(&mut facts, found, &mut lines, "the last step")?;
        self.sections.push(Section {
            heading: Heading::LastStep,
            lines,
            subject: Subject::LastStep,
            definition,
            varying: self.varying.clone(),
        });
        Ok(())
    }

    /// Back through one step.
    fn through(&mut self, step: &Step) -> Result<()> {
        self.add_up(&step.name);
        let definition = self.written(step.value)?;
        let mut lines = Vec::new();
        let mut facts = Facts::new(self.varying.clone());
        let detail = self.detail;
        let found = differential(
            &mut self.builder,
            &mut facts,
            definition,
            &step.name,
            detail,
            &mut lines,
        )?;
        let partial = self.partial(&step.name, step.shape);
        let turned = self.builder.transpose(partial);
        let product = self.builder.product(&[turned, found]);
        let total = self.builder.trace(product);
        let chained = lines.len();
        let left = Left::Differential(self.function.to_owned());
        lines.push(Line { left, formula: total, rules: vec![Rule::ChainRule.into()] });
        self.shares(&mut facts, total, &mut lines, &step.name)?;
        if detail == Detail::Brief {
            // What the step owes to those before is all that a short derivation tells.
            let told = lines.split_off(chained);
            lines.extend(told.into_iter().filter(|line| {
                matches!(line.left, Left::Derivative { .. } | Left::Contribution { .. })
            }));
        }
        self.sections.push(Section {
            heading: Heading::Through(step.name.clone()),
            lines,
            subject: Subject::Step(step.name.clone()),
            definition,
            varying: self.varying.clone(),
        });
        Ok(())
    }

    fn partial(&mut self, name: &str, shape: Shape) -> NotationId {
        let partial = Notation::Partial { of: self.function.to_owned(), by: name.to_owned() };
        self.builder.tree.intern(partial, shape)
    }

    /// What a differential of the function owes to each step and variable.
    fn shares(
        &mut self,
        facts: &mut Facts,
        differential: NotationId,
        lines: &mut Vec<Line>,
        place: &str,
    ) -> Result<()> {
        let terms = scalar(&mut self.builder, facts, differential, self.detail, lines);
        let Some(terms) = terms else {
            let message = format!("steps through {place} are not supported yet");
            let error = Diagnostic::unsupported(message);
            return Err(error.hint("without --steps the derivative is given").into());
        };
        let mut leaves: Vec<NotationId> = Vec::new();
        for term in &terms {
            if !leaves.contains(&term.leaf) {
                leaves.push(term.leaf);
            }
        }
        // A single leaf is read off from one line.
        let single = leaves.len() == 1;
        for leaf in leaves {
            let Notation::Name { text, kind: NameKind::Differential } =
                self.builder.node(leaf).clone()
            else {
                let message = "steps back to members of a family are not supported yet";
                return Err(Diagnostic::unsupported(message).into());
            };
            let mut ignored = Vec::new();
            let shown = if single { &mut *lines } else { &mut ignored };
            let read = read_scalar(&mut self.builder, &terms, leaf, self.detail, shown);
            let name = text.strip_prefix('d').unwrap_or(&text).to_owned();
            let left = Left::Derivative {
                by: name.clone(),
                index: None,
                stacked: false,
                part: Part::Whole,
            };
            let rules =
                if self.detail == Detail::Brief { Vec::new() } else { vec![read.rule.into()] };
            lines.push(Line { left, formula: read.derivative, rules });
            if let Some(owed) = self.owed.iter_mut().find(|owed| owed.name == name) {
                owed.parts.push(read.derivative);
            }
        }
        Ok(())
    }

    /// The derivative by what is used in several steps is the sum of what came back.
    fn add_up(&mut self, name: &str) {
        let Some(owed) = self.owed.iter().find(|owed| owed.name == name) else { return };
        if owed.parts.len() < 2 {
            return;
        }
        let terms: Vec<(bool, NotationId)> = owed.parts.iter().map(|id| (false, *id)).collect();
        let left = Left::Derivative {
            by: name.to_owned(),
            index: None,
            stacked: false,
            part: Part::Whole,
        };
        let formula = self.builder.sum(&terms);
        // Each of them is a contribution only.
        for section in &mut self.sections {
            for line in &mut section.lines {
                if line.left == left {
                    line.left = Left::Contribution { by: name.to_owned() };
                    line.rules.push(Rule::Contribution.into());
                }
            }
        }
        if let Some(section) = self.sections.last_mut() {
            let left = Left::Total { by: name.to_owned() };
            section.lines.push(Line { left, formula, rules: vec![Rule::SumOfPaths.into()] });
        }
    }

    fn settle(&mut self, variables: &[&str]) {
        for variable in variables {
            self.add_up(variable);
            let missing =
                self.owed.iter().find(|owed| owed.name == *variable && owed.parts.is_empty());
            let Some(missing) = missing else { continue };
            let formula = self.builder.zeros(missing.shape);
            let left = Left::Derivative {
                by: (*variable).to_owned(),
                index: None,
                stacked: false,
                part: Part::Whole,
            };
            let mut used = Used::default();
            used.cite(Rule::Constants);
            if let Some(section) = self.sections.last_mut() {
                add(&mut section.lines, formula, &mut used, Detail::Normal);
                if let Some(line) = section.lines.last_mut() {
                    line.left = left;
                }
            }
        }
    }
}
