// The order of a day's visits: always the nearest next, from where one stands. No map is needed for it.

const EARTH = 6_371_000;

// Great-circle distance in metres (WGS-84 taken as a sphere; good to half a percent).
export function distance(a, b) {
  const rad = Math.PI / 180;
  const lat = ((b.latitude - a.latitude) * rad) / 2;
  const lon = ((b.longitude - a.longitude) * rad) / 2;
  const h = Math.sin(lat) ** 2 + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(lon) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function hasPlace(one) {
  return Number.isFinite(one?.latitude) && Number.isFinite(one?.longitude);
}

// Visits with a place in nearest-neighbour order, each with `metres` from the one before; those without follow as given.
export function order(visits, from) {
  const left = visits.filter(hasPlace);
  const without = visits.filter((visit) => !hasPlace(visit)).map((visit) => ({ ...visit, metres: null }));
  if (!hasPlace(from)) return [...left.map((visit) => ({ ...visit, metres: null })), ...without];
  const way = [];
  let here = from;
  while (left.length) {
    const [next, metres] = nearest(here, left);
    left.splice(left.indexOf(next), 1);
    way.push({ ...next, metres: Math.round(metres) });
    here = next;
  }
  return [...way, ...without];
}

function nearest(here, visits) {
  let best = [visits[0], distance(here, visits[0])];
  for (const visit of visits.slice(1)) {
    const metres = distance(here, visit);
    if (metres < best[1]) best = [visit, metres];
  }
  return best;
}
