// All files of tests share one window and its clock: who stops the clock in one must not stop it in the next.
import { afterEach, vi } from "vitest";

afterEach(() => { vi.useRealTimers(); });
