//! A drawing as a list of marks, and how wide text is.
//!
//! Must not know what is drawn or in which format it ends.

use ttf_parser::{Face, GlyphId};

/// A colour, red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// A place; y grows downwards.
pub(crate) type Place = (f64, f64);

/// Where a text stands beside its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A mark on a canvas.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A line through places.
    Line {
        /// The places.
        through: Vec<Place>,
        /// Its colour.
        colour: Colour,
        /// Its width.
        width: f64,
        /// Lengths of dashes and gaps; none for a solid line.
        dashes: Option<(f64, f64)>,
    },
    /// A disk.
    Disk {
        /// The centre.
        at: Place,
        /// The radius.
        radius: f64,
        /// What it is filled with.
        fill: Colour,
        /// The colour of its rim.
        rim: Colour,
    },
    /// A rectangle.
    Rectangle {
        /// The upper left corner.
        at: Place,
        /// Width and height.
        size: (f64, f64),
        /// What it is filled with.
        fill: Colour,
    },
    /// A line of text; the place is on its base line.
    Text {
        /// The text.
        text: String,
        /// The place.
        at: Place,
        /// How it stands there.
        anchor: Anchor,
        /// The size of the font.
        size: f64,
        /// The colour.
        colour: Colour,
        /// Whether it runs upwards.
        upright: bool,
    },
}

/// A drawing.
#[derive(Clone, Debug)]
pub(crate) struct Canvas {
    /// The width.
    pub(crate) width: f64,
    /// The height.
    pub(crate) height: f64,
    /// The marks, the lowest first.
    pub(crate) marks: Vec<Mark>,
}

/// The font of all text.
pub(crate) struct Font {
    /// The face.
    pub(crate) face: Face<'static>,
}

impl Font {
    /// The font that every picture uses.
    pub(crate) fn new() -> Result<Self, String> {
        let face = Face::parse(dejavu::sans::regular(), 0);
        face.map(|face| Self { face }).map_err(|fault| format!("the font of pictures: {fault}"))
    }

    /// How much of the size a unit of the font is.
    pub(crate) fn unit(&self) -> f64 {
        1.0 / f64::from(self.face.units_per_em().max(1))
    }

    /// The glyph of a character, and how far the next one stands from it at size 1.
    pub(crate) fn glyph(&self, character: char) -> (GlyphId, f64) {
        let glyph = self.face.glyph_index(character).unwrap_or(GlyphId(0));
        let advance = self.face.glyph_hor_advance(glyph).unwrap_or(0);
        (glyph, f64::from(advance) * self.unit())
    }

    /// The width of a text.
    pub(crate) fn width(&self, text: &str, size: f64) -> f64 {
        text.chars().map(|character| self.glyph(character).1).sum::<f64>() * size
    }

    /// A text that is at most so wide; what is too long ends with dots.
    pub(crate) fn shortened(&self, text: &str, size: f64, width: f64) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let mut short = String::new();
        for character in text.chars() {
            short.push(character);
            if self.width(&short, size) + self.width("…", size) > width {
                short.pop();
                break;
            }
        }
        short.trim_end().to_owned() + "…"
    }
}
