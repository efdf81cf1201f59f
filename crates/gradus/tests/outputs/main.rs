//! Every output of programs of many kinds, in every layout, stacking and convention: an answer or a
//! refusal, and never a defect.
//!
//! Must not know how answers are found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod programs;

use gradus::{Convention, Forms, Layout, Order, Output, Request, Stacking};

use crate::programs::{PROGRAMS, Program};

const OUTPUTS: &[Output] = &[
    Output::Text,
    Output::Source,
    Output::Latex,
    Output::Mathml,
    Output::Typst,
    Output::Index,
    Output::Json,
    Output::Numpy,
];

const DEFECT: u8 = 3;

/// A way of asking.
#[derive(Clone, Copy, Debug)]
struct Way {
    layout: Layout,
    stacking: Stacking,
    convention: Convention,
}

const WAYS: &[Way] = &[
    Way { layout: Layout::Mixed, stacking: Stacking::Columns, convention: Convention::Projected },
    Way { layout: Layout::Numerator, stacking: Stacking::Rows, convention: Convention::Entries },
    Way {
        layout: Layout::Denominator,
        stacking: Stacking::Columns,
        convention: Convention::Entries,
    },
];

fn request(program: &Program, order: u32, way: Way) -> Request {
    let mut request = Request::new(program.text);
    request.declarations = program.declarations.iter().map(|text| (*text).to_owned()).collect();
    request.variables = vec![program.variable.to_owned()];
    request.order = Order(order);
    (request.layout, request.stacking, request.convention) =
        (way.layout, way.stacking, way.convention);
    request
}

#[test]
fn no_output_of_a_valid_program_is_a_defect() {
    let mut defects = Vec::new();
    let (mut given, mut asked) = (0, 0);
    for program in PROGRAMS {
        for order in 1..=program.order {
            for way in WAYS {
                for output in OUTPUTS {
                    let mut request = request(program, order, *way);
                    request.forms = match output {
                        Output::Index => Forms::Index,
                        Output::Numpy => Forms::Main,
                        _ => Forms::All,
                    };
                    let text = gradus::diff(&request).and_then(|answer| answer.print(*output));
                    asked += 1;
                    match text {
                        Ok(text) => {
                            assert!(!text.is_empty(), "{} {way:?} {output:?}", program.text);
                            given += 1;
                        }
                        Err(failure) if failure.exit_code() == DEFECT => {
                            let message = &failure.diagnostic.message;
                            let text = program.text;
                            defects.push(format!("{text} {order} {way:?} {output:?}: {message}"));
                        }
                        Err(failure) => {
                            assert_eq!(failure.exit_code(), 4, "{}: {failure}", program.text);
                        }
                    }
                }
            }
        }
    }
    assert!(defects.is_empty(), "{}", defects.join("\n"));
    assert!(10 * given > 9 * asked, "{given} of {asked} outputs were given");
}
