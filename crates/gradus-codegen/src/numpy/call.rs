//! Calls: spellings from the rule book, and what depends on the shapes of the arguments.
//!
//! Must not know the book's entries by name where their meaning tells enough.

use gradus_diagnostics::Result;
use gradus_functions::{Function, Language, Structural};
use gradus_notation::tree::{Head, Notation, NotationId};
use gradus_tensor::{DimensionId, Dimensions, Role};

use crate::numpy::axes;
use crate::numpy::expression::{Printer, internal, rank, unsupported};
use crate::numpy::fragment::{Fragment, Level, Rank};
use crate::plan::parts;

impl Printer<'_> {
    /// A function applied to arguments.
    pub(super) fn call(
        &self,
        id: NotationId,
        head: &Head,
        arguments: &[NotationId],
        sizes: &[DimensionId],
    ) -> Result<Fragment> {
        match head {
            Head::Book(function) => self.book_call(id, self.book.get(*function), arguments, sizes),
            Head::Mapped { name, order } => {
                let function = self.function_name(name, *order)?;
                let argument = self.argument(arguments, 0)?;
                let text = format!("{function}({})", argument.text);
                let view = argument.view;
                Ok(Fragment::atom(text, argument.rank).over(argument.batch).viewing(view))
            }
            Head::Scalar { name, order } | Head::Path { name, order } => {
                let function = self.function_name(name, *order)?;
                let argument = self.argument(arguments, 0)?;
                axes::map_over(&[argument], self.rank(id), |parts| {
                    Ok(Fragment::atom(format!("{function}({})", parts[0].text), self.rank(id))
                        .viewing(true))
                })
            }
            Head::DiagonalMatrix => self.diagonal_matrix(id, arguments),
            Head::DiagonalVector => self.diagonal_vector(id, arguments),
            // The array of a family has its members as rows already.
            Head::Rows => Ok(Fragment { rank: self.rank(id), ..self.argument(arguments, 0)? }),
        }
    }

    fn function_name(&self, name: &str, order: u8) -> Result<String> {
        let known = self.names.variable(name, order).map(str::to_owned);
        known.ok_or_else(|| unsupported(&format!("derivative {order} of the function `{name}`")))
    }

    fn argument(&self, arguments: &[NotationId], position: usize) -> Result<Fragment> {
        match arguments.get(position) {
            Some(id) => self.fragment(*id),
            None => Err(internal("a call has too few arguments")),
        }
    }

    fn book_call(
        &self,
        id: NotationId,
        function: &Function,
        arguments: &[NotationId],
        sizes: &[DimensionId],
    ) -> Result<Fragment> {
        if let Some(structural) = parts::structural(self.book, self.node(id))
            && let Some(fragment) = self.structural_call(id, structural, arguments)?
        {
            return Ok(fragment);
        }
        if !function.small.is_empty()
            && !arguments
                .iter()
                .zip(function.facts.cores)
                .all(|(argument, core)| self.rank(*argument).axes() == usize::from(*core))
        {
            return Err(unsupported(&format!("`{}` of a vector or a number", function.name)));
        }
        // These read axes that a 1-D argument does not have.
        if matches!(function.name, "rowsum" | "colsum")
            && let [argument] = arguments
            && self.rank(*argument) != Rank::Matrix
        {
            let argument = self.fragment(*argument)?;
            return Ok(match (argument.rank, self.rank(id)) {
                (Rank::Vector, Rank::Scalar) if argument.batch.is_empty() => {
                    argument.summed(None, Rank::Scalar)
                }
                (Rank::Vector, Rank::Scalar) => {
                    argument.summed(Some("-1"), Rank::Scalar).over(argument.batch.clone())
                }
                _ => argument,
            });
        }
        self.spelled_call(id, function, arguments, sizes)
    }

    /// A call by the spelling in the book.
    fn spelled_call(
        &self,
        id: NotationId,
        function: &Function,
        arguments: &[NotationId],
        sizes: &[DimensionId],
    ) -> Result<Fragment> {
        let spelling = match self.complex {
            true => function.complex_spelling(Language::Numpy),
            false => function.spelling(Language::Numpy),
        };
        let spelling =
            spelling.ok_or_else(|| unsupported(&format!("the function `{}`", function.name)))?;
        let rank = self.rank(id);
        let fragments = self.fragments_of(arguments)?;
        let sizes: Vec<String> = sizes.iter().map(|size| self.size(*size).text).collect();
        let fill = |spelling: &str, parts: &[Fragment]| {
            let (text, level) = fill(spelling, parts, &sizes)?;
            Ok(Fragment::new(text, level, rank))
        };
        let batch = axes::union(&fragments);
        if batch.is_empty() {
            return fill(spelling, &fragments);
        }
        if function.signatures.contains(&"elementwise") {
            let (parts, batch, _) = axes::align(fragments)?;
            return Ok(fill(spelling, &parts)?.over(batch));
        }
        match along_axes(function, spelling, &fragments) {
            Some(spelling) => Ok(fill(&spelling, &fragments)?.over(batch)),
            None => axes::map_over(&fragments, rank, |parts| fill(spelling, parts)),
        }
    }

    /// What depends on the shapes of the arguments; `None` where the book's spelling is right.
    fn structural_call(
        &self,
        id: NotationId,
        structural: Structural,
        arguments: &[NotationId],
    ) -> Result<Option<Fragment>> {
        let rank = self.rank(id);
        Ok(match structural {
            Structural::Trace => Some(self.trace(arguments)?),
            Structural::Sum => {
                let argument = self.argument(arguments, 0)?;
                if let Some(product) = self.inner_product(*first(arguments)?)? {
                    return Ok(Some(product));
                }
                Some(match (argument.rank, argument.batch.is_empty()) {
                    (Rank::Scalar, _) => argument,
                    (_, true) => argument.summed(None, rank),
                    (Rank::Vector, false) => {
                        argument.summed(Some("-1"), rank).over(argument.batch.clone())
                    }
                    (Rank::Matrix, false) => {
                        argument.summed(Some("(-2, -1)"), rank).over(argument.batch.clone())
                    }
                })
            }
            Structural::Diagonal => Some(match self.rank(*first(arguments)?) {
                Rank::Matrix => self.diagonal_vector(id, arguments)?,
                _ => self.diagonal_matrix(id, arguments)?,
            }),
            Structural::Transpose => {
                let mut fragment = self.argument(arguments, 0)?.transposed();
                fragment.rank = rank;
                Some(fragment)
            }
            Structural::Vec | Structural::VecRows => {
                let argument = self.argument(arguments, 0)?;
                if argument.rank != Rank::Matrix {
                    return Ok(Some(argument));
                }
                let by_columns = structural == Structural::Vec;
                if let [index] = argument.batch.as_slice() {
                    let batch = vec![index.clone()];
                    let argument = if by_columns { argument.transposed() } else { argument };
                    let shape = self.shape(id);
                    let size = self.size(if shape.rows == Dimensions::ONE {
                        shape.columns
                    } else {
                        shape.rows
                    });
                    let text = format!("{}.reshape(-1, {})", argument.as_atom(), size.text);
                    let value = Fragment::atom(text, rank).over(batch).viewing(argument.view);
                    return Ok(Some(value));
                }
                let order = if by_columns { ", order=\"F\"" } else { "" };
                Some(axes::map_over(&[argument], rank, |parts| {
                    let text = format!("{}.reshape(-1{order})", parts[0].as_atom());
                    Ok(Fragment::atom(text, rank).viewing(parts[0].view))
                })?)
            }
            Structural::Unvec => Some(self.unvec(id, arguments)?),
            Structural::Kronecker => Some(self.kronecker(id, arguments)?),
            Structural::Cross => self.cross(id, arguments)?,
            Structural::HorizontalConcatenation | Structural::VerticalConcatenation => {
                let horizontal = structural == Structural::HorizontalConcatenation;
                Some(self.concatenation(id, arguments, horizontal)?)
            }
            Structural::LowerTriangle | Structural::UpperTriangle if rank != Rank::Matrix => {
                return Err(unsupported("a triangle of a vector"));
            }
            Structural::Conjugate | Structural::RealPart if !self.complex => {
                Some(self.argument(arguments, 0)?)
            }
            Structural::HalfVec
            | Structural::BlockTrace
            | Structural::BlockSum
            | Structural::KhatriRao
                if !arguments.iter().all(|argument| self.rank(*argument) == Rank::Matrix) =>
            {
                return Err(unsupported("a rearrangement of blocks with a side of one"));
            }
            Structural::HalfVec
            | Structural::BlockTrace
            | Structural::BlockSum
            | Structural::KhatriRao
            | Structural::Duplication
            | Structural::Elimination
            | Structural::Commutation
            | Structural::Conjugate
            | Structural::RealPart
            | Structural::ImaginaryPart
            | Structural::LowerTriangle
            | Structural::UpperTriangle => None,
        })
    }

    /// Cross products of columns: NumPy takes those of the last axes.
    fn cross(&self, id: NotationId, arguments: &[NotationId]) -> Result<Option<Fragment>> {
        let (a, b) = (self.argument(arguments, 0)?, self.argument(arguments, 1)?);
        let axes = match (a.rank, b.rank) {
            (Rank::Matrix, Rank::Matrix) => "axis=0",
            (Rank::Matrix, _) => "axisa=0, axisc=0",
            (_, Rank::Matrix) => "axisb=0, axisc=0",
            _ => return Ok(None),
        };
        if !a.batch.is_empty() || !b.batch.is_empty() {
            return Err(unsupported("cross products of matrices under an index"));
        }
        let text = format!("np.cross({}, {}, {axes})", a.text, b.text);
        Ok(Some(Fragment::atom(text, self.rank(id))))
    }

    /// The sum of the entrywise product of two vectors.
    fn inner_product(&self, id: NotationId) -> Result<Option<Fragment>> {
        let Notation::Hadamard(factors) = self.node(id) else {
            return Ok(None);
        };
        let fragments = self.fragments_of(factors)?;
        let plain = |part: &Fragment| part.rank == Rank::Vector && part.batch.is_empty();
        Ok(match fragments.as_slice() {
            [left, right] if plain(left) && plain(right) => Some(left.matmul(right, Rank::Scalar)),
            _ => None,
        })
    }

    /// `tr(A)`; of a product only the diagonal is computed.
    fn trace(&self, arguments: &[NotationId]) -> Result<Fragment> {
        let id = *first(arguments)?;
        let whole = self.fragment(id)?;
        if whole.rank == Rank::Scalar {
            return Ok(whole);
        }
        if !whole.batch.is_empty() {
            let text = format!("np.trace({}, axis1=-2, axis2=-1)", whole.text);
            return Ok(Fragment::atom(text, Rank::Scalar).over(whole.batch));
        }
        let trace =
            |matrix: &Fragment| Fragment::atom(format!("np.trace({})", matrix.text), Rank::Scalar);
        let Some((left, right)) = self.plain_product(id) else {
            return Ok(trace(&whole));
        };
        if self.solves(left) {
            return Ok(trace(&whole));
        }
        if self.solves(right) {
            // Turned around under the trace, so that the solve comes from the left.
            return Ok(trace(&self.product(&[right, left], self.shape(right))?));
        }
        Ok(self.entrywise(left, right)?.summed(None, Rank::Scalar))
    }

    /// The product of the entries of one matrix and of the transpose of another.
    fn entrywise(&self, left: NotationId, right: NotationId) -> Result<Fragment> {
        let (a, b) = match (self.node(left), self.node(right)) {
            (_, Notation::Transpose(inner)) => (self.fragment(left)?, self.fragment(*inner)?),
            _ if self.list.is_symmetric(right) => (self.fragment(left)?, self.fragment(right)?),
            _ => (self.fragment(left)?, self.fragment(right)?.transposed()),
        };
        let both_transposed =
            a.level == Level::Atom && a.text.ends_with(".T") && b.text.ends_with(".T");
        let (a, b) = if both_transposed { (a.transposed(), b.transposed()) } else { (a, b) };
        Ok(if a.text == b.text {
            Fragment::new(format!("{}**2", a.as_atom()), Level::Power, Rank::Matrix)
        } else {
            a.times(&b)
        })
    }

    /// The factors of a product of two matrices without indices.
    fn plain_product(&self, id: NotationId) -> Option<(NotationId, NotationId)> {
        match self.node(id) {
            Notation::Product(factors) => match factors.as_slice() {
                [left, right]
                    if self.rank(*left) == Rank::Matrix && self.rank(*right) == Rank::Matrix =>
                {
                    Some((*left, *right))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a product with this factor is a solve.
    fn solves(&self, id: NotationId) -> bool {
        let inner = match self.node(id) {
            Notation::Transpose(inner) => *inner,
            _ => id,
        };
        parts::role(self.book, self.node(inner)) == Some(Role::Inverse)
    }

    fn diagonal_matrix(&self, id: NotationId, arguments: &[NotationId]) -> Result<Fragment> {
        let argument = self.argument(arguments, 0)?;
        let rank = self.rank(id);
        if argument.rank == Rank::Scalar {
            return Ok(argument);
        }
        if argument.batch.is_empty() {
            return Ok(Fragment::atom(format!("np.diag({})", argument.text), rank));
        }
        let size = self.size(self.shape(id).rows);
        let text = format!("{}[..., None] * np.eye({})", argument.as_atom(), size.text);
        Ok(Fragment::new(text, Level::Product, rank).over(argument.batch))
    }

    fn diagonal_vector(&self, id: NotationId, arguments: &[NotationId]) -> Result<Fragment> {
        let matrix = *first(arguments)?;
        let whole = self.fragment(matrix)?;
        let rank = self.rank(id);
        if whole.rank != Rank::Matrix {
            return Ok(whole);
        }
        if !whole.batch.is_empty() {
            let text = format!("np.diagonal({}, axis1=-2, axis2=-1)", whole.text);
            return Ok(Fragment::atom(text, rank).over(whole.batch).viewing(whole.view));
        }
        if let Some((left, right)) = self.plain_product(matrix)
            && !self.solves(left)
            && !self.solves(right)
        {
            return Ok(self.entrywise_rows(left, right)?.summed(Some("1"), rank));
        }
        // Read-only, hence to be copied before it is handed out.
        Ok(Fragment::atom(format!("np.diag({})", whole.text), rank).viewing(true))
    }

    /// As [`Self::entrywise`], but with the rows of the left factor as rows.
    fn entrywise_rows(&self, left: NotationId, right: NotationId) -> Result<Fragment> {
        let (a, b) = (self.fragment(left)?, self.fragment(right)?);
        let b = if self.list.is_symmetric(right) { b } else { b.transposed() };
        Ok(if a.text == b.text {
            Fragment::new(format!("{}**2", a.as_atom()), Level::Power, Rank::Matrix)
        } else {
            a.times(&b)
        })
    }

    fn unvec(&self, id: NotationId, arguments: &[NotationId]) -> Result<Fragment> {
        let argument = self.argument(arguments, 0)?;
        let shape = self.shape(id);
        let rank = rank(shape);
        if rank != Rank::Matrix {
            return Ok(Fragment { rank, ..argument });
        }
        let shape = self.shape_text(shape);
        axes::map_over(&[argument], rank, |parts| {
            let text = format!("{}.reshape({shape}, order=\"F\")", parts[0].as_atom());
            Ok(Fragment::atom(text, rank).viewing(parts[0].view))
        })
    }

    /// NumPy reads a 1-D array as a row, and returns 1-D for two of them.
    fn kronecker(&self, id: NotationId, arguments: &[NotationId]) -> Result<Fragment> {
        let [left_id, right_id] = arguments else {
            return Err(internal("a Kronecker product of other than two matrices"));
        };
        let rank = self.rank(id);
        let is_column = |id: NotationId| self.shape(id).columns == Dimensions::ONE;
        let (left_is_column, right_is_column) = (is_column(*left_id), is_column(*right_id));
        let fragments = self.fragments_of(&[*left_id, *right_id])?;
        // NumPy gives the shorter array leading axes of one.
        if let [left, right] = fragments.as_slice()
            && left.batch.len() + right.batch.len() == 1
            && (left.rank, right.rank) == (Rank::Matrix, Rank::Matrix)
        {
            let text = format!("np.kron({}, {})", left.text, right.text);
            return Ok(Fragment::atom(text, rank).over(axes::union([left, right])));
        }
        axes::map_over(&fragments, rank, |parts| {
            let (left, right) = (&parts[0], &parts[1]);
            Ok(match (left.rank, right.rank) {
                (Rank::Scalar, _) | (_, Rank::Scalar) => left.times(right),
                (Rank::Vector, Rank::Vector) if left_is_column != right_is_column => {
                    let (column, row) = if left_is_column { (left, right) } else { (right, left) };
                    Fragment::atom(format!("np.outer({}, {})", column.text, row.text), rank)
                }
                _ => {
                    let as_matrix = |part: &Fragment, column: bool| match (part.rank, rank) {
                        (Rank::Vector, Rank::Matrix) if column => {
                            format!("{}[:, None]", part.as_atom())
                        }
                        _ => part.text.clone(),
                    };
                    let left = as_matrix(left, left_is_column);
                    let right = as_matrix(right, right_is_column);
                    Fragment::atom(format!("np.kron({left}, {right})"), rank)
                }
            })
        })
    }

    fn concatenation(
        &self,
        id: NotationId,
        arguments: &[NotationId],
        horizontal: bool,
    ) -> Result<Fragment> {
        let fragments = self.fragments_of(arguments)?;
        let rank = self.rank(id);
        let function = match (rank, horizontal) {
            (Rank::Scalar, _) => return self.argument(arguments, 0),
            (Rank::Vector, _) => "hstack",
            (Rank::Matrix, true) => "column_stack",
            (Rank::Matrix, false) => "vstack",
        };
        axes::map_over(&fragments, rank, |parts| {
            let list: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            Ok(Fragment::atom(format!("np.{function}([{}])", list.join(", ")), rank))
        })
    }
}

fn first(arguments: &[NotationId]) -> Result<&NotationId> {
    arguments.first().ok_or_else(|| internal("a call has too few arguments"))
}

/// The spelling with the arguments filled in, and how tightly it binds.
fn fill(spelling: &str, parts: &[Fragment], sizes: &[String]) -> Result<(String, Level)> {
    let mut text = String::new();
    let mut rest = spelling;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        let (before, hole) = (&rest[..open], &rest[open + 1..open + length]);
        let after = &rest[open + length + 1..];
        text.push_str(before);
        if hole == "*" {
            let list: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            text.push_str(&list.join(", "));
        } else {
            let position: usize =
                hole.parse().map_err(|_| internal("a spelling in the rule book cannot be read"))?;
            // Between parentheses and commas nothing can tear an argument apart.
            let delimited = (before.ends_with(['(', '[']) || before.ends_with(", "))
                && after.starts_with([')', ']', ',']);
            match (parts.get(position), position.checked_sub(parts.len())) {
                (Some(part), _) if delimited => text.push_str(&part.text),
                (Some(part), _) => text.push_str(&part.as_atom()),
                (None, Some(size)) => match sizes.get(size) {
                    Some(size) => text.push_str(size),
                    None => return Err(internal("a call has too few arguments")),
                },
                (None, None) => return Err(internal("a call has too few arguments")),
            }
        }
        rest = after;
    }
    text.push_str(rest);
    let level = if is_atom(spelling) { Level::Atom } else { Level::Sum };
    Ok((text, level))
}

/// Whether a spelling is one call, perhaps with subscripts after it.
fn is_atom(spelling: &str) -> bool {
    let mut depth = 0_i32;
    let mut closed = false;
    for character in spelling.chars() {
        match character {
            '(' | '[' => {
                depth += 1;
                if character == '(' && depth == 1 && closed {
                    return false;
                }
            }
            ')' | ']' => {
                depth -= 1;
                closed |= depth == 0;
            }
            ' ' | '+' | '-' | '*' | '/' | '@' if depth == 0 => return false,
            _ => {}
        }
    }
    true
}

/// The spelling that works along the leading axes, if NumPy has one.
fn along_axes(function: &Function, spelling: &str, parts: &[Fragment]) -> Option<String> {
    let [part] = parts else { return None };
    let with_axis = |axis: &str| {
        let inner = spelling.strip_suffix(')')?;
        Some(format!("{inner}, axis={axis})"))
    };
    match function.facts.role {
        Some(Role::Softmax | Role::LogSumExp) => return with_axis("-1"),
        Some(Role::Determinant | Role::Inverse | Role::LogDeterminant)
            if spelling.starts_with("np.linalg.") =>
        {
            return Some(spelling.to_owned());
        }
        _ => {}
    }
    let reduces = ["np.sum(", "np.mean(", "np.linalg.norm("];
    if !reduces.iter().any(|start| spelling.starts_with(start)) || spelling.contains("axis=") {
        return None;
    }
    match part.rank {
        Rank::Scalar => None,
        Rank::Vector => with_axis("-1"),
        Rank::Matrix => with_axis("(-2, -1)"),
    }
}
