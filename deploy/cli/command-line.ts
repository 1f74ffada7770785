import { parseArgs } from 'node:util';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly description: string;
  readonly short?: string;
  readonly multiple?: boolean;
  readonly required?: boolean;
  readonly default?: string;
  /** The placeholder of the value in the usage. */
  readonly value?: string;
}

interface Argument {
  readonly description: string;
  readonly optional?: boolean;
  /** Takes all remaining arguments, which may be none. Only for the last one. */
  readonly repeated?: boolean;
}

type Options = Readonly<Record<string, Option>>;
type Arguments = Readonly<Record<string, Argument>>;

export interface Command<O extends Options = Options, A extends Arguments = Arguments> {
  /** What a user types before its arguments: `npm run backup`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: A;
  readonly options?: O;
  readonly examples: readonly string[];
}

type OptionValue<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O extends { multiple: true }
    ? readonly string[]
    : O extends { required: true } | { default: string }
      ? string
      : string | undefined;

type ArgumentValue<A extends Argument> = A extends { repeated: true }
  ? readonly string[]
  : A extends { optional: true }
    ? string | undefined
    : string;

/** The options and arguments of a valid command line, by name. */
export type CommandValues<O extends Options, A extends Arguments> = {
  readonly [Name in keyof O]: OptionValue<O[Name]>;
} & { readonly [Name in keyof A]: ArgumentValue<A[Name]> };

/** The type of the values that belong to a command. */
export type ValuesOf<C> = C extends Command<infer O, infer A> ? CommandValues<O, A> : never;

export type CommandLine<Values> =
  | { readonly kind: 'valid'; readonly values: Values }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'invalid'; readonly sentence: string };

/** Gives a command its type without widening it. */
export const defineCommand = <
  const O extends Options = Record<never, Option>,
  const A extends Arguments = Record<never, Argument>,
>(
  command: Command<O, A>,
): Command<O, A> => command;

/**
 * Parses the arguments of this process. Ends the process with 0 after printing the usage for `--help`, and with 2 after
 * one sentence when they are wrong. `read` may convert the values; an Error that it throws is such a sentence.
 */
export function parseCommandLine<O extends Options, A extends Arguments, Result = CommandValues<O, A>>(
  command: Command<O, A>,
  read?: (values: CommandValues<O, A>) => Result,
): Result {
  const parsed = interpretCommandLine(command, process.argv.slice(2), read);
  switch (parsed.kind) {
    case 'valid':
      return parsed.values;
    case 'help':
      process.stdout.write(`${parsed.text}\n`);
      return process.exit(0);
    case 'invalid':
      process.stderr.write(`${parsed.sentence}\n`);
      return process.exit(2);
  }
}

export function interpretCommandLine<O extends Options, A extends Arguments, Result = CommandValues<O, A>>(
  command: Command<O, A>,
  args: readonly string[],
  read = (values: CommandValues<O, A>) => values as unknown as Result,
): CommandLine<Result> {
  const separator = args.indexOf('--');
  if ((separator < 0 ? args : args.slice(0, separator)).includes('--help')) {
    return { kind: 'help', text: helpOf(command) };
  }
  try {
    return { kind: 'valid', values: read(valuesOf(command, args)) };
  } catch (error) {
    return { kind: 'invalid', sentence: `${sentenceOf(error)} Usage: ${synopsisOf(command)}` };
  }
}

function valuesOf<O extends Options, A extends Arguments>(
  command: Command<O, A>,
  args: readonly string[],
): CommandValues<O, A> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...command.options },
    allowPositionals: command.arguments !== undefined,
  });
  const result: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(command.options ?? {})) {
    const value = values[name];
    if (option.required && value === undefined) throw new Error(`Option --${name} is missing`);
    result[name] = value ?? (option.type === 'boolean' ? false : option.multiple ? [] : undefined);
  }
  const rest = [...positionals];
  for (const [name, argument] of Object.entries(command.arguments ?? {})) {
    const value = argument.repeated ? rest.splice(0) : rest.shift();
    if (value === undefined && !argument.optional) throw new Error(`Argument <${name}> is missing`);
    result[name] = value;
  }
  const [extra] = rest;
  if (extra !== undefined) throw new Error(`Unexpected argument '${extra}'`);
  return result as CommandValues<O, A>;
}

/** The first sentence: parseArgs adds advice to its own. */
const sentenceOf = (error: unknown): string =>
  `${((error as Error).message.split(/\.\s/)[0] ?? '').replace(/\.$/, '')}.`;

function synopsisOf({ name, options = {}, arguments: positional = {} }: Command): string {
  const parts = [
    ...Object.entries(positional).map(([argument, { optional, repeated }]) =>
      repeated ? `[<${argument}> …]` : optional ? `[<${argument}>]` : `<${argument}>`,
    ),
    ...Object.entries(options).map(([option, described]) => {
      const flag = described.type === 'boolean' ? `--${option}` : `--${option} ${placeholder(option, described)}`;
      return described.required ? flag : `[${flag}]`;
    }),
  ];
  return parts.length === 0 ? name : `${name} -- ${parts.join(' ')}`;
}

const placeholder = (name: string, { value = name }: Option): string => `<${value}>`;

function helpOf(command: Command): string {
  const rows = [
    ...Object.entries(command.arguments ?? {}).map(([name, { description }]) => [`<${name}>`, description] as const),
    ...Object.entries(command.options ?? {}).map(([name, option]) => [flagsOf(name, option), descriptionOf(option)]),
    ['--help', 'Show this help.'] as const,
  ];
  const width = Math.max(...rows.map(([term]) => term?.length ?? 0));
  return [
    `Usage: ${synopsisOf(command)}`,
    `\n${command.summary}\n`,
    ...rows.map(([term = '', description]) => `  ${term.padEnd(width)}  ${description}`),
    '\nExample:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}

const flagsOf = (name: string, option: Option): string =>
  `${option.short === undefined ? '' : `-${option.short}, `}--${name}` +
  (option.type === 'boolean' ? '' : ` ${placeholder(name, option)}`);

const descriptionOf = ({ description, default: fallback }: Option): string =>
  fallback === undefined ? description : `${description} Default: ${fallback}.`;
