//! Which parts of a network get a name of their own in index form.
//!
//! Must not know how text is written.

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::book;
use gradus_tensor::{Apply, Arena, Constant, FunctionRef, Node, NodeId, Role};

use super::names::Names;

/// A shared part with more tokens than this is bound.
const SHARED_TOKENS: u32 = 8;
/// A part with more axes than this is bound only where it must be.
const NAMED_AXES: usize = 2;
/// A part with more summed indices than this is bound.
const SUMMED_INDICES: u32 = 6;

#[derive(Clone, Debug, Default)]
struct Part {
    name: Option<String>,
    /// How often it stands inside others.
    uses: u32,
    /// The axes whose index stands in the text, by bits.
    shown: u64,
    /// The same of the definition, where the text is a name.
    shown_written_out: u64,
    /// How many indices are summed in the text, parts without a name included.
    summed: u32,
    /// How long the text is.
    tokens: u32,
}

/// What is decided of each node below a root.
pub(crate) struct Plan {
    /// The nodes, children first.
    pub(crate) needed: Vec<NodeId>,
    parts: Vec<Part>,
}

impl Plan {
    /// Decides which nodes are bound.
    pub(crate) fn of(arena: &Arena, root: NodeId, names: &mut Names) -> Result<Self> {
        let mut parts = vec![Part::default(); root.0 as usize + 1];
        let mut seen = vec![false; parts.len()];
        seen[root.0 as usize] = true;
        for at in (0..parts.len()).rev() {
            if seen[at] {
                for_each_child(arena, node_at(at), |child| {
                    seen[child.0 as usize] = true;
                    let uses = &mut parts[child.0 as usize].uses;
                    *uses = uses.saturating_add(1);
                });
            }
        }
        let needed = (0..parts.len()).filter(|at| seen[*at]).map(node_at).collect();
        let mut plan = Self { needed, parts };
        for id in plan.needed.clone() {
            if arena.axes(id).len() > 64 {
                return Err(Box::new(Diagnostic::limit("more than 64 axes")));
            }
            plan.children_first(arena, id, names)?;
            plan.decide(arena, id, id == root, names);
        }
        Ok(plan)
    }

    /// The name of a bound node.
    pub(crate) fn name(&self, id: NodeId) -> Option<&str> {
        self.part(id).name.as_deref()
    }

    /// The name under which a whole array can be an argument.
    pub(crate) fn whole_name(&self, arena: &Arena, id: NodeId) -> Option<String> {
        match arena.node(id) {
            Node::Symbol(symbol) if arena.conjugate_of(*symbol).is_none() => {
                Some(arena.symbol(*symbol).name.clone())
            }
            _ => self.name(id).map(str::to_owned),
        }
    }

    /// Whether the index of an axis stands in the text of a node.
    pub(crate) fn shows(&self, id: NodeId, axis: usize) -> bool {
        self.part(id).shown >> axis & 1 == 1
    }

    /// Whether the index of an axis stands in the text of a node that is written out.
    pub(crate) fn definition_shows(&self, id: NodeId, axis: usize) -> bool {
        self.part(id).shown_written_out >> axis & 1 == 1
    }

    /// Whether a node is written as a name, with indices if it has axes.
    pub(crate) fn is_name(&self, arena: &Arena, id: NodeId) -> bool {
        let variable = match arena.node(id) {
            Node::Symbol(symbol) => arena.conjugate_of(*symbol).is_none(),
            _ => false,
        };
        variable || self.name(id).is_some()
    }

    fn part(&self, id: NodeId) -> &Part {
        &self.parts[id.0 as usize]
    }

    fn bind(&mut self, arena: &Arena, id: NodeId, names: &mut Names) {
        if self.is_name(arena, id) {
            return;
        }
        let name = arena.name(id).map_or_else(|| names.fresh("t"), str::to_owned);
        let axes = arena.axes(id).len();
        let part = &mut self.parts[id.0 as usize];
        part.name = Some(name);
        part.shown = all_axes(axes);
        part.summed = 0;
        part.tokens = 1 + u32::try_from(2 * axes).unwrap_or(u32::MAX);
    }

    /// Binds the children that must be names here.
    fn children_first(&mut self, arena: &Arena, id: NodeId, names: &mut Names) -> Result<()> {
        match arena.node(id) {
            Node::Contraction(contraction) => {
                for operand in &contraction.operands {
                    // A sum has no place under an exponent.
                    if !operand.exponent.is_one() && self.part(operand.node).summed > 0 {
                        self.bind(arena, operand.node, names);
                    }
                }
            }
            Node::Apply(apply) => {
                let elementwise = is_elementwise(arena, apply);
                if !elementwise && maps(arena, apply) {
                    let message = "a function of the members of a family has no index form";
                    return Err(Box::new(Diagnostic::unsupported(message)));
                }
                for argument in &apply.arguments {
                    if !elementwise || self.part(argument.node).summed > 0 {
                        self.bind(arena, argument.node, names);
                    }
                }
            }
            Node::Symbol(_) | Node::Constant(_) | Node::Sum(_) => {}
        }
        Ok(())
    }

    fn decide(&mut self, arena: &Arena, id: NodeId, is_root: bool, names: &mut Names) {
        let (shown, summed, tokens) = self.inline(arena, id);
        let part = &mut self.parts[id.0 as usize];
        (part.shown, part.summed, part.tokens) = (shown, summed, tokens);
        part.shown_written_out = shown;
        let uses = part.uses;
        let bound = match arena.node(id) {
            Node::Symbol(_)
            | Node::Constant(
                Constant::Pi
                | Constant::Infinity
                | Constant::ImaginaryUnit
                | Constant::Fusion { .. }
                | Constant::Packing { .. }
                | Constant::Permutation,
            ) => false,
            Node::Constant(_) => true,
            Node::Apply(apply) if !is_elementwise(arena, apply) => true,
            _ if is_root => false,
            // What has more indices than a matrix has no name of its own.
            _ if arena.axes(id).len() > NAMED_AXES => false,
            _ => {
                arena.name(id).is_some()
                    || uses > 1 && tokens > SHARED_TOKENS
                    || summed > SUMMED_INDICES
            }
        };
        if bound {
            self.bind(arena, id, names);
        }
    }

    /// Shown axes, summed indices and tokens of a node that is written out.
    fn inline(&self, arena: &Arena, id: NodeId) -> (u64, u32, u32) {
        let axes = arena.axes(id).len();
        match arena.node(id) {
            Node::Symbol(_) => (all_axes(axes), 0, 1 + u32::try_from(2 * axes).unwrap_or(u32::MAX)),
            // The rows and the columns of the stacked index.
            Node::Constant(Constant::Fusion { .. }) => (all_axes(axes), 0, 11),
            Node::Constant(Constant::Packing { .. } | Constant::Permutation) => {
                (all_axes(axes), 0, 20)
            }
            Node::Constant(_) => (0, 0, 1),
            Node::Sum(sum) => sum.terms.iter().fold((0, 0, 0), |total, (_, term)| {
                let part = self.part(*term);
                // Terms share their indices.
                let summed = part.summed.max(total.1);
                (part.shown | total.0, summed, part.tokens.saturating_add(total.2 + 2))
            }),
            Node::Contraction(contraction) => {
                let mut shown_labels = [false; 256];
                let (mut summed, mut tokens) = (0_u32, 0_u32);
                for operand in &contraction.operands {
                    let part = self.part(operand.node);
                    summed = summed.saturating_add(part.summed);
                    tokens = tokens.saturating_add(part.tokens).saturating_add(2);
                    for (axis, label) in operand.labels.iter().enumerate() {
                        shown_labels[usize::from(*label)] |= part.shown >> axis & 1 == 1;
                    }
                }
                let mut shown = 0;
                for (axis, label) in contraction.output.iter().enumerate() {
                    // Two axes with one label are both shown by a delta.
                    let repeated =
                        contraction.output.iter().filter(|other| *other == label).count() > 1;
                    shown |= u64::from(shown_labels[usize::from(*label)] || repeated) << axis;
                }
                let inner = (0..contraction.axes.len()).filter(|label| {
                    !contraction.output.iter().any(|output| usize::from(*output) == *label)
                });
                let inner = inner.filter(|label| shown_labels[*label]).count();
                (shown, summed.saturating_add(u32::try_from(inner).unwrap_or(u32::MAX)), tokens)
            }
            Node::Apply(apply) => {
                let mut shown = 0;
                let mut tokens = 1_u32;
                for argument in &apply.arguments {
                    let part = self.part(argument.node);
                    tokens = tokens.saturating_add(part.tokens).saturating_add(1);
                    for (axis, label) in argument.labels.iter().enumerate() {
                        if part.shown >> axis & 1 == 1 {
                            for (output, other) in apply.output.iter().enumerate() {
                                shown |= u64::from(other == label) << output;
                            }
                        }
                    }
                }
                (shown, 0, tokens)
            }
        }
    }
}

fn all_axes(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

fn node_at(at: usize) -> NodeId {
    NodeId(u32::try_from(at).unwrap_or(u32::MAX))
}

fn for_each_child(arena: &Arena, id: NodeId, mut visit: impl FnMut(NodeId)) {
    match arena.node(id) {
        Node::Symbol(_) | Node::Constant(_) => {}
        Node::Sum(sum) => sum.terms.iter().for_each(|(_, term)| visit(*term)),
        Node::Contraction(contraction) => {
            contraction.operands.iter().for_each(|operand| visit(operand.node));
        }
        Node::Apply(apply) => apply.arguments.iter().for_each(|argument| visit(argument.node)),
    }
}

/// Whether a function acts on each entry for itself.
pub(crate) fn is_elementwise(arena: &Arena, apply: &Apply) -> bool {
    match apply.function {
        FunctionRef::Book(id) => {
            let facts = arena.vocabulary().facts(id);
            facts.output_core == 0 && facts.cores.iter().all(|core| *core == 0)
        }
        FunctionRef::Elementwise { .. } => true,
        FunctionRef::Scalar { .. } | FunctionRef::Path { .. } => false,
    }
}

/// Whether a function of whole arrays maps over further axes.
fn maps(arena: &Arena, apply: &Apply) -> bool {
    match apply.function {
        FunctionRef::Book(id) => {
            usize::from(arena.vocabulary().facts(id).output_core) != apply.output.len()
        }
        FunctionRef::Path { .. } => {
            apply.arguments.iter().any(|argument| !argument.labels.is_empty())
        }
        FunctionRef::Elementwise { .. } => false,
        FunctionRef::Scalar { order, .. } => {
            let axes = apply.arguments.first().map_or(0, |argument| argument.labels.len());
            let expected = match order {
                0 => 0,
                1 => axes,
                _ => 2 * usize::from(axes > 0),
            };
            apply.output.len() != expected
        }
    }
}

/// Whether an application is a power that is written `a^b`.
pub(crate) fn is_power(apply: &Apply) -> bool {
    match apply.function {
        FunctionRef::Book(id) => {
            apply.arguments.len() == 2 && book().get(id).facts.role == Some(Role::Power)
        }
        _ => false,
    }
}
