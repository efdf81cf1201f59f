//! Values of expressions at the caller's own data, and how they change, by the reference evaluator.
//!
//! Must not know the oracles.

use gradus_elaborate::typed::{Nature, Operation, TypedId, TypedTree, VariableId};
use gradus_tensor::{DimensionId, DimensionName};

use crate::book::{Book, Context};
use crate::claim::{Expression, Settings};
use crate::evaluate::Evaluation;
use crate::field::{Dual, Fault, Field, Lift};
use crate::frame::{Frame, Input, Slot};
use crate::plan::{Plan, bound_indices};
use crate::tracked::Tracked;

/// A matrix, or the members of a family of matrices one after another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Array {
    /// The ranges of a family; empty for a plain array.
    pub family: Vec<usize>,
    /// Rows of one member.
    pub rows: usize,
    /// Columns of one member.
    pub columns: usize,
    /// The entries by rows.
    pub entries: Vec<f64>,
}

/// The value of an expression. Each variable that occurs is given a value; the sizes are read from
/// the shapes of the values, and each of these must be that of its variable.
///
/// # Errors
/// A clause in the user's terms: a variable without a value, shapes that do not agree, a point outside
/// the domain, a size that cannot be read from the values, or too large a computation.
pub fn evaluate(
    expression: Expression<'_>,
    values: &[(&str, &Array)],
    settings: &Settings,
) -> Result<Array, String> {
    evaluate_at_sizes(expression, values, &[], settings)
}

/// The same, where the sizes that no value tells are given by the names of their dimensions.
///
/// # Errors
/// As of [`evaluate`].
pub fn evaluate_at_sizes(
    expression: Expression<'_>,
    values: &[(&str, &Array)],
    sizes: &[(String, u64)],
    settings: &Settings,
) -> Result<Array, String> {
    let plan = Plan::new(expression.tree, &[expression.root]).map_err(|fault| tell(&fault))?;
    if plan.differentials(expression.root) > 0 {
        return Err("a differential d(…) has no value at a point alone".to_owned());
    }
    let (inputs, storage) = place_values(&plan, values)?;
    let sizes = read_sizes(&plan, &inputs, sizes)?;
    let dimensions = &expression.tree.dimensions;
    let size = |dimension: DimensionId| dimensions.evaluate(dimension, &sizes);
    let mut context = Context::new(Book::standard(), settings.seed, settings.work);
    let length = storage.len();
    let value = Frame::new(&plan, inputs, length, &size, settings.entries).and_then(|frame| {
        let mut evaluation = Evaluation { plan: &plan, frame: &frame, symbols: &[], storage };
        evaluation.run(&[expression.root], &mut context)?;
        let slot = evaluation.slot(expression.root);
        let entries = evaluation.members(expression.root).iter().map(|entry| entry.value).collect();
        let family = frame.family(&plan, expression.root).to_vec();
        Ok(Array { family, rows: slot.rows, columns: slot.columns, entries })
    });
    value.map_err(|fault| tell(&fault))
}

/// Why there is no value at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// The point lies outside the domain.
    Outside,
    /// The values do not fit, or too much is asked: a clause in the user's terms.
    Wrong(String),
}

impl NoValue {
    fn text(&self) -> String {
        match self {
            Self::Outside => "the point is outside the domain".to_owned(),
            Self::Wrong(text) => text.clone(),
        }
    }
}

/// The values of some expressions of one tree, and how they change as variables change along directions;
/// variables without a direction stay where they are. Without directions nothing changes.
///
/// # Errors
/// As for [`evaluate`].
pub fn evaluate_all(
    tree: &TypedTree,
    roots: &[TypedId],
    values: &[(&str, &Array)],
    directions: &[(&str, &Array)],
    settings: &Settings,
) -> Result<Vec<(Array, Array)>, NoValue> {
    let asked = Asked::of(tree, roots, values, directions)?;
    if directions.is_empty() {
        let storage = asked.storage.clone();
        let found = asked.run(storage, roots, settings, |entry: &Tracked| (entry.value, 0.0));
        return found;
    }
    let lifted: Vec<Dual<Tracked>> = asked
        .storage
        .iter()
        .zip(&asked.along)
        .map(|(value, along)| Lift::lift(*value, &[*along]))
        .collect();
    asked.run(lifted, roots, settings, |entry| (entry.bottom().value, entry.top().value))
}

/// Expressions at a point with a direction.
struct Asked<'t> {
    plan: Plan<'t>,
    inputs: Vec<Input>,
    sizes: Vec<u64>,
    storage: Vec<Tracked>,
    along: Vec<Tracked>,
}

impl<'t> Asked<'t> {
    fn of(
        tree: &'t TypedTree,
        roots: &[TypedId],
        values: &[(&str, &Array)],
        directions: &[(&str, &Array)],
    ) -> Result<Self, NoValue> {
        let plan = Plan::new(tree, roots).map_err(no_value)?;
        if roots.iter().any(|root| plan.differentials(*root) > 0) {
            let message = "a differential d(…) has no value at a point alone";
            return Err(NoValue::Wrong(message.to_owned()));
        }
        let (inputs, storage) = place_values(&plan, values).map_err(NoValue::Wrong)?;
        let mut along = vec![Tracked::ZERO; storage.len()];
        for (name, direction) in directions {
            let own = |it: &&VariableId| tree.variable(**it).name == *name;
            let Some(VariableId(at)) = plan.variables.iter().find(own) else { continue };
            let places = along.iter_mut().skip(inputs[*at as usize].slot.offset);
            for (place, entry) in places.zip(&direction.entries) {
                *place = Tracked::new(*entry);
            }
        }
        let sizes = read_sizes(&plan, &inputs, &[]).map_err(NoValue::Wrong)?;
        Ok(Self { plan, inputs, sizes, storage, along })
    }

    fn run<F: Lift>(
        self,
        storage: Vec<F>,
        roots: &[TypedId],
        settings: &Settings,
        read: impl Fn(&F) -> (f64, f64),
    ) -> Result<Vec<(Array, Array)>, NoValue> {
        let dimensions = &self.plan.tree.dimensions;
        let size = |dimension: DimensionId| dimensions.evaluate(dimension, &self.sizes);
        let mut context = Context::new(Book::standard(), settings.seed, settings.work);
        let length = storage.len();
        let frame = Frame::new(&self.plan, self.inputs, length, &size, settings.entries);
        let frame = frame.map_err(no_value)?;
        let mut evaluation = Evaluation { plan: &self.plan, frame: &frame, symbols: &[], storage };
        evaluation.run(roots, &mut context).map_err(no_value)?;
        let one = |root: &TypedId| {
            let slot = evaluation.slot(*root);
            let family = frame.family(&self.plan, *root).to_vec();
            let (value, change) = evaluation.members(*root).iter().map(&read).unzip();
            let array = |entries| Array {
                family: family.clone(),
                rows: slot.rows,
                columns: slot.columns,
                entries,
            };
            (array(value), array(change))
        };
        Ok(roots.iter().map(one).collect())
    }
}

fn no_value(fault: Fault) -> NoValue {
    match fault {
        Fault::Outside => NoValue::Outside,
        fault => NoValue::Wrong(tell(&fault)),
    }
}

/// The value of a scalar function at a point and its second derivative along a direction there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Second {
    /// The value.
    pub value: f64,
    /// The second derivative.
    pub second: f64,
    /// The size of the terms from which it was computed.
    pub scale: f64,
}

/// The second derivative of a scalar expression along a direction, by dual numbers. Variables without a
/// direction stay where they are.
///
/// # Errors
/// As for [`evaluate`].
pub fn second_along(
    expression: Expression<'_>,
    values: &[(&str, &Array)],
    directions: &[(&str, &Array)],
    settings: &Settings,
) -> Result<Second, String> {
    let Expression { tree, root } = expression;
    let asked = Asked::of(tree, &[root], values, directions).map_err(|fault| fault.text())?;
    let lifted: Vec<Dual<Dual<Tracked>>> = asked
        .storage
        .iter()
        .zip(&asked.along)
        .map(|(value, along)| Lift::lift(*value, &[*along, *along]))
        .collect();
    let scale = std::cell::Cell::new(0.0);
    let read = |entry: &Dual<Dual<Tracked>>| {
        let top = entry.top();
        scale.set(top.scale);
        (entry.bottom().value, top.value)
    };
    let found = asked.run(lifted, &[root], settings, read).map_err(|fault| fault.text())?;
    let entry = |array: &Array| array.entries.first().copied().unwrap_or(f64::NAN);
    let (value, second) = found.first().ok_or_else(String::new)?;
    Ok(Second { value: entry(value), second: entry(second), scale: scale.get() })
}

fn tell(fault: &Fault) -> String {
    match fault {
        Fault::Outside => "the point is outside the domain".to_owned(),
        Fault::Limit(what) => format!("{what} exceeds the limit"),
        Fault::Unsupported(what) => what.clone(),
    }
}

/// Puts the values of the variables into the storage.
fn place_values(
    plan: &Plan<'_>,
    values: &[(&str, &Array)],
) -> Result<(Vec<Input>, Vec<Tracked>), String> {
    let tree = plan.tree;
    let mut inputs = vec![Input::default(); tree.variables.len()];
    let mut storage: Vec<Tracked> = Vec::new();
    for VariableId(position) in &plan.variables {
        let Some(variable) = tree.variables.get(*position as usize) else { continue };
        let name = &variable.name;
        if variable.nature != Nature::Array {
            return Err(format!("{name} is an unknown function"));
        }
        let value = values.iter().find(|(given, _)| given == name).map(|(_, value)| *value);
        let value = value.ok_or_else(|| format!("{name} has no value"))?;
        let sizes = value.family.iter().chain([&value.rows, &value.columns]);
        let count = sizes.fold(1_usize, |count, size| count.saturating_mul(*size));
        if count != value.entries.len() || value.family.len() != variable.family.len() {
            return Err(format!(
                "the value of {name} has another number of entries than its shape says"
            ));
        }
        let slot = Slot { offset: storage.len(), rows: value.rows, columns: value.columns };
        inputs[*position as usize] = Input { slot, family: value.family.clone() };
        storage.extend(value.entries.iter().map(|entry| Tracked::new(*entry)));
    }
    Ok((inputs, storage))
}

/// The size of each dimension name, from the variables whose shape is that name.
fn read_sizes(
    plan: &Plan<'_>,
    inputs: &[Input],
    given: &[(String, u64)],
) -> Result<Vec<u64>, String> {
    let tree = plan.tree;
    let mut sizes: Vec<Option<u64>> = vec![None; tree.dimensions.name_count()];
    for VariableId(position) in &plan.variables {
        let (variable, input) = (&tree.variables[*position as usize], &inputs[*position as usize]);
        let declared =
            variable.family.iter().chain([&variable.shape.rows, &variable.shape.columns]);
        let given = input.family.iter().chain([&input.slot.rows, &input.slot.columns]);
        for (dimension, size) in declared.zip(given) {
            let size = *size as u64;
            match tree.dimensions.as_name(*dimension) {
                Some(name) => {
                    let known = &mut sizes[name.0 as usize];
                    if known.is_some_and(|known| known != size) {
                        let text = tree.dimensions.display(*dimension);
                        return Err(format!(
                            "{} needs another size {text} than the other values",
                            variable.name
                        ));
                    }
                    *known = Some(size);
                }
                None => {
                    let number =
                        tree.dimensions.as_number(*dimension).and_then(|number| number.to_i64());
                    if number.is_some_and(|number| u64::try_from(number) != Ok(size)) {
                        return Err(format!(
                            "{} has another size than was declared",
                            variable.name
                        ));
                    }
                }
            }
        }
    }
    check_families(plan, inputs)?;
    for (name, size) in given {
        if let Some(name) = tree.dimensions.find_name(name) {
            sizes[name.0 as usize].get_or_insert(*size);
        }
    }
    for name in needed_sizes(plan) {
        if sizes[name.0 as usize].is_none() {
            let text = tree.dimensions.name_text(name);
            return Err(format!("the size {text} cannot be read from the values"));
        }
    }
    // The others occur nowhere.
    Ok(sizes.into_iter().map(Option::unwrap_or_default).collect())
}

/// The names of dimensions that occur in what is evaluated, in order.
fn needed_sizes(plan: &Plan<'_>) -> Vec<DimensionName> {
    let tree = plan.tree;
    let mut names: Vec<DimensionName> = Vec::new();
    let mut note = |dimension: DimensionId| {
        let monomials = tree.dimensions.polynomial(dimension).0.iter();
        names.extend(monomials.flat_map(|(monomial, _)| monomial.iter().map(|(name, _)| *name)));
    };
    for id in &plan.nodes {
        let node = tree.node(*id);
        note(node.shape.rows);
        note(node.shape.columns);
        if let Operation::Dimension(dimension) = &node.operation {
            note(*dimension);
        }
        for index in bound_indices(&node.operation) {
            if let Some(index) = tree.indices.get(index.0 as usize) {
                note(index.range);
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The names of dimensions that occur in some expressions, but are not the sizes of variables there: what
/// [`evaluate_at_sizes`] is to be given.
#[must_use]
pub fn open_sizes(tree: &TypedTree, roots: &[TypedId]) -> Vec<String> {
    let Ok(plan) = Plan::new(tree, roots) else { return Vec::new() };
    let mut open = needed_sizes(&plan);
    for variable in &plan.variables {
        let variable = tree.variable(*variable);
        let sides = variable.family.iter().chain([&variable.shape.rows, &variable.shape.columns]);
        let settled: Vec<DimensionName> =
            sides.filter_map(|side| tree.dimensions.as_name(*side)).collect();
        open.retain(|name| !settled.contains(name));
    }
    open.into_iter().map(|name| tree.dimensions.name_text(name).to_owned()).collect()
}

/// A family stands under its indices only, so nothing else would see that its ranges are empty.
fn check_families(plan: &Plan<'_>, inputs: &[Input]) -> Result<(), String> {
    for id in &plan.nodes {
        if let Operation::Variable(variable) | Operation::Rows(variable) =
            &plan.tree.node(*id).operation
            && inputs[variable.0 as usize].family.contains(&0)
        {
            return Err(format!("{} has no members", plan.tree.variable(*variable).name));
        }
    }
    Ok(())
}
