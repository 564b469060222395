// What this browser remembers of the page: looks and nothing else. A browser that forgets is no error.

export function savePreference(key, value) {
  try {
    localStorage.setItem(`sandbox.${key}`, value);
  } catch {
    // private windows may have no storage
  }
}

export function preference(key) {
  try {
    return localStorage.getItem(`sandbox.${key}`);
  } catch {
    return null;
  }
}
