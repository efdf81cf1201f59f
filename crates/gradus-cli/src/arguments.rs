//! The commands and their options.
//!
//! Must not know what the commands do.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Derivatives in matrix notation, verified.
#[derive(Debug, Parser)]
#[command(
    name = "gradus",
    version,
    about = "Matrix calculus: gradients, Jacobians and differentials in matrix notation, verified",
    arg_required_else_help = true,
    after_help = "\
Examples:
  gradus diff \"norm2(X*w - y)^2\" --wrt w
  gradus diff \"Y = sigmoid(W*X); tr(Y'*M*Y)\" --let 'M: symmetric(k)' --wrt W --wrt X
  gradus differential \"inv(X)\"
  gradus check 'tr(A*B) = tr(B*A)'
  gradus functions inv

Exit codes: 0 answer, or claim true; 1 claim false; 2 bad input; 3 an internal check failed;
4 not supported, a limit reached, or undecided."
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Derivative of an expression by its variables
    #[command(after_help = "\
Examples:
  gradus diff \"norm2(X*w - y)^2\" --wrt w
  gradus diff \"x'*A*x\" --let 'A: symmetric(n)' --wrt x --emit latex
  gradus diff \"A*exp(x)\" --wrt x --layout numerator
  gradus diff \"sum(log(1 + exp(-y.*(X*w))))\" --wrt w --emit numpy
  echo \"logdet(X)\" | gradus diff -

EXPR is an expression, or a program whose last statement is the function:
  gradus diff \"Y = A*X; norm2(Y - B)^2\" --wrt X")]
    Diff(Diff),
    /// Differential of an expression: how it changes with its variables
    #[command(after_help = "\
Examples:
  gradus differential \"inv(X)\"
  gradus differential \"A*X*B\" --wrt X")]
    Differential(Differential),
    /// Whether two expressions are equal, 'LEFT = RIGHT', or a claimed derivative is right
    #[command(after_help = "\
Examples:
  gradus check 'tr(A*B) = tr(B*A)'
  gradus check \"x'*A*x\" --wrt x --claim \"2*A*x\"
  gradus check --file derivation.txt
  gradus check \"inv(A*B) = inv(B)*inv(A)\" --let 'A, B: matrix(n,n)'
  gradus check \"(A + B)^2 = A^2 + 2*A*B + B^2\" --let 'A, B: matrix(n,n)' --assume 'A*B = B*A'

Exit code 0 if they are equal or the claim is right, 1 if not, 4 if it is undecided. Of a wrong claim it
is told what is wrong: a transpose, a sign, an assumption that was not stated, and so on.

A file holds a derivation, which is checked line by line: declarations, definitions (l = …), equations and
chains of them that may go on in lines beginning with =. In them stand differentials (dl, dX, d(…)) and
derivatives (∂l/∂w). dA = 0 says that A is constant. A line without = is prose.")]
    Check(Check),
    /// Find the value of an expression with limits and integrals of functions of a scalar
    #[command(after_help = "Examples:
  gradus value 'limit(sin(x)/x, x, 0)'
  gradus value 'limit([1/k, (1+1/k)^k], k, inf)'
  gradus value 'limit(1/x, x, 0+)'                      from above
  gradus value 'int([x, cos(x); exp(x), 1/x], x)' --steps
  gradus value 'int(exp(-p*x), x, 0, inf)' --let 'p: positive scalar'

Undeclared small letters in limit and int are scalars. Exit code 0 if there is a value, 1 if there is
provably none, 4 if none was found.")]
    Value(Value),
    /// Solve an equation, or find the stationary point of a function, in matrix notation
    #[command(after_help = "\
Examples:
  gradus solve \"norm2(X*w - y)^2\" --for w
  gradus solve \"w'*S*w\" --for w --subject-to 'sum(w) = 1' --let 'S: spd'
  gradus solve 'A*X + X*B = C' --for X
  gradus solve \"w'*S*w\" --for w --subject-to \"w'*w = 1\" --maximize --let 'S: symmetric' --steps

EXPR is a scalar function, whose derivatives are set to zero, or an equation LEFT = RIGHT. Every line of
a solution is verified, and the solution is put back into its equations.

Exit code 0 if it is solved, 1 if there is provably no solution, 4 if there is no closed form.")]
    Solve(Solve),
    /// Whether a function is convex, concave, affine or neither, with a certificate
    #[command(after_help = "\
Examples:
  gradus convexity \"norm2(X*w - y)^2\" --in w
  gradus convexity \"tr(S*P) - logdet(P)\" --let 'P: spd(n)' --in P
  gradus convexity \"x'*inv(P)*x\" --let 'P: spd(n)' --in x --in P
  gradus convexity \"normF(T - U*V')^2\" --in U --in V

Exit code 0 with a certificate, 1 if the function is proved to be neither convex nor concave, 4 if it is
not known.")]
    Convexity(Convexity),
    /// The least value of a function on data, by its verified gradient
    #[command(after_help = "\
Examples:
  gradus minimize \"norm2(X*w - y)^2 + c*norm2(w)^2\" --for w --data X=X.npy --data y=y.csv --data c=0.1
  gradus minimize \"sum(log(1 + exp(-y.*(X*w))))\" --for w --data data.npz --out w.npy
  gradus minimize \"logdet(P) + tr(S*inv(P))\" --let 'P: spd(n)' --for P --random S=4x4 --let 'S: spd(n)'
  gradus minimize \"normF(T - U*V')^2\" --for U --for V --random T=20x10 --size k=3

Exit code 0 with a stationary point that is no saddle, 1 if there is provably no minimum, 2 if data are
missing or do not fit, 4 if the search does not end.")]
    Minimize(Minimize),
    /// Answer requests in JSON, one a line, from standard input
    #[command(after_help = "\
Each line is an object {\"id\", \"expr\", \"wrt\": name or list, \"let\": {name: kind}, \"at\": point or list,
\"order\", \"layout\", \"vec\", \"convention\", \"times\", \"stack\": true, \"emit\"}. In the place of \"expr\" may
stand \"differential\", or \"check\" with an identity and \"assume\": equation or list. Each answer is a line
{\"id\", \"ok\", \"code\" or \"error\"}, in order; the code of a check is true or false.

Examples:
  echo '{\"check\": \"A*B = B*A\"}' | gradus batch
  echo '{\"id\": 1, \"expr\": \"norm2(A*x)^2\", \"wrt\": \"x\", \"emit\": \"source\"}' | gradus batch")]
    Batch,
    /// The functions of the language with their differentials
    Functions(Functions),
    /// Why a rule holds that steps cite: its proof, every line verified
    #[command(after_help = "\
Examples:
  gradus explain inv
  gradus explain cyclic
  gradus explain det --lang zh
  gradus explain

Without a name, all rules are listed.")]
    Explain(Explain),
    /// Completions for a shell, to be sourced by it
    Completions(Completions),
}

/// What is differentiated.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// The expression or program; `-` reads it from standard input
    #[arg(value_name = "EXPR", required_unless_present = "file", conflicts_with = "file")]
    pub(crate) expression: Option<String>,
    /// Read the program from a file
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Declare a variable, as in 'X: matrix(m,n)'; may be repeated
    #[arg(long = "let", value_name = "DECL")]
    pub(crate) declarations: Vec<String>,
}

/// Arguments of `gradus diff`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Variable of differentiation; may be repeated. Default: every variable
    #[arg(long = "wrt", value_name = "X")]
    pub(crate) variables: Vec<String>,
    /// Order of the derivative
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) order: u32,
    /// In which order the axes of the derivative are written
    #[arg(long, value_enum, default_value_t = Layout::Mixed)]
    pub(crate) layout: Layout,
    /// Value of a variable at the point where the derivative is wanted, as in 'x=0', 'X=eye(n)' or
    /// 'w=w0'; may be repeated
    #[arg(long = "at", value_name = "POINT")]
    pub(crate) points: Vec<String>,
    /// Multiply the derivative by a direction with this name: a Jacobian-vector product, or of order 2
    /// a Hessian-vector product
    #[arg(long, value_name = "V")]
    pub(crate) times: Option<String>,
    /// Put the derivatives by several scalars and vectors into one column
    #[arg(long, conflicts_with = "times")]
    pub(crate) stack: bool,
    /// How matrices are stacked into vectors
    #[arg(long = "vec", value_enum, default_value_t = Stacking::Columns)]
    pub(crate) stacking: Stacking,
    /// What a derivative by a structured variable is
    #[arg(long, value_enum, default_value_t = Convention::Projected)]
    pub(crate) convention: Convention,
    /// Draw how the function leaves its linear part, into a file .svg or .png
    #[arg(long, value_name = "FILE")]
    pub(crate) plot: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) steps: Steps,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// Arguments of `gradus differential`.
#[derive(Debug, Args)]
pub(crate) struct Differential {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Variable that varies; may be repeated. Default: every variable
    #[arg(long = "wrt", value_name = "X")]
    pub(crate) variables: Vec<String>,
    /// Order of the differential
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) order: u32,
    /// Value of a variable at the point where the derivative is wanted, as in 'x=0', 'X=eye(n)' or
    /// 'w=w0'; may be repeated
    #[arg(long = "at", value_name = "POINT")]
    pub(crate) points: Vec<String>,
    #[command(flatten)]
    pub(crate) steps: Steps,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// Arguments of `gradus value`.
#[derive(Debug, Args)]
pub(crate) struct Value {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Show how the value is found, line by line
    #[arg(long)]
    pub(crate) steps: bool,
    /// The language of the words
    #[arg(long = "lang", value_enum, default_value_t = Language::En)]
    pub(crate) language: Language,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// Arguments of `gradus solve`.
#[derive(Debug, Args)]
pub(crate) struct Solve {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Unknown to solve for; may be repeated
    #[arg(long = "for", value_name = "X", required = true)]
    pub(crate) unknowns: Vec<String>,
    /// Equation that the unknowns satisfy, as in 'sum(w) = 1'; may be repeated
    #[arg(long = "subject-to", value_name = "EQUATION")]
    pub(crate) constraints: Vec<String>,
    /// Look for the greatest value instead of the least
    #[arg(long)]
    pub(crate) maximize: bool,
    /// A closed form, or one step of an iteration towards it
    #[arg(long, value_enum, default_value_t = Solving::ClosedForm)]
    pub(crate) method: Solving,
    /// Show how the solution is found, line by line
    #[arg(long)]
    pub(crate) steps: bool,
    /// The language of the words
    #[arg(long = "lang", value_enum, default_value_t = Language::En)]
    pub(crate) language: Language,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// Arguments of `gradus convexity`.
#[derive(Debug, Args)]
pub(crate) struct Convexity {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Variable in which the function is convex or not, several together; may be repeated. Default: every
    /// variable
    #[arg(long = "in", value_name = "X")]
    pub(crate) variables: Vec<String>,
    /// What to print: text, source, latex or json
    #[arg(long, value_enum, default_value_t = Emit::Text)]
    pub(crate) emit: Emit,
    /// The language of the certificate
    #[arg(long = "lang", value_enum, default_value_t = Language::En)]
    pub(crate) language: Language,
}

/// Arguments of `gradus minimize`.
#[derive(Debug, Args)]
pub(crate) struct Minimize {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Variable to minimise over; may be repeated
    #[arg(long = "for", value_name = "X", required = true)]
    pub(crate) variables: Vec<String>,
    /// Data: X=FILE.npy, X=FILE.csv, c=0.1, or FILE.npz whose arrays are named as the variables
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Vec<String>,
    /// Random data of the kind of a variable, as in X=100x5
    #[arg(long, value_name = "X=SHAPE")]
    pub(crate) random: Vec<String>,
    /// Where the search starts: w=FILE.npy, w=FILE.csv, a=0.5
    #[arg(long, value_name = "START")]
    pub(crate) start: Vec<String>,
    /// A size that the data do not tell, as in k=3
    #[arg(long = "size", value_name = "N=SIZE")]
    pub(crate) sizes: Vec<String>,
    /// Where random numbers begin
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How the minimum is searched
    #[arg(long, value_enum, default_value_t = SearchMethod::Lbfgs)]
    pub(crate) method: SearchMethod,
    /// Search the greatest value instead
    #[arg(long)]
    pub(crate) maximize: bool,
    /// Relative gradient at which a point counts as stationary [default: 1e-9]
    #[arg(long, value_name = "TOLERANCE")]
    pub(crate) tolerance: Option<f64>,
    /// The most steps [default: 2000]
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<usize>,
    /// Write the values into a file: .npy for one variable, .npz for several
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Show each step, also where standard error is no terminal
    #[arg(long)]
    pub(crate) progress: bool,
    /// The language of the answer
    #[arg(long = "lang", value_enum, default_value_t = Language::En)]
    pub(crate) language: Language,
}

/// Ways to a minimum.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SearchMethod {
    /// Quasi-Newton steps with limited memory
    Lbfgs,
    /// Newton steps by conjugate gradients in a trust region
    NewtonCg,
}

/// How the way to an answer is shown.
#[derive(Debug, Args)]
pub(crate) struct Steps {
    /// Show how the answer is found, line by line
    #[arg(long)]
    pub(crate) steps: bool,
    /// By which way the differential is found
    #[arg(long, value_enum, default_value_t = Method::Rules, requires = "steps")]
    pub(crate) method: Method,
    /// How fine the steps are
    #[arg(long, value_enum, default_value_t = Detail::Normal, requires = "steps")]
    pub(crate) detail: Detail,
    /// The language of the steps
    #[arg(long = "lang", value_enum, default_value_t = Language::En, requires = "steps")]
    pub(crate) language: Language,
    /// Make the steps a document of their own: LaTeX that compiles, a page for browsers
    #[arg(long, requires = "steps")]
    pub(crate) standalone: bool,
}

/// Arguments of `gradus check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Assume an equation of variables, as in 'A*B = B*A', "A = A'" or "A'*A = eye"; may be repeated
    #[arg(long = "assume", value_name = "EQUATION")]
    pub(crate) assumptions: Vec<String>,
    /// The claimed derivative of EXPR; `dX -> …` for its linear map, an expression in `dX` for the
    /// differential
    #[arg(long, value_name = "EXPR2", conflicts_with = "assumptions", allow_hyphen_values = true)]
    pub(crate) claim: Option<String>,
    #[command(flatten)]
    pub(crate) asked: Claimed,
}

/// What a claim is about, and how the judgement is shown.
#[derive(Debug, Args)]
pub(crate) struct Claimed {
    /// Variable of the claimed derivative; it may be left out if there is only one
    #[arg(long = "wrt", value_name = "X", requires = "claim")]
    pub(crate) variable: Option<String>,
    /// Order of the claimed derivative
    #[arg(long, value_name = "N", requires = "claim")]
    pub(crate) order: Option<u32>,
    /// Layout of the claim [default: mixed]
    #[arg(long, value_enum)]
    pub(crate) layout: Option<Layout>,
    /// How matrices are stacked into vectors in the claim [default: columns]
    #[arg(long = "vec", value_enum)]
    pub(crate) stacking: Option<Stacking>,
    /// What the claimed derivative by a structured variable is [default: projected]
    #[arg(long, value_enum)]
    pub(crate) convention: Option<Convention>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Told::Text)]
    pub(crate) emit: Told,
    /// Language of the judgement
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub(crate) lang: Language,
}

impl Claimed {
    /// An option that was given and is about claims.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let options = [
            ("--layout", self.layout.is_some()),
            ("--vec", self.stacking.is_some()),
            ("--convention", self.convention.is_some()),
            ("--emit json", self.emit == Told::Json),
        ];
        options.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }
}

/// Forms of a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Told {
    /// Text for people
    Text,
    /// JSON
    Json,
}

/// Languages of messages.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// Chinese
    Zh,
}

/// How an answer is shown.
#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// What to print
    #[arg(long, value_enum, default_value_t = Emit::Text)]
    pub(crate) emit: Emit,
    /// Exit with 4 if the answer could not be verified
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Arguments of `gradus functions`.
#[derive(Debug, Args)]
pub(crate) struct Functions {
    /// Only this function
    pub(crate) name: Option<String>,
}

/// Arguments of `gradus explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A function, or a rule of derivations
    pub(crate) name: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Emit::Text)]
    pub(crate) emit: Emit,
    /// The language of the reasons
    #[arg(long = "lang", value_enum, default_value_t = Language::En)]
    pub(crate) language: Language,
}

/// Arguments of `gradus completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Ways to a differential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// By the rules of differentials
    Rules,
    /// From the definition first: the part of first order of F(X + dX) − F(X), for polynomials
    Definition,
}

/// Ways to a solution.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Solving {
    /// A closed form
    ClosedForm,
    /// One step of gradient descent, with t for its length
    GradientStep,
    /// One step of Newton's method
    NewtonStep,
}

/// How fine steps are.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Detail {
    /// The differential, the form that is compared, and the answer
    Brief,
    /// A line for each rule that a reader would want to see
    Normal,
    /// A line for each single rule
    Full,
}

/// Layouts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Layout {
    /// Gradients as columns or in the variable's shape, Jacobians with outputs as rows
    Mixed,
    /// Outputs as rows, inputs as columns
    Numerator,
    /// Inputs as rows, outputs as columns
    Denominator,
}

/// Stackings.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Stacking {
    /// Column after column
    Columns,
    /// Row after row
    Rows,
}

/// Conventions for structured variables.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Convention {
    /// The projection of the free derivative onto the structure
    Projected,
    /// The derivatives by independent entries, as in the Matrix Cookbook
    Entries,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Emit {
    /// Unicode text
    Text,
    /// Gradus' own language
    Source,
    /// LaTeX
    Latex,
    /// MathML
    Mathml,
    /// Typst
    Typst,
    /// Index form
    Index,
    /// JSON, with every form and the verification
    Json,
    /// A Python module for NumPy
    Numpy,
}

/// Reads the command line.
pub(crate) fn parse(words: &[String]) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(words)
}
