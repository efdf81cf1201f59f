//! The texts of one request: the program and its declarations, shown as one where a message is about
//! several of them.
//!
//! Must not know what they mean.

use gradus_diagnostics::{Diagnostic, Error, Span};
use gradus_elaborate::Source;
use gradus_syntax::tree::{ExprId, Statement, Tree};
use gradus_syntax::{parse_declarations, parse_identity_with, parse_with};

use crate::failure::{Failure, Result};
use crate::request::Request;

/// Parsed texts with their places in the whole.
pub(crate) struct Texts {
    parts: Vec<Part>,
    /// The values of variables at a point, with their names.
    points: Vec<(String, Part)>,
    /// Equations that are assumed.
    equations: Vec<Part>,
    /// Notes of the parser.
    pub(crate) notes: Vec<Diagnostic>,
}

struct Part {
    text: String,
    tree: Tree,
    offset: u32,
}

impl Part {
    fn contains(&self, span: Span) -> bool {
        let end = u64::from(self.offset) + self.text.len() as u64;
        self.offset <= span.start && u64::from(span.end) <= end
    }
}

impl Texts {
    /// Parses a program with its declarations.
    pub(crate) fn of_program(request: &Request) -> Result<Self> {
        let mut texts = Self::of_declarations(request)?;
        let parsed = {
            let declared = texts.declared();
            parse_with(&request.program, &declared).into_result()
        };
        let (tree, notes) = parsed.map_err(Failure::of(&request.program))?;
        texts.put_first(&request.program, tree);
        texts.notes = notes;
        texts.add_points(request)?;
        Ok(texts)
    }

    /// Parses the values of variables at a point.
    fn add_points(&mut self, request: &Request) -> Result<()> {
        let last = request.declarations.iter();
        let mut offset = last.fold(end(0, &request.program), |offset, text| end(offset, text));
        for text in &request.points {
            let (name, tree) = {
                let declared = self.declared();
                let (tree, _) =
                    parse_with(text, &declared).into_result().map_err(Failure::of(text))?;
                point(tree).map_err(Failure::of(text))?
            };
            self.points.push((name, Part { text: text.clone(), tree, offset }));
            offset = end(offset, text);
        }
        Ok(())
    }

    /// Parses equations beside the program: the trees of the sides of each. They are told as what they
    /// are, `an assumption`, by an option.
    pub(crate) fn add_equations(
        &mut self,
        texts: &[String],
        (what, option): (&str, &str),
    ) -> Result<Vec<[Tree; 2]>> {
        let parts = self.parts[1..].iter().map(|part| part.text.as_str());
        let mut offset = parts.fold(end(0, &self.parts[0].text), end);
        let mut trees = Vec::with_capacity(texts.len());
        for text in texts {
            let (tree, sides) = {
                let declared = self.declared();
                let parsed = parse_identity_with(text, &declared).into_result();
                let (tree, sides, _) = parsed.map_err(Failure::of(text))?;
                (tree, sides)
            };
            let [left, right] = sides.as_slice() else {
                let error = Diagnostic::bad_input("input", format!("{what} has two sides"));
                let error = error.hint(format!("write one {option} for each equation"));
                return Err(Failure::new(error, text));
            };
            trees.push([left, right].map(|side| Self::side(&tree, *side)));
            self.equations.push(Part { text: text.clone(), tree, offset });
            offset = end(offset, text);
        }
        Ok(trees)
    }

    /// An equation's text with another tree of it.
    pub(crate) fn equation_as<'a>(&'a self, at: usize, tree: &'a Tree) -> Source<'a> {
        let part = &self.equations[at];
        Source { text: &part.text, tree, offset: part.offset }
    }

    /// The values of variables at a point, with their names.
    pub(crate) fn points(&self) -> Vec<(&str, Source<'_>)> {
        self.points.iter().map(|(name, part)| (name.as_str(), self.source(part))).collect()
    }

    /// What a point was written as.
    pub(crate) fn point_text(&self, at: usize) -> &str {
        self.points.get(at).map_or("", |(_, part)| part.text.trim())
    }

    /// Parses an identity with its declarations: a tree for each side, which holds the statements
    /// before the identity and the side as the function.
    pub(crate) fn of_identity(request: &Request) -> Result<(Self, Vec<Tree>)> {
        let mut texts = Self::of_declarations(request)?;
        let parsed = {
            let declared = texts.declared();
            parse_identity_with(&request.program, &declared).into_result()
        };
        let (tree, sides, notes) = parsed.map_err(Failure::of(&request.program))?;
        let trees = sides.iter().map(|side| Self::side(&tree, *side)).collect();
        let mut declarations = tree.clone();
        declarations
            .statements
            .retain(|(statement, _)| matches!(statement, Statement::Declaration(_)));
        texts.put_first(&request.program, declarations);
        texts.notes = notes;
        Ok((texts, trees))
    }

    /// A tree of one side of an identity: the statements before it, and the side as the function.
    pub(crate) fn side(tree: &Tree, side: ExprId) -> Tree {
        let mut tree = tree.clone();
        tree.statements.retain(|(statement, _)| !matches!(statement, Statement::Declaration(_)));
        tree.statements.push((Statement::Expression(side), tree.span(side)));
        tree
    }

    fn of_declarations(request: &Request) -> Result<Self> {
        let mut texts = Self {
            parts: Vec::new(),
            points: Vec::new(),
            equations: Vec::new(),
            notes: Vec::new(),
        };
        // A line break stands between the parts.
        let mut offset = end(0, &request.program);
        for text in &request.declarations {
            let (tree, _) = parse_declarations(text).into_result().map_err(Failure::of(text))?;
            texts.parts.push(Part { text: text.clone(), tree, offset });
            offset = end(offset, text);
        }
        Ok(texts)
    }

    /// The names of numbers that the declarations declare.
    fn declared(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for part in &self.parts {
            for (statement, _) in &part.tree.statements {
                let Statement::Declaration(declaration) = statement else { continue };
                let mut words = declaration.kind.words.iter();
                if words.any(|(word, _)| part.tree.text(*word) == "scalar") {
                    names.extend(declaration.names.iter().map(|(name, _)| part.tree.text(*name)));
                }
            }
        }
        names
    }

    fn put_first(&mut self, text: &str, tree: Tree) {
        self.parts.insert(0, Part { text: text.to_owned(), tree, offset: 0 });
    }

    /// The program.
    pub(crate) fn program(&self) -> Source<'_> {
        self.source(&self.parts[0])
    }

    /// The program's text with another tree of it.
    pub(crate) fn program_as<'a>(&'a self, tree: &'a Tree) -> Source<'a> {
        Source { text: &self.parts[0].text, tree, offset: 0 }
    }

    /// The declarations beside the program.
    pub(crate) fn declarations(&self) -> Vec<Source<'_>> {
        self.parts[1..].iter().map(|part| self.source(part)).collect()
    }

    fn source<'a>(&'a self, part: &'a Part) -> Source<'a> {
        Source { text: &part.text, tree: &part.tree, offset: part.offset }
    }

    /// A message about these texts, with its places in the one part that it is about.
    #[expect(clippy::boxed_local, reason = "errors of the layers come in boxes")]
    pub(crate) fn failure(&self, error: Error) -> Failure {
        let (diagnostic, source) = self.located(*error);
        Failure::new(diagnostic, &source)
    }

    /// A message with the text that its places refer to.
    pub(crate) fn located(&self, mut diagnostic: Diagnostic) -> (Diagnostic, String) {
        let holds_all =
            |part: &&Part| diagnostic.labels.iter().all(|label| part.contains(label.span));
        let Some(part) = self.all().find(holds_all) else {
            return (diagnostic, self.whole());
        };
        for label in &mut diagnostic.labels {
            label.span.start -= part.offset;
            label.span.end -= part.offset;
        }
        (diagnostic, part.text.clone())
    }

    fn whole(&self) -> String {
        let texts: Vec<&str> = self.all().map(|part| part.text.as_str()).collect();
        texts.join("\n")
    }

    fn all(&self) -> impl Iterator<Item = &Part> {
        let points = self.points.iter().map(|(_, part)| part);
        self.parts.iter().chain(points).chain(&self.equations)
    }
}

/// The name and the value of `x = …`.
fn point(mut tree: Tree) -> gradus_diagnostics::Result<(String, Tree)> {
    let found = match tree.statements.as_slice() {
        [(Statement::Binding { name, value, .. }, _)] => {
            Some((tree.text(*name).to_owned(), *value))
        }
        _ => None,
    };
    let Some((name, value)) = found else {
        let error = Diagnostic::bad_input("point", "a point is an equation for one variable");
        let error = match tree.statements.first() {
            Some((_, span)) => error.label(*span, "no such equation"),
            None => error,
        };
        return Err(error.hint("--at 'x=0', --at 'X=eye(n)', --at 'w=w0'").into());
    };
    tree.statements = vec![(Statement::Expression(value), tree.span(value))];
    Ok((name, tree))
}

fn end(offset: u32, text: &str) -> u32 {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    offset.saturating_add(length).saturating_add(1)
}
