//! Each side of each equation of a derivation against the side before it.
//!
//! Must not know how the text is read.

use std::ops::Range;

use gradus_claims::{
    Derivative, Diagnosis, Equal, Judgement, Mistake, Place, Question, Target, judge, sized,
};
use gradus_diagnostics::{Diagnostic, Span};
use gradus_elaborate::Program;
use gradus_elaborate::typed::TypedId;

use super::context::{Context, differentiated, names_in, read, varied};
use super::format::Part;
use super::symbols::{Symbol, written};
use super::{brackets, shapes};
use crate::claim::{convention_of, stacking_of};
use crate::failure::{Failure, Result};
use crate::reading::announcement;
use crate::request::{Layout, Request};
use crate::verification::{Verdict, Verification};
use crate::verify;

/// A derivation that was checked.
#[derive(Clone, Debug)]
pub struct CheckedLines {
    /// The text as written.
    pub text: String,
    /// How the names were read that were not fully declared.
    pub reading: String,
    /// The steps in order.
    pub steps: Vec<CheckedStep>,
    /// How many lines were taken for prose.
    pub prose: usize,
}

/// One step: a side of an equation against the side before it.
#[derive(Clone, Debug)]
pub struct CheckedStep {
    /// The number of the line, counted from 1.
    pub line: usize,
    /// Where the side stands.
    pub place: Span,
    /// The side before it, as written.
    pub left: String,
    /// The side, as written.
    pub right: String,
    /// Whether they are equal. A side whose parts do not fit together is refuted.
    pub verification: Verification,
    /// What is wrong; places in the claim are places in the text.
    pub(crate) judgement: Judgement,
    /// Whether it is right only as what follows from the mistake before.
    pub follows: bool,
    /// Gradus' own derivative, where one is claimed.
    pub(crate) answer: Option<String>,
}

impl CheckedStep {
    /// What is wrong with a wrong step, the most specific first.
    #[must_use]
    pub fn diagnoses(&self) -> &[Diagnosis] {
        &self.judgement.diagnoses
    }

    /// Whether the step is wrong.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.verification.verdict == Verdict::Refuted
    }
}

impl CheckedLines {
    /// The steps that are wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &CheckedStep> {
        self.steps.iter().filter(|step| step.is_wrong())
    }

    /// The verdict on all steps together: the worst.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let any = |verdict| self.steps.iter().any(|step| step.verification.verdict == verdict);
        match () {
            () if any(Verdict::Refuted) => Verdict::Refuted,
            () if any(Verdict::Undecided) => Verdict::Undecided,
            () if any(Verdict::Confirmed) => Verdict::Confirmed,
            () => Verdict::Proved,
        }
    }
}

/// Checks a derivation, the program of the request, line by line.
///
/// # Errors
/// Something is wrong with its definitions or names, or it holds no equation. Sides whose shapes do not fit
/// are wrong steps.
pub fn check_lines(request: &Request) -> Result<CheckedLines> {
    let context = Context::read(request)?;
    let mut checker = Checker::new(request, &context)?;
    let mut steps = Vec::new();
    for part in &context.parts.parts {
        if let Part::Shape { sign, kind } = part {
            steps.push(checker.shape(sign, kind)?);
            continue;
        }
        let Part::Equation(sides) = part else { continue };
        if checker.is_hypothesis(sides) {
            continue;
        }
        let first = usize::from(checker.defines(sides));
        if first + 1 < sides.len() {
            checker.chain(&sides[first..], &mut steps)?;
        }
    }
    if steps.is_empty() {
        let error =
            Diagnostic::bad_input("program", "the text has no equation that could be checked");
        let error = error.hint("an equation of known things: f = x'*x; df = 2*x'*dx");
        return Err(Failure::new(error, ""));
    }
    Ok(CheckedLines {
        text: request.program.clone(),
        reading: announcement(&context.program),
        steps,
        prose: context.parts.prose,
    })
}

struct Checker<'c> {
    request: &'c Request,
    context: &'c Context<'c>,
    /// The program of the context with the nodes of the assumptions.
    program: Program,
    varying: Vec<String>,
    assumptions: Vec<[TypedId; 2]>,
    seen: Vec<String>,
}

impl<'c> Checker<'c> {
    fn new(request: &'c Request, context: &'c Context<'c>) -> Result<Self> {
        let mut checker = Self {
            request,
            context,
            program: context.program.clone(),
            varying: Vec::new(),
            assumptions: Vec::new(),
            seen: Vec::new(),
        };
        checker.find_varying();
        checker.take_hypotheses()?;
        Ok(checker)
    }

    fn text(&self, side: &Range<usize>) -> &'c str {
        &self.context.text[side.clone()]
    }

    fn equations(&self) -> impl Iterator<Item = &'c Vec<Range<usize>>> + use<'c> {
        self.context.parts.parts.iter().filter_map(Part::sides)
    }

    fn is_variable(&self, name: &str) -> bool {
        let variable = self.program.tree.variable_named(name);
        variable.is_some_and(|id| self.program.tree.variable(id).differential_of.is_none())
    }

    /// The variables of which differentials stand in the text. Of what is differentiated where there are
    /// none, those by which derivatives are taken, and if there are none either, all variables.
    fn find_varying(&mut self) {
        let names = self.context.names();
        let constants: Vec<&str> =
            self.equations().filter_map(|sides| self.constant(sides)).collect();
        let (mut found, mut subjects) = (Vec::new(), Vec::new());
        for side in self.equations().flatten() {
            let text = self.text(side);
            let written = varied(text, &names);
            let bound = written.iter().filter(|name| self.context.defined.contains(name));
            subjects.extend(bound.filter_map(|name| self.context.expression(name, None)));
            subjects.extend(differentiated(text, &names));
            found.extend(written);
        }
        found.retain(|name| self.is_variable(name));
        let signs: Vec<&String> = self.context.symbols.iter().map(|symbol| &symbol.by).collect();
        for subject in subjects {
            let own = names_in(&subject)
                .into_iter()
                .filter(|name| self.is_variable(name) && !constants.contains(&name.as_str()));
            let own: Vec<String> = own.collect();
            if own.iter().any(|name| found.contains(name)) {
                continue;
            }
            let by_signs = own.iter().any(|name| signs.contains(&name));
            found.extend(own.into_iter().filter(|name| !by_signs || signs.contains(&name)));
        }
        for name in found {
            if !self.varying.contains(&name) {
                self.varying.push(name);
            }
        }
    }

    /// The variable of which an equation says that it is constant: `dA = 0`.
    fn constant(&self, sides: &[Range<usize>]) -> Option<&'c str> {
        let [left, right] = sides else { return None };
        let name = self.text(left).strip_prefix('d')?;
        (self.text(right) == "0" && self.is_variable(name)).then_some(name)
    }

    /// Whether an equation is assumed: that a variable is constant, or that a derivative is zero.
    fn is_hypothesis(&self, sides: &[Range<usize>]) -> bool {
        self.constant(sides).is_some() || self.condition(sides).is_some()
    }

    /// The sign of a derivative that an equation sets to zero: a condition, no identity.
    fn condition(&self, sides: &[Range<usize>]) -> Option<&'c Symbol> {
        let [left, right] = sides else { return None };
        let name = self.text(left);
        let sign = self.context.symbols.iter().find(|symbol| symbol.name == name)?;
        (self.text(right) == "0").then_some(sign)
    }

    fn take_hypotheses(&mut self) -> Result<()> {
        let constants: Vec<&str> =
            self.equations().filter_map(|sides| self.constant(sides)).collect();
        let own = constants.iter().map(|name| (format!("d{name}"), format!("0*{name}")));
        let given = self.request.assumptions.iter().filter_map(|text| {
            text.split_once('=').map(|(left, right)| (left.to_owned(), right.to_owned()))
        });
        for (left, right) in own.chain(given).collect::<Vec<_>>() {
            let mut roots = Vec::new();
            for side in [&left, &right] {
                let (program, root) =
                    read(&self.program, side).map_err(|error| Failure::new(*error, side))?;
                self.program = program;
                roots.push(root);
            }
            self.assumptions.push([roots[0], roots[1]]);
        }
        Ok(())
    }

    /// Whether an equation begins with the definition of a name.
    fn defines(&mut self, sides: &[Range<usize>]) -> bool {
        let Some(left) = sides.first() else { return false };
        let name = self.text(left).to_owned();
        let first = self.context.defined.contains(&name) && !self.seen.contains(&name);
        self.seen.push(name);
        first
    }

    /// The steps of a chain. Every side is compared with the last one that was right. One that only follows
    /// from a mistake before is no further mistake.
    fn chain(&self, sides: &[Range<usize>], steps: &mut Vec<CheckedStep>) -> Result<()> {
        let mut right = 0;
        for at in 1..sides.len() {
            let Some(mut step) = self.step(&sides[right], &sides[at], right == 0)? else {
                return Ok(());
            };
            if !step.is_wrong() {
                right = at;
            } else if right + 1 < at
                && let Some(after) = self.step(&sides[at - 1], &sides[at], false)?
                && !after.is_wrong()
            {
                step.verification = after.verification;
                step.judgement = after.judgement;
                step.follows = true;
            }
            let is_hopeless = step.place == Span::new(sides[right].start, sides[right].end);
            steps.push(step);
            if is_hopeless && steps.last().is_some_and(CheckedStep::is_wrong) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// One step; nothing where the side before it cannot be read, which is told where it stands.
    fn step(
        &self,
        left: &Range<usize>,
        right: &Range<usize>,
        is_first: bool,
    ) -> Result<Option<CheckedStep>> {
        let text = self.text(left);
        let (program, node) = match read(&self.program, text) {
            Ok(read) => read,
            Err(error) if error.code != "shape" => return Err(self.failure(*error, left)),
            Err(_) if !is_first => return Ok(None),
            Err(error) => return Ok(Some(self.unread(left, left, *error))),
        };
        if let Err(error) = read(&program, self.text(right))
            && error.code != "shape"
        {
            return match brackets::unbalanced(self.text(right)) {
                Some(diagnosis) if error.code == "syntax" => {
                    let judgement = Judgement::of_text(vec![diagnosis]);
                    Ok(Some(self.told(left, right, judgement, None)))
                }
                _ => Err(self.failure(*error, right)),
            };
        }
        let (program, target, function, expected) = self.asked(program, node, text);
        let question = Question {
            program: &program,
            text: &function,
            target: &target,
            claim: self.text(right),
            expected: Some(&expected),
        };
        let mut judgement = judge(question);
        if judgement.is_false()
            && let Some(claim) = sized(question)
        {
            // Only where it is right: the places of a wrong one are those of the text.
            let with_sizes = judge(Question { claim: &claim, ..question });
            if !with_sizes.is_false() {
                judgement = with_sizes;
            }
        }
        let answer = match &target {
            Target::Derivative(_) => Some(expected),
            Target::Value(_) => None,
        };
        Ok(Some(self.told(left, right, judgement, answer)))
    }

    /// What the side should be: the derivative that the side before it is the sign of, or equal to it. With the
    /// text of the function and of something right to compare with.
    fn asked(
        &self,
        mut program: Program,
        node: TypedId,
        left: &str,
    ) -> (Program, Target, String, String) {
        let sign = self.context.symbols.iter().position(|symbol| symbol.name == left);
        if let Some(at) = sign {
            let (symbol, answer) = (&self.context.symbols[at], &self.context.answers[at]);
            let bound = program.bindings.iter().rev().find(|(name, _)| *name == symbol.of);
            if self.is_variable(&symbol.by)
                && let Some((_, function)) = bound
                && let Some(text) = self.context.expression(&symbol.of, None)
            {
                program.results = vec![*function];
                let target = Target::Derivative(Derivative {
                    wrt: vec![symbol.by.clone(); symbol.order as usize],
                    layout: verify::layout(self.context.layout_of(symbol)),
                    stacking: stacking_of(self.request.stacking),
                    convention: convention_of(self.request.convention),
                    parts: Vec::new(),
                });
                return (program, target, text, answer.clone());
            }
        }
        let expected = left
            .strip_prefix('d')
            .filter(|name| self.context.defined.iter().any(|defined| defined == name))
            .and_then(|name| self.context.differential_of(name, &self.varying));
        let target = Target::Value(Equal {
            node,
            varying: self.varying.clone(),
            assumptions: self.assumptions.clone(),
        });
        let expected = match (expected, sign) {
            (Some(expected), _) => expected,
            (None, Some(at)) => self.context.answers[at].clone(),
            (None, None) => left.to_owned(),
        };
        (program, target, String::new(), expected)
    }

    /// What a line says of the shape of a derivative.
    fn shape(&self, sign: &Range<usize>, kind: &Range<usize>) -> Result<CheckedStep> {
        let name = self.text(sign);
        let at = self.context.symbols.iter().position(|symbol| symbol.name == name);
        let Some(at) = at else {
            let error = Diagnostic::bad_input("name", "this is no sign of a derivative");
            let error = error.label(Span::new(0, sign.len()), "here");
            return Err(self.failure(error.hint("∂f/∂x of defined names"), sign));
        };
        let claimed = shapes::formula(self.text(kind));
        let (program, claim) =
            read(&self.program, &claimed).map_err(|error| self.failure(*error, kind))?;
        let shape_in = |answer: &str| {
            let (program, answer) = read(&program, answer).ok()?;
            let shape = program.tree.shape(answer);
            Some((shape, shapes::text(&program.tree, shape)))
        };
        let found = program.tree.shape(claim);
        let expected = shape_in(&self.context.answers[at]);
        let mut judgement = Judgement::of_text(Vec::new());
        let mut answer = None;
        if let Some((expected, instead)) = expected
            && expected != found
        {
            let layouts = [Layout::Numerator, Layout::Denominator, Layout::Mixed];
            let mut others = layouts.into_iter().filter(|layout| *layout != self.context.layout);
            let other = others.find(|layout| {
                let other = self.context.answer_in(at, *layout).ok();
                other.and_then(|other| shape_in(&other)).is_some_and(|(shape, _)| shape == found)
            });
            let mistake =
                other.map_or(Mistake::Shape, |layout| Mistake::OtherLayout(verify::layout(layout)));
            judgement.diagnoses.push(Diagnosis {
                mistake,
                place: None,
                also: Vec::new(),
                found: shapes::text(&program.tree, found),
                instead,
                repaired: shapes::kind(&program.tree, expected),
            });
            answer = Some(self.context.answers[at].clone());
        }
        let mut step = self.told(sign, kind, judgement, answer);
        if !step.is_wrong() {
            step.verification.verdict = Verdict::Proved;
            step.verification.method = Some("exact");
            step.verification.reason.clear();
        }
        Ok(step)
    }

    /// A step of which one side cannot be read.
    fn unread(&self, left: &Range<usize>, right: &Range<usize>, error: Diagnostic) -> CheckedStep {
        let judgement = Judgement::unread(error);
        self.told(left, right, judgement, None)
    }

    fn told(
        &self,
        left: &Range<usize>,
        right: &Range<usize>,
        mut judgement: Judgement,
        answer: Option<String>,
    ) -> CheckedStep {
        let mut verification = Verification::from(&judgement.verdict);
        if judgement.is_false() || !judgement.diagnoses.is_empty() {
            verification.verdict = Verdict::Refuted;
        }
        let moved = |span: Span| {
            Span::new(span.start as usize + right.start, span.end as usize + right.start)
        };
        let symbols = &self.context.symbols;
        for diagnosis in &mut judgement.diagnoses {
            let place = |place: Place| match place {
                Place::Claim(span) => Some(Place::Claim(moved(span))),
                Place::Program(_) => None,
            };
            diagnosis.place = diagnosis.place.and_then(place);
            diagnosis.also = diagnosis.also.iter().copied().filter_map(place).collect();
            for text in [&mut diagnosis.found, &mut diagnosis.instead, &mut diagnosis.repaired] {
                *text = written(text, symbols);
            }
        }
        if let Some(error) = &mut judgement.unread {
            error.message = written(&error.message, symbols);
            for label in &mut error.labels {
                label.span = moved(label.span);
                label.text = written(&label.text, symbols);
            }
        }
        let original = &self.request.program;
        CheckedStep {
            line: original[..right.start].matches('\n').count() + 1,
            place: Span::new(right.start, right.end),
            left: original[left.clone()].to_owned(),
            right: original[right.clone()].to_owned(),
            verification,
            judgement,
            follows: false,
            answer: answer.map(|answer| {
                format!("{} = {}", &original[left.clone()], written(&answer, symbols))
            }),
        }
    }

    /// A message about a side, with its places in the text.
    fn failure(&self, mut error: Diagnostic, side: &Range<usize>) -> Failure {
        for label in &mut error.labels {
            label.span.start += u32::try_from(side.start).unwrap_or(u32::MAX);
            label.span.end += u32::try_from(side.start).unwrap_or(u32::MAX);
        }
        if error.code == "syntax" {
            error = error.hint("a line of prose with `=` begins with #");
        }
        Failure::new(error, &self.request.program)
    }
}
