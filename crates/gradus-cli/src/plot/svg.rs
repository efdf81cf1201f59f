//! A drawing as SVG.
//!
//! Must not know what is drawn.

use std::fmt::Write;

use super::canvas::{Anchor, Canvas, Colour, Mark, Place};

/// The families of the font, in order of preference.
const FAMILIES: &str = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

/// The text of the file.
pub(crate) fn svg(canvas: &Canvas) -> String {
    let (width, height) = (number(canvas.width), number(canvas.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILIES}\">\n"
    );
    for mark in &canvas.marks {
        // Writing to a string does not fail.
        let _ = write_mark(&mut out, mark);
    }
    out.push_str("</svg>\n");
    out
}

fn write_mark(out: &mut String, mark: &Mark) -> std::fmt::Result {
    match mark {
        Mark::Line { through, colour, width, dashes } => {
            let points: Vec<String> = through.iter().map(|place| pair(*place)).collect();
            write!(
                out,
                "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" \
                 stroke-linejoin=\"round\" stroke-linecap=\"round\"",
                hexadecimal(*colour),
                number(*width)
            )?;
            if let Some((dash, gap)) = dashes {
                write!(out, " stroke-dasharray=\"{} {}\"", number(*dash), number(*gap))?;
            }
            writeln!(out, " points=\"{}\"/>", points.join(" "))
        }
        Mark::Disk { at, radius, fill, rim } => writeln!(
            out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>",
            number(at.0),
            number(at.1),
            number(*radius),
            hexadecimal(*fill),
            hexadecimal(*rim)
        ),
        Mark::Rectangle { at, size, fill } => writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            number(at.0),
            number(at.1),
            number(size.0),
            number(size.1),
            hexadecimal(*fill)
        ),
        Mark::Text { text, at, anchor, size, colour, upright } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (x, y) = (number(at.0), number(at.1));
            write!(
                out,
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"{}\" fill=\"{}\"",
                number(*size),
                hexadecimal(*colour)
            )?;
            if *upright {
                write!(out, " transform=\"rotate(-90 {x} {y})\"")?;
            }
            writeln!(out, ">{}</text>", escaped(text))
        }
    }
}

fn pair(place: Place) -> String {
    format!("{},{}", number(place.0), number(place.1))
}

/// A number with at most two decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn hexadecimal(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
