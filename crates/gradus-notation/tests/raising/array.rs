//! Arrays of any order in f64, columns last.

use gradus_notation::raise::Goal;

#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub sizes: Vec<usize>,
    pub entries: Vec<f64>,
}

impl Array {
    pub fn of(sizes: &[usize], mut entry: impl FnMut(&[usize]) -> f64) -> Self {
        let total = sizes.iter().product();
        let mut place = vec![0; sizes.len()];
        let mut entries = Vec::with_capacity(total);
        for _ in 0..total {
            entries.push(entry(&place));
            for axis in (0..sizes.len()).rev() {
                place[axis] += 1;
                if place[axis] < sizes[axis] {
                    break;
                }
                place[axis] = 0;
            }
        }
        Self { sizes: sizes.to_vec(), entries }
    }

    pub fn at(&self, place: &[usize]) -> f64 {
        let index = place.iter().zip(&self.sizes).fold(0, |index, (at, size)| index * size + at);
        self.entries[index]
    }

    pub fn map(&self, function: impl Fn(f64) -> f64) -> Self {
        Self {
            sizes: self.sizes.clone(),
            entries: self.entries.iter().map(|entry| function(*entry)).collect(),
        }
    }

    pub fn largest(&self) -> f64 {
        self.entries.iter().fold(0.0, |most, entry| most.max(entry.abs()))
    }

    pub fn is_finite(&self) -> bool {
        self.entries.iter().all(|entry| entry.is_finite())
    }

    /// A matrix of the page as an array with the axes of the goal.
    pub fn oriented(&self, goal: &Goal) -> Self {
        match (goal.rows, goal.columns) {
            (None, None) => Self { sizes: Vec::new(), ..self.clone() },
            (Some(_), None) => {
                assert_eq!(self.sizes[1], 1);
                Self { sizes: vec![self.sizes[0]], ..self.clone() }
            }
            (None, Some(_)) => {
                assert_eq!(self.sizes[0], 1);
                Self { sizes: vec![self.sizes[1]], ..self.clone() }
            }
            (Some(0), _) => self.clone(),
            _ => Self::of(&[self.sizes[1], self.sizes[0]], |place| self.at(&[place[1], place[0]])),
        }
    }
}

/// The inverse of a square matrix by elimination.
pub fn inverse(matrix: &Array) -> Array {
    let n = matrix.sizes[0];
    let mut left: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| matrix.at(&[i, j])).collect()).collect();
    let mut right: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for column in 0..n {
        let pivot = (column..n)
            .max_by(|a, b| left[*a][column].abs().total_cmp(&left[*b][column].abs()))
            .unwrap();
        left.swap(column, pivot);
        right.swap(column, pivot);
        let scale = left[column][column];
        for j in 0..n {
            left[column][j] /= scale;
            right[column][j] /= scale;
        }
        for row in (0..n).filter(|row| *row != column) {
            let factor = left[row][column];
            for j in 0..n {
                left[row][j] -= factor * left[column][j];
                right[row][j] -= factor * right[column][j];
            }
        }
    }
    Array::of(&[n, n], |place| right[place[0]][place[1]])
}
