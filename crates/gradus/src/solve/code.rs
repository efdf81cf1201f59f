//! Solutions as program text: a module, and one line.
//!
//! Must not know how a solution was found, nor any language.

use gradus_codegen::{
    Answer as CodeAnswer, AnswerForm, ModuleRequest, Purpose, Variable, VariableKind, plan,
    solution_lines, solution_module,
};
use gradus_elaborate::typed::Nature;
use gradus_functions::{Structural, book};
use gradus_notation::print;
use gradus_notation::tree::{Head, Notation, NotationId, Page, PowerKind, Shape};
use gradus_solve::{Role, Solution};
use gradus_tensor::Structure;

use super::{Outcome, Solving, failure};
use crate::failure::Result;
use crate::verification::Verification;
use crate::verify;

impl Solving {
    /// A NumPy module with the function and the solution, or the step of an iteration.
    pub(super) fn module(&self) -> Result<String> {
        let purpose = self.purpose();
        self.emitted(|plan| solution_module(plan, purpose).map_err(|error| failure(*error)))
    }

    /// The lines that compute the solution, as far as they can be written.
    pub(super) fn code_lines(&self) -> Vec<String> {
        let purpose = self.purpose();
        self.emitted(|plan| solution_lines(plan, purpose).map_err(|error| failure(*error)))
            .unwrap_or_default()
    }

    fn purpose(&self) -> Purpose {
        match self.outcome {
            Outcome::Solved(_) => Purpose::Solution,
            _ => Purpose::Step,
        }
    }

    /// The formulas that code computes, with the positions of their unknowns: the shortest solution
    /// where there is one, for it needs no rank.
    fn computed(&self) -> Vec<(usize, NotationId)> {
        match &self.outcome {
            Outcome::Solved(solved) => self
                .in_order(solved)
                .into_iter()
                .map(|solution| (solution.unknown, computed(solution)))
                .collect(),
            _ => self.iterations.iter().map(|it| (it.unknown, it.next)).collect(),
        }
    }

    fn emitted<T>(&self, emit: impl FnOnce(&gradus_codegen::Plan<'_>) -> Result<T>) -> Result<T> {
        let mut builder = gradus_derivation::Builder::of_program(&self.posed.program);
        builder.tree = self.tree.clone();
        let function = self.function(&mut builder);
        let computed = self.computed();
        let variables = self.variables();
        let position = |unknown: usize| {
            variables.iter().position(|it| it.name == self.unknowns[unknown].name).unwrap_or(0)
        };
        let answers: Vec<CodeAnswer> = computed
            .iter()
            .map(|(unknown, formula)| {
                let atom = self.unknowns[*unknown].atom;
                let indices = match builder.node(atom) {
                    Notation::Indexed { indices, .. } => indices.clone(),
                    _ => Vec::new(),
                };
                let left = print::source(&builder.tree, atom);
                CodeAnswer {
                    wrt: vec![position(*unknown)],
                    form: AnswerForm::Array,
                    parts: Vec::new(),
                    by_entries: false,
                    indices,
                    text: format!("{left} = {}", print::source(&builder.tree, *formula)),
                }
            })
            .collect();
        let value = Page { bindings: Vec::new(), results: vec![function] };
        let results = computed.iter().map(|(_, formula)| *formula).collect();
        let derivative = Page { bindings: Vec::new(), results };
        let request = ModuleRequest {
            tree: &builder.tree,
            book: book(),
            variables: &variables,
            source: &self.source,
            value: &value,
            derivative: &derivative,
            point: None,
            answers: &answers,
            is_real: true,
            sizes: &[],
        };
        let plan = plan(&request).map_err(|error| failure(*error))?;
        self.check(&plan, &computed)?;
        emit(&plan)
    }

    /// The statements are run by the oracles before they are spelled in a language.
    fn check(
        &self,
        plan: &gradus_codegen::Plan<'_>,
        computed: &[(usize, NotationId)],
    ) -> Result<Verification> {
        let mut program = self.posed.program.clone();
        program.tree.dimensions = self.tree.dimensions.clone();
        let (tree, page) = plan.derivative.to_page();
        let members: Vec<Option<&str>> = computed
            .iter()
            .map(|(unknown, _)| match self.tree.node(self.unknowns[*unknown].atom) {
                Notation::Indexed { indices, .. } => indices.first().map(String::as_str),
                _ => None,
            })
            .collect();
        let found = verify::read_back(&mut program, &tree, &page, &members)?;
        let results = computed.iter().map(|(_, formula)| *formula).collect();
        let own = Page { bindings: Vec::new(), results };
        let wanted = verify::read_back(&mut program, &self.tree, &own, &members)?;
        let mut verdict = Verification::not_checked();
        for (at, (found, wanted)) in found.into_iter().zip(wanted).enumerate() {
            let sides =
                [found, wanted].map(|root| gradus_verify::Expression { tree: &program.tree, root });
            let settings = gradus_verify::Settings::default();
            let checked = verify::decide(&gradus_verify::check_equal(&sides, &settings))?;
            verdict = if at == 0 { checked } else { verdict.and(checked) };
        }
        Ok(verdict)
    }

    /// The function, or the sum of the squared residuals of an equation.
    fn function(&self, builder: &mut gradus_derivation::Builder) -> NotationId {
        if let Some(function) = self.posed.function {
            return function;
        }
        let equation = self.equations[0];
        let residual = builder.sum(&[(false, equation.left), (true, equation.right)]);
        let two = builder.integer(2);
        if builder.shape(residual).is_scalar() {
            return builder.power(residual, two, PowerKind::Scalar);
        }
        let square = builder.power(residual, two, PowerKind::Elementwise);
        match book().structural(Structural::Sum) {
            Some(sum) => builder.call(Head::Book(sum), &[square], Shape::SCALAR),
            None => square,
        }
    }

    /// The arguments: everything that is given, and the unknowns, which the function needs.
    fn variables(&self) -> Vec<Variable> {
        let tree = &self.posed.program.tree;
        let multipliers: Vec<&str> = self
            .unknowns
            .iter()
            .filter(|unknown| unknown.role == Role::Multiplier)
            .map(|unknown| unknown.name.as_str())
            .collect();
        let mut found = Vec::new();
        for variable in &tree.variables {
            if multipliers.contains(&variable.name.as_str()) || variable.differential_of.is_some() {
                continue;
            }
            let kind = match variable.nature {
                Nature::Array => VariableKind::Array {
                    structure: match variable.structure {
                        Structure::Orthogonal => Structure::General,
                        structure => structure,
                    },
                    positive: variable.positive,
                    complex: variable.complex,
                },
                Nature::ElementwiseFunction => VariableKind::ElementwiseFunction,
                Nature::ScalarFunction => VariableKind::ScalarFunction,
                Nature::Path { parameter } => {
                    VariableKind::Path { parameter: tree.variable(parameter).name.clone() }
                }
            };
            found.push(Variable {
                name: variable.name.clone(),
                kind,
                shape: Shape { rows: variable.shape.rows, columns: variable.shape.columns },
                ranges: variable.family.clone(),
            });
        }
        found
    }
}

fn computed(solution: &Solution) -> NotationId {
    solution.shortest.unwrap_or(solution.value)
}
