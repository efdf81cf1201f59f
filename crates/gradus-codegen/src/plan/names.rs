//! Names for statements that collide with nothing in the program.
//!
//! Must not know which names an output language reserves; its printer renames where it must.

use gradus_notation::arena::NotationTree;
use gradus_notation::tree::Notation;
use rustc_hash::FxHashSet;

use crate::request::ModuleRequest;

/// The names in use.
pub(crate) struct Names {
    used: FxHashSet<String>,
    next: u32,
}

impl Names {
    /// All names of the request and of the formulas of a tree.
    pub(crate) fn new(request: &ModuleRequest<'_>, tree: &NotationTree) -> Self {
        let mut used: FxHashSet<String> = FxHashSet::default();
        used.extend(request.variables.iter().map(|variable| variable.name.clone()));
        let point = request.point.iter().flat_map(|point| [point.values, point.function]);
        for page in [request.value, request.derivative].into_iter().chain(point) {
            used.extend(page.bindings.iter().map(|binding| binding.name.clone()));
        }
        for position in 0..tree.len() {
            let id = gradus_notation::tree::NotationId(u32::try_from(position).unwrap_or(u32::MAX));
            match tree.node(id) {
                Notation::Name { text, .. } => used.extend([text.clone()]),
                Notation::IndexedSum { indices, .. } | Notation::Indexed { indices, .. } => {
                    used.extend(indices.iter().cloned());
                }
                _ => {}
            }
        }
        for (_, entry) in request.book.iter() {
            used.insert(entry.name.to_owned());
            used.extend(entry.aliases.iter().map(|alias| (*alias).to_owned()));
        }
        used.extend(gradus_functions::RESERVED.iter().map(|(name, _)| (*name).to_owned()));
        for name in 0..tree.dimensions.name_count() {
            let name = gradus_tensor::DimensionName(u32::try_from(name).unwrap_or(u32::MAX));
            used.insert(tree.dimensions.name_text(name).to_owned());
        }
        // Readers take these for constants or for the differential of a variable.
        used.extend(["pi", "inf"].map(str::to_owned));
        let differentials: Vec<String> =
            request.variables.iter().map(|variable| format!("d{}", variable.name)).collect();
        used.extend(differentials);
        Self { used, next: 1 }
    }

    /// The wish itself if it is free, else `t1`, `t2`, ….
    pub(crate) fn fresh(&mut self, wish: Option<String>) -> String {
        if let Some(wish) = wish
            && self.used.insert(wish.clone())
        {
            return wish;
        }
        loop {
            let name = format!("t{}", self.next);
            self.next += 1;
            if self.used.insert(name.clone()) {
                return name;
            }
        }
    }
}
