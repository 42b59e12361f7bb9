import { describe } from 'vitest';
import { BAD, readsAs } from './reading-cases.ts';

describe('addresses', () => {
  readsAs('domain', [
    ['acme.com', 'acme.com'],
    ['https://www.Acme.co.uk/about?x=1', 'acme.co.uk'],
    ['www.acme.com.', 'acme.com'],
    ['ada@eu.acme.com', 'acme.com'],
    ['http://acme.com:8080', 'acme.com'],
    ['bücher.de', 'xn--bcher-kva.de'],
    ['acme.github.io', 'github.io'],
    ['facebook.com/acme', undefined],
    ['https://www.facebook.com', 'facebook.com'],
    ['192.168.1.1', BAD],
    ['localhost', BAD],
    ['co.uk', BAD],
    ['Acme Inc', BAD],
    ['', undefined],
  ]);
  readsAs('email', [
    ['Ada@Acme.COM', 'ada@acme.com'],
    [' ada+x@acme.com ', 'ada+x@acme.com'],
    ['mailto:ada@acme.com', 'ada@acme.com'],
    ['Ada Lovelace <ada@acme.com>', 'ada@acme.com'],
    ['ada@bücher.de', 'ada@xn--bcher-kva.de'],
    ['ada@acme', BAD],
    ['ada', BAD],
    ['@acme.com', BAD],
    ['a@x.com; b@x.com', BAD],
    ['a b@x.com', BAD],
    ['=cmd@x.com', '=cmd@x.com'],
  ]);
  readsAs('url', [
    ['acme.com/x', 'https://acme.com/x'],
    ['HTTP://ACME.com', 'http://acme.com/'],
    ['ftp://acme.com', BAD],
    ['javascript:alert(1)', BAD],
    ['not a url', BAD],
  ]);
  readsAs('phone', [
    [' +1 (555)  010-9999 ', '+1 (555) 010-9999'],
    ['n/a', undefined],
  ]);
  readsAs('country', [
    ['United States', 'us'],
    ['USA', 'us'],
    ['U.S.A.', 'us'],
    ['us', 'us'],
    ['DEU', 'de'],
    ['Deutschland', 'de'],
    ['UK', 'gb'],
    ['Viet Nam', 'vn'],
    ["Côte d'Ivoire", 'ci'],
    ['NA', 'na'],
    ['n/a', undefined],
    ['Remote', BAD],
    ['ukraine', 'ua'],
  ]);
});

describe('words', () => {
  readsAs('keyword', [
    ['Oil, Gas & Consumable Fuels', 'oil_gas_consumable_fuels'],
    ['  SaaS ', 'saas'],
    ['ＳａａＳ', 'saas'],
    ['—', undefined],
    ['=1+1', '1_1'],
    [true, 'true'],
    [42, '42'],
  ]);
  readsAs('keyword', [['Computer Software', 'software']], {}, { software: ['Computer Software', 'SaaS'] });
  readsAs('list', [
    ['b; a;b', ['a', 'b']],
    ['AWS, GCP', ['aws', 'gcp']],
    ['a, b; c', ['a_b', 'c']],
    [
      ['Node.js', 'AWS', null],
      ['aws', 'node_js'],
    ],
    [['a;b'], ['a_b']],
    [[{ a: 1 }], BAD],
    ['', undefined],
    [[], undefined],
  ]);
  readsAs('text', [
    ['  Acme \n Inc ', 'Acme Inc'],
    ['=HYPERLINK("x")', '=HYPERLINK("x")'],
    ['Null', 'Null'],
    ['a\u0000b', BAD],
    ['a\ud800', BAD],
    ['x'.repeat(40_000), BAD],
    [['a'], BAD],
  ]);
});
