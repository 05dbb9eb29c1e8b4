import { wrong } from '../../../src/adapters/metrics/failure';
import { fluxValues } from '../../../src/adapters/metrics/influx-csv';

const lines = (...all: string[]) => all.join('\r\n');

test.each([
  ['no table', '', []],
  [
    'two tables of different types, each with its annotations',
    lines(
      '#datatype,string,long,dateTime:RFC3339,double,string',
      '#group,false,false,false,false,true',
      '#default,_result,,,,',
      ',result,table,_time,_value,host',
      ',,0,2026-01-01T00:00:00Z,0.5,"a,b"',
      ',,0,2026-01-01T00:01:00Z,-1e3,"line',
      'break"',
      '',
      '#datatype,string,long,boolean,string',
      '#group,false,false,false,true',
      '#default,_result,,,',
      ',result,table,_value,host',
      ',,1,true,c',
      ',,1,false,c',
      '',
      '',
    ),
    [0.5, -1000, true, false],
  ],
  [
    'a table that shares the annotations, under plain line ends',
    '#datatype,string,long,long\n#default,_result,,\n,result,table,_value\n,,0,7\n,,0,8\n',
    [7, 8],
  ],
  ['empty cells', lines('#datatype,string,double', '#default,_result,', ',result,_value', ',,', ''), [null]],
  [
    'the default of a column',
    lines('#datatype,string,double', '#default,_result,4.5', ',result,_value', ',,'),
    [4.5],
  ],
  ['infinity', lines('#datatype,string,double', ',result,_value', ',,+Inf', ',,-Inf'), [Infinity, -Infinity]],
  [
    'times and durations as text',
    lines('#datatype,string,dateTime:RFC3339', ',result,_value', ',,2026-01-01T00:00:00Z'),
    ['2026-01-01T00:00:00Z'],
  ],
])('reads %s', (_, text, values) => {
  expect(fluxValues(text)).toEqual(values);
});

test.each([
  ['a page', '<html><body>hello</body></html>', 'the answer is no annotated CSV of Flux'],
  ['a table without types', ',result,_value\n,,1\n', 'the answer is no annotated CSV of Flux'],
  [
    'a line that is too short',
    lines('#datatype,string,double', ',result,_value', ','),
    'the answer is no annotated CSV of Flux: a line has a wrong length',
  ],
  [
    'a quote that does not end',
    lines('#datatype,string,double', ',result,"_value'),
    'the answer is no annotated CSV of Flux',
  ],
  [
    'a number that is none',
    lines('#datatype,string,double', ',result,_value', ',,x'),
    'the answer is no annotated CSV of Flux: a value is no number',
  ],
  ['no _value', lines('#datatype,string,double', ',result,other', ',,1'), 'the answer has no column _value'],
  [
    'an error in the middle of the answer',
    lines('#datatype,string,string', '#default,,', ',error,reference', ',engine: memory limit,897'),
    'the query failed: engine: memory limit',
  ],
])('refuses %s', (_, text, message) => {
  expect(() => fluxValues(text)).toThrow(wrong(message));
});
