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

/** Labels, best first, of seven parts: `uuid;class;order;family;genus;species;common name`. */
export interface Classes {
  classes: string[];
  /** Softmax probabilities, 0 to 1, as many as classes. */
  scores: number[];
  /** The labels of `targetSpecies`, and their logits, which have no range. */
  target_classes?: string[];
  target_logits?: number[];
}

/** A box that the detector found; category `'0'` is the whole image. */
export interface Detection {
  category: '0' | '1' | '2' | '3';
  label: 'whole_image' | 'animal' | 'human' | 'vehicle';
  /** Confidence, 0 to 1. */
  conf: number;
  /** Left, top, width, height, each 0 to 1, relative to the upright photo. */
  bbox: [number, number, number, number];
  /** What the classifier said. Absent if the box was not classified. */
  raw_classifications?: Classes;
  /** The answer, after the decision rules and the geofence. */
  processed_classification?: {
    /** A label of seven parts. */
    class: string;
    /** 0 to 1. */
    score: number;
    /** What decided: `'classifier'`, `'detector'`, `'classifier+rollup_to_family'`, … */
    source: string;
  };
}

/** The entry of a photo. Members that are unknown or do not apply are absent. */
export interface PhotoPrediction {
  filepath: string;
  country?: string;
  admin1_region?: string;
  latitude?: number;
  longitude?: number;
  /** What was found, by descending confidence; empty if nothing was. */
  detections?: Detection[];
  /** The format `per_image` alone. */
  classifications?: Classes;
  /** The format `per_image` alone: the answer's label, score (0 to 1) and source. */
  prediction?: string;
  prediction_score?: number;
  prediction_source?: string;
  /** Components that failed while they ran, and why. */
  failures?: ('CLASSIFIER' | 'DETECTOR' | 'GEOLOCATION')[];
  failure_reason?: string;
  model_version?: string;
}

/** The answer to a photo. */
export interface Prediction {
  /** The document of the reference, with one prediction. */
  document: {predictions: [PhotoPrediction]};
  /** Whether the file ends before the last pixel. The missing pixels are grey. */
  isTruncated: boolean;
  /** Pixels of the upright photo. */
  width: number;
  height: number;
  /** Time to decode, and that of the networks and the rules, in seconds. */
  decodeSeconds: number;
  networkSeconds: number;
}

/** Names of statuses of the C ABI. */
export type ErrorCode =
  | 'invalid_argument' | 'cancelled' | 'out_of_memory' | 'internal' | 'io' | 'not_found'
  | 'unsupported_media_type' | 'media_too_large' | 'media_type_mismatch' | 'undecodable_image'
  | 'model_incomplete' | 'model_invalid' | 'model_contract' | 'model_component_missing'
  | 'network_failed' | 'unsupported_hardware';

/** A failed call. */
export class SpeciesNetError extends Error {
  /** The number in the C ABI. New ones may be added. */
  readonly status: number;
  /** The name of that number, for programs. */
  readonly code: ErrorCode;
}

/** The bytes are no image that this build reads, or it is too large (statuses 20 to 29). */
export class InvalidImageError extends SpeciesNetError {}

/** The model package cannot be used (statuses 30 to 39). */
export class ModelError extends SpeciesNetError {}

/** A file's or a photo's bytes. They are copied. */
export type Bytes = Blob | ArrayBuffer | ArrayBufferView;

/**
 * A loaded model, in a worker of its own. It holds threads and memory until `close()`; Node.js does
 * not exit before.
 */
export class SpeciesNet {
  private constructor();

  /**
   * Loads a package from memory.
   * @param files its files by name: `info.json`, and those that it names, or compiled networks
   * @throws {ModelError} if a file is missing or damaged
   * @throws {SpeciesNetError} `invalid_argument` for options, `unsupported_hardware` if the page
   *   may not use threads, `out_of_memory`
   */
  static load(files: Map<string, Bytes> | Record<string, Bytes>, options?: LoadOptions): Promise<SpeciesNet>;

  /**
   * Downloads a package and loads it.
   * @param url its folder, ending with a slash; relative to the page
   * @throws {SpeciesNetError} `io` or `not_found` if a file cannot be downloaded, and as `load()`
   */
  static fetch(url: string | URL, options?: FetchOptions): Promise<SpeciesNet>;

  /** The version of the package. */
  readonly modelVersion: string;
  /** What the package says about itself; may be empty. */
  readonly description: string;
  /** Whether this is the demonstration model, whose answers are not SpeciesNet's. */
  readonly isDemo: boolean;
  /** The number of threads of the networks. */
  readonly threads: number;
  /** The labels of the classifier; none if it was not loaded. */
  readonly labels: readonly string[];

  /**
   * Names the animals in a photo. Calls run one after the other.
   * @param photo a JPEG, GIF or BMP
   * @throws {InvalidImageError} if it cannot be decoded
   * @throws {SpeciesNetError} `invalid_argument` for options, `cancelled` if the model is closed
   */
  predict(photo: Bytes, options?: PredictOptions): Promise<Prediction>;

  /** Ends the worker and releases its memory. Calls that run are rejected with `cancelled`. */
  close(): Promise<void>;
}
