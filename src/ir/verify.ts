export interface Problem {
  /** Name of the function, "" for the module itself. */
  readonly function: string;
  /** Block and instruction as the printer names them. */
  readonly where: string;
  readonly message: string;
}
