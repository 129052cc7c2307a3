//! Sigma rules and a pipeline, compiled and run: the program finds what the interpreter finds. The input is rules,
//! a zero byte, events, a zero byte, a pipeline.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selvedge_detect::{Loader, Program, Runner, interpret, lint, lint_text};
use selvedge_event::{EventBatchBuilder, Limits, Logsource, Origin};

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let rules = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let events = parts.next().unwrap_or_default();
    let mut loader = Loader::new();
    if let Some(pipeline) = parts.next() {
        loader.add_pipeline("pipeline.yml", &String::from_utf8_lossy(pipeline));
    }
    loader.add("rules.yml", &rules);
    lint_text("rules.yml", &rules);
    let (rules, _) = loader.finish();
    lint(&rules);
    let mut builder = EventBatchBuilder::new(Limits::default());
    for (position, line) in events.split(|byte| *byte == b'\n').enumerate() {
        let mut origin = Origin::new("fuzz", position as u64, 0);
        if let Some(rule) = rules.detections.first() {
            origin.logsource = Logsource {
                product: rule.logsource.product.as_deref(),
                category: rule.logsource.category.as_deref(),
                service: rule.logsource.service.as_deref(),
            };
        }
        // What is no JSON is another target's business.
        let _ = builder.push_json(&origin, line);
    }
    let Some(batch) = builder.finish() else { return };
    let program = Program::compile(&rules);
    assert_eq!(Runner::new(&program).run(&batch), interpret(&rules, &batch));
});
