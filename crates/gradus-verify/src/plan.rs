//! In which order the nodes of a typed tree are evaluated.
//!
//! Must not know sizes or numbers.

use gradus_elaborate::typed::{IndexId, Operation, TypedId, TypedTree, VariableId};
use gradus_tensor::{FunctionId, Role};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::call::Routine;
use crate::constant::foldable;
use crate::field::Fault;

/// More nodes than this are refused.
const MOST_NODES: usize = 1 << 22;

/// A node of a plan, counted among the nodes that are needed.
pub(crate) type Place = u32;

/// The evaluation of some nodes of one tree.
pub(crate) struct Plan<'t> {
    pub(crate) tree: &'t TypedTree,
    /// The nodes that are needed, children first.
    pub(crate) nodes: Vec<TypedId>,
    /// Where a node of the tree stands in `nodes`.
    places: Vec<Place>,
    /// What is evaluated once, in order.
    pub(crate) once: Vec<Place>,
    /// What is evaluated for each value of the indices of a sum or a table, in order.
    pub(crate) loops: FxHashMap<Place, Vec<Place>>,
    /// Exponents and what they are computed from, as far as they can be numbers.
    pub(crate) exponents: Vec<Place>,
    /// How calls are evaluated.
    pub(crate) routines: FxHashMap<Place, Routine>,
    /// The variables that occur.
    pub(crate) variables: Vec<VariableId>,
    /// How many signs of a differential stand one inside the other in each node.
    differentials: Vec<u8>,
    /// The variables in exponents, and whether the exponent must be an integer.
    pub(crate) in_exponents: Vec<(VariableId, bool)>,
}

const ABSENT: Place = Place::MAX;

impl<'t> Plan<'t> {
    /// The plan for the values of some nodes.
    pub(crate) fn new(tree: &'t TypedTree, roots: &[TypedId]) -> Result<Self, Fault> {
        Self::nested(tree, roots, 0)
    }

    /// The plan for a text of the rule book that is used inside this many others.
    pub(crate) fn nested(
        tree: &'t TypedTree,
        roots: &[TypedId],
        depth: u32,
    ) -> Result<Self, Fault> {
        if tree.nodes.len() > MOST_NODES {
            return Err(Fault::Limit("the number of nodes"));
        }
        if roots.iter().any(|root| root.0 as usize >= tree.nodes.len()) {
            return Err(Fault::Unsupported("a node that is not in its tree".to_owned()));
        }
        let mut needed = vec![false; tree.nodes.len()];
        for root in roots {
            needed[root.0 as usize] = true;
        }
        close(tree, &mut needed)?;
        let mut places = vec![ABSENT; tree.nodes.len()];
        let mut nodes = Vec::new();
        for position in (0..needed.len()).filter(|position| needed[*position]) {
            places[position] = place(nodes.len());
            nodes.push(TypedId(place(position)));
        }
        let mut plan = Self {
            tree,
            nodes,
            places,
            once: Vec::new(),
            loops: FxHashMap::default(),
            exponents: Vec::new(),
            routines: FxHashMap::default(),
            variables: Vec::new(),
            in_exponents: Vec::new(),
            differentials: Vec::new(),
        };
        plan.count_differentials();
        if depth > 0 && plan.has_differentials() {
            return Err(Fault::Unsupported("d(…) in a text of the rule book".to_owned()));
        }
        plan.schedule()?;
        plan.find_variables();
        plan.find_exponents();
        plan.choose_routines(depth)?;
        Ok(plan)
    }

    /// Where a node stands.
    pub(crate) fn place(&self, id: TypedId) -> Place {
        self.places[id.0 as usize]
    }

    /// How many signs of a differential stand one inside the other below a node.
    pub(crate) fn differentials(&self, id: TypedId) -> u8 {
        self.differentials[self.place(id) as usize]
    }

    /// Whether any sign of a differential occurs.
    pub(crate) fn has_differentials(&self) -> bool {
        self.differentials.iter().any(|count| *count > 0)
    }

    fn count_differentials(&mut self) {
        let mut counts: Vec<u8> = Vec::with_capacity(self.nodes.len());
        for id in &self.nodes {
            let mut count = 0;
            self.tree.children(*id, |child| count = count.max(counts[self.place(child) as usize]));
            let own = matches!(self.tree.node(*id).operation, Operation::Differential(_));
            counts.push(count.saturating_add(u8::from(own)));
        }
        self.differentials = counts;
    }

    pub(crate) fn operation(&self, place: Place) -> &'t Operation {
        &self.tree.node(self.nodes[place as usize]).operation
    }

    /// Sets the order of evaluation, with a loop for each sum over an index.
    fn schedule(&mut self) -> Result<(), Fault> {
        let free = self.free_indices();
        for position in 0..self.nodes.len() {
            let at = place(position);
            if free[position].is_empty() {
                self.once.push(at);
            }
            let operation = self.operation(at);
            if let Some(body) = body(operation) {
                let bound = bound_indices(operation);
                let mut allowed = free[position].clone();
                allowed.extend(bound.iter().copied());
                let list = self.loop_body(body, bound, &allowed, &free);
                self.loops.insert(at, list);
            }
        }
        Ok(())
    }

    /// The indices that each node depends on.
    fn free_indices(&self) -> Vec<SmallVec<[IndexId; 2]>> {
        let mut free: Vec<SmallVec<[IndexId; 2]>> = Vec::with_capacity(self.nodes.len());
        for id in &self.nodes {
            let mut set: SmallVec<[IndexId; 2]> = SmallVec::new();
            if let Operation::Member { indices, .. } = &self.tree.node(*id).operation {
                set.extend(indices.iter().copied());
            }
            self.tree.children(*id, |child| {
                set.extend(free[self.place(child) as usize].iter().copied())
            });
            let bound = bound_indices(&self.tree.node(*id).operation);
            set.retain(|index| !bound.contains(index));
            set.sort_unstable();
            set.dedup();
            free.push(set);
        }
        free
    }

    /// The nodes in a loop that depend on its indices, without those inside a further loop.
    fn loop_body(
        &self,
        body: TypedId,
        bound: &[IndexId],
        allowed: &[IndexId],
        free: &[SmallVec<[IndexId; 2]>],
    ) -> Vec<Place> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut list: Vec<Place> = Vec::new();
        let mut waiting = vec![body];
        while let Some(id) = waiting.pop() {
            let at = self.place(id);
            let set = &free[at as usize];
            if !bound.iter().any(|index| set.contains(index)) || !seen.insert(at) {
                continue;
            }
            // What stands inside a further loop and does not depend on it is evaluated here.
            self.tree.children(id, |child| waiting.push(child));
            if set.iter().all(|other| allowed.contains(other)) {
                list.push(at);
            }
        }
        list.sort_unstable();
        list
    }

    /// How many nodes are evaluated in loops in all rounds, for these ranges of the indices.
    pub(crate) fn evaluations_in_loops(&self, range: impl Fn(IndexId) -> u64) -> u64 {
        let mut loops: Vec<Place> = self.loops.keys().copied().collect();
        loops.sort_unstable();
        let mut times: FxHashMap<Place, u64> = FxHashMap::default();
        let mut total = 0_u64;
        // Outer loops stand behind inner ones.
        for at in loops.iter().rev() {
            let own = u64::from(self.once.binary_search(at).is_ok());
            let times_run = times.get(at).copied().unwrap_or(0).max(own);
            let bound = bound_indices(self.operation(*at));
            let rounds =
                bound.iter().fold(times_run, |rounds, index| rounds.saturating_mul(range(*index)));
            let list = self.loops.get(at).map_or(&[] as &[Place], Vec::as_slice);
            total = total.saturating_add(rounds.saturating_mul(list.len() as u64));
            for inner in list.iter().filter(|inner| self.loops.contains_key(inner)) {
                let times = times.entry(*inner).or_default();
                *times = times.saturating_add(rounds);
            }
        }
        total
    }

    fn find_variables(&mut self) {
        let mut seen = vec![false; self.tree.variables.len()];
        for id in &self.nodes {
            let variable = match &self.tree.node(*id).operation {
                Operation::Variable(variable) | Operation::Rows(variable) => *variable,
                Operation::Mapped { function, .. }
                | Operation::Scalar { function, .. }
                | Operation::Path { function, .. } => *function,
                _ => continue,
            };
            if let Some(seen) = seen.get_mut(variable.0 as usize)
                && !*seen
            {
                *seen = true;
                self.variables.push(variable);
            }
        }
    }

    /// Finds what stands in exponents: numbers to fold, and variables that are drawn as integers.
    fn find_exponents(&mut self) {
        let count = self.nodes.len();
        let (mut inside, mut integer) = (vec![false; count], vec![false; count]);
        for id in &self.nodes {
            match &self.tree.node(*id).operation {
                Operation::Power(_, exponent) => inside[self.place(*exponent) as usize] = true,
                Operation::MatrixPower(_, exponent) => {
                    let at = self.place(*exponent) as usize;
                    (inside[at], integer[at]) = (true, true);
                }
                Operation::Call { function, arguments, .. } if is_power(*function) => {
                    if let [_, exponent, ..] = arguments.as_slice() {
                        let at = self.place(*exponent) as usize;
                        (inside[at], integer[at]) = (true, true);
                    }
                }
                _ => {}
            }
        }
        for position in (0..count).rev() {
            if inside[position] {
                let must = integer[position];
                self.tree.children(self.nodes[position], |child| {
                    let at = self.places[child.0 as usize] as usize;
                    inside[at] = true;
                    integer[at] |= must;
                });
            }
        }
        for position in (0..count).filter(|position| inside[*position]) {
            let id = self.nodes[position];
            if foldable(self.tree, id) {
                self.exponents.push(place(position));
            }
            if let Operation::Variable(variable) = &self.tree.node(id).operation {
                self.in_exponents.push((*variable, integer[position]));
            }
        }
    }

    fn choose_routines(&mut self, depth: u32) -> Result<(), Fault> {
        for position in 0..self.nodes.len() {
            let at = place(position);
            if let Operation::Call { function, arguments, sizes } = self.operation(at) {
                let shapes: SmallVec<[_; 4]> =
                    arguments.iter().map(|argument| self.tree.shape(*argument)).collect();
                self.routines.insert(at, Routine::of(*function, &shapes, sizes, depth)?);
            }
        }
        Ok(())
    }
}

/// The indices that an operation binds.
pub(crate) fn bound_indices(operation: &Operation) -> &[IndexId] {
    match operation {
        Operation::IndexedSum { index, .. } | Operation::Family { index, .. } => {
            std::slice::from_ref(index)
        }
        Operation::Tabulate { indices, .. } => indices,
        _ => &[],
    }
}

/// What an operation evaluates for each value of the indices that it binds.
pub(crate) fn body(operation: &Operation) -> Option<TypedId> {
    match operation {
        Operation::IndexedSum { body, .. }
        | Operation::Tabulate { body, .. }
        | Operation::Family { body, .. } => Some(*body),
        _ => None,
    }
}

/// Whether the second argument of a function is the exponent of a matrix power.
fn is_power(function: FunctionId) -> bool {
    let facts = gradus_functions::book().get(function).facts;
    [facts.role, facts.frechet_of].contains(&Some(Role::MatrixPower))
}

/// A position as a place; the limit on nodes keeps it in range.
fn place(position: usize) -> Place {
    Place::try_from(position).unwrap_or(ABSENT)
}

/// Adds the children of what is needed.
fn close(tree: &TypedTree, needed: &mut [bool]) -> Result<(), Fault> {
    let mut ordered = true;
    for position in (0..needed.len()).rev() {
        if needed[position] {
            tree.children(TypedId(place(position)), |child| {
                match needed.get_mut(child.0 as usize) {
                    Some(flag) if (child.0 as usize) < position => *flag = true,
                    _ => ordered = false,
                }
            });
        }
    }
    if ordered {
        Ok(())
    } else {
        Err(Fault::Unsupported("a tree whose children come after their parents".to_owned()))
    }
}
