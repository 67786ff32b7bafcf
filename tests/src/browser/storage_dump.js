// Everything that is stored under this origin, as base64 of lines "PATH = VALUE", where strings and
// binary values stand as their own bytes.
async () => {
  const api = globalThis.browser ?? globalThis.chrome;
  const parts = [];
  const put = (path, bytes) => parts.push(`${path} = `, bytes, "\n");
  const walk = async (path, value) => {
    if (value instanceof Blob) return put(path, await value.arrayBuffer());
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return put(path, value);
    if (value instanceof Map || value instanceof Set) value = [...value];
    // A key that cannot be exported is all there is to say of it.
    if (value === null || typeof value !== "object" || value instanceof CryptoKey || value instanceof Date) return put(path, String(value));
    for (const [key, inner] of Object.entries(value)) await walk(`${path}.${key}`, inner);
  };
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  for (const area of ["local", "session", "sync"]) await walk(`storage.${area}`, await api.storage[area].get(null));
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([answer(objects.getAllKeys()), answer(objects.getAll())]);
      for (const [i, key] of keys.entries()) {
        await walk(`indexedDB.${name}.${store}[${i}].key`, key);
        await walk(`indexedDB.${name}.${store}[${i}].value`, values[i]);
      }
    }
    database.close();
  }
  for (const area of ["localStorage", "sessionStorage"]) await walk(area, { ...globalThis[area] });
  put("cookies", document.cookie);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) put(`caches.${name} ${request.url}`, await (await cache.match(request)).blob());
  }
  const files = async (path, folder) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "file") put(`${path}/${name}`, await handle.getFile());
      else await files(`${path}/${name}`, handle);
    }
  };
  await files("files", await navigator.storage.getDirectory());

  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  let binary = "";
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(binary);
}
