/** The activations of the feed-forward networks, in float64. */

/** How each is written, and what it gives. @type {Record<string, [string, (x: number) => number]>} */
export const ACTIVATIONS = {
  relu: ["max(0, a)", (x) => Math.max(0, x)],
  gelu: ["a · ½(1 + erf(a / √2))", (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  gelu_tanh: [
    "a · ½(1 + tanh(√(2/π) (a + 0.044715 a³)))",
    (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ],
  silu: ["a / (1 + exp(−a))", (x) => (x > -700 ? x / (1 + Math.exp(-x)) : 0)],
};

/**
 * The error function: erf(x) = 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5 … (2n + 1)). All summands have
 * one sign, so that nothing is lost; from 6 on it is 1 to the last digit.
 * @param {number} x
 */
export function erf(x) {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let total = 0;
  for (let n = 0, summand = x; Math.abs(summand) > Math.abs(total) * 1e-17; n++) {
    total += summand;
    summand *= (2 * x * x) / (2 * n + 3);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
