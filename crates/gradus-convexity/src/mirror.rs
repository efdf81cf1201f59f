//! Mirrors of products: exchanges of labels that map a product onto itself, so that it is a sum of
//! weighted squares `Σ wᵢ hᵢ'B hᵢ`.
//!
//! Must not know signs or curvature: it only finds the halves, the weights and what stands between.

use gradus_tensor::{Arena, Contraction, Label, Rational};
use smallvec::SmallVec;

/// Products with more factors than this are not searched.
const MOST_FACTORS: usize = 24;
/// More attempts than this are not made.
const MOST_ATTEMPTS: u32 = 20_000;

/// A mirror of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mirror {
    /// For each label the one on the other side; itself if it stays.
    pub(crate) image: SmallVec<[Label; 8]>,
    /// Operands all of whose labels stay.
    pub(crate) fixed: Vec<usize>,
    /// Matrices whose last two labels are exchanged.
    pub(crate) bridges: Vec<usize>,
    /// One half, and its images in the same order.
    pub(crate) half: Vec<usize>,
    /// The other half.
    pub(crate) other: Vec<usize>,
    /// For each label, whether it lies on the side of the half.
    pub(crate) near: SmallVec<[bool; 8]>,
}

impl Mirror {
    /// Whether a label stays.
    pub(crate) fn stays(&self, label: Label) -> bool {
        self.image[label as usize] == label
    }
}

/// An operand under the search: of exponent 2, it is two.
struct Factor {
    operand: usize,
    exponent: Rational,
}

struct Search<'a> {
    arena: &'a Arena,
    contraction: &'a Contraction,
    factors: Vec<Factor>,
    image: SmallVec<[Option<Label>; 8]>,
    /// The factor that each one is mapped to, and whether its last two labels are exchanged.
    partner: Vec<Option<usize>>,
    attempts: u32,
    accept: &'a dyn Fn(&Mirror) -> bool,
}

/// The first mirror that is accepted among those that keep all outputs but exchange the labels of each
/// pair. Operands that are `skipped` are left out of the product.
pub(crate) fn mirror(
    arena: &Arena,
    contraction: &Contraction,
    pairs: &[(Label, Label)],
    skipped: &[usize],
    accept: &dyn Fn(&Mirror) -> bool,
) -> Option<Mirror> {
    let mut factors = Vec::new();
    for (at, operand) in contraction.operands.iter().enumerate() {
        if skipped.contains(&at) {
            continue;
        }
        let exponent = operand.exponent.clone();
        factors.push(Factor { operand: at, exponent });
    }
    if factors.len() > MOST_FACTORS {
        return None;
    }
    let mut image: SmallVec<[Option<Label>; 8]> = contraction.axes.iter().map(|_| None).collect();
    for label in &contraction.output {
        image[*label as usize] = Some(*label);
    }
    for (one, other) in pairs {
        if one == other {
            return None;
        }
        image[*one as usize] = Some(*other);
        image[*other as usize] = Some(*one);
    }
    let partner = factors.iter().map(|_| None).collect();
    let mut search = Search { arena, contraction, factors, image, partner, attempts: 0, accept };
    search.run()
}

/// A choice that was made: the factor, its partner, whether axes are exchanged, and the labels whose
/// image it settled.
struct Choice {
    factor: usize,
    next: usize,
    settled: SmallVec<[Label; 8]>,
    made: Option<usize>,
}

impl Search<'_> {
    fn run(&mut self) -> Option<Mirror> {
        let mut choices: Vec<Choice> = Vec::new();
        let mut forward = true;
        loop {
            if forward {
                match self.partner.iter().position(Option::is_none) {
                    Some(factor) => {
                        let settled = SmallVec::new();
                        choices.push(Choice { factor, next: 0, settled, made: None });
                    }
                    None => {
                        if let Some(found) = self.finish()
                            && (self.accept)(&found)
                        {
                            return Some(found);
                        }
                    }
                }
            }
            let choice = choices.last_mut()?;
            // Takes back what was tried before.
            for label in choice.settled.drain(..) {
                self.image[label as usize] = None;
            }
            let factor = choice.factor;
            if let Some(partner) = choice.made.take() {
                self.partner[factor] = None;
                self.partner[partner] = None;
            }
            self.attempts += 1;
            if self.attempts > MOST_ATTEMPTS {
                return None;
            }
            // Each factor with itself, plainly and exchanged, then with each later one.
            let start = choice.next;
            let options = (self.factors.len() - factor) * 2;
            let mut found = None;
            for option in start..options {
                let (partner, exchanged) = (factor + option / 2, option % 2 == 1);
                if let Some(settled) = self.pair(factor, partner, exchanged) {
                    found = Some((option, partner, settled));
                    break;
                }
            }
            let choice = choices.last_mut()?;
            match found {
                Some((option, partner, settled)) => {
                    choice.next = option + 1;
                    choice.settled = settled;
                    choice.made = Some(partner);
                    self.partner[factor] = Some(partner);
                    self.partner[partner] = Some(factor);
                    forward = true;
                }
                None => {
                    choices.pop();
                    forward = false;
                }
            }
        }
    }

    /// Maps a factor onto another one, if the labels allow; gives the labels whose image is new.
    fn pair(
        &mut self,
        factor: usize,
        partner: usize,
        exchanged: bool,
    ) -> Option<SmallVec<[Label; 8]>> {
        if self.partner[partner].is_some() {
            return None;
        }
        let (one, other) = (&self.factors[factor], &self.factors[partner]);
        let a = &self.contraction.operands[one.operand];
        let b = &self.contraction.operands[other.operand];
        if a.node != b.node || one.exponent != other.exponent {
            return None;
        }
        let rank = a.labels.len();
        if exchanged && (rank < 2 || !self.arena.facts(a.node).symmetric) {
            return None;
        }
        let mut settled = SmallVec::new();
        for at in 0..rank {
            let target = match exchanged {
                true if at == rank - 1 => rank - 2,
                true if at == rank - 2 => rank - 1,
                _ => at,
            };
            let (from, to) = (a.labels[at], b.labels[target]);
            let both = [(from, to), (to, from)];
            for (from, to) in both {
                let known = self.image[from as usize];
                match known {
                    Some(known) if known == to => {}
                    Some(_) => {
                        for label in settled {
                            self.image[label as usize] = None;
                        }
                        return None;
                    }
                    None => {
                        self.image[from as usize] = Some(to);
                        settled.push(from);
                    }
                }
            }
            let same_axis =
                self.contraction.axes[from as usize] == self.contraction.axes[to as usize];
            if !same_axis {
                for label in settled {
                    self.image[label as usize] = None;
                }
                return None;
            }
        }
        Some(settled)
    }

    /// The mirror of a full assignment, if its sides come apart.
    fn finish(&self) -> Option<Mirror> {
        let count = self.image.len();
        let image: SmallVec<[Label; 8]> = (0..count)
            .map(|at| self.image[at].unwrap_or(Label::try_from(at).unwrap_or(Label::MAX)))
            .collect();
        let stays = |label: Label| image[label as usize] == label;
        let (mut fixed, mut bridges, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for (at, factor) in self.factors.iter().enumerate() {
            let partner = self.partner[at]?;
            let labels = &self.contraction.operands[factor.operand].labels;
            if partner == at {
                if labels.iter().all(|label| stays(*label)) {
                    fixed.push(factor.operand);
                    continue;
                }
                let rank = labels.len();
                let (before, sides) = labels.split_at(rank.checked_sub(2)?);
                let crosses = image[sides[0] as usize] == sides[1] && !stays(sides[0]);
                if !crosses || before.iter().any(|label| !stays(*label)) {
                    return None;
                }
                bridges.push(factor.operand);
            } else if at < partner {
                pairs.push((factor.operand, self.factors[partner].operand));
            }
        }
        self.sides(image, fixed, bridges, &pairs)
    }

    /// Chooses of each pair the factor that lies on the near side.
    fn sides(
        &self,
        image: SmallVec<[Label; 8]>,
        fixed: Vec<usize>,
        bridges: Vec<usize>,
        pairs: &[(usize, usize)],
    ) -> Option<Mirror> {
        let count = image.len();
        // Labels that share a factor of a pair lie on one side.
        let mut group: Vec<usize> = (0..count).collect();
        let find = |group: &[usize], mut at: usize| {
            while group[at] != at {
                at = group[at];
            }
            at
        };
        let operands = &self.contraction.operands;
        let moving = |operand: usize| {
            let labels = operands[operand].labels.iter();
            labels.map(|label| *label as usize).filter(|at| image[*at] as usize != *at)
        };
        for operand in pairs.iter().flat_map(|(one, other)| [*one, *other]) {
            let mut labels = moving(operand);
            let Some(first) = labels.next() else { continue };
            for label in labels {
                let (a, b) = (find(&group, first), find(&group, label));
                group[a.max(b)] = a.min(b);
            }
        }
        let mut side: Vec<Option<bool>> = vec![None; count];
        for label in 0..count {
            let other = image[label] as usize;
            if other == label {
                continue;
            }
            let (a, b) = (find(&group, label), find(&group, other));
            if a == b {
                return None;
            }
            match (side[a], side[b]) {
                (None, None) => (side[a], side[b]) = (Some(true), Some(false)),
                (Some(near), None) => side[b] = Some(!near),
                (None, Some(near)) => side[a] = Some(!near),
                (Some(one), Some(other)) if one == other => return None,
                _ => {}
            }
        }
        let near: SmallVec<[bool; 8]> = (0..count)
            .map(|at| image[at] as usize != at && side[find(&group, at)] == Some(true))
            .collect();
        let (mut half, mut other) = (Vec::new(), Vec::new());
        for (one, two) in pairs {
            let is_near = match moving(*one).next() {
                Some(label) => near[label],
                None => true,
            };
            let (here, there) = if is_near { (*one, *two) } else { (*two, *one) };
            half.push(here);
            other.push(there);
        }
        Some(Mirror { image, fixed, bridges, half, other, near })
    }
}
