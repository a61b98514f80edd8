import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, type Entry } from "./outbox";
import { MemoryPhotos, type Shot } from "./photo-store";
import { Sender, csrfToken, isGoodNetwork, type Status } from "./sender";

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = '<input name="csrfmiddlewaretoken" value="token">';
  vi.useFakeTimers();
});
afterEach(() => { vi.useRealTimers(); });

const entry = (uid: string): Entry => ({ uid, check: 1, value: "met", reason: "", count: null, note: "", at: "t" });
const shot = (uid: string): Shot =>
  ({ uid, owner: "7:v", check: 1, blob: new Blob(["x"]), name: "a.jpg", at: "t", longitude: 117.1, latitude: null });
const json = (data: unknown, status = 200): Response => new Response(JSON.stringify(data), { status });

function sender(answer: (url: string, init: RequestInit) => Promise<Response> | Response, good = true) {
  const outbox = new Outbox(localStorage, "7", "v");
  const photos = new MemoryPhotos();
  const said: Status[] = [];
  const refused: string[] = [];
  const calls: { url: string; init: RequestInit }[] = [];
  const fetcher = (async (url: string, init: RequestInit) => { calls.push({ url, init }); return answer(url, init); }) as typeof fetch;
  const made = new Sender(outbox, photos, "7:v", { answers: "/a/", photos: "/p/" }, {
    status: (status, words) => { said.push(status); if (words) refused.push(words); },
    refusedAnswer: (uid, why) => refused.push(`${uid} ${why}`),
    refusedPhoto: (one, why) => refused.push(`${one.uid} ${why}`),
  }, fetcher, () => good);
  return { made, outbox, photos, said, refused, calls };
}
const keepAll = (_url: string, init: RequestInit): Response => {
  if (typeof init.body !== "string") return json({ kept: "p", url: "/p/1.jpg" });
  const { answers } = JSON.parse(init.body) as { answers: Entry[] };
  return json({ kept: answers.map((one) => one.uid) });
};

test("answers go first with the start, then photos; all is forgotten once acknowledged", async () => {
  const { made, outbox, photos, calls, said } = sender(keepAll);
  outbox.setStart({ at: "t", longitude: 1, latitude: 2 });
  outbox.add(entry("a"));
  await photos.put(shot("p"));
  await made.kick();
  expect(calls.map((one) => one.url)).toEqual(["/a/", "/p/"]);
  expect(JSON.parse(calls[0]?.init.body as string)).toMatchObject({ start: { longitude: 1 }, answers: [{ uid: "a" }] });
  expect((calls[1]?.init.body as FormData).get("longitude")).toBe("117.1");
  expect([await made.left(), said.at(-1)]).toEqual([0, "idle"]);
});

test("without a network everything stays and is tried again, waiting longer each time", async () => {
  let down = true;
  const { made, outbox, said, calls } = sender((url, init) => { if (down) throw new TypeError("offline"); return keepAll(url, init); });
  outbox.add(entry("a"));
  await made.kick();
  expect([said.at(-1), outbox.size()]).toEqual(["waiting", 1]);
  await vi.advanceTimersByTimeAsync(1000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls.length).toBe(2);
  down = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect([calls.length, outbox.size(), said.at(-1)]).toEqual([3, 0, "idle"]);
});

test("a server error is no answer: it is sent again", async () => {
  let number = 0;
  const { made, outbox } = sender((url, init) => (number++ === 0 ? json({}, 502) : keepAll(url, init)));
  outbox.add(entry("a"));
  await made.kick();
  expect(outbox.size()).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(outbox.size()).toBe(0);
});

test("signed out or not accepted: nothing is lost and nothing is hammered", async () => {
  for (const [answer, status] of [[json({}, 302), "signed-out"], [json({}, 403), "signed-out"], [json({ refusal: "已完成" }, 409), "refused"]] as const) {
    localStorage.clear();
    const { made, outbox, said, calls } = sender(() => answer.clone() as Response);
    outbox.add(entry("a"));
    await made.kick();
    await vi.advanceTimersByTimeAsync(120_000);
    expect([said.at(-1), outbox.size(), calls.length]).toEqual([status, 1, 1]);
  }
});

test("an answer that cannot be kept is told and does not block the others", async () => {
  const { made, outbox, refused } = sender(() => json({ kept: ["b"], refused: { a: "说明原因" } }));
  outbox.add(entry("a"));
  outbox.add(entry("b"));
  await made.kick();
  expect([refused, outbox.size()]).toEqual([["a 说明原因"], 0]);
});

test("a photo that is no photo is told and dropped; one whose answer is missing waits", async () => {
  const first = sender(() => json({ refusal: "不是照片", final: true }, 400));
  await first.photos.put(shot("p"));
  await first.made.kick();
  expect([first.refused, await first.made.left()]).toEqual([["p 不是照片"], 0]);
  const second = sender(() => json({ refusal: "答案还没到" }, 409));
  await second.photos.put(shot("p"));
  await second.made.kick();
  expect([second.said.at(-1), await second.made.left()]).toEqual(["refused", 1]);
});

test("what is tapped while sending goes in the same run, and two kicks send once", async () => {
  let answer: (response: Response) => void = () => undefined;
  const waiting = sender((url, init) => (waiting.calls.length === 1 ? new Promise<Response>((resolve) => { answer = resolve; }) : keepAll(url, init)));
  waiting.outbox.add(entry("a"));
  const run = waiting.made.kick();
  waiting.outbox.add(entry("b"));
  await waiting.made.kick();
  answer(json({ kept: ["a"] }));
  await run;
  expect([waiting.outbox.size(), waiting.calls.length]).toEqual([0, 2]);
});

test("the token comes from the cookie, else from the page", () => {
  expect(csrfToken()).toBe("token");
  document.cookie = "csrftoken=fresh";
  expect(csrfToken()).toBe("fresh");
  document.cookie = "csrftoken=; max-age=0";
});

test("a small copy goes first; its original follows whole and only then leaves the phone", async () => {
  const { made, photos, calls } = sender((url) => (url.endsWith("/original/") ? json({}, 503) : json({ kept: "p", url: "/p/1.jpg" })));
  await photos.put({ ...shot("p"), blob: new Blob(["whole"]), copy: new Blob(["small"]) });
  await made.kick();
  const sent = calls.map((one) => one.init.body as FormData);
  expect(calls.map((one) => one.url)).toEqual(["/p/", "/p/p/original/"]);
  expect([sent[0]?.get("copy"), (sent[0]?.get("photo") as File).size, (sent[1]?.get("photo") as File).size]).toEqual(["1", 5, 5]);
  expect([await made.left(), await made.originals(), (await photos.all())[0]?.copy]).toEqual([0, 1, undefined]);
});

test("originals wait for a good network unless asked for; one whose photo is gone is dropped", async () => {
  const { made, photos, calls, said } = sender(() => json({}, 404), false);
  await photos.put({ ...shot("p"), copySent: true });
  await made.kick();
  expect([calls.length, said.at(-1)]).toEqual([0, "idle"]);
  await made.kick(true);
  expect([calls.map((one) => one.url), await photos.all()]).toEqual([["/p/p/original/"], []]);
});

test("a network is good unless it is metered, slow or asked to be spared", () => {
  const lines = [undefined, {}, { type: "wifi", effectiveType: "4g" }, { type: "cellular" }, { effectiveType: "3g" }, { saveData: true }];
  expect(lines.map((line) => isGoodNetwork(line))).toEqual([true, true, true, false, false, false]);
});
