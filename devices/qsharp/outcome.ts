/**
 * The results in what an entry point returned, as the QDK prints it: "([Zero, One], Zero)", in reading order. Undefined where it
 * holds none, or something beside results.
 */
export function resultsIn(text: string): readonly (0 | 1)[] | undefined {
  const words = text.split(/[\s,()[\]]+/).filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => word === 'Zero' || word === 'One')) return undefined;
  return words.map((word) => (word === 'One' ? 1 : 0));
}
