// Where the rows of the tree stand: below a group come the rows that are deeper than it.
const depth = (row) => Number(row.dataset.depth);

export function descendants(row) {
  const found = [];
  for (let next = row.nextElementSibling; next && !(depth(next) <= depth(row)); next = next.nextElementSibling) {
    found.push(next);
  }
  return found;
}

export const children = (row) => descendants(row).filter((each) => depth(each) === depth(row) + 1);

export function parents(row) {
  const found = [];
  let least = depth(row);
  for (let before = row.previousElementSibling; before && least > 1; before = before.previousElementSibling) {
    if (depth(before) < least) {
      found.push(before);
      least = depth(before);
    }
  }
  return found;
}
