export { exchange, refused, send } from '../forge-api/send';
