/** Ways out amid a statement: `?`, `let … else`, break with a value, labelled loops, `return` in an argument, `defer`. */

import { construct } from "./construct.ts";

export const exits = construct("exits", {
  types: { RS: { lang: "Result[&String, String]", rust: "Result<&'a String, String>", show: ["show_result(&$)", "show_result(&$)"] } },
  values: {
    RS: [["found($1, n)", "", "&L"], ["good($1)", "", "&S"], ["tried(|| { let q = $1?; Ok(longer(q, $2)) })", "", "RS", "@&S"]],
    OR: [["tries(|| { let q = $1?; Some(longer(q, $2)) })", "", "OR", "@&S"], ["tries(|| Some(longer($1?, $2)))", "", "OR", "@&S"], ["$1.ok()", "", "RS"], ["second($1)", "", "&L"], ["tries(|| { for q in $1.iter() { if q.len > 12 { return Some(q) } } None })", "tries(|| { for q in $1.iter() { if q.len() > 12 { return Some(q) } } None })", "=L"]],
    O: [["owns(|| Some(joined($1?, $2)))", "", "O", "S"], ["owns(|| Some(joined($2, $1?)))", "", "O", "S"], ["owns(|| { let q = Pair { a: $2, b: $1? }; Some(q.b) })", "", "O", "S"]],
    "&S": [
      ["loop { if n > $1 { break $2 }; break $3 }", "", "#", "&S", "&S"], ["loop { match $1 { Some(q) => break q, None => break $2 } }", "", "OR", "&S"], ["loop { if let Some(q) = $1 { break q }; break $2 }", "", "OR", "&S"], ["match found($1, n) { Ok(q) => q, Err(_) => $2 }", "", "&L", "&S"],
    ],
    S: [["loop { break $1 }", "", "S"], ["loop { if n > $1 { break $2 }; break $3 }", "", "#", "S", "S"], ["match $1 { Ok(q) => q.clone(), Err(q) => q }", "", "RS"], ["match $1 { Some(q) => q, None => return }", "", "O", "^"], ["joined($1, match $2 { Some(q) => q, None => return })", "", "S", "O", "^"]],
  },
  effects: [
    ["let Some($1) = $2 else { return }", "", "'&S", "OR", "^"], ["let Some($1) = $2 else { return }", "", "'S", "O", "^"], ["let Some($1) = &mut $2 else { return }", "", "'&mut S", "!O", "^"], ["let Ok($1) = $2 else { return }", "", "'&S", "RS", "^"],
    ["outer: for q in $1.iter() { for r in $2.iter() { if q.len > r.len { $3 = q; break outer }; if n > 1 { continue outer } } }", "'outer: for q in $1.iter() { for r in $2.iter() { if q.len() > r.len() { $3 = q; break 'outer }; if n > 1 { continue 'outer } } }", "=L", "=L", "@&S"],
    ["consume(match $1 { Some(q) => q, None => return })", "", "O", "^"], ["defer println($1)", 'let _defer = later(|| println!("{}", $1))', "=S"], ["defer $1.push_str(\"&\")", 'let _defer = later(|| $1.push_str("&"))', "!S"], ["show_result(&$1)", "", "RS"],
  ],
  variables: ["RS", "OR", "O"],
  results: ["RS", "OR"],
  parameters: ["RS", "OR"],
  lang: `
func found(l &List[String], n i64) Result[&String, String] { if n < l.len { Ok(&l[n]) } else { Err(text(n)) } }
func good(s &String) Result[&String, String] { Ok(s) }
func second(l &List[String]) ?&String { let q = l.get(1)?; Some(q) }
func tried(f func() Result[&String, String]) Result[&String, String] { f() }
func tries(f func() ?&String) ?&String { f() }
func owns(f func() ?String) ?String { f() }
func joined(a String, b String) String { f"{a} {b}" }
func show_result(r &Result[&String, String]) { match r { Ok(q) => println(q), Err(q) => println(f"error {q}") } }
`,
  rust: `
fn found<'a>(l: &'a Vec<String>, n: i64) -> Result<&'a String, String> { if (n as usize) < l.len() { Ok(&l[n as usize]) } else { Err(text(n)) } }
fn good<'a>(s: &'a String) -> Result<&'a String, String> { Ok(s) }
fn second<'a>(l: &'a Vec<String>) -> Option<&'a String> { let q = l.get(1)?; Some(q) }
fn tried<'a>(f: impl FnOnce() -> Result<&'a String, String>) -> Result<&'a String, String> { f() }
fn tries<'a>(f: impl FnOnce() -> Option<&'a String>) -> Option<&'a String> { f() }
fn owns(f: impl FnOnce() -> Option<String>) -> Option<String> { f() }
fn joined(a: String, b: String) -> String { format!("{} {}", a, b) }
fn show_result(r: &Result<&String, String>) { match r { Ok(q) => println!("{}", q), Err(q) => println!("error {}", q) } }
struct Later<F: FnMut()>(F);
impl<F: FnMut()> Drop for Later<F> { fn drop(&mut self) { (self.0)() } }
fn later<F: FnMut()>(f: F) -> Later<F> { Later(f) }
`,
});
