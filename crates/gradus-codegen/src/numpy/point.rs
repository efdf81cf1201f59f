//! Derivatives at a point: the variables that have values there are no arguments, and `check` moves them
//! around their values.
//!
//! Must not know formulas.

use crate::numpy::names::Names;
use crate::request::ModuleRequest;

/// What the function of the values at the point is called.
pub(super) const POINT: &str = "_point";

/// What the function itself is called, of which `value` is the value at the point.
pub(super) const FUNCTION: &str = "_function";

/// Lines of `check` that add the values at the point to the arguments.
pub(super) fn values(request: &ModuleRequest<'_>, names: &Names) -> String {
    let keyword = |position: &usize| {
        let own = names.keywords.iter().find(|keyword| keyword.variable == *position);
        own.map_or_else(String::new, |keyword| format!("\"{}\"", keyword.name))
    };
    let Some(point) = &request.point else { return String::new() };
    let keywords: Vec<String> = point.replaced.iter().map(keyword).collect();
    let values = match keywords.as_slice() {
        [only] => format!("{{**at, {only}: {POINT}(**at)}}"),
        several => format!("{{**at, **dict(zip(({}), {POINT}(**at)))}}", several.join(", ")),
    };
    format!("                point = {values}\n")
}

/// Differences at the point instead of at the arguments.
pub(super) fn moved(text: &str) -> String {
    text.replace("value(**", &format!("{FUNCTION}(**"))
        .replace("`value`", "the function")
        .replace("(at, ", "(point, ")
        .replace("at[\"", "point[\"")
}
