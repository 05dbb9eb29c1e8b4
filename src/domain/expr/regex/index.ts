export { compilePattern, type Pattern } from './compile';
export { matchPattern } from './match';
