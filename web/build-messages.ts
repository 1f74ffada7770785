import { baseCompile } from '@intlify/message-compiler';
import type { Plugin } from 'vite';

const MESSAGES = /\/i18n\/messages\/[\w-]+\.json$/;

/** Compiles the texts of each language to functions, so that the browser is sent no compiler and needs no eval. */
export function compileMessages(): Plugin {
  return {
    name: 'parley-compile-messages',
    enforce: 'pre',
    transform(code, id) {
      if (!MESSAGES.test(id)) return undefined;
      const sections = Object.entries(JSON.parse(code) as Record<string, Record<string, string>>).map(
        ([section, messages]) => `${JSON.stringify(section)}:{${Object.entries(messages).map(compile).join(',')}}`,
      );
      return { code: `export default {${sections.join(',')}}`, map: null, moduleType: 'js' };
    },
  };
}

function compile([key, message]: [string, string]): string {
  const name = JSON.stringify(key);
  if (!/[{|@]/.test(message)) return `${name}:()=>${JSON.stringify(message)}`;
  const onError = ({ message: problem }: Error): never => {
    throw new Error(`The message ${key} cannot be compiled: ${problem} in ${message}`);
  };
  return `${name}:${baseCompile(message, { mode: 'arrow', onError }).code}`;
}
