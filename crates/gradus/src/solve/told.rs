//! A solution as rows of text, and its lines with their reasons.
//!
//! Must not know how it was found.

use gradus_diagnostics::Language;
use gradus_notation::print::{self, Format};
use gradus_notation::tree::NotationId;
use gradus_solve::{Condition, Form, Line, NoSolution, Role, Rule, Solution, Solved};

use super::kind::Kind;
use super::words::Word;
use super::{Outcome, Solving, Way};
use crate::note::Note;
use crate::verification::Verification;

/// A row: what it is, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is: `gradient`, `solution`.
    pub label: String,
    /// What it says.
    pub text: String,
    /// What is said beside it.
    pub note: String,
}

/// A line of the way to a solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SolutionStep {
    /// The left side.
    pub left: String,
    /// The right side.
    pub right: String,
    /// Why it holds.
    pub reason: String,
    /// The names of the rules.
    pub rules: Vec<&'static str>,
}

impl Solving {
    /// How the names were read.
    #[must_use]
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Hints.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The program as it was asked.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.source
    }

    /// The verdict on the solution.
    #[must_use]
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    /// The exit code of the command line: 0 solved, 1 there is no solution, 4 none was found.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.outcome {
            Outcome::Solved(_) | Outcome::Step => 0,
            Outcome::None(_) | Outcome::NoExtremum(_) => 1,
            Outcome::Open { .. } => 4,
        }
    }

    /// The solutions of the unknowns that were asked for, in the order in which they were.
    pub(super) fn in_order<'s>(&self, solved: &'s Solved) -> Vec<&'s Solution> {
        let mut found: Vec<&Solution> = solved
            .solutions
            .iter()
            .filter(|solution| self.unknowns[solution.unknown].role == Role::Wanted)
            .collect();
        found.sort_by_key(|solution| solution.unknown);
        found
    }

    fn show(&self, id: NotationId) -> String {
        print::formula(&self.tree, id, Format::Unicode)
    }

    fn equation(&self, left: NotationId, right: NotationId) -> String {
        format!("{} = {}", self.show(left), self.show(right))
    }

    /// The rows of the answer.
    #[must_use]
    pub fn rows(&self, language: Language) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut row = |word: Word, text: String, note: String| {
            rows.push(Row { label: word.text(language).to_owned(), text, note });
        };
        if let Some(lagrangian) = self.posed.lagrangian {
            row(Word::Lagrangian, self.show(lagrangian), String::new());
        }
        for (at, equation) in self.equations.iter().enumerate() {
            let word = match (self.posed.given, at < self.posed.stationary) {
                (true, _) => Word::Equation,
                (false, true) => Word::Gradient,
                (false, false) => Word::Constraint,
            };
            row(word, self.equation(equation.left, equation.right), String::new());
        }
        match &self.outcome {
            Outcome::Solved(solved) => self.solution_rows(solved, language, &mut row),
            Outcome::NoExtremum(_) => {
                if let Some(text) = self.kind_text(language) {
                    row(Word::Kind, text, String::new());
                }
                let text = match language {
                    Language::English => "there is no maximum: the function is convex",
                    Language::Chinese => "无极大点：函数为凸函数",
                };
                row(Word::NoSolution, text.to_owned(), String::new());
            }
            Outcome::None(none) => {
                let NoSolution::Contradiction { equation, left, right } = none else {
                    return rows;
                };
                row(
                    Word::NoSolution,
                    self.contradiction(*equation, *left, *right, language),
                    String::new(),
                );
            }
            Outcome::Open { lines } => {
                let text = match language {
                    Language::English => "none was found",
                    Language::Chinese => "未找到",
                };
                row(Word::NoClosedForm, text.to_owned(), String::new());
                if let Some(line) = lines.last() {
                    row(Word::Simplest, self.equation(line.left, line.right), String::new());
                }
            }
            Outcome::Step => {}
        }
        for iteration in &self.iterations {
            let word = match iteration.method {
                Way::NewtonStep => Word::Newton,
                _ => Word::GradientStep,
            };
            let atom = self.unknowns[iteration.unknown].atom;
            let text = format!("{} ← {}", self.show(atom), self.show(iteration.next));
            row(word, text, String::new());
        }
        let code = self.code();
        for line in &code {
            row(Word::Code, line.clone(), String::new());
        }
        // Further lines of code belong to the first one.
        let first = rows.len() - code.len();
        for row in rows.iter_mut().skip(first + 1) {
            row.label.clear();
        }
        rows
    }

    /// The lines of code, of a solution or a step.
    fn code(&self) -> Vec<String> {
        let named = matches!(self.outcome, Outcome::Solved(_)) || !self.iterations.is_empty();
        if named { self.code_lines() } else { Vec::new() }
    }

    /// Why there is no solution.
    fn contradiction(
        &self,
        equation: usize,
        left: NotationId,
        right: NotationId,
        language: Language,
    ) -> String {
        let chinese = language == Language::Chinese;
        let stationary = !self.posed.given && equation < self.posed.stationary;
        let text = self.equation(left, right);
        match (stationary, chinese) {
            (true, false) => format!("no stationary point: it would need {text}"),
            (true, true) => format!("无驻点：需要 {text}"),
            (false, false) => format!("the equations contradict each other: they need {text}"),
            (false, true) => format!("方程相互矛盾：需要 {text}"),
        }
    }

    /// The rows of a solution: normal equations, multipliers, values, what is left over, the kind.
    fn solution_rows(
        &self,
        solved: &Solved,
        language: Language,
        row: &mut impl FnMut(Word, String, String),
    ) {
        for solution in self.in_order(solved) {
            if let Some(line) = self.normal_equation(solution) {
                let solved_linearly = solution.lines.last().is_some_and(|line| {
                    let strips =
                        |rule: &Rule| matches!(rule, Rule::StripLeft(_) | Rule::StripRight(_));
                    line.rules.iter().any(strips)
                });
                let word = if solved_linearly { Word::NormalEquation } else { Word::Simplified };
                row(word, self.equation(line.left, line.right), String::new());
            }
        }
        let problems = solved.solutions.iter().flat_map(|solution| &solution.lines);
        for line in problems.filter(|line| line.rules.contains(&Rule::EigenvalueProblem)) {
            row(Word::Eigenvalue, self.equation(line.left, line.right), String::new());
        }
        for solution in &solved.solutions {
            if self.unknowns[solution.unknown].role == Role::Multiplier {
                let atom = self.unknowns[solution.unknown].atom;
                row(Word::Multiplier, self.equation(atom, solution.stated), String::new());
            }
        }
        let mut note = self.conditions(solved, language);
        for solution in self.in_order(solved) {
            if let Some(shortest) = solution.shortest {
                let shortest = self.show(shortest);
                note.push_str(&match language {
                    Language::English => {
                        format!("; otherwise {shortest} is the shortest of the solutions")
                    }
                    Language::Chinese => format!("；否则 {shortest} 是最短的解"),
                });
            }
        }
        for solution in self.in_order(solved) {
            let atom = self.unknowns[solution.unknown].atom;
            row(Word::Solution, self.equation(atom, solution.stated), std::mem::take(&mut note));
            for other in &solution.others {
                row(Word::Or, self.equation(atom, *other), String::new());
            }
        }
        for position in &solved.redundant {
            let equation = self.equations[*position];
            let text = match language {
                Language::English => "follows from the others",
                Language::Chinese => "可由其余方程推出",
            };
            row(Word::Redundant, self.equation(equation.left, equation.right), text.to_owned());
        }
        for unknown in &solved.free {
            row(Word::Free, self.show(self.unknowns[*unknown].atom), String::new());
        }
        if let Some(text) = self.kind_text(language) {
            row(Word::Kind, text, String::new());
        }
    }

    /// The line in which the unknown was sorted and nothing was inverted yet, if it says more than the
    /// gradient.
    fn normal_equation<'s>(&self, solution: &'s Solution) -> Option<&'s Line> {
        if self.posed.given || self.posed.lagrangian.is_some() {
            return None;
        }
        let atom = self.unknowns[solution.unknown].atom;
        let place = solution.lines.iter().position(|line| line.left == atom)?;
        solution.lines.get(place.checked_sub(1)?)
    }

    /// The conditions of a solution in words.
    pub(super) fn conditions(&self, solved: &Solved, language: Language) -> String {
        let told = self.condition_list(solved, language);
        match (told.is_empty(), language) {
            (true, _) => String::new(),
            (false, Language::English) => format!("if {}", told.join(", ")),
            (false, Language::Chinese) => format!("条件：{}", told.join("，")),
        }
    }

    /// Each condition in words.
    pub(super) fn condition_list(&self, solved: &Solved, language: Language) -> Vec<String> {
        solved.conditions.iter().map(|it| self.condition(it, language)).collect()
    }

    fn condition(&self, condition: &Condition, language: Language) -> String {
        let chinese = language == Language::Chinese;
        match condition {
            Condition::Invertible(id) if chinese => format!("{} 可逆", self.show(*id)),
            Condition::Invertible(id) => format!("{} is invertible", self.show(*id)),
            Condition::FullColumnRank(id) if chinese => format!("{} 列满秩", self.show(*id)),
            Condition::FullColumnRank(id) => format!("{} has full column rank", self.show(*id)),
            Condition::FullRowRank(id) if chinese => format!("{} 行满秩", self.show(*id)),
            Condition::FullRowRank(id) => format!("{} has full row rank", self.show(*id)),
            Condition::FullRank(id) if chinese => format!("{} 满秩", self.show(*id)),
            Condition::FullRank(id) => format!("{} has full rank", self.show(*id)),
            Condition::Solvable(left, right) if chinese => {
                format!("方程有解，即 {}", self.equation(*left, *right))
            }
            Condition::Solvable(left, right) => {
                format!(
                    "it is solvable, {}; it is the shortest solution",
                    self.equation(*left, *right)
                )
            }
            Condition::NonZero(id) => format!("{} ≠ 0", self.show(*id)),
            Condition::Positive(id) => format!("{} > 0", self.show(*id)),
            Condition::NoCommonEigenvalue(a, b) if chinese => {
                format!("{} 与 −{} 无公共特征值", self.show(*a), self.show(*b))
            }
            Condition::NoCommonEigenvalue(a, b) => {
                format!("{} and −{} have no common eigenvalue", self.show(*a), self.show(*b))
            }
        }
    }

    fn kind_text(&self, language: Language) -> Option<String> {
        let chinese = language == Language::Chinese;
        Some(match self.kind {
            Kind::NoPoint => return None,
            Kind::GlobalMinimum(hessian) => self.bent(hessian, true, chinese),
            Kind::GlobalMaximum(hessian) => self.bent(hessian, false, chinese),
            Kind::Affine if chinese => "函数为仿射函数：处处驻点".to_owned(),
            Kind::Affine => "the function is affine: it has the same value at all such points".to_owned(),
            Kind::Neither if chinese => "驻点，类型未知：函数既不凸也不凹".to_owned(),
            Kind::Neither => {
                "a stationary point, whose kind is not known: the function is neither convex nor concave"
                    .to_owned()
            }
            Kind::Extreme { greatest, of, form } => self.extreme(greatest, of, form, chinese),
            Kind::Unknown if chinese => "驻点，类型未知".to_owned(),
            Kind::Unknown => "a stationary point, whose kind is not known".to_owned(),
        })
    }

    /// A point of a function that is convex, or concave.
    fn bent(&self, hessian: Option<NotationId>, up: bool, chinese: bool) -> String {
        let hessian = hessian.map(|hessian| self.show(hessian));
        match (hessian, up, chinese) {
            (Some(hessian), true, false) => {
                format!("global minimum: the Hessian {hessian} is positive semidefinite")
            }
            (Some(hessian), false, false) => {
                format!("global maximum: the Hessian {hessian} is negative semidefinite")
            }
            (None, true, false) => "global minimum: the function is convex".to_owned(),
            (None, false, false) => "global maximum: the function is concave".to_owned(),
            (Some(hessian), true, true) => format!("全局极小点：海森矩阵 {hessian} 半正定"),
            (Some(hessian), false, true) => format!("全局极大点：海森矩阵 {hessian} 半负定"),
            (None, true, true) => "全局极小点：函数为凸函数".to_owned(),
            (None, false, true) => "全局极大点：函数为凹函数".to_owned(),
        }
    }

    fn extreme(&self, greatest: bool, of: NotationId, form: Form, chinese: bool) -> String {
        let of = self.show(of);
        let which = match (greatest, chinese) {
            (true, false) => "global maximum",
            (false, false) => "global minimum",
            (true, true) => "全局极大点",
            (false, true) => "全局极小点",
        };
        let word = if greatest { "greatest" } else { "least" };
        match (form, chinese) {
            (Form::Eigenvectors, false) => {
                format!("{which}: unit eigenvectors of {of}, of its {word} eigenvalues")
            }
            (Form::SingularValues, false) => {
                format!("{which}: UVᵀ of the singular value decomposition {of} = UΣVᵀ")
            }
            (Form::Direction, false) => format!("{which}: along {of}, as the function is linear"),
            (Form::Eigenvectors, true) => {
                let word = if greatest { "最大" } else { "最小" };
                format!("{which}：{of} 的{word}特征值对应的单位特征向量")
            }
            (Form::SingularValues, true) => format!("{which}：奇异值分解 {of} = UΣVᵀ 的 UVᵀ"),
            (Form::Direction, true) => format!("{which}：函数为线性，沿 {of} 方向"),
        }
    }

    /// The lines of the way to the solution.
    #[must_use]
    pub fn steps(&self, language: Language) -> Vec<SolutionStep> {
        let mut steps = Vec::new();
        for (at, equation) in self.equations.iter().enumerate() {
            let rule = match (self.posed.given, at < self.posed.stationary) {
                (true, _) => Rule::Given,
                (false, true) => Rule::SetToZero,
                (false, false) => Rule::Constraint,
            };
            let line = Line { left: equation.left, right: equation.right, rules: vec![rule] };
            steps.push(self.step(&line, language));
        }
        let lines: Vec<&Line> = match &self.outcome {
            Outcome::Solved(solved) | Outcome::NoExtremum(solved) => {
                let closing = solved.solutions.iter().rev().filter_map(|it| it.closing.as_ref());
                let lines = solved.solutions.iter().flat_map(|solution| &solution.lines);
                lines.chain(closing).collect()
            }
            Outcome::None(NoSolution::NotIsolated { lines, .. }) | Outcome::Open { lines } => {
                lines.iter().collect()
            }
            Outcome::None(NoSolution::Contradiction { .. }) | Outcome::Step => Vec::new(),
        };
        steps.extend(lines.into_iter().map(|line| self.step(line, language)));
        steps
    }

    fn step(&self, line: &Line, language: Language) -> SolutionStep {
        let joint = if language == Language::Chinese { "，" } else { ", " };
        let reasons: Vec<String> =
            line.rules.iter().map(|rule| rule.text(language, |id| self.show(id))).collect();
        SolutionStep {
            left: self.show(line.left),
            right: self.show(line.right),
            reason: reasons.join(joint),
            rules: line.rules.iter().map(Rule::name).collect(),
        }
    }
}
