// A small bot on grammY. It knows nothing of the sandbox but an address: `tests/system/test_foreign_clients.py` talks to it.
// Its twin on python-telegram-bot is `tests/system/ptb_bot.py`; both answer the same commands with the same words.
import { createServer } from "node:http";
import { Bot, GrammyError, InlineKeyboard, InputFile, Keyboard, webhookCallback } from "grammy";

const { API_ROOT, TOKEN, MODE, PORT, SECRET } = process.env;
const bot = new Bot(TOKEN, { client: { apiRoot: API_ROOT } });
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");
let refusals = 1;

bot.use(async (ctx, next) => {
  // The webhook is refused once, so that the delivery is repeated.
  if (ctx.message?.text === "/refuse" && MODE === "webhook" && refusals-- > 0) throw new Error("refused on purpose");
  await next();
});

bot.command("refuse", (ctx) => ctx.reply("came again"));
bot.command("html", (ctx) => ctx.reply("<b>bold</b> <i>it<u>al</u>ic</i> <a href=\"https://example.uz/a?b=1&amp;c=2\">link</a> <code>a &lt; b</code>", { parse_mode: "HTML" }));
bot.command("markdown", (ctx) => ctx.reply("*bold* _italic_ ||hidden|| `code` 1\\.5", { parse_mode: "MarkdownV2" }));
bot.command("keyboard", (ctx) => ctx.reply("choose", { reply_markup: new InlineKeyboard().text("One", "one").text("Two", "two").row().url("Site", "https://example.uz/") }));
bot.command("contact", (ctx) => ctx.reply("your number?", { reply_markup: new Keyboard().requestContact("Share").resized().oneTime() }));
bot.on(":contact", (ctx) => ctx.reply(`number ${ctx.message.contact.phone_number} own ${ctx.message.contact.user_id === ctx.from.id}`, { reply_markup: { remove_keyboard: true } }));
bot.callbackQuery("one", async (ctx) => {
  await ctx.answerCallbackQuery({ text: "One it is", show_alert: true });
  await ctx.editMessageText("chosen: one", { reply_markup: new InlineKeyboard().text("Again", "two") });
});
bot.callbackQuery("two", (ctx) => ctx.answerCallbackQuery());
bot.command("delete", async (ctx) => {
  const doomed = await ctx.reply("doomed");
  await ctx.api.deleteMessage(ctx.chat.id, doomed.message_id);
  await ctx.reply(`deleted ${doomed.message_id}`);
});
bot.command("photo", (ctx) => ctx.replyWithPhoto(new InputFile(PIXEL, "pixel.png"), { caption: "one pixel" }));
bot.on(":photo", async (ctx) => {
  const file = await ctx.getFile();
  const answer = await fetch(`${API_ROOT}/file/bot${TOKEN}/${file.file_path}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const largest = ctx.message.photo.at(-1);
  await ctx.reply(`photo ${largest.width}x${largest.height} of ${bytes.length} bytes`);
});
bot.command("draft", async (ctx) => {
  await ctx.api.sendMessageDraft(ctx.chat.id, 7, "thin");
  await ctx.api.sendMessageDraft(ctx.chat.id, 7, "thinking");
  await ctx.reply("thought");
});
bot.command("invoice", (ctx) => ctx.replyWithInvoice("Monthly", "One month of reports", "order-1", "XTR", [{ label: "Month", amount: 250 }]));
bot.command("flood", async (ctx) => {
  const wait = await refusal(() => ctx.api.sendChatAction(ctx.chat.id, "typing"));
  await ctx.reply(`${wait.error_code} ${wait.description} ${wait.parameters.retry_after}`);
});
bot.command("wrong", async (ctx) => {
  const sent = await ctx.reply("same");
  const errors = [
    await refusal(() => ctx.api.editMessageText(ctx.chat.id, sent.message_id, "same")),
    await refusal(() => ctx.api.sendMessage(ctx.chat.id, "x".repeat(4097))),
    await refusal(() => ctx.api.sendMessage(1, "nobody")),
    await refusal(() => ctx.api.deleteMessage(ctx.chat.id, 999_999_999)),
    await refusal(() => ctx.api.editMessageText(ctx.chat.id, 999_999_999, "gone")),
    await refusal(() => ctx.api.sendMessage(ctx.chat.id, "<b>open", { parse_mode: "HTML" })),
    await refusal(() => ctx.api.sendMessage(ctx.chat.id, "data", { reply_markup: new InlineKeyboard().text("x", "d".repeat(65)) })),
    await refusal(() => ctx.api.answerCallbackQuery("1")),
  ];
  await ctx.reply(errors.map((error) => `${error.error_code} ${error.description}`).join("\n"));
});

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    if (error instanceof GrammyError) return error;
    throw error;
  }
  throw new Error("Telegram took what it should refuse");
}

if (MODE === "webhook") {
  bot.catch(({ error }) => { throw error; });
  const handle = webhookCallback(bot, "http", { secretToken: SECRET });
  createServer((request, response) => handle(request, response).catch(() => response.writeHead(500).end())).listen(Number(PORT), "127.0.0.1");
  await bot.api.setWebhook(`http://127.0.0.1:${PORT}/hook`, { secret_token: SECRET, max_connections: 10 });
  console.log("ready");
} else {
  bot.catch(({ error }) => console.error(error));
  bot.start({ timeout: 5, onStart: () => console.log("ready") });
}
