//! A drawing as PNG.
//!
//! Must not know what is drawn.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash,
    Transform,
};
use ttf_parser::OutlineBuilder;

use super::canvas::{Anchor, Canvas, Colour, Font, Mark, Place};

/// Dots for each unit of the drawing.
const SCALE: f64 = 2.0;

/// The bytes of the file.
pub(crate) fn png(canvas: &Canvas, font: &Font) -> Result<Vec<u8>, String> {
    let dots = |length: f64| (length * SCALE).round() as u32;
    let pixmap = Pixmap::new(dots(canvas.width), dots(canvas.height));
    let mut picture = Picture { pixmap: pixmap.ok_or("a picture without dots")?, font };
    for mark in &canvas.marks {
        picture.draw(mark);
    }
    picture.pixmap.encode_png().map_err(|fault| format!("the picture: {fault}"))
}

struct Picture<'f> {
    pixmap: Pixmap,
    font: &'f Font,
}

impl Picture<'_> {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Line { through, colour, width, dashes } => {
                let dashes = dashes
                    .and_then(|(dash, gap)| StrokeDash::new(vec![dash as f32, gap as f32], 0.0));
                let stroke = Stroke {
                    width: *width as f32,
                    line_cap: LineCap::Round,
                    line_join: LineJoin::Round,
                    dash: dashes,
                    ..Stroke::default()
                };
                if let Some(path) = polyline(through) {
                    self.stroke(&path, &stroke, *colour);
                }
            }
            Mark::Disk { at, radius, fill, rim } => {
                let circle = PathBuilder::from_circle(at.0 as f32, at.1 as f32, *radius as f32);
                if let Some(circle) = circle {
                    self.fill(&circle, *fill);
                    self.stroke(&circle, &Stroke { width: 1.5, ..Stroke::default() }, *rim);
                }
            }
            Mark::Rectangle { at, size, fill } => {
                let (x, y) = (at.0 as f32, at.1 as f32);
                if let Some(area) = Rect::from_xywh(x, y, size.0 as f32, size.1 as f32) {
                    self.fill(&PathBuilder::from_rect(area), *fill);
                }
            }
            Mark::Text { text, at, anchor, size, colour, upright } => {
                let width = self.font.width(text, *size);
                let start = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => -width / 2.0,
                    Anchor::End => -width,
                };
                let mut outline = Outline {
                    path: PathBuilder::new(),
                    at: *at,
                    along: start,
                    unit: self.font.unit() * size,
                    upright: *upright,
                };
                for character in text.chars() {
                    let (glyph, advance) = self.font.glyph(character);
                    // A space has no outline.
                    let _ = self.font.face.outline_glyph(glyph, &mut outline);
                    outline.along += advance * size;
                }
                if let Some(path) = outline.path.finish() {
                    self.fill(&path, *colour);
                }
            }
        }
    }

    fn fill(&mut self, path: &Path, colour: Colour) {
        self.pixmap.fill_path(path, &paint(colour), FillRule::Winding, scale(), None);
    }

    fn stroke(&mut self, path: &Path, stroke: &Stroke, colour: Colour) {
        self.pixmap.stroke_path(path, &paint(colour), stroke, scale(), None);
    }
}

fn scale() -> Transform {
    Transform::from_scale(SCALE as f32, SCALE as f32)
}

fn paint(Colour(red, green, blue): Colour) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

fn polyline(through: &[Place]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (position, (x, y)) in through.iter().enumerate() {
        if position == 0 {
            path.move_to(*x as f32, *y as f32);
        } else {
            path.line_to(*x as f32, *y as f32);
        }
    }
    path.finish()
}

/// Puts the outlines of glyphs one after the other.
struct Outline {
    path: PathBuilder,
    /// Where the text stands.
    at: Place,
    /// How far the glyph is from there along the line.
    along: f64,
    /// The size of a unit of the font.
    unit: f64,
    upright: bool,
}

impl Outline {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let along = self.along + f64::from(x) * self.unit;
        let above = f64::from(y) * self.unit;
        let (x, y) = if self.upright {
            (self.at.0 - above, self.at.1 - along)
        } else {
            (self.at.0 + along, self.at.1 - above)
        };
        (x as f32, y as f32)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) =
            (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
