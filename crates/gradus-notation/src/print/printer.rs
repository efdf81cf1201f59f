//! A format, and the printing of several formulas that share their names.
//!
//! Must not know how any format spells a formula.

use crate::arena::NotationTree;
use crate::print::event::Event;
use crate::print::latex::Latex;
use crate::print::mathml::MathMl;
use crate::print::names::Names;
use crate::print::profile::{Profiles, reachable};
use crate::print::typst::Typst;
use crate::print::unicode::Unicode;
use crate::print::writer::{self, Writer};
use crate::print::{mathml, source};
use crate::tree::{Head, NameKind, Notation, NotationId};

/// A format of formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Gradus source text.
    Source,
    /// Mathematical notation on one line of Unicode text.
    Unicode,
    /// LaTeX with `amsmath`, without the signs around a formula.
    Latex,
    /// A MathML element.
    MathMl,
    /// Typst, without the dollar signs around a formula.
    Typst,
}

impl Format {
    /// Whether fractions are stacked.
    pub(crate) fn is_planar(self) -> bool {
        matches!(self, Self::Latex | Self::MathMl | Self::Typst)
    }
}

/// Prints formulas of one page in one format.
pub(crate) struct Printer<'t> {
    tree: &'t NotationTree,
    format: Format,
    names: Names<'t>,
    profiles: Profiles,
}

impl<'t> Printer<'t> {
    /// Prepares to print some formulas, beside which some further names stand.
    pub(crate) fn new(
        tree: &'t NotationTree,
        roots: &[NotationId],
        further: &[&'t str],
        format: Format,
    ) -> Self {
        let needed = if format == Format::Source { Vec::new() } else { reachable(tree, roots) };
        let mut names = further.to_vec();
        for id in &needed {
            collect_names(tree.node(*id), &mut names);
        }
        Self {
            tree,
            format,
            names: Names::of(&names),
            profiles: Profiles::of_all(tree, &needed, format.is_planar()),
        }
    }

    /// The text of a formula.
    pub(crate) fn formula(&self, id: NotationId) -> String {
        let Some(mut writer) = self.writer() else {
            let mut text = String::new();
            source::write(self.tree, id, &mut text);
            return text;
        };
        writer::write(self.tree, &self.profiles, self.format.is_planar(), id, &mut *writer);
        writer.finish()
    }

    /// The text of some pieces; source text has none.
    pub(crate) fn events<'e>(&self, events: impl IntoIterator<Item = Event<'e>>) -> String {
        let Some(mut writer) = self.writer() else {
            return String::new();
        };
        events.into_iter().for_each(|event| writer.event(event));
        writer.finish()
    }

    fn writer(&self) -> Option<Box<dyn Writer + '_>> {
        Some(match self.format {
            Format::Source => return None,
            Format::Unicode => Box::new(Unicode::new(&self.names)),
            Format::Latex => Box::new(Latex::new(&self.names)),
            Format::MathMl => Box::new(MathMl::new(&self.names)),
            Format::Typst => Box::new(Typst::new(&self.names)),
        })
    }

    /// A formula as a document of its own.
    pub(crate) fn whole(&self, text: String) -> String {
        if self.format == Format::MathMl { mathml::document(&text) } else { text }
    }
}

fn collect_names<'t>(notation: &'t Notation, names: &mut Vec<&'t str>) {
    match notation {
        Notation::Name { text, kind: NameKind::Differential } => {
            names.push(text.strip_prefix('d').filter(|rest| !rest.is_empty()).unwrap_or(text));
        }
        Notation::Name { text, .. } => names.push(text),
        Notation::IndexedSum { indices, .. } | Notation::Indexed { indices, .. } => {
            names.extend(indices.iter().map(String::as_str));
        }
        Notation::Call {
            head: Head::Mapped { name, .. } | Head::Scalar { name, .. } | Head::Path { name, .. },
            ..
        } => names.push(name),
        _ => {}
    }
}

/// The number of tokens that the text of some formulas has, parentheses aside; saturates.
#[must_use]
pub fn tokens(tree: &NotationTree, formulas: &[NotationId]) -> u32 {
    formulas.iter().fold(0, |total, id| total.saturating_add(tree.tokens(*id)))
}

/// All formulas that some formulas consist of, themselves included, children first.
#[must_use]
pub fn parts(tree: &NotationTree, formulas: &[NotationId]) -> Vec<NotationId> {
    reachable(tree, formulas)
}

/// The formulas directly inside a formula, in reading order.
#[must_use]
pub fn children(tree: &NotationTree, formula: NotationId) -> Vec<NotationId> {
    let mut children = Vec::new();
    tree.node(formula).for_each_child(|child| children.push(child));
    children
}
