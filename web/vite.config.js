// Bundles the styles and the islands into web/dist/assets under hashed names, and tells C their names.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { cHeaders } from './build/c-headers.js';
import { files } from './build/files.js';
import { licences } from './build/licences.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/',
  publicDir: false,
  plugins: [files([here('img/icon.svg')]), cHeaders({ icons: here('icons.txt') }), licences(['@zxcvbn-ts/core', '@zxcvbn-ts/language-common', '@zxcvbn-ts/language-fr', 'hls.js', 'lucide-static', 'temml', 'tus-js-client'])],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2020',
    cssCodeSplit: true,
    modulePreload: false,
    // hls.js is fetched only when somebody presses play, the words of zxcvbn when somebody chooses a password.
    chunkSizeWarningLimit: 1500,
    sourcemap: false,
    rollupOptions: {
      input: {
        'app.css': here('css/app.css'),
        'player.css': here('css/player.css'),
        'admin.css': here('css/admin.css'),
        'account.css': here('css/account.css'),
        'agenda.css': here('css/agenda.css'),
        'comment.css': here('css/comment.css'),
        'playlist.css': here('css/playlist.css'),
        'toggle.css': here('css/toggle.css'),
        'tv.css': here('css/tv.css'),
        'studio.css': here('css/studio.css'),
        'attendance.css': here('css/attendance.css'),
        'editor.css': here('css/editor.css'),
        'map.css': here('css/map.css'),
        attendance: here('src/attendance.ts'),
        app: here('src/app.ts'),
        capture: here('src/capture.ts'),
        crop: here('src/crop.ts'),
        math: here('src/math.ts'),
        moments: here('src/moments.ts'),
        passkey: here('src/passkey.ts'),
        playlist: here('src/playlist.ts'),
        player: here('src/player.ts'),
        progress: here('src/progress.ts'),
        record: here('src/record.ts'),
        subtitles: here('src/subtitles.ts'),
        strength: here('src/strength.ts'),
        toggle: here('src/toggle.ts'),
        upload: here('src/upload.ts'),
        watch: here('src/watch.ts'),
      },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
