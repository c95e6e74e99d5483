// JSON Merge Patch (RFC 7396): null removes, objects merge, everything else replaces. The old value is never changed.

export function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const out: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;  // a key of JSON, but not one that may reach an object's roots
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}
function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}
