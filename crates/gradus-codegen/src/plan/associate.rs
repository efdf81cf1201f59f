//! The order in which a chain of factors is multiplied.
//!
//! Must not know formulas: it sees sizes and kinds of factors only.

/// What makes multiplying by a factor cheaper or dearer than its size tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FactorKind {
    /// Nothing.
    General,
    /// An inverse, so that the product is a solve.
    Inverse,
    /// A diagonal matrix, so that the product is a scaling of rows or columns.
    Diagonal,
    /// All entries are one, so that the product is a sum.
    Ones,
}

/// A factor of a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Factor {
    pub(crate) rows: f64,
    pub(crate) columns: f64,
    pub(crate) kind: FactorKind,
    /// Whether the product with the next factor stands in the program more than once.
    pub(crate) shared_with_next: bool,
}

/// A step of a stack machine that multiplies a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The factor at a position is pushed.
    Push(usize),
    /// The two topmost values are multiplied.
    Multiply,
}

/// Chains up to this length are ordered optimally.
const OPTIMAL_LENGTH: usize = 24;

/// Traces up to this length are rotated.
const ROTATION_LENGTH: usize = 8;

/// The cheapest order for a product; equal costs keep the order from left to right.
pub(crate) fn associate(factors: &[Factor]) -> Vec<Step> {
    let length = factors.len();
    let mut steps = Vec::with_capacity(2 * length);
    if length <= OPTIMAL_LENGTH {
        Table::new(factors).steps(0, length, &mut steps);
    } else if factors.last().is_some_and(|last| last.columns <= 1.0) {
        steps.extend((0..length).map(Step::Push));
        steps.extend((1..length).map(|_| Step::Multiply));
    } else {
        for (number, chunk) in factors.chunks(OPTIMAL_LENGTH).enumerate() {
            let table = Table::new(chunk);
            let mut part = Vec::new();
            table.steps(0, chunk.len(), &mut part);
            let offset = number * OPTIMAL_LENGTH;
            steps.extend(part.into_iter().map(|step| match step {
                Step::Push(position) => Step::Push(position + offset),
                Step::Multiply => Step::Multiply,
            }));
            if number > 0 {
                steps.push(Step::Multiply);
            }
        }
    }
    steps
}

/// The cheapest way to cut a product into two, of whose product only the diagonal is needed.
/// `cyclic` allows rotations, as under a trace.
pub(crate) fn associate_diagonal(factors: &[Factor], cyclic: bool) -> (Vec<Step>, Vec<Step>) {
    let length = factors.len();
    if length > OPTIMAL_LENGTH {
        let (left, right) = factors.split_at(length - 1);
        let right_steps = right.iter().map(|_| Step::Push(length - 1)).collect();
        return (associate(left), right_steps);
    }
    let rotations = if cyclic && length <= ROTATION_LENGTH { length } else { 1 };
    let doubled: Vec<Factor> = factors.iter().chain(factors).copied().collect();
    let table = Table::new(if rotations > 1 { &doubled } else { factors });
    let mut best = (f64::INFINITY, 0, 1);
    for start in 0..rotations {
        for cut in (start + 1..start + length).rev() {
            let end = start + length;
            let cost = table.cost(start, cut)
                + table.cost(cut, end)
                + table.diagonal_cost(start, cut, end);
            if cost < best.0 {
                best = (cost, start, cut);
            }
        }
    }
    let (_, start, cut) = best;
    let part = |from: usize, to: usize| {
        let mut steps = Vec::new();
        table.steps(from, to, &mut steps);
        for step in &mut steps {
            if let Step::Push(position) = step {
                *position %= length;
            }
        }
        steps
    };
    (part(start, cut), part(cut, start + length))
}

/// Least costs of all subchains.
struct Table<'a> {
    factors: &'a [Factor],
    /// Cost and cut of `from..to`, at `from * (length + 1) + to`.
    best: Vec<(f64, usize)>,
}

impl<'a> Table<'a> {
    fn new(factors: &'a [Factor]) -> Self {
        let length = factors.len();
        let mut table = Self { factors, best: vec![(0.0, 0); (length + 1) * (length + 1)] };
        for span in 2..=length {
            for from in 0..=length - span {
                let to = from + span;
                let mut best = (f64::INFINITY, from + 1);
                for cut in (from + 1..to).rev() {
                    let cost = table.cost(from, cut)
                        + table.cost(cut, to)
                        + table.multiplication_cost(from, cut, to);
                    if cost < best.0 {
                        best = (cost, cut);
                    }
                }
                table.best[from * (length + 1) + to] = best;
            }
        }
        table
    }

    fn cost(&self, from: usize, to: usize) -> f64 {
        self.best[from * (self.factors.len() + 1) + to].0
    }

    /// The kind of a subchain: only a single factor has one.
    fn kind(&self, from: usize, to: usize) -> FactorKind {
        if to == from + 1 { self.factors[from].kind } else { FactorKind::General }
    }

    fn multiplication_cost(&self, from: usize, cut: usize, to: usize) -> f64 {
        let rows = self.factors[from].rows;
        let inner = self.factors[cut].rows;
        let columns = self.factors[to - 1].columns;
        let cost = match (self.kind(from, cut), self.kind(cut, to)) {
            (FactorKind::Inverse, _) => inner * inner * (inner / 3.0 + columns),
            // Solving with the transpose reads worse, hence the small surcharge.
            (_, FactorKind::Inverse) => 1.01 * inner * inner * (inner / 3.0 + rows),
            (FactorKind::Diagonal, _) | (_, FactorKind::Diagonal) => rows * columns,
            (FactorKind::Ones, _) if rows <= 1.0 => inner * columns / 2.0,
            (_, FactorKind::Ones) if columns <= 1.0 => rows * inner / 2.0,
            _ => rows * inner * columns,
        };
        let shared = to == from + 2 && self.factors[from].shared_with_next;
        if shared { cost / 2.0 } else { cost }
    }

    /// The cost of the diagonal of a product.
    fn diagonal_cost(&self, from: usize, cut: usize, to: usize) -> f64 {
        let inverse = self.kind(from, cut) == FactorKind::Inverse
            || self.kind(cut, to) == FactorKind::Inverse;
        let (rows, inner) = (self.factors[from].rows, self.factors[cut].rows);
        // Of a column and a row the whole product would be formed, unless they are turned around.
        let is_outer = inner <= 1.0;
        match (inverse, is_outer) {
            (true, _) => rows * rows * inner,
            (false, true) => rows * rows,
            (false, false) => rows * inner,
        }
    }

    fn steps(&self, from: usize, to: usize, steps: &mut Vec<Step>) {
        enum Task {
            Chain(usize, usize),
            Multiply,
        }
        let mut tasks = vec![Task::Chain(from, to)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Multiply => steps.push(Step::Multiply),
                Task::Chain(from, to) if to == from + 1 => steps.push(Step::Push(from)),
                Task::Chain(from, to) => {
                    let cut = self.best[from * (self.factors.len() + 1) + to].1;
                    tasks.push(Task::Multiply);
                    tasks.push(Task::Chain(cut, to));
                    tasks.push(Task::Chain(from, cut));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn general(rows: f64, columns: f64) -> Factor {
        Factor { rows, columns, kind: FactorKind::General, shared_with_next: false }
    }

    #[test]
    fn vectors_come_first() {
        let chain = [general(1e3, 1e3), general(1e3, 1e3), general(1e3, 1.0)];
        let expected =
            [Step::Push(0), Step::Push(1), Step::Push(2), Step::Multiply, Step::Multiply];
        assert_eq!(associate(&chain), expected);
    }

    #[test]
    fn equal_costs_read_from_the_left() {
        let chain = [general(1e3, 1e3); 3];
        let expected =
            [Step::Push(0), Step::Push(1), Step::Multiply, Step::Push(2), Step::Multiply];
        assert_eq!(associate(&chain), expected);
    }

    #[test]
    fn long_chains_are_linear() {
        let mut chain = vec![general(1e3, 1e3); 20_000];
        assert_eq!(associate(&chain).len(), 39_999);
        chain.push(general(1e3, 1.0));
        assert_eq!(associate(&chain)[20_001], Step::Multiply);
    }
}
