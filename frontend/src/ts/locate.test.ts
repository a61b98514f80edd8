import { expect, test, vi } from "vitest";
import { locate } from "./locate";

const source = (act: (ok: PositionCallback, no: PositionErrorCallback) => void): Geolocation =>
  ({ getCurrentPosition: act }) as unknown as Geolocation;

test("the position of the moment, where it is allowed", async () => {
  const at = source((ok) => ok({ coords: { longitude: 117.1, latitude: 34.2 } } as GeolocationPosition));
  expect(await locate(100, at)).toEqual({ longitude: 117.1, latitude: 34.2 });
});

test("refused, missing or too slow gives none and holds nothing up", async () => {
  const none = { longitude: null, latitude: null };
  expect(await locate(100, source((_ok, no) => no({} as GeolocationPositionError)))).toEqual(none);
  expect(await locate(100, null as unknown as undefined)).toEqual(none);
  vi.useFakeTimers();
  const slow = locate(100, source(() => undefined));
  await vi.advanceTimersByTimeAsync(100);
  expect(await slow).toEqual(none);
  vi.useRealTimers();
});
