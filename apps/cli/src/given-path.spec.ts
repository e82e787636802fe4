/**
 * Goal: a file name means the file in the folder where it was typed.
 * Method: resolve one name as npm runs us, and as a shell does.
 */
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { projectRoot } from '#platform/project-root';
import { givenPath } from './given-path.js';

const before = process.env['INIT_CWD'];
afterEach(() => {
  jest.restoreAllMocks();
  if (before === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = before;
});

it.each([
  ['npm, which moved to the project', projectRoot, '/media/pictures', '/media/pictures/x.png'],
  ['a shell in a folder of npm’s child', '/srv', '/media/pictures', '/srv/x.png'],
  ['node itself', projectRoot, undefined, join(projectRoot, 'x.png')],
])('run by %s', (_, cwd, initCwd, expected) => {
  jest.spyOn(process, 'cwd').mockReturnValue(cwd);
  if (initCwd === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = initCwd;
  expect(givenPath('x.png')).toBe(expected);
  expect(givenPath('/abs/x.png')).toBe('/abs/x.png');
});
