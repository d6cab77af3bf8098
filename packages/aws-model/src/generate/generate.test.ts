import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel } from '../service-model.ts';
import { correct } from './correct.ts';
import type { PublishedModel } from './published-model.ts';
import { toServiceModel } from './to-service-model.ts';
import { typesOf } from './types.ts';

const published = (shapes: PublishedModel['shapes'], protocol = 'json'): PublishedModel => ({
  metadata: { protocol, serviceFullName: 'Amazon Shop', endpointPrefix: 'shop', targetPrefix: 'Shop_1' },
  operations: {
    Buy: {
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'BuyInput' },
      errors: [{ shape: 'SoldOut' }],
    },
  },
  shapes: {
    BuyInput: {
      type: 'structure',
      required: ['What'],
      members: { What: { shape: 'Name' }, Many: { shape: 'Names' } },
    },
    Name: { type: 'string', min: 1 },
    Names: { type: 'list', member: { shape: 'Name' } },
    SoldOut: { type: 'structure', exception: true, members: {} },
    ...shapes,
  },
});

const shop = (shapes: PublishedModel['shapes'] = {}): ServiceModel =>
  toServiceModel('shop', published(shapes));

describe('reading a published model', () => {
  test('an exception answers 400, a fault 500, and its own status where the model has one', () => {
    const { shapes } = shop({
      Broken: { type: 'structure', exception: true, fault: true },
      Hidden: { type: 'structure', exception: true, error: { httpStatusCode: 404 } },
    });
    const status = (name: string) => shapes[name]?.type === 'structure' && shapes[name].exception?.status;
    assert.deepEqual([status('SoldOut'), status('Broken'), status('Hidden')], [400, 500, 404]);
  });

  test('the signing name is the endpoint prefix where nothing else is said', () => {
    assert.equal(shop().signingName, 'shop');
  });

  test('a protocol or a type that we cannot serve is refused', () => {
    assert.throws(() => toServiceModel('shop', published({}, 'rest-xml')), /rest-xml/);
    assert.throws(() => shop({ Odd: { type: 'quaternion' } }), /Odd has unknown type quaternion/);
  });
});

describe('correcting a model', () => {
  test('changes what it names and nothing else', () => {
    const before = shop();
    const after = correct(before, [{ reason: 'why', shapes: { Name: { pattern: '[a-z]+' } } }]);
    assert.deepEqual(after.shapes.Name, { type: 'string', min: 1, pattern: '[a-z]+' });
    assert.deepEqual({ ...after.shapes, Name: before.shapes.Name }, before.shapes);
  });

  test('refuses to name what is not there, so that a new model cannot lose a correction unseen', () => {
    assert.throws(() => correct(shop(), [{ reason: 'why', shapes: { Gone: { min: 1 } } }]), /Gone/);
    assert.throws(
      () => correct(shop(), [{ reason: 'why', operations: { Buy: { memberOrder: ['Gone'] } } }]),
      /member order of Buy names Gone/,
    );
  });

  test('refuses to change nothing, so that a correction goes when AWS has made it', () => {
    assert.throws(
      () => correct(shop(), [{ reason: 'why', shapes: { Name: { min: 1 } } }]),
      /changes nothing/,
    );
  });
});

describe('writing types', () => {
  test('leaves out what no operation leads to and refuses names that it uses itself', () => {
    const types = typesOf(shop({ Unused: { type: 'structure' } }), 'Shop');
    assert.match(types, /readonly What: string;\n {2}readonly Many\?: readonly string\[\] \| undefined;/);
    assert.doesNotMatch(types, /Unused/);
    const clash = shop({
      Name: { type: 'structure', members: { A: { shape: 'Uint8Array' } } },
      Uint8Array: { type: 'structure' },
    });
    assert.throws(() => typesOf(clash, 'Shop'), /Uint8Array would shadow/);
  });

  test('a shape that is not in the model is named', () => {
    const broken = shop({ Names: { type: 'list', member: { shape: 'Missing' } } });
    assert.throws(() => typesOf(broken, 'Shop'), /no shape Missing in shop/);
  });
});
