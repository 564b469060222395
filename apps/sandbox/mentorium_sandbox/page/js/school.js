// What happens at school to the chosen parent's children, and how the parent comes to the bot from there.

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { act } from "/page/js/act.js";
import { onLanguage, t } from "/page/js/i18n.js";
import { cancel, field, select, sheet } from "/page/js/sheets.js";
import { chosen, on, readWorld, store } from "/page/js/store.js";
import { toast } from "/page/js/toast.js";

const made = new Map();
let choice = null;
let listed = null;

export function schoolSection() {
  choice = h("select", { name: "child" });
  listed = null;
  showChildren();
  const buttons = [
    act(`🔗 ${t("school.connect")}`, connect, t("school.connect_note")),
    act(`🎒 ${t("school.enrol")}`, enrol, t("school.enrol_note")),
    field(t("school.child"), choice),
    h("div", { class: "pair" },
      act(`📗 ${t("school.lesson")}`, () => happen("lesson", {}, "lesson")),
      act(`📝 ${t("school.test")}`, test),
      act(`🏅 ${t("school.award")}`, () => happen("award", { code: "seven_day_streak" }, "award")),
      act(`⏱ ${t("school.hour")}`, () => happen("activity_day", { day: store.world.now.slice(0, 10), active_seconds: 3600 }, "hour"))),
  ];
  return buttons;
}

const guardian = () => chosen()?.guardian_id ?? made.get(store.chosen)?.guardian ?? null;

async function connect() {
  if (!guardian()) throw new Error(t("school.no_account"));
  const { payload } = await api.link(guardian());
  await api.start(store.chosen, payload);
}

async function enrol() {
  const user = chosen();
  const first = h("input", { required: true, maxlength: "40", value: "Timur", autofocus: true });
  const last = h("input", { required: true, maxlength: "40", value: "Alimov" });
  const done = await sheet(t("school.enrol"), [h("p", { class: "soft" }, t("school.enrol_words")), field(t("school.first_name"), first), field(t("school.last_name"), last)], [cancel(), { value: "ok", words: t("school.enrol_now"), main: true }]);
  if (done !== "ok") return;
  const reach = user.phone ? { phone: user.phone } : { email: `parent${user.id}@example.uz` };
  const child = await api.enrol({ first_name: first.value, last_name: last.value, guardian: { full_name: user.first_name, ...reach } });
  const known = made.get(user.id)?.students ?? [];
  made.set(user.id, { guardian: child.guardian_id, students: [...known, { student_id: child.student_id, full_name: `${first.value} ${last.value}` }] });
  await api.start(user.id, child.link_code);
  await readWorld();
  await refresh();
}

async function test() {
  const title = h("input", { required: true, maxlength: "80", value: t("school.test_title") });
  const [score, most] = [h("input", { type: "number", min: "0", max: "100", value: "18", required: true }), h("input", { type: "number", min: "1", max: "100", value: "20", required: true })];
  const done = await sheet(t("school.test"), [field(t("school.title"), title), h("div", { class: "pair" }, field(t("school.score"), score), field(t("school.most"), most))], [cancel(), { value: "ok", words: t("school.grade"), main: true }]);
  if (done === "ok") await happen("attempt", { title: title.value, score: Number(score.value), max_score: Number(most.value) }, "test");
}

async function happen(kind, what, words) {
  await refresh();
  if (!choice.value) throw new Error(t("school.no_child"));
  await api.activity({ student_id: Number(choice.value), kind, ...what });
  toast(t("school.done", { what: t(`school.${words}`), child: choice.selectedOptions[0].textContent }));
}

// Asked for once a parent is chosen; what was enrolled here is known anyway.
async function refresh() {
  const user = store.chosen;
  const id = guardian();
  if (!id) return show([]);
  const students = await api.children(id).then((answer) => answer.students, () => made.get(user)?.students ?? []);
  if (user === store.chosen) show(students);
  return undefined;
}

function show(students) {
  const before = choice.value;
  choice.replaceChildren(...students.map(({ student_id: id, full_name: name }) => new Option(name, String(id), false, String(id) === before)));
  choice.disabled = students.length === 0;
  if (!students.length) choice.append(new Option(t("school.nobody"), ""));
}

function showChildren() {
  if (!choice || listed === `${store.chosen} ${guardian()}`) return;
  listed = `${store.chosen} ${guardian()}`;
  refresh();
}

for (const topic of ["chosen", "world"]) on(topic, showChildren);
onLanguage(() => { listed = null; });
