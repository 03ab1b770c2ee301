// Checks types as `tsc -p tsconfig.json` does, and lints as `eslint .` does, in one go: both need the type
// of everything there is, and that is most of their work. Leaves two counts, for the test command.
import { mkdirSync, writeFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import ts from 'typescript';

const host = {
  ...ts.sys,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
    throw new Error(ts.formatDiagnostic(diagnostic, host));
  },
};

const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile('tsconfig.json', {}, host);
const program = ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics: errors });
const mistakes = ts.getPreEmitDiagnostics(program);
console.log(ts.formatDiagnostics(mistakes, host));

const eslint = new ESLint({
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, programs: [program] } },
  },
});
const results = await eslint.lintFiles(['.']);
const { format } = await eslint.loadFormatter();
console.log(await format(results));

const areFine = [mistakes.length === 0, results.every(({ errorCount }) => errorCount === 0)];
const counts = { passed: areFine.filter(Boolean).length, failed: areFine.filter((isFine) => !isFine).length };
mkdirSync('reports', { recursive: true });
writeFileSync('reports/lint.json', JSON.stringify(counts));
process.exitCode = counts.failed;
