import { readFileSync } from 'node:fs';
import { REQUIRED, SETTINGS, type Config, type Process, type Setting } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings are invalid. Each of `faults` is a sentence with the given value and what to do. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads and checks the settings of a process, with defaults for those that are unset (an empty variable counts as unset).
 * Throws ConfigError with all faults at once.
 */
export function readConfig<P extends Process>(processName: P, environment: Environment = process.env): Config<P> {
  const config: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [key, setting] of Object.entries<Setting>(SETTINGS)) {
    if (!(processName in setting.defaults)) continue;
    const result = readSetting(setting, setting.defaults[processName], environment);
    if ('fault' in result) faults.push(result.fault);
    else config[key] = result.value;
  }
  if (!config['tlsCert'] !== !config['tlsKey']) {
    faults.push('PARLEY_TLS_CERT and PARLEY_TLS_KEY belong together: set both, or neither.');
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config as Config<P>;
}

type ReadResult = { readonly value: unknown } | { readonly fault: string };

function readSetting(setting: Setting, fallback: unknown, environment: Environment): ReadResult {
  const { name, kind, secret } = setting;
  const text = secret ? readSecret(name, environment) : { value: environment[name] };
  if ('fault' in text) return text;
  if (!text.value) {
    return fallback === REQUIRED ? { fault: `${name} is not set: give ${kind.expects}.` } : { value: fallback };
  }
  const value = kind.parse(text.value);
  if (value !== undefined) return { value };
  const given = secret ? 'not usable' : JSON.stringify(text.value);
  return { fault: `${name} is ${given}: give ${kind.expects}.` };
}

/** Reads the variable, or the file that its `…_FILE` variable names, such as a mounted secret. */
function readSecret(name: string, environment: Environment): { value: string | undefined } | { fault: string } {
  const path = environment[`${name}_FILE`];
  if (!path) return { value: environment[name] };
  if (environment[name]) return { fault: `${name} and ${name}_FILE are both set: set only one of them.` };
  try {
    return { value: readFileSync(path, 'utf8').trim() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { fault: `${name}_FILE is ${JSON.stringify(path)}: give the path of a readable file (${reason}).` };
  }
}
