import { createHash } from "node:crypto";

import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Fills the worker's list of files after the bundle is known, so that a build and its list are one. */
function precache(): Plugin {
  return {
    name: "precache",
    enforce: "post",
    generateBundle(_options, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") {
        this.error("the service worker was not built");
      }
      const files = Object.keys(bundle).filter((name) => name !== "sw.js");
      const entry = files.find((name) => /^app-.*\.js$/.test(name));
      if (entry === undefined) {
        this.error("the client was not built");
      }
      const digest = createHash("sha256").update(files.sort().join("\n")).update(worker.code);
      worker.code = worker.code
        .replace("__FILES__", JSON.stringify(files.filter((name) => !name.endsWith(".html"))))
        .replace("__ENTRY__", entry)
        .replace("__VERSION__", digest.digest("hex").slice(0, 12));
    },
  };
}

/** Takes the indentation out of templates: HTML sees one space, and every tablet is spared the others. */
function thrift(): Plugin {
  return {
    name: "thrift",
    enforce: "pre",
    transform: (code, id) => (/\/src\/[^?]*\.ts$/.test(id) ? { code: code.replace(/\n\s+/g, "\n"), map: null } : null),
  };
}

export default defineConfig({
  base: "/field/assets/",
  plugins: [thrift(), precache()],
  test: { setupFiles: ["src/i18n/testing.ts"] },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    minify: "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3, unsafe_arrows: true, inline: 1 } },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: {
      input: { app: "index.html", sw: "src/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "[name]-[hash].js"),
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
