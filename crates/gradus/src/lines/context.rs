//! What the names of a derivation mean: its declarations and definitions, read as one program.
//!
//! Must not know whether its equations hold.

use std::ops::Range;

use gradus_claims::{inlined, plain};
use gradus_diagnostics::{Diagnostic, Error, Span};
use gradus_elaborate::typed::{Nature, TypedId};
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::tree::{Expr, Statement, Tree};
use gradus_syntax::{is_name, parse_declarations, parse_with};

use super::format::{Part, Parts, masked, split};
use super::symbols::{Symbol, named};
use crate::derive::{diff, differential, written_layout};
use crate::failure::{Failure, Result};
use crate::request::{Layout, Order, Output, Request};

/// A derivation with its names.
pub(super) struct Context<'r> {
    request: &'r Request,
    /// The layout of the derivatives.
    pub(super) layout: Layout,
    /// The text with names in the place of signs of derivatives.
    pub(super) text: String,
    pub(super) parts: Parts,
    pub(super) symbols: Vec<Symbol>,
    /// The names that are defined.
    pub(super) defined: Vec<String>,
    /// The statements that define them.
    definitions: Vec<Range<usize>>,
    /// Gradus' own answers for the signs, as expressions.
    pub(super) answers: Vec<String>,
    pub(super) program: Program,
}

impl<'r> Context<'r> {
    /// Reads a derivation.
    ///
    /// # Errors
    /// Something is wrong with its definitions, or a sign stands for no derivative.
    pub(super) fn read(request: &'r Request) -> Result<Self> {
        let original = &request.program;
        let parts = split(original);
        let layout = parts.layout.unwrap_or(request.layout);
        let known = declared(request, &parts);
        let (defined, definitions) = definitions(original, &parts, &known);
        let (text, mut symbols) = named(original, &defined);
        // Those of prose and comments stand for nothing.
        let sides = || parts.parts.iter().flat_map(Part::formulas);
        symbols.retain_mut(|symbol| {
            let found = sides().find_map(|side| {
                text.get(side.clone())?.find(&symbol.name).map(|at| side.start + at)
            });
            symbol.place = found.map_or(0..0, |at| at..at + symbol.name.len());
            found.is_some()
        });
        let mut context = Self {
            request,
            layout,
            text,
            parts,
            symbols,
            defined,
            definitions,
            answers: Vec::new(),
            program: empty()?,
        };
        context.program = context.elaborated()?;
        if !context.symbols.is_empty() {
            for at in 0..context.symbols.len() {
                let answer = context.answer(at)?;
                context.answers.push(answer);
            }
            context.program = context.elaborated()?;
        }
        Ok(context)
    }

    /// The program of the declarations and definitions, and of every side whose names do not stand in
    /// them. Before the answers for the signs are known, what needs them is left out.
    fn elaborated(&self) -> Result<Program> {
        let with_answers = self.answers.len() == self.symbols.len();
        let needs_answers = |range: &Range<usize>| {
            self.symbols.iter().any(|symbol| self.text[range.clone()].contains(&symbol.name))
        };
        let mut own: Vec<Range<usize>> = self.definitions.clone();
        own.retain(|range| with_answers || !needs_answers(range));
        let declarations = self.declarations();
        let parsed: Vec<(String, Tree)> = declarations
            .into_iter()
            .map(|text| {
                let parsed = parse_declarations(&text).into_result().map_err(Failure::of(&text))?;
                Ok((text, parsed.0))
            })
            .collect::<Result<_>>()?;
        let names: Vec<&str> = parsed.iter().flat_map(|(_, tree)| tree.declared_names()).collect();
        let sources: Vec<Source<'_>> =
            parsed.iter().map(|(text, tree)| Source::new(text, tree)).collect();
        let options = Options { declarations: &sources, same_shape: false };
        let mut texts: Vec<(String, Tree)> = Vec::new();
        if !own.is_empty() {
            texts.push(self.source(&own, None, &names)?);
        }
        let mut program = match texts.is_empty() {
            true => None,
            false => Some(self.together(&texts, &options)?),
        };
        for side in self.sides().filter(|side| with_answers || !needs_answers(side)) {
            let is_known = |program: &Program| match read(program, &self.text[side.clone()]) {
                Ok(_) => true,
                Err(error) => error.code != "name",
            };
            if program.as_ref().is_some_and(is_known) {
                continue;
            }
            // What is wrong with a side is told where it is checked.
            let Ok(source) = self.source(&own, Some(&side), &names) else { continue };
            texts.push(source);
            match self.together(&texts, &options) {
                Ok(read) => program = Some(read),
                Err(_) => {
                    texts.pop();
                }
            }
        }
        program.map_or_else(empty, Ok)
    }

    fn together(&self, texts: &[(String, Tree)], options: &Options<'_>) -> Result<Program> {
        let sources: Vec<Source<'_>> =
            texts.iter().map(|(text, tree)| Source::new(text, tree)).collect();
        elaborate(&sources, options).map_err(|error| self.failure(error))
    }

    /// The definitions and a side as a program, in which the answers are bound before they are used.
    fn source(
        &self,
        definitions: &[Range<usize>],
        side: Option<&Range<usize>>,
        names: &[&str],
    ) -> Result<(String, Tree)> {
        let mut kept: Vec<Range<usize>> = definitions.to_vec();
        kept.extend(side.cloned());
        kept.sort_by_key(|range| range.start);
        let mut text = masked(&self.text, &kept);
        let own = text.len();
        for (symbol, answer) in self.symbols.iter().zip(&self.answers) {
            text.push_str(&format!("\n{} = {answer}", symbol.name));
        }
        let mut function_at = None;
        if side.is_none()
            && let Some(name) = self.last_definition(definitions)
        {
            // As the function its names are read as those of an expression.
            text.push('\n');
            function_at = Some(text.len());
            text.push_str(name);
        }
        let (mut tree, _) = parse_with(&text, names).into_result().map_err(|e| self.failure(e))?;
        let (mut statements, mut answers): (Vec<_>, Vec<_>) = std::mem::take(&mut tree.statements)
            .into_iter()
            .partition(|(_, span)| (span.start as usize) < own);
        let is_function = |span: &Span| function_at == Some(span.start as usize);
        let function = answers.iter().position(|(_, span)| is_function(span));
        let function = function.map(|at| answers.remove(at));
        // The side is the function, so it comes last.
        let of_side = side.and_then(|side| {
            let at = |span: &Span| span.start as usize >= side.start;
            let place = statements
                .iter()
                .position(|(_, span)| at(span) && (span.start as usize) < side.end)?;
            Some(statements.remove(place))
        });
        for answer in answers {
            let Statement::Binding { name, .. } = &answer.0 else { continue };
            let name = tree.text(*name);
            let uses = |(_, span): &(Statement, Span)| {
                text.get(span.start as usize..span.end as usize)
                    .is_some_and(|statement| statement.contains(name))
            };
            let place = statements.iter().position(uses).unwrap_or(statements.len());
            statements.insert(place, answer);
        }
        statements.extend(of_side);
        statements.extend(function);
        tree.statements = statements;
        Ok((text, tree))
    }

    /// The name that the last of these statements defines.
    fn last_definition(&self, definitions: &[Range<usize>]) -> Option<&str> {
        let last = definitions.iter().max_by_key(|range| range.start)?;
        self.text[last.clone()].split_once('=').map(|(name, _)| name.trim())
    }

    /// All sides of all equations.
    fn sides(&self) -> impl Iterator<Item = Range<usize>> {
        self.parts.parts.iter().filter_map(Part::sides).flatten().cloned()
    }

    /// The declarations of the request and of the text.
    fn declarations(&self) -> Vec<String> {
        let own = self.parts.parts.iter().filter_map(|part| match part {
            Part::Declaration(range) => Some(self.text[range.clone()].to_owned()),
            Part::Equation(_) | Part::Shape { .. } => None,
        });
        self.request.declarations.iter().cloned().chain(own).collect()
    }

    /// The declarations of all variables, those that were not declared as they were read.
    fn all_declarations(&self) -> Vec<String> {
        let mut declarations = self.declarations();
        let known = declared(self.request, &self.parts);
        for read in &self.program.reading.names {
            let name = &self.program.tree.variable(read.variable).name;
            // An unknown function needs no declaration.
            let is_array = self.program.tree.variable(read.variable).nature == Nature::Array;
            if is_array && !known.contains(name) {
                declarations.push(format!("{name}: {}", read.kind));
            }
        }
        declarations
    }

    /// The layout in which the derivative that a sign stands for is written.
    pub(super) fn layout_of(&self, symbol: &Symbol) -> Layout {
        let bound = self.program.bindings.iter().rev().find(|(name, _)| *name == symbol.of);
        let is_scalar = bound.is_some_and(|(_, id)| self.program.tree.shape(*id).is_scalar());
        written_layout(self.layout, symbol.order, is_scalar)
    }

    /// Gradus' own answer for a sign in the layout of the derivation.
    fn answer(&self, at: usize) -> Result<String> {
        self.answer_in(at, self.layout)
    }

    /// Gradus' own answer for a sign in a layout.
    pub(super) fn answer_in(&self, at: usize, layout: Layout) -> Result<String> {
        let symbol = &self.symbols[at];
        let wrong = |message: String| {
            let place = Span::new(symbol.place.start, symbol.place.end);
            let error = Diagnostic::bad_input("name", message).label(place, "here");
            Failure::new(error, &self.request.program)
        };
        if !self.defined.contains(&symbol.of) {
            return Err(wrong(format!(
                "`{0}` is not defined: a line `{0} = …` is missing",
                symbol.of
            )));
        }
        let request = self.about(&symbol.of, Some(&symbol.by));
        let request = request.ok_or_else(|| wrong(format!("`{}` has no derivative", symbol.of)))?;
        let mut request = request.by(&symbol.by).layout(layout);
        request.order = Order(symbol.order);
        let answer = diff(&request.convention(self.request.convention).main_form())?;
        let source = answer.print(Output::Source)?;
        let names = self.names();
        let formula = inlined(&source, &names).map(|text| plain(&text, &names));
        formula.ok_or_else(|| {
            wrong(format!("`{}` has no formula that could be put in", symbol.written))
        })
    }

    /// The differential of a defined name along some variables, as an expression.
    pub(super) fn differential_of(&self, name: &str, varying: &[String]) -> Option<String> {
        let mut request = self.about(name, None)?;
        request.variables = varying.to_vec();
        let source = differential(&request).ok()?.print(Output::Source).ok()?;
        inlined(&source, &self.names())
    }

    /// A question about a defined name, with all other definitions put in except that of the variable.
    fn about(&self, name: &str, except: Option<&str>) -> Option<Request> {
        let expression = self.expression(name, except)?;
        let mut request = Request::new(expression);
        request.declarations = self.all_declarations();
        let bound = except.and_then(|except| {
            let found = self.program.bindings.iter().rev().find(|(bound, _)| bound == except);
            found.map(|(_, id)| self.declaration(except, *id))
        });
        request.declarations.extend(bound);
        Some(request)
    }

    /// The expression of a defined name.
    pub(super) fn expression(&self, name: &str, except: Option<&str>) -> Option<String> {
        let own: Vec<Range<usize>> = self
            .definitions
            .iter()
            .filter(|range| {
                let defines = |name: &str| {
                    let text = self.text[(*range).clone()].trim_start();
                    text.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
                };
                !except.is_some_and(defines)
            })
            .cloned()
            .collect();
        let mut text = masked(&self.text, &own);
        text.push_str(&format!("\n{name}"));
        inlined(&text, &self.names())
    }

    /// A declaration of the shape of a node.
    fn declaration(&self, name: &str, id: TypedId) -> String {
        let tree = &self.program.tree;
        let shape = tree.shape(id);
        let side = |size| tree.dimensions.display(size);
        let one = gradus_tensor::Dimensions::ONE;
        match (shape.rows == one, shape.columns == one) {
            (true, true) => format!("{name}: scalar"),
            (false, true) => format!("{name}: vector({})", side(shape.rows)),
            (true, false) => format!("{name}: rowvector({})", side(shape.columns)),
            (false, false) => {
                format!("{name}: matrix({},{})", side(shape.rows), side(shape.columns))
            }
        }
    }

    /// The names with a meaning, for the parser.
    pub(super) fn names(&self) -> Vec<&str> {
        let variables = self.program.tree.variables.iter().map(|own| own.name.as_str());
        variables.chain(self.program.bindings.iter().map(|(name, _)| name.as_str())).collect()
    }

    /// A message about the text.
    #[expect(clippy::boxed_local, reason = "errors of the layers come in boxes")]
    fn failure(&self, error: Error) -> Failure {
        Failure::new(*error, &self.request.program)
    }
}

/// Reads a formula with the names of a program.
pub(super) fn read(
    program: &Program,
    text: &str,
) -> std::result::Result<(Program, TypedId), Error> {
    let mut program = program.clone();
    let variables = program.tree.variables.iter().map(|own| own.name.as_str());
    let names: Vec<&str> =
        variables.chain(program.bindings.iter().map(|(name, _)| name.as_str())).collect();
    let (tree, _) = parse_with(text, &names).into_result()?;
    let root = program.read_back(&Source::new(text, &tree))?.result;
    Ok((program, root))
}

/// A program without names.
fn empty() -> Result<Program> {
    let (tree, _) = parse_with("0", &[]).into_result().map_err(Failure::of("0"))?;
    elaborate(&[Source::new("0", &tree)], &Options::default()).map_err(Failure::of("0"))
}

/// The names that are declared.
fn declared(request: &Request, parts: &Parts) -> Vec<String> {
    let own = parts.parts.iter().filter_map(|part| match part {
        Part::Declaration(range) => request.program.get(range.clone()),
        Part::Equation(_) | Part::Shape { .. } => None,
    });
    let texts = request.declarations.iter().map(String::as_str).chain(own);
    let names =
        texts.filter_map(|text| text.split_once(':')).flat_map(|(names, _)| names.split(','));
    names.map(|name| name.trim().to_owned()).collect()
}

/// The names that the equations define, and the statements that do so: the first two sides of an equation
/// with a new name on the left.
fn definitions(text: &str, parts: &Parts, declared: &[String]) -> (Vec<String>, Vec<Range<usize>>) {
    let mut seen: Vec<String> = declared.to_vec();
    let (mut defined, mut statements) = (Vec::new(), Vec::new());
    for part in &parts.parts {
        let Part::Equation(sides) = part else { continue };
        if let [left, right, ..] = sides.as_slice()
            && let Some(name) = new_name(&text[left.clone()], &seen)
        {
            statements.push(left.start..right.end);
            defined.push(name.to_owned());
            seen.push(name.to_owned());
        }
        for side in sides {
            seen.extend(words(&text[side.clone()]).map(str::to_owned));
        }
    }
    (defined, statements)
}

/// The name that is defined by standing on the left.
fn new_name<'t>(left: &'t str, seen: &[String]) -> Option<&'t str> {
    let is_seen = |name: &str| seen.iter().any(|known| known == name);
    let name = left.trim();
    let is_differential =
        name.strip_prefix('d').is_some_and(|rest| rest.is_empty() || is_seen(rest));
    let is_own = is_name(name)
        && !is_seen(name)
        && !is_differential
        && gradus_functions::book().lookup(name).is_none()
        && gradus_functions::reserved(name).is_none();
    is_own.then_some(name)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.split(move |one| !letter(one)).filter(|word| !word.is_empty())
}

/// The variables whose differentials stand in a formula.
pub(super) fn varied(text: &str, names: &[&str]) -> Vec<String> {
    let Ok((tree, _)) = parse_with(text, names).into_result() else { return Vec::new() };
    let names = tree.exprs.iter().filter_map(|expr| match expr {
        Expr::Name(text) => tree.text(*text).strip_prefix('d').map(str::to_owned),
        _ => None,
    });
    names.collect()
}

/// What stands in the signs `d(…)` of a formula.
pub(super) fn differentiated(text: &str, names: &[&str]) -> Vec<String> {
    let Ok((tree, _)) = parse_with(text, names).into_result() else { return Vec::new() };
    let subject = |expr: &Expr| match expr {
        Expr::Call { function, arguments, .. }
            if matches!(tree.text(*function), "d" | "differential") =>
        {
            let span = tree.span(*arguments.first()?);
            text.get(span.start as usize..span.end as usize).map(str::to_owned)
        }
        _ => None,
    };
    tree.exprs.iter().filter_map(subject).collect()
}

/// The names in a formula.
pub(super) fn names_in(text: &str) -> Vec<String> {
    words(text).map(str::to_owned).collect()
}
