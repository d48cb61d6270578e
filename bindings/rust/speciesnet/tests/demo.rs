//! The demonstration model from Rust.

use speciesnet::{
    Category, Components, Ensemble, Format, Image, Kind, LoadOptions, Photo, PredictOptions,
    Predictions, Rules,
};
use std::path::PathBuf;

fn zebra() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../examples/demo/photos/zebra.jpg")
}

fn is_send_and_sync<T: Send + Sync>() {}

#[test]
fn handles_cross_threads() {
    is_send_and_sync::<Ensemble>();
    is_send_and_sync::<Image>();
    is_send_and_sync::<Predictions>();
    is_send_and_sync::<Rules>();
}

#[test]
fn a_file_and_its_image_get_the_same_answer_from_two_threads() {
    let ensemble = Ensemble::load("demo").unwrap();
    assert!(ensemble.is_demo());
    assert!(ensemble.labels().len() > 1);
    let image = Image::open(zebra()).unwrap();
    let (from_file, from_image) = std::thread::scope(|scope| {
        let file = scope.spawn(|| ensemble.predict([Photo::file(zebra()).in_country("KEN")]));
        let pixels = ensemble.predict([Photo::image("zebra", &image)]);
        (file.join().unwrap().unwrap(), pixels.unwrap())
    });
    let one = from_file.get(0).unwrap();
    let other = from_image.get(0).unwrap();
    assert_eq!(other.filepath(), "zebra");
    for prediction in [one, other] {
        let answer = prediction.answer().unwrap();
        assert_eq!(answer.short_name().unwrap(), "equus_quagga");
        let detection = prediction.detections().unwrap().next().unwrap();
        assert_eq!(detection.category(), Category::Animal);
        assert_eq!(detection.classes().unwrap().count(), 2);
        assert_eq!(detection.answer().unwrap().label(), answer.label());
    }
    assert_eq!(
        one.answer().unwrap().score(),
        other.answer().unwrap().score()
    );
    assert!(from_file.get(1).is_none());
    let json = from_file.to_json(Format::PerDetection).unwrap();
    let again = Predictions::from_json(&json).unwrap();
    assert_eq!(again.to_json(Format::PerDetection).unwrap(), json);
    assert_eq!(ensemble.detect(&image).unwrap().len(), 1);
}

#[test]
fn a_photo_that_cannot_be_read_is_a_failure_of_its_own_and_progress_can_stop() {
    let ensemble = Ensemble::load("demo").unwrap();
    let photos = || [Photo::file("/nowhere/a.jpg"), Photo::file(zebra())];
    let predictions = ensemble.predict(photos()).unwrap();
    let missing = predictions.get(0).unwrap();
    assert!(missing.failures().detector && missing.detections().is_none());
    assert!(!missing.failure_reason().is_empty());
    assert_eq!(predictions.get(1).unwrap().failures(), Default::default());

    let stopped = ensemble.predict_with(photos(), PredictOptions::default(), |_, _| false);
    assert_eq!(stopped.unwrap_err().kind(), Kind::Cancelled);
    let panicked = std::panic::catch_unwind(|| {
        ensemble.predict_with(photos(), PredictOptions::default(), |_, _| panic!("stop"))
    });
    assert!(panicked.is_err());
}

#[test]
fn errors_have_a_kind_a_status_and_a_sentence() {
    let error = Ensemble::load("/nowhere/model").unwrap_err();
    assert_eq!((error.kind(), error.status()), (Kind::Io, 11));
    assert!(error.to_string().contains("/nowhere/model"));
    assert_eq!(
        Image::decode(b"text").unwrap_err().kind(),
        Kind::InvalidImage
    );
    assert_eq!(Predictions::from_json("{").unwrap_err().kind(), Kind::Json);
    let rules = LoadOptions {
        components: Components::Rules,
        ..Default::default()
    };
    let ensemble = Ensemble::load_with("demo", rules).unwrap();
    let image = Image::from_rgb(1, 1, vec![0; 3]).unwrap();
    assert_eq!(ensemble.detect(&image).unwrap_err().kind(), Kind::Model);
}

#[test]
fn pixels_are_taken_over_without_a_copy() {
    let pixels = vec![1, 2, 3, 4, 5, 6];
    let address = pixels.as_ptr();
    let image = Image::from_rgb(2, 1, pixels).unwrap();
    assert_eq!(image.pixels().as_ptr(), address);
    assert_eq!((image.width(), image.height()), (2, 1));
    let wrong = Image::from_rgb(2, 2, vec![0; 3]).unwrap_err();
    assert_eq!(wrong.kind(), Kind::InvalidArgument);
}

#[test]
fn a_lion_in_kenya_is_a_lion_elsewhere_its_family() {
    let lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
    let cats = "2;mammalia;carnivora;felidae;;;cat family";
    let geofence = r#"{"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}}}"#;
    let rules = Rules::new(&format!("{lion}\n{cats}"), geofence).unwrap();
    for (country, label) in [("KEN", lion), ("NOR", cats)] {
        let decision = rules.combine(&[(lion, 0.9)], Category::Animal, 0.9, Some(country));
        assert_eq!(decision.unwrap().answer().label(), label);
    }
}
