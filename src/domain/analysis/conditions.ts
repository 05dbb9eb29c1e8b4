export { evaluateCondition, syntaxError } from '../expr';
