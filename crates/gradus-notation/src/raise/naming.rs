//! Which formulas stand on the page under a name: the bindings that are used, and what repeats.
//!
//! Must not know how formulas become text.

use gradus_tensor::{Arena, FunctionRef};
use rustc_hash::FxHashSet;

use crate::raise::formula::{Callee, Formula, FormulaId, Formulas, Term};
use crate::raise::measure::{Level, MEMBER, Measure};

/// A name is introduced if it saves at least this much.
const SAVING: u32 = 6;

/// What a binding costs beyond its formula: its name, an equals sign and a separator.
const BINDING: u32 = 3;

/// The formulas a page needs, and the names of some of them.
pub(crate) struct Plan {
    /// How often each formula is referred to; zero for one that is not needed.
    pub(crate) uses: Vec<u32>,
    /// The name of a formula, and whether the user gave it.
    pub(crate) names: Vec<Option<(String, bool)>>,
}

/// Visits the formulas that a formula refers to; for a name, its definition.
fn parts_of(formulas: &Formulas, id: FormulaId, mut visit: impl FnMut(FormulaId)) {
    match formulas.get(id) {
        Formula::Binding(place) => visit(formulas.bindings[*place as usize].definition),
        formula => formula.parts(visit),
    }
}

impl Plan {
    pub(crate) fn new(
        arena: &Arena,
        formulas: &Formulas,
        reserved: &[String],
        results: &[Term],
    ) -> Self {
        let mut plan = Self { uses: vec![0; formulas.len()], names: vec![None; formulas.len()] };
        plan.count(formulas, results);
        plan.choose(arena, formulas, reserved);
        plan
    }

    fn count(&mut self, formulas: &Formulas, results: &[Term]) {
        let uses = &mut self.uses;
        let mut visit = |id: FormulaId| uses[id.index()] = uses[id.index()].saturating_add(1);
        for term in results {
            term.parts(&mut visit);
        }
        for at in (0..formulas.len()).rev() {
            if self.uses[at] == 0 {
                continue;
            }
            let uses = &mut self.uses;
            let id = FormulaId(u32::try_from(at).unwrap_or(u32::MAX));
            parts_of(formulas, id, |part| {
                uses[part.index()] = uses[part.index()].saturating_add(1)
            });
        }
    }

    /// Names all bindings that are needed, and what repeats, inner formulas first.
    fn choose(&mut self, arena: &Arena, formulas: &Formulas, reserved: &[String]) {
        let mut names = Names::new(arena, reserved);
        let mut defined = vec![false; formulas.len()];
        let mut sliced = vec![false; formulas.len()];
        for at in 0..formulas.len() {
            match formulas.get(FormulaId(u32::try_from(at).unwrap_or(u32::MAX))) {
                Formula::Slice { base, .. } | Formula::Member { base, .. } if self.uses[at] > 0 => {
                    sliced[base.index()] = true;
                }
                Formula::Binding(place) if self.uses[at] > 0 => {
                    defined[formulas.bindings[*place as usize].definition.index()] = true;
                }
                _ => {}
            }
        }
        let mut measures: Vec<Measure> = Vec::with_capacity(formulas.len());
        for at in 0..formulas.len() {
            let id = FormulaId(u32::try_from(at).unwrap_or(u32::MAX));
            let mut measure = formulas.measure(id);
            if self.uses[at] > 0 {
                measure = formulas.measure_formula(formulas.get(id), formulas.shape(id), &|part| {
                    measures[part.index()]
                });
                measure.cost = measure.cost.min(1 << 24);
                if let Some(name) =
                    self.name(formulas, id, measure, (defined[at], sliced[at]), &mut names)
                {
                    self.names[at] = Some(name);
                    let cost = if formulas.free(id) == 0 { 1 } else { MEMBER };
                    measure = Measure { cost, level: Level::Atom };
                } else if let Formula::Binding(place) = formulas.get(id) {
                    measure = measures[formulas.bindings[*place as usize].definition.index()];
                }
            }
            measures.push(measure);
        }
    }

    /// The name of a formula, if it should have one.
    fn name(
        &self,
        formulas: &Formulas,
        id: FormulaId,
        measure: Measure,
        (defined, sliced): (bool, bool),
        names: &mut Names,
    ) -> Option<(String, bool)> {
        let uses = self.uses[id.index()];
        match formulas.get(id) {
            Formula::Binding(place) => {
                let binding = &formulas.bindings[*place as usize];
                match &binding.name {
                    Some(name) => Some((name.clone(), true)),
                    None if uses > 1 || sliced => Some((names.fresh(formulas, id), false)),
                    None => None,
                }
            }
            Formula::Rows(symbol) => {
                let family = &names.arena.symbol(*symbol).name;
                Some((names.matrix_of(family, formulas, id), false))
            }
            Formula::NamedMember { name, .. } => {
                Some((formulas.member_names[*name as usize].clone(), true))
            }
            // A name has at most one index.
            _ if formulas.free(id) != 0
                && (formulas.whole_names_only || formulas.member_index(id).is_none()) =>
            {
                None
            }
            Formula::Term(_)
            | Formula::IndexedSum { .. }
            | Formula::Sum(_)
            | Formula::Hadamard(_)
            | Formula::Dot(_)
            | Formula::SquaredNorm(_)
            | Formula::Power { .. }
            | Formula::MatrixPower { .. }
            | Formula::Call { .. }
            | Formula::Blocks(_) => {
                let own = if formulas.free(id) == 0 { 1 } else { MEMBER };
                let saved = u64::from(uses) * u64::from(measure.cost.saturating_sub(own));
                let spent = u64::from(measure.cost) + u64::from(BINDING + SAVING);
                (uses > 1 && !defined && saved >= spent && !is_constant(formulas, id))
                    .then(|| (names.fresh(formulas, id), false))
            }
            _ => None,
        }
    }
}

/// Whether a formula has no variables, such as a commutation matrix.
fn is_constant(formulas: &Formulas, id: FormulaId) -> bool {
    matches!(formulas.get(id),
        Formula::Call { callee: Callee::Function(FunctionRef::Book(_)), arguments, .. }
            if arguments.iter().all(|part| matches!(formulas.get(*part), Formula::Ones)))
}

/// Names that are not taken yet.
struct Names<'a> {
    arena: &'a Arena,
    reserved: &'a [String],
    taken: Option<FxHashSet<String>>,
    last: u32,
}

impl<'a> Names<'a> {
    fn new(arena: &'a Arena, reserved: &'a [String]) -> Self {
        Self { arena, reserved, taken: None, last: 0 }
    }

    /// All names that mean something already.
    fn collect(arena: &Arena, reserved: &[String], formulas: &Formulas) -> FxHashSet<String> {
        let mut taken: FxHashSet<String> = reserved.iter().cloned().collect();
        taken.extend(arena.symbols().iter().map(|symbol| symbol.name.clone()));
        taken.extend(formulas.bindings.iter().filter_map(|binding| binding.name.clone()));
        let nodes = (0..arena.len()).filter_map(|at| u32::try_from(at).ok());
        taken.extend(
            nodes.filter_map(|at| arena.name(gradus_tensor::NodeId(at))).map(str::to_owned),
        );
        taken.extend(formulas.indices.iter().map(|(name, _)| name.clone()));
        let dimensions = &formulas.dimensions;
        let count = u32::try_from(dimensions.name_count()).unwrap_or(u32::MAX);
        taken.extend(
            (0..count).map(|at| dimensions.name_text(gradus_tensor::DimensionName(at)).to_owned()),
        );
        taken
    }

    /// A name for the matrix of a family: the capital letter of its name, if that is free.
    fn matrix_of(&mut self, family: &str, formulas: &Formulas, id: FormulaId) -> String {
        let mut letters = family.chars();
        let capital: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let (arena, reserved) = (self.arena, self.reserved);
        let taken = self.taken.get_or_insert_with(|| Self::collect(arena, reserved, formulas));
        if is_free(&capital) && taken.insert(capital.clone()) {
            return capital;
        }
        self.fresh(formulas, id)
    }

    /// The next free name: a small letter for scalars and vectors, a capital for matrices.
    fn fresh(&mut self, formulas: &Formulas, id: FormulaId) -> String {
        let shape = formulas.shape(id);
        let letter = if shape.is_scalar() || shape.is_vector() { 't' } else { 'T' };
        let (arena, reserved) = (self.arena, self.reserved);
        let taken = self.taken.get_or_insert_with(|| Self::collect(arena, reserved, formulas));
        if formulas.free(id) != 0 {
            // An index reads better on a letter alone.
            let letters = if letter == 't' { ["t", "u", "v"] } else { ["T", "U", "V"] };
            let free = letters.into_iter().find(|name| taken.insert((*name).to_owned()));
            if let Some(name) = free {
                return name.to_owned();
            }
        }
        loop {
            self.last += 1;
            let name = format!("{letter}{}", self.last);
            if is_free(&name) && taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Whether a name is none of the vocabulary.
fn is_free(name: &str) -> bool {
    gradus_functions::book().lookup(name).is_none() && gradus_functions::reserved(name).is_none()
}
