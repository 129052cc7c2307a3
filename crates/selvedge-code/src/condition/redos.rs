//! Whether a regular expression can take exponential time in a backtracking engine.

/// Nesting of groups that is followed.
const DEPTH_MAX: usize = 200;

/// Looks for an unbounded repetition around a part that may itself match one text in several ways: one that holds
/// another unbounded repetition, or alternatives that begin alike.
pub(crate) fn is_vulnerable(source: &str) -> bool {
    let chars: Vec<char> = source.chars().collect();
    let mut stack = vec![Group::default()];
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '\\' => {
                let atom: String = chars[at..(at + 2).min(chars.len())].iter().collect();
                at += 1;
                let repeated = unbounded(&chars, at + 1);
                top(&mut stack).atom(&atom, repeated);
            }
            '[' => {
                let end = class_end(&chars, at);
                let atom: String = chars[at..=end.min(chars.len() - 1)].iter().collect();
                at = end;
                let repeated = unbounded(&chars, at + 1);
                top(&mut stack).atom(&atom, repeated);
            }
            '(' if stack.len() < DEPTH_MAX => {
                stack.push(Group::default());
                at += prefix(&chars, at);
            }
            ')' if stack.len() > 1 => {
                let group = stack.pop().unwrap_or_default();
                let repeated = unbounded(&chars, at + 1);
                if repeated && group.is_ambiguous() {
                    return true;
                }
                let ambiguous = group.is_ambiguous();
                top(&mut stack).group(ambiguous, repeated);
            }
            '|' => top(&mut stack).next(),
            '*' | '+' | '?' | '^' | '$' => {}
            '{' => at = chars[at..].iter().position(|c| *c == '}').map_or(at, |end| at + end),
            other => {
                let repeated = unbounded(&chars, at + 1);
                top(&mut stack).atom(&other.to_string(), repeated);
            }
        }
        at += 1;
    }
    false
}

fn top(stack: &mut [Group]) -> &mut Group {
    stack.last_mut().expect("the outermost group is never closed")
}

/// The branches of a group, as far as they have been read.
#[derive(Debug, Default)]
struct Group {
    done: Vec<Branch>,
    branch: Branch,
}

#[derive(Debug, Default)]
struct Branch {
    first: Option<String>,
    repeated: bool,
}

impl Group {
    fn atom(&mut self, atom: &str, repeated: bool) {
        self.branch.first.get_or_insert_with(|| atom.to_owned());
        self.branch.repeated |= repeated;
    }

    fn group(&mut self, ambiguous: bool, repeated: bool) {
        self.branch.first.get_or_insert_with(String::new);
        self.branch.repeated |= ambiguous || repeated;
    }

    fn next(&mut self) {
        self.done.push(std::mem::take(&mut self.branch));
    }

    fn is_ambiguous(&self) -> bool {
        let all: Vec<&Branch> = self.done.iter().chain([&self.branch]).collect();
        let nested = all.iter().any(|branch| branch.repeated);
        let alike = all.iter().enumerate().any(|(at, branch)| {
            branch.first.as_ref().is_some_and(|first| {
                !first.is_empty() && all[..at].iter().any(|other| other.first.as_ref() == Some(first))
            })
        });
        nested || alike
    }
}

/// Whether an unbounded repetition stands at `at`.
fn unbounded(chars: &[char], at: usize) -> bool {
    match chars.get(at) {
        Some('*' | '+') => true,
        Some('{') => {
            let inner: String = chars[at + 1..].iter().take_while(|c| **c != '}').collect();
            inner.ends_with(',')
        }
        _ => false,
    }
}

/// Characters of `?:` and its kind after an opening bracket.
fn prefix(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('?'), Some(':' | '=' | '!')) => 2,
        (Some('?'), Some('P' | '<')) => chars[at..].iter().take(64).position(|c| *c == '>').unwrap_or(1),
        _ => 0,
    }
}

fn class_end(chars: &[char], at: usize) -> usize {
    let mut end = at + 1;
    if chars.get(end) == Some(&'^') {
        end += 1;
    }
    if chars.get(end) == Some(&']') {
        end += 1;
    }
    while let Some(c) = chars.get(end) {
        match c {
            ']' => return end,
            '\\' => end += 2,
            _ => end += 1,
        }
    }
    chars.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_repetitions_and_like_branches_are_seen() {
        for source in
            ["(a+)+$", "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)", "(a|a)*b", "(x+x+)+y", "(.*)*"]
        {
            assert!(is_vulnerable(source), "{source}");
        }
        for source in ["^[a-z]+$", "(ab)+c", "(a|b)*", "a{2,3}", "[", "(", "\\"] {
            assert!(!is_vulnerable(source), "{source}");
        }
    }
}
