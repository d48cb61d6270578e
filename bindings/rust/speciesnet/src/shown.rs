// SPDX-License-Identifier: Apache-2.0
//! Implements `{:?}` for results: shows their values.

use crate::image::Image;
use crate::prediction::{
    Answer, Detection, Explanation, Labels, Prediction, Predictions, RollupStep,
};
use crate::rules::Decision;
use std::fmt::{Debug, Formatter, Result};

impl Debug for Predictions {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl Debug for Prediction<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Prediction")
            .field("filepath", &self.filepath())
            .field("failures", &self.failures())
            .field("failure_reason", &self.failure_reason())
            .field("location", &self.location())
            .field(
                "detections",
                &self.detections().map(Iterator::collect::<Vec<_>>),
            )
            .field("answer", &self.answer())
            .field("model_version", &self.model_version())
            .finish()
    }
}

impl Debug for Detection<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Detection")
            .field("category", &self.category())
            .field("conf", &self.conf())
            .field("bbox", &self.bbox())
            .field("classes", &self.classes())
            .field("answer", &self.answer())
            .finish()
    }
}

impl Debug for Labels<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.debug_list().entries(self.clone()).finish()
    }
}

impl Debug for Answer<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let mut shown = formatter.debug_struct("Answer");
        shown
            .field("label", &self.label())
            .field("score", &self.score())
            .field("source", &self.source());
        if let Some(explanation) = self.explanation() {
            shown.field("explanation", &explanation);
        }
        shown.finish()
    }
}

impl Debug for Explanation<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Explanation")
            .field("rule", &self.rule())
            .field("reason", &self.reason())
            .field("category", &self.category())
            .field("conf", &self.conf())
            .field("classes", &self.classes())
            .field("blocked_by", &self.blocked_by())
            .field("rollup", &self.rollup().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Debug for RollupStep<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("RollupStep")
            .field("rank", &self.rank())
            .field("reached", &self.reached())
            .field("threshold", &self.threshold())
            .field("sums", &self.sums().collect::<Vec<_>>())
            .finish()
    }
}

impl Debug for Decision {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        self.answer().fmt(formatter)
    }
}

impl Debug for Image {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Image")
            .field("width", &self.width())
            .field("height", &self.height())
            .field("truncated", &self.truncated())
            .finish_non_exhaustive()
    }
}
