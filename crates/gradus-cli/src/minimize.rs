//! `gradus minimize`: data from files, progress, the minimum.
//!
//! Must not know how a minimum is found.

use std::io::{IsTerminal, stderr};

use gradus::{Ended, Method, Progress, Search};

use crate::arguments::{Minimize, SearchMethod};
use crate::commands::{language, request};
use crate::output::Streams;
use crate::{ANSWERED, FALSE, data, show};

/// Searches the minimum and shows it.
pub(crate) fn minimize(asked: &Minimize, streams: Streams) -> Result<u8, String> {
    let mut request = request(&asked.subject)?;
    request.variables.clone_from(&asked.variables);
    if let Some(path) = &asked.out {
        data::writable(path, asked.variables.len())?;
    }
    if asked.tolerance.is_some_and(|tolerance| tolerance.is_nan() || tolerance <= 0.0) {
        return Err("--tolerance is to be greater than 0".to_owned());
    }
    let function = match gradus::minimization(&request, asked.maximize) {
        Ok(function) => function,
        Err(failure) => {
            show::failure(&failure, streams);
            return Ok(failure.exit_code());
        }
    };
    show::reading(function.reading(), language(asked.language), streams);
    show::notes(function.notes(), language(asked.language), streams);
    let search = search(asked)?;
    let shows = asked.progress || stderr().is_terminal();
    let mut progress = |step: Progress| {
        if shows {
            let Progress { step, value, gradient } = step;
            let value = if asked.maximize { -value } else { value };
            streams.remark(&format!("step {step}: f = {value:.8e}, gradient {gradient:.2e}"));
        }
    };
    match function.run(&search, &mut progress) {
        Ok(Ended::Found(minimum)) => {
            if let Some(path) = &asked.out {
                data::write(path, minimum.values())?;
            }
            streams.answer(&minimum.text(language(asked.language)))?;
            show::verification(function.verification(), language(asked.language), streams);
            Ok(ANSWERED)
        }
        Ok(Ended::Unbounded(reason)) => {
            streams.answer(&reason)?;
            Ok(FALSE)
        }
        Err(failure) => {
            show::failure(&failure, streams);
            Ok(failure.exit_code())
        }
    }
}

fn search(asked: &Minimize) -> Result<Search, String> {
    let mut search = Search {
        seed: asked.seed,
        tolerance: asked.tolerance,
        steps: asked.steps,
        method: match asked.method {
            SearchMethod::Lbfgs => Method::Lbfgs,
            SearchMethod::NewtonCg => Method::NewtonCg,
        },
        ..Search::default()
    };
    for text in &asked.random {
        search.data.push(data::random(text)?);
    }
    for text in &asked.data {
        search.data.extend(data::read("data", text)?);
    }
    for text in &asked.start {
        search.start.extend(data::read("start", text)?);
    }
    for text in &asked.sizes {
        search.sizes.push(data::size(text)?);
    }
    Ok(search)
}
