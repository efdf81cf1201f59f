//! Which reading of the undeclared names is taken: the preference of the first letters, or the fewest
//! departures from it that fit.
//!
//! Must not know how expressions are read.

use gradus_diagnostics::Diagnostic;
use gradus_syntax::tree::{Expr, ExprId};
use rustc_hash::FxHashSet;

use crate::engine::Engine;
use crate::failure::{Failure, Step};
use crate::implied::children;
use crate::names::{Kind, Name, NameId, Word, is_early};
use crate::program::Beside;
use crate::run::Outcome;
use crate::scan::Definitions;
use crate::typed::Shape;

/// At most this many readings are tried.
const MAXIMUM_ATTEMPTS: usize = 600;
/// At most this many expressions are read in all attempts together.
const MAXIMUM_WORK: usize = 2_000_000;
/// Readings further from the preference than this are not tried.
const MAXIMUM_COST: usize = 12;
/// Up to this many names, a first departure may be anywhere; beyond, only where the preference fails.
const FEW_NAMES: usize = 24;
/// At most this many readings are listed.
const MAXIMUM_LISTED: usize = 6;

/// Names with kinds that are not preferred.
type Departures = Vec<(NameId, Kind)>;

/// The search.
pub(crate) struct Search<'e, 'a> {
    engine: &'e mut Engine<'a>,
    /// How many of the sources are programs; the others hold declarations.
    programs: usize,
    same_shape: bool,
    /// What the last sources are.
    beside: Beside<'e>,
    definitions: &'e Definitions,
    attempts: usize,
    work: usize,
    conditions: usize,
    /// The last reading that was tried with messages.
    last: Departures,
}

impl<'e, 'a> Search<'e, 'a> {
    pub(crate) fn new(
        engine: &'e mut Engine<'a>,
        programs: usize,
        same_shape: bool,
        definitions: &'e Definitions,
    ) -> Self {
        let conditions = engine.conditions.len();
        Self {
            engine,
            programs,
            same_shape,
            beside: Beside::Nothing,
            definitions,
            attempts: 0,
            work: 0,
            conditions,
            last: Vec::new(),
        }
    }

    /// The last sources are something else than functions.
    pub(crate) fn with(mut self, beside: Beside<'e>) -> Self {
        self.beside = beside;
        self
    }

    /// Finds the reading and leaves the engine in its state.
    pub(crate) fn run(&mut self) -> Step<Outcome> {
        match self.reading() {
            Err(failure) if !self.engine.proposals.is_empty() => {
                Err(self.with_declarations(*failure))
            }
            found => found,
        }
    }

    /// Adds the declarations that settle the sizes to the message that they are not determined.
    fn with_declarations(&mut self, failure: Failure) -> Box<Failure> {
        let mut proposals = std::mem::take(&mut self.engine.proposals);
        let departures = self.last.clone();
        if self.tried(&proposals, &departures) {
            // What is not needed is not told.
            for position in (0..proposals.len()).rev() {
                let mut fewer = proposals.clone();
                fewer.remove(position);
                if !fewer.is_empty() && self.tried(&fewer, &departures) {
                    proposals = fewer;
                }
            }
            let options: Vec<String> = proposals
                .iter()
                .map(|(name, shape)| {
                    let text = self.engine.names.get(*name).text.clone();
                    format!("--let '{text}: {}'", self.engine.proposed_kind(*name, *shape))
                })
                .collect();
            let hint = format!("declare the sizes: {}", options.join(" "));
            let diagnostic = failure.diagnostic.hint(hint);
            return Box::new(Failure { diagnostic: diagnostic.into(), mendable: None });
        }
        Box::new(failure)
    }

    /// Whether the program is read with further declarations.
    fn tried(&mut self, proposals: &[(NameId, Shape)], departures: &Departures) -> bool {
        self.engine.proposed = proposals.iter().copied().collect();
        let fits = self.attempt(departures, false).is_ok();
        self.engine.proposed.clear();
        fits
    }

    fn reading(&mut self) -> Step<Outcome> {
        let preferred = self.attempt(&[], true);
        let failure = match preferred {
            Ok(outcome) => match self.transposed_names() {
                Some(names) => return self.with_vectors(&names).unwrap_or(Ok(outcome)),
                None => return Ok(outcome),
            },
            Err(failure) => failure,
        };
        let Some(place) = failure.mendable else { return Err(failure) };
        if let Some(names) = self.transposed_names()
            && let Some(found) = self.with_vectors(&names)
        {
            return found;
        }
        self.fewest_departures(*failure, place)
    }

    /// Reads every source under one reading.
    fn attempt(&mut self, departures: &[(NameId, Kind)], explaining: bool) -> Step<Outcome> {
        self.attempts += 1;
        if explaining {
            self.last = departures.to_vec();
        }
        self.engine.explaining = explaining;
        self.engine.start(departures, self.conditions);
        let mut outcome = Outcome::default();
        for source in 0..self.programs {
            self.work += self.engine.sources[source].source.tree.exprs.len();
            self.engine.run_source(source, &mut outcome)?;
            if source == 0 {
                outcome.first_variables = self.engine.typed.variables.len();
            }
        }
        let sides = match self.beside {
            Beside::Nothing => self.programs,
            Beside::Points(names) => {
                self.engine.at_points(names, &mut outcome)?;
                1
            }
            Beside::Equations(count) => self.programs.saturating_sub(2 * count),
        };
        if self.same_shape {
            let results = &outcome.results[..sides.min(outcome.results.len())];
            self.engine.same_shapes(sides.saturating_sub(1), results)?;
        }
        if let Beside::Equations(_) = self.beside {
            let assumed = outcome.results.split_off(sides.min(outcome.results.len()));
            for (at, equation) in assumed.chunks_exact(2).enumerate() {
                self.engine.same_shapes(sides + 2 * at + 1, equation)?;
                outcome.equations.push([equation[0], equation[1]]);
            }
        }
        self.engine.close()?;
        Ok(outcome)
    }

    fn exhausted(&self) -> bool {
        self.attempts >= MAXIMUM_ATTEMPTS || self.work >= MAXIMUM_WORK
    }

    /// Reads once more under the chosen reading, with messages and hints.
    fn take(&mut self, departures: &[(NameId, Kind)]) -> Step<Outcome> {
        self.attempt(departures, true)
    }

    /// The undeclared names with a–g that are transposed.
    fn transposed_names(&self) -> Option<Vec<NameId>> {
        let names: Vec<NameId> = self
            .free_names()
            .filter(|name| self.is_early(*name) && self.engine.names.get(*name).transposed)
            .collect();
        (!names.is_empty()).then_some(names)
    }

    fn is_early(&self, name: NameId) -> bool {
        is_early(&self.engine.names.get(name).text)
    }

    /// The names whose kind is guessed.
    fn free_names(&self) -> impl Iterator<Item = NameId> + '_ {
        let names = &self.engine.names;
        let is_differential = |text: &str| {
            let of =
                text.strip_prefix('d').and_then(|rest| names.find(rest)).map(|of| names.get(of));
            of.is_some_and(|of| of.occurrences > 0 || of.declared.is_some())
        };
        names.iter().enumerate().filter_map(move |(position, name)| {
            let free = name.occurrences > 0
                && name.declared.is_none()
                && !name.binds
                && name.dimension.is_none()
                && name.function.is_none()
                && name.word == Word::None
                && !is_differential(&name.text);
            free.then(|| NameId(u32::try_from(position).unwrap_or(u32::MAX)))
        })
    }

    /// Reads the transposed names, and as few further names with a–g as possible, as vectors where that
    /// makes the function a scalar.
    fn with_vectors(&mut self, transposed: &[NameId]) -> Option<Step<Outcome>> {
        let others: Vec<NameId> = self
            .free_names()
            .filter(|name| self.is_early(*name) && !transposed.contains(name))
            .collect();
        for size in 0..=others.len() {
            let mut found: Vec<Departures> = Vec::new();
            let mut chosen: Vec<usize> = (0..size).collect();
            loop {
                if self.exhausted() {
                    break;
                }
                let names = transposed.iter().copied().chain(chosen.iter().map(|at| others[*at]));
                let departures: Departures = names.map(|name| (name, Kind::Vector)).collect();
                if let Ok(outcome) = self.attempt(&departures, false)
                    && outcome
                        .results
                        .first()
                        .is_some_and(|result| self.engine.shape(*result).is_scalar())
                {
                    found.push(departures);
                }
                if !next_choice(&mut chosen, others.len()) {
                    break;
                }
            }
            match found.as_slice() {
                [] if self.exhausted() => break,
                [] => {}
                [only] => return Some(self.take(&only.clone())),
                several => {
                    let diagnostic =
                        Diagnostic::bad_input("reading", "the names can be read in several ways");
                    return Some(Err(self.tie(diagnostic, several)));
                }
            }
        }
        // The function is no scalar whatever is a vector: the preference stands.
        match self.attempt(&[], true) {
            Ok(outcome) => Some(Ok(outcome)),
            Err(_) => None,
        }
    }

    fn fewest_departures(&mut self, failure: Failure, place: (usize, ExprId)) -> Step<Outcome> {
        let free: FxHashSet<NameId> = self.free_names().collect();
        let mut failed: Vec<Vec<(Departures, (usize, ExprId))>> = vec![vec![(Vec::new(), place)]];
        let mut tried: FxHashSet<Departures> = FxHashSet::default();
        for cost in 1..=MAXIMUM_COST {
            let mut found: Vec<Departures> = Vec::new();
            let mut still: Vec<(Departures, (usize, ExprId))> = Vec::new();
            for departures in self.extensions(cost, &failed, &free, &mut tried) {
                if self.exhausted() {
                    break;
                }
                match self.attempt(&departures, false) {
                    Ok(_) => found.push(departures),
                    Err(next) => {
                        if let Some(place) = next.mendable {
                            still.push((departures, place));
                        }
                    }
                }
            }
            match found.as_slice() {
                [] if self.exhausted() => break,
                [] => failed.push(still),
                [only] => return self.take(&only.clone()),
                _ => {
                    found.sort_by_key(|departures| self.implausibility(departures));
                    return Err(self.tie(*failure.diagnostic, &found));
                }
            }
        }
        Err(Box::new(failure))
    }

    /// The readings of a cost that change something where a cheaper one failed.
    fn extensions(
        &self,
        cost: usize,
        failed: &[Vec<(Departures, (usize, ExprId))>],
        free: &FxHashSet<NameId>,
        tried: &mut FxHashSet<Departures>,
    ) -> Vec<Departures> {
        let mut extensions = Vec::new();
        for (before, readings) in failed.iter().enumerate() {
            for (departures, place) in readings {
                let anywhere = before == 0 && free.len() <= FEW_NAMES;
                let names = if anywhere {
                    self.free_names().collect()
                } else {
                    self.names_at(*place, free)
                };
                for name in names {
                    if departures.iter().any(|(known, _)| *known == name) {
                        continue;
                    }
                    let known = self.engine.names.get(name);
                    let preferred = known.preferred();
                    for kind in Kind::ALL {
                        let step = step(known, kind);
                        if kind == preferred || before + step != cost {
                            continue;
                        }
                        let mut extended = departures.clone();
                        extended.push((name, kind));
                        extended.sort_unstable();
                        if tried.insert(extended.clone()) {
                            extensions.push(extended);
                        }
                    }
                }
            }
        }
        extensions
    }

    /// The guessed names in an expression, and in what its bindings and functions stand for.
    fn names_at(&self, place: (usize, ExprId), free: &FxHashSet<NameId>) -> Vec<NameId> {
        let mut names = Vec::new();
        let mut waiting = vec![place];
        let mut seen: FxHashSet<(usize, ExprId)> = FxHashSet::default();
        while let Some((source, expr)) = waiting.pop() {
            if !seen.insert((source, expr)) || seen.len() > 20_000 {
                continue;
            }
            let tree = self.engine.sources[source].source.tree;
            let text = match tree.expr(expr) {
                Expr::Name(text) => Some(*text),
                Expr::Call { function, .. } => Some(*function),
                _ => None,
            };
            if let Some(name) = text.and_then(|text| self.engine.names.find(tree.text(text))) {
                if free.contains(&name) && !names.contains(&name) {
                    names.push(name);
                }
                if let Some(definition) = self.definitions.get(&name) {
                    waiting.push(*definition);
                }
                if let Some(function) = self.engine.names.get(name).function {
                    let function = &self.engine.functions[function as usize];
                    waiting.push((function.source, function.body));
                }
            }
            children(tree, expr, |child| waiting.push((source, child)));
        }
        names.sort_unstable();
        names
    }

    /// How many capitals are no matrices, and how many names are scalars.
    fn implausibility(&self, departures: &Departures) -> (usize, usize) {
        let capital = |name: NameId| self.engine.names.get(name).preferred() == Kind::Matrix;
        let capitals = departures.iter().filter(|(name, _)| capital(*name)).count();
        let scalars = departures.iter().filter(|(_, kind)| *kind == Kind::Scalar).count();
        (capitals, scalars)
    }

    fn tie(&self, diagnostic: Diagnostic, found: &[Departures]) -> Box<Failure> {
        let mut error = Diagnostic::bad_input("reading", "the names can be read in several ways");
        for label in diagnostic.labels {
            error = error.label(label.span, format!("as first read: {}", label.text));
        }
        for departures in found.iter().take(MAXIMUM_LISTED) {
            let options = departures.iter().map(|(name, kind)| {
                format!("--let '{}: {}'", self.engine.names.get(*name).text, kind.text())
            });
            error = error.hint(options.collect::<Vec<_>>().join(" "));
        }
        for hint in diagnostic.hints {
            error = error.hint(hint);
        }
        Box::new(Failure { diagnostic: error.into(), mendable: None })
    }
}

/// How far a kind is from the preferred one. A small letter is a vector more easily than a scalar, and
/// seldom a matrix; a capital is a matrix unless nothing else fits or it divides, as the number of
/// samples does. A scalar is seldom transposed.
fn step(name: &Name, kind: Kind) -> usize {
    let preferred = name.preferred();
    match kind {
        Kind::Matrix => 6,
        Kind::Vector if preferred == Kind::Matrix => 5,
        Kind::Vector => 2,
        Kind::Scalar if name.transposed => MAXIMUM_COST + 1,
        Kind::Scalar if preferred == Kind::Matrix && !name.counts => 6,
        Kind::Scalar => 3,
    }
}

/// The next choice of as many positions below `count`, in lexicographic order.
fn next_choice(chosen: &mut [usize], count: usize) -> bool {
    let size = chosen.len();
    for at in (0..size).rev() {
        if chosen[at] + (size - at) < count {
            chosen[at] += 1;
            for next in at + 1..size {
                chosen[next] = chosen[next - 1] + 1;
            }
            return true;
        }
    }
    false
}
