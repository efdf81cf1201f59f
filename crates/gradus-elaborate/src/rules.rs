//! The texts of the rule book as typed trees, elaborated once on first use.
//!
//! Must not know what the texts are used for.

use std::sync::{LazyLock, OnceLock};

use gradus_diagnostics::{Diagnostic, Result};
use gradus_functions::{ArgumentPattern, Exact, Meaning, ShapePattern, Signature, book};
use gradus_syntax::parse;
use gradus_tensor::{DimensionId, Dimensions, FunctionId, Structure};

use crate::lookup::plain_variable;
use crate::names::{Meaning as NameMeaning, NameTable};
use crate::program::{Program, Source};
use crate::typed::{Shape, TypedId, TypedTree, Variable, VariableId};

/// A text of the rule book for one signature. Its dimension names are the letters of the signature;
/// for an elementwise function every parameter is a scalar.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The nodes, with a dimension table of their own.
    pub tree: TypedTree,
    /// The parameters that are arrays, in order.
    pub parameters: Vec<VariableId>,
    /// `dX` for each parameter X.
    pub differentials: Vec<VariableId>,
    /// `U`, of the shape of the result, in the adjoint of a linear function.
    pub cotangent: Option<VariableId>,
    /// The value.
    pub result: TypedId,
}

/// Which signature a call has, and what its letters stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureMatch {
    /// The position of the signature in the entry.
    pub signature: usize,
    /// What each dimension name of a [`Fragment`] of this signature stands for, in the order of the
    /// fragment's dimension names.
    pub letters: Vec<DimensionId>,
}

/// A fragment, or why there is none.
type Cell = OnceLock<Result<Fragment>>;

/// The fragments of one signature.
#[derive(Debug, Default)]
struct Texts {
    differential: Cell,
    expansion: Cell,
    exact: Cell,
    adjoint: Cell,
}

/// The fragments of every function.
#[derive(Debug)]
pub struct RuleBook {
    functions: Vec<Vec<Texts>>,
    /// The signatures in which a side is one, with their texts.
    small: Vec<Vec<(Option<Signature>, Cell)>>,
}

/// The rule book.
pub fn rule_book() -> &'static RuleBook {
    static BOOK: LazyLock<RuleBook> = LazyLock::new(|| RuleBook {
        functions: book()
            .iter()
            .map(|(id, _)| book().signatures(id).iter().map(|_| Texts::default()).collect())
            .collect(),
        small: book()
            .iter()
            .map(|(_, function)| {
                let cell = |(signature, _): &(&str, &str)| {
                    (gradus_functions::signature::parse(signature).ok(), Cell::new())
                };
                function.small.iter().map(cell).collect()
            })
            .collect(),
    });
    &BOOK
}

impl RuleBook {
    /// The differential of a function, linear in [`Fragment::differentials`].
    ///
    /// # Errors
    /// The text is wrong or the entry has none.
    pub fn differential(&self, function: FunctionId, signature: usize) -> Result<&Fragment> {
        let text = Some(book().get(function).differential).filter(|text| !text.is_empty());
        self.fragment(function, signature, text, "differential", |texts| &texts.differential)
    }

    /// What an abbreviation stands for.
    ///
    /// # Errors
    /// The text is wrong or the entry is no abbreviation.
    pub fn expansion(&self, function: FunctionId, signature: usize) -> Result<&Fragment> {
        let text = match book().get(function).meaning {
            Meaning::Expansion(text) => Some(text),
            Meaning::Applied | Meaning::Structural(_) => None,
        };
        self.fragment(function, signature, text, "expansion", |texts| &texts.expansion)
    }

    /// The definition of the exact value.
    ///
    /// # Errors
    /// The text is wrong or the entry has none.
    pub fn exact(&self, function: FunctionId, signature: usize) -> Result<&Fragment> {
        let text = match book().get(function).exact {
            Exact::Expansion(text) => Some(text),
            _ => None,
        };
        self.fragment(function, signature, text, "exact definition", |texts| &texts.exact)
    }

    /// The adjoint of a function that is linear in an argument, applied to [`Fragment::cotangent`].
    ///
    /// # Errors
    /// The text is wrong or the entry has none.
    pub fn adjoint(&self, function: FunctionId, signature: usize) -> Result<&Fragment> {
        let text = Some(book().get(function).adjoint).filter(|text| !text.is_empty());
        self.fragment(function, signature, text, "adjoint", |texts| &texts.adjoint)
    }

    /// What a function of whole arrays is where a side of an argument is one, and what the letters of
    /// that signature stand for.
    ///
    /// # Errors
    /// The text is wrong or there is none for these shapes.
    pub fn small(
        &self,
        function: FunctionId,
        shapes: &[Shape],
    ) -> Result<(&Fragment, Vec<DimensionId>)> {
        let cells = self.small.get(usize::from(function.0)).map_or(&[] as &[_], Vec::as_slice);
        let texts = book().get(function).small;
        for ((signature, cell), (_, text)) in cells.iter().zip(texts) {
            let Some(signature) = signature else { continue };
            let Some(letters) = match_one(signature, shapes, &[]) else { continue };
            let fragment = cell
                .get_or_init(|| elaborate_text(function, signature, text))
                .as_ref()
                .map_err(Clone::clone)?;
            return Ok((fragment, letters));
        }
        let name = book().get(function).name;
        Err(Diagnostic::internal(format!("`{name}` has no value at these small sizes")).into())
    }

    fn fragment(
        &self,
        function: FunctionId,
        signature: usize,
        text: Option<&'static str>,
        what: &str,
        cell: fn(&Texts) -> &Cell,
    ) -> Result<&Fragment> {
        let texts =
            self.functions.get(usize::from(function.0)).and_then(|texts| texts.get(signature));
        let (Some(text), Some(texts)) = (text, texts) else {
            let name = book().get(function).name;
            return Err(Diagnostic::internal(format!("`{name}` has no {what}")).into());
        };
        cell(texts)
            .get_or_init(|| elaborate_text(function, &book().signatures(function)[signature], text))
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// Elaborates a text with the parameters of an entry under one of its signatures.
fn elaborate_text(
    function: FunctionId,
    signature: &Signature,
    text: &'static str,
) -> Result<Fragment> {
    let entry = book().get(function);
    let wrong =
        |reason: &str| Diagnostic::internal(format!("`{}`: `{text}`: {reason}", entry.name));
    let mut names = NameTable::default();
    let mut tree = TypedTree::default();
    let mut shapes: Vec<(&'static str, Shape)> = Vec::new();
    let mut whole = Shape::SCALAR;
    match signature {
        Signature::Elementwise => {
            shapes.extend(entry.parameters.iter().map(|name| (*name, Shape::SCALAR)));
        }
        Signature::Variadic => return Err(wrong("any number of arguments").into()),
        Signature::Shapes(shaped) => {
            let mut letters = Vec::with_capacity(shaped.letters.len());
            for letter in &shaped.letters {
                let letter = letter.to_string();
                let dimension = tree.dimensions.named(&letter);
                let name = names.intern(&letter);
                names.get_mut(name).dimension = Some(dimension);
                letters.push(dimension);
            }
            for (name, argument) in entry.parameters.iter().zip(&shaped.arguments) {
                if let ArgumentPattern::Array(pattern) = argument {
                    let shape = instantiate(pattern, &mut tree.dimensions, &letters);
                    shapes.push((*name, shape.ok_or_else(|| wrong("a letter without value"))?));
                }
            }
            let result = instantiate(&shaped.result, &mut tree.dimensions, &letters);
            whole = result.ok_or_else(|| wrong("a letter without value"))?;
        }
    }
    let parameters: Vec<VariableId> = shapes
        .iter()
        .map(|(name, shape)| add(&mut names, &mut tree, (*name).to_owned(), *shape, None))
        .collect();
    let differentials: Vec<VariableId> = shapes
        .iter()
        .zip(&parameters)
        .map(|((name, shape), of)| {
            add(&mut names, &mut tree, format!("d{name}"), *shape, Some(*of))
        })
        .collect();
    let cotangent =
        (text == entry.adjoint).then(|| add(&mut names, &mut tree, "U".to_owned(), whole, None));
    let parsed = parse(text).into_result();
    let (surface, _) = parsed.map_err(|error| wrong(&error.message))?;
    let mut program = Program::of_variables(tree, names);
    let read =
        program.read_back(&Source::new(text, &surface)).map_err(|error| wrong(&error.message))?;
    Ok(Fragment { tree: program.tree, parameters, differentials, cotangent, result: read.result })
}

fn instantiate(
    pattern: &ShapePattern,
    dimensions: &mut Dimensions,
    letters: &[DimensionId],
) -> Option<Shape> {
    Some(Shape {
        rows: pattern.rows.instantiate(dimensions, letters)?,
        columns: pattern.columns.instantiate(dimensions, letters)?,
    })
}

fn add(
    names: &mut NameTable,
    tree: &mut TypedTree,
    text: String,
    shape: Shape,
    differential_of: Option<VariableId>,
) -> VariableId {
    let id = VariableId(u32::try_from(tree.variables.len()).unwrap_or(u32::MAX));
    let name = names.intern(&text);
    names.get_mut(name).meaning = NameMeaning::Variable(id);
    let variable = plain_variable(text, shape, gradus_diagnostics::Span::default());
    tree.variables.push(Variable {
        structure: Structure::General,
        declared: true,
        differential_of,
        ..variable
    });
    id
}

/// Matches the shapes of a call's arguments and its sizes against the signatures of the function; the
/// shapes are those of an elaborated call, so that the first signature that can fit does.
#[must_use]
pub fn match_signature(
    function: FunctionId,
    arguments: &[Shape],
    sizes: &[DimensionId],
) -> Option<SignatureMatch> {
    let signatures = book().signatures(function).iter().enumerate();
    signatures.into_iter().find_map(|(position, signature)| {
        let letters = match_one(signature, arguments, sizes)?;
        Some(SignatureMatch { signature: position, letters })
    })
}

/// What the letters of a signature stand for, if it fits.
fn match_one(
    signature: &Signature,
    arguments: &[Shape],
    sizes: &[DimensionId],
) -> Option<Vec<DimensionId>> {
    let Signature::Shapes(shaped) = signature else { return Some(Vec::new()) };
    let mut letters: Vec<Option<DimensionId>> = vec![None; shaped.letters.len()];
    let mut sizes = sizes.iter();
    let mut shapes = arguments.iter();
    for argument in &shaped.arguments {
        match argument {
            ArgumentPattern::Size(letter) => {
                letters[letter.0 as usize] = Some(*sizes.next()?);
            }
            ArgumentPattern::Array(pattern) => {
                let shape = shapes.next()?;
                let sides = [(&pattern.rows, shape.rows), (&pattern.columns, shape.columns)];
                for (pattern, side) in sides {
                    if let Some(letter) = pattern.as_letter() {
                        let known = letters[letter.0 as usize].get_or_insert(side);
                        if *known != side {
                            return None;
                        }
                    } else if pattern.as_number().is_some_and(|number| number.is_one())
                        && side != Dimensions::ONE
                    {
                        return None;
                    }
                }
            }
        }
    }
    if shapes.next().is_some() {
        return None;
    }
    letters.into_iter().collect()
}
