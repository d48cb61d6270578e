// SPDX-License-Identifier: Apache-2.0
//! Tests the demonstration model from Rust.

use speciesnet::{
    full_class, model, short_name, validate, BlockedBy, Category, CombineOptions, Components,
    DecodeLimits, Ensemble, Failures, Format, Geolocator, Image, Job, JsonOptions, Kind, Level,
    LoadOptions, Location, ModelType, Photo, PredictOptions, Prediction, Predictions, Rank, Region,
    Rules, Stage, UnknownTaxa,
};
use std::path::PathBuf;
use std::sync::{mpsc, Arc, Mutex};
use std::time::Duration;

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
    is_send_and_sync::<Job>();
    is_send_and_sync::<Geolocator>();
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
    let bits = |prediction: Prediction<'_>| prediction.answer().unwrap().score().to_bits();
    assert_eq!(bits(one), bits(other));
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
    assert_eq!(predictions.get(1).unwrap().failures(), Failures::default());

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
    assert_eq!((error.kind(), error.status()), (Kind::NotFound, 11));
    assert!(error.to_string().contains("/nowhere/model"));
    assert_eq!(
        Image::decode(b"text").unwrap_err().kind(),
        Kind::InvalidImage
    );
    assert_eq!(Predictions::from_json("{").unwrap_err().kind(), Kind::Json);
    let rules = LoadOptions::default().with_components(Components::Rules);
    let ensemble = Ensemble::load_with("demo", rules, |_, _| true).unwrap();
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
    let rules = Rules::new(&format!("{lion}\n{cats}"), geofence, true).unwrap();
    let animal = Region {
        category: Category::Animal,
        conf: 0.9,
        bbox: [0.0, 0.0, 1.0, 1.0],
    };
    let classes = [(lion, 0.9)];
    for (country, label) in [("KEN", lion), ("NOR", cats)] {
        let place = Location::country(country);
        let decision = rules.combine(&classes, animal, &place, false).unwrap();
        assert_eq!(decision.answer().label(), label);
        assert_eq!(decision.answer().rule(), None);
    }
    let norway = Location::country("NOR");
    let explained = rules.combine(&classes, animal, &norway, true).unwrap();
    assert_eq!(explained.answer().rule(), Some("4a"));
    assert!(explained.answer().reason().unwrap().contains("0.9"));
    let blocked = Some(BlockedBy::CountryNotAllowed);
    assert_eq!(explained.answer().blocked_by(), blocked);
    let why = explained.answer().explanation().unwrap();
    assert_eq!((why.category(), why.conf()), (Category::Animal, 0.9));
    assert_eq!(why.classes().collect::<Vec<_>>(), classes);
    assert_eq!(
        why.blocked_by_entry(),
        "mammalia;carnivora;felidae;panthera;leo"
    );
    let steps: Vec<_> = why.rollup().collect();
    assert_eq!(steps[0].rank(), Rank::Family);
    assert!(steps[0].reached());
    assert_eq!(steps[0].sums().next().unwrap().label, cats);
    assert_eq!(rules.blocked_by(lion, &norway).unwrap(), blocked);
    assert_eq!(
        rules.blocked_by(lion, &Location::country("KEN")).unwrap(),
        None
    );
    let fenced = rules.apply_geofence(&classes, &norway).unwrap();
    assert_eq!(fenced.answer().label(), cats);
    let ranks = [Rank::Genus, Rank::Family];
    let rolled = rules.roll_up(&classes, &Location::default(), &ranks, 0.8);
    assert_eq!(rolled.unwrap().unwrap().answer().label(), cats);
    let none = rules.roll_up(&classes, &Location::default(), &ranks, 0.95);
    assert!(none.unwrap().is_none());
    assert_eq!(
        rules.ancestor(lion, Rank::Family).unwrap().as_deref(),
        Some(cats)
    );
    assert_eq!(rules.ancestor(lion, Rank::Genus).unwrap(), None);
    assert_eq!(
        full_class(lion).unwrap(),
        "mammalia;carnivora;felidae;panthera;leo"
    );
    assert_eq!(short_name(cats).unwrap(), "felidae");
}

#[test]
fn what_lives_at_the_place_is_known() {
    let lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
    let leopard = "2;mammalia;carnivora;felidae;panthera;pardus;leopard";
    let rules = Rules::new(&format!("{lion}\n{leopard}"), "{}", true).unwrap();
    let nowhere = Location::default();
    let listed = rules
        .with_species_list("Panthera leo", UnknownTaxa::Refuse)
        .unwrap();
    assert_eq!(listed.blocked_by(lion, &nowhere).unwrap(), None);
    assert_eq!(
        listed.blocked_by(leopard, &nowhere).unwrap(),
        Some(BlockedBy::NotInSpeciesList)
    );
    let table = "taxon,action,station\nleopard,block,gate\n";
    let overlaid = rules
        .with_geofence_overlay(table, UnknownTaxa::Refuse)
        .unwrap();
    let gate = Location {
        station: Some("gate".into()),
        ..Location::default()
    };
    assert_eq!(overlaid.blocked_by(leopard, &nowhere).unwrap(), None);
    assert_eq!(
        overlaid.blocked_by(leopard, &gate).unwrap(),
        Some(BlockedBy::Overlay)
    );
    let unknown = rules
        .with_species_list("lion\nlian", UnknownTaxa::Refuse)
        .unwrap_err();
    assert!(
        unknown.to_string().contains("did you mean 'lion'"),
        "{unknown}"
    );
    let skipped = rules
        .with_species_list("lion\nlian", UnknownTaxa::Skip)
        .unwrap();
    assert_eq!(skipped.skipped_taxa().unwrap().len(), 1);
}

#[test]
fn a_model_says_what_it_is_and_logs_what_it_does() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let mut steps = Vec::new();
    let options = LoadOptions::default()
        .with_threads(1)
        .with_target_species(Some(vec!["no;such".to_owned()]))
        .with_log(Some(Arc::new(move |level, line: &str| {
            sink.lock().unwrap().push((level, line.to_owned()));
        })));
    let ensemble = Ensemble::load_with("demo", options.clone(), |done, total| {
        steps.push((done, total));
        true
    })
    .unwrap();
    assert_eq!(steps, [(1, 3), (2, 3), (3, 3)]);
    assert_eq!(ensemble.model_type(), ModelType::AlwaysCrop);
    assert_eq!(ensemble.threads(), 1);
    assert!(!ensemble.description().is_empty());
    assert!(ensemble.rules().is_some());
    ensemble.predict([Photo::file("/nowhere/a.jpg")]).unwrap();
    let levels: Vec<_> = lines.lock().unwrap().iter().map(|line| line.0).collect();
    assert_eq!(levels, [Level::Information, Level::Warning, Level::Warning]);
    let stopped = Ensemble::load_with("demo", options, |_, _| false);
    assert_eq!(stopped.unwrap_err().kind(), Kind::Cancelled);
}

#[test]
fn parts_one_by_one_give_what_predict_gives() {
    let ensemble = Ensemble::load("demo").unwrap();
    let image = Image::open(zebra()).unwrap();
    let detected = ensemble.detect(&image).unwrap();
    let regions: Vec<Region> = detected
        .get(0)
        .unwrap()
        .detections()
        .unwrap()
        .map(|found| found.region())
        .collect();
    let classified = ensemble.classify(&image, &regions[..1], None).unwrap();
    let first = classified.get(0).unwrap().detections().unwrap().next();
    let classes = first.unwrap().classes().unwrap();
    assert_eq!(classes.count(), ensemble.labels().len());

    let options = PredictOptions::default().with_explain(true);
    let place = Location {
        latitude: Some(-1.5),
        longitude: Some(36.0),
        ..Location::country("KEN")
    };
    let photo = Photo::image("zebra", &image)
        .at(place.clone())
        .detected(regions.clone());
    let list = ensemble
        .predict_with(
            [photo, Photo::file(zebra()).detected([])],
            options,
            |_, _| true,
        )
        .unwrap();
    let given = list.get(0).unwrap();
    assert_eq!(given.location(), place);
    assert_eq!(given.detections().unwrap().len(), regions.len());
    assert_eq!(given.answer().unwrap().rule(), Some("4a"));
    assert_eq!(list.get(1).unwrap().detections().unwrap().len(), 0);
    let json = list.to_json_with(
        JsonOptions::default()
            .with_stage(Stage::Detector)
            .with_decimals(Some(2)),
    );
    assert!(json.unwrap().contains('\n'));
}

#[test]
fn earlier_runs_are_combined() {
    let run = |components, photo| {
        let options = LoadOptions::default().with_components(components);
        let ensemble = Ensemble::load_with("demo", options, |_, _| true).unwrap();
        ensemble.predict([photo]).unwrap()
    };
    let detections = run(Components::Detector, Photo::file(zebra()));
    let regions: Vec<_> = detections
        .get(0)
        .unwrap()
        .detections()
        .unwrap()
        .map(|found| found.region())
        .collect();
    let classifications = run(
        Components::Classifier,
        Photo::file(zebra()).detected(regions),
    );
    let ensemble = Ensemble::load("demo").unwrap();
    let options = CombineOptions::default().with_model_version("x");
    let combined = ensemble
        .rules()
        .unwrap()
        .combine_past_runs(
            [Photo::file(zebra())],
            &classifications,
            &detections,
            &options,
        )
        .unwrap();
    let prediction = combined.get(0).unwrap();
    assert_eq!(prediction.model_version(), "x");
    let name = prediction.answer().unwrap().short_name().unwrap();
    assert_eq!(name, "equus_quagga");
}

#[test]
fn predictions_are_handed_over_until_the_receiver_has_enough() {
    let ensemble = Ensemble::load("demo").unwrap();
    let photos = || [Photo::file("a.jpg"), Photo::file(zebra())];
    let mut names = Vec::new();
    ensemble
        .predict_each(photos(), PredictOptions::default(), |list| {
            names.push(list.get(0).unwrap().filepath().to_owned());
            true
        })
        .unwrap();
    assert_eq!(names, ["a.jpg", zebra().to_str().unwrap()]);
    let stopped = ensemble.predict_each(photos(), PredictOptions::default(), |_| false);
    assert_eq!(stopped.unwrap_err().kind(), Kind::Cancelled);
    let panicked = std::panic::catch_unwind(|| {
        ensemble.predict_each(photos(), PredictOptions::default(), |_| panic!("stop"))
    });
    assert!(panicked.is_err());
}

#[test]
fn a_job_gives_its_result_calls_back_and_can_be_cancelled() {
    let ensemble = Ensemble::load("demo").unwrap();
    let (sender, receiver) = mpsc::channel();
    let job = ensemble
        .submit_with(
            [Photo::file(zebra())],
            PredictOptions::default(),
            |_, _| true,
            move || sender.send(()).unwrap(),
        )
        .unwrap();
    receiver.recv_timeout(Duration::from_secs(300)).unwrap();
    assert!(job.is_finished());
    assert_eq!(job.result().unwrap().len(), 1);

    let (open, gate) = mpsc::channel::<()>();
    let running = ensemble
        .submit_with(
            [Photo::file(zebra())],
            PredictOptions::default(),
            move |_, _| gate.recv().is_ok(),
            || {},
        )
        .unwrap();
    let waiting = ensemble
        .submit([Photo::file(zebra())], PredictOptions::default())
        .unwrap();
    let not_yet = waiting.wait(Some(Duration::ZERO)).unwrap_err();
    assert_eq!(not_yet.kind(), Kind::NotFinished);
    assert_eq!(not_yet.name(), "not_finished");
    waiting.cancel();
    open.send(()).unwrap();
    assert_eq!(waiting.result().unwrap_err().kind(), Kind::Cancelled);
    assert_eq!(running.result().unwrap().len(), 1);
}

#[test]
fn a_panic_in_the_background_goes_on_where_the_result_is_taken() {
    let ensemble = Ensemble::load("demo").unwrap();
    let job = ensemble
        .submit_with(
            [Photo::file(zebra())],
            PredictOptions::default(),
            |_, _| panic!("stop"),
            || {},
        )
        .unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job.result()));
    assert!(panicked.is_err());
}

#[test]
fn a_job_outlives_its_ensemble() {
    let job = {
        let ensemble = Ensemble::load("demo").unwrap();
        ensemble
            .submit(vec![Photo::file(zebra()); 50], PredictOptions::default())
            .unwrap()
    };
    assert_eq!(job.result().unwrap_err().kind(), Kind::Cancelled);
}

#[test]
fn bytes_are_validated_and_limits_hold() {
    let bytes = std::fs::read(zebra()).unwrap();
    let info = validate(&bytes, Some("image/jpeg"), DecodeLimits::default()).unwrap();
    assert_eq!(info.media_type, "image/jpeg");
    let image = Image::decode(&bytes).unwrap();
    assert_eq!((image.width(), image.height()), (info.width, info.height));
    let tight = DecodeLimits::default().with_max_pixels(1);
    let refused = Image::decode_within(&bytes, tight).unwrap_err();
    assert_eq!(refused.name(), "media_too_large");
    assert!(Image::open_within(zebra(), tight).is_err());
    let rows = [1, 2, 3, 0, 4, 5, 6, 0];
    let image = Image::from_rows(1, 2, 4, &rows).unwrap();
    assert_eq!(image.pixels(), [1, 2, 3, 4, 5, 6]);
    assert!(Image::from_rows(1, 3, 4, &rows).is_err());
    assert!(Image::from_rows(2, 1, 4, &rows).is_err());
}

#[test]
fn a_package_is_compiled_for_ensembles_of_the_same_precision() {
    let folder = std::env::temp_dir().join(format!("speciesnet-compile-{}", std::process::id()));
    let package = folder.join("package");
    std::fs::create_dir_all(&package).unwrap();
    let demo = zebra().ancestors().nth(2).unwrap().join("model");
    for entry in std::fs::read_dir(demo).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), package.join(entry.file_name())).unwrap();
    }
    let networks = ["detector.pt", "classifier.pt"];

    let load_detector = || {
        let options = LoadOptions::default().with_components(Components::Detector);
        Ensemble::load_with(&package, options, |_, _| true)
    };
    let compiled = || -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&package).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.to_str().unwrap().ends_with("-fp32.compiled"))
            .collect()
    };
    let options = model::CompileOptions::default();
    let refused = model::compile_package(&package, &options, |_| false);
    let refused = refused.unwrap_err();
    assert!(compiled().is_empty());
    // Otherwise the CPU has neither AVX2 nor NEON.
    if refused.name() == "cancelled" {
        let mut files = Vec::new();
        let single = options.clone().with_threads(1);
        model::compile_package(&package, &single, |file| {
            files.push(file.to_owned());
            true
        })
        .unwrap();
        assert_eq!(files, networks);
        assert_eq!(compiled().len(), 2);
        load_detector().unwrap();
        let portable = single.with_target("portable");
        model::compile_package(&package, &portable, |_| true).unwrap();
        assert!(package.join("detector.portable-fp32.compiled").exists());
        for file in compiled() {
            std::fs::write(file, "damaged").unwrap();
        }
        assert_eq!(load_detector().err().unwrap().name(), "model_invalid");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let unknown = model::compile_package(&package, &options.clone().with_target("sse2"), |_| true);
    assert_eq!(unknown.unwrap_err().name(), "invalid_argument");
    let photos = vec![zebra().to_str().unwrap().to_owned()];
    let calibrated = options.clone().with_calibration_photos(Some(photos));
    let refused = model::compile_package("demo", &calibrated, |_| true);
    assert_eq!(refused.unwrap_err().name(), "invalid_argument");
    let missing = model::compile_package(&package, &options, |_| true);
    assert_eq!(missing.unwrap_err().name(), "not_found");
}

#[test]
fn a_package_is_exported_where_libtorch_is() {
    let folder = std::env::temp_dir().join(format!("speciesnet-export-{}", std::process::id()));
    let demo = zebra().ancestors().nth(2).unwrap().join("model");
    let mut files = 0;
    let exported = model::export_package(&demo, &folder, |_| {
        files += 1;
        true
    });
    match exported {
        Ok(()) => {
            assert_eq!(files, 2);
            Ensemble::load(&folder).unwrap();
            std::fs::remove_dir_all(&folder).unwrap();
        }
        Err(error) => {
            assert_eq!(error.name(), "unsupported_hardware");
            assert!(!folder.exists());
        }
    }
}

#[test]
fn models_and_places_without_a_network() {
    assert!(model::default_name().starts_with("kaggle:google/speciesnet/"));
    let cache = std::env::temp_dir().join(format!("speciesnet-rust-{}", std::process::id()));
    std::fs::create_dir_all(&cache).unwrap();
    let options = model::FetchOptions::default()
        .with_cache(Some(cache.clone()))
        .with_offline(true);
    assert_eq!(
        model::resolve("demo", &options, |_, _, _| true).unwrap(),
        "demo"
    );
    let missing = model::resolve("hf:owner/name", &options, |_, _, _| true);
    let offline = LoadOptions::default().with_offline(true);
    let absent = Ensemble::load_with("hf:owner/name", offline, |_, _| true).unwrap_err();
    assert_eq!(absent.kind(), Kind::NotFound);
    assert_eq!(missing.unwrap_err().name(), "not_found");
    assert_eq!(model::cached(Some(&cache)).unwrap(), []);
    assert!(model::remove("hf:owner/name", Some(&cache)).is_err());
    assert!(model::verify(&cache).is_err());
    std::fs::remove_dir_all(&cache).unwrap();

    let geolocator = Geolocator::new().unwrap();
    let yosemite = Location {
        latitude: Some(37.75),
        longitude: Some(-119.5),
        ..Location::country("USA")
    };
    assert_eq!(
        geolocator.admin1_region(&yosemite).unwrap().as_deref(),
        Some("CA")
    );
    assert_eq!(geolocator.country(-1.3, 36.8).unwrap(), "KEN");
    assert!(geolocator.country(91.0, 0.0).is_err());
}

#[test]
fn results_show_their_values() {
    let ensemble = Ensemble::load("demo").unwrap();
    let image = Image::open(zebra()).unwrap();
    let shown = format!("{image:?}");
    assert!(
        shown.contains(&format!("width: {}", image.width())),
        "{shown}"
    );
    let photos = [
        Photo::file(zebra()).in_country("KEN"),
        Photo::file("/nowhere/a.jpg"),
    ];
    let predictions = ensemble
        .predict_with(
            photos,
            PredictOptions::default().with_explain(true),
            |_, _| true,
        )
        .unwrap();
    let shown = format!("{predictions:?}");
    for value in [
        "zebra.jpg",
        "Animal",
        ";equus;quagga;",
        "\"KEN\"",
        "rule: \"4a\"",
        "detector: true",
    ] {
        assert!(shown.contains(value), "{value} in {shown}");
    }
    assert!(!shown.contains("0x"), "{shown}");
    let label = ensemble.labels().next().unwrap();
    let region = Region {
        category: Category::Animal,
        conf: 0.9,
        bbox: [0.0, 0.0, 1.0, 1.0],
    };
    let decision = ensemble
        .rules()
        .unwrap()
        .combine(&[(label, 0.9)], region, &Location::default(), false)
        .unwrap();
    assert!(format!("{decision:?}").starts_with("Answer { label: \""));
}

#[cfg(feature = "serde")]
#[test]
fn results_are_serialized_as_the_document_of_the_reference() {
    let ensemble = Ensemble::load("demo").unwrap();
    let photos = [
        Photo::file(zebra()).in_country("KEN"),
        Photo::file("/nowhere/a.jpg"),
    ];
    let predictions = ensemble
        .predict_with(
            photos,
            PredictOptions::default().with_explain(true),
            |_, _| true,
        )
        .unwrap();
    let value = serde_json::to_value(&predictions).unwrap();
    let class =
        value["predictions"][0]["detections"][0]["processed_classification"]["class"].as_str();
    assert!(class.unwrap().contains(";equus;quagga;"));
    for (index, prediction) in predictions.iter().enumerate() {
        assert_eq!(
            serde_json::to_value(prediction).unwrap(),
            value["predictions"][index]
        );
    }
    let text = serde_json::to_string(&predictions).unwrap();
    let again: Predictions = serde_json::from_str(&text).unwrap();
    assert_eq!(format!("{again:?}"), format!("{predictions:?}"));
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
    assert!(serde_json::from_str::<Predictions>("[1]").is_err());
    let place = predictions.get(0).unwrap().location();
    let again: Location = serde_json::from_value(serde_json::to_value(&place).unwrap()).unwrap();
    assert_eq!(again, place);
}
