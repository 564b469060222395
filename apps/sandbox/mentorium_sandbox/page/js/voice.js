// A voice message: recorded where there is a microphone, else from a file, or silent with the words that it stands for.

import * as api from "/page/js/api.js";
import { h } from "/page/js/dom.js";
import { t } from "/page/js/i18n.js";
import { icon } from "/page/js/icons.js";
import { base64 } from "/page/js/pictures.js";
import { cancel, field, sheet } from "/page/js/sheets.js";
import { store } from "/page/js/store.js";
import { attempt, toast } from "/page/js/toast.js";

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

export async function recordVoice() {
  const user = store.chosen;
  const sound = new Sound();
  const spoken = h("textarea", { rows: "2", maxlength: "1000" });
  const words = [sound.node, field(t("voice.spoken"), spoken), h("p", { class: "soft" }, t("voice.why_spoken"))];
  const done = await sheet(t("voice.title"), words, [cancel(), { value: "ok", words: t("send"), main: true }]);
  await sound.end();
  const said = spoken.value.trim();
  if (done !== "ok") return;
  if (!sound.blob && !said) return void toast(t("voice.nothing"));
  const data = await base64(sound.blob ?? silence(said));
  await attempt(() => api.send(user, { voice_base64: data, ...(said ? { spoken: said } : {}) }));
}

class Sound {
  constructor() {
    this.blob = null;
    this.recorder = null;
    this.button = h(
      "button",
      { type: "button", class: "record", onclick: () => this.toggle() },
      icon("mic"),
      h("span", {}, t("voice.record")),
    );
    this.button.hidden = !navigator.mediaDevices?.getUserMedia || !window.MediaRecorder;
    this.preview = h("audio", { controls: true, hidden: true, "aria-label": t("voice.preview") });
    const file = h("input", { type: "file", accept: "audio/*" });
    file.addEventListener("change", () => file.files[0] && this.take(file.files[0]));
    this.node = h("div", { class: "sound" }, this.button, this.preview, field(t("voice.file"), file));
  }

  take(blob) {
    this.blob = blob;
    this.preview.src = URL.createObjectURL(blob);
    this.preview.hidden = false;
  }

  async toggle() {
    if (this.recorder) return this.end();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.begin(stream);
    } catch {
      toast(t("voice.no_microphone"), "error");
    }
    return undefined;
  }

  begin(stream) {
    const pieces = [];
    this.recorder = new MediaRecorder(stream, { mimeType: KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) });
    this.ended = new Promise((resolve) => {
      this.recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        this.take(new Blob(pieces, { type: this.recorder.mimeType }));
        this.recorder = null;
        resolve();
      };
    });
    this.recorder.ondataavailable = ({ data }) => pieces.push(data);
    this.recorder.start();
    this.show(true);
  }

  async end() {
    if (!this.recorder) return;
    this.recorder.stop();
    await this.ended;
    this.show(false);
  }

  show(recording) {
    this.button.classList.toggle("on", recording);
    this.button.lastChild.textContent = t(recording ? "voice.end" : "voice.again");
  }
}

// As long as the words would take, at 8,000 samples of 8 bits a second.
function silence(words) {
  const rate = 8000;
  const samples = rate * Math.max(1, Math.min(20, Math.round(words.length / 14)));
  const view = new DataView(new ArrayBuffer(44 + samples));
  const write = (at, letters) =>
    [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  write(8, "WAVEfmt ");
  [
    [16, 16, 4],
    [20, 1, 2],
    [22, 1, 2],
    [24, rate, 4],
    [28, rate, 4],
    [32, 1, 2],
    [34, 8, 2],
    [40, samples, 4],
  ].forEach(([at, value, size]) => (size === 4 ? view.setUint32(at, value, true) : view.setUint16(at, value, true)));
  write(36, "data");
  new Uint8Array(view.buffer, 44).fill(128);
  return new Blob([view.buffer], { type: "audio/wav" });
}
