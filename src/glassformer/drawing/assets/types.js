/**
 * The manifest of a page, as types: docs/page.md says what each field holds.
 *
 * @typedef {"encoder" | "decoder" | "cross"} Part
 * @typedef {"words" | "tokens"} Unit
 * @typedef {"en" | "zh"} Language
 * @typedef {"auto" | "light" | "dark"} Theme
 *
 * @typedef {object} Sentence
 * @property {string} text
 * @property {string[]} tokens
 * @property {boolean[]} special
 * @property {string[]} words
 * @property {(number | null)[]} word_of_token
 * @property {string} [pair]
 * @property {number[]} [type_ids]
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} formula
 * @property {number[]} shape
 * @property {string[]} axes
 * @property {string[]} parents
 * @property {string[]} parameters
 * @property {"source" | "target"} side
 * @property {"source" | "target"} rows
 * @property {"source" | "target" | null} columns
 * @property {number | null} layer from 0
 * @property {Part | null} part
 * @property {string} role
 * @property {string} operation
 * @property {string} file
 *
 * @typedef {object} Parameter
 * @property {string} symbol
 * @property {"matrix" | "vector" | "table"} kind
 * @property {number[] | null} shape as torch keeps it: [outputs, inputs]
 *
 * @typedef {object} Place where the numbers of an array are
 * @property {"float16" | "float32" | "float64" | "int32" | "uint8"} dtype
 * @property {number[]} shape
 * @property {string} [block]
 * @property {number} [offset] bytes into the inflated block
 * @property {string} [same]
 * @property {string[]} [sum]
 *
 * @typedef {object} StackConfig
 * @property {number} vocabulary
 * @property {number} d_model
 * @property {number} num_heads
 * @property {number} d_ff
 * @property {number} num_layers
 * @property {string} activation
 * @property {"post" | "pre" | "none"} norm
 * @property {number} norm_epsilon
 * @property {string} positions
 * @property {number | null} max_positions
 * @property {number} first_position
 * @property {boolean} scale_embedding
 * @property {boolean} embedding_norm
 * @property {number} token_types
 * @property {boolean} scale_scores
 *
 * @typedef {object} Config
 * @property {StackConfig} encoder
 * @property {StackConfig | null} decoder
 *
 * @typedef {object} Likely
 * @property {string} token
 * @property {number} id
 * @property {number} probability
 *
 * @typedef {object} Prediction
 * @property {string} input
 * @property {string | null} token
 * @property {number | null} id
 * @property {number | null} probability
 * @property {number | null} score
 * @property {number | null} rank
 * @property {Likely[]} best
 * @property {number} rest
 *
 * @typedef {object} Considered
 * @property {number | null} after which candidate of the step before it continues, from 0
 * @property {string} token
 * @property {string[]} tokens all of them; the page puts them together
 * @property {number} score
 * @property {"kept" | "ended" | "dropped"} fate
 *
 * @typedef {object} Translation
 * @property {string} text
 * @property {number | null} score
 * @property {string[]} tokens
 *
 * @typedef {object} Note
 * @property {string} id
 * @property {Record<string, unknown>} fields
 * @property {string} text
 *
 * @typedef {object} Card the head that the model's card names; layer and head from 1
 * @property {Part} part
 * @property {number} layer
 * @property {number} head
 * @property {string} reason
 *
 * @typedef {object} PassManifest
 * @property {string} model
 * @property {Config} config
 * @property {Sentence} source
 * @property {Sentence | null} target
 * @property {Sentence | null} target_as_predicted
 * @property {string | null} to
 * @property {string[]} targets
 * @property {Record<string, Translation>} translations
 * @property {Prediction[]} predictions
 * @property {Considered[][] | null} history
 * @property {Note[]} notes
 * @property {Card | null} card
 * @property {any} structure
 * @property {Step[]} steps
 * @property {Record<string, Parameter>} parameters
 * @property {Record<string, Place>} arrays
 *
 * @typedef {object} WatchedUpdate
 * @property {number} update
 * @property {Sentence | null} target
 * @property {Record<string, Translation>} translations
 * @property {Record<string, Place>} arrays
 *
 * @typedef {object} WatchManifest
 * @property {number} levels
 * @property {Sentence} source
 * @property {string | null} to
 * @property {number} max_updates
 * @property {WatchedUpdate[]} updates
 * @property {number[]} left_out updates after which no attention could be recorded
 *
 * @typedef {object} Manifest
 * @property {string} schema
 * @property {string} version
 * @property {"file" | "serve"} home
 * @property {Record<string, any>} request
 * @property {string} model
 * @property {string[]} models
 * @property {boolean} with_weights
 * @property {PassManifest[]} passes
 * @property {any} comparison
 * @property {WatchManifest | null} watch
 * @property {string[] | null} watched_sentences those of the record, or null where there is none
 * @property {Record<string, Record<string, string>>} texts
 *
 * @typedef {object} State the view state: settings of InspectRequest, and language and theme
 * @property {string} [text]
 * @property {string} [model]
 * @property {string} [to]
 * @property {string} [target]
 * @property {string} [pair]
 * @property {string} [compare]
 * @property {boolean} [difference]
 * @property {number} [beam_size]
 * @property {"text" | "parse"} [special_tokens]
 * @property {boolean} [truncate]
 * @property {Part[]} [part]
 * @property {number} [layer] from 1
 * @property {number[]} [head] from 1
 * @property {"card" | "mean" | "largest" | "all"} [heads]
 * @property {string[]} [word]
 * @property {Unit} [unit]
 * @property {boolean} [special]
 * @property {number} [min_weight]
 * @property {"input" | "output"} [align]
 * @property {number} [mass]
 * @property {string} [explain]
 * @property {number[]} [at]
 * @property {number} [at_step]
 * @property {number} [position] the row of the decoder looked at, from 1
 * @property {number} [after_layer] how far R has formed: 0 is the embedding
 * @property {Language} [language]
 * @property {Theme} [theme]
 *
 * @typedef {import("./data.js").Pass} Pass
 * @typedef {import("./data.js").PageData} PageData
 * @typedef {import("./store.js").Store} Store
 *
 * @typedef {object} Context what a stop may look at and do
 * @property {PageData} page
 * @property {Pass} pass
 * @property {Pass | null} right
 * @property {Store} store
 * @property {HTMLElement} root
 * @property {import("./server.js").Served[]} models what a server can be asked for; none in a file
 * @property {(name: string, at: number[], pass?: Pass) => void} openCell open a cell's arithmetic
 * @property {(stop: string, changes?: Partial<State>) => void} go to a stop, with other settings
 * @property {(text: string) => void} announce say it to a screen reader
 *
 * @typedef {(changed: ReadonlySet<string>) => void} Update
 *
 * @typedef {object} Stop
 * @property {string} id
 * @property {() => string} title
 * @property {(host: HTMLElement, context: Context) => Update} draw
 */

export const SCHEMA = "glassformer.page/1";
