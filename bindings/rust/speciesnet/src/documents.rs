// SPDX-License-Identifier: Apache-2.0
//! Results for serde (feature `serde`), as the reference's document.

use crate::choices::JsonOptions;
use crate::prediction::{Prediction, Predictions};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;

/// Returns the document, without loss.
fn document<S: Serializer>(predictions: &Predictions) -> Result<Value, S::Error> {
    let options = JsonOptions::default()
        .with_indent(0)
        .with_failure_reasons(true);
    let json = predictions
        .to_json_with(options)
        .map_err(S::Error::custom)?;
    serde_json::from_str(&json).map_err(S::Error::custom)
}

/// Serialises to the document of speciesnet 5.0.6.
impl Serialize for Predictions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document::<S>(self)?.serialize(serializer)
    }
}

/// Deserialises a document of speciesnet, of either form. The format must be self-describing, as JSON is.
impl<'de> Deserialize<'de> for Predictions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Value::deserialize(deserializer)?;
        Self::from_json(&document.to_string()).map_err(D::Error::custom)
    }
}

/// Serialises to its entry in the document. This writes the document of the whole list: to
/// serialise many predictions, serialise the list.
impl Serialize for Prediction<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document::<S>(self.list())?["predictions"][self.index()].serialize(serializer)
    }
}
