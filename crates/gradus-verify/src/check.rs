//! The checks: what is asked becomes a world and a question, and the oracles decide.
//!
//! Must not know how points are drawn or compared.

use gradus_elaborate::typed::{TypedId, TypedTree};

use crate::assumption::{Assumption, all_commute};
use crate::claim::{Claim, Claims, Expression, Form, Part, Settings};
use crate::field::Fault;
use crate::oracle::Oracle;
use crate::question::{Claimed, Derivative, Question, Root};
use crate::remainder::Remainder;
use crate::verdict::{Difference, Verdict};
use crate::world::World;

/// Above this number of claims it is not searched which one is wrong.
const SEARCHED: usize = 64;

/// Whether all sides have the same value.
#[must_use]
pub fn check_equal(sides: &[Expression<'_>], settings: &Settings) -> Verdict {
    check_equal_assuming(sides, &[], settings)
}

/// Whether all sides have the same value wherever the two sides of each assumption have. Assumptions
/// are equations of certain forms: a definition `A = …` of a variable, `A = A'`, `X*Y = Y*X`, `X*Y = eye`,
/// `A'*A = eye`, `P*P = P`, `x'*x = 1`, `x'*y = 0`; with others it is undecided.
#[must_use]
pub fn check_equal_assuming(
    sides: &[Expression<'_>],
    assumptions: &[[Expression<'_>; 2]],
    settings: &Settings,
) -> Verdict {
    check_equal_along(sides, assumptions, &[], settings)
}

/// The same where `d(…)` is along the differentials of these variables; if none are named, of those whose
/// differential occurs.
#[must_use]
pub fn check_equal_along(
    sides: &[Expression<'_>],
    assumptions: &[[Expression<'_>; 2]],
    varying: &[&str],
    settings: &Settings,
) -> Verdict {
    decide_equal(sides, assumptions, varying, settings).unwrap_or_else(undecided)
}

fn decide_equal(
    sides: &[Expression<'_>],
    assumptions: &[[Expression<'_>; 2]],
    varying: &[&str],
    settings: &Settings,
) -> Result<Verdict, Fault> {
    let mut trees = Trees::default();
    let roots: Vec<Root> = sides.iter().map(|side| trees.add(side.tree, side.root)).collect();
    let assumed: Vec<[Root; 2]> = assumptions
        .iter()
        .map(|equation| [0, 1].map(|side| trees.add(equation[side].tree, equation[side].root)))
        .collect();
    let world = World::new(&trees.trees, varying)?;
    let read = |[left, right]: [Root; 2]| Assumption::read(&world, left, right);
    let assumptions: Vec<Assumption> = assumed.into_iter().map(read).collect::<Result<_, _>>()?;
    all_commute(&assumptions)?;
    let moves = |assumption: &Assumption| assumption.moves_a_varying_one(&world);
    if world.parts.iter().any(|part| part.plan.has_differentials()) && assumptions.iter().any(moves)
    {
        return Err(Fault::Unsupported(
            "an assumption about a variable that varies under d(…)".to_owned(),
        ));
    }
    let question = Question::Equal(roots);
    let oracle = Oracle { world: &world, question: &question, assumptions: &assumptions, settings };
    Ok(oracle.decide())
}

/// Whether a claimed derivative is that of the function at the points where the two sides of each
/// assumption are equal, with assumptions as for [`check_equal_assuming`]. Along its direction the
/// derivative does not follow them: under `Y = X` it is by X alone.
#[must_use]
pub fn check_derivative_assuming(
    claims: &Claims<'_>,
    assumptions: &[[Expression<'_>; 2]],
    settings: &Settings,
) -> Verdict {
    decide_derivative(claims, &[], assumptions, settings).unwrap_or_else(undecided)
}

/// Whether claimed derivatives are the derivatives of the function.
#[must_use]
pub fn check_derivative(claims: &Claims<'_>, settings: &Settings) -> Verdict {
    check_derivative_at(claims, &[], settings)
}

/// Whether claimed derivatives are the derivatives of the function where some variables have the given
/// values, which may depend on variables. Where the function is seen to have no derivative there, it is
/// undecided.
#[must_use]
pub fn check_derivative_at(
    claims: &Claims<'_>,
    points: &[(String, Expression<'_>)],
    settings: &Settings,
) -> Verdict {
    if claims.claims.is_empty() {
        return Verdict::Undecided { reason: "nothing is claimed".to_owned() };
    }
    let higher: Vec<usize> = claims.claims.iter().map(|claim| claim.wrt.len()).collect();
    let together = matches!(claims.form, Form::Differential | Form::Stacked(_))
        || higher.iter().all(|order| *order == higher[0]);
    if !together || repeats(claims) {
        return one_by_one(claims, points, settings);
    }
    let verdict = check_together(claims, points, settings);
    match verdict {
        Verdict::Refuted { difference: Difference::Claims, .. }
            if claims.claims.len() <= SEARCHED =>
        {
            let single = one_by_one(claims, points, settings);
            // The claims may be wrong only together, if that is all the oracle could see.
            if single.is_refuted() { single } else { verdict }
        }
        verdict => verdict,
    }
}

/// Whether two first derivatives are by the same variable, or one is a part of a derivative: then they
/// are no parts of one differential.
fn repeats(claims: &Claims<'_>) -> bool {
    if matches!(claims.form, Form::Differential | Form::Stacked(_)) {
        return false;
    }
    if claims.claims.iter().any(|claim| claim.parts.iter().any(|part| *part != Part::Whole)) {
        return true;
    }
    let mut names: Vec<&Vec<String>> = claims.claims.iter().map(|claim| &claim.wrt).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// The first verdict that is not good, else the verdict on the last claim.
fn one_by_one(
    claims: &Claims<'_>,
    points: &[(String, Expression<'_>)],
    settings: &Settings,
) -> Verdict {
    let mut last = Verdict::Undecided { reason: "nothing is claimed".to_owned() };
    let mut undecided = None;
    for (position, claim) in claims.claims.iter().enumerate() {
        let verdict = check_together(
            &Claims { claims: std::slice::from_ref(claim), ..*claims },
            points,
            settings,
        );
        match verdict {
            Verdict::Refuted { method, sizes, difference } => {
                return Verdict::Refuted {
                    method,
                    sizes,
                    difference: renumber(difference, position),
                };
            }
            Verdict::Undecided { .. } => undecided = undecided.or(Some(verdict)),
            // What is only confirmed for one claim is only confirmed for all.
            verdict => {
                if !matches!(last, Verdict::Confirmed { .. }) {
                    last = verdict;
                }
            }
        }
    }
    undecided.unwrap_or(last)
}

fn renumber(difference: Difference, claim: usize) -> Difference {
    match difference {
        Difference::ClaimShape { found, expected, .. } => {
            Difference::ClaimShape { claim, found, expected }
        }
        _ => Difference::Claim(claim),
    }
}

fn check_together(
    claims: &Claims<'_>,
    points: &[(String, Expression<'_>)],
    settings: &Settings,
) -> Verdict {
    decide_derivative(claims, points, &[], settings).unwrap_or_else(undecided)
}

fn decide_derivative(
    claims: &Claims<'_>,
    points: &[(String, Expression<'_>)],
    assumptions: &[[Expression<'_>; 2]],
    settings: &Settings,
) -> Result<Verdict, Fault> {
    with_derivative(claims, points, assumptions, |world, derivative, assumptions| {
        let question = Question::Derivative(derivative);
        Oracle { world, question: &question, assumptions, settings }.decide()
    })
}

/// How the remainder `F(X + h*D) − F(X) − h*dF[D]` falls with the step `h` at a random point, where
/// `dF` is what the claims assign to a random direction `D`: of right claims like the square of `h`.
///
/// # Errors
/// A clause in the user's terms: no point is found at which all is finite, a form or an order that
/// cannot be evaluated, too large a computation.
pub fn remainder(
    claims: &Claims<'_>,
    points: &[(String, Expression<'_>)],
    settings: &Settings,
) -> Result<Remainder, String> {
    let found = with_derivative(claims, points, &[], |world, derivative, _| {
        Remainder::of(world, &derivative, settings)
    });
    found.and_then(|found| found).map_err(tell)
}

/// Reads claims into a question.
fn with_derivative<T>(
    claims: &Claims<'_>,
    points: &[(String, Expression<'_>)],
    assumptions: &[[Expression<'_>; 2]],
    then: impl FnOnce(&World<'_>, Derivative, &[Assumption]) -> T,
) -> Result<T, Fault> {
    let mut trees = Trees::default();
    let function = trees.add(claims.function.tree, claims.function.root);
    let mut part = function.part;
    for claim in claims.claims {
        part = trees.add(claims.tree, claim.root).part;
    }
    let values: Vec<Root> =
        points.iter().map(|(_, value)| trees.add(value.tree, value.root)).collect();
    let assumed: Vec<[Root; 2]> = assumptions
        .iter()
        .map(|equation| [0, 1].map(|side| trees.add(equation[side].tree, equation[side].root)))
        .collect();
    let named = claims.claims.iter().flat_map(|claim| &claim.wrt);
    let named = named.chain(points.iter().map(|(name, _)| name));
    let wanted: Vec<&str> = named.map(String::as_str).collect();
    let world = World::new(&trees.trees, &wanted)?;
    let read = |[left, right]: [Root; 2]| Assumption::read(&world, left, right);
    let assumptions: Vec<Assumption> = assumed.into_iter().map(read).collect::<Result<_, _>>()?;
    all_commute(&assumptions)?;
    all_commute(&assumptions)?;
    let resolve = |claim: &Claim| Claimed::resolve(&world, claim);
    let resolved: Result<Vec<Claimed>, Fault> = claims.claims.iter().map(resolve).collect();
    let order = match claims.form {
        Form::Differential => usize::from(claims.order),
        Form::Stacked(_) => 1,
        Form::Array(_) | Form::LinearMap(_) => {
            claims.claims.first().map_or(0, |claim| claim.wrt.len())
        }
    };
    let is_array = matches!(claims.form, Form::Array(_) | Form::Stacked(_));
    let has_differentials = |root: Root| world.parts[root.part].plan.differentials(root.id) > 0;
    if has_differentials(function)
        || is_array
            && claims.claims.iter().any(|claim| has_differentials(Root { part, id: claim.root }))
    {
        return Err(Fault::Unsupported("d(…) stands where no differential can stand".to_owned()));
    }
    let derivative = Derivative {
        function,
        part,
        claims: resolved?,
        form: claims.form,
        stacking: claims.stacking,
        convention: claims.convention,
        order,
        points: points
            .iter()
            .zip(values)
            .filter_map(|((name, _), value)| Some((world.named(name)?, value)))
            .collect(),
        step: None,
    };
    Ok(then(&world, derivative, &assumptions))
}

/// The trees that are asked about, each once, with what is evaluated of them.
#[derive(Default)]
struct Trees<'a> {
    trees: Vec<(&'a TypedTree, Vec<TypedId>)>,
}

impl<'a> Trees<'a> {
    fn add(&mut self, tree: &'a TypedTree, id: TypedId) -> Root {
        let known = self.trees.iter().position(|(other, _)| std::ptr::eq(*other, tree));
        let part = known.unwrap_or_else(|| {
            self.trees.push((tree, Vec::new()));
            self.trees.len() - 1
        });
        self.trees[part].1.push(id);
        Root { part, id }
    }
}

fn undecided(fault: Fault) -> Verdict {
    Verdict::Undecided { reason: tell(fault) }
}

fn tell(fault: Fault) -> String {
    match fault {
        Fault::Outside => "the domain is empty".to_owned(),
        Fault::Limit(what) => format!("{what} exceeds the limit"),
        Fault::Unsupported(what) => what,
    }
}
