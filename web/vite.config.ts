// Five pages, few chunks, relative addresses only: under Home Assistant's ingress nobody knows the prefix.
import { defineConfig } from 'vitest/config';

const page = (name: string) => new URL(name, import.meta.url).pathname;

export default defineConfig({
  base: './',
  build: {
    outDir: 'dist',
    target: 'es2022',
    modulePreload: { polyfill: false },  // the polyfill is a script inline in spirit, and no browser we support needs it
    assetsInlineLimit: 0,                // a data: address would need a hole in the policy
    cssCodeSplit: true,
    reportCompressedSize: false,
    rollupOptions: {
      input: {
        home: page('index.html'), bed: page('bed.html'), night: page('night/index.html'),
        rules: page('rules.html'), trends: page('trends.html'), login: page('login.html'),
      },
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
