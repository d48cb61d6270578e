// SPDX-License-Identifier: Apache-2.0
// Calls the C ABI of a module of Emscripten.

/** A failed call. */
class AbiError extends Error {
  /**
   * @param {number} status number of the C ABI
   * @param {string} code its name
   * @param {string} message one sentence
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function invalidArgument(message) {
  return new AbiError(1, 'invalid_argument', message);
}

function invalidOption(name, wanted) {
  return invalidArgument(`the option ${name} is not ${wanted}`);
}

function checkedNumber(name, value, isInteger) {
  if (typeof value !== 'number' || (isInteger && !Number.isSafeInteger(value))) {
    throw invalidOption(name, isInteger ? 'an integer' : 'a number');
  }
  return value;
}

/**
 * The memory of a module. It may grow in any call and on any thread, so views of it are made for
 * each access. Addresses are up to 4 GiB; functions return them as signed numbers.
 */
class ModuleMemory {
  constructor(engine) {
    this.engine = engine;
  }

  view() {
    return new DataView(this.engine.wasmMemory.buffer);
  }

  bytes(address, length) {
    return new Uint8Array(this.engine.wasmMemory.buffer, address, length);
  }

  pointer(address) {
    return this.view().getUint32(address, true);
  }

  /** Returns a text that ends with a zero byte. */
  text(address) {
    const start = address >>> 0;
    const rest = new Uint8Array(this.engine.wasmMemory.buffer, start);
    // A decoder refuses shared memory.
    return new TextDecoder().decode(rest.slice(0, rest.indexOf(0)));
  }
}

/** Memory that is released together. */
class Allocations {
  constructor(engine) {
    this.engine = engine;
    this.memory = new ModuleMemory(engine);
    this.addresses = [];
  }

  allocate(length) {
    const address = this.engine._malloc(Math.max(length, 1)) >>> 0;
    if (address === 0) {
      throw new AbiError(3, 'out_of_memory', `the browser has no memory for ${length} bytes; close other models and tabs`);
    }
    this.addresses.push(address);
    return address;
  }

  copy(bytes) {
    const address = this.allocate(bytes.length);
    this.memory.bytes(address, bytes.length).set(bytes);
    return address;
  }

  text(text) {
    return this.copy(new TextEncoder().encode(`${text}\0`));
  }

  /** Returns the address of a list of pointers. */
  pointers(addresses) {
    const list = this.allocate(4 * addresses.length);
    const view = this.memory.view();
    addresses.forEach((address, i) => view.setUint32(list + 4 * i, address, true));
    return list;
  }

  release() {
    this.addresses.forEach((address) => this.engine._free(address));
    this.addresses = [];
  }
}

/** A struct in the memory of a module, with the library's defaults. */
class Struct {
  constructor(allocations, name) {
    this.allocations = allocations;
    this.layout = layoutOf(name);
    this.address = allocations.allocate(this.layout.size);
    allocations.engine[`_speciesnet_${name}_init`](this.address, this.layout.size);
  }

  /** Sets a member by its name in C. */
  set(name, number) {
    const {offset, bytes, type} = this.layout.members.get(name);
    const view = this.allocations.memory.view();
    const address = this.address + offset;
    if (type === 'number') {
      view.setFloat64(address, number, true);
    } else if (bytes === 8) {
      view.setBigUint64(address, BigInt(number), true);
    } else {
      view.setUint32(address, number, true);
    }
  }

  /** Sets members by their names in JavaScript. */
  choose(choices) {
    for (const [option, value] of Object.entries(choices)) {
      const [name, member] = [...this.layout.members].find(([, {option: offered}]) => offered === option) || [];
      if (!member) {
        throw invalidArgument(`there is no option ${option}`);
      }
      if (member.type === 'labels' && value) {
        this.setLabels(name, option, value);
      } else if (value !== undefined) {
        this.set(name, this.numberOf(member, value));
      }
    }
    return this;
  }

  setLabels(name, option, labels) {
    if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) {
      throw invalidOption(option, 'a list of texts');
    }
    this.set(name, this.allocations.pointers(labels.map((label) => this.allocations.text(label))));
    this.set(`${name}_count`, labels.length);
  }

  /** Returns the number that stands for a value in the struct. */
  numberOf({type, option, values}, value) {
    const unlimited = {limit: 0xFFFFFFFF, milliseconds: 2n ** 64n - 1n, labels: 0, text: 0};
    if (value === null && type in unlimited) {
      return unlimited[type];
    }
    switch (type) {
      case 'flag':
        if (typeof value !== 'boolean') {
          throw invalidOption(option, 'true or false');
        }
        return Number(value);
      case 'choice':
        if (!Object.keys(values).includes(value)) {
          throw invalidOption(option, `one of ${Object.keys(values).join(', ')}`);
        }
        return values[value];
      case 'text':
        if (typeof value !== 'string') {
          throw invalidOption(option, 'a text');
        }
        return this.allocations.text(value);
      case 'limit':
      case 'bytes':
      case 'milliseconds':
        if (checkedNumber(option, value, true) < 0) {
          throw invalidOption(option, 'at least 0');
        }
        return value;
      default:
        return checkedNumber(option, value, type !== 'number');
    }
  }
}

/** A module with a loaded model. */
class Model {
  /**
   * @param engine the module
   * @param {{name: string, bytes: Uint8Array}[]} files of the package
   * @param {object} options see LoadOptions
   * @param {(message: string, isWarning: boolean) => void} log
   * @throws {AbiError}
   */
  constructor(engine, files, options, log) {
    this.engine = engine;
    this.memory = new ModuleMemory(engine);
    const kept = new Allocations(engine);  // The library reads the files as long as the model is loaded.
    const list = kept.pointers([
      ...files.flatMap(({name, bytes}) => [kept.text(name), kept.copy(bytes), bytes.length]), 0]);
    const choices = new Struct(kept, 'load_options').choose(options);
    const warning = 2;
    choices.set('log', engine.addFunction((data, level, message) => log(this.memory.text(message), level === warning), 'viii'));
    this.ensemble = this.handle(kept, 'ensemble_load_files', engine._package_file_reader(), list, choices.address);
  }

  /**
   * Calls a function whose last parameter is a speciesnet_error.
   * @throws {AbiError}
   */
  call(allocations, name, ...parameters) {
    const error = allocations.allocate(ERROR_BYTES);
    const status = this.engine[`_speciesnet_${name}`](...parameters, error);
    if (status !== 0) {
      throw new AbiError(status, this.textOf('status_name', status), this.memory.text(error + ERROR_MESSAGE_OFFSET));
    }
  }

  /** Calls a function that returns a handle through the parameter before its error. */
  handle(allocations, name, ...parameters) {
    const handle = allocations.allocate(4);
    this.call(allocations, name, ...parameters, handle);
    return this.memory.pointer(handle);
  }

  /** Calls a function that returns a text. */
  textOf(name, ...parameters) {
    return this.memory.text(this.engine[`_speciesnet_${name}`](...parameters));
  }

  /** What the package says about itself, and how it was loaded. */
  description() {
    const {engine, ensemble} = this;
    return {
      modelVersion: this.textOf('ensemble_model_version', ensemble),
      description: this.textOf('ensemble_description', ensemble),
      isDemo: engine._speciesnet_ensemble_is_demo(ensemble) === 1,
      threads: engine._speciesnet_ensemble_threads(ensemble),
      labels: Array.from({length: engine._speciesnet_ensemble_label_count(ensemble)}, (_, i) => this.textOf('ensemble_label', ensemble, i)),
    };
  }

  /**
   * Predicts a photo.
   * @param {Uint8Array} photo
   * @param {object} options see PredictOptions
   * @return see Prediction
   * @throws {AbiError}
   */
  predict(photo, {filepath = 'photo', location = {}, decode = {}, ...choices}) {
    const {engine} = this;
    const allocations = new Allocations(engine);
    const encoded = new Allocations(engine);
    let image = 0;
    let predictions = 0;
    try {
      const start = performance.now();
      const limits = new Struct(allocations, 'decode_limits').choose(decode);
      image = this.handle(allocations, 'image_decode', encoded.copy(photo), photo.length, 0, limits.address);
      encoded.release();
      const decoded = performance.now();

      const instance = new Struct(allocations, 'instance');
      instance.set('filepath', allocations.text(filepath));
      instance.set('image', image);
      instance.set('location', new Struct(allocations, 'location').choose(location).address);
      const chosen = new Struct(allocations, 'predict_options').choose(choices);
      chosen.set('decoding_threads', 1);
      predictions = this.handle(allocations, 'ensemble_predict', this.ensemble, instance.address, 1, chosen.address);
      return {
        document: this.toDocument(allocations, predictions, choices.format),
        isTruncated: engine._speciesnet_image_truncated(image) === 1,
        width: engine._speciesnet_image_width(image),
        height: engine._speciesnet_image_height(image),
        decodeSeconds: (decoded - start) / 1000,
        networkSeconds: (performance.now() - decoded) / 1000,
      };
    } finally {
      engine._speciesnet_predictions_free(predictions);
      engine._speciesnet_image_free(image);
      encoded.release();
      allocations.release();
    }
  }

  toDocument(allocations, predictions, format) {
    const choices = new Struct(allocations, 'json_options').choose({format, indent: 0, failureReasons: true});
    const text = allocations.allocate(4);
    this.call(allocations, 'predictions_to_json', predictions, choices.address, text, 0);
    const address = this.memory.pointer(text);
    try {
      return JSON.parse(this.memory.text(address));
    } finally {
      this.engine._speciesnet_text_free(address);
    }
  }
}
