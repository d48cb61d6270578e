// SPDX-License-Identifier: Apache-2.0
//! Names the animals in photos: `cargo run --example name_animals -- demo KEN zebra.jpg`

use speciesnet::{Ensemble, Photo};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let model = arguments
        .next()
        .ok_or("usage: name_animals MODEL COUNTRY PHOTO...")?;
    let country = arguments.next().ok_or("no country")?;
    let ensemble = Ensemble::load(model)?;
    eprintln!("model {}", ensemble.model_version());
    let photos = arguments.map(|path| Photo::file(path).in_country(&country));
    for prediction in &ensemble.predict(photos)? {
        if !prediction.failure_reason().is_empty() {
            eprintln!("{}: {}", prediction.filepath(), prediction.failure_reason());
        }
        for detection in prediction.detections().into_iter().flatten() {
            if let Some(answer) = detection.answer() {
                let name = answer.short_name()?;
                println!("{}\t{name}\t{:.4}", prediction.filepath(), answer.score());
            }
        }
    }
    Ok(())
}
