/**
 * The address of the page: the view state as its query, the stop as its fragment.
 *
 * A frame without an address of its own, as in a notebook, has none to keep; all else goes on.
 */

/** @import { State } from "./types.js" */
import { writeState } from "./store.js";

/** Browsers refuse an address that changes too often; so many milliseconds are between two. */
const PAUSE = 250;

/** @type {{timer: number | undefined, last: number}} */
const WRITING = { timer: undefined, last: -Infinity };

/** What the address says now; a fragment that is none of ours names no stop. */
export function readAddress() {
  return { query: location.search, stop: unescaped(location.hash.slice(1)) };
}

/** @param {string} fragment */
function unescaped(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment; // as "#100%", which is no escape
  }
}

/**
 * Let the address say this: `push` makes a place to come back to.
 * @param {Readonly<State>} state
 * @param {string} stop
 * @param {boolean} [push]
 */
export function remember(state, stop, push = false) {
  clearTimeout(WRITING.timer);
  const write = () => {
    WRITING.last = performance.now();
    const query = writeState(state);
    const address = `${location.pathname}${query && `?${query}`}${stop && `#${encodeURIComponent(stop)}`}`;
    try {
      if (push) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    } catch {
      // A frame without an address of its own.
    }
  };
  const wait = WRITING.last + PAUSE - performance.now();
  if (push || wait <= 0) write();
  else WRITING.timer = window.setTimeout(write, wait);
}
