import { resolve } from "node:path";
import { defineConfig } from "vite";
import { iconSprite } from "./icons.js";
import { prefixTabler } from "./tabler-prefix.js";

const here = import.meta.dirname;

export default defineConfig({
  base: "./", // the site may serve its files under any prefix
  publicDir: false,
  plugins: [iconSprite(here)],
  css: {
    postcss: { plugins: [prefixTabler()] },
    preprocessorOptions: { scss: { quietDeps: true, loadPaths: [resolve(here, "node_modules")] } },
  },
  build: {
    outDir: resolve(here, "../chuangwen/core/static/chuangwen"),
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome114", "safari17", "firefox125"], // what popover elements need
    assetsInlineLimit: 0, // the content policy decides what may be inline, not the bundler
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      checks: { eval: false }, // htmx holds one; it is switched off (main.ts) and the content policy forbids it
      input: { main: resolve(here, "src/main.ts"), worker: resolve(here, "src/worker.ts") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: (asset) => (asset.names.includes("main.css") ? "main.css" : "chunks/[name]-[hash][extname]"),
      },
    },
  },
  // One window for all files: every test fills the page anew, and the whole takes a second instead of fifteen.
  test: { environment: "happy-dom", setupFiles: ["src/test-setup.ts"], include: ["src/**/*.test.ts"], css: false, pool: "threads", isolate: false },
});
