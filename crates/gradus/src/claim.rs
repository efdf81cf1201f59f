//! Answers of other people: whether a claimed derivative is right, and what is wrong with it.
//!
//! Must not know how mistakes are found.

use gradus_claims::{Derivative, Judgement, Question, Target, judge, sized};
use gradus_diagnostics::Diagnostic;
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::parse_with;
use gradus_tensor::DimensionId;

use crate::derive::{diff, written_layout};
use crate::failure::{Failure, Result};
use crate::note::Note;
use crate::reading::{announcement, notes, program};
use crate::request::{Convention, Layout, Order, Output, Request, Stacking};
use crate::text::Texts;
use crate::variables::choose;
use crate::verification::{Verdict, Verification};
use crate::verify;

/// A claim that was judged.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The claim as written.
    pub claim: String,
    /// The program as written.
    pub program: String,
    /// The layout asked for.
    pub layout: Layout,
    /// How the names were read that were not fully declared.
    pub reading: String,
    /// Hints.
    pub notes: Vec<Note>,
    /// Whether it is right. A claim whose parts do not fit together is refuted.
    pub verification: Verification,
    /// What is wrong with it.
    pub(crate) judgement: Judgement,
    /// Gradus' own answer as text and as source; nothing if there is none.
    pub(crate) answer: Option<[String; 2]>,
}

/// Checks a claim `EXPR2` about the derivative of a program by one variable. A claim `dX -> …` is taken for
/// the linear map of the derivative, and an expression in `dX` for the differential.
///
/// # Errors
/// Something is wrong with the program, or with the words of the claim. Where only the shapes in the
/// claim do not fit, the claim is false.
pub fn check_claim(request: &Request, claim: &str) -> Result<Claimed> {
    let texts = Texts::of_program(request)?;
    let alone = program(&texts);
    let names: Vec<&str> = match &alone {
        Ok(program) => program.tree.variables.iter().map(|own| own.name.as_str()).collect(),
        Err(_) => Vec::new(),
    };
    let (tree, _) = parse_with(claim, &names).into_result().map_err(Failure::of(claim))?;
    let source = Source::new(claim, &tree);
    let read = read_together(&texts, alone, &source)?;
    let asked = asked(request, &texts, &read)?;
    let answer = own_answer(request, &asked);
    let target = Target::Derivative(asked);
    let expected = answer.as_ref().map(|[_, source]| source.as_str());
    let question =
        Question { program: &read, text: &request.program, target: &target, claim, expected };
    // An identity without a size has that of the derivative.
    let sized = sized(question);
    let claim = sized.as_deref().unwrap_or(claim);
    let judgement = judge(Question { claim, ..question });
    if let Some(error) = judgement.unread.as_ref().filter(|error| error.code != "shape") {
        return Err(Failure::new(error.clone(), claim));
    }
    let mut verification = Verification::from(&judgement.verdict);
    if judgement.is_false() {
        verification.verdict = Verdict::Refuted;
    }
    Ok(Claimed {
        claim: claim.to_owned(),
        program: request.program.clone(),
        layout: request.layout,
        reading: announcement(&read),
        notes: notes(&texts, &read),
        verification,
        judgement,
        answer,
    })
}

/// The program, whose names are read together with those of the claim where it alone does not tell. The
/// claim has no say in the kinds and sizes that the program alone tells.
fn read_together(texts: &Texts, alone: Result<Program>, claim: &Source<'_>) -> Result<Program> {
    match &alone {
        Ok(program) => match program.clone().read_back(claim) {
            Err(error) if error.code == "name" => {}
            _ => return alone,
        },
        Err(error) if error.diagnostic.code == "syntax" => return alone,
        Err(_) => {}
    }
    match (together(texts, claim), alone) {
        (Ok(joint), Ok(alone)) if sizes(&joint, &alone) != sizes(&alone, &alone) => Ok(alone),
        (Ok(joint), _) => Ok(joint),
        (Err(_), alone) => alone,
    }
}

/// The sizes of the variables of a program as they are in another one: numbers, and which are the same.
fn sizes(program: &Program, of: &Program) -> Vec<Option<usize>> {
    let mut seen: Vec<DimensionId> = Vec::new();
    let mut found = Vec::new();
    for variable in &of.tree.variables {
        let Some(id) = program.tree.variable_named(&variable.name) else { continue };
        let own = program.tree.variable(id);
        for size in own.family.iter().chain([&own.shape.rows, &own.shape.columns]) {
            if program.tree.dimensions.as_number(*size).is_some() {
                found.push(program.tree.dimensions.evaluate(*size, &[]).map(|size| size as usize));
                continue;
            }
            let known = seen.iter().position(|other| other == size);
            found.push(Some(usize::MAX - known.unwrap_or(seen.len())));
            if known.is_none() {
                seen.push(*size);
            }
        }
    }
    found
}

fn together(texts: &Texts, claim: &Source<'_>) -> Result<Program> {
    let declarations = texts.declarations();
    let program = texts.program();
    let end = u32::try_from(program.text.len()).unwrap_or(u32::MAX).saturating_add(1);
    let claim = Source { offset: end, ..*claim };
    let options = Options { declarations: &declarations, same_shape: false };
    elaborate(&[program, claim], &options)
        .and_then(crate::reading::with_values)
        .map_err(|error| texts.failure(error))
}

/// Which derivative is claimed.
fn asked(request: &Request, texts: &Texts, program: &Program) -> Result<Derivative> {
    let choice = choose(request, texts, program)?;
    let [variable] = choice.wanted.as_slice() else {
        let message = "a claim is about the derivative by one variable";
        let error = Diagnostic::bad_input("input", message).hint("name it with --wrt");
        return Err(texts.failure(error.into()));
    };
    let Order(order @ 1..=16) = request.order else {
        let error = Diagnostic::bad_input("input", "the order of a derivative is from 1 to 16");
        return Err(texts.failure(error.into()));
    };
    let scalar = program.results.first().is_some_and(|id| program.tree.shape(*id).is_scalar());
    let name = program.tree.variable(*variable).name.clone();
    Ok(Derivative {
        wrt: vec![name; order as usize],
        layout: verify::layout(written_layout(request.layout, order, scalar)),
        stacking: stacking_of(request.stacking),
        convention: convention_of(request.convention),
        parts: Vec::new(),
    })
}

pub(crate) fn stacking_of(stacking: Stacking) -> gradus_verify::Stacking {
    match stacking {
        Stacking::Columns => gradus_verify::Stacking::Columns,
        Stacking::Rows => gradus_verify::Stacking::Rows,
    }
}

pub(crate) fn convention_of(convention: Convention) -> gradus_verify::Convention {
    match convention {
        Convention::Projected => gradus_verify::Convention::Projected,
        Convention::Entries => gradus_verify::Convention::Entries,
    }
}

/// Gradus' own answer as text and as source, if there is one.
fn own_answer(request: &Request, asked: &Derivative) -> Option<[String; 2]> {
    let mut request = request.clone().main_form();
    request.variables = asked.wrt.first().cloned().into_iter().collect();
    let answer = diff(&request).ok()?;
    let verified = answer.verification().verdict.is_verified();
    let text = answer.print(Output::Text).ok()?;
    let source = answer.print(Output::Source).ok()?;
    verified.then_some([text, source])
}
