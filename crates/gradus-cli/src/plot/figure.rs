//! The picture of a linear part: what is left beside it, against the step, on logarithmic axes.
//!
//! Must not know how the numbers were found, nor in which format the picture ends.

use gradus::{Remainder, Step};

use super::canvas::{Anchor, Canvas, Colour, Font, Mark, Place};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 640.0;
/// The area of the curves.
const LEFT: f64 = 100.0;
const RIGHT: f64 = 928.0;
const TOP: f64 = 108.0;
const BOTTOM: f64 = 560.0;

const PAPER: Colour = Colour(255, 255, 255);
const AREA: Colour = Colour(250, 251, 253);
const GRID: Colour = Colour(228, 233, 239);
const INK: Colour = Colour(38, 50, 63);
const PALE_INK: Colour = Colour(98, 112, 127);
const REMAINDER: Colour = Colour(44, 123, 190);
const REMAINDER_FILL: Colour = Colour(158, 202, 235);
const CHANGE: Colour = Colour(224, 130, 40);
const CHANGE_FILL: Colour = Colour(250, 206, 150);
const REFERENCE: Colour = Colour(150, 160, 172);

const TITLE: f64 = 23.0;
const LABEL: f64 = 17.0;
const SMALL: f64 = 15.0;

/// What the picture says in words.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// The derivative.
    pub(crate) title: String,
    /// The function.
    pub(crate) function: String,
    /// What the function is called.
    pub(crate) name: String,
    /// What the variable is called.
    pub(crate) variable: String,
    /// Of several variables, what it stands for.
    pub(crate) variables: Option<String>,
    /// The order of the derivative.
    pub(crate) order: usize,
}

/// Draws a remainder.
pub(crate) fn figure(remainder: &Remainder, words: &Words, font: &Font) -> Canvas {
    let mut figure = Figure { axes: Axes::around(&remainder.steps), marks: Vec::new(), font };
    figure.rectangle((0.0, 0.0), (WIDTH, HEIGHT), PAPER);
    figure.rectangle((LEFT, TOP), (RIGHT - LEFT, BOTTOM - TOP), AREA);
    figure.headings(remainder, words);
    figure.grid();
    figure.references(remainder);
    let curve = |value: fn(&Step) -> f64| -> Vec<(f64, f64)> {
        remainder.steps.iter().map(|step| (step.length, value(step))).collect()
    };
    figure.curve(&curve(|step| step.difference), CHANGE, CHANGE_FILL);
    figure.curve(&curve(|step| step.remainder), REMAINDER, REMAINDER_FILL);
    figure.legend(remainder, words);
    Canvas { width: WIDTH, height: HEIGHT, marks: figure.marks }
}

/// Logarithmic axes: the decimal exponents at the edges of the area.
struct Axes {
    x: (f64, f64),
    y: (f64, f64),
}

impl Axes {
    fn around(steps: &[Step]) -> Self {
        let exponents = |values: &mut dyn Iterator<Item = f64>| {
            values
                .filter(|value| *value > 0.0)
                .map(f64::log10)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), exponent| {
                    (low.min(exponent), high.max(exponent))
                })
        };
        let x = exponents(&mut steps.iter().map(|step| step.length));
        let y = exponents(
            &mut steps.iter().flat_map(|step| [step.difference, step.remainder, step.rounding]),
        );
        let y = if y.0.is_finite() { y } else { (-16.0, 0.0) };
        // Room for the legend above the curves.
        Self { x: (x.0 - 0.15, x.1 + 0.15), y: (y.0 - 0.6, y.1 + 0.3 * (y.1 - y.0).max(4.0)) }
    }

    fn place(&self, (x, y): (f64, f64)) -> Place {
        let part = |value: f64, (low, high): (f64, f64)| (value.log10() - low) / (high - low);
        (LEFT + part(x, self.x) * (RIGHT - LEFT), BOTTOM - part(y, self.y) * (BOTTOM - TOP))
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        let inside = |value: f64, (low, high): (f64, f64)| (low..=high).contains(&value.log10());
        inside(x, self.x) && inside(y, self.y)
    }
}

struct Figure<'f> {
    axes: Axes,
    marks: Vec<Mark>,
    font: &'f Font,
}

impl Figure<'_> {
    fn rectangle(&mut self, at: Place, size: (f64, f64), fill: Colour) {
        self.marks.push(Mark::Rectangle { at, size, fill });
    }

    fn text(&mut self, text: &str, at: Place, anchor: Anchor, (size, colour): (f64, Colour)) {
        let text = text.to_owned();
        self.marks.push(Mark::Text { text, at, anchor, size, colour, upright: false });
    }

    fn line(&mut self, through: Vec<Place>, colour: Colour, width: f64, dash: Option<f64>) {
        let dashes = dash.map(|length| (length, length));
        self.marks.push(Mark::Line { through, colour, width, dashes });
    }

    fn headings(&mut self, remainder: &Remainder, words: &Words) {
        let width = RIGHT - LEFT;
        let title = self.font.shortened(&words.title, TITLE, width);
        self.text(&title, (LEFT, 44.0), Anchor::Start, (TITLE, INK));
        let sizes = remainder.sizes.0.iter().map(|(name, size)| format!("{name} = {size}"));
        let mut place: Vec<String> = words.variables.clone().into_iter().chain(sizes).collect();
        place.push("random point and direction D".to_owned());
        let place = place.join(", ");
        let left = width - self.font.width(&place, SMALL) - 24.0;
        let function = self.font.shortened(&words.function, SMALL, left.max(width / 3.0));
        self.text(&function, (LEFT, 76.0), Anchor::Start, (SMALL, PALE_INK));
        self.text(&place, (RIGHT, 76.0), Anchor::End, (SMALL, PALE_INK));
    }

    fn grid(&mut self) {
        for exponent in decades(self.axes.x, 1) {
            let (x, _) = self.axes.place((10_f64.powi(exponent), 1.0));
            self.line(vec![(x, TOP), (x, BOTTOM)], GRID, 1.0, None);
            self.text(&power(exponent), (x, BOTTOM + 24.0), Anchor::Middle, (SMALL, PALE_INK));
        }
        let span = self.axes.y.1 - self.axes.y.0;
        for exponent in decades(self.axes.y, if span > 9.0 { 2 } else { 1 }) {
            let (_, y) = self.axes.place((1.0, 10_f64.powi(exponent)));
            self.line(vec![(LEFT, y), (RIGHT, y)], GRID, 1.0, None);
            self.text(&power(exponent), (LEFT - 10.0, y + 5.0), Anchor::End, (SMALL, PALE_INK));
        }
        let middle = f64::midpoint(LEFT, RIGHT);
        self.text("step h", (middle, BOTTOM + 56.0), Anchor::Middle, (LABEL, INK));
        self.marks.push(Mark::Text {
            text: "norm".to_owned(),
            at: (34.0, f64::midpoint(TOP, BOTTOM)),
            anchor: Anchor::Middle,
            size: LABEL,
            colour: INK,
            upright: true,
        });
    }

    /// Lines of slope 1 and 2 below the curves, and the level of rounding.
    fn references(&mut self, remainder: &Remainder) {
        let steps = &remainder.steps;
        let level: Vec<Place> = steps
            .iter()
            .filter(|step| step.rounding > 0.0)
            .map(|step| self.axes.place((step.length, step.rounding)))
            .collect();
        if let Some(first) = level.last().copied() {
            self.line(level, GRID, 2.5, None);
            self.text("rounding", (first.0, first.1 - 8.0), Anchor::Start, (SMALL, REFERENCE));
        }
        let shortest = |value: fn(&Step) -> f64| {
            let clear = |step: &&Step| value(step) > 1000.0 * step.rounding;
            steps.iter().rfind(clear).map(|step| (step.length, value(step)))
        };
        if let Some(anchor) = shortest(|step| step.difference) {
            self.reference(anchor, 1);
        }
        if !remainder.vanishes()
            && let Some(anchor) = shortest(|step| step.remainder)
        {
            self.reference(anchor, 2);
        }
    }

    fn reference(&mut self, (length, value): (f64, f64), slope: i32) {
        let below = 10_f64.powf(-0.035 * (self.axes.y.1 - self.axes.y.0)) * value;
        let at = |x: f64| (x, below * (x / length).powi(slope));
        let inside: Vec<(f64, f64)> = (0..=200)
            .map(|part| length * 10_f64.powf(f64::from(part) * -length.log10() / 200.0))
            .map(at)
            .filter(|point| self.axes.holds(*point))
            .collect();
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else { return };
        let ends = vec![self.axes.place(*first), self.axes.place(*last)];
        self.line(ends, REFERENCE, 1.5, Some(6.0));
        let (x, y) =
            self.axes.place(at(length * 10_f64.powf(0.1 * (self.axes.x.1 - self.axes.x.0))));
        self.text(
            &format!("slope {slope}"),
            (x + 14.0, y + 14.0),
            Anchor::Start,
            (SMALL, PALE_INK),
        );
    }

    fn curve(&mut self, points: &[(f64, f64)], colour: Colour, fill: Colour) {
        let shown: Vec<Place> = points
            .iter()
            .filter(|(_, value)| *value > 0.0)
            .map(|point| self.axes.place(*point))
            .collect();
        self.line(shown.clone(), colour, 2.0, None);
        let disk = |at: Place| Mark::Disk { at, radius: 4.5, fill, rim: colour };
        self.marks.extend(shown.into_iter().map(disk));
    }

    fn legend(&mut self, remainder: &Remainder, words: &Words) {
        let [function, part] = symbols(&words.name, words.order);
        let variable = &words.variable;
        let change = format!("{function}({variable} + hD) − {function}({variable})");
        let fall = match remainder.order() {
            _ if remainder.vanishes() => ": nothing but rounding".to_owned(),
            Some(fall) => format!(": slope {fall:.2}"),
            None => String::new(),
        };
        let rows = [
            (CHANGE, CHANGE_FILL, format!("change ‖{change}‖")),
            (REMAINDER, REMAINDER_FILL, format!("remainder ‖{change} − h {part}[D]‖{fall}")),
        ];
        let width = rows.iter().map(|(.., text)| self.font.width(text, LABEL)).fold(0.0, f64::max);
        self.rectangle((LEFT + 8.0, TOP + 8.0), (width + 72.0, 66.0), AREA);
        for (row, (colour, fill, text)) in (0_u8..).zip(rows) {
            let y = TOP + 28.0 + 28.0 * f64::from(row);
            let (start, end) = (LEFT + 18.0, LEFT + 54.0);
            self.line(vec![(start, y), (end, y)], colour, 2.0, None);
            let at = (f64::midpoint(start, end), y);
            self.marks.push(Mark::Disk { at, radius: 4.5, fill, rim: colour });
            self.text(&text, (end + 12.0, y + 5.5), Anchor::Start, (LABEL, INK));
        }
    }
}

/// What is differentiated at an order, and its derivative.
fn symbols(name: &str, order: usize) -> [String; 2] {
    let marks = |count: usize| match count {
        0..=3 => "′".repeat(count),
        _ => format!("⁽{}⁾", raised(i32::try_from(count).unwrap_or(i32::MAX))),
    };
    let before = format!("{name}{}", marks(order.saturating_sub(1)));
    let part = if order == 1 { format!("d{name}") } else { format!("{name}{}", marks(order)) };
    [before, part]
}

/// The whole exponents between two, as multiples of a step.
fn decades((low, high): (f64, f64), step: i32) -> Vec<i32> {
    let (first, last) = (low.ceil() as i32, high.floor() as i32);
    (first..=last).filter(|exponent| exponent % step == 0).collect()
}

/// `10⁻³`
fn power(exponent: i32) -> String {
    match exponent {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        _ => format!("10{}", raised(exponent)),
    }
}

fn raised(number: i32) -> String {
    let digit = |character: char| match character {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    };
    number.to_string().chars().map(digit).collect()
}
