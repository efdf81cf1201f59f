//! Draws of sizes.
//!
//! Must not know values.

use gradus_tensor::{DimensionId, Rational};

use crate::random::Random;
use crate::verdict::Sizes;
use crate::world::World;

/// How sizes are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    /// In 4..7, different as far as four values allow, else for those that meet in one product.
    Middle,
    /// In 1..3, for the edges.
    Edge,
    /// In 2..3, where the middle is too large.
    Low,
}

impl Range {
    fn bounds(self) -> (u64, u64) {
        match self {
            Self::Middle => (4, 7),
            Self::Edge => (1, 3),
            Self::Low => (2, 3),
        }
    }
}

/// The size of every dimension in one draw.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    /// One for each class.
    pub(crate) classes: Vec<u64>,
    /// Concrete sizes and what stands for them.
    replaced: Vec<(u64, u64)>,
    /// For each tree, the size of each of its names.
    names: Vec<Vec<u64>>,
}

impl Draw {
    /// Draws sizes, large concrete ones included if they are to be replaced.
    pub(crate) fn new(world: &World<'_>, random: &mut Random, range: Range, replace: bool) -> Self {
        let count = world.classes.len();
        let (low, high) = range.bounds();
        let mut order: Vec<usize> = (0..count).filter(|class| world.classes[*class].used).collect();
        random.shuffle(&mut order);
        let mut palette: Vec<u64> = (low..=high).collect();
        random.shuffle(&mut palette);
        let mut classes = vec![low; count];
        let distinct = order.len() <= palette.len();
        let mut met: Vec<Vec<usize>> = vec![Vec::new(); count];
        if !distinct {
            // In any order: only whether one of them is taken matters.
            world.meetings.iter().for_each(|(one, other)| met[*one].push(*other));
        }
        let mut chosen = vec![false; count];
        for (position, class) in order.iter().enumerate() {
            classes[*class] = match range {
                Range::Edge => low + random.below(high - low + 1),
                _ if distinct => palette[position],
                _ => {
                    let taken = |size: &u64| {
                        met[*class].iter().any(|other| chosen[*other] && classes[*other] == *size)
                    };
                    random.shuffle(&mut palette);
                    palette.iter().copied().find(|size| !taken(size)).unwrap_or(palette[0])
                }
            };
            chosen[*class] = true;
        }
        let mut replaced = Vec::new();
        if replace {
            for (position, size) in world.large.iter().enumerate() {
                // Concrete sizes that differ stay different.
                let stands = low + (random.below(2) + position as u64) % (high - low + 1);
                replaced.push((*size, stands));
            }
        }
        Self::finish(world, classes, replaced)
    }

    /// The draw in which what was larger is smaller, so that what was tall is wide.
    pub(crate) fn reversed(&self, world: &World<'_>, range: Range) -> Self {
        let (low, high) = range.bounds();
        let turned = |size: u64| (low + high).saturating_sub(size).max(1);
        let classes = self.classes.iter().map(|size| turned(*size)).collect();
        let replaced =
            self.replaced.iter().map(|(size, stands)| (*size, turned(*stands))).collect();
        Self::finish(world, classes, replaced)
    }

    fn finish(world: &World<'_>, mut classes: Vec<u64>, replaced: Vec<(u64, u64)>) -> Self {
        for (size, class) in classes.iter_mut().zip(&world.classes) {
            *size = class.fixed.unwrap_or(*size);
        }
        let names = world
            .parts
            .iter()
            .map(|part| part.classes.iter().map(|class| classes[*class]).collect())
            .collect();
        Self { classes, replaced, names }
    }

    /// The size of a dimension of a tree.
    pub(crate) fn size(
        &self,
        world: &World<'_>,
        part: usize,
        dimension: DimensionId,
    ) -> Option<u64> {
        let dimensions = &world.parts[part].plan.tree.dimensions;
        if let Some(value) = dimensions.as_number(dimension) {
            return self.concrete(&value);
        }
        dimensions.evaluate(dimension, &self.names[part])
    }

    fn concrete(&self, value: &Rational) -> Option<u64> {
        let value = u64::try_from(value.to_i64()?).ok()?;
        let stands = self.replaced.iter().find(|(size, _)| *size == value);
        Some(stands.map_or(value, |(_, stands)| *stands))
    }

    /// The sizes of the dimensions that matter, for messages.
    pub(crate) fn shown(&self, world: &World<'_>) -> Sizes {
        let named = world.classes.iter().zip(&self.classes).filter(|(class, _)| class.used);
        let named = named.map(|(class, size)| (class.name.clone(), *size));
        let replaced = self.replaced.iter().map(|(size, stands)| (size.to_string(), *stands));
        Sizes(named.chain(replaced).collect())
    }
}
