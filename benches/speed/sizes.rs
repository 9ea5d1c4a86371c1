//! How the cost grows with the size of a filing: pages of text and rows of tables.

use hongtou::generate::generate;
use hongtou::render::typesetter::Typesetter;
use hongtou::render::worker_thread::WorkerThread;

use crate::clock::Times;
use crate::filings::{most_pages, score_table, table, text};
use crate::table::{Row, ms};

/// Every size is measured in every round.
const ROUNDS: usize = 5;

/// Filings of one size.
struct Size {
    /// Paragraphs or rows.
    amount: usize,
    /// How many filings of this size a round makes.
    times: usize,
    make: fn(usize) -> Vec<u8>,
    taken: Times,
    pages: usize,
}

impl Size {
    fn new(amount: usize, times: usize, make: fn(usize) -> Vec<u8>) -> Self {
        Self { amount, times, make, taken: Times::default(), pages: 0 }
    }

    fn per_page(&self) -> f64 {
        self.taken.median() / self.pages as f64
    }

    fn per_row(&self) -> f64 {
        self.taken.median() / self.amount as f64
    }
}

fn measure(sizes: &mut [Size], typesetter: &Typesetter) {
    let worker = WorkerThread::start().expect("the bench needs a thread");
    worker.run(|| {
        for step in 0..ROUNDS * sizes.len() {
            let count = sizes.len();
            let size = &mut sizes[step % count];
            // After a large filing Typst's caches are empty; one more filing fills them.
            generate(&(size.make)(size.amount.min(300)), typesetter).expect("it is accepted");
            for _ in 0..size.times {
                let body = (size.make)(size.amount);
                let made = size.taken.add(|| generate(&body, typesetter));
                size.pages = made.expect("it is accepted").pages;
            }
        }
    });
}

pub fn of_text(typesetter: &Typesetter) -> Vec<Row> {
    let mut sizes = [
        Size::new(8, 40, text),
        Size::new(84, 40, text),
        Size::new(765, 5, text),
        Size::new(3_900, 1, text),
        Size::new(0, 1, |_| most_pages()),
    ];
    measure(&mut sizes, typesetter);
    let [_, twelve, .., most] = &sizes;
    let mut rows = vec![Row::heading("text only, time per page by number of pages")];
    rows.extend(sizes.iter().take(4).map(|size| {
        let what = format!("{} pages, {} filings", size.pages, size.taken.count());
        let row = Row::new(what, ms(size.per_page()));
        let row = row.ratio(format!("{:.2}", size.per_page() / twelve.per_page()));
        if size.pages > 400 { row.goal("at most 1.1") } else { row }
    }));
    let what = format!("{} pages, the most known for an accepted filing", most.pages);
    rows.push(
        Row::new(what, ms(most.per_page()))
            .ratio(format!("{:.2}", most.per_page() / twelve.per_page())),
    );
    rows.push(Row::new("the whole filing", ms(most.taken.median())).goal("at most 5 s"));
    rows
}

pub fn of_tables(typesetter: &Typesetter) -> Vec<Row> {
    let mut plain = [100, 500, 1_500].map(|rows| Size::new(rows, 1_500 / rows, table));
    let mut scores = [100, 400, 800].map(|rows| Size::new(rows, 800 / rows, score_table));
    measure(&mut plain, typesetter);
    measure(&mut scores, typesetter);
    let measured_rows = |sizes: &[Size]| -> Vec<Row> {
        let (first, last) = (sizes[0].per_row(), sizes[sizes.len() - 1].amount);
        let row = |size: &Size| {
            let what = format!("{} rows, {} filings", size.amount, size.taken.count());
            let ratio = format!("{:.2}", size.per_row() / first);
            let row = Row::new(what, ms(size.per_row())).ratio(ratio);
            if size.amount == last { row.goal("linear") } else { row }
        };
        sizes.iter().map(row).collect()
    };
    let mut rows = vec![Row::heading("a table of four columns, time per row")];
    rows.extend(measured_rows(&plain));
    rows.push(Row::heading("a score table with its text, time per indicator"));
    rows.extend(measured_rows(&scores));
    rows
}
