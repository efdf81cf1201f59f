//! The golden cases as questions with known answers, and the oracle's word on any answer.
//!
//! Must not know mistakes.

use std::fs;
use std::path::PathBuf;

use gradus::{Layout, Output, Request};
use gradus_claims::{Derivative, Judgement, Question, Target, judge};
use gradus_elaborate::{Options, Program, Source, elaborate};
use gradus_syntax::{parse_declarations, parse_with};
use gradus_verify::{
    Claim, Claims, Convention, Expression, Form, Layout as Written, Settings, Stacking, Verdict,
    check_derivative,
};

/// The files of cases by value.
const FILES: [&str; 7] = [
    "spine.txt",
    "every-kind.txt",
    "cookbook.txt",
    "wikipedia.txt",
    "minka.txt",
    "hessians.txt",
    "structured.txt",
];

/// A derivative with its right form, in denominator layout.
pub(crate) struct Golden {
    pub(crate) id: String,
    pub(crate) request: Request,
    pub(crate) program: Program,
    pub(crate) target: Target,
    pub(crate) right: String,
    /// What Gradus itself answers.
    pub(crate) own: Option<String>,
}

type Fields = Vec<(String, String)>;

/// The derivatives by one variable in all files, without those under assumptions, linear maps and
/// Wirtinger derivatives.
pub(crate) fn all() -> Vec<Golden> {
    FILES
        .iter()
        .flat_map(|file| read(file))
        .filter_map(|(id, fields)| golden(id, &fields))
        .collect()
}

fn read(file: &str) -> Vec<(String, Fields)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(file);
    let text = fs::read_to_string(path).unwrap();
    let mut cases: Vec<(String, Fields)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if let Some(rest) = line.strip_prefix('[') {
            let id = rest.split(']').next().unwrap();
            cases.push((id.to_owned(), Vec::new()));
        } else {
            let (name, value) = line.split_once(':').unwrap();
            let fields = &mut cases.last_mut().unwrap().1;
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    cases
}

fn golden(id: String, fields: &Fields) -> Option<Golden> {
    let all = |name: &str| -> Vec<String> {
        fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    };
    let one = |name: &str| all(name).into_iter().next();
    let (right, expression) = (one("gradient")?, one("expr")?);
    if one("assume").is_some() || one("conjugate").is_some() || right.contains("->") {
        return None;
    }
    let [variable] = <[String; 1]>::try_from(all("wrt")).ok()?;
    let order: u32 = one("order").map_or(1, |order| order.parse().unwrap());
    let mut request = Request::new(&expression).by(&variable).order(order);
    request = request.layout(Layout::Denominator);
    request.declarations = all("let");
    if let Some(convention) = one("convention") {
        request.convention = convention.parse().unwrap();
    }
    let program = elaborated(&request);
    let convention = match request.convention {
        gradus::Convention::Projected => Convention::Projected,
        gradus::Convention::Entries => Convention::Entries,
    };
    let target = Target::Derivative(Derivative {
        wrt: vec![variable; order as usize],
        layout: Written::Denominator,
        stacking: Stacking::Columns,
        convention,
        parts: Vec::new(),
    });
    let own = gradus::diff(&request.clone().main_form()).ok();
    let own = own.and_then(|answer| answer.print(Output::Source).ok());
    Some(Golden { id, request, program, target, right, own })
}

pub(crate) fn elaborated(request: &Request) -> Program {
    let declarations: Vec<_> = request
        .declarations
        .iter()
        .map(|text| (text, parse_declarations(text).into_result().unwrap().0))
        .collect();
    let sources: Vec<Source<'_>> =
        declarations.iter().map(|(text, tree)| Source::new(text, tree)).collect();
    let names: Vec<&str> =
        declarations.iter().flat_map(|(_, tree)| tree.declared_names()).collect();
    let (tree, _) = parse_with(&request.program, &names).into_result().unwrap();
    let options = Options { declarations: &sources, ..Options::default() };
    elaborate(&[Source::new(&request.program, &tree)], &options).unwrap()
}

impl Golden {
    /// What the diagnosis says of a claim.
    pub(crate) fn judged(&self, claim: &str) -> Judgement {
        judge(Question {
            program: &self.program,
            text: &self.request.program,
            target: &self.target,
            claim,
            expected: self.own.as_deref(),
        })
    }

    /// The verdict of the oracle on a claim, or why it cannot be read.
    pub(crate) fn verdict(&self, claim: &str) -> Result<Verdict, String> {
        let mut program = self.program.clone();
        let Target::Derivative(derivative) = &self.target else { panic!("no derivative") };
        let names: Vec<&str> =
            self.program.tree.variables.iter().map(|variable| variable.name.as_str()).collect();
        let (tree, _) =
            parse_with(claim, &names).into_result().map_err(|error| error.to_string())?;
        let read = program.read_back(&Source::new(claim, &tree));
        let root = read.map_err(|error| error.code.to_owned())?.result;
        let claims = [Claim { wrt: derivative.wrt.clone(), root, parts: derivative.parts.clone() }];
        let function = Expression { tree: &program.tree, root: program.results[0] };
        let claims = Claims {
            function,
            tree: &program.tree,
            claims: &claims,
            form: Form::Array(derivative.layout),
            stacking: derivative.stacking,
            convention: derivative.convention,
            order: 1,
        };
        Ok(check_derivative(&claims, &Settings::default()))
    }
}
