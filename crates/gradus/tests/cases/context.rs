//! Expected formulas read in the context of a case and compared by value.
//!
//! Must not know the pipeline: the oracle alone decides here.

use gradus_elaborate::typed::TypedId;
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::tree::Tree;
use gradus_syntax::{parse_declarations, parse_with};
use gradus_verify::{
    Claim, Claims, Convention, Expression, Form, Layout, Part, Settings, Verdict, check_derivative,
    check_equal,
};

use crate::format::Case;

/// A program of a case, to which further formulas can be read.
pub(crate) struct Context {
    program: Program,
    variables: Vec<String>,
    /// Of a differential.
    order: u8,
    convention: Convention,
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
        let order = case.order();
        let variables = match case.texts("wrt") {
            none if none.is_empty() => case.texts("vary"),
            one if one.len() == 1 => vec![one[0].clone(); order as usize],
            several => several,
        };
        let convention = match case.first("convention") {
            Some("entries") => Convention::Entries,
            _ => Convention::Projected,
        };
        let order = u8::try_from(order).unwrap_or(u8::MAX);
        Ok(Self { program, variables, order, convention })
    }

    /// The verdict on a formula as the derivative of the function. A text `dX -> …` is the linear map
    /// in the layout of an array.
    pub(crate) fn claim(
        &mut self,
        formula: &str,
        form: Form,
        part: Part,
    ) -> Result<Verdict, String> {
        let (formula, form) = match (formula.split_once("->"), form) {
            (Some((before, body)), Form::Array(layout)) => {
                let bindings = before.rfind(';').map_or("", |at| &before[..=at]);
                (format!("{bindings}{body}"), Form::LinearMap(layout))
            }
            _ => (formula.to_owned(), form),
        };
        let form = self.upright(form);
        let root = self.read(&formula)?;
        let parts = vec![part; self.variables.len()];
        let claims = [Claim { wrt: self.variables.clone(), root, parts }];
        let function = Expression { tree: &self.program.tree, root: self.program.results[0] };
        let tree = &self.program.tree;
        let claims = Claims {
            function,
            tree,
            claims: &claims,
            form,
            stacking: gradus_verify::Stacking::Columns,
            convention: self.convention,
            order: self.order,
        };
        Ok(check_derivative(&claims, &Settings::default()))
    }

    /// The Hessian of a scalar function is one matrix in every layout.
    fn upright(&self, form: Form) -> Form {
        let tree = &self.program.tree;
        let is_scalar = tree.shape(self.program.results[0]).is_scalar();
        match form {
            Form::Array(Layout::Numerator) if is_scalar && self.order > 1 => {
                Form::Array(Layout::Mixed)
            }
            form => form,
        }
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
