//! From the words of the command line to an exit code.
//!
//! Must not know how answers are found.

use std::ffi::OsString;
use std::io::{BufRead, stdin};
use std::path::Path;

use clap::CommandFactory;
use gradus::{
    Convention, Detail, Forms, Language, Layout, Order, Output, Request, Stacking, Verdict,
    Verification, Verify, remarks,
};

use crate::arguments::{
    self, Arguments, Check, Claimed, Command, Convexity, Diff, Differential, Shown, Steps, Subject,
    Told,
};
use crate::output::Streams;
use crate::{
    ANSWERED, BAD_INPUT, FALSE, INTERNAL, UNDECIDED, explain, input, minimize, mistakes, plot,
    show, solve, value, words,
};

/// Reads the command line, does what it asks for, and gives the exit code.
pub(crate) fn run(words: Vec<OsString>) -> u8 {
    let streams = Streams::new();
    let words = match words::as_text(words) {
        Ok(words) => words::with_expression_last(words, &Arguments::command()),
        Err(message) => return bad_input(streams, &message),
    };
    match arguments::parse(&words) {
        Ok(arguments) => command(arguments.command, streams),
        Err(report) => usage(&mistakes::with_tip(report, &words, &Arguments::command())),
    }
}

fn command(command: Command, streams: Streams) -> u8 {
    let outcome = match command {
        Command::Diff(asked) => diff(&asked, streams),
        Command::Differential(asked) => differential(&asked, streams),
        Command::Check(asked) => check(&asked, streams),
        Command::Value(asked) => value::value(&asked, streams),
        Command::Solve(asked) => solve::solve(&asked, streams),
        Command::Convexity(asked) => convexity(&asked, streams),
        Command::Minimize(asked) => minimize::minimize(&asked, streams),
        Command::Batch => batch(streams),
        Command::Functions(asked) => show::functions(asked.name.as_deref(), streams),
        Command::Explain(asked) => {
            explain::explain(&asked, output(asked.emit), language(asked.language), streams)
        }
        Command::Completions(asked) => completions(asked.shell, streams),
    };
    outcome.unwrap_or_else(|message| bad_input(streams, &message))
}

/// Help and versions go to standard output, mistakes to standard error; clap knows which is which.
fn usage(report: &clap::Error) -> u8 {
    // Nobody is left to be told where the stream is closed.
    let _ = report.print();
    u8::try_from(report.exit_code()).unwrap_or(BAD_INPUT)
}

fn bad_input(streams: Streams, message: &str) -> u8 {
    streams.complain(&format!("error[input]: {message}"));
    BAD_INPUT
}

fn diff(asked: &Diff, streams: Streams) -> Result<u8, String> {
    let mut request = request(&asked.subject)?;
    request.variables.clone_from(&asked.variables);
    request.points.clone_from(&asked.points);
    request.order = Order(asked.order);
    request.layout = layout(asked.layout);
    request.stacking = stacking(asked.stacking);
    request.convention = convention(asked.convention);
    let wanted = output(asked.shown.emit);
    if matches!(wanted, Output::Numpy | Output::Index) {
        request.verification = Verify::OnPrint;
    }
    request.forms = forms(wanted);
    request.times.clone_from(&asked.times);
    request.stack = asked.stack;
    if let Some(path) = &asked.plot {
        plot::Format::of(path)?;
    }
    let (found, picture) = (gradus::diff(&request), asked.plot.as_deref());
    if asked.steps.steps {
        return steps(found, &asked.steps, &asked.shown, picture, streams);
    }
    answer(found, &asked.shown, picture, streams)
}

/// Shows an answer with its steps.
fn steps(
    found: gradus::Result<gradus::Answer>,
    asked: &Steps,
    shown: &Shown,
    picture: Option<&Path>,
    streams: Streams,
) -> Result<u8, String> {
    let detail = match asked.detail {
        arguments::Detail::Brief => Detail::Brief,
        arguments::Detail::Normal => Detail::Normal,
        arguments::Detail::Full => Detail::Full,
    };
    let language = language(asked.language);
    let told = found.and_then(|answer| {
        let defined = match asked.method {
            arguments::Method::Definition => Some(answer.definition(language)?),
            arguments::Method::Rules => None,
        };
        let (text, mut verification) = match output(shown.emit) {
            Output::Text => {
                let (mut sections, verification) = answer.steps(detail, language)?;
                if let Some((before, _)) = &defined {
                    sections.splice(0..0, before.iter().cloned());
                }
                (show::steps(&sections, streams), verification)
            }
            output if defined.is_some() => {
                let standalone = asked.standalone;
                answer.print_steps_from_definition(detail, language, output, standalone)?
            }
            output => answer.print_steps(detail, language, output, asked.standalone)?,
        };
        if let Some((_, verdict)) = defined
            && !verdict.verdict.is_verified()
        {
            verification = verdict;
        }
        Ok((text, verification, answer))
    });
    let (text, verification, answer) = match told {
        Ok(told) => told,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    given(&answer, &text, &verification, shown, (picture, language), streams)
}

/// Shows what was made of an answer, with all that is said beside it.
fn given(
    answer: &gradus::Answer,
    text: &str,
    verification: &Verification,
    shown: &Shown,
    (picture, language): (Option<&Path>, Language),
    streams: Streams,
) -> Result<u8, String> {
    show::before(answer, language, streams);
    streams.answer(text)?;
    show::conditions(answer.conditions(), language, streams);
    show::verification(verification, language, streams);
    if let Some(code) = drawn(answer, picture, streams)? {
        return Ok(code);
    }
    let is_open = !verification.verdict.is_verified();
    Ok(if is_open && shown.strict { UNDECIDED } else { ANSWERED })
}

/// Draws the picture that was asked for; gives the exit code if it cannot be drawn.
fn drawn(
    answer: &gradus::Answer,
    picture: Option<&Path>,
    streams: Streams,
) -> Result<Option<u8>, String> {
    let Some(path) = picture else { return Ok(None) };
    match answer.remainder() {
        Ok(remainder) => plot::write(path, answer, &remainder).map(|()| None),
        Err(failure) => {
            show::failure(&failure, streams);
            Ok(Some(failure.exit_code()))
        }
    }
}

pub(crate) fn language(asked: arguments::Language) -> Language {
    match asked {
        arguments::Language::En => Language::English,
        arguments::Language::Zh => Language::Chinese,
    }
}

fn convexity(asked: &Convexity, streams: Streams) -> Result<u8, String> {
    let mut request = request(&asked.subject)?;
    request.variables.clone_from(&asked.variables);
    let found = gradus::convexity(&request).and_then(|found| {
        let text = found.print(output(asked.emit), language(asked.language))?;
        Ok((found, text))
    });
    match found {
        Ok((found, text)) => {
            show::certificate(&found, &text, language(asked.language), streams)?;
            Ok(found.exit_code())
        }
        Err(failure) => {
            show::failure(&failure, streams);
            Ok(failure.exit_code())
        }
    }
}

fn differential(asked: &Differential, streams: Streams) -> Result<u8, String> {
    let mut request = request(&asked.subject)?;
    request.variables.clone_from(&asked.variables);
    request.points.clone_from(&asked.points);
    request.order = Order(asked.order);
    if asked.steps.steps {
        let found = gradus::differential(&request);
        return steps(found, &asked.steps, &asked.shown, None, streams);
    }
    answer(gradus::differential(&request), &asked.shown, None, streams)
}

fn answer(
    found: gradus::Result<gradus::Answer>,
    shown: &Shown,
    picture: Option<&Path>,
    streams: Streams,
) -> Result<u8, String> {
    let found = match found.and_then(|answer| Ok((print(&answer, shown, streams)?, answer))) {
        Ok(found) => found,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    let ((printed, verification), answer) = found;
    given(&answer, &printed, &verification, shown, (picture, Language::English), streams)
}

fn print(
    answer: &gradus::Answer,
    shown: &Shown,
    streams: Streams,
) -> gradus::Result<(String, Verification)> {
    match output(shown.emit) {
        Output::Text => Ok((show::text(&answer.lines(), streams), answer.verification().clone())),
        output => answer.print_verified(output),
    }
}

fn check(asked: &Check, streams: Streams) -> Result<u8, String> {
    let mut request = request(&asked.subject)?;
    if let Some(text) = &asked.claim {
        return claim(request, text, &asked.asked, streams);
    }
    request.assumptions.clone_from(&asked.assumptions);
    if asked.subject.file.is_some() {
        return lines(request, &asked.asked, streams);
    }
    if let Some(option) = asked.asked.given() {
        return Err(format!(
            "{option} is about a claimed derivative: --claim EXPR2, or --file FILE"
        ));
    }
    let checked = match gradus::check(&request) {
        Ok(checked) => checked,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    let language = language(asked.asked.lang);
    show::reading(&checked.reading, language, streams);
    show::notes(&checked.notes, language, streams);
    let verdict = checked.verification.verdict;
    let code = match verdict {
        Verdict::Proved | Verdict::Confirmed => ANSWERED,
        Verdict::Refuted => FALSE,
        Verdict::Undecided | Verdict::NotChecked => UNDECIDED,
    };
    streams.answer(remarks::verdict(verdict, language))?;
    if checked.verification.verdict.is_verified() {
        show::conditions(&checked.conditions, language, streams);
    }
    show::verification(&checked.verification, language, streams);
    if code == FALSE
        && request.assumptions.is_empty() // an example would not follow them
        && let Ok(lines) = gradus::check_lines(&request)
        && let Some(mistake) = lines.first_mistake(language)
    {
        streams.remark(&mistake);
    }
    Ok(code)
}

fn claim(
    mut request: Request,
    text: &str,
    asked: &Claimed,
    streams: Streams,
) -> Result<u8, String> {
    as_asked(&mut request, asked);
    let claimed = match gradus::check_claim(&request, text) {
        Ok(claimed) => claimed,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    let language = language(asked.lang);
    show::reading(&claimed.reading, language, streams);
    show::notes(&claimed.notes, language, streams);
    let code = match claimed.verification.verdict {
        Verdict::Proved | Verdict::Confirmed => ANSWERED,
        Verdict::Refuted => FALSE,
        Verdict::Undecided | Verdict::NotChecked => UNDECIDED,
    };
    match asked.emit {
        Told::Json => streams.answer(&claimed.json())?,
        Told::Text => {
            streams.answer(&claimed.text(language))?;
            show::verification(&claimed.verification, language, streams);
        }
    }
    Ok(code)
}

/// A derivation in a file, line by line.
fn lines(mut request: Request, asked: &Claimed, streams: Streams) -> Result<u8, String> {
    as_asked(&mut request, asked);
    let checked = match gradus::check_lines(&request) {
        Ok(checked) => checked,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    let language = language(asked.lang);
    show::reading(&checked.reading, language, streams);
    if checked.prose > 0 {
        streams.remark(&remarks::prose(checked.prose, language));
    }
    match asked.emit {
        Told::Json => streams.answer(&checked.json())?,
        Told::Text => streams.answer(&checked.text(language))?,
    }
    Ok(match checked.verdict() {
        Verdict::Proved | Verdict::Confirmed => ANSWERED,
        Verdict::Refuted => FALSE,
        Verdict::Undecided | Verdict::NotChecked => UNDECIDED,
    })
}

fn as_asked(request: &mut Request, asked: &Claimed) {
    request.variables.extend(asked.variable.clone());
    request.order = Order(asked.order.unwrap_or(1));
    request.layout = asked.layout.map(layout).unwrap_or_default();
    request.stacking = asked.stacking.map(stacking).unwrap_or_default();
    request.convention = asked.convention.map(convention).unwrap_or_default();
}

fn batch(streams: Streams) -> Result<u8, String> {
    for line in stdin().lock().split(b'\n') {
        let line = line.map_err(|failure| format!("standard input: {failure}"))?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        streams.answer(&gradus::batch_line(&line))?;
    }
    Ok(ANSWERED)
}

fn completions(shell: clap_complete::Shell, streams: Streams) -> Result<u8, String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "gradus", &mut script);
    match String::from_utf8(script) {
        Ok(script) => streams.answer(&script).map(|()| ANSWERED),
        Err(_) => Ok(INTERNAL),
    }
}

pub(crate) fn request(subject: &Subject) -> Result<Request, String> {
    let program = match (&subject.expression, &subject.file) {
        (_, Some(path)) => input::from_file(path)?,
        (Some(dash), None) if dash == "-" => input::from_standard_input()?,
        (Some(expression), None) => expression.clone(),
        (None, None) => return Err("no expression is given".to_owned()),
    };
    let mut request = Request::new(program);
    request.declarations.clone_from(&subject.declarations);
    Ok(request)
}

fn layout(layout: arguments::Layout) -> Layout {
    match layout {
        arguments::Layout::Mixed => Layout::Mixed,
        arguments::Layout::Numerator => Layout::Numerator,
        arguments::Layout::Denominator => Layout::Denominator,
    }
}

fn stacking(stacking: arguments::Stacking) -> Stacking {
    match stacking {
        arguments::Stacking::Columns => Stacking::Columns,
        arguments::Stacking::Rows => Stacking::Rows,
    }
}

fn convention(convention: arguments::Convention) -> Convention {
    match convention {
        arguments::Convention::Projected => Convention::Projected,
        arguments::Convention::Entries => Convention::Entries,
    }
}

/// Text and JSON show every form of an answer.
fn forms(output: Output) -> Forms {
    match output {
        Output::Text | Output::Json => Forms::All,
        Output::Index => Forms::Index,
        _ => Forms::Main,
    }
}

pub(crate) fn output(emit: arguments::Emit) -> Output {
    match emit {
        arguments::Emit::Text => Output::Text,
        arguments::Emit::Source => Output::Source,
        arguments::Emit::Latex => Output::Latex,
        arguments::Emit::Mathml => Output::Mathml,
        arguments::Emit::Typst => Output::Typst,
        arguments::Emit::Index => Output::Index,
        arguments::Emit::Json => Output::Json,
        arguments::Emit::Numpy => Output::Numpy,
    }
}
