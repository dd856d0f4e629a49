import react from "@vitejs/plugin-react";
import { resolve } from "node:path";
import { defaultClientConditions, defaultServerConditions, defineConfig } from "vite";
import { exampleFiles } from "./build/examples.mjs";
import { withoutFonts } from "./build/fonts.mjs";
import { namedIcons } from "./build/icons.mjs";
import { pageAddresses } from "./build/pages.mjs";

const PAGES = ["chat", "not-found", "playground", "reader", "start"];

/** The server that the development server asks, such as one started with `plaza serve --demo`. */
const SERVER = process.env.PLAZA_URL ?? "http://127.0.0.1:8080";

/** The condition under which the client package gives its sources. */
const SOURCE = "plaza-source";

export default defineConfig(({ command }) => ({
  // The server gives all files but the pages below this path.
  // The client package is built from its sources.
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
  base: command === "build" ? "/assets/" : "/",
  plugins: [react(), exampleFiles(resolve(import.meta.dirname, "playground/examples")), namedIcons(), withoutFonts(), pageAddresses()],
  build: {
    assetsDir: "",
    // Pictures in style sheets would need `data:` in the policy of the pages.
    assetsInlineLimit: 0,
    target: ["es2022", "chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: Object.fromEntries(PAGES.map((page) => [page, resolve(import.meta.dirname, `${page}.html`)])),
      output: {
        hashCharacters: "hex",
        entryFileNames: "[name]-[hash:16].js",
        chunkFileNames: "[name]-[hash:16].js",
        assetFileNames: "[name]-[hash:16][extname]",
      },
    },
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".", "../clients/js"] },
    proxy: {
      "^/(graphql|api|uploads|audio|livez|readyz|chat/demo.json)": { target: SERVER, ws: true },
    },
  },
  test: { include: ["tests/**/*.test.js"] },
}));
