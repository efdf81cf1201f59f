//! Python names for variables, dimensions and statements.
//!
//! Must not know expressions.

use gradus_tensor::{DimensionName, Dimensions};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::numpy::token;
use crate::request::{Variable, VariableKind};

/// Names of modules, builtins and functions that generated code looks up outside of itself.
const GLOBALS: &[&str] = &["np", "scipy", "float", "int", "round", "range", "next", "zip"];

/// A keyword of the generated functions.
#[derive(Clone, Debug)]
pub(super) struct Keyword {
    /// The name in the signature.
    pub(super) name: String,
    /// The name in the body; another one where the keyword hides a global.
    pub(super) local: String,
    /// Position of the variable in the request.
    pub(super) variable: usize,
    /// For functions, how many times differentiated.
    pub(super) order: u8,
}

/// All Python names of a module.
pub(super) struct Names {
    /// Keywords in order.
    pub(super) keywords: Vec<Keyword>,
    /// Globals that a keyword hides.
    pub(super) hidden: Vec<String>,
    dimensions: Vec<String>,
    used: FxHashSet<String>,
    positions: FxHashMap<(String, u8), usize>,
}

impl Names {
    /// Names for the variables and the dimensions. `orders` tells how often each function variable
    /// is differentiated at most, and `helpers` which further globals there are.
    pub(super) fn new(
        variables: &[Variable],
        dimensions: &Dimensions,
        orders: &[u8],
        helpers: &[String],
    ) -> Self {
        let mut globals: Vec<String> = GLOBALS.iter().map(|name| (*name).to_owned()).collect();
        globals.extend(helpers.iter().cloned());
        let mut names = Self {
            keywords: Vec::new(),
            hidden: Vec::new(),
            dimensions: Vec::new(),
            used: FxHashSet::default(),
            positions: FxHashMap::default(),
        };
        // The names of all variables come before those of derivatives of functions.
        let plain: Vec<String> = variables
            .iter()
            .map(|variable| names.take(token::identifier(&variable.name)))
            .collect();
        for (position, variable) in variables.iter().enumerate() {
            names.add_keyword(plain[position].clone(), variable, position, 0);
            for (order, suffix) in derivative_suffixes(&variable.kind, orders[position]) {
                let name = names.take(token::identifier(&format!("{}_{suffix}", variable.name)));
                names.add_keyword(name, variable, position, order);
            }
        }
        names.used.extend(globals.iter().cloned());
        for position in 0..names.keywords.len() {
            // Comprehensions have names of their own.
            let name = names.keywords[position].name.clone();
            if token::is_member(&name) {
                names.keywords[position].local = names.take(format!("{name}_"));
            }
        }
        for position in 0..names.keywords.len() {
            let name = names.keywords[position].name.clone();
            if globals.contains(&name) {
                names.keywords[position].local = names.take(format!("{name}_"));
                names.hidden.push(name);
            }
        }
        for position in 0..dimensions.name_count() {
            let name = DimensionName(u32::try_from(position).unwrap_or(u32::MAX));
            let mut local = token::identifier(dimensions.name_text(name));
            if token::is_member(&local) {
                local.push('_');
            }
            let local = names.take(local);
            names.dimensions.push(local);
        }
        names
    }

    fn add_keyword(&mut self, name: String, variable: &Variable, position: usize, order: u8) {
        self.positions.insert((variable.name.clone(), order), self.keywords.len());
        self.keywords.push(Keyword { local: name.clone(), name, variable: position, order });
    }

    /// The name itself, with underscores until nothing else has it.
    pub(super) fn take(&mut self, mut name: String) -> String {
        while !self.used.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    /// A further set of names for one function body.
    pub(super) fn scope(&self) -> FxHashSet<String> {
        self.used.clone()
    }

    /// The local name of a variable, or of a derivative of a function variable.
    pub(super) fn variable(&self, name: &str, order: u8) -> Option<&str> {
        let position = self.positions.get(&(name.to_owned(), order))?;
        Some(&self.keywords[*position].local)
    }

    /// The local name of a dimension.
    pub(super) fn dimension(&self, name: DimensionName) -> &str {
        &self.dimensions[name.0 as usize]
    }

    /// The text with every global that a keyword hides under its other name.
    pub(super) fn unhide(&self, text: &str) -> String {
        if self.hidden.is_empty() {
            return text.to_owned();
        }
        let mut result = String::with_capacity(text.len());
        for (piece, is_name) in token::pieces(text) {
            if is_name && self.hidden.iter().any(|hidden| hidden == piece) {
                result.push('_');
            }
            result.push_str(piece);
        }
        result
    }
}

/// Orders and suffixes of the keywords that come with a function.
fn derivative_suffixes(kind: &VariableKind, order: u8) -> Vec<(u8, String)> {
    match kind {
        VariableKind::Array { .. } | VariableKind::Differential { .. } => Vec::new(),
        VariableKind::ScalarFunction => vec![(1, "grad".to_owned()), (2, "hess".to_owned())],
        VariableKind::ElementwiseFunction | VariableKind::Path { .. } => {
            (1..=order.max(2)).map(|order| (order, format!("d{order}"))).collect()
        }
    }
}
