// SPDX-License-Identifier: Apache-2.0
//! `speciesnet.h` in Rust, symbol by symbol. The header documents behaviour and ownership.
#![allow(non_camel_case_types)]

mod constants;
mod functions;
mod types;

pub use constants::*;
pub use functions::*;
pub use types::*;
