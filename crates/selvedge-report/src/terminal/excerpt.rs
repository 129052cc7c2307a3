//! The source line with its number, and the marks under it, aligned by columns and not by characters.

use std::io::{self, Write};

use selvedge_model::{Excerpt, ExcerptLine, Severity};

use super::paint::Paint;
use crate::text::{char_width, push_printable, wrap};

/// One character as it is shown, and the columns it takes.
struct Cell {
    shown: String,
    columns: usize,
}

/// Writes the lines of the excerpt between two empty gutter lines. `label` goes beside the marks if there is room.
pub(super) fn write(
    excerpt: &Excerpt,
    severity: Severity,
    gutter: usize,
    columns: usize,
    label: Option<&str>,
    paint: &Paint<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let room = columns.saturating_sub(gutter + 3).max(20);
    let bar = paint.frame("|");
    writeln!(out, "{:gutter$} {bar}", "")?;
    for line in &excerpt.lines {
        let number = paint.frame(&format!("{:>gutter$}", line.number));
        if line.number != excerpt.marked_line {
            let (cells, _) = window(line, (0, 0), room);
            writeln!(out, "{number} {bar} {}", shown(&cells))?;
            continue;
        }
        let mark = (excerpt.mark_start as usize, excerpt.mark_end as usize);
        let (cells, mark) = window(line, mark, room);
        writeln!(out, "{number} {bar} {}", shown(&cells))?;
        let before: usize = cells[..mark.0].iter().map(|cell| cell.columns).sum();
        let marked: usize = cells[mark.0..mark.1].iter().map(|cell| cell.columns).sum();
        let carets = paint.severity(severity, &"^".repeat(marked.max(1)));
        let beside = label.filter(|text| before + marked + 1 + crate::text::width(text) <= room);
        let beside = beside.map_or(String::new(), |text| format!(" {}", paint.severity(severity, text)));
        writeln!(out, "{:gutter$} {bar} {:before$}{carets}{beside}", "", "")?;
        if let Some(text) = label.filter(|_| beside.is_empty()) {
            for part in wrap(text, room) {
                writeln!(out, "{:gutter$} {bar} {}", "", paint.severity(severity, &part))?;
            }
        }
    }
    writeln!(out, "{:gutter$} {bar}", "")
}

fn shown(cells: &[Cell]) -> String {
    let line: String = cells.iter().map(|cell| cell.shown.as_str()).collect();
    line.trim_end().to_owned()
}

/// The part of the line that fits into `room` columns and shows the mark, and where the mark is in it.
fn window(line: &ExcerptLine, mark: (usize, usize), room: usize) -> (Vec<Cell>, (usize, usize)) {
    let mut cells: Vec<Cell> = line.text.chars().map(cell).collect();
    let start = mark.0.min(cells.len());
    let end = mark.1.clamp(start, cells.len());
    let total: usize = cells.iter().map(|cell| cell.columns).sum();
    if total <= room {
        return (cells, (start, end));
    }
    let from = first_shown(&cells, start, room);
    let lead = usize::from(from > 0);
    let mut used = lead;
    let mut to = from;
    while to < cells.len() && used + cells[to].columns < room {
        used += cells[to].columns;
        to += 1;
    }
    let cut = to < cells.len();
    cells.truncate(to);
    cells.drain(..from);
    if lead > 0 {
        cells.insert(0, ellipsis());
    }
    let last = cells.len();
    if cut {
        cells.push(ellipsis());
    }
    let shift = |at: usize| (at.max(from) - from + lead).min(last);
    (cells, (shift(start), shift(end)))
}

/// The first cell to show so that a third of the room lies before the mark.
fn first_shown(cells: &[Cell], mark: usize, room: usize) -> usize {
    let mut from = mark;
    let mut used = 0;
    while from > 0 && used + cells[from - 1].columns <= room / 3 {
        from -= 1;
        used += cells[from].columns;
    }
    from
}

fn cell(c: char) -> Cell {
    let mut shown = String::new();
    push_printable(&mut shown, c);
    let columns = shown.chars().map(char_width).sum();
    Cell { shown, columns }
}

fn ellipsis() -> Cell {
    Cell { shown: "…".to_owned(), columns: 1 }
}

#[cfg(test)]
mod tests {
    use super::super::TerminalStyle;
    use super::*;

    /// The excerpt of one line whose mark is the text between `«` and `»`, in `columns` columns.
    fn render(line: &str, columns: usize) -> String {
        let chars: Vec<char> = line.chars().collect();
        let start = chars.iter().position(|c| *c == '«').unwrap();
        let end = chars.iter().position(|c| *c == '»').unwrap() - 1;
        let text: String = chars.iter().filter(|c| !"«»".contains(**c)).collect();
        let excerpt = Excerpt {
            lines: vec![ExcerptLine { number: 7, text }],
            marked_line: 7,
            mark_start: start as u32,
            mark_end: end as u32,
        };
        let mut out = Vec::new();
        let style = TerminalStyle::default();
        write(&excerpt, Severity::High, 1, columns, None, &Paint::new(&style), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn marks_stand_under_wide_and_escaped_characters() {
        assert_eq!(render("a = «bc» d", 80), "  |\n7 | a = bc d\n  |     ^^\n  |\n");
        assert_eq!(render("鍵 = «漢字»", 80), "  |\n7 | 鍵 = 漢字\n  |      ^^^^\n  |\n");
        assert_eq!(render("\u{1b}«x»", 80), "  |\n7 | \\u{1b}x\n  |       ^\n  |\n");
        assert_eq!(render("e\u{301}«x»", 80), "  |\n7 | e\u{301}x\n  |  ^\n  |\n");
        assert_eq!(render("x«»", 80), "  |\n7 | x\n  |  ^\n  |\n");
    }

    #[test]
    fn long_lines_are_cut_on_both_sides_and_keep_the_mark() {
        let line = format!("{}«KEY»{}", "字".repeat(100), "z".repeat(100));
        let shown = render(&line, 40);
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines[1].starts_with("7 | …字") && lines[1].ends_with("z…"), "{shown}");
        assert!(crate::text::width(lines[1]) <= 40, "{shown}");
        let key = crate::text::width(lines[1].split("KEY").next().unwrap());
        assert_eq!(lines[2].find('^'), Some(key), "{shown}");
        assert_eq!(lines[2].matches('^').count(), 3);
    }

    #[test]
    fn a_mark_that_does_not_fit_is_cut_too() {
        let shown = render(&format!("k = «{}»", "s".repeat(100)), 40);
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines.iter().all(|line| crate::text::width(line) <= 40), "{shown}");
        assert!(lines[1].ends_with("s…"), "{shown}");
    }
}
