//! Properties of polynomials over the rational numbers: factors multiply to the whole, decompositions
//! add up to it, roots are where signs change.

use gradus_scalar::polynomial::{
    Bezout, Polynomial, Rationals, factor, partial_fractions, real_roots,
};
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;

type Rational = Polynomial<BigRational>;

fn number(value: i64) -> BigRational {
    BigRational::from_integer(value.into())
}

fn of(integers: &[i64]) -> Rational {
    Polynomial::of_integers(integers, &mut Rationals)
}

fn product(factors: &[(Rational, usize)]) -> Rational {
    factors.iter().fold(of(&[1]), |product, (factor, power)| {
        product.multiply(&factor.power(*power, &mut Rationals), &mut Rationals)
    })
}

fn small() -> impl Strategy<Value = Rational> {
    proptest::collection::vec(-9_i64..10, 1..5)
        .prop_map(|list| of(&list))
        .prop_filter("not constant", |it| !it.is_constant())
}

proptest! {
    #[test]
    fn factors_multiply_to_the_polynomial(parts in proptest::collection::vec(small(), 1..5)) {
        let whole = product(&parts.iter().map(|it| (it.clone(), 1)).collect::<Vec<_>>());
        let found = factor(&whole);
        prop_assert!(found.is_complete);
        prop_assert_eq!(product(&found.factors).scale(&found.unit, &mut Rationals), whole);
        let count: usize = found.factors.iter().map(|(_, power)| power).sum();
        prop_assert!(count >= parts.len());
        for (factor, _) in &found.factors {
            prop_assert_eq!(gradus_scalar::polynomial::factor(factor).factors.len(), 1);
        }
    }

    #[test]
    fn partial_fractions_add_up(
        numerator in small(),
        parts in proptest::collection::vec(small(), 1..4),
        extra in 1_usize..3,
    ) {
        let field = &mut Rationals;
        let mut factors = factor(&product(
            &parts.iter().map(|it| (it.clone(), 1)).collect::<Vec<_>>(),
        ))
        .factors;
        factors[0].1 += extra;
        let Some(decomposition) = partial_fractions(&numerator, &factors, field) else {
            return Err(TestCaseError::fail("the factors are coprime"));
        };
        let denominator = product(&factors);
        let mut sum = decomposition.whole.multiply(&denominator, field);
        for fraction in &decomposition.fractions {
            let (factor, power) = &factors[fraction.factor];
            prop_assert!(fraction.exponent <= *power);
            prop_assert!(fraction.numerator.degree() < factor.degree());
            let below = factor.power(fraction.exponent, field);
            let (rest, _) = denominator.divide(&below, field);
            sum = sum.add(&fraction.numerator.multiply(&rest, field), field);
        }
        prop_assert_eq!(sum, numerator);
    }

    #[test]
    fn bezout_holds(a in small(), b in small()) {
        let field = &mut Rationals;
        let Bezout { gcd, first, second } = a.extended_gcd(&b, field);
        let sum = a.multiply(&first, field).add(&b.multiply(&second, field), field);
        prop_assert_eq!(sum, gcd.clone());
        prop_assert!(a.divide_exactly(&gcd, field).is_some());
        prop_assert!(b.divide_exactly(&gcd, field).is_some());
        prop_assert_eq!(a.resultant(&b, field).is_zero(), !gcd.is_constant());
    }

    #[test]
    fn all_rational_roots_are_isolated(mut roots in proptest::collection::btree_set(-40_i64..40, 1..6)) {
        let list: Vec<i64> = roots.iter().copied().collect();
        let polynomial = list.iter().fold(of(&[1, 0, 1]), |product, root| {
            product.multiply(&of(&[-root, 2]), &mut Rationals)
        });
        let width = BigRational::new(One::one(), 64.into());
        for found in real_roots(&polynomial, None, None, &width) {
            let inside: Vec<i64> = list
                .iter()
                .copied()
                .filter(|root| {
                    let root = number(*root) / number(2);
                    found.low <= root && root <= found.high
                })
                .collect();
            prop_assert_eq!(inside.len(), 1);
            roots.remove(&inside[0]);
        }
        prop_assert!(roots.is_empty());
    }
}

#[test]
fn cyclotomic_and_reducible_polynomials_are_told_apart() {
    let degrees = |polynomial: &Rational| -> Vec<usize> {
        factor(polynomial).factors.iter().filter_map(|(it, _)| it.degree()).collect()
    };
    assert_eq!(degrees(&of(&[1, 0, 0, 0, 1])), [4]);
    assert_eq!(degrees(&of(&[4, 0, 0, 0, 1])), [2, 2]);
    assert_eq!(degrees(&of(&[-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])), [1, 1, 2, 2, 2, 4]);
    assert_eq!(degrees(&of(&[1, 0, -10, 0, 1])), [4], "Swinnerton-Dyer: splits modulo every prime");
    assert_eq!(degrees(&of(&[-2, 0, 0, 1])), [3]);
}
