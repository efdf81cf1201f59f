//! What is asked of Gradus.
//!
//! Must not know how it is answered.

use std::fmt;
use std::str::FromStr;

/// A question about a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The expression, or the program whose last statement is the function.
    pub program: String,
    /// Declarations such as `X: matrix(m,n)`.
    pub declarations: Vec<String>,
    /// The variables of differentiation; if there are none, every variable of the program.
    pub variables: Vec<String>,
    /// The order of the derivative.
    pub order: Order,
    /// In which order the axes of the derivative are written.
    pub layout: Layout,
    /// How matrices are stacked into vectors.
    pub stacking: Stacking,
    /// What a derivative by a structured variable is.
    pub convention: Convention,
    /// The direction along which a derivative by one variable is wanted: the last derivative is
    /// multiplied by it.
    pub times: Option<String>,
    /// Whether the derivatives of a scalar function by several scalars and vectors make up one column.
    pub stack: bool,
    /// Values of variables at the point where the derivative is wanted, such as `x = 0`.
    pub points: Vec<String>,
    /// Equations that an identity may rely on, such as `A*B = B*A`.
    pub assumptions: Vec<String>,
    /// Whether the answer is checked against the program.
    pub verification: Verify,
    /// Which forms of the answer are given.
    pub forms: Forms,
}

impl Request {
    /// A question about a program, everything else by default.
    pub fn new(program: impl Into<String>) -> Self {
        Self { program: program.into(), ..Self::default() }
    }

    /// Adds a variable of differentiation.
    #[must_use]
    pub fn by(mut self, variable: impl Into<String>) -> Self {
        self.variables.push(variable.into());
        self
    }

    /// Adds a declaration.
    #[must_use]
    pub fn declare(mut self, declaration: impl Into<String>) -> Self {
        self.declarations.push(declaration.into());
        self
    }

    /// Adds the value of a variable at the point where the derivative is wanted, such as `x = 0`.
    #[must_use]
    pub fn at(mut self, point: impl Into<String>) -> Self {
        self.points.push(point.into());
        self
    }

    /// Sets the layout.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets the order of the derivative.
    #[must_use]
    pub fn order(mut self, order: u32) -> Self {
        self.order = Order(order);
        self
    }

    /// Gives the main form of the answer only.
    #[must_use]
    pub fn main_form(mut self) -> Self {
        self.forms = Forms::Main;
        self
    }

    /// Sets the convention for structured variables.
    #[must_use]
    pub fn convention(mut self, convention: Convention) -> Self {
        self.convention = convention;
        self
    }

    /// Leaves out the verification.
    #[must_use]
    pub fn unverified(mut self) -> Self {
        self.verification = Verify::No;
        self
    }
}

/// The order of a derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order(pub u32);

impl Default for Order {
    fn default() -> Self {
        Self(1)
    }
}

/// Whether an answer is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// It is, and a refuted one is never given.
    #[default]
    Yes,
    /// Only what is printed is: [`crate::Answer::print_verified`] checks emitted code and index forms,
    /// and these only.
    OnPrint,
    /// It is not; the answer says so.
    No,
}

/// Which forms of an answer are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forms {
    /// The derivative, and beside a stacked one its linear map and the differential of its order.
    #[default]
    All,
    /// The derivative alone. Where it has no matrix form there is no answer.
    Main,
    /// The derivative for [`Output::Index`] alone, whether or not it has a matrix form; it is verified
    /// as it is printed.
    Index,
}

/// In which order the axes of a derivative are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Gradients as columns or in the shape of the variable, Jacobians with the outputs as rows.
    #[default]
    Mixed,
    /// Outputs as rows, inputs as columns.
    Numerator,
    /// Inputs as rows, outputs as columns.
    Denominator,
}

impl fmt::Display for Layout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mixed => "mixed",
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
        })
    }
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "mixed" => Ok(Self::Mixed),
            "numerator" => Ok(Self::Numerator),
            "denominator" => Ok(Self::Denominator),
            _ => Err(format!("`{text}` is no layout; there are mixed, numerator and denominator")),
        }
    }
}

/// What a derivative by a structured variable is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Convention {
    /// The projection of the free derivative onto the tangent space of the structure.
    #[default]
    Projected,
    /// The derivatives by the entries that can vary independently, each at both of its places, as in
    /// the Matrix Cookbook; structures whose entries do not repeat are projected.
    Entries,
}

impl FromStr for Convention {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "projected" => Ok(Self::Projected),
            "entries" => Ok(Self::Entries),
            _ => Err(format!("`{text}` is no convention; there are projected and entries")),
        }
    }
}

/// How matrices are stacked into vectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stacking {
    /// Column after column.
    #[default]
    Columns,
    /// Row after row.
    Rows,
}

impl FromStr for Stacking {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "columns" => Ok(Self::Columns),
            "rows" => Ok(Self::Rows),
            _ => Err(format!("`{text}` is no stacking; there are columns and rows")),
        }
    }
}

/// The forms in which an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Unicode text.
    #[default]
    Text,
    /// Gradus' own language.
    Source,
    /// LaTeX.
    Latex,
    /// MathML.
    Mathml,
    /// Typst.
    Typst,
    /// Index form.
    Index,
    /// JSON with every form and the verification.
    Json,
    /// A Python module for NumPy.
    Numpy,
}

impl Output {
    /// Every form, with its name.
    pub const ALL: [(&'static str, Self); 8] = [
        ("text", Self::Text),
        ("source", Self::Source),
        ("latex", Self::Latex),
        ("mathml", Self::Mathml),
        ("typst", Self::Typst),
        ("index", Self::Index),
        ("json", Self::Json),
        ("numpy", Self::Numpy),
    ];
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(name, _)| *name == text);
        found.map(|(_, output)| output).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.into_iter().map(|(name, _)| name).collect();
            format!("`{text}` is no form of output; there are {}", names.join(", "))
        })
    }
}
