// SPDX-License-Identifier: Apache-2.0
// The types of speciesnet.js.

/** Where a photo was taken, for the geofence. Unknown members are left out. */
export interface Location {
  /** ISO 3166-1 alpha-3, such as `'KEN'`. */
  country?: string;
  /** The second part of ISO 3166-2, such as `'CA'`, for countries whose regions the geofence knows. */
  admin1Region?: string;
  /** Degrees north, -90 to 90. */
  latitude?: number;
  /** Degrees east, -180 to 180. */
  longitude?: number;
}

/** Options for loading a model. */
export interface LoadOptions {
  // <options javascript-types load> by scripts/generate_options
  /**
   * Parts of the package to load; 'all' by default.
   */
  components?: 'all' | 'detector' | 'classifier' | 'rules';
  /**
   * Number of threads for the networks; 0 for one per core; 0 to 1024, 0 by default.
   */
  threads?: number;
  /**
   * Whether to exclude species that do not live at the photo's location; true by default.
   */
  geofence?: boolean;
  /**
   * Labels whose logits are reported with each classification; null for none, null by default.
   * Labels that the classifier does not have are ignored, as in the reference.
   */
  targetSpecies?: string[] | null;
  // </options>
  /** Receives the library's messages: the loaded model, compiled networks that do not suit. */
  log?: (message: string, isWarning: boolean) => void;
}

/** Options for downloading a model. */
export interface FetchOptions extends LoadOptions {
  /**
   * Called while files arrive, with the bytes of all files so far and their sum. The sum is 0 until
   * the server has named the length of every file, and stays 0 if it does not.
   */
  progress?: (receivedBytes: number, totalBytes: number) => void;
  /** Ends the download. The promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /**
   * Further files of the package, such as `detector.portable.float32.compiled`. Networks that
   * `info.json` names and the server does not have are left out, because compiled ones can stand
   * for them.
   */
  files?: string[];
}

/** Limits on the cost of decoding a photo, which come from its header. */
export interface DecodeLimits {
  // <options javascript-types decode> by scripts/generate_options
  /**
   * Maximum encoded size in bytes; 536870912 by default.
   */
  maxBytes?: number;
  /**
   * Maximum width × height; 178956970 by default. The default is the limit at which Pillow, the
   * reference's decoder, raises DecompressionBombError: twice its MAX_IMAGE_PIXELS of 89,478,485.
   */
  maxPixels?: number;
  /**
   * Maximum work, in units of about a nanosecond of one core; 60000000000 by default. A pixel takes
   * about 10 units, and 3 more for each scan of a progressive JPEG. See docs/reference/images.md.
   */
  maxWork?: number;
  /**
   * Maximum memory in bytes besides the encoded image: pixels (twice if they are rotated) and the
   * decoder's buffers; 2147483648 by default.
   */
  maxMemory?: number;
  /**
   * Time after which decoding stops with the error Cancelled; null for any, null by default.
   */
  maxMilliseconds?: number | null;
  // </options>
}

/** Options for predicting a photo. The defaults are those of the reference. */
export interface PredictOptions {
  // <options javascript-types predict> by scripts/generate_options
  /**
   * Unit of an answer: each detection of sufficient confidence (speciesnet 5.0.6), or the image
   * (5.0.5); 'per_detection' by default.
   */
  format?: 'per_detection' | 'per_image';
  /**
   * Whether to add an explanation to each answer; false by default.
   */
  explain?: boolean;
  /**
   * Minimum confidence of reported detections; 0.01 to 1, 0.01 by default. Detections passed in
   * with an instance are reported at any confidence.
   */
  detectionThreshold?: number;
  /**
   * Minimum confidence of detections that are classified separately; 0 to 1, 0.1 by default.
   */
  classificationThreshold?: number;
  /**
   * Maximum number of detections to classify per image, in order of confidence; null for all, null
   * by default.
   */
  maxClassificationsPerImage?: number | null;
  /**
   * Number of classes to report for each detection; null for all, 2 by default. The rules always
   * use five.
   */
  maxClassificationsPerDetection?: number | null;
  /**
   * Whether to use country and region literally, as the reference does; false by default. A country
   * that no geofence names, such as "ken", then excludes every animal that has a list of countries.
   * Otherwise alpha-2 and alpha-3 codes and English names are accepted in any case, and unknown
   * countries are errors.
   */
  placesAsGiven?: boolean;
  // </options>
  /** The name of the photo in the result; `'photo'` by default. */
  filepath?: string;
  /** Where the photo was taken; unknown by default. */
  location?: Location;
  /** Limits on the cost of decoding the photo. */
  decode?: DecodeLimits;
}

/** A box that the detector found, or the whole image. */
export interface Detection {
  /** `'1'` animal, `'2'` human, `'3'` vehicle. */
  category: string;
  label: 'animal' | 'human' | 'vehicle';
  /** 0 to 1. */
  conf: number;
  /** Left, top, width, height, each 0 to 1, relative to the upright photo. */
  bbox: [number, number, number, number];
  /** The best classes, best first. Absent if the detection was not classified. */
  classifications?: {classes: string[]; scores: number[]};
  /** The label of the answer: `uuid;class;order;family;genus;species;common name`. */
  prediction?: string;
  /** 0 to 1. */
  prediction_score?: number;
  /** The component that decided: `'classifier'`, `'detector'`, `'classifier+rollup_to_family'`, … */
  prediction_source?: string;
}
