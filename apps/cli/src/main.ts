import { run } from './run.js';

// A reader that closes early (`wayfare qr schemes | head`) is no fault of ours, and neither is a
// terminal that was closed (EIO): its signal ends the verb in order, with nobody to be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  if (error.code !== 'EIO') throw error;
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
});

process.exitCode = await run(process.argv.slice(2));
