//! Inputs as people paste them: without declarations, in the style of matrixcalculus.org. Each is answered;
//! and a declaration that a message tells to add settles what it was about.
//!
//! Must not know how answers look.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gradus::{Request, Verdict};

const PASTED: &[&str] = &[
    "0.5*x'*A*x",
    "A*exp(x)",
    "sin(x)'*y",
    "(y.*v)'*x",
    "a^b",
    "norm2(A*x-y)^2",
    "sum(log(exp(-y.*(X*w)) + vector(1)))",
    "tr(A*X'*B*X*C)",
    "log(det(inv(X)))",
    "B*-inv(X)*b",
    "x ' * y",
    "sum(x.^(-1))",
    "sum(x.^(1/p))",
    "GR*T.^4",
    "sum(log(vector(1) + exp(-y.*(X*w)))) + 1/2*w'*w",
    "(A*B + matrix(1/a) - C)*vector(1)",
    "tr((A+eye)*X)",
    "A/2*x",
    "x'*A*x/(x'*x)",
    "x0'*oneROWKp*covmatr + lambda*x0'*x0",
    "lambda*norm1(w) + norm2(X*w-y)^2",
    "(x-mu)'*inv(Sigma)*(x-mu)",
    "-0.5*log(det(S)) - 0.5*(x-m)'*inv(S)*(x-m)",
    "sum(y.*log(1./(1+exp(-X*w))) + (1-y).*log(1-1./(1+exp(-X*w))))",
    "norm2(y - X*beta)^2 + alpha*norm2(beta)^2",
    "1/2*norm2(A*x-b)^2 + l*norm1(x)",
    "tr(X'*A*X) - 2*tr(B'*X)",
    "log(sum(exp(x)))",
    "x'*log(x) + (1-x)'*log(1-x)",
    "exp(-g*norm2(x-y)^2)",
    "(x'*y + c)^d",
    "tanh(W2*tanh(W1*x + b1) + b2)",
    "sum((y - W2*relu(W1*x + b1) - b2).^2)",
    "1/n*norm2(X*w-y)^2",
    "norm2(Q*R*x - b)",
    "x'*diag(d)*x",
    "inv(A+x*x')*b",
    "A*inv(B)*C",
    "det(A*X*B)",
    "tr(inv(X)*A)",
    "log(det(X*X'))",
    "sqrt(x'*A*x)",
    "abs(x)'*w",
    "sum(abs(A*x-b))",
    "max(A*x - b, 0)'*vector(1)",
    "exp(A*x)./sum(exp(A*x))",
    "((A*x).*(B*x))'*c",
    "w'*S*w - l*(w'*vector(1) - 1)",
    "w'*mu - g/2*w'*Sigma*w",
    "0.5*w'*w + C*sum(max(0, 1 - y.*(X*w)))",
    "(a.*x + b)'*c",
    "x.*y",
    "x./y",
    "x*y'",
    "x'*x*y",
    "A*x + b*c",
    "p'*log(p./q)",
    "k*T*log(p)",
    "m*c^2",
    "sigma2^(-n/2)*exp(-1/(2*sigma2)*norm2(y-X*b)^2)",
    "(X'*X + lambda*eye)\\(X'*y)",
    "inv(X'*X + lambda*eye)*X'*y",
    "norm2(x-A*inv(A'*A)*A'*x)^2",
    "tr(A*X*B*X'*C)",
    "a'*X*b",
    "a'*X'*b",
    "a'*X'*X*b",
    "b'*X'*C*X*c",
    "(B*x+b)'*C*(D*x+d)",
    "(A*x+b)'*(D*x+e)",
    "tr(A*X^2)",
    "X^-1",
    "sum(X.^2)",
    "u'*X*v/norm2(u)",
    "exp(x'*A*x)*y",
    "sin(A*x + b)",
    "y'*K*y + log(det(K + s^2*eye))",
    "sum(sum(X))",
    "ones'*x",
    "x^T*A*x",
    "norm(x)",
    "trace(A*X)",
    "transpose(A)*x",
    "A.^2*x",
    "A^2*x",
    "A'^2*x",
    "exp(X)*y",
    "2 * x' * A",
    "x'*A'*B*A*x + c'*x + d",
    "(1-alpha)*x + alpha*y",
    "alpha*x'*x + beta*y'*y",
    "f*x'*y*g",
    "j'*x",
    "l'*l",
    "sum(x)^2/n",
    "x'*A*x + b'*x + c",
    "(x0 - mu)'*inv(covmatr)*(x0 - mu)",
    "oneROWKp'*K*oneROWKp/(oneROWKp'*oneROWKp)",
    "sum(sigmoid(X*w).*(1 - sigmoid(X*w)))",
    "norm2(T1*x - y)^2 + lambda*norm2(D*x)^2",
    "log(vector(1)'*exp(A*x + b))",
    "x'*diag(y)*z",
    "tr((Y - X*W)'*(Y - X*W)) + gamma*tr(W'*W)",
    "tr(Theta*S) - log(det(Theta))",
    "norm2(A - B*C)^2",
    "sum((A - B*C).^2)",
    "(X*w)'*(X*w)/(w'*w)",
    "y'*X*inv(X'*X)*X'*y",
    "exp(-0.5*(x-m)'*inv(S)*(x-m))/sqrt(det(2*pi*S))",
    "vector(1)'*(A.*B)*vector(1)",
    "matrix(1)*A*x + y",
    "(A + matrix(1/a))*x",
    "(eye - u*u')*x",
    "(eye - 2*v*v'/(v'*v))*x",
    "sin(x.^2)'*cos(y)",
    "1./(1 + exp(-x))",
    "A*(x.*y) + B*(x./y)",
    "sqrt(sum(x.^2))",
    "(x'*x)^(3/2)",
    "log(1 + exp(-y*w'*x))",
    "-y*log(sigmoid(w'*x + b)) - (1-y)*log(1 - sigmoid(w'*x + b))",
    "(w'*A*w)/(w'*B*w)",
    "tr(A*X)/tr(B*X)",
    "det(X)^2",
    "inv(X)'*a",
    "X'*inv(S)*X",
    "norm1(A*x - b) + norm2(x)",
    "relu(W*x)'*v",
    "W3*tanh(W2*tanh(W1*x))",
    "sum(exp(X*Y'))",
    "log(det(eye + X*X'/s^2))",
    "sum(rowsum(A.*B).^2)",
    "(A*x + b).*(C*x + d)",
    "x.^3 + 2*x",
    "((((x))))'*y",
    "-x'*-A*-x",
    "2.5e-3*norm2(x)^2",
    ".5*(x'*x)",
    "x'*A*x-b'*x+0.5*y'*B*y-d'*y+lambda*(C*x-y)'*(C*x-y)+mu*norm2(D*x-z)^2+alpha*sum(log(1+exp(-(E*x+w))))+beta*tr(F*G)-gamma*log(det(H))+delta*norm1(x)+0.25*(x'*x)^2-sin(y)'*cos(y)+exp(-norm2(z)^2)+sum(tanh(w))+1/2*lambda*x'*A'*A*x",
];

#[test]
fn pasted_inputs_are_answered() {
    let mut wrong = Vec::new();
    for program in PASTED {
        match gradus::diff(&Request::new(*program)) {
            Ok(answer) if answer.verification().verdict == Verdict::Refuted => {
                wrong.push(format!("{program}\n    {}", answer.verification()));
            }
            Ok(answer) => wrong.extend(
                answer.skipped().iter().map(|skipped| format!("{program} by {}", skipped.variable)),
            ),
            Err(failure) => wrong.push(failure.to_string()),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), PASTED.len(), wrong.join("\n"));
}

/// Programs whose sizes are not determined, with declarations.
const OPEN: &[(&[&str], &str)] = &[
    (&[], "sum(kron(kron(A,B),C)*vec(X))"),
    (&[], "sum(kron(A,kron(B,C))*vec(kron(X,Y)))"),
    (&["A: matrix(k*n,k*n)"], "tr(kron(B,C)*A)"),
    (&["y: vector(m)"], "norm2([A;B]*x - y)^2"),
    (&["y: vector(m)"], "norm2([A;B;C]*x - y)^2"),
    (&["v: vector(p*q*r)"], "norm2(kron(x,y) - v)^2"),
    (&["v: vector(p*q)"], "vec(X)'*v"),
];

#[test]
fn declarations_in_hints_settle_the_sizes() {
    for (declarations, program) in OPEN {
        let mut request = Request::new(*program);
        request.declarations = declarations.iter().map(|&text| text.to_owned()).collect();
        let failure = gradus::diff(&request).err().unwrap_or_else(|| panic!("{program} is read"));
        let hint = failure.diagnostic.hints.iter().find(|hint| hint.contains("--let"));
        let hint = hint.unwrap_or_else(|| panic!("{failure}"));
        let told: Vec<String> = hint.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        request.declarations.extend(told);
        if let Err(failure) = gradus::diff(&request) {
            panic!("{:?} {failure}", request.declarations);
        }
    }
}
