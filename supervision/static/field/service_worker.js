/* Keeps the whole app on the phone. Data never passes here: calls of the interface go to the network as they are. */
importScripts(self.KEEPS.library);

const { addRoute, cleanupOutdatedCaches, createHandlerBoundToURL, NavigationRoute, precache, registerRoute } = self.workbox;

// addresses of files name their version, so they have no revision and come from the browser's own store
precache([
  { url: self.KEEPS.shell, revision: self.KEEPS.version },
  ...self.KEEPS.files.map((url) => ({ url, revision: null })),
]);
cleanupOutdatedCaches();
addRoute({ directoryIndex: null });
registerRoute(new NavigationRoute(createHandlerBoundToURL(self.KEEPS.shell), { allowlist: [/^[^?]*\/field\/(\?.*)?$/] }));

// every module of a page is loaded when it opens, so a new release never meets half of an old one
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
