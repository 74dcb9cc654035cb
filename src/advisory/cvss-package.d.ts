/** The part of the package `cvss`, which brings no types, that the database is compiled with. */
declare module 'cvss' {
  const cvss: {readonly getBaseScore: (vector: string) => number}
  export default cvss
}
