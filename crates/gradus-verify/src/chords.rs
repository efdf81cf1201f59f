//! How a scalar function bends, seen along chords: random points in its domain, and whether the middle of
//! the chord between two of them lies above or below.
//!
//! Must not know why a function is said to be convex.

use gradus_elaborate::typed::{TypedId, TypedTree};

use crate::book::{Book, Context};
use crate::claim::{Expression, Settings};
use crate::draw::{Manner, Point, STYLES, Style, draw_point, region};
use crate::field::Fault;
use crate::oracle::Oracle;
use crate::question::{Question, Root, Scene};
use crate::random::{Random, absorb};
use crate::sizes::{Draw, Range};
use crate::tracked::Tracked;
use crate::verdict::{Difference, Method, Sizes, Verdict};
use crate::world::World;

/// Draws of points, redraws included.
const DRAWS: u64 = 400;
/// The least number of draws that have a chord in the domain.
const WANTED: usize = 12;
/// Draws after which nothing more is learnt.
const ENOUGH: usize = 24;
/// The parts of a chord that are looked at.
const PARTS: [f64; 3] = [1.0, 0.25, 0.05];
/// The part of the scale by which a middle may be off by rounding.
const TOLERANCE: f64 = 1e-10;

/// How a function is said to bend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chords {
    /// Chords lie above it, or on it.
    Above,
    /// Chords lie below it, or on it.
    Below,
    /// Both.
    On,
}

/// Whether a real scalar function bends as is said, in some variables together while the others stay.
#[must_use]
pub fn check_chords(
    function: Expression<'_>,
    variables: &[&str],
    claim: Chords,
    settings: &Settings,
) -> Verdict {
    decide(function, variables, claim, settings)
        .unwrap_or_else(|reason| Verdict::Undecided { reason })
}

fn decide(
    function: Expression<'_>,
    variables: &[&str],
    claim: Chords,
    settings: &Settings,
) -> Result<Verdict, String> {
    let tell = |fault: Fault| match fault {
        Fault::Outside => "no point of the domain was found".to_owned(),
        Fault::Limit(what) => format!("{what} exceeds the limit"),
        Fault::Unsupported(what) => what,
    };
    let trees: [(&TypedTree, Vec<TypedId>); 1] = [(function.tree, vec![function.root])];
    let world = World::new(&trees, variables).map_err(tell)?;
    if world.is_complex() {
        return Err("complex numbers stand in it".to_owned());
    }
    let moving: Vec<usize> = variables.iter().filter_map(|name| world.named(name)).collect();
    let root = Root { part: 0, id: function.root };
    let question = Question::Equal(vec![root]);
    let oracle = Oracle { world: &world, question: &question, assumptions: &[], settings };
    let mut random = Random::new(absorb(settings.seed, 0x6368_6f72_6473));
    let (mut sizes, mut range): (Vec<Sizes>, Range) = (Vec::new(), Range::Middle);
    for round in 0..DRAWS {
        let edge = round % 5 == 4;
        let here = if edge && range == Range::Middle { Range::Edge } else { range };
        let draw = Draw::new(&world, &mut random, here, true);
        let at = usize::try_from(round).unwrap_or_default() % STYLES.len();
        let manner = Manner { style: STYLES[at], round };
        let mut context = Context::new(Book::standard(), settings.seed, settings.work);
        let found = oracle.at_one_point::<Tracked, _>(
            &draw,
            &mut random,
            manner,
            &mut context,
            |scene, random, context| {
                let near_zero = round % 2 == 1;
                let ends = Ends { root, moving: &moving, manner, near_zero };
                ends.look(scene, claim, random, context)
            },
        );
        match found {
            Ok(Look::Meets) => {
                sizes.push(draw.shown(&world));
                if sizes.len() >= ENOUGH {
                    break;
                }
            }
            Ok(Look::Misses) => {
                return Ok(Verdict::Refuted {
                    method: Method::Numeric,
                    sizes: draw.shown(&world),
                    difference: Difference::Claim(0),
                });
            }
            Ok(Look::Outside) | Err(Fault::Outside) => {}
            Err(Fault::Limit(_)) if range == Range::Middle => range = Range::Low,
            Err(fault) => return Err(tell(fault)),
        }
    }
    match sizes.len() {
        found if found >= WANTED => Ok(Verdict::Confirmed { sizes }),
        _ => Err("too few chords in the domain were found".to_owned()),
    }
}

/// What was seen at one point.
enum Look {
    Meets,
    Misses,
    Outside,
}

struct Ends<'a> {
    root: Root,
    moving: &'a [usize],
    manner: Manner,
    /// Whether what varies is drawn near zero, where what bounds the domain leaves room.
    near_zero: bool,
}

impl Ends<'_> {
    /// Looks at parts of the chord between two points with the same values of what stays.
    fn look(
        &self,
        scene: &Scene<'_, Tracked>,
        claim: Chords,
        random: &mut Random,
        context: &mut Context<'_>,
    ) -> Result<Look, Fault> {
        let inputs = scene.point.inputs.clone();
        let total = scene.point.values.len();
        let style = if self.near_zero { Style::Small } else { self.manner.style };
        let manner = Manner { style, ..self.manner };
        let mut draw = || -> Result<Point<Tracked>, Fault> {
            draw_point(scene.world, inputs.clone(), total, random, manner)
        };
        let (one, other) = (draw()?, draw()?);
        let mut seen = Look::Outside;
        for part in PARTS {
            let at = |share: f64, context: &mut Context<'_>| {
                let mut values = scene.point.values.clone();
                for quantity in self.moving {
                    let places = region(&scene.point.inputs[*quantity]);
                    for place in places {
                        let (from, to) = (one.values[place].value, other.values[place].value);
                        values[place] = Tracked::new(from + share * (to - from));
                    }
                }
                self.value(scene, values, context)
            };
            let Some(first) = at(0.0, context)? else { return Ok(Look::Outside) };
            let (Some(last), Some(middle)) = (at(part, context)?, at(part / 2.0, context)?) else {
                continue;
            };
            let rise = middle.value - (first.value + last.value) / 2.0;
            let noise = TOLERANCE * (first.scale + last.scale + middle.scale).max(1e-300);
            let misses = match claim {
                Chords::Above => rise > noise,
                Chords::Below => rise < -noise,
                Chords::On => rise.abs() > noise,
            };
            if misses {
                return Ok(Look::Misses);
            }
            seen = Look::Meets;
        }
        Ok(seen)
    }

    /// The value, if the point lies in the domain.
    fn value(
        &self,
        scene: &Scene<'_, Tracked>,
        values: Vec<Tracked>,
        context: &mut Context<'_>,
    ) -> Result<Option<Tracked>, Fault> {
        match scene.values_along(self.root.part, values, &[self.root.id], &[], context) {
            Ok(found) => {
                let value = found.first().and_then(|(_, value)| value.first().copied());
                Ok(value.filter(|it| it.value.is_finite() && it.scale.is_finite()))
            }
            Err(Fault::Outside) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}
