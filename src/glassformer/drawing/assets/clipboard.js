/** The clipboard, which a page may write to in some homes and not in others. */

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it was written
 */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
