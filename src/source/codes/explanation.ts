/** What one row of the tables of diagnostic codes says. */
export interface Explanation {
  /** Names the mistake in a few words, without the program's own names. */
  readonly title: string;
  /** Printed by `lang explain CODE`: a paragraph, and an example indented by four spaces. */
  readonly explanation: string;
}
