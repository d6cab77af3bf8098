/**
 * Thrown by the quick readers where a body is not as plain as they want it: damaged, of a wrong type, or only
 * written in an unusual way. They do not judge; `decode` and `parse` do, with AWS's errors in AWS's order. One
 * object for all, since nobody looks at its stack.
 */
export const notPlain = new Error('the body is not plain');
