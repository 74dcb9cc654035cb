import type {CvssVector} from './cvss.js'

/** Base score of a vector, 0.0 to 10.0; null where the calculator makes none of it. */
export type Score = (vector: CvssVector) => number | null

/**
 * Loads the calculators. They are needed only where the database is compiled: a scan reads the scores from it.
 * `cvss` knows version 3.0 alone and answers 0 to every other; the other calculator is asked for those.
 */
export async function loadScore(): Promise<Score> {
  const [{default: cvss}, calculators] = await Promise.all([import('cvss'), import('ae-cvss-calculator')])
  // A CommonJS bundle whose exports Node finds under `default`, and other loaders beside it.
  const {Cvss2, Cvss3P1, Cvss4P0} = calculators.default ?? calculators

  function score({version, base}: CvssVector): number | undefined {
    switch (version) {
      case '2.0':
        return new Cvss2(base).calculateScores().base
      case '3.0':
        return cvss.getBaseScore(base)
      case '3.1':
        return new Cvss3P1(base).calculateScores().base
      case '4.0':
        return new Cvss4P0(base).calculateScores().base
    }
  }

  return vector => {
    const value = score(vector)
    return value !== undefined && value >= 0 && value <= 10 ? Math.round(value * 10) / 10 : null
  }
}
