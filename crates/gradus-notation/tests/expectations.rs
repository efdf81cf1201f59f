//! What formulas look like in each format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use gradus_notation::print;
use gradus_notation::tree::{Notation, NotationId, PowerKind, Shape};
use gradus_tensor::{Dimensions, Rational};
use support::Reader;

fn unicode(source: &str) -> String {
    let mut reader = Reader::new(true);
    let formula = reader.read(source);
    print::unicode(&reader.tree, formula)
}

fn latex(source: &str) -> String {
    let mut reader = Reader::new(true);
    let formula = reader.read(source);
    print::latex(&reader.tree, formula)
}

fn typst(source: &str) -> String {
    let mut reader = Reader::new(true);
    let formula = reader.read(source);
    print::typst(&reader.tree, formula)
}

#[test]
fn source_text_is_kept() {
    for source in [
        "2*X'*(X*w - y)",
        "(A + A')*x",
        "inv(S) - inv(S)*C*inv(S)",
        "(softmax(A*x) - w)*x'",
        "-X'*(y.*sigmoid(-y.*(X*w)))",
        "(x.*exp(A*w))*v'",
        "2*x.*w",
        "(A*x).*w.*v",
        "x.*w - v",
        "(X^2)'".replace('X', "A").as_str(),
        "(A')^2",
        "inv(A)'",
        "(x'*x)*x",
        "(x'*x)*(w'*w)*x",
        "2*x'*A*x",
        "s*x'*A*x",
        "A*(x'*w)*B",
        "3*x/2",
        "x/2",
        "(x + w)/(2*s)",
        "x'*x/n",
        "s/(2*t)",
        "(s/t)*x",
        "s/t*x".replace("s/t*x", "x*(s/t)").as_str(),
        "x./(w.*v)",
        "(1./x).*w",
        "1./x",
        "1./(2*x)",
        "2./x",
        "x.*w/2",
        "(x./w)/2",
        "2*x./w",
        "2*(1./x)",
        "s*eye(n)",
        "tr(A)*eye(n) + A'",
        "ones(n)'*x",
        "x*ones(m)'",
        "ones(m, n)",
        "zeros(n)",
        "x.^(1/2)",
        "x.^2",
        "s^(-1)",
        "s^t",
        "(s^t)^2",
        "A^k",
        "f'.(X)*w",
        "f''.(x).*w",
        "A''(t)*x",
        "grad_f(X*A)",
        "hess_f(x)",
        "d(A*B)",
        "A*d(inv(B))*x",
        "d(x + w)'*A",
        "-d(-x)",
        "d(s)^2*d(dA)",
        "commutation(m, n)",
        "unvec(x, m, n)",
        "kron(A, B')*commutation(n, n)",
        "sum[i](x[i]*w[j]')",
        "sum[i,j](A[i,j]*s)",
        "2*sum[i](s*x[i])",
        "[s, t; 1/2, x'*w]",
        "X[1:k, :]",
        "A[k + 1:n, 1:2]",
        "x[2:k]",
        "inv(A)[1:2, :]",
        "(A*B)[1:2, :]",
        "A*(-inv(B))*x",
        "-A*x",
        "-(x + w)",
        "-x + w",
        "x - (w - v)",
        "s*(-t)",
        "diag(x)*A*diag(w)",
        "diag(A)",
        "eye(m*n)",
        "ones(n + 1)",
        "(n + 1)*x",
        "m*n*s",
        "pi*s",
        "A^H*B",
        "(A*B)^H",
        "(1/2)^s",
        "(-s)^2",
        "A^(n - 1)",
        "norm2(x)^2",
        "x'*(A + B)*x/norm2(x)^3",
    ] {
        let mut reader = Reader::new(true);
        let formula = reader.read(source);
        assert_eq!(print::source(&reader.tree, formula), source);
    }
}

#[test]
fn notation_on_one_line() {
    for (source, expected) in [
        ("2*X'*(X*w - y)", "2Xᵀ(Xw − y)"),
        ("inv(S) - inv(S)*C*inv(S)", "S⁻¹ − S⁻¹CS⁻¹"),
        ("(x.*exp(X'*u))*w'", "(x ⊙ exp(Xᵀu))wᵀ"),
        ("2*M*Y.*Y.*(1 - Y)", "2MY ⊙ Y ⊙ (1 − Y)"),
        ("sigmoid(W1*x)", "σ(W₁x)"),
        ("norm(x)^2", "‖x‖²"),
        ("norm2(x)^2", "‖x‖₂²"),
        ("abs(x)", "|x|"),
        ("diag(v)", "diag(v)"),
        ("kron(A, B)", "A ⊗ B"),
        ("kron(A*B, C) + kron(eye(n), A')", "AB ⊗ C + Iₙ ⊗ Aᵀ"),
        ("kron(A, B)*commutation(n, n)", "(A ⊗ B)K(n, n)"),
        ("x/2", "x/2"),
        ("3*x/2", "3x/2"),
        ("s/(2*t)", "s/(2t)"),
        ("(x.*w)/2", "(x ⊙ w)/2"),
        ("inv(A)'", "A⁻ᵀ"),
        ("inv(A')", "A⁻ᵀ"),
        ("inv(X'*X)*X'*y", "(XᵀX)⁻¹Xᵀy"),
        ("(A^3)'", "(A³)ᵀ"),
        ("s^(-2)", "s⁻²"),
        ("s^n", "sⁿ"),
        ("A^(n - 1)", "A^(n − 1)"),
        ("s^(1/2)", "s^(1/2)"),
        ("x.^2", "x²"),
        ("A.^2", "A^⊙2"),
        ("1./x", "1 ⊘ x"),
        ("sqrt(x)", "√x"),
        ("sqrt(x'*x)", "√(xᵀx)"),
        ("(x'*x)*x", "(xᵀx)x"),
        ("ones(n)*x'", "1ₙxᵀ"),
        ("2*ones(n)", "2·1ₙ"),
        ("x*ones(N)'", "x·1_Nᵀ"),
        ("ones(m, n)", "1ₘ·1ₙᵀ"),
        ("s*eye(n)", "sIₙ"),
        ("Pm*x + lam*xbar", "Pm·x + lam·xbar"),
        ("lam*(s + t)", "lam·(s + t)"),
        ("alpha*inv(Sigma)*mu", "αΣ⁻¹μ"),
        ("diag(x)*A*diag(w)", "diag(x)A diag(w)"),
        ("2*tr(A)*x", "2 tr(A)x"),
        ("x'*dA*w", "xᵀ(dA)w"),
        ("tr(A'*dA)", "tr(Aᵀ dA)"),
        ("dA + A*dA'", "dA + A(dA)ᵀ"),
        ("f'.(X)*w", "f′(X)w"),
        ("A*grad_f(A)*B", "A ∇f(A)B"),
        ("hess_f(x)", "∇²f(x)"),
        ("A'(t)*x", "A′(t)x"),
        ("sum[i](x[i] - w)/N", "(∑ᵢ (xᵢ − w))/N"),
        ("A + 2*sum[i,j](A[i,j]*B)", "A + 2 ∑ᵢⱼ AᵢⱼB"),
        ("(x[i] - w)'*(x[i] - w)", "(xᵢ − w)ᵀ(xᵢ − w)"),
        ("W1[i,j]*s", "W₁[i, j]s"),
        ("X[1:k, :]", "X[1:k, :]"),
        ("[s, t; 1, 2]", "[s, t; 1, 2]"),
        ("2*3*x", "2·3x"),
        ("d*x", "d·x"),
        ("norm(x)*norm(w)", "‖x‖·‖w‖"),
        ("-(x + w)", "−(x + w)"),
        ("A*(-B)", "A(−B)"),
        ("sigma*sigmoid(x)", "σ sigmoid(x)"),
    ] {
        assert_eq!(unicode(source), expected, "{source}");
    }
}

#[test]
fn a_users_identity_keeps_its_name() {
    assert_eq!(unicode("I*A + I*eye(n)"), "IA + I eye(n)");
    assert!(latex("I*A + I*eye(n)").ends_with("\\operatorname{eye}(n)"));
}

#[test]
fn latex_follows_the_field() {
    for (source, expected) in [
        ("2*X'*(X*w - y)", "2\\mathbf{X}^{\\top}(\\mathbf{X}\\mathbf{w} - \\mathbf{y})"),
        ("s*x/(2*t)", "\\frac{s\\mathbf{x}}{2t}"),
        ("(x/s + w)*v'", "\\left(\\frac{\\mathbf{x}}{s} + \\mathbf{w}\\right)\\mathbf{v}^{\\top}"),
        ("tr(A.*B)", "\\operatorname{tr}(\\mathbf{A} \\odot \\mathbf{B})"),
        ("inv(Sigma)*mu", "\\boldsymbol{\\Sigma}^{-1}\\boldsymbol{\\mu}"),
        ("inv(A)'", "\\mathbf{A}^{-\\top}"),
        ("lambda*x + lam*xbar", "\\lambda\\mathbf{x} + \\mathit{lam}\\,\\bar{\\mathbf{x}}"),
        ("alpha*s", "\\alpha s"),
        ("W1*x", "\\mathbf{W}_{1}\\mathbf{x}"),
        ("s_max*t", "s_{\\mathrm{max}}t"),
        ("norm(x)", "\\lVert\\mathbf{x}\\rVert"),
        ("x./w", "\\mathbf{x} \\oslash \\mathbf{w}"),
        ("kron(A, eye(n))", "\\mathbf{A} \\otimes \\mathbf{I}_{n}"),
        ("x.^2", "\\mathbf{x}^{\\odot 2}"),
        ("sqrt(s)", "\\sqrt{s}"),
        ("sum[i](s*x[i])", "\\sum_{i} s\\mathbf{x}_{i}"),
        ("[s, t; 1/2, 3]", "\\begin{bmatrix} s & t \\\\ \\frac{1}{2} & 3 \\end{bmatrix}"),
        ("tr(A*dA)", "\\operatorname{tr}(\\mathbf{A}\\,\\mathrm{d}\\mathbf{A})"),
        ("ones(N)'*q", "\\mathbf{1}_{N}^{\\top}\\mathbf{q}"),
    ] {
        assert_eq!(latex(source), expected, "{source}");
    }
}

#[test]
fn typst_separates_letters() {
    for (source, expected) in [
        ("2*X'*(X*w - y)", "2 bold(X)^(top) (bold(X) bold(w) - bold(y))"),
        ("s*x/(2*t)", "frac(s bold(x), 2 t)"),
        ("inv(Sigma)*mu", "bold(Sigma)^(-1) bold(mu)"),
        ("norm(x)^2", "norm(bold(x))^(2)"),
        ("lam*x", "\"lam\" bold(x)"),
        ("2*3*s", "2 ⋅ 3 s"),
        ("exp(x).*w", "exp(bold(x)) ⊙ bold(w)"),
        ("-x + w", "-bold(x) + bold(w)"),
        ("[s, t; 1, 2]", "mat(delim: \"[\", s, t; 1, 2)"),
    ] {
        assert_eq!(typst(source), expected, "{source}");
    }
}

#[test]
fn mathml_is_plain() {
    let mut reader = Reader::new(true);
    let formula = reader.read("2*X'*u");
    assert_eq!(
        print::mathml(&reader.tree, formula),
        "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\"><mrow><mn>2</mn>\
         <mo>&#x2062;</mo><msup><mi>𝐗</mi><mi mathvariant=\"normal\">⊤</mi></msup><mo>&#x2062;</mo>\
         <mi>𝐮</mi></mrow></math>"
    );
    let formula = reader.read("2*3^2");
    assert!(print::mathml(&reader.tree, formula).contains("<mn>2</mn><mo>⋅</mo><msup><mn>3</mn>"));
}

struct Build(Reader);

impl Build {
    fn number(&mut self, numerator: i64, denominator: i64) -> NotationId {
        let number = Notation::Number(Rational::new(numerator, denominator).unwrap());
        self.0.tree.intern(number, Shape::SCALAR)
    }

    fn like(&mut self, notation: Notation, model: NotationId) -> NotationId {
        let shape = self.0.tree.shape(model);
        self.0.tree.intern(notation, shape)
    }

    fn check(&self, id: NotationId, source: &str, unicode: &str) {
        assert_eq!(print::source(&self.0.tree, id), source);
        assert_eq!(print::unicode(&self.0.tree, id), unicode);
    }
}

#[test]
fn numbers_signs_and_ones_are_folded() {
    let mut build = Build(Reader::new(true));
    let (x, w) = (build.0.name("x"), build.0.name("w"));
    let (half, three, minus) = (build.number(1, 2), build.number(-3, 2), build.number(-1, 1));
    let one = build.number(1, 1);
    let product = build.like(Notation::Product(vec![half, x]), x);
    build.check(product, "x/2", "x/2");
    let product = build.like(Notation::Product(vec![three, x]), x);
    build.check(product, "-3*x/2", "−3x/2");
    let sum = build.like(Notation::Sum(vec![(false, w), (false, product)]), x);
    build.check(sum, "w - 3*x/2", "w − 3x/2");
    let sum = build.like(Notation::Sum(vec![(true, product), (true, w)]), x);
    build.check(sum, "3*x/2 - w", "3x/2 − w");
    let product = build.like(Notation::Product(vec![minus, sum]), x);
    build.check(product, "-(3*x/2 - w)", "−(3x/2 − w)");
    let product = build.like(Notation::Product(vec![one, x]), x);
    build.check(product, "x", "x");
    let negative = build.like(Notation::Negate(x), x);
    let again = build.like(Notation::Negate(negative), x);
    build.check(again, "x", "x");
    let product = build.like(Notation::Product(vec![minus, negative]), x);
    build.check(product, "-(-x)", "−(−x)");
    let single = build.like(Notation::Sum(vec![(true, x)]), x);
    build.check(single, "-x", "−x");
    let nothing = build.like(Notation::Sum(Vec::new()), x);
    build.check(nothing, "zeros(n)", "0");
    let power =
        build.like(Notation::Power { base: x, exponent: minus, kind: PowerKind::Elementwise }, x);
    build.check(power, "x.^(-1)", "x⁻¹");
    let row = Shape { rows: Dimensions::ONE, columns: build.0.tree.shape(x).rows };
    let zeros = build.0.tree.intern(Notation::Zeros, row);
    build.check(zeros, "zeros(n)'", "0");
}

#[test]
fn cost_counts_tokens_and_transposes() {
    for (source, tokens, cost) in [
        ("x", 1, 1),
        ("2*X'*(X*w - y)", 10, 11),
        ("inv(A)*x", 4, 4),
        ("-x", 2, 2),
        ("w - x", 3, 3),
        ("3*x/2", 5, 5),
        ("ones(n)'", 3, 4),
        ("f'.(x)", 3, 3),
        ("A[i,j]", 4, 4),
    ] {
        let mut reader = Reader::new(true);
        let formula = reader.read(source);
        assert_eq!(reader.tree.tokens(formula), tokens, "{source}");
        assert_eq!(reader.tree.cost(formula), cost, "{source}");
    }
}

#[test]
fn deep_and_wide_formulas_are_printed() {
    let mut build = Build(Reader::new(true));
    let (x, w) = (build.0.name("x"), build.0.name("w"));
    let mut deep = x;
    for _ in 0..30_000 {
        let sum = build.like(Notation::Sum(vec![(false, deep), (true, w)]), x);
        deep = build.like(Notation::Negate(sum), x);
    }
    let terms = (0..20_000).map(|at| {
        let number = build.number(at + 2, 1);
        (false, build.like(Notation::Product(vec![number, x]), x))
    });
    let terms = terms.collect();
    let wide = build.like(Notation::Sum(terms), x);
    for id in [deep, wide] {
        for format in [
            print::Format::Source,
            print::Format::Unicode,
            print::Format::Latex,
            print::Format::MathMl,
            print::Format::Typst,
        ] {
            assert!(print::formula(&build.0.tree, id, format).len() > 100_000);
        }
    }
    let mut doubled = x;
    for _ in 0..100 {
        doubled = build.like(Notation::Sum(vec![(false, doubled), (false, doubled)]), x);
    }
    assert_eq!(build.0.tree.tokens(doubled), u32::MAX);
}

#[test]
fn answers_stand_under_their_bindings() {
    use gradus_notation::print::{Answer, Format, Left, Line, Look, Subject};
    use gradus_notation::tree::NamedFormula;
    let mut reader = Reader::new(true);
    let value = reader.read("sigmoid(W*X)");
    let gradient = reader.read("2*M*Y.*Y.*(1 - Y)");
    let answer = reader.read("M*X");
    let named = |name: &str, formula| NamedFormula {
        name: name.to_owned(),
        index: None,
        formula,
        from_user: true,
    };
    let bindings = [named("Y", value), named("G1", gradient)];
    let (f, w) = (
        Subject { text: "f", index: None, look: Look::Scalar, conjugate: false },
        Subject { text: "W", index: None, look: Look::Matrix, conjugate: false },
    );
    let x = Subject { text: "x", index: None, look: Look::Vector, conjugate: false };
    let lines = [
        Line {
            left: Left::Derivative { of: f, by: &[w], stacked: false },
            right: answer,
            note: "k×m",
        },
        Line { left: Left::Derivative { of: w, by: &[w], stacked: true }, right: answer, note: "" },
        Line {
            left: Left::Derivative { of: f, by: &[x, x], stacked: true },
            right: answer,
            note: "n×n",
        },
        Line { left: Left::Differential { of: f, order: 1 }, right: answer, note: "" },
    ];
    let block = Answer { bindings: &bindings, lines: &lines, where_word: "where", at: "" };
    assert_eq!(
        print::answer(&reader.tree, &block, Format::Unicode),
        "where Y  = σ(WX)\n      G₁ = 2MY ⊙ Y ⊙ (1 − Y)\n\
         ∂f/∂W         = MX    k×m\n\
         ∂vec W/∂vec W = MX\n\
         ∂²f/∂x ∂xᵀ    = MX    n×n\n\
         df            = MX"
    );
    assert_eq!(
        print::answer(&reader.tree, &block, Format::Source),
        "Y = sigmoid(W*X); G1 = (2*M*Y).*Y.*(1 - Y); M*X; M*X; M*X; M*X"
    );
    let latex = print::answer(&reader.tree, &block, Format::Latex);
    assert!(
        latex.starts_with("\\begin{aligned}\n\\text{where }\\mathbf{Y} &= \\sigma("),
        "{latex}"
    );
    assert!(latex.contains("\\frac{\\partial f}{\\partial\\mathbf{W}} &= "), "{latex}");
    let typst = print::answer(&reader.tree, &block, Format::Typst);
    assert!(typst.contains("frac(∂ op(\"vec\") bold(W), ∂ op(\"vec\") bold(W)) &= "), "{typst}");
    let single = Answer { bindings: &[], lines: &lines[..1], where_word: "where", at: "" };
    assert_eq!(
        print::answer(&reader.tree, &single, Format::Latex),
        "\\frac{\\partial f}{\\partial\\mathbf{W}} = \\mathbf{M}\\mathbf{X}"
    );
}

#[test]
fn a_row_is_sliced_by_one_range() {
    let mut reader = Reader::new(true);
    let row = reader.name("r");
    let zero = reader.tree.dimensions.number(Rational::ZERO);
    let two = reader.tree.dimensions.number(Rational::integer(2));
    let shape = Shape { rows: Dimensions::ONE, columns: two };
    let slice = Notation::Slice { base: row, row_offset: zero, column_offset: two };
    let slice = reader.tree.intern(slice, shape);
    assert_eq!(print::source(&reader.tree, slice), "r[3:4]");
    assert_eq!(print::unicode(&reader.tree, slice), "r[3:4]");
}

#[test]
fn differentials_are_set_apart_inside_products() {
    for (source, expected) in [
        ("d(A*B)", "d(AB)"),
        ("A*d(inv(B))*C", "A d(B⁻¹) C"),
        ("dA*inv(A) + A*d(inv(A))", "(dA)A⁻¹ + A d(A⁻¹)"),
        ("tr(C*d(A*B))", "tr(C d(AB))"),
        ("d(A*B)'*C", "(d(AB))ᵀC"),
        ("A'*dA*B", "Aᵀ(dA)B"),
        ("dX'*M*X", "(dX)ᵀMX"),
        ("tr(w*v'*dA)", "tr(wvᵀ dA)"),
        ("2*d(x'*x)", "2 d(xᵀx)"),
        ("d(x)", "dx"),
        ("A*d(x)", "A dx"),
        ("d(A)*x", "(dA)x"),
        ("d(dA)", "d(dA)"),
        ("w.*d(f.(x))", "w ⊙ d(f(x))"),
        ("d(sum[i](x[i]'*w[i]))", "d(∑ᵢ xᵢᵀwᵢ)"),
        ("sigmoid(d(x + w))", "σ(d(x + w))"),
    ] {
        assert_eq!(unicode(source), expected, "{source}");
    }
    assert_eq!(latex("A*d(inv(B))*C"), "\\mathbf{A}\\,\\mathrm{d}(\\mathbf{B}^{-1})\\,\\mathbf{C}");
    assert_eq!(latex("d(s/t)"), "\\mathrm{d}\\!\\left(\\frac{s}{t}\\right)");
    assert_eq!(latex("d(A)*x"), "(\\mathrm{d}\\mathbf{A})\\mathbf{x}");
    assert_eq!(typst("A*d(inv(B))*C"), "bold(A) upright(d) (bold(B)^(-1)) bold(C)");
}
