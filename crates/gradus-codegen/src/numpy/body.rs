//! The body of a generated function: conversions, sizes, statements, result.
//!
//! Must not know what a module consists of.

use gradus_diagnostics::Result;
use gradus_functions::Book;
use gradus_notation::tree::{Notation, NotationId, Shape};
use gradus_tensor::{DimensionId, Dimensions};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::numpy::axes;
use crate::numpy::dimension::{self, Solutions};
use crate::numpy::expression::{Local, Printer, internal, rank};
use crate::numpy::fragment::{Fragment, Level, Rank};
use crate::numpy::layout;
use crate::numpy::names::Names;
use crate::numpy::token;
use crate::numpy::units;
use crate::request::{AnswerForm, ModuleRequest, Variable, VariableKind};
use crate::statement::{StatementList, unit_index};

/// A call of more characters is no operand of a further call.
const SHORT: usize = 24;

/// What a result is returned as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Returned {
    /// A Python float.
    Float,
    /// A Python complex number.
    Complex,
    /// What has no imaginary part although it is computed with complex numbers.
    RealPart(Box<Returned>),
    /// An array with leading axes for these indices.
    Array {
        /// The indices that are free in the formula, with their ranges.
        indices: Vec<(String, DimensionId)>,
        /// The shape after them.
        shape: Shape,
    },
    /// The Jacobian by a family of one range whose index is free.
    FamilyJacobian {
        /// The index and its range.
        index: (String, DimensionId),
        /// The shape of the function stacked, and of a member stacked; by numbers the function's own.
        shape: Shape,
        /// Whether the members are numbers.
        by_numbers: bool,
    },
    /// An array of any number of axes, from a formula in which they are stacked.
    Stacked {
        /// The differential that stands for all unit arrays at once, which belong to the last axes.
        units: Option<String>,
        /// What the length of each axis is a product of.
        axes: Vec<Vec<DimensionId>>,
    },
}

/// Prints the bodies of the functions of a module.
#[derive(Clone, Copy)]
pub(super) struct Bodies<'a> {
    /// Those that tell dimensions.
    pub(super) arguments: &'a [Variable],
    pub(super) request: &'a ModuleRequest<'a>,
    pub(super) book: &'a Book,
    pub(super) names: &'a Names,
}

/// The variables that are arguments.
pub(super) fn arguments(variables: &[Variable], hidden: &[usize]) -> Vec<Variable> {
    let all = variables.iter().enumerate();
    all.filter(|(at, _)| !hidden.contains(at)).map(|(_, variable)| variable.clone()).collect()
}

impl Bodies<'_> {
    /// The lines of a function that computes the results of a list.
    pub(super) fn lines(&self, list: &StatementList, returned: &[Returned]) -> Result<Vec<String>> {
        let mut printer = Printer::new(list, self.book, self.names);
        printer.complex = self.request.is_complex();
        self.declare_variables(&mut printer, list);
        let mut scope = self.names.scope();
        let units = self.units(&mut printer, &mut scope, list)?;
        let mut lines = Vec::new();
        let mut known: FxHashMap<(String, usize), Local> = FxHashMap::default();
        for statement in &list.statements {
            let mut value = printer.print(statement.formula)?;
            if !statement.indices.is_empty() {
                value = complete(value, &statement.indices)?;
            }
            // Formulas under other indices may be one array.
            let key = (value.text.clone(), statement.indices.len());
            if let Some(local) = known.get(&key) {
                printer.locals.insert(statement.name.clone(), local.clone());
                continue;
            }
            let name = fresh(&mut scope, &statement.name);
            lines.extend(layout::assignment(&name, &value));
            let local = Local { name, ranges: statement.indices.len(), view: value.view };
            known.insert(key, local.clone());
            printer.locals.insert(statement.name.clone(), local);
        }
        let mut results = Vec::with_capacity(returned.len());
        for (id, returned) in list.results.iter().zip(returned) {
            let mut value = printer.print(*id)?;
            if matches!(returned, Returned::Stacked { units: Some(_), .. })
                && (value.level != Level::Atom || value.text.len() > SHORT)
            {
                let name = fresh(&mut scope, "values");
                lines.extend(layout::assignment(&name, &value));
                value = Fragment { text: name, level: Level::Atom, ..value };
            }
            results.push(finish(&printer, value, *id, returned)?);
        }
        let mut texts: FxHashSet<String> = FxHashSet::default();
        for result in &mut results {
            // One array must not be handed out twice.
            let is_new = texts.insert(result.text.clone());
            if !is_new && result.rank != Rank::Scalar {
                *result = owned(result.clone().viewing(true));
            }
        }
        lines.extend(layout::returned(&results));
        let used = |(name, _): &&(String, Vec<String>)| {
            lines.iter().any(|line| token::mentions(line, name))
        };
        let units = units.iter().filter(used).flat_map(|(_, lines)| lines.clone());
        let lines: Vec<String> = units.collect::<Vec<_>>().into_iter().chain(lines).collect();
        let mut body = self.preamble(&lines, &list.tree.dimensions);
        body.extend(lines.iter().map(|line| self.names.unhide(line)));
        Ok(body)
    }

    /// The names of unit arrays for which differentials stand, with the lines that define them.
    fn units(
        &self,
        printer: &mut Printer<'_>,
        scope: &mut FxHashSet<String>,
        list: &StatementList,
    ) -> Result<Vec<(String, Vec<String>)>> {
        let mut found = Vec::new();
        for answer in self.request.answers {
            let AnswerForm::LinearMap { differential } = &answer.form else {
                continue;
            };
            let last = answer.wrt.last().and_then(|last| self.request.variables.get(*last));
            let is_known = printer.locals.contains_key(differential);
            let (Some(variable), false, true) =
                (last, is_known, list.spread.contains(differential))
            else {
                continue;
            };
            let name = fresh(scope, differential);
            let lines = units::lines(printer, &name, variable, answer.by_entries)?;
            found.push((name.clone(), lines));
            printer.locals.insert(differential.clone(), Local { name, ranges: 1, view: false });
        }
        Ok(found)
    }

    fn declare_variables(&self, printer: &mut Printer<'_>, list: &StatementList) {
        let mut ambiguous: Vec<String> = Vec::new();
        let mut families: FxHashMap<&str, &Variable> = FxHashMap::default();
        for variable in self.request.variables {
            families.insert(&variable.name, variable);
            if let (VariableKind::Array { .. } | VariableKind::Differential { .. }, Some(local)) =
                (&variable.kind, self.names.variable(&variable.name, 0))
            {
                let local = Local {
                    name: local.to_owned(),
                    ranges: variable.ranges.len(),
                    view: !dimension::axes(variable).is_empty(),
                };
                printer.locals.insert(variable.name.clone(), local);
            }
        }
        for position in 0..list.tree.len() {
            let id = NotationId(u32::try_from(position).unwrap_or(u32::MAX));
            let Notation::Indexed { base, indices } = list.tree.node(id) else {
                continue;
            };
            let Notation::Name { text, .. } = list.tree.node(*base) else {
                continue;
            };
            let Some(variable) = families.get(text.as_str()) else {
                continue;
            };
            for (index, axis) in indices.iter().zip(dimension::axes(variable)) {
                if *printer.index_ranges.entry(index.clone()).or_insert(axis) != axis {
                    ambiguous.push(index.clone());
                }
            }
        }
        for index in &ambiguous {
            printer.index_ranges.remove(index);
        }
    }

    /// Conversions of the arguments and sizes, as far as the lines use them.
    fn preamble(&self, lines: &[String], dimensions: &Dimensions) -> Vec<String> {
        let mut used: FxHashSet<&str> = FxHashSet::default();
        for line in lines {
            used.extend(
                token::pieces(line).filter(|(_, is_name)| *is_name).map(|(piece, _)| piece),
            );
        }
        let sources = dimension::sources(self.arguments, self.names, |local| used.contains(local));
        let solutions = Solutions::new(dimensions, &sources);
        let (sizes, locals) = solutions.lines(dimensions, self.names, &sources, |name| {
            used.contains(self.names.dimension(name))
        });
        used.extend(locals.iter().map(String::as_str));
        // In a conversion the argument itself keeps the name that hides a global.
        let unhide = |text: &str| self.names.unhide(text);
        let mut preamble = Vec::new();
        for keyword in &self.names.keywords {
            if !used.contains(keyword.local.as_str()) {
                continue;
            }
            let variable = &self.request.variables[keyword.variable];
            let (local, name) = (&keyword.local, &keyword.name);
            match &variable.kind {
                VariableKind::Array { .. } | VariableKind::Differential { .. } => {
                    let of = match &variable.kind {
                        VariableKind::Differential { of } => &self.request.variables[*of].kind,
                        kind => kind,
                    };
                    let complex = matches!(of, VariableKind::Array { complex: true, .. });
                    let (scalar, number) = if complex {
                        ("np.complex128", "complex")
                    } else {
                        ("np.float64", "float")
                    };
                    preamble.push(if dimension::axes(variable).is_empty() {
                        format!("{local} = {}({name})", unhide(scalar))
                    } else {
                        let (asarray, number) = (unhide("np.asarray"), unhide(number));
                        format!("{local} = {asarray}({name}, dtype={number})")
                    })
                }
                _ if local != name => preamble.push(format!("{local} = {name}")),
                _ => {}
            }
        }
        preamble.extend(sizes.iter().map(|line| unhide(line)));
        preamble
    }
}

/// The statement's name in Python.
fn fresh(scope: &mut FxHashSet<String>, name: &str) -> String {
    let mut name = token::identifier(name);
    if token::is_member(&name) {
        name.push('_');
    }
    while !scope.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// The value with its leading axes in this order.
fn complete(value: Fragment, indices: &[String]) -> Result<Fragment> {
    let value = axes::permuted(value, indices);
    if value.batch == indices {
        Ok(value)
    } else {
        Err(internal("a statement runs over other indices than its formula"))
    }
}

/// The value repeated along the indices that it does not run over.
fn spread(
    printer: &Printer<'_>,
    value: Fragment,
    indices: &[(String, DimensionId)],
    shape: Shape,
) -> Fragment {
    let names: Vec<String> = indices.iter().map(|(index, _)| index.clone()).collect();
    let mut sizes: Vec<String> =
        indices.iter().map(|(_, range)| printer.size(*range).text).collect();
    for dimension in [shape.rows, shape.columns] {
        if dimension != Dimensions::ONE {
            sizes.push(printer.size(dimension).text);
        }
    }
    let list = if sizes.len() == 1 { format!("{},", sizes[0]) } else { sizes.join(", ") };
    let text = format!("np.broadcast_to({}, ({list}))", value.text);
    // Read-only, hence to be copied before it is handed out.
    Fragment::atom(text, value.rank).over(names).viewing(true)
}

/// The expression that is returned.
fn finish(
    printer: &Printer<'_>,
    value: Fragment,
    id: NotationId,
    returned: &Returned,
) -> Result<Fragment> {
    match returned {
        Returned::Float | Returned::Complex => {
            if value.rank != Rank::Scalar || !value.batch.is_empty() {
                return Err(internal("a scalar answer has a formula of another shape"));
            }
            let number = if *returned == Returned::Float { "float" } else { "complex" };
            Ok(Fragment::atom(format!("{number}({})", value.text), Rank::Scalar))
        }
        Returned::RealPart(inner) => {
            let text = format!("np.real({})", value.text);
            let real = Fragment { text, level: Level::Atom, ..value };
            finish(printer, real.viewing(true), id, inner)
        }
        Returned::Array { indices, shape } => {
            let value = with_indices(printer, value, id, indices)?;
            // A family may also have come as one matrix with its members as rows.
            let wanted = rank(*shape).axes() + indices.len();
            let found = value.rank.axes() + value.batch.len();
            if wanted != found {
                return Err(internal("the formula of an answer has another shape than the answer"));
            }
            Ok(owned(value))
        }
        Returned::FamilyJacobian { index, shape, by_numbers } => {
            let indices = std::slice::from_ref(index);
            let value = with_indices(printer, value, id, indices)?;
            if *by_numbers && rank(*shape) == Rank::Matrix {
                let members = printer.size(index.1).text;
                let text = format!(
                    "np.moveaxis({}, 0, -1).reshape(-1, {members}, order=\"F\")",
                    value.text
                );
                return Ok(owned(Fragment::atom(text, Rank::Matrix).viewing(value.view)));
            }
            if *by_numbers || shape.columns == Dimensions::ONE {
                return Ok(owned(
                    Fragment { rank: Rank::Matrix, batch: Vec::new(), ..value }.transposed(),
                ));
            }
            let rows = printer.size(shape.rows).text;
            let text =
                format!("np.transpose({}, (1, 0, 2)).reshape({rows}, -1, order=\"F\")", value.text);
            Ok(owned(Fragment::atom(text, Rank::Matrix).viewing(value.view)))
        }
        Returned::Stacked { units, axes } => stacked(printer, value, id, units.as_deref(), axes),
    }
}

/// A formula, of all unit arrays at once or alone, with its axes apart.
fn stacked(
    printer: &Printer<'_>,
    value: Fragment,
    id: NotationId,
    units: Option<&str>,
    axes: &[Vec<DimensionId>],
) -> Result<Fragment> {
    let expected: Vec<String> = units.map(unit_index).into_iter().collect();
    let lengths: Vec<String> = axes.iter().map(|axis| units::product(printer, axis).text).collect();
    if value.batch.is_empty() && units.is_some() {
        // A linear map that does not depend on its argument is zero.
        let text = format!("np.zeros(({}))", lengths.join(", "));
        return Ok(Fragment::atom(text, Rank::Matrix));
    }
    if value.batch != expected {
        return Err(internal("an answer runs over other indices than its formula"));
    }
    let mut found: Vec<String> = dimension::core_axes(printer.shape(id))
        .into_iter()
        .map(|axis| printer.size(axis).text)
        .collect();
    let mut array = Fragment { batch: Vec::new(), ..value };
    if let Some(last) = lengths.last().filter(|_| units.is_some()) {
        found.push(last.clone());
        array = match array.rank {
            Rank::Scalar => array,
            Rank::Vector => Fragment { rank: Rank::Matrix, ..array }.transposed(),
            Rank::Matrix => {
                Fragment::atom(format!("np.moveaxis({}, 0, -1)", array.text), Rank::Matrix)
            }
        };
    }
    if found != lengths {
        let lengths = lengths.join(", ");
        let text = format!("{}.reshape(({lengths}), order=\"F\")", array.as_atom());
        array = Fragment::atom(text, Rank::Matrix).viewing(array.view);
    }
    Ok(owned(array))
}

fn with_indices(
    printer: &Printer<'_>,
    value: Fragment,
    id: NotationId,
    indices: &[(String, DimensionId)],
) -> Result<Fragment> {
    let names: Vec<String> = indices.iter().map(|(index, _)| index.clone()).collect();
    if value.batch.iter().any(|index| !names.contains(index)) {
        return Err(internal("an index stands free in an answer that has none"));
    }
    let value = axes::permuted(value, &names);
    if value.batch == names {
        return Ok(value);
    }
    let (shape, rank) = (printer.shape(id), value.rank);
    let aligned = axes::align_one(value, &names, rank)?;
    Ok(spread(printer, aligned, indices, shape))
}

/// A value that shares no memory with the arguments.
fn owned(value: Fragment) -> Fragment {
    if !value.view {
        return value;
    }
    let text = format!("{}.copy()", value.as_atom());
    Fragment { text, level: Level::Atom, view: false, ..value }
}
