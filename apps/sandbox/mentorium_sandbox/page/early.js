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

  // A part of the page that did not come (the network changed, say) leaves it blank: say so, and try again.
  const words = {
    en: "The page did not come whole. Trying again…",
    ru: "Страница загрузилась не целиком. Пробуем ещё раз…",
    uz: "Sahifa toʻliq yuklanmadi. Yana urinib koʻramiz…",
  };
  let failed = false;
  addEventListener(
    "error",
    ({ target }) => {
      if (failed || !["SCRIPT", "LINK"].includes(target?.tagName)) return;
      failed = true;
      const tell = () => {
        const place = document.getElementById("lost");
        place.textContent = words[root.lang];
        place.hidden = false;
      };
      if (document.getElementById("lost")) tell();
      else addEventListener("DOMContentLoaded", tell);
      setTimeout(() => location.reload(), 2000);
    },
    true,
  );
}
