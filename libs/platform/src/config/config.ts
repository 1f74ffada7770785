import { readFileSync } from 'node:fs';
import { REQUIRED, SETTINGS, type Config, type Process, type Setting } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings cannot be used; `faults` says of each what was given and what to do, one sentence a fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * The settings of a process, read and checked, with defaults for what is not set (an empty variable counts as not set).
 * Throws ConfigError with all faults at once.
 */
export function readConfig<P extends Process>(processName: P, environment: Environment = process.env): Config<P> {
  const config: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [key, setting] of Object.entries<Setting>(SETTINGS)) {
    if (!(processName in setting.defaults)) continue;
    const outcome = readSetting(setting, setting.defaults[processName], environment);
    if ('fault' in outcome) faults.push(outcome.fault);
    else config[key] = outcome.value;
  }
  if (!config['tlsCert'] !== !config['tlsKey']) {
    faults.push('PARLEY_TLS_CERT and PARLEY_TLS_KEY belong together: set both, or neither.');
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config as Config<P>;
}

type Outcome = { readonly value: unknown } | { readonly fault: string };

function readSetting(setting: Setting, fallback: unknown, environment: Environment): Outcome {
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

/** From the variable, or from the file that its sibling `…_FILE` names, as mounted secrets are. */
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
