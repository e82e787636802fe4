/**
 * Goal: a chain of files means the same however it is put together, and loses track of nothing.
 * Method: random trees of maps, figures and lists; merging is associative, the topmost word wins,
 * and every value of the whole is found again at the place its origin names.
 */
import fc from 'fast-check';
import { isFigure, isTree, mergeLayers } from './merge-layers.js';
import { valueAt } from './schema-walk.js';

const key = fc.constantFrom('a', 'b', 'c');
const figure = fc.record({ value: fc.integer(), because: fc.constant('x') });
const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
  tree: fc.dictionary(
    key,
    fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      figure,
      fc.array(fc.integer(), { maxLength: 3 }),
      tie('tree'),
    ),
    { maxKeys: 3 },
  ),
}));

it('is associative', () => {
  fc.assert(
    fc.property(tree, tree, tree, (a, b, c) => {
      const below = mergeLayers([mergeLayers([a, b]).value, c]).value;
      expect(mergeLayers([a, b, c]).value).toEqual(below);
    }),
  );
});

it('changes nothing with a file that says nothing, or the same again', () => {
  fc.assert(
    fc.property(tree, (a) => {
      expect(mergeLayers([a, {}]).value).toEqual(a);
      expect(mergeLayers([{}, a]).value).toEqual(a);
      expect(mergeLayers([a, a]).value).toEqual(a);
    }),
  );
});

it('finds every value at its origin', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), (layers) => {
      const { value, origins } = mergeLayers(layers);
      for (const [pointer, { layer, path }] of origins) {
        const whole = valueAt(value, pointer.split('/').slice(1));
        const there = valueAt(layers[layer], path);
        if (!isTree(there) || isFigure(there)) expect(isReplaced(whole, there)).toBe(false);
      }
    }),
  );

  /** An origin may outlive what it named only where a later layer put something else there. */
  function isReplaced(whole: unknown, there: unknown): boolean {
    return whole !== undefined && !isTree(whole) && JSON.stringify(whole) !== JSON.stringify(there);
  }
});

it('adds to a list where asked, in the order of the files', () => {
  const lists = fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(lists, (added) => {
      const layers = added.map((add) => ({ a: { add } }));
      expect(mergeLayers([{ a: [0] }, ...layers]).value).toEqual({ a: [0, ...added.flat()] });
      expect(mergeLayers([{}, ...layers]).value).toEqual({ a: added.flat() });
    }),
  );
});
