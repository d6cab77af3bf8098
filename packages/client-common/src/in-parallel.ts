/** Runs the task for all items, so many at once. Rejects with the first failure when all that began have ended. */
export const inParallel = async <Item>(
  items: readonly Item[],
  countMax: number,
  task: (item: Item) => Promise<void>,
): Promise<void> => {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await task(next.value);
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(countMax, items.length) }, lane));
  const failed = lanes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
};
