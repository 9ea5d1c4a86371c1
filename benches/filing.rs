//! What one filing costs: the seed filing with other text each time, on one thread.

use hongtou::generate::generate;
use hongtou::render::Typesetter;
use hongtou::render::fonts::FontSet;
use serde_json::Value;

fn main() {
    hongtou::render::lane::Lane::new().unwrap().run(run);
}

fn run() {
    let n: usize = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let seed: Value =
        serde_json::from_slice(include_bytes!("../fixtures/valid/bazhong-2021-38.json")).unwrap();
    let typesetter = Typesetter::new(FontSet::bundled());
    let mut times = Vec::new();
    let mut pages = 0;
    for k in 0..n + 5 {
        let body = variant(&seed, k);
        let begin = cpu();
        let generated = generate(&body, &typesetter).unwrap();
        times.push((cpu() - begin) * 1000.0);
        pages = generated.pages;
    }
    let times = &mut times[5..];
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    println!("mean {mean:.1}");
    println!("{pages} pages, min {:.1} median {:.1} ms", times[0], times[times.len() / 2]);
}

/// Seconds of CPU time this thread has used.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn variant(seed: &Value, k: usize) -> Vec<u8> {
    let mut filing = seed.clone();
    filing["document"]["document_number"]["serial"] = (k + 1).into();
    for section in filing["scores"]["sections"].as_array_mut().unwrap() {
        let holders = match section["groups"].is_array() {
            true => section["groups"].as_array_mut().unwrap().iter_mut().collect(),
            false => vec![section],
        };
        for holder in holders {
            for indicator in holder["indicators"].as_array_mut().unwrap() {
                for paragraph in indicator["narrative"].as_array_mut().unwrap() {
                    *paragraph = format!("{}（甲{k}）", paragraph.as_str().unwrap()).into();
                }
            }
        }
    }
    serde_json::to_vec(&filing).unwrap()
}
