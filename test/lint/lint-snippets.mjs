/**
 * Lints source texts as if they stood at given paths, with the project's own configuration.
 * A process of its own, because the linter loads its configuration by a dynamic import that the
 * test runner's module loader does not follow.
 *
 * Standard input: `[{ path, code, typed }]`. Standard output: `[[ruleId, …], …]` in the same order.
 * Snippets with `typed` must name an existing file, since type information comes with the file.
 */
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const cwd = fileURLToPath(new URL('../../', import.meta.url));
const typed = new ESLint({ cwd, warnIgnored: false });
const untyped = new ESLint({
  cwd,
  warnIgnored: false,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      ...tseslint.configs.disableTypeChecked,
      languageOptions: { parserOptions: { projectService: false, project: false } },
    },
  ],
});

const answers = [];
for (const snippet of JSON.parse(await text(process.stdin))) {
  const linter = snippet.typed ? typed : untyped;
  const [result] = await linter.lintText(snippet.code, { filePath: snippet.path });
  answers.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(answers));
