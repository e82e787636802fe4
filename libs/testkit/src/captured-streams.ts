import { jest } from '@jest/globals';

/** What a command line wrote: data on the one stream, talk on the other. */
export interface CapturedStreams {
  data: string;
  talk: string;
}

/**
 * Collects what is written to the process's own streams during each test of a file, so that nothing
 * of it is printed and nothing of it is lost. Puts the exit code back afterwards.
 */
export function captureStreams(): CapturedStreams {
  const captured: CapturedStreams = { data: '', talk: '' };
  beforeEach(() => {
    captured.data = '';
    captured.talk = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      captured.data += String(text);
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      captured.talk += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });
  return captured;
}
