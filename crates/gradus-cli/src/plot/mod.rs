//! Pictures of derivatives, as files.
//!
//! Must not know how derivatives are found or evaluated.

mod canvas;
mod figure;
mod raster;
mod svg;

use std::path::Path;

use gradus::{Answer, Remainder};

use canvas::Font;
use figure::Words;

/// The formats of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Lines and text.
    Svg,
    /// Dots.
    Png,
}

impl Format {
    /// The format that the name of a file tells.
    pub(crate) fn of(path: &Path) -> Result<Self, String> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => Err(format!(
                "--plot {}: the name of a picture ends with .svg or .png",
                path.display()
            )),
        }
    }
}

/// Writes the picture of the linear part that an answer gives.
pub(crate) fn write(path: &Path, answer: &Answer, remainder: &Remainder) -> Result<(), String> {
    let font = Font::new()?;
    let canvas = figure::figure(remainder, &words(answer), &font);
    let bytes = match Format::of(path)? {
        Format::Svg => svg::svg(&canvas).into_bytes(),
        Format::Png => raster::png(&canvas, &font)?,
    };
    std::fs::write(path, bytes).map_err(|fault| format!("{}: {fault}", path.display()))
}

/// The one formula of an answer, or what its formulas are called.
fn words(answer: &Answer) -> Words {
    let lines = answer.lines();
    // The results stand behind bindings and other forms of them.
    let results = &lines[lines.len().saturating_sub(answer.shapes().len())..];
    let bindings = lines.iter().any(|line| line.note.is_empty());
    let title = match results {
        [only] if !bindings => format!("{} = {}", only.name, only.formula),
        several => several.iter().map(|line| line.name.trim()).collect::<Vec<_>>().join(", "),
    };
    let name = answer.function_name();
    let program = answer.program().split_whitespace().collect::<Vec<_>>().join(" ");
    let names = answer.variable_names();
    let (variable, variables) = match names.as_slice() {
        [only] => (only.clone(), None),
        several => ("Θ".to_owned(), Some(format!("Θ = ({})", several.join(", ")))),
    };
    let sign = if program.contains(';') { ": " } else { " = " };
    let function = format!("{name}{sign}{program}");
    Words { title, function, name, variable, variables, order: answer.order() }
}
