// SPDX-License-Identifier: Apache-2.0
// Runs the module in a worker, a Web Worker or one of Node.js, so that the page stays responsive:
// calls wait for the networks' threads, which only a worker may do. speciesnet.js sends {id, method,
// parameters} and receives {id, result} or {id, error}, and {log} while a call runs. The build puts
// structs.js and abi.js before this file.

/* global importScripts, createSpeciesNetEngine */

const inNode = typeof importScripts !== 'function';
const port = inNode ? require('node:worker_threads').parentPort : self;
const send = (message) => port.postMessage(message);

/** Besides those of the networks: four while a model loads, one while a photo is predicted. */
const otherThreads = 5;

function engineFactory() {
  if (inNode) {
    return require('./speciesnet_engine.js');
  }
  importScripts('speciesnet_engine.js');
  return createSpeciesNetEngine;
}

/** Returns a module whose threads have started: a call could not wait for them. */
async function startEngine(threads) {
  const settings = {poolSize: threads + otherThreads, print: () => {}, printErr: () => {}};
  if (inNode) {
    // This Emscripten would fetch() a path.
    settings.wasmBinary = require('node:fs').readFileSync(require('node:path').join(__dirname, 'speciesnet_engine.wasm'));
  } else {
    settings.mainScriptUrlOrBlob = new URL('speciesnet_engine.js', self.location.href).href;
  }
  return engineFactory()(settings);
}

function coreCount() {
  return (inNode ? require('node:os').availableParallelism() : self.navigator.hardwareConcurrency) || 1;
}

/** Returns the number of threads to start. The library checks it, too, but only after they have. */
function threadCount(wanted = 0) {
  const most = 1024;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > most) {
    throw invalidOption('threads', `an integer from 0 to ${most}`);
  }
  return wanted || coreCount();
}

/** The worker holds one model, for as long as it lives. */
let model;

const methods = {
  async load(files, options) {
    const threads = threadCount(options.threads);
    model = new Model(await startEngine(threads), files, {...options, threads}, (message, isWarning) => send({log: {message, isWarning}}));
    return model.description();
  },
  async predict(photo, options) {
    return model.predict(photo, options);
  },
  async layouts() {
    return Object.fromEntries(Object.keys(STRUCTS).map((name) => [name, layoutOf(name)]));
  },
};

async function answer({id, method, parameters}) {
  try {
    send({id, result: await methods[method](...parameters)});
  } catch (error) {
    send({id, error: {status: error.status, code: error.code, message: String(error.message || error)}});
  }
}

if (inNode) {
  port.on('message', answer);
} else {
  port.onmessage = ({data}) => answer(data);
}
