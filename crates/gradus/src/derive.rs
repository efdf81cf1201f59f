//! The pipeline: parse, elaborate, lower, differentiate, raise, verify.
//!
//! Must not know how any of these steps is done.

use gradus_diagnostics::{Class, Diagnostic};
use gradus_elaborate::Program;
use gradus_elaborate::lower::{Ambient, Lowered, Value};
use gradus_elaborate::typed::{Operation, TypedTree, Variable, VariableId};
use gradus_notation::arena::NotationTree;
use gradus_notation::index::index_form;
use gradus_notation::raise::{Goal, RaiseOptions, raise};
use gradus_notation::tree::Page;
use gradus_tensor::{DimensionId, Dimensions, Structure, SymbolId};

use crate::answer::{Answer, Kind};
use crate::complex;
use crate::conditions::conditions;
use crate::domains::{self, demands};
use crate::failure::{Failure, Result};
use crate::found::{FormulaKind, Found, View};
use crate::index;
use crate::points::{self, Points};
use crate::reading::{announcement, notes, program};
use crate::request::{Forms, Layout, Order, Request, Stacking, Verify};
use crate::results::{Derivatives, Wanted, Written, in_one_column, total, unstackable};
use crate::structures::{self, Known, lower_for};
use crate::text::Texts;
use crate::variables::{Choice, Skipped, choose};
use crate::verification::Verification;
use crate::verify;

/// The greatest order of a derivative.
const GREATEST_ORDER: u32 = 16;

/// The derivative of a function by one or several variables.
///
/// # Errors
/// Wrong input, kinds of derivative that are not supported, limits, and an answer that does not
/// survive its verification.
pub fn diff(request: &Request) -> Result<Answer> {
    let failure = match derivative(request, false) {
        Err(failure) if failure.diagnostic.class == Class::Unsupported => failure,
        answered => return answered,
    };
    // A softmax over one family for each member of another may have no form, where its sums have one.
    match derivative(request, true) {
        Ok(answer) if answer.program.tree.variables.iter().any(|it| !it.family.is_empty()) => {
            Ok(answer)
        }
        _ => Err(failure),
    }
}

/// The derivative; with plain sums no softmax is recognised.
fn derivative(request: &Request, plain_sums: bool) -> Result<Answer> {
    let texts = Texts::of_program(request)?;
    let mut program = program(&texts)?;
    program.plain_sums = plain_sums;
    let Order(order) = request.order;
    if let Some(error) = wrong_order(order) {
        return Err(texts.failure(error.into()));
    }
    let choice = choose(request, &texts, &program)?;
    let program =
        with_direction(request, program, &choice).map_err(|error| texts.failure(error))?;
    let mut lowered = lower_for(&program, &choice.wanted).map_err(|error| texts.failure(error))?;
    let function = function(&lowered)?;
    let real = complex::is_real(&program, &mut lowered, &function);
    let points =
        Points::of(&mut lowered, (&texts, &program), |lowered, id| value(lowered, &program, id))?;
    let mut question = Question { texts, request, program, choice, function, real, points };
    let mut wanted = question.wanted(&mut lowered);
    let layout = written_layout(request.layout, order, question.function.is_scalar());
    let (stacking, convention) = (request.stacking, request.convention);
    let written = Written { layout, stacking, convention, real };
    let by_unitary = |wanted: &Wanted| {
        let node = wanted.value.scaled.node;
        structures::of_node(&lowered.arena, node) == Structure::Unitary
    };
    // What is no gradient by a unitary matrix is no complex array, but a map of tangents.
    let is_gradient = order == 1 && real && question.function.is_scalar();
    let by_members = order > 1 && wanted.iter().any(|wanted| wanted.index.is_some());
    let only_along = !is_gradient && wanted.iter().any(by_unitary) || by_members && !request.stack;
    let curved = |wanted: &Wanted| structures::is_curved(&lowered.arena, &wanted.value);
    let is_bent = order > 2 || order == 2 && !question.function.is_scalar();
    let only_form = by_members && order > 2 || is_bent && wanted.iter().any(curved);
    if only_form && request.times.is_none() {
        // The members of a family are told apart twice only; on curved structures the derivatives of
        // higher order are told by the one along geodesics.
        let (program, function) = (&question.program, &question.function);
        let form = total(&mut lowered, program, function, &wanted, order);
        let form = form.map_err(|error| question.texts.failure(error))?;
        return question.answer_plainly(lowered, vec![form]);
    }
    if request.times.is_some() || only_along {
        let (program, function) = (&question.program, &question.function);
        let along = Derivatives::along(&mut lowered, program, function, &wanted, order, written);
        let along = along.map_err(|error| question.texts.failure(error))?;
        return question.answer_plainly(lowered, along);
    }
    let mut found = Derivatives::of(&mut lowered, &question.function, &wanted, order, written);
    if found.is_err() && request.variables.is_empty() && wanted.len() > 1 {
        question.leave_out(&mut wanted, &mut lowered, order, written);
        if !wanted.is_empty() {
            found = Derivatives::of(&mut lowered, &question.function, &wanted, order, written);
        }
    }
    let found = found.map_err(|error| question.texts.failure(error))?;
    let plain = Written { layout: Layout::Mixed, stacking: Stacking::Columns, ..written };
    let differs =
        (order > 1 && written.layout != plain.layout) || written.stacking != plain.stacking;
    if request.stack {
        if order > 1 {
            return Err(question.texts.failure(unstackable("the order is greater than 1")));
        }
        let derivatives = found.arrays(&wanted, Layout::Mixed);
        let function = &question.function;
        let columns = in_one_column(&mut lowered, function, &wanted, &derivatives, written);
        return question.answer_plainly(lowered, columns);
    }
    let apart = if differs {
        let plain = Derivatives::of(&mut lowered, &question.function, &wanted, order, plain);
        Some(plain.map_err(|error| question.texts.failure(error))?)
    } else {
        None
    };
    let plain = apart.as_ref().unwrap_or(&found);
    let mut upright = plain.arrays(&wanted, Layout::Mixed);
    let options = raise_options(&question.program, &lowered);
    let mut main = found.arrays(&wanted, layout);
    let known = Known::of(&mut lowered, &question.program, &question.choice.wanted);
    question.at_point(&mut lowered, main.iter_mut().chain(&mut upright))?;
    known.again(&mut lowered, main.iter_mut().chain(&mut upright));
    let raised = match request.forms {
        Forms::Main => {
            Raising { lowered: &lowered, options: &options }.page(main.clone(), &options).ok()
        }
        Forms::All => None,
        Forms::Index => {
            Some(question.unraised(&mut lowered, &found, &wanted, order, main.clone())?)
        }
    };
    let mut upright_maps = Vec::new();
    if raised.is_none() || order > 2 || order > 1 && !question.function.is_scalar() {
        // What has none is no loss, for the arrays are there.
        let maps = plain.maps(&mut lowered, &question.program, &wanted).unwrap_or_default();
        upright_maps = maps.into_iter().flatten().collect();
        known.again(&mut lowered, &mut upright_maps);
    }
    let mut formless = Vec::new();
    let views = match raised {
        Some(view) => (view, None),
        None => {
            let mut companions = question.companions(&mut lowered, &found, &wanted, order)?;
            question.at_point(&mut lowered, companions.iter_mut().map(|(_, found)| found))?;
            known.again(&mut lowered, companions.iter_mut().map(|(_, found)| found));
            let raising = Raising { lowered: &lowered, options: &options };
            if request.variables.is_empty() && main.len() == question.choice.wanted.len() {
                question.leave_out_formless(&raising, &mut main, &mut companions, &mut upright);
            }
            let arrays = main.clone();
            match raising.of(main, companions) {
                Ok(views) => {
                    formless = formless_arrays(&views.0, arrays);
                    views
                }
                Err(error) => {
                    let failure = question.texts.failure(error);
                    let is_formless = failure.diagnostic.class == Class::Unsupported;
                    let unraised = is_formless
                        .then(|| question.unraised(&mut lowered, &found, &wanted, order, arrays));
                    // What has neither form is told why it has no matrix form.
                    let Some(Ok(view)) = unraised else { return Err(failure) };
                    formless = view.found.iter().cloned().enumerate().collect();
                    (view, None)
                }
            }
        }
    };
    known.value(&mut lowered, &mut question.function.scaled);
    let mut answer =
        question.finish(lowered, Kind::Derivative, options, views, (upright, upright_maps))?;
    answer.tell_by_indices(formless)?;
    Ok(answer)
}

/// The arrays in the place of which something else is shown, with their places.
fn formless_arrays(view: &View, arrays: Vec<Found>) -> Vec<(usize, Found)> {
    let is_map = |at: usize| {
        view.found.get(at).is_some_and(|shown| matches!(shown.kind, FormulaKind::Map { .. }))
    };
    arrays.into_iter().enumerate().filter(|(at, _)| is_map(*at)).collect()
}

/// The differential of a function along the differentials of one or several variables.
///
/// # Errors
/// As for [`diff`].
pub fn differential(request: &Request) -> Result<Answer> {
    let texts = Texts::of_program(request)?;
    let program = program(&texts)?;
    let Order(order) = request.order;
    if let Some(error) = wrong_order(order) {
        return Err(texts.failure(error.into()));
    }
    let choice = choose(request, &texts, &program)?;
    let mut lowered = lower_for(&program, &choice.wanted).map_err(|error| texts.failure(error))?;
    let function = function(&lowered)?;
    let real = complex::is_real(&program, &mut lowered, &function);
    let points =
        Points::of(&mut lowered, (&texts, &program), |lowered, id| value(lowered, &program, id))?;
    let mut question = Question { texts, request, program, choice, function, real, points };
    let wanted = question.wanted(&mut lowered);
    let mut found = total(&mut lowered, &question.program, &question.function, &wanted, order)
        .map_err(|error| question.texts.failure(error))?;
    let known = Known::of(&mut lowered, &question.program, &question.choice.wanted);
    question.at_point(&mut lowered, [&mut found])?;
    known.again(&mut lowered, [&mut found]);
    known.value(&mut lowered, &mut question.function.scaled);
    let options = raise_options(&question.program, &lowered);
    let view = Raising { lowered: &lowered, options: &options }
        .page(vec![found.clone()], &options)
        .map_err(|error| question.texts.failure(error))?;
    question.finish(lowered, Kind::Differential, options, (view, None), (vec![found], Vec::new()))
}

/// In which layout derivatives of some order are formed. Gradients are rows or transposed matrices in
/// numerator layout, but the Hessian of a scalar function is one symmetric matrix in every layout.
pub(crate) fn written_layout(layout: Layout, order: u32, of_scalar: bool) -> Layout {
    if layout == Layout::Numerator && order > 1 && of_scalar { Layout::Mixed } else { layout }
}

/// The program with a name for the direction that a derivative is multiplied by.
fn with_direction(
    request: &Request,
    mut program: Program,
    choice: &Choice,
) -> gradus_diagnostics::Result<Program> {
    let Some(direction) = &request.times else { return Ok(program) };
    let [only] = choice.wanted.as_slice() else {
        let message = "a derivative by several variables has no one direction";
        let error = Diagnostic::bad_input("input", message);
        return Err(error.hint("name one variable with --wrt").into());
    };
    program.name_direction(direction, *only)?;
    Ok(program)
}

fn wrong_order(order: u32) -> Option<Diagnostic> {
    if order == 0 {
        let error = Diagnostic::bad_input("input", "the order of a derivative is at least 1");
        return Some(error.hint("without --order, the first derivative is given"));
    }
    (order > GREATEST_ORDER).then(|| {
        let message = format!("the order of a derivative is at most {GREATEST_ORDER}");
        Diagnostic::limit(message).hint("differentiate a simpler function, or a derivative")
    })
}

/// A question that was read.
struct Question<'a> {
    texts: Texts,
    request: &'a Request,
    program: Program,
    choice: Choice,
    function: Value,
    points: Points,
    real: bool,
}

impl Question<'_> {
    /// The variables of differentiation as values.
    fn wanted(&self, lowered: &mut Lowered) -> Vec<Wanted> {
        let wanted = |id: &VariableId| Wanted {
            id: *id,
            value: value(lowered, &self.program, *id),
            index: self.choice.index(&self.program, *id),
        };
        self.choice.wanted.iter().map(wanted).collect()
    }

    /// Formulas at the point that is asked about.
    fn at_point<'a>(
        &self,
        lowered: &mut Lowered,
        formulas: impl IntoIterator<Item = &'a mut Found>,
    ) -> Result<()> {
        self.points.apply(lowered, formulas).map_err(|error| self.texts.failure(error))
    }

    /// Leaves out the variables by which alone there is no derivative.
    fn leave_out(
        &mut self,
        wanted: &mut Vec<Wanted>,
        lowered: &mut Lowered,
        order: u32,
        written: Written,
    ) {
        let mut kept = Vec::new();
        for one in wanted.drain(..) {
            let alone = std::slice::from_ref(&one);
            match Derivatives::of(lowered, &self.function, alone, order, written) {
                Ok(_) => kept.push(one),
                Err(reason) => self.choice.skipped.push(Skipped {
                    variable: self.program.tree.variable(one.id).name.clone(),
                    reason: *reason,
                }),
            }
        }
        self.choice.wanted = kept.iter().map(|wanted| wanted.id).collect();
        *wanted = kept;
    }

    /// Leaves out the variables by which the derivative has no form, as long as some is left.
    fn leave_out_formless(
        &mut self,
        raising: &Raising<'_>,
        main: &mut Vec<Found>,
        companions: &mut Vec<(Option<usize>, Found)>,
        upright: &mut Vec<Found>,
    ) {
        let mut reasons: Vec<Option<Diagnostic>> = Vec::with_capacity(main.len());
        for (at, found) in main.iter().enumerate() {
            let own = companions.iter().filter(|(place, _)| *place == Some(at));
            let own = own.map(|(_, found)| (Some(0), found.clone())).collect();
            let form = raising.of(vec![found.clone()], own);
            reasons.push(form.err().map(|error| *error));
        }
        if reasons.iter().all(Option::is_some) || main.len() != upright.len() {
            return;
        }
        let mut places = Vec::with_capacity(main.len());
        let mut kept = 0;
        for reason in &reasons {
            places.push(kept);
            kept += usize::from(reason.is_none());
        }
        companions.retain(|(place, _)| place.is_none_or(|at| reasons[at].is_none()));
        for (place, _) in companions.iter_mut() {
            *place = place.map(|at| places[at]);
        }
        for (at, reason) in reasons.into_iter().enumerate().rev() {
            let Some(reason) = reason else { continue };
            let id = self.choice.wanted.remove(at);
            let variable = self.program.tree.variable(id).name.clone();
            self.choice.skipped.push(Skipped { variable, reason });
            main.remove(at);
            upright.remove(at);
        }
    }

    /// The formulas beside the arrays. What has none is no loss, for the arrays are there.
    fn companions(
        &self,
        lowered: &mut Lowered,
        found: &Derivatives,
        wanted: &[Wanted],
        order: u32,
    ) -> Result<Vec<(Option<usize>, Found)>> {
        let maps = found
            .maps(lowered, &self.program, wanted)
            .map_err(|error| self.texts.failure(error))?;
        let maps = maps.into_iter().enumerate();
        let mut companions: Vec<(Option<usize>, Found)> =
            maps.filter_map(|(at, map)| Some((Some(at), map?))).collect();
        if found.wants_form() {
            let form = total(lowered, &self.program, &self.function, wanted, order)
                .map_err(|error| self.texts.failure(error))?;
            // It is shorter than what is stacked.
            let stacked =
                companions.iter().any(|(_, map)| map.kind == FormulaKind::Map { stacked: true });
            let place = if stacked { 0 } else { companions.len() };
            companions.insert(place, (None, form));
        }
        Ok(companions)
    }

    /// The derivatives as networks alone. One that is stacked twice, or has no index form, is replaced by
    /// the differential of its order or by its linear map.
    fn unraised(
        &self,
        lowered: &mut Lowered,
        found: &Derivatives,
        wanted: &[Wanted],
        order: u32,
        mut main: Vec<Found>,
    ) -> Result<View> {
        let reserved = raise_options(&self.program, lowered).reserved;
        let without = |lowered: &Lowered, found: &Found| {
            index_form(&lowered.arena, "J", index::shown(found), &reserved).err()
        };
        let mut companions: Option<Vec<(Option<usize>, Found)>> = None;
        let alone = main.len() == 1;
        for (at, one) in main.iter_mut().enumerate() {
            let reason = without(lowered, one);
            if reason.is_none() && !index::is_stacked_twice(one) {
                continue;
            }
            if companions.is_none() {
                let mut others = self.companions(lowered, found, wanted, order)?;
                self.at_point(lowered, others.iter_mut().map(|(_, found)| found))?;
                companions = Some(others);
            }
            let others = companions.as_deref().unwrap_or_default();
            let form = others.iter().find(|(place, _)| place.is_none() && alone);
            let map = others.iter().find(|(place, _)| *place == Some(at));
            let written = |(_, other): &&(Option<usize>, Found)| without(lowered, other).is_none();
            match (form.filter(written).or_else(|| map.filter(written)), reason) {
                (Some((_, companion)), _) => *one = companion.clone(),
                (None, Some(reason)) => return Err(self.texts.failure(reason)),
                (None, None) => {}
            }
        }
        let tree = NotationTree::new(lowered.arena.dimensions.clone());
        Ok(View { tree, page: Page::default(), found: main })
    }

    /// An answer that has one form, which is that of code too.
    fn answer_plainly(mut self, mut lowered: Lowered, mut found: Vec<Found>) -> Result<Answer> {
        let options = raise_options(&self.program, &lowered);
        let known = Known::of(&mut lowered, &self.program, &self.choice.wanted);
        self.at_point(&mut lowered, &mut found)?;
        known.again(&mut lowered, &mut found);
        known.value(&mut lowered, &mut self.function.scaled);
        let view = Raising { lowered: &lowered, options: &options }
            .page(found.clone(), &options)
            .map_err(|error| self.texts.failure(error))?;
        // In code one column is one axis in every layout.
        let mut upright = found;
        for found in &mut upright {
            if found.kind == FormulaKind::Gradient {
                let columns = (!self.function.is_scalar()).then_some(1);
                (found.goal.rows, found.goal.columns) = (Some(0), columns);
            }
        }
        self.finish(lowered, Kind::Derivative, options, (view, None), (upright, Vec::new()))
    }

    /// The conditions of the functions in the answer that the function itself does not demand.
    fn conditions_of_answer<'a>(
        &self,
        lowered: &mut Lowered,
        found: impl Iterator<Item = &'a Found>,
        options: &RaiseOptions,
    ) -> Vec<String> {
        let answer = demands(&lowered.arena, found.map(|found| found.goal.value.node));
        if answer.is_empty() {
            return Vec::new();
        }
        let mut known = demands(&lowered.arena, [self.function.scaled.node]);
        self.points.move_demands(lowered, &mut known);
        domains::conditions(&lowered.arena, &known, &answer, options)
    }

    /// Puts the answer together and verifies it.
    fn finish(
        mut self,
        mut lowered: Lowered,
        kind: Kind,
        options: RaiseOptions,
        (main, together): (View, Option<View>),
        (upright, upright_maps): (Vec<Found>, Vec<Found>),
    ) -> Result<Answer> {
        let request = self.request;
        self.program.open_ranges = open_ranges(&self.program, &main.found);
        let mut conditions = conditions(&self.program, self.texts.program().text, request.order.0);
        let found = main.found.iter().chain(together.iter().flat_map(|view| &view.found));
        let of_answer = self.conditions_of_answer(&mut lowered, found, &options);
        conditions.extend(
            of_answer.into_iter().filter(|it| !conditions.contains(it)).collect::<Vec<_>>(),
        );
        let function_there = self.points.of_function(&mut lowered, &self.function.scaled);
        let point = points::formulas(&lowered, &self.program, &options);
        let point = point.map_err(|error| self.texts.failure(error))?;
        let mut answer = Answer {
            reading: announcement(&self.program),
            notes: notes(&self.texts, &self.program),
            conditions,
            source: request.program.clone(),
            kind,
            layout: request.layout,
            stacking: request.stacking,
            convention: request.convention,
            point,
            function_there,
            direction: request.times.clone(),
            variables: self.choice.wanted,
            skipped: self.choice.skipped,
            program: self.program,
            lowered,
            function: self.function,
            is_real: self.real,
            upright,
            upright_maps,
            options,
            main,
            together,
            by_indices: Vec::new(),
            verify: request.verification,
            verification: Verification::not_checked(),
        };
        let is_raised = !answer.main.page.results.is_empty();
        if request.verification == Verify::Yes && is_raised {
            answer.verification = verify::answer(&mut answer)?;
            if let Some(refusal) = points::refusal(&answer.program, &answer.verification) {
                return Err(answer.failure(refusal.into()));
            }
        }
        Ok(answer)
    }
}

/// From networks to pages.
struct Raising<'a> {
    lowered: &'a Lowered,
    options: &'a RaiseOptions,
}

impl Raising<'_> {
    fn page(&self, found: Vec<Found>, options: &RaiseOptions) -> gradus_diagnostics::Result<View> {
        let goals: Vec<Goal> = found.iter().map(|found| found.goal.clone()).collect();
        let (tree, page) = raise(&self.lowered.arena, &goals, options)?;
        Ok(View { tree, page, found })
    }

    /// A gradient by a vector, told for each entry as for the members of a family: by the weights of
    /// `sum[i](r[i]*logsumexp(A*x[i]))` it has no other form.
    fn by_entries(&self, found: &Found) -> Option<Found> {
        let (FormulaKind::Array { stacked: false }, [_]) = (found.kind, found.by.as_slice()) else {
            return None;
        };
        let axes = self.lowered.arena.axes(found.goal.value.node);
        let (Goal { rows: Some(axis), columns: None, member: None, .. }, [range]) =
            (&found.goal, axes)
        else {
            return None;
        };
        let indices = &self.options.indices;
        let index = indices.iter().find(|(_, size)| *size == range.dimension)?;
        let member = Some((*axis, index.0.clone()));
        let goal = Goal { rows: None, member, ..found.goal.clone() };
        Some(Found { goal, ..found.clone() })
    }

    /// The page of the main results, and the page on which their companions stand before them. A result without a matrix form
    /// of its own is replaced by its companion.
    fn of(
        &self,
        mut main: Vec<Found>,
        mut companions: Vec<(Option<usize>, Found)>,
    ) -> gradus_diagnostics::Result<(View, Option<View>)> {
        let view = match self.page(main.clone(), self.options) {
            Ok(view) => view,
            Err(error) => {
                let alone = main.len() == 1;
                for (at, found) in main.iter_mut().enumerate() {
                    if self.page(vec![found.clone()], self.options).is_ok() {
                        continue;
                    }
                    if let Some(entries) = self.by_entries(found)
                        && self.page(vec![entries.clone()], self.options).is_ok()
                    {
                        *found = entries;
                        continue;
                    }
                    // What has no matrix form either is told by the differential of the order.
                    let has_form =
                        |found: &Found| self.page(vec![found.clone()], self.options).is_ok();
                    let own = companions
                        .iter()
                        .position(|(place, other)| *place == Some(at) && has_form(other));
                    let whole = || companions.iter().position(|(place, _)| place.is_none());
                    let companion = own.or_else(|| whole().filter(|_| alone));
                    let Some(companion) = companion else { return Err(error) };
                    *found = companions.remove(companion).1;
                }
                self.page(main, self.options)?
            }
        };
        // A companion that has no matrix form is left out.
        let mut together: Vec<Found> = companions
            .into_iter()
            .map(|(_, found)| found)
            .filter(|found| self.page(vec![found.clone()], self.options).is_ok())
            .collect();
        if together.is_empty() {
            return Ok((view, None));
        }
        together.extend(view.found.iter().cloned());
        let together = self.page(together, self.options)?;
        Ok((view, Some(together)))
    }
}

pub(crate) fn function(lowered: &Lowered) -> Result<Value> {
    let function = lowered.results.first().cloned();
    let function = function
        .ok_or_else(|| Failure::new(Diagnostic::internal("a program without a function"), ""))?;
    if function.ambient.is_empty() {
        return Ok(function);
    }
    let message = "the derivative of a family is not supported yet";
    Err(Failure::new(Diagnostic::unsupported(message).hint("of one sum: sum[i](…)"), ""))
}

/// How far the indices run by which the members of families are told.
fn open_ranges(program: &Program, found: &[Found]) -> Vec<(String, DimensionId)> {
    let range = |found: &Found| {
        let (_, index) = found.goal.member.clone()?;
        let families = found.by.iter().map(|id| &program.tree.variable(*id).family);
        let range = families.flat_map(|family| family.first()).next();
        Some((index, *range?))
    };
    found.iter().filter_map(range).collect()
}

/// The variable as a value.
pub(crate) fn value(lowered: &mut Lowered, program: &Program, variable: VariableId) -> Value {
    let declared = program.tree.variable(variable);
    let shape = declared.shape;
    let symbol = lowered.symbols[variable.0 as usize];
    let node = lowered.arena.variable(symbol);
    // A family is mapped over its ranges.
    let ranges = lowered.arena.axes(node).iter().take(declared.family.len());
    let ambient = ranges.zip(0..).map(|(axis, label)| (Ambient(label), *axis)).collect();
    Value {
        rows: shape.rows,
        columns: shape.columns,
        ambient,
        ..Value::scalar(gradus_tensor::Scaled::one(node))
    }
}

/// What the raiser must know of names: dimensions, indices and all bound names are taken, and which
/// variables are rows.
pub(crate) fn raise_options(program: &Program, lowered: &Lowered) -> RaiseOptions {
    let tree = &program.tree;
    let mut reserved: Vec<String> =
        tree.variables.iter().map(|variable| variable.name.clone()).collect();
    reserved.extend(program.bindings.iter().map(|(name, _)| name.clone()));
    reserved.extend(tree.indices.iter().map(|index| index.name.clone()));
    let names = (0..tree.dimensions.name_count()).filter_map(|at| u32::try_from(at).ok());
    reserved.extend(
        names.map(|at| tree.dimensions.name_text(gradus_tensor::DimensionName(at)).to_owned()),
    );
    let is_row = |variable: &Variable| {
        variable.shape.rows == Dimensions::ONE && variable.shape.columns != Dimensions::ONE
    };
    let rows = tree
        .variables
        .iter()
        .zip(&lowered.symbols)
        .filter(|(variable, _)| is_row(variable))
        .map(|(_, symbol)| *symbol)
        .collect();
    let indices = tree.indices.iter().map(|index| (index.name.clone(), index.range)).collect();
    let families = program.bindings.iter().filter(|(_, id)| tree.family_index(*id).is_some());
    let families = families.map(|(name, _)| name.clone()).collect();
    let first_indices = first_indices(tree, lowered);
    RaiseOptions { reserved, rows, families, indices, first_indices, ..RaiseOptions::default() }
}

/// The index that the user put first on each axis of a variable.
fn first_indices(tree: &TypedTree, lowered: &Lowered) -> Vec<(SymbolId, usize, usize)> {
    let mut first: Vec<(SymbolId, usize, usize)> = Vec::new();
    if tree.indices.is_empty() {
        return first;
    }
    for node in &tree.nodes {
        let Operation::Member { base, indices } = &node.operation else { continue };
        let Operation::Variable(variable) = tree.node(*base).operation else { continue };
        let symbol = lowered.symbols[variable.0 as usize];
        for (axis, index) in indices.iter().enumerate() {
            if !first.iter().any(|(known, at, _)| (*known, *at) == (symbol, axis)) {
                first.push((symbol, axis, index.0 as usize));
            }
        }
    }
    first
}
