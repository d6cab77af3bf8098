/** Runs `work` on every item, so many at once. When one fails, those under way end first and no more begin. */
export const inParallel = async <Item>(
  items: Iterable<Item>,
  laneCount: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const rest = items[Symbol.iterator]();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let item = rest.next(); !failed && item.done !== true; item = rest.next()) {
      try {
        await work(item.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: laneCount }, lane));
  for (const { reason } of lanes.filter((each) => each.status === 'rejected')) throw reason;
};
