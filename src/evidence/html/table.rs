//! Tables with a caption, heads and an end.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use crate::clause::Clause;
use crate::evidence::{Report, ReportPeriod};
use crate::markup::Escaped;
use crate::time::Timestamp;

/// How something is to be taken: never by its colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Good,
    Warn,
    Bad,
    None,
}

impl Mark {
    /// The sign before the words, and the class that colours both.
    pub(super) const fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => ("\u{2713} ", "good"),
            Self::Warn => ("! ", "warn"),
            Self::Bad => ("\u{2717} ", "bad"),
            Self::None => ("", ""),
        }
    }
}

/// One cell of a table.
#[derive(Clone, Debug)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Owned(String),
    /// A text that is there, or a dash.
    Maybe(Option<&'a str>),
    Code(&'a str),
    /// An id, which is not broken.
    Id(&'a str),
    Number(u64),
    At(Option<Timestamp>),
    Day(Option<NaiveDate>),
    Clauses(&'a [Clause]),
    Marked(Mark, String),
    /// One below the other.
    Lines(Vec<String>),
}

/// Where instants are shown in local time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local(pub(super) ReportPeriod);

impl Local {
    pub(super) fn at(self, f: &mut fmt::Formatter<'_>, at: Timestamp) -> fmt::Result {
        write!(f, r#"<time datetime="{at}">{}</time>"#, self.words(at))
    }

    pub(super) fn words(self, at: Timestamp) -> impl fmt::Display {
        self.0.local(at).format("%Y-%m-%d %H:%M:%S")
    }
}

pub(super) fn clause(f: &mut fmt::Formatter<'_>, clause: Clause) -> fmt::Result {
    let id = clause.id();
    write!(f, r##"<a href="#c-{id}">{id}</a>"##)
}

const NOTHING: &str = r#"<span class="soft">–</span>"#;

impl Cell<'_> {
    fn class(&self) -> &'static str {
        match self {
            Self::Number(_) => r#" class="n""#,
            Self::At(_) | Self::Day(_) => r#" class="t""#,
            Self::Id(_) => r#" class="id""#,
            _ => "",
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, local: Local) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Id(text) | Self::Maybe(Some(text)) => write!(f, "{}", Escaped(text)),
            Self::Owned(text) => write!(f, "{}", Escaped(text)),
            Self::Code(text) => write!(f, "<code>{}</code>", Escaped(text)),
            Self::Number(number) => write!(f, "{number}"),
            Self::At(Some(at)) => local.at(f, *at),
            Self::Day(Some(day)) => write!(f, "{day}"),
            Self::Maybe(None) | Self::At(None) | Self::Day(None) => f.write_str(NOTHING),
            Self::Clauses([]) => f.write_str(NOTHING),
            Self::Clauses(clauses) => clauses.iter().enumerate().try_for_each(|(index, each)| {
                f.write_str(if index == 0 { "" } else { ", " })?;
                clause(f, *each)
            }),
            Self::Marked(mark, words) => {
                let (sign, class) = mark.sign();
                write!(f, r#"<span class="{class}">{sign}{}</span>"#, Escaped(words))
            }
            Self::Lines(lines) if lines.is_empty() => f.write_str(NOTHING),
            Self::Lines(lines) => {
                lines.iter().try_for_each(|line| write!(f, r#"<span class="lines">{}</span>"#, Escaped(line)))
            }
        }
    }
}

/// A table: the first cell of each row is its head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    /// Unique in the page.
    pub(super) id: &'a str,
    pub(super) caption: &'a str,
    pub(super) heads: &'a [&'a str],
    /// How many rows there are, listed or not.
    pub(super) total: u64,
}

impl Table<'_> {
    pub(super) fn write<'r, T: 'r>(
        &self,
        f: &mut fmt::Formatter<'_>,
        local: Local,
        rows: impl IntoIterator<Item = &'r T>,
        cells: impl Fn(&'r T) -> Vec<Cell<'r>>,
    ) -> fmt::Result {
        let Self { id, caption, heads, total } = *self;
        // On a narrow screen a wide table is shown row by row, each cell with its head; the roles keep it a table.
        let class = if heads.len() > 3 { "wide" } else { "few" };
        writeln!(
            f,
            r#"<div class="scroll" role="region" aria-labelledby="t-{id}" tabindex="0"><table class="{class}" role="table">"#
        )?;
        writeln!(f, r#"<caption id="t-{id}">{}</caption>"#, Escaped(caption))?;
        let mut rows = rows.into_iter().take(Report::PAGE_ROWS).map(cells).peekable();
        write!(f, r#"<thead role="rowgroup"><tr role="row">"#)?;
        // A head stands over its cells as they stand.
        let classes: Vec<&str> = rows.peek().into_iter().flatten().map(Cell::class).collect();
        for (index, head) in heads.iter().enumerate() {
            let class = classes.get(index).copied().unwrap_or_default();
            write!(f, r#"<th scope="col" role="columnheader"{class}>{}</th>"#, Escaped(head))?;
        }
        writeln!(f, "</tr></thead>\n<tbody role=\"rowgroup\">")?;
        let mut shown: u64 = 0;
        for row in rows {
            write!(f, r#"<tr role="row">"#)?;
            for (index, (cell, head)) in row.iter().zip(heads).enumerate() {
                let class = cell.class();
                if index == 0 {
                    write!(f, r#"<th scope="row" role="rowheader"{class}>"#)?;
                } else {
                    write!(f, r#"<td role="cell" data-h="{}"{class}>"#, Escaped(head))?;
                }
                cell.write(f, local)?;
                f.write_str(if index == 0 { "</th>" } else { "</td>" })?;
            }
            writeln!(f, "</tr>")?;
            shown = shown.saturating_add(1);
        }
        writeln!(f, "</tbody></table></div>")?;
        match total.saturating_sub(shown) {
            0 => Ok(()),
            more => writeln!(f, r#"<p class="soft">and {more} more, see the JSON of this report</p>"#),
        }
    }
}
