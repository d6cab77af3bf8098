/** The first of `count` indexes for which `holds` is true; `count` if none. It must be true for all after that one. */
export const firstWhere = (count: number, holds: (index: number) => boolean): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The same over items that take time to look at. */
export const firstItemWhere = async <Item>(
  items: readonly Item[],
  holds: (item: Item) => Promise<boolean>,
): Promise<number> => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (await holds(items[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return low;
};
