// What strength.ts fetches: zxcvbn with the passwords that are tried first everywhere, and French words and names. Left out,
// for their weight: the words of the French Wikipedia (most are among the common ones) and the English ones of diceware.
import { zxcvbn, zxcvbnOptions } from '@zxcvbn-ts/core';
import adjacencyGraphs from '@zxcvbn-ts/language-common/dist/adjacencyGraphs.json.esm.js';
import passwords from '@zxcvbn-ts/language-common/dist/passwords.json.esm.js';
import commonWords from '@zxcvbn-ts/language-fr/dist/commonWords.json.esm.js';
import firstnames from '@zxcvbn-ts/language-fr/dist/firstnames.json.esm.js';
import lastnames from '@zxcvbn-ts/language-fr/dist/lastnames.json.esm.js';

zxcvbnOptions.setOptions({ graphs: adjacencyGraphs, dictionary: { passwords, commonWords, firstnames, lastnames } });

/** 0 (guessed at once) to 4 (hardly ever). */
export function judge(password: string, own: string[]): number {
  return zxcvbn(password, own).score;
}
