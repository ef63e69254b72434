// The lists of zxcvbn one by one: its own types know them all together only.
declare module '@zxcvbn-ts/language-common/dist/adjacencyGraphs.json.esm.js' {
  const graphs: Record<string, Record<string, (string | null)[]>>;
  export default graphs;
}
declare module '@zxcvbn-ts/language-common/dist/passwords.json.esm.js' {
  const words: string[];
  export default words;
}
declare module '@zxcvbn-ts/language-fr/dist/*' {
  const words: string[];
  export default words;
}
