//! probe
use gradus_scalar::expression::*;
use gradus_scalar::integral::*;
struct P<'a> {
    s: Vec<char>,
    i: usize,
    a: &'a mut Arena,
}
impl P<'_> {
    fn ws(&mut self) {
        while self.i < self.s.len() && self.s[self.i] == ' ' {
            self.i += 1
        }
    }
    fn pk(&mut self) -> char {
        self.ws();
        *self.s.get(self.i).unwrap_or(&'\0')
    }
    fn sum(&mut self) -> ExprId {
        let mut v = self.prod();
        loop {
            match self.pk() {
                '+' => {
                    self.i += 1;
                    let r = self.prod();
                    v = self.a.add(&[v, r])
                }
                '-' => {
                    self.i += 1;
                    let r = self.prod();
                    v = self.a.subtract(v, r)
                }
                _ => return v,
            }
        }
    }
    fn prod(&mut self) -> ExprId {
        let mut v = self.un();
        loop {
            match self.pk() {
                '*' => {
                    self.i += 1;
                    let r = self.un();
                    v = self.a.multiply(&[v, r])
                }
                '/' => {
                    self.i += 1;
                    let r = self.un();
                    v = self.a.divide(v, r)
                }
                _ => return v,
            }
        }
    }
    fn un(&mut self) -> ExprId {
        if self.pk() == '-' {
            self.i += 1;
            let r = self.un();
            return self.a.negate(r);
        }
        self.pw()
    }
    fn pw(&mut self) -> ExprId {
        let b = self.at();
        if self.pk() == '^' {
            self.i += 1;
            let e = self.un();
            return self.a.power(b, e);
        }
        b
    }
    fn at(&mut self) -> ExprId {
        let c = self.pk();
        if c == '(' {
            self.i += 1;
            let v = self.sum();
            self.pk();
            self.i += 1;
            return v;
        }
        if c.is_ascii_digit() {
            let mut n = 0i64;
            while self.i < self.s.len() && self.s[self.i].is_ascii_digit() {
                n = n * 10 + self.s[self.i].to_digit(10).unwrap() as i64;
                self.i += 1
            }
            return self.a.integer(n);
        }
        let mut n = String::new();
        while self.i < self.s.len() && self.s[self.i].is_alphanumeric() {
            n.push(self.s[self.i]);
            self.i += 1
        }
        if self.pk() == '(' {
            self.i += 1;
            let v = self.sum();
            self.pk();
            self.i += 1;
            if n == "sqrt" {
                return self.a.square_root(v);
            }
            if n == "log10" {
                let l = self.a.apply(Function::Log, v);
                let t = self.a.integer(10);
                let t = self.a.apply(Function::Log, t);
                return self.a.divide(l, t);
            }
            return self.a.apply(Function::named(&n).unwrap_or_else(|| panic!("{n}")), v);
        }
        match n.as_str() {
            "x" => Arena::VARIABLE,
            "pi" => Arena::PI,
            "a" | "b" | "c" | "n" => self.a.parameter(&n, Sign::Unknown),
            _ => self.a.parameter(&n, Sign::Positive),
        }
    }
}
fn main() {
    let steps = std::env::args().any(|a| a == "-s");
    for l in std::io::stdin().lines() {
        let l = l.unwrap();
        let l = l.trim();
        if l.is_empty() || l.starts_with('#') {
            continue;
        }
        let t = std::time::Instant::now();
        let mut a = Arena::new(3_000_000);
        let e = P { s: l.chars().collect(), i: 0, a: &mut a }.sum();
        let r = antiderivative(&mut a, e);
        let ms = t.elapsed().as_millis();
        match r {
            Ok(r) => {
                println!(
                    "{l}  ->  {}{}   [{ms} ms, {}]",
                    a.text(r.value, "x").unwrap_or_default(),
                    if r.is_assumed { " ASSUMED" } else { "" },
                    a.spent()
                );
                if steps {
                    for s in &r.steps {
                        println!(
                            "    {} -> {}   {:?}",
                            a.text(s.integrand, "x").unwrap_or_default(),
                            a.text(s.value, "x").unwrap_or_default(),
                            s.rule
                        )
                    }
                }
            }
            Err(u) => println!("{l}  ->  {u:?}  [{ms} ms, {}]", a.spent()),
        }
    }
}
