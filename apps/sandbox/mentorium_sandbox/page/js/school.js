// What happens at school to the chosen parent's children, and how the parent comes to the bot from there.

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { controlButton } from "/page/js/control_button.js";
import { dayKey, onLanguage, t } from "/page/js/i18n.js";
import { cancel, field, select, sheet } from "/page/js/sheets.js";
import { chosen, on, store, tell } from "/page/js/store.js";
import { toast } from "/page/js/toast.js";

const families = new Map();
let choice = null;
let listed = null;

export function schoolSection() {
  choice = h("select", { name: "child" });
  listed = null;
  showChildren();
  const buttons = [
    controlButton(`🔗 ${t("school.connect")}`, connect, t("school.connect_note")),
    controlButton(`🎒 ${t("school.enrol")}`, enrol, t("school.enrol_note")),
    field(t("school.child"), choice),
    h(
      "div",
      { class: "pair" },
      controlButton(`📗 ${t("school.lesson")}`, () => happen("lesson", {}, "lesson")),
      controlButton(`📝 ${t("school.test")}`, test),
      controlButton(`🏅 ${t("school.award")}`, () => happen("award", { code: "perfect_test" }, "award")),
      controlButton(`⏱ ${t("school.hour")}`, () =>
        happen("activity_day", { day: dayKey(new Date(store.world.now)), active_seconds: 3600 }, "hour"),
      ),
    ),
  ];
  return buttons;
}

export const guardianOf = () => families.get(store.chosen)?.guardian_id ?? chosen()?.guardian_id ?? null;
const enrolledAs = (user) => `parent${user.id}@example.uz`;
// The address by which the bot recognises the chosen parent; null where the school knows none.
export function emailOf() {
  const user = chosen();
  if (!user || user.email || user.phone) return user?.email ?? null;
  return families.get(user.id)?.guardian_id ? enrolledAs(user) : null;
}

async function connect() {
  if (!guardianOf()) throw new Error(t("school.no_account"));
  const { payload } = await api.link(guardianOf());
  await api.start(store.chosen, payload);
}

async function enrol() {
  const user = chosen();
  const first = h("input", { required: true, maxlength: "40", value: "Timur", autofocus: true });
  const last = h("input", { required: true, maxlength: "40", value: "Alimov" });
  const done = await sheet(
    t("school.enrol"),
    [
      h("p", { class: "soft" }, t("school.enrol_words")),
      field(t("school.first_name"), first),
      field(t("school.last_name"), last),
    ],
    [cancel(), { value: "ok", words: t("school.enrol_now"), main: true }],
  );
  if (done !== "ok") return;
  const reach = user.phone ? { phone: international(user.phone) } : { email: enrolledAs(user) };
  const child = await api.enrol({
    first_name: first.value,
    last_name: last.value,
    guardian: { full_name: user.first_name, ...reach },
  });
  await api.start(user.id, child.link_code);
  await refresh();
}

async function test() {
  const title = h("input", { required: true, maxlength: "80", value: t("school.test_title") });
  const [score, most] = [
    h("input", { type: "number", min: "0", max: "100", value: "18", required: true }),
    h("input", { type: "number", min: "1", max: "100", value: "20", required: true }),
  ];
  const done = await sheet(
    t("school.test"),
    [
      field(t("school.title"), title),
      h("div", { class: "pair" }, field(t("school.score"), score), field(t("school.most"), most)),
    ],
    [cancel(), { value: "ok", words: t("school.grade"), main: true }],
  );
  if (done === "ok")
    await happen("attempt", { title: title.value, score: Number(score.value), max_score: Number(most.value) }, "test");
}

async function happen(kind, what, words) {
  await refresh();
  if (!choice.value) throw new Error(t("school.no_child"));
  await api.activity({ student_id: Number(choice.value), kind, ...what });
  toast(t("school.done", { what: t(`school.${words}`), child: choice.selectedOptions[0].textContent }));
}

const international = (phone) => `+${phone.replace(/\D/g, "")}`;

// The school knows whose children they are: by the account, by the phone, or by the address that was enrolled here.
async function refresh() {
  const user = chosen();
  if (!user) return;
  const by = user.guardian_id
    ? { guardian_id: user.guardian_id }
    : user.phone
      ? { phone: international(user.phone) }
      : { email: enrolledAs(user) };
  families.set(user.id, await api.family(by).catch(() => ({ guardian_id: null, students: [] })));
  if (user.id === store.chosen) show();
}

function show() {
  const { students } = families.get(store.chosen) ?? { students: [] };
  const before = choice.value;
  choice.replaceChildren(
    ...students.map(
      ({ student_id: id, full_name: name }) => new Option(name, String(id), false, String(id) === before),
    ),
  );
  choice.disabled = students.length === 0;
  if (!students.length) choice.append(new Option(t("school.nobody"), ""));
  tell("family");
}

function showChildren() {
  if (!choice || listed === store.chosen) return;
  listed = store.chosen;
  show();
  refresh();
}

for (const topic of ["chosen", "world"]) on(topic, showChildren);
onLanguage(() => {
  listed = null;
});
