//! Polynomials over a prime field, and their factors by Cantor and Zassenhaus.
//!
//! Must not know where the prime comes from. The draws have a fixed seed.

/// A polynomial over the field: coefficients from the constant one upwards, no leading zero.
pub(super) type Residues = Vec<u64>;

/// Arithmetic modulo an odd prime below 2^62.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrimeField {
    pub(super) prime: u64,
}

impl PrimeField {
    pub(super) fn add(self, a: u64, b: u64) -> u64 {
        let sum = a + b;
        if sum >= self.prime { sum - self.prime } else { sum }
    }

    pub(super) fn subtract(self, a: u64, b: u64) -> u64 {
        if a >= b { a - b } else { a + self.prime - b }
    }

    pub(super) fn multiply(self, a: u64, b: u64) -> u64 {
        let product = u128::from(a) * u128::from(b) % u128::from(self.prime);
        u64::try_from(product).unwrap_or(0)
    }

    pub(super) fn power(self, base: u64, mut exponent: u64) -> u64 {
        let (mut square, mut power) = (base % self.prime, 1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = self.multiply(power, square);
            }
            square = self.multiply(square, square);
            exponent >>= 1;
        }
        power
    }

    fn inverse(self, a: u64) -> u64 {
        self.power(a, self.prime - 2)
    }

    fn trim(mut a: Residues) -> Residues {
        while a.last() == Some(&0) {
            a.pop();
        }
        a
    }

    pub(super) fn product(self, a: &[u64], b: &[u64]) -> Residues {
        if a.is_empty() || b.is_empty() {
            return Vec::new();
        }
        let mut product = vec![0; a.len() + b.len() - 1];
        for (i, x) in a.iter().enumerate() {
            for (j, y) in b.iter().enumerate() {
                product[i + j] = self.add(product[i + j], self.multiply(*x, *y));
            }
        }
        Self::trim(product)
    }

    fn difference(self, a: &[u64], b: &[u64]) -> Residues {
        let length = a.len().max(b.len());
        let at = |list: &[u64], place: usize| list.get(place).copied().unwrap_or(0);
        Self::trim((0..length).map(|i| self.subtract(at(a, i), at(b, i))).collect())
    }

    fn divide(self, a: &[u64], by: &[u64]) -> (Residues, Residues) {
        let mut rest = a.to_vec();
        let Some(leading) = by.last() else { return (Vec::new(), rest) };
        let inverse = self.inverse(*leading);
        let degree = by.len() - 1;
        let mut quotient = vec![0; rest.len().saturating_sub(degree)];
        while rest.len() > degree {
            let at = rest.len() - 1 - degree;
            let Some(top) = rest.pop() else { break };
            let factor = self.multiply(top, inverse);
            for (shift, coefficient) in by[..degree].iter().enumerate() {
                let term = self.multiply(factor, *coefficient);
                rest[at + shift] = self.subtract(rest[at + shift], term);
            }
            quotient[at] = factor;
        }
        (Self::trim(quotient), Self::trim(rest))
    }

    fn monic(self, a: &[u64]) -> Residues {
        let Some(leading) = a.last() else { return Vec::new() };
        let inverse = self.inverse(*leading);
        a.iter().map(|it| self.multiply(*it, inverse)).collect()
    }

    pub(super) fn gcd(self, a: &[u64], b: &[u64]) -> Residues {
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        while !b.is_empty() {
            let (_, rest) = self.divide(&a, &b);
            a = b;
            b = rest;
        }
        self.monic(&a)
    }

    pub(super) fn derivative(self, a: &[u64]) -> Residues {
        let slopes = a.iter().enumerate().skip(1);
        Self::trim(slopes.map(|(n, it)| self.multiply(*it, n as u64 % self.prime)).collect())
    }

    fn power_modulo(self, base: &[u64], mut exponent: u128, modulus: &[u64]) -> Residues {
        let mut power = vec![1];
        let (_, mut square) = self.divide(base, modulus);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = self.divide(&self.product(&power, &square), modulus).1;
            }
            square = self.divide(&self.product(&square, &square), modulus).1;
            exponent >>= 1;
        }
        power
    }

    /// The irreducible factors of a monic square-free polynomial.
    pub(super) fn factors(self, polynomial: &[u64]) -> Vec<Residues> {
        let mut found = Vec::new();
        let mut rest = polynomial.to_vec();
        let mut frobenius = vec![0, 1];
        let mut degree = 1;
        while rest.len() > 2 * degree {
            frobenius = self.power_modulo(&frobenius, u128::from(self.prime), &rest);
            let part = self.gcd(&rest, &self.difference(&frobenius, &[0, 1]));
            if part.len() > 1 {
                (rest, _) = self.divide(&rest, &part);
                self.split(part, degree, &mut found);
                (_, frobenius) = self.divide(&frobenius, &rest);
            }
            degree += 1;
        }
        if rest.len() > 1 {
            found.push(rest);
        }
        found
    }

    /// Splits a product of irreducible factors of one degree.
    fn split(self, product: Residues, degree: usize, found: &mut Vec<Residues>) {
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut open = vec![product];
        while let Some(part) = open.pop() {
            if part.len() - 1 == degree {
                found.push(part);
                continue;
            }
            let draw: Residues = (1..part.len())
                .map(|_| {
                    seed = seed
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    (seed >> 2) % self.prime
                })
                .collect();
            let draw = Self::trim(draw);
            if draw.len() < 2 {
                open.push(part);
                continue;
            }
            // draw^((p^d − 1)/2) = (draw^(1 + p + … + p^(d−1)))^((p − 1)/2)
            let mut norm = self.divide(&draw, &part).1;
            let mut conjugate = norm.clone();
            for _ in 1..degree {
                conjugate = self.power_modulo(&conjugate, u128::from(self.prime), &part);
                norm = self.divide(&self.product(&norm, &conjugate), &part).1;
            }
            let half = self.power_modulo(&norm, u128::from((self.prime - 1) / 2), &part);
            let divisor = self.gcd(&part, &self.difference(&half, &[1]));
            if divisor.len() > 1 && divisor.len() < part.len() {
                let (other, _) = self.divide(&part, &divisor);
                open.push(self.monic(&other));
                open.push(divisor);
            } else {
                open.push(part);
            }
        }
    }
}

/// Whether a number is prime: Miller and Rabin's test with the bases that decide all below 2^64.
pub(super) fn is_prime(number: u64) -> bool {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if number < 2 {
        return false;
    }
    for base in BASES {
        if number == base {
            return true;
        }
        if number.is_multiple_of(base) {
            return false;
        }
    }
    let field = PrimeField { prime: number };
    let twos = (number - 1).trailing_zeros();
    let odd = (number - 1) >> twos;
    BASES.iter().all(|base| {
        let mut power = field.power(*base, odd);
        if power == 1 || power == number - 1 {
            return true;
        }
        (1..twos).any(|_| {
            power = field.multiply(power, power);
            power == number - 1
        })
    })
}
