//! Expected formulas read in the context of a case and compared by value.
//!
//! Must not know the pipeline: the oracle alone decides here.

use gradus_elaborate::typed::TypedId;
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::tree::Tree;
use gradus_syntax::{parse_declarations, parse_with};
use gradus_verify::{
    Claim, Claims, Expression, Form, Settings, Verdict, check_derivative, check_equal,
};

use crate::format::Case;

/// A program of a case, to which further formulas can be read.
pub(crate) struct Context {
    program: Program,
    variables: Vec<String>,
}

impl Context {
    /// The function of a case with its declarations.
    pub(crate) fn of(case: &Case) -> Result<Self, String> {
        let source = case.one("expr");
        let lets = case.texts("let");
        let declarations: Vec<(&String, Tree)> = lets
            .iter()
            .map(|text| Ok((text, tree(parse_declarations(text))?)))
            .collect::<Result<_, String>>()?;
        let sources: Vec<Source<'_>> =
            declarations.iter().map(|(text, tree)| Source::new(text, tree)).collect();
        let options = Options { declarations: &sources, ..Options::default() };
        let parsed = tree(parse_with(source, &names(&lets)))?;
        let program = elaborate(&[Source::new(source, &parsed)], &options)
            .map_err(|error| format!("{source}: {error}"))?;
        let wanted = if case.first("wrt").is_some() { "wrt" } else { "vary" };
        Ok(Self { program, variables: case.texts(wanted) })
    }

    /// The verdict on a formula as the derivative of the function.
    pub(crate) fn derivative(&mut self, formula: &str, form: Form) -> Result<Verdict, String> {
        let root = self.read(formula)?;
        let claims =
            [Claim { wrt: self.variables.clone(), root, part: gradus_verify::Part::Whole }];
        let function = Expression { tree: &self.program.tree, root: self.program.results[0] };
        let tree = &self.program.tree;
        let claims = Claims {
            function,
            tree,
            claims: &claims,
            form,
            stacking: gradus_verify::Stacking::Columns,
            convention: gradus_verify::Convention::Projected,
            order: 1,
        };
        Ok(check_derivative(&claims, &Settings::default()))
    }

    /// The verdict on two formulas being equal.
    pub(crate) fn equal(&mut self, left: &str, right: &str) -> Result<Verdict, String> {
        let roots = [self.read(left)?, self.read(right)?];
        let tree = &self.program.tree;
        let sides = roots.map(|root| Expression { tree, root });
        Ok(check_equal(&sides, &Settings::default()))
    }

    fn read(&mut self, formula: &str) -> Result<TypedId, String> {
        let names: Vec<String> =
            self.program.tree.variables.iter().map(|variable| variable.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let parsed = tree(parse_with(formula, &names))?;
        let read = self.program.read_back(&Source::new(formula, &parsed));
        read.map(|read| read.result).map_err(|error| format!("`{formula}`: {error}"))
    }
}

fn tree(parsed: gradus_syntax::Parsed) -> Result<Tree, String> {
    parsed.into_result().map(|(tree, _)| tree).map_err(|error| error.to_string())
}

fn names(lets: &[String]) -> Vec<&str> {
    lets.iter().filter_map(|text| text.split(':').next()).map(str::trim).collect()
}
