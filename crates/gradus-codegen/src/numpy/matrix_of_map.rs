//! A derivative as the matrix of a linear map that has no formula of its own: the map is a function of
//! the module, and is applied to one unit array after the other.
//!
//! Must not know formulas.

use crate::numpy::layout::INDENT;
use crate::numpy::names::Names;
use crate::numpy::returned;
use crate::request::{AnswerForm, ModuleRequest, VariableKind};

/// What the function that computes the maps is called.
pub(super) const MAP: &str = "_map";

const MATRIX: &str = "\
def _matrix(linear, like):
    \"\"\"The matrix of a linear map of arrays like this one, columns stacked.\"\"\"
    units = (np.reshape(unit, np.shape(like), order=\"F\") for unit in np.eye(np.size(like)))
    return np.stack([np.ravel(linear(unit), order=\"F\") for unit in units], axis=-1)
";

/// Whether the answers of a module are matrices of maps.
pub(super) fn are_looped(request: &ModuleRequest<'_>) -> bool {
    request.answers.iter().any(|answer| matches!(answer.form, AnswerForm::Looped(_)))
}

/// The function beside `derivative`.
pub(super) fn helper() -> String {
    format!("{MATRIX}\n\n")
}

/// The lines of `derivative`, which calls the maps.
pub(super) fn body(request: &ModuleRequest<'_>, names: &Names, free: &[String]) -> Vec<String> {
    let mut arguments = Vec::new();
    for keyword in &names.keywords {
        arguments.push(match request.variables[keyword.variable].kind {
            VariableKind::Differential { of } => {
                format!("\"{}\": np.zeros(np.shape({}))", keyword.name, name(names, of))
            }
            _ => format!("\"{0}\": {0}", keyword.name),
        });
    }
    arguments.extend(free.iter().map(|name| format!("\"{name}\": {name}")));
    let mut lines = vec!["_point = {".to_owned()];
    lines.extend(arguments.iter().map(|argument| format!("{INDENT}{argument},")));
    lines.push("}".to_owned());
    let several = request.answers.len() > 1;
    let results: Vec<String> = request
        .answers
        .iter()
        .enumerate()
        .map(|(position, answer)| {
            let AnswerForm::Looped(differential) = answer.form else { return String::new() };
            let own = if several { format!("[{position}]") } else { String::new() };
            let along = name(names, differential);
            let image = |value: &str| format!("{MAP}(**{{**_point, \"{along}\": {value}}}){own}");
            let of = |place: Option<&usize>| place.copied().unwrap_or(0);
            let (first, last) = (of(answer.wrt.first()), of(answer.wrt.last()));
            if returned::is_number(&request.variables[last]) {
                return image("1.0");
            }
            let matrix = format!("_matrix(lambda unit: {}, {})", image("unit"), name(names, last));
            match returned::is_number(&request.variables[first]) {
                true => {
                    format!("np.reshape({matrix}, np.shape({}), order=\"F\")", name(names, last))
                }
                false => matrix,
            }
        })
        .collect();
    match results.as_slice() {
        [only] => lines.push(format!("return {only}")),
        results => {
            lines.push("return (".to_owned());
            lines.extend(results.iter().map(|result| format!("{INDENT}{result},")));
            lines.push(")".to_owned());
        }
    }
    lines
}

/// The keyword of a variable.
fn name(names: &Names, variable: usize) -> &str {
    let keyword = names.keywords.iter().find(|keyword| keyword.variable == variable);
    keyword.map_or("", |keyword| &keyword.name)
}
