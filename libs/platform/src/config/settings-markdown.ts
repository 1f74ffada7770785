import { OPTIONAL, PROCESSES, REQUIRED, SETTINGS, type Process, type Setting } from './settings.ts';

/** The table of all settings in docs/settings.md. */
export function settingsMarkdown(): string {
  const rows = Object.values<Setting>(SETTINGS).map(
    (setting) => `| ${nameCell(setting)} | ${setting.description} | ${defaultCell(setting)} |`,
  );
  return ['| Setting | Meaning | Default |', '|-|-|-|', ...rows, ''].join('\n');
}

const nameCell = ({ name, secret }: Setting): string => (secret ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``);

/** `8080` (gateway, standalone), `8081` (room), … */
function defaultCell(setting: Setting): string {
  const readers = PROCESSES.filter((process) => process in setting.defaults);
  const shown = new Set(readers.map((process) => shownDefault(setting, process)));
  return [...shown]
    .map((value) => `${value} (${readers.filter((process) => shownDefault(setting, process) === value).join(', ')})`)
    .join(', ');
}

function shownDefault({ defaults, shownDefault: shown }: Setting, process: Process): string {
  const value = defaults[process];
  if (value === REQUIRED) return 'required';
  if (value === OPTIONAL || (Array.isArray(value) && value.length === 0)) return 'none';
  return `\`${shown ?? (typeof value === 'string' ? value : JSON.stringify(value))}\``;
}
