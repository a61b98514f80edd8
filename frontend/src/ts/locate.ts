// The position of one moment, where the person allows it; never a track, and never a reason to wait long.

export interface Position { longitude: number | null; latitude: number | null }

const NOWHERE: Position = { longitude: null, latitude: null };

/** The position within `timeout`, or nothing: refused, not there, or too slow. */
export function locate(timeout = 8000, source: Geolocation | undefined = navigator.geolocation): Promise<Position> {
  if (!source) return Promise.resolve(NOWHERE);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(NOWHERE), timeout);
    const settle = (position: Position): void => {
      clearTimeout(timer);
      resolve(position);
    };
    source.getCurrentPosition(
      (found) => settle({ longitude: found.coords.longitude, latitude: found.coords.latitude }),
      () => settle(NOWHERE),
      { enableHighAccuracy: true, timeout, maximumAge: 30_000 },
    );
  });
}
