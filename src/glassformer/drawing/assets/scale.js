/** From which number on colours are full, where a few are much larger than all others. */

const SHARE = 0.99;

/**
 * The number that one in a hundred exceeds, by absolute value. A few features of trained models are so
 * large that nothing else would have any colour. As in inspection/positions.py.
 * @param {ArrayLike<number>[]} matrices that share the scale
 */
export function fullFrom(matrices) {
  const sizes = new Float64Array(matrices.reduce((count, one) => count + one.length, 0));
  let at = 0;
  for (const values of matrices) for (let i = 0; i < values.length; i++) sizes[at++] = Math.abs(values[i]);
  if (!at) return 0;
  sizes.sort();
  const place = SHARE * (at - 1);
  const below = Math.floor(place);
  return sizes[below] + (place - below) * (sizes[Math.min(below + 1, at - 1)] - sizes[below]);
}
