#![allow(missing_docs)]
mod support;
use gradus_notation::print;
use gradus_notation::print::*;
use support::Reader;
#[test]
fn page() {
    let mut html = String::from("<meta charset=utf-8><body style='font-size:18px'>");
    for s in ["2*X'*(X*w - y)","inv(S) - inv(S)*C*inv(S)","(A^2)'","norm2(x)^2","x'*A*x/(2*n)","(1/2)*x'*A*x","inv(A*B)'","x.^2","sqrt(x'*x)","cbrt(s)","kron(A*B, eye(n)) + A","ones(n)*x'","ones(m, n)","sum[i,j](x[i] - w)/N","(softmax(A*x) - w)*x'","-X'*(y.*sigmoid(-y.*(X*w)))","tr(A'*dA)","x'*dA*w","f''.(X)*w","grad_f(X*A)*w","X[1:2, :]","[s, t; 1/2, x'*w]*2","Pm*x + lam*xbar","alpha*inv(Sigma)*mu","(x/s + w)*v'","A''(t)*x","norm(x)*abs(s)","A[i,j]*x_max*s", "1./x"] {
        let mut r = Reader::new(true);
        let f = r.read(s);
        html += &format!("<div style='display:inline-block;width:45%;height:58px'><code style='font-size:11px'>{}</code>{}</div>\n", s.replace('<',"&lt;"), print::mathml(&r.tree, f));
    }
    let mut r = Reader::new(true);
    let y = r.read("sigmoid(W*X)"); let g = r.read("2*M*Y.*Y.*(1 - Y)"); let a = r.read("G1*X'"); 
    let bindings = vec![gradus_notation::tree::NamedFormula{name:"Y".into(), formula:y, from_user:true}, gradus_notation::tree::NamedFormula{name:"G1".into(), formula:g, from_user:false}];
    let sub = |t, l| Subject { text: t, look: l };
    let lines = [Line{left: Left::Derivative{of: sub("f",Look::Scalar), by: sub("W",Look::Matrix), stacked:false}, right:a, note:"k×m, mixed layout"},
      Line{left: Left::Derivative{of: sub("F",Look::Matrix), by: sub("X",Look::Matrix), stacked:true}, right:a, note:"k×m"},
      Line{left: Left::SecondDerivative{of: sub("f",Look::Scalar), by: (sub("X",Look::Matrix), sub("X",Look::Matrix)), stacked:true}, right:a, note:"k×m"},
      Line{left: Left::SecondDerivative{of: sub("f",Look::Scalar), by: (sub("s",Look::Scalar), sub("s",Look::Scalar)), stacked:true}, right:a, note:"k×m"},
      Line{left: Left::Differential(sub("F",Look::Matrix)), right:a, note:""}];
    let ans = Answer{bindings:&bindings, lines:&lines, where_word:"where"};
    for f in [Format::Source, Format::Unicode, Format::Latex, Format::Typst] { println!("{}\n", print::answer(&r.tree,&ans,f)); }
    html += &print::answer(&r.tree,&ans,Format::MathMl);
    std::fs::write("/tmp/gradus/page.html", html).unwrap();
}
