/* Where the phone says it is: a claim, only with the inspector's permission, and never waited for. */

let found = null;
let watching = null;
const DIGITS = 6;

/* Begin to follow the place; says by the callback whether the phone allows it. */
export function followPlace(told = () => null) {
  if (!navigator.geolocation) { told(false); return; }
  if (watching !== null) { told(true); return; }
  const keep = ({ coords }) => {
    found = { latitude: round(coords.latitude), longitude: round(coords.longitude), accuracy: Math.round(coords.accuracy) };
    told(true);
  };
  const refused = (error) => { if (error.code === error.PERMISSION_DENIED) { stopPlace(); told(false); } };
  watching = navigator.geolocation.watchPosition(keep, refused, { enableHighAccuracy: true, maximumAge: 60_000, timeout: 30_000 });
}

/* No longer follow the place. */
export function stopPlace() {
  if (watching !== null) { navigator.geolocation.clearWatch(watching); }
  watching = found = null;
}

/* The last place known, or null. */
export function lastPlace() {
  return found;
}

function round(number) {
  return Number(number.toFixed(DIGITS));
}
