/** One line of the catalogue: what an error code means, for the program, its caller and its operator. */
export interface ErrorEntry {
  /** HTTP status of the answer. */
  status: number;
  /**
   * The text for operators and developers. `{name}` is replaced by a parameter; a group in square brackets is left out
   * when one of its parameters is absent, as when a constraint of the database reports it and values must stay secret.
   */
  message: string;
  /** The text for the caller over HTTP, where it must say less than `message` (hosts, paths, roles). */
  publicMessage?: string;
  /** How it comes about (Markdown, one or two sentences). */
  why: string;
  /** What to do about it (Markdown, one or two sentences). */
  fix: string;
}

/** The entries of one room; the compiler refuses a code of another room. */
export type Room<Name extends string> = Record<`${Name}.${string}`, ErrorEntry>;

export type ErrorParam = string | number | bigint | boolean;

/** The names in braces of a text. */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** The names outside square brackets: these must be given. */
type NeededNames<Text extends string> = Text extends `${infer Before}[${string}]${infer Rest}`
  ? Names<Before> | NeededNames<Rest>
  : Names<Text>;

type Texts<Entry extends ErrorEntry> =
  | Entry['message']
  | (Entry extends { publicMessage: infer Text extends string } ? Text : never);

type Needed<Entry extends ErrorEntry> = { [Name in NeededNames<Texts<Entry>>]: ErrorParam };
type Allowed<Entry extends ErrorEntry> = { [Name in Names<Texts<Entry>>]?: ErrorParam };

/** The parameters that the texts of an entry ask for: those outside brackets are required. */
export type ParamsOf<Entry extends ErrorEntry> = Needed<Entry> & Allowed<Entry>;
