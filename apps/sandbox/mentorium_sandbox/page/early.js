// Before the first paint: the chosen look and language, so that nothing flashes. Not a module, for those come later.
{
  const root = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(`sandbox.${key}`);
    } catch {
      return null;
    }
  };
  root.dataset.theme = kept("theme") ?? "auto";
  root.dataset.layout = kept("layout") ?? "wide";
  const wanted = [kept("language"), ...navigator.languages].map((tag) => String(tag).slice(0, 2));
  root.lang = wanted.find((language) => ["uz", "ru", "en"].includes(language)) ?? "en";
}
