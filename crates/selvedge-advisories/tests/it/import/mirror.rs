//! A mirror on the loopback interface: first the archive, then single records, then nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use selvedge_advisories::import::{ImportSource, UpdateError, UpdateOptions, update};

/// What a server gives for each path, and what it was asked for.
#[derive(Default)]
struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    asked: Vec<String>,
}

/// Serves a shelf until the test ends; returns the address.
fn serve(shelf: Arc<Mutex<Shelf>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let line = lines.next().unwrap().unwrap();
            for line in lines.by_ref() {
                if line.unwrap().is_empty() {
                    break;
                }
            }
            let path = line.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned();
            let mut shelf = shelf.lock().unwrap();
            shelf.asked.push(path.clone());
            let (status, body) = match shelf.files.get(&path) {
                Some(body) => ("200 OK", body.clone()),
                None => ("404 Not Found", Vec::new()),
            };
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    address
}

fn record(id: usize, day: u32) -> String {
    format!(
        r#"{{"id":"X-{id}","modified":"2026-01-{day:02}T00:00:00Z","affected":[{{"package":{{"ecosystem":"GitHub Actions","name":"a/b"}},"versions":["1"]}}]}}"#
    )
}

/// Puts records with the days of their change on the shelf.
fn stock(shelf: &Mutex<Shelf>, records: &[(usize, u32)]) {
    let mut shelf = shelf.lock().unwrap();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut list = String::new();
    shelf.files.clear();
    for (id, day) in records {
        archive.start_file(format!("X-{id}.json"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(record(*id, *day).as_bytes()).unwrap();
        writeln!(list, "2026-01-{day:02}T00:00:00Z,X-{id}").unwrap();
        shelf.files.insert(format!("GitHub%20Actions/X-{id}.json"), record(*id, *day).into_bytes());
    }
    shelf.files.insert("GitHub%20Actions/all.zip".to_owned(), archive.finish().unwrap().into_inner());
    shelf.files.insert("GitHub%20Actions/modified_id.csv".to_owned(), list.into_bytes());
    shelf.files.insert("ecosystems.txt".to_owned(), b"GitHub Actions\nDebian:12\n".to_vec());
    shelf.asked.clear();
}

#[test]
fn only_what_changed_is_fetched() {
    let shelf = Arc::new(Mutex::new(Shelf::default()));
    let url = serve(Arc::clone(&shelf));
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("advisories.db");
    let run = || {
        update(&target, &[ImportSource::parse(&url)], &UpdateOptions { imported_at: 1, ..Default::default() })
    };
    let asked = |shelf: &Mutex<Shelf>| shelf.lock().unwrap().asked.clone();

    let mut records: Vec<_> = (0..20).map(|id| (id, 1)).collect();
    stock(&shelf, &records);
    assert_eq!(run().unwrap().status.records, 20);
    assert_eq!(
        asked(&shelf),
        ["ecosystems.txt", "GitHub%20Actions/modified_id.csv", "GitHub%20Actions/all.zip"]
    );

    // One changed, one new, one gone.
    records[3].1 = 2;
    records.push((20, 2));
    records.remove(0);
    stock(&shelf, &records);
    let report = run().unwrap();
    assert_eq!((report.status.records, report.origins[0].is_unchanged), (20, false));
    assert_eq!(
        asked(&shelf)[1..],
        ["GitHub%20Actions/modified_id.csv", "GitHub%20Actions/X-20.json", "GitHub%20Actions/X-3.json"]
    );

    stock(&shelf, &records);
    assert!(run().unwrap().origins[0].is_unchanged);
    assert_eq!(asked(&shelf).len(), 2);

    // Fetched piece by piece or at once, the file is the same.
    let whole = folder.path().join("whole.db");
    update(&whole, &[ImportSource::parse(&url)], &UpdateOptions { imported_at: 1, ..Default::default() })
        .unwrap();
    assert!(std::fs::read(&whole).unwrap() == std::fs::read(&target).unwrap());
}

#[test]
fn a_mirror_without_an_answer_is_an_error() {
    let shelf = Arc::new(Mutex::new(Shelf::default()));
    let url = serve(shelf);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("advisories.db");
    let result = update(&target, &[ImportSource::parse(&url)], &UpdateOptions::default());
    assert!(matches!(result, Err(UpdateError::Mirror { .. })));
    assert!(!target.exists());
}
