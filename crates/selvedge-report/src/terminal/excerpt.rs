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
