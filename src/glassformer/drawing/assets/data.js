/**
 * The numbers of a page: the manifest, and blocks of arrays that are loaded when looked at.
 *
 * In a file blocks stand in the document, on a server they are asked for.
 */

/** @import { Considered, Manifest, Part, PassManifest, Place, Sentence, Step, WatchedUpdate } from "./types.js" */
import { phrase } from "./texts.js";
import { PageError } from "./trouble.js";

const TYPES = /** @type {Record<string, any>} */ ({
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  float16: Uint16Array,
});

/** An array of the trace, in row order. */
export class Numbers {
  /**
   * @param {ArrayLike<number> & {subarray: (start: number, end: number) => any}} data
   * @param {number[]} shape
   */
  constructor(data, shape) {
    this.data = data;
    this.shape = shape;
    /** @type {number[]} how far it is from one index of an axis to the next */
    this.strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  }

  /** @param {...number} indices one for each axis, from 0 */
  at(...indices) {
    return this.data[this.offset(indices)];
  }

  /**
   * What lies below these first indices, as one run of numbers: a row, or a matrix of one head.
   * @param {...number} indices
   * @returns {ArrayLike<number>}
   */
  below(...indices) {
    const start = this.offset(indices);
    const size = indices.length ? this.strides[indices.length - 1] : this.data.length;
    return this.data.subarray(start, start + size);
  }

  /** @param {number[]} indices */
  offset(indices) {
    return indices.reduce((sum, index, axis) => sum + index * this.strides[axis], 0);
  }

  /** The largest absolute value. */
  get largest() {
    let largest = 0;
    for (let i = 0; i < this.data.length; i++) {
      const size = Math.abs(this.data[i]);
      if (size > largest) largest = size;
    }
    return largest;
  }
}

/** One pass over a sentence: what was read, and every step by name. */
export class Pass {
  /**
   * @param {PassManifest} manifest
   * @param {Blocks} blocks
   */
  constructor(manifest, blocks) {
    this.manifest = { ...manifest, history: manifest.history && withTokens(manifest.history) };
    this.blocks = blocks;
    /** @type {Map<string, Step>} */
    this.steps = new Map(manifest.steps.map((step) => [step.name, step]));
    /** @type {Map<string, Promise<Numbers>>} */
    this.arrays = new Map();
  }

  get config() {
    return this.manifest.config;
  }

  /** @param {string} name */
  step(name) {
    const step = this.steps.get(name);
    if (!step) throw new Error(`there is no step ${name} in this trace`);
    return step;
  }

  /**
   * Whether the numbers of a step or a weight are here.
   * @param {string} name
   */
  has(name) {
    return name in this.manifest.arrays;
  }

  /**
   * The numbers of a step, or of a weight as torch keeps it.
   * @param {string} name
   * @returns {Promise<Numbers>}
   */
  array(name) {
    const known = this.arrays.get(name);
    if (known) return known;
    const found = this.read(name);
    this.arrays.set(name, found);
    found.catch(() => this.arrays.delete(name)); // asked again, it is loaded again
    return found;
  }

  /**
   * @param {string} name
   * @returns {Promise<Numbers>}
   */
  async read(name) {
    const place = this.manifest.arrays[name];
    if (!place) throw new Error(`the numbers of ${name} are not in this page`);
    if (place.same !== undefined) return this.array(place.same);
    if (place.sum !== undefined) {
      const summands = await Promise.all(place.sum.map((one) => this.array(one)));
      return added(summands, place);
    }
    return this.blocks.array(place);
  }

  /**
   * The name of the attention of a part in a layer (from 1).
   * @param {Part} part
   * @param {number} layer
   */
  attention(part, layer) {
    const side = part === "encoder" ? "encoder" : "decoder";
    return `${side}.layers.${layer - 1}.${part === "cross" ? "cross" : "self"}_attention`;
  }

  /**
   * The stack that a part of attention stands in.
   * @param {Part | "decoder"} part
   */
  stack(part) {
    const stack = part === "encoder" ? this.config.encoder : this.config.decoder;
    if (!stack) throw new Error("this model has no decoder");
    return stack;
  }

  /**
   * What attends and what is attended to.
   * @param {Part} part
   * @param {"input" | "output"} [align]
   * @returns {{queries: Sentence, keys: Sentence}}
   */
  sides(part, align = "input") {
    const { source, target, target_as_predicted: predicted } = this.manifest;
    if (part === "encoder") return { queries: source, keys: source };
    const rows = align === "input" ? target : predicted;
    if (!target || !rows) throw new Error("no target was traced");
    return { queries: rows, keys: part === "decoder" ? target : source };
  }

  /** The parts of which there is attention. @returns {Part[]} */
  get parts() {
    return this.manifest.target ? ["encoder", "decoder", "cross"] : ["encoder"];
  }

  /**
   * The sentence of a side.
   * @param {"source" | "target"} side
   */
  sentence(side) {
    const sentence = side === "source" ? this.manifest.source : this.manifest.target;
    if (!sentence) throw new Error("no target was traced");
    return sentence;
  }
}

/** Everything that a page shows. */
export class PageData {
  /**
   * @param {Manifest} manifest
   * @param {(name: string) => Promise<Uint8Array>} load the deflated bytes of a block
   */
  constructor(manifest, load) {
    this.manifest = manifest;
    this.blocks = new Blocks(load);
    this.passes = manifest.passes.map((one) => new Pass(one, this.blocks));
  }

  /**
   * The attention weights recorded at a moment of the training, in multiples of 1 / levels.
   * @param {WatchedUpdate} moment
   * @param {number} index which of the moments it is, from 0
   * @param {Part} part
   * @returns {Promise<Numbers>} uint8 [layers, heads, queries, keys]
   */
  async watched(moment, index, part) {
    const place = moment.arrays[`watch.${index}.${part}`];
    if (!place) throw new Error(`attention of ${part} was not recorded`);
    return this.blocks.array(place);
  }
}

/** Blocks of numbers, inflated when first looked at. */
class Blocks {
  /** @param {(name: string) => Promise<Uint8Array>} load */
  constructor(load) {
    this.load = load;
    /** @type {Map<string, Promise<Uint8Array>>} */
    this.inflated = new Map();
  }

  /**
   * @param {Place} place
   * @returns {Promise<Numbers>}
   */
  async array(place) {
    const { block, offset = 0, dtype, shape } = place;
    if (block === undefined) throw new Error("an array without a block");
    let bytes = this.inflated.get(block);
    if (!bytes) {
      bytes = this.load(block).then((deflated) => inflate(deflated, block));
      this.inflated.set(block, bytes);
      bytes.catch(() => this.inflated.delete(block));
    }
    const Type = TYPES[dtype];
    const count = shape.reduce((a, b) => a * b, 1);
    const size = count * Type.BYTES_PER_ELEMENT;
    const inflated = await bytes;
    if (inflated.length < offset + size) throw damaged(block);
    const joined = together(inflated.subarray(offset, offset + size), Type.BYTES_PER_ELEMENT);
    const data = new Type(joined.buffer);
    return new Numbers(dtype === "float16" ? widened(data) : data, shape);
  }
}

/**
 * A search's steps with all tokens of each candidate; they are stored as its last one and whom it
 * continues.
 * @param {Considered[][]} steps
 * @returns {Considered[][]}
 */
function withTokens(steps) {
  /** @type {Considered[]} */
  let before = [];
  return steps.map((step) => {
    before = step.map((one) => ({
      ...one,
      tokens: [...(one.after === null ? [] : before[one.after].tokens), one.token],
    }));
    return before;
  });
}

/**
 * The blocks that stand in a document.
 * @param {Document} document
 * @returns {(name: string) => Promise<Uint8Array>}
 */
export function blocksIn(document) {
  return async (name) => {
    const found = [...document.querySelectorAll("script[data-block]")].find(
      (one) => one.getAttribute("data-block") === name,
    );
    if (!found) {
      throw new PageError(
        phrase("The numbers “{name}” are missing in this file: it was cut off or changed. Make it again.", { name }),
      );
    }
    try {
      return bytesOf(atob(found.textContent ?? ""));
    } catch {
      throw damaged(name);
    }
  };
}

/** @param {string} name of a block */
function damaged(name) {
  return new PageError(phrase("The numbers “{name}” are damaged: make the file, or load the page, again.", { name }));
}

/**
 * Characters as bytes; a loop takes a tenth of the time that `Uint8Array.from` does.
 * @param {string} characters
 */
function bytesOf(characters) {
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name of the block
 */
async function inflate(bytes, name) {
  if (typeof DecompressionStream === "undefined") {
    throw new PageError(
      phrase("This browser cannot unpack the numbers of the page (it has no DecompressionStream): take Chrome 103, Firefox 113, Safari 16.4 or a later one."),
    );
  }
  const stream = new Blob([/** @type {any} */ (bytes)]).stream();
  try {
    const inflated = stream.pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(inflated).arrayBuffer());
  } catch {
    throw damaged(name);
  }
}

/**
 * Numbers whose bytes were stored apart: all first bytes, then all second ones …
 * @param {Uint8Array} planes
 * @param {number} size bytes of a number
 */
function together(planes, size) {
  const count = planes.length / size;
  const bytes = new Uint8Array(planes.length);
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0, from = plane * count; i < count; i++) bytes[i * size + plane] = planes[from + i];
  }
  return bytes;
}

/**
 * A sum in the precision in which the model adds: a sum of two float32 numbers, made in float64 and
 * rounded once, is what float32 arithmetic gives.
 * @param {Numbers[]} summands
 * @param {Place} place
 */
function added(summands, place) {
  const count = place.shape.reduce((a, b) => a * b, 1);
  const sum = new TYPES[place.dtype](count);
  sum.set(summands[0].data);
  for (const summand of summands.slice(1)) {
    for (let i = 0; i < count; i++) sum[i] += summand.data[i];
  }
  return new Numbers(sum, place.shape);
}

/**
 * Half precision as float32, number by number.
 * @param {Uint16Array} halves
 */
function widened(halves) {
  const wide = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const bits = halves[i];
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) wide[i] = fraction ? NaN : sign * Infinity;
    else if (exponent) wide[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    else wide[i] = sign * (fraction / 1024) * 2 ** -14;
  }
  return wide;
}
