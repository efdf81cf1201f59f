//! What a format is: something that takes the events of a formula.
//!
//! Must not know formulas.

use crate::arena::NotationTree;
use crate::print::event::{Event, Fence};
use crate::print::layout::{Item, Layout};
use crate::print::profile::Profiles;
use crate::tree::NotationId;

/// Writes one formula in one format.
pub(crate) trait Writer {
    /// Takes the next piece.
    fn event(&mut self, event: Event<'_>);
    /// The text.
    fn finish(self: Box<Self>) -> String;
}

/// Sends the events of a formula to a writer.
pub(crate) fn write(
    tree: &NotationTree,
    profiles: &Profiles,
    planar: bool,
    root: NotationId,
    writer: &mut dyn Writer,
) {
    use crate::print::event::Operator;
    let mut layout = Layout { tree, profiles, planar, items: Vec::new() };
    let mut pending = vec![Item::Child { id: root, parentheses: false, magnitude: false }];
    while let Some(item) = pending.pop() {
        match item {
            Item::Event(event) => writer.event(event),
            Item::Child { id, parentheses, magnitude } => {
                if parentheses {
                    let (fence, tall) = (Fence::Parenthesis, profiles.of(id).tall);
                    writer.event(Event::Open { fence, tall });
                    pending.push(Item::Event(Event::Close { fence, tall }));
                }
                if tree.is_negative(id) && !magnitude {
                    writer.event(Event::Operator(Operator::Negative));
                }
                layout.formula(tree.node(id), tree.shape(id));
                pending.extend(layout.items.drain(..).rev());
            }
        }
    }
}
