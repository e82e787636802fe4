export { readQrPicture, type PictureFault } from './read-picture.js';
export { makeQrSymbol, type QrSymbol } from './symbol.js';
export { writeQrPng, writeQrSvg, writeQrTerminal } from './write-picture.js';
