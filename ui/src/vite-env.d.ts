// What Vite adds to the language: style sheets as imports, import.meta.glob.
/// <reference types="vite/client" />
