//! Claims about derivatives of second order by complex variables: blocks of the complex Hessian, maps
//! and stacked gradients hold, and near misses are refuted.
#![allow(clippy::unwrap_used)]

mod common;

use gradus_verify::{
    Claim, Claims, Convention, Expression, Form, Layout, Part, Settings, Stacking, Verdict,
    check_derivative,
};

use crate::common::{read, read_back};

const LETS: &str = "z: complex vector(n); A: complex matrix(n,n); Z: complex matrix(m,n)";

fn claim(text: &str, form: Form, claims: &[(&[&str], &[Part], &str)]) -> Verdict {
    let mut program = read(LETS, &[text], false).unwrap();
    let function = program.results[0];
    let mut found = Vec::new();
    for (wrt, parts, claim) in claims {
        let root = read_back(&mut program, claim).unwrap().result;
        let wrt = wrt.iter().map(|name| (*name).to_owned()).collect();
        found.push(Claim { wrt, root, parts: parts.to_vec() });
    }
    let claims = Claims {
        function: Expression { tree: &program.tree, root: function },
        tree: &program.tree,
        claims: &found,
        form,
        stacking: Stacking::Columns,
        convention: Convention::Projected,
        order: 1,
    };
    check_derivative(&claims, &Settings::default())
}

const MIXED: [Part; 2] = [Part::Conjugate, Part::Plain];
const PLAIN: [Part; 2] = [Part::Plain, Part::Plain];
const ARRAY: Form = Form::Array(Layout::Mixed);

#[test]
fn blocks_of_the_complex_hessian() {
    let block = |text, parts: &[Part], right, wrong: &[&str]| {
        assert!(claim(text, ARRAY, &[(&["z", "z"], parts, right)]).is_verified(), "{right}");
        for wrong in wrong {
            assert!(claim(text, ARRAY, &[(&["z", "z"], parts, wrong)]).is_refuted(), "{wrong}");
        }
    };
    let real = "real(z^H*A*z)";
    block(real, &MIXED, "(A + A^H)/2", &["A", "(A + A')/2", "A + A^H", "(A + A^H)'/2"]);
    block(real, &PLAIN, "zeros(n,n)", &["(A + A^H)/2"]);
    let bilinear = "real(z^T*A*z)";
    block(bilinear, &PLAIN, "(A + A')/2", &["A + A'", "(A + A^H)/2", "conj(A + A')/2"]);
    block(bilinear, &[Part::Conjugate; 2], "conj(A + A')/2", &["(A + A')/2"]);
    block(bilinear, &MIXED, "zeros(n,n)", &["(A + A')/2"]);
}

#[test]
fn a_gradient_of_a_real_function_varies_with_the_conjugate_too() {
    let map = Form::LinearMap(Layout::Mixed);
    let parts = [Part::Whole, Part::Whole];
    let text = "real(z^T*A*z)";
    let verdict = |claimed| claim(text, map, &[(&["z", "z"], &parts, claimed)]);
    assert!(verdict("conj((A + A')*dz)").is_verified());
    assert!(verdict("(A + A')*dz").is_refuted());
    assert!(verdict("conj(A + A')*dz").is_refuted());
}

#[test]
fn gradients_by_complex_variables_in_one_column() {
    let stacked = Form::Stacked(Layout::Mixed);
    let verdict =
        |claimed| claim("norm2(z)^2 + norm2(Z)^2", stacked, &[(&["z", "Z"], &[], claimed)]);
    assert!(verdict("[2*z; 2*vec(Z)]").is_verified());
    assert!(verdict("[2*z; 2*vecr(Z)]").is_refuted());
    assert!(verdict("[2*z; 2*conj(vec(Z))]").is_refuted());
    let text = "z^H*A*z";
    let part = |part, claimed| claim(text, stacked, &[(&["z"], &[part], claimed)]);
    assert!(part(Part::Conjugate, "A*z").is_verified());
    assert!(part(Part::Plain, "A'*conj(z)").is_verified());
    assert!(part(Part::Plain, "A*z").is_refuted());
}
