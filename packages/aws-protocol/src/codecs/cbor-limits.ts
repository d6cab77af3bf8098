/** Containers within containers; AWS's deepest input has less than a dozen. */
export const cborDepthMax = 64;

/**
 * Items in one body, so that a small body of tiny items cannot become a large object graph. The largest
 * honest one is GetRecords' answer of 10,000 records with ten items each.
 */
export const cborItemsMax = 1_000_000;
