//! The variables and dimensions that several trees have in common.
//!
//! Must not know what is asked about the trees, nor over which numbers.

use gradus_elaborate::typed::{Nature, Operation, Shape, TypedId, TypedTree, Variable, VariableId};
use gradus_tensor::{DimensionId, DimensionName, Dimensions, Structure};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::field::Fault;
use crate::plan::{Plan, bound_indices};
use crate::random::hash_text;

/// A variable, the same in all trees.
#[derive(Clone, Debug)]
pub(crate) struct Quantity {
    /// Whether it is an array and not a function.
    pub(crate) is_array: bool,
    /// The tree in which the dimensions below are.
    pub(crate) tree: usize,
    pub(crate) shape: Shape,
    pub(crate) family: Vec<DimensionId>,
    pub(crate) structure: Structure,
    pub(crate) positive: bool,
    pub(crate) complex: bool,
    /// Stands in an exponent, and whether only integers will do there.
    pub(crate) exponent: Option<bool>,
    /// For `dX`, the quantity X.
    pub(crate) differential_of: Option<usize>,
}

/// A tree and what is to be evaluated of it.
pub(crate) struct Part<'t> {
    pub(crate) plan: Plan<'t>,
    /// The quantity of each variable of the tree.
    pub(crate) quantities: Vec<Option<usize>>,
    /// The word of each variable of the tree in random tables.
    pub(crate) symbols: Vec<u64>,
    /// The class of each dimension name of the tree.
    pub(crate) classes: Vec<usize>,
}

/// Dimension names that have one size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Class {
    /// The name shown.
    pub(crate) name: String,
    /// Whether it matters for what is evaluated.
    pub(crate) used: bool,
    /// The size, where one of the trees fixes it.
    pub(crate) fixed: Option<u64>,
}

/// Several trees that share their variables.
pub(crate) struct World<'t> {
    pub(crate) parts: Vec<Part<'t>>,
    pub(crate) quantities: Vec<Quantity>,
    pub(crate) classes: Vec<Class>,
    /// Pairs of classes that meet in one product.
    pub(crate) meetings: FxHashSet<(usize, usize)>,
    /// Concrete sizes too large to be drawn as they are.
    pub(crate) large: Vec<u64>,
    names: FxHashMap<String, usize>,
    class_names: FxHashMap<String, usize>,
}

/// Concrete sizes up to this one are kept.
pub(crate) const LARGEST_KEPT: u64 = 8;

impl<'t> World<'t> {
    /// The world of some roots in each tree. Variables in `wanted` belong to it even if they occur
    /// nowhere.
    pub(crate) fn new(
        trees: &[(&'t TypedTree, Vec<TypedId>)],
        wanted: &[&str],
    ) -> Result<Self, Fault> {
        let mut world = Self {
            parts: Vec::new(),
            quantities: Vec::new(),
            classes: Vec::new(),
            meetings: FxHashSet::default(),
            large: Vec::new(),
            names: FxHashMap::default(),
            class_names: FxHashMap::default(),
        };
        for (tree, roots) in trees {
            world.add_tree(tree, roots, wanted)?;
        }
        world.add_differentials(wanted);
        world.note_dimensions();
        Ok(world)
    }

    /// Whether complex numbers are needed.
    pub(crate) fn is_complex(&self) -> bool {
        self.quantities.iter().any(|quantity| quantity.complex)
    }

    /// The quantity with a name.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The variables that vary: those whose differential occurs, in order.
    pub(crate) fn varying(&self) -> Vec<usize> {
        let mut varying: Vec<usize> =
            self.quantities.iter().filter_map(|quantity| quantity.differential_of).collect();
        varying.sort_unstable();
        varying.dedup();
        varying
    }

    /// The differential of a variable.
    pub(crate) fn differential(&self, of: usize) -> Option<usize> {
        self.quantities.iter().position(|quantity| quantity.differential_of == Some(of))
    }

    /// Where `d(…)` occurs, the variables that vary have differentials even if these occur nowhere:
    /// those that are wanted, else those whose differential occurs, else all.
    fn add_differentials(&mut self, wanted: &[&str]) {
        if !self.parts.iter().any(|part| part.plan.has_differentials()) {
            return;
        }
        let mut varying: Vec<usize> = wanted.iter().filter_map(|name| self.named(name)).collect();
        if wanted.is_empty() && self.varying().is_empty() {
            varying = (0..self.quantities.len()).collect();
        }
        for of in varying {
            if self.quantities[of].is_array && self.differential(of).is_none() {
                self.quantities.push(Quantity {
                    structure: Structure::General,
                    positive: false,
                    exponent: None,
                    differential_of: Some(of),
                    ..self.quantities[of].clone()
                });
            }
        }
    }

    fn add_tree(
        &mut self,
        tree: &'t TypedTree,
        roots: &[TypedId],
        wanted: &[&str],
    ) -> Result<(), Fault> {
        let plan = Plan::new(tree, roots)?;
        let part = self.parts.len();
        let count = tree.dimensions.name_count();
        let mut classes = Vec::with_capacity(count);
        for position in 0..count {
            let name = DimensionName(u32::try_from(position).unwrap_or(u32::MAX));
            classes.push(self.class_named(tree.dimensions.name_text(name)));
        }
        let quantities = vec![None; tree.variables.len()];
        let symbols = tree.variables.iter().map(|variable| hash_text(&variable.name)).collect();
        self.parts.push(Part { plan, quantities, symbols, classes });
        let mut variables = self.parts[part].plan.variables.clone();
        if !wanted.is_empty() {
            let position = |at: usize| VariableId(u32::try_from(at).unwrap_or(u32::MAX));
            let named = tree
                .variables
                .iter()
                .enumerate()
                .map(|(at, variable)| (variable.name.as_str(), position(at)));
            let named: FxHashMap<&str, VariableId> = named.collect();
            variables.extend(wanted.iter().filter_map(|name| named.get(name)));
        }
        let mut position = 0;
        while let Some(variable) = variables.get(position).copied() {
            position += 1;
            variables.extend(self.add_variable(part, tree, variable)?);
        }
        for (variable, integer) in self.parts[part].plan.in_exponents.clone() {
            if let Some(quantity) =
                self.parts[part].quantities.get(variable.0 as usize).copied().flatten()
            {
                let exponent = &mut self.quantities[quantity].exponent;
                *exponent = Some(integer || *exponent == Some(true));
            }
        }
        for (position, variable) in tree.variables.iter().enumerate() {
            let base =
                variable.differential_of.and_then(|base| self.named(&tree.variable(base).name));
            if let Some(quantity) = self.parts[part].quantities[position] {
                self.quantities[quantity].differential_of =
                    self.quantities[quantity].differential_of.or(base);
            }
        }
        Ok(())
    }

    /// Adds a variable of a tree; gives the variable that it is a differential of.
    fn add_variable(
        &mut self,
        part: usize,
        tree: &'t TypedTree,
        id: VariableId,
    ) -> Result<Option<VariableId>, Fault> {
        let position = id.0 as usize;
        let Some(variable) = tree.variables.get(position) else {
            return Err(Fault::Unsupported("a variable that is not in its tree".to_owned()));
        };
        if self.parts[part].quantities[position].is_some() {
            return Ok(None);
        }
        let quantity = match self.named(&variable.name) {
            Some(quantity) => {
                self.unite_shapes(part, variable, quantity)?;
                quantity
            }
            None => self.new_quantity(part, variable)?,
        };
        self.parts[part].quantities[position] = Some(quantity);
        Ok(variable.differential_of)
    }

    fn new_quantity(&mut self, part: usize, variable: &Variable) -> Result<usize, Fault> {
        self.names.insert(variable.name.clone(), self.quantities.len());
        self.quantities.push(Quantity {
            is_array: variable.nature == Nature::Array,
            tree: part,
            shape: variable.shape,
            family: variable.family.clone(),
            structure: variable.structure,
            positive: variable.positive,
            complex: variable.complex,
            exponent: None,
            differential_of: None,
        });
        Ok(self.quantities.len() - 1)
    }

    /// A variable that is in two trees has one shape.
    fn unite_shapes(
        &mut self,
        part: usize,
        variable: &Variable,
        quantity: usize,
    ) -> Result<(), Fault> {
        let known = self.quantities[quantity].clone();
        if known.is_array != (variable.nature == Nature::Array)
            || known.family.len() != variable.family.len()
        {
            return Err(Fault::Unsupported(format!("{} is read in two ways", variable.name)));
        }
        let own = variable.family.iter().chain([&variable.shape.rows, &variable.shape.columns]);
        let other = known.family.iter().chain([&known.shape.rows, &known.shape.columns]);
        for (own, other) in own.zip(other) {
            self.unite((part, *own), (known.tree, *other));
        }
        Ok(())
    }

    /// Makes two dimensions one class where both are names, or fixes the one that is.
    fn unite(&mut self, left: (usize, DimensionId), right: (usize, DimensionId)) {
        let name = |(part, id): (usize, DimensionId)| {
            let part = &self.parts[part];
            let name = part.plan.tree.dimensions.as_name(id)?;
            part.classes.get(name.0 as usize).copied()
        };
        let number = |(part, id): (usize, DimensionId)| {
            let value = self.parts[part].plan.tree.dimensions.as_number(id)?.to_i64()?;
            u64::try_from(value).ok()
        };
        match (name(left), name(right)) {
            (Some(a), Some(b)) if a != b => {
                let (kept, dropped) = (a.min(b), a.max(b));
                for part in &mut self.parts {
                    for class in &mut part.classes {
                        if *class == dropped {
                            *class = kept;
                        }
                    }
                }
            }
            (Some(class), None) => {
                self.classes[class].fixed = number(right).or(self.classes[class].fixed)
            }
            (None, Some(class)) => {
                self.classes[class].fixed = number(left).or(self.classes[class].fixed)
            }
            _ => {}
        }
    }

    fn class_named(&mut self, name: &str) -> usize {
        if let Some(position) = self.class_names.get(name) {
            return *position;
        }
        self.class_names.insert(name.to_owned(), self.classes.len());
        self.classes.push(Class { name: name.to_owned(), ..Class::default() });
        self.classes.len() - 1
    }

    /// Finds the classes that matter, those that meet in products, and large concrete sizes.
    fn note_dimensions(&mut self) {
        let mut used: Vec<(usize, DimensionId)> = Vec::new();
        for (position, part) in self.parts.iter().enumerate() {
            let tree = part.plan.tree;
            let mut seen: FxHashSet<DimensionId> = FxHashSet::default();
            let mut note = |dimension: DimensionId| {
                if seen.insert(dimension) {
                    used.push((position, dimension));
                }
            };
            for id in &part.plan.nodes {
                let node = tree.node(*id);
                note(node.shape.rows);
                note(node.shape.columns);
                for index in bound_indices(&node.operation) {
                    if let Some(index) = tree.indices.get(index.0 as usize) {
                        note(index.range);
                    }
                }
            }
        }
        for (position, quantity) in self.quantities.iter().enumerate() {
            if self.quantities[position].is_array {
                let own = [quantity.shape.rows, quantity.shape.columns];
                used.extend(
                    own.iter().chain(&quantity.family).map(|dimension| (quantity.tree, *dimension)),
                );
            }
        }
        for (part, dimension) in used {
            self.note_dimension(part, dimension);
        }
        self.note_meetings();
    }

    fn note_dimension(&mut self, part: usize, dimension: DimensionId) {
        let dimensions: &Dimensions = &self.parts[part].plan.tree.dimensions;
        if let Some(value) = dimensions.as_number(dimension).and_then(|value| value.to_i64()) {
            if let Ok(value) = u64::try_from(value)
                && value > LARGEST_KEPT
                && !self.large.contains(&value)
            {
                self.large.push(value);
            }
            return;
        }
        for (monomial, _) in &dimensions.polynomial(dimension).0 {
            for (name, _) in monomial {
                if let Some(class) = self.parts[part].classes.get(name.0 as usize) {
                    self.classes[*class].used = true;
                }
            }
        }
    }

    fn note_meetings(&mut self) {
        for part in &self.parts {
            let tree = part.plan.tree;
            let class = |dimension: DimensionId| {
                let name = tree.dimensions.as_name(dimension)?;
                part.classes.get(name.0 as usize).copied()
            };
            for id in &part.plan.nodes {
                let Operation::Multiply(left, right) = &tree.node(*id).operation else { continue };
                let (left, right) = (tree.shape(*left), tree.shape(*right));
                let met: Vec<usize> = [left.rows, left.columns, right.columns]
                    .into_iter()
                    .filter_map(class)
                    .collect();
                for a in &met {
                    self.meetings.extend(met.iter().filter(|b| a != *b).map(|b| (*a, *b)));
                }
            }
        }
    }
}
