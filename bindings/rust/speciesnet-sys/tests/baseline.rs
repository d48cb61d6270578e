// SPDX-License-Identifier: Apache-2.0
//! Checks that the declarations match the ABI's baseline in capi/abi, symbol by symbol.

use speciesnet_sys::*;
use std::collections::BTreeSet;
use std::mem::{size_of, MaybeUninit};
use std::path::PathBuf;
use std::ptr::addr_of;

fn baseline(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../capi/abi");
    std::fs::read_to_string(folder.join(name)).expect("the baseline is part of the source tree")
}

fn size_behind<T>(_: *const T) -> usize {
    size_of::<T>()
}

/// Size and offset of every member, as tests/bindings/capi/layouts.c prints them.
macro_rules! layouts {
    ($($name:ident { $($member:ident),* })*) => {{
        let mut lines = String::new();
        $(
            lines += &format!("{} size {}\n", stringify!($name), size_of::<$name>());
            let value = MaybeUninit::<$name>::uninit();
            $(
                // SAFETY: Only the address of the member is taken.
                let member = unsafe { addr_of!((*value.as_ptr()).$member) };
                lines += &format!(
                    "{}.{} offset {} size {}\n",
                    stringify!($name),
                    stringify!($member).trim_start_matches("r#"),
                    member as usize - value.as_ptr() as usize,
                    size_behind(member)
                );
            )*
        )*
        lines
    }};
}

#[test]
fn structs_have_the_layout_of_c() {
    let found = layouts! {
        speciesnet_error { status, reserved, message }
        speciesnet_media_info { r#type, width, height, reserved }
        speciesnet_location { size, country, admin1_region, latitude, longitude, station }
        speciesnet_detection { category, reserved, conf, bbox }
        speciesnet_scored_label { label, score }
        speciesnet_instance { size, filepath, image, location, detections, detection_count }
        speciesnet_rollup_sum { label, score, blocked_by, reserved, blocked_by_entry }
        speciesnet_rollup_step { level, reached, threshold, sums, sum_count }
        speciesnet_explanation {
            rule, reason, detection_category, blocked_by, detection_conf, blocked_by_entry,
            allowed_by_entry, classes, class_count, rollup, rollup_count
        }
        // <options rust-layouts> by scripts/generate_options
        speciesnet_load_options {
            size, components, threads, precision, geofence, offline, max_jobs, device,
            target_species, target_species_count, log, log_user_data, progress, progress_user_data,
            detector
        }
        speciesnet_predict_options {
            size, format, explain, detection_threshold, classification_threshold,
            max_classifications_per_image, max_classifications_per_detection, batch_size,
            decoding_threads, coordinates_from_exif, country_from_coordinates, places_as_given,
            progress, progress_user_data
        }
        speciesnet_combine_options {
            size, max_classifications_per_detection, explain, coordinates_from_exif,
            country_from_coordinates, places_as_given, model_version
        }
        speciesnet_json_options {
            size, format, stage, decimals, indent, failure_reasons, reserved
        }
        speciesnet_fetch_options {
            size, cache, offline, newest, force, networks, retries, stall_seconds, max_bytes,
            progress, progress_user_data
        }
        speciesnet_compile_options {
            size, precision, threads, target, calibration_photos, calibration_photos_count
        }
        speciesnet_decode_limits {
            size, max_bytes, max_pixels, max_work, max_memory, max_milliseconds
        }
        // </options>
    };
    assert_eq!(found, baseline("layouts.txt"));
}

#[test]
fn every_function_is_declared_and_no_other() {
    let wanted: BTreeSet<String> = baseline("symbols.txt")
        .lines()
        .filter_map(|line| line.split([' ', '@']).nth(1).map(str::to_owned))
        .collect();
    let found: BTreeSet<String> = include_str!("../src/functions.rs")
        .split("pub fn ")
        .skip(1)
        .filter_map(|rest| rest.split('(').next().map(str::to_owned))
        .collect();
    assert!(!wanted.is_empty());
    assert_eq!(found, wanted);
}

#[test]
fn every_number_is_that_of_c() {
    let declarations = baseline("declarations.txt");
    let wanted: BTreeSet<String> = declarations
        .split(['{', ',', '}', '\n'])
        .map(str::trim)
        .filter(|item| item.starts_with("SPECIESNET_") && item.contains(" = "))
        .map(str::to_owned)
        .collect();
    let found: BTreeSet<String> = include_str!("../src/constants.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.strip_suffix(';'))
        .filter(|item| item.contains(": i32 = ") && !item.contains('-'))
        .map(|item| item.replace(": i32 = ", " = "))
        .collect();
    assert!(!wanted.is_empty());
    assert_eq!(found, wanted);
    let same: speciesnet_status = SPECIESNET_OK;
    assert_eq!(same, 0);
}
