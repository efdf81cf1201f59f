//! Families: which nodes an answer needs under which indices, and how each of them is raised.
//!
//! Must not know how formulas become text. A range axis may be told in two ways: each member for
//! itself under an index, `x[i]`, or all members as the rows of a matrix, `rows(x)`. Both are tried
//! where a range is summed, and the cost decides.

use gradus_diagnostics::{Diagnostic, Error, Result};
use gradus_tensor::{
    Apply, Argument, Contraction, DimensionId, Dimensions, FunctionRef, Node, NodeId, Rational,
    SymbolId,
};
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::raise::Goal;
use crate::raise::blocks::Raised;
use crate::raise::driver::{Driver, no_matrix_form};
use crate::raise::formula::{Factor, Formula, FormulaId, IndexId, Indices, Term};
use crate::raise::indices::too_many;
use crate::tree::Shape;

/// For each axis of a node, the index that stands for it; none for an axis that is rows or columns.
pub(crate) type Selected = SmallVec<[Option<IndexId>; 4]>;

/// The labels of a factor.
pub(crate) type Places = SmallVec<[usize; 4]>;

/// What a matrix of a family costs: the line that says what it is.
const MATRIX_OF_FAMILY: u32 = 6;

/// The most ways in which the nodes of one page are needed.
const MOST_INSTANCES: usize = 1 << 16;

/// A node as it is needed somewhere.
struct Instance {
    selected: Selected,
    /// Indices that stand around it, which no sum inside may take.
    avoid: u64,
}

/// What is known of the nodes of a page with families.
#[derive(Default)]
pub(crate) struct Families {
    /// Whether a family, or a range, stands in a node.
    depends: Vec<bool>,
    wanted: Vec<Vec<Instance>>,
    count: usize,
    raised: FxHashMap<(NodeId, Selected), Raised>,
    /// Why something has no form.
    reason: Option<Error>,
}

/// How the labels are told over which a product is summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By matrix algebra.
    Matrices,
    /// Ranges of families by indices, the others by matrix algebra.
    Ranges,
    /// Those by indices too that share an array with an index: `sum[j](K[i,j]*r[j])` for each i.
    Entries,
}

/// A product whose inner products of higher order are put in line.
pub(crate) struct Expansion {
    /// The size of each label, and the index that it is told by.
    pub(crate) labels: Vec<(DimensionId, Option<IndexId>)>,
    /// The indices over which the product is summed.
    pub(crate) closed: Indices,
    pub(crate) factors: Vec<(NodeId, Rational, Places)>,
}

impl Expansion {
    /// What is asked of a factor on some labels; nothing where it is wanted as it stands.
    pub(crate) fn selected(&self, places: &[usize]) -> Selected {
        places.iter().map(|place| self.labels[*place].1).collect()
    }

    /// The labels that are no indices.
    pub(crate) fn ordinary(&self, places: &[usize]) -> Places {
        places.iter().copied().filter(|place| self.labels[*place].1.is_none()).collect()
    }
}

fn is_plain(selected: &[Option<IndexId>]) -> bool {
    selected.iter().all(Option::is_none)
}

impl Driver<'_> {
    /// Finds which nodes are needed under which indices, if there are families at all.
    pub(crate) fn plan_families(&mut self, goals: &[Goal]) -> Result<()> {
        let ranges = |goal: &Goal| goal.member.is_some();
        let has_families =
            self.arena.symbols().iter().any(|symbol| symbol.axes.iter().any(|axis| axis.range));
        if !has_families && !goals.iter().any(ranges) {
            return Ok(());
        }
        let size = self.uses.len();
        self.families = Some(Families {
            depends: self.nodes_with_families(size),
            wanted: (0..size).map(|_| Vec::new()).collect(),
            ..Families::default()
        });
        for goal in goals {
            let selected = self.goal_selection(goal)?;
            self.want(goal.value.node, selected, 0)?;
        }
        for at in (0..size).rev() {
            let node = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            let mut next = 0;
            // A named node asks for itself as a whole.
            while let Some((selected, avoid)) = self.instance(at, next) {
                next += 1;
                self.want_parts(node, &selected, avoid)?;
            }
        }
        Ok(())
    }

    fn instance(&self, at: usize, position: usize) -> Option<(Selected, u64)> {
        let instance = self.families.as_ref()?.wanted[at].get(position)?;
        Some((instance.selected.clone(), instance.avoid))
    }

    fn nodes_with_families(&self, size: usize) -> Vec<bool> {
        let mut depends = vec![false; size];
        for at in 0..size {
            if self.uses[at] == 0 {
                continue;
            }
            let node = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            let of = |node: NodeId| depends[node.0 as usize];
            let ranges = self.arena.axes(node).iter().any(|axis| axis.range);
            depends[at] = ranges
                || match self.arena.node(node) {
                    Node::Symbol(_) | Node::Constant(_) => false,
                    Node::Sum(sum) => sum.terms.iter().any(|(_, term)| of(*term)),
                    Node::Contraction(contraction) => {
                        contraction.axes.iter().any(|axis| axis.range)
                            || contraction.operands.iter().any(|operand| of(operand.node))
                    }
                    Node::Apply(apply) => apply.arguments.iter().any(|argument| of(argument.node)),
                };
        }
        depends
    }

    /// The axes of a goal, with an index for the one that is told member by member.
    pub(crate) fn goal_selection(&mut self, goal: &Goal) -> Result<Selected> {
        let axes = self.arena.axes(goal.value.node);
        let mut selected: Selected = smallvec![None; axes.len()];
        if let Some((axis, name)) = &goal.member
            && let Some(place) = selected.get_mut(*axis)
        {
            let size = axes[*axis].dimension;
            *place = Some(self.index_named(name, size).ok_or_else(too_many)?);
        }
        Ok(selected)
    }

    fn want(&mut self, node: NodeId, selected: Selected, avoid: u64) -> Result<()> {
        let named = self.arena.name(node).is_some() && is_plain(&selected);
        let own = selected.iter().flatten().fold(0, |set, index| set | index.set());
        let avoid = if named { 0 } else { avoid | own };
        let Some(families) = &mut self.families else { return Ok(()) };
        let wanted = &mut families.wanted[node.0 as usize];
        if let Some(known) = wanted.iter_mut().find(|known| known.selected == selected) {
            known.avoid |= avoid;
            return Ok(());
        }
        families.count += 1;
        if families.count > MOST_INSTANCES {
            return Err(Diagnostic::limit("the sums over families are nested too deeply").into());
        }
        wanted.push(Instance { selected, avoid });
        Ok(())
    }

    fn want_parts(&mut self, node: NodeId, selected: &Selected, avoid: u64) -> Result<()> {
        let plain = is_plain(selected);
        if plain && !self.depends(node) {
            return Ok(());
        }
        if !plain && (self.arena.name(node).is_some() || !self.depends(node)) {
            // A member of what a name is bound to.
            self.want(node, smallvec![None; selected.len()], 0)?;
        }
        let arena = self.arena;
        match arena.node(node) {
            Node::Symbol(_) | Node::Constant(_) => Ok(()),
            Node::Sum(sum) => {
                for (_, term) in &sum.terms {
                    self.want(*term, selected.clone(), avoid)?;
                }
                Ok(())
            }
            Node::Contraction(contraction) => {
                let mut known: Vec<usize> = Vec::new();
                for way in WAYS {
                    let Ok(expansion) = self.expand(contraction, selected, way, avoid) else {
                        continue;
                    };
                    // A way that tells no more labels by indices is no new one.
                    if known.contains(&expansion.closed.len()) {
                        continue;
                    }
                    known.push(expansion.closed.len());
                    let taken = expansion.closed.iter().fold(avoid, |set, index| set | index.set());
                    for (factor, _, places) in &expansion.factors {
                        self.want(*factor, expansion.selected(places), taken)?;
                    }
                }
                Ok(())
            }
            Node::Apply(apply) if self.selects_core(apply, selected) => {
                self.want(node, smallvec![None; selected.len()], 0)
            }
            Node::Apply(apply) => {
                let Ok((_, lookups)) = reduced(apply, selected) else { return Ok(()) };
                for (argument, lookup) in apply.arguments.iter().zip(lookups) {
                    self.want(argument.node, lookup, avoid)?;
                }
                Ok(())
            }
        }
    }

    /// Whether an index stands for an axis on which a function acts as a whole, as on those of
    /// `softmax(x)[i]`.
    fn selects_core(&self, apply: &Apply, selected: &[Option<IndexId>]) -> bool {
        let FunctionRef::Book(function) = apply.function else { return false };
        let core = usize::from(self.arena.vocabulary().facts(function).output_core);
        let mapped = apply.output.len().saturating_sub(core);
        selected.iter().skip(mapped).any(Option::is_some)
    }

    fn depends(&self, node: NodeId) -> bool {
        let families = self.families.as_ref();
        families
            .and_then(|families| families.depends.get(node.0 as usize))
            .copied()
            .unwrap_or(false)
    }

    /// Raises a node as it stands where no family is in it, and in every way in which it is needed.
    pub(crate) fn raise_instances(&mut self, node: NodeId) -> Result<()> {
        let at = node.0 as usize;
        if !self.depends(node) {
            match self.raise_node(node) {
                Ok(raised) => self.raised[at] = raised,
                Err(reason) => self.no_form(reason)?,
            }
        }
        let mut order: Vec<usize> =
            (0..).take_while(|next| self.instance(at, *next).is_some()).collect();
        // As a whole first: members refer to it.
        order.sort_by_key(|next| {
            self.instance(at, *next).is_none_or(|(selected, _)| !is_plain(&selected))
        });
        for next in order {
            let Some((selected, avoid)) = self.instance(at, next) else { continue };
            if is_plain(&selected) && !self.depends(node) {
                continue;
            }
            match self.raise_instance(node, &selected, avoid) {
                Ok(Some(raised)) => {
                    if let Some(families) = &mut self.families {
                        families.raised.insert((node, selected), raised);
                    }
                }
                Ok(None) => {}
                Err(reason) => self.no_form(reason)?,
            }
        }
        Ok(())
    }

    /// A form that there is not may not be needed; other failures end the work.
    fn no_form(&mut self, reason: Error) -> Result<()> {
        if reason.class != gradus_diagnostics::Class::Unsupported {
            return Err(reason);
        }
        if let Some(families) = &mut self.families {
            families.reason.get_or_insert(reason);
        }
        Ok(())
    }

    /// What was raised for a node under indices.
    pub(crate) fn raised_at(&self, node: NodeId, selected: &[Option<IndexId>]) -> Option<&Raised> {
        match &self.families {
            Some(families) if !is_plain(selected) || self.depends(node) => {
                families.raised.get(&(node, SmallVec::from_slice(selected)))
            }
            _ => self.raised.get(node.0 as usize)?.as_ref(),
        }
    }

    /// Keeps what was raised for a node under indices.
    pub(crate) fn keep_raised(
        &mut self,
        node: NodeId,
        selected: &[Option<IndexId>],
        raised: Raised,
    ) {
        let depends = self.depends(node);
        match &mut self.families {
            Some(families) if !is_plain(selected) || depends => {
                families.raised.insert((node, SmallVec::from_slice(selected)), raised);
            }
            _ => self.raised[node.0 as usize] = Some(raised),
        }
    }

    /// Why a value has no form, for the message.
    pub(crate) fn missing_form(&self) -> Error {
        let reason = self.families.as_ref().and_then(|families| families.reason.clone());
        reason.unwrap_or_else(|| no_matrix_form("a tensor of order three or more"))
    }

    /// Rows and columns of a node under indices.
    pub(crate) fn shape_at(&self, node: NodeId, selected: &[Option<IndexId>]) -> Shape {
        let mut sides = self
            .arena
            .axes(node)
            .iter()
            .enumerate()
            .filter(|(axis, _)| selected.get(*axis).copied().flatten().is_none())
            .map(|(_, axis)| axis.dimension);
        let rows = sides.next().unwrap_or(Dimensions::ONE);
        Shape { rows, columns: sides.next().unwrap_or(Dimensions::ONE) }
    }

    fn raise_instance(
        &mut self,
        node: NodeId,
        selected: &Selected,
        avoid: u64,
    ) -> Result<Option<Raised>> {
        let sides = selected.iter().filter(|index| index.is_none()).count();
        if sides > 2 {
            return Ok(None);
        }
        let plain = is_plain(selected);
        if !plain
            && self.arena.name(node).is_some()
            && let Some(member) = self.member_of_whole(node, selected)
        {
            return Ok(Some(member));
        }
        self.formulas.factoring_budget = crate::raise::driver::FACTORINGS;
        let arena = self.arena;
        let raised = match arena.node(node) {
            Node::Symbol(symbol) => self.raise_symbol(node, *symbol, selected),
            Node::Constant(_) => Err(no_matrix_form("a constant tensor under an index")),
            Node::Sum(sum) => self.raise_sum(node, sum, selected),
            Node::Contraction(contraction) => self.raise_both_ways(contraction, selected, avoid),
            Node::Apply(apply) if self.selects_core(apply, selected) => {
                let message = "a part of a function of whole arrays under an index";
                let entry = self.member_of_whole(node, selected);
                entry.ok_or_else(|| no_matrix_form(message))
            }
            Node::Apply(apply) => {
                let reduced = reduced(apply, selected);
                let term = reduced.and_then(|(apply, lookups)| {
                    let shape = self.shape_at(node, selected);
                    self.raise_apply(shape, &apply, &lookups)
                });
                term.map(Raised::plain)
            }
        };
        let raised = match raised {
            Ok(raised) => raised,
            Err(reason) if !plain && !self.depends(node) => {
                return self.member_of_whole(node, selected).map(Some).ok_or(reason);
            }
            Err(reason) => return Err(reason),
        };
        if plain {
            return Ok(Some(self.name(node, raised)));
        }
        if let Some(member) = self.named_member(node, selected, &raised) {
            return Ok(Some(member));
        }
        let leading = selected.iter().take_while(|index| index.is_some()).count();
        if sides == 2
            && leading + sides == selected.len()
            && self.arena.facts(node).symmetric
            && let [factor] = raised.term.chain.as_slice()
            && !factor.transposed
        {
            self.formulas.note_symmetric(factor.formula);
        }
        Ok(Some(raised))
    }

    /// A variable: a member, or all members as a matrix or a vector.
    fn raise_symbol(
        &mut self,
        node: NodeId,
        symbol: SymbolId,
        selected: &Selected,
    ) -> Result<Raised> {
        let conjugate = self.arena.conjugate_of(symbol);
        let symbol = conjugate.unwrap_or(symbol);
        let family = self.arena.axes(node).iter().filter(|axis| axis.range).count();
        let shape = self.shape_at(node, selected);
        let indices: Indices = selected.iter().copied().flatten().collect();
        if indices.is_empty() {
            let formula = if family == selected.len() {
                Formula::Symbol(symbol)
            } else {
                Formula::Rows(symbol)
            };
            let mut formula = self.formulas.intern(formula, shape);
            if conjugate.is_some() {
                formula = self.conjugate_formula(formula, shape)?;
            }
            return Ok(Raised::plain(self.formulas.term(formula)));
        }
        let leading = selected.iter().take_while(|index| index.is_some()).count();
        let whole_member = leading == indices.len() && leading == family;
        if !whole_member && indices.len() < selected.len() {
            return Err(no_matrix_form("a row or a column of a matrix under an index"));
        }
        let whole = self.node_shape(node);
        let is_row = self.options.rows.contains(&symbol);
        let base = if family > 0 { shape } else { whole };
        let turn = |shape: Shape| Shape { rows: shape.columns, columns: shape.rows };
        let base =
            self.formulas.intern(Formula::Symbol(symbol), if is_row { turn(base) } else { base });
        let is_row = is_row && !shape.is_scalar();
        let shape = if is_row { turn(shape) } else { shape };
        let mut formula = self.formulas.intern(Formula::Member { base, indices }, shape);
        if conjugate.is_some() {
            formula = self.conjugate_formula(formula, shape)?;
        }
        if !is_row {
            return Ok(Raised::plain(self.formulas.term(formula)));
        }
        let factor = Factor { formula, transposed: true };
        Ok(Raised::plain(Term::of_chain(smallvec![factor])))
    }

    pub(crate) fn names_family(&self, name: &str) -> bool {
        self.options.families.iter().any(|family| family == name)
    }

    /// A member of a family that the user bound to a name, under this name.
    fn named_member(
        &mut self,
        node: NodeId,
        selected: &Selected,
        raised: &Raised,
    ) -> Option<Raised> {
        let name = self.arena.name(node).filter(|name| self.names_family(name))?;
        let (Some(index), true) = (selected.first().copied().flatten(), is_plain(&selected[1..]))
        else {
            return None;
        };
        if self.options.whole_names_only || raised.is_placed() {
            return None;
        }
        let shape = self.shape_at(node, selected);
        let definition = self.formulas.of_term(&raised.term);
        let names = &mut self.formulas.member_names;
        let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        let name = u32::try_from(place).ok()?;
        let formula = Formula::NamedMember { name, index, definition };
        let formula = self.formulas.intern(formula, shape);
        let sides = selected.iter().filter(|index| index.is_none()).count();
        if sides == 2 && self.arena.facts(node).symmetric {
            self.formulas.note_symmetric(formula);
        }
        Some(Raised::plain(self.formulas.term(formula)))
    }

    /// An entry of a value that stands as a whole under a name.
    fn member_of_whole(&mut self, node: NodeId, selected: &Selected) -> Option<Raised> {
        let indices: Option<Indices> = selected.iter().copied().collect();
        let indices = indices?;
        let whole: Selected = smallvec![None; selected.len()];
        let raised = self.raised_at(node, &whole)?.clone();
        let shape = self.node_shape(node);
        let term = self.formulas.closed(raised, shape);
        let definition: FormulaId = self.formulas.of_term(&term);
        let base = match self.formulas.get(definition) {
            Formula::Symbol(_) | Formula::Binding(_) => definition,
            _ => self.formulas.bind(definition, None),
        };
        let formula = self.formulas.intern(Formula::Member { base, indices }, Shape::SCALAR);
        Some(Raised::plain(self.formulas.term(formula)))
    }

    /// A product with its ranges as rows of matrices, and with sums over indices: the cheaper.
    fn raise_both_ways(
        &mut self,
        contraction: &Contraction,
        selected: &Selected,
        avoid: u64,
    ) -> Result<Raised> {
        let mut best: Option<(u32, Raised)> = None;
        let mut failure = None;
        let mut known: Vec<usize> = Vec::new();
        for way in WAYS {
            let expansion = match self.expand(contraction, selected, way, avoid) {
                Ok(expansion) if known.contains(&expansion.closed.len()) => continue,
                Ok(expansion) => expansion,
                Err(reason) => {
                    failure = failure.or(Some(reason));
                    continue;
                }
            };
            known.push(expansion.closed.len());
            match self.raise_expansion(contraction, &expansion) {
                Ok(raised) => {
                    let matrices = self.formulas.matrices_in(&raised.term).count_ones();
                    let cost = self
                        .formulas
                        .term_cost(&raised.term)
                        .saturating_add(matrices * MATRIX_OF_FAMILY);
                    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                        best = Some((cost, raised));
                    }
                }
                Err(reason) => failure = failure.or(Some(reason)),
            }
        }
        match best {
            Some((_, raised)) => Ok(raised),
            None => Err(failure.unwrap_or_else(|| no_matrix_form("this tensor"))),
        }
    }

    /// A product with inner products of higher order in line, and an index for each label that is told
    /// by one.
    pub(crate) fn expand(
        &mut self,
        contraction: &Contraction,
        selected: &[Option<IndexId>],
        way: Way,
        mut avoid: u64,
    ) -> Result<Expansion> {
        let mut expansion = Expansion {
            labels: contraction.axes.iter().map(|axis| (axis.dimension, None)).collect(),
            closed: Indices::new(),
            factors: Vec::with_capacity(contraction.operands.len()),
        };
        for (position, (label, index)) in contraction.output.iter().zip(selected).enumerate() {
            let place = usize::from(*label);
            if contraction.output[..position].contains(label) && expansion.labels[place].1 != *index
            {
                return Err(no_matrix_form("a diagonal of which one side has an index"));
            }
            expansion.labels[place].1 = *index;
        }
        let indexed = way != Way::Matrices;
        if indexed {
            for (label, axis) in contraction.axes.iter().enumerate() {
                if axis.range && !is_open(contraction, label) {
                    self.tell_by_index(contraction, label, &mut expansion, &mut avoid)?;
                }
            }
        }
        if way == Way::Entries {
            while let Some(label) = self.beside_an_index(contraction, &expansion) {
                self.tell_by_index(contraction, label, &mut expansion, &mut avoid)?;
            }
        }
        let mut pending: Vec<(NodeId, Rational, Places)> = contraction
            .operands
            .iter()
            .rev()
            .map(|operand| {
                let places = operand.labels.iter().map(|label| usize::from(*label)).collect();
                (operand.node, operand.exponent.clone(), places)
            })
            .collect();
        let arena = self.arena;
        while let Some((node, exponent, places)) = pending.pop() {
            match arena.node(node) {
                Node::Contraction(inner)
                    if places.len() > 2
                        && exponent.is_one()
                        && expansion.ordinary(&places).len() > 2 =>
                {
                    self.put_in_line(
                        inner,
                        &places,
                        &mut expansion,
                        &mut pending,
                        indexed.then_some(&mut avoid),
                    )?;
                }
                _ => expansion.factors.push((node, exponent, places)),
            }
        }
        Ok(expansion)
    }

    /// Gives a summed label an index.
    fn tell_by_index(
        &mut self,
        contraction: &Contraction,
        label: usize,
        expansion: &mut Expansion,
        avoid: &mut u64,
    ) -> Result<()> {
        let hint = self.hint_on(contraction, label);
        let index = self.fresh_index(hint, contraction.axes[label].dimension, *avoid)?;
        *avoid |= index.set();
        expansion.closed.push(index);
        expansion.labels[label].1 = Some(index);
        Ok(())
    }

    /// A summed label without an index on an array without a family, on which another label has one:
    /// an array has all of its indices or none.
    fn beside_an_index(&self, contraction: &Contraction, expansion: &Expansion) -> Option<usize> {
        contraction.operands.iter().find_map(|operand| {
            let index_of = |label: &u8| expansion.labels[usize::from(*label)].1;
            if self.depends(operand.node)
                || operand.labels.iter().all(|label| index_of(label).is_none())
            {
                return None;
            }
            let beside = operand.labels.iter().find(|label| {
                index_of(label).is_none() && !is_open(contraction, usize::from(**label))
            });
            beside.map(|label| usize::from(*label))
        })
    }

    /// Puts the factors of an inner product in the place of the product.
    fn put_in_line(
        &mut self,
        inner: &Contraction,
        places: &[usize],
        expansion: &mut Expansion,
        pending: &mut Vec<(NodeId, Rational, Places)>,
        mut avoid: Option<&mut u64>,
    ) -> Result<()> {
        let mut map: SmallVec<[Option<usize>; 8]> = inner.axes.iter().map(|_| None).collect();
        for (label, place) in inner.output.iter().zip(places) {
            let target = &mut map[usize::from(*label)];
            if target.is_some_and(|other| other != *place) {
                return Err(no_matrix_form("a diagonal of a tensor of order three or more"));
            }
            *target = Some(*place);
        }
        let mut places: SmallVec<[usize; 8]> = SmallVec::new();
        for (label, (place, axis)) in map.into_iter().zip(&inner.axes).enumerate() {
            if let Some(place) = place {
                places.push(place);
                continue;
            }
            let mut index = None;
            if axis.range
                && let Some(avoid) = avoid.as_deref_mut()
            {
                let hint = self.hint_on(inner, label);
                let chosen = self.fresh_index(hint, axis.dimension, *avoid)?;
                *avoid |= chosen.set();
                expansion.closed.push(chosen);
                index = Some(chosen);
            }
            expansion.labels.push((axis.dimension, index));
            places.push(expansion.labels.len() - 1);
        }
        for operand in inner.operands.iter().rev() {
            let labels = operand.labels.iter().map(|label| places[usize::from(*label)]).collect();
            pending.push((operand.node, operand.exponent.clone(), labels));
        }
        Ok(())
    }
}

/// Whether a label is an output.
fn is_open(contraction: &Contraction, label: usize) -> bool {
    contraction.output.iter().any(|output| usize::from(*output) == label)
}

/// The ways in which a product is tried, in order.
const WAYS: [Way; 3] = [Way::Matrices, Way::Ranges, Way::Entries];

/// An application without the labels that have an index, and what is asked of each argument.
fn reduced(apply: &Apply, selected: &[Option<IndexId>]) -> Result<(Apply, Vec<Selected>)> {
    let mut indices: SmallVec<[Option<IndexId>; 4]> = smallvec![None; apply.axes.len()];
    for (position, (label, index)) in apply.output.iter().zip(selected).enumerate() {
        let place = &mut indices[usize::from(*label)];
        if apply.output[..position].contains(label) && *place != *index {
            return Err(no_matrix_form("a diagonal of which one side has an index"));
        }
        *place = *index;
    }
    let index_of = |label: &u8| indices[usize::from(*label)];
    let lookups =
        apply.arguments.iter().map(|argument| argument.labels.iter().map(index_of).collect());
    let lookups = lookups.collect();
    let ordinary =
        |labels: &[u8]| labels.iter().copied().filter(|label| index_of(label).is_none()).collect();
    let arguments = apply
        .arguments
        .iter()
        .map(|argument| Argument { node: argument.node, labels: ordinary(&argument.labels) });
    let reduced = Apply {
        function: apply.function,
        arguments: arguments.collect(),
        output: ordinary(&apply.output),
        axes: apply.axes.clone(),
    };
    Ok((reduced, lookups))
}
