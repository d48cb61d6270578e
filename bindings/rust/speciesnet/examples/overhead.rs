// SPDX-License-Identifier: Apache-2.0
//! Measures the overhead of a call from Rust: prints nanoseconds for one decision of the rules, as
//! `benchmarks/capi_overhead.cpp` does for C++ and C: `cargo run --release --example overhead`

use speciesnet::{Category, Location, Region, Rules};
use std::hint::black_box;
use std::time::Instant;

fn main() -> speciesnet::Result<()> {
    let calls: u32 = match std::env::args().nth(1) {
        Some(number) => number.parse().expect("the argument is a number of calls"),
        None => 20_000,
    };
    let lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
    let geofence = r#"{"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}}}"#;
    let rules = Rules::new(lion, geofence, true)?;
    let kenya = Location::country("KEN");
    let animal = Region {
        category: Category::Animal,
        conf: 0.9,
        bbox: [0.0, 0.0, 1.0, 1.0],
    };
    let start = Instant::now();
    for _ in 0..calls {
        let decision = rules.combine(black_box(&[(lion, 0.9)]), animal, &kenya, false)?;
        assert_eq!(decision.answer().label(), lion);
    }
    let nanoseconds = start.elapsed().as_nanos() / u128::from(calls);
    println!("combine, Rust: {nanoseconds} ns");
    Ok(())
}
