"""The sandbox grows only where somebody calls it: no method or endpoint more without a caller who is named here."""

from __future__ import annotations

import re
from pathlib import Path

from aiohttp import web

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.openai import OpenAIWorld, routes
from mentorium_sandbox.telegram.methods import IMPLEMENTED
from sandbox_tests.telegram.conftest import MovableClock

ROOT = Path(__file__).parents[3]
PRODUCT = ("apps/telegram_bot", "apps/reporting_worker", "packages")

# What the product calls, and the words by which it does.
CALLED_BY_THE_PRODUCT = {
    "answerCallbackQuery": "AnswerCallbackQuery|CallbackAnswerMiddleware",
    "editMessageText": "edit_message_text",
    "getMe": "get_me",
    "sendChatAction": "send_chat_action",
    "sendDocument": "send_document",
    "sendMessage": "send_message",
    "sendMessageDraft": "send_message_draft",
    "sendPhoto": "send_photo",
    "setMyCommands": "set_my_commands",
    "/openai/v1/chat/completions": "/chat/completions",
}
# What a check outside these tests calls, and the file that names it.
NAMED_BY_A_CHECK = {
    "deleteMessage": "tests/system/ptb_bot.py",
    "deleteWebhook": "tests/system/test_foreign_clients.py",
    "getFile": "tests/system/ptb_bot.py",
    "getWebhookInfo": "tests/system/test_foreign_clients.py",
    "sendInvoice": "tests/system/ptb_bot.py",
    "sendMediaGroup": "tests/system/test_page.py",
}
# What stood before this rule. The list never grows; what gets a caller moves up, what is in the way is deleted.
OLDER_THAN_THE_RULE = frozenset(
    {
        *("/openai/v1/audio/speech", "/openai/v1/audio/transcriptions", "/openai/v1/models"),
        *("/openai/v1/models/{id}", "/openai/v1/moderations", "/openai/v1/responses"),
        *("/openai/v1/responses/{id}", "answerPreCheckoutQuery", "answerShippingQuery", "answerWebAppQuery"),
        *("close", "closeForumTopic", "copyMessage", "copyMessages", "createForumTopic", "createInvoiceLink"),
        *("deleteForumTopic", "deleteMessages", "deleteMyCommands", "editForumTopic", "editMessageCaption"),
        *("editMessageMedia", "editMessageReplyMarkup", "editUserStarSubscription", "forwardMessage"),
        *("forwardMessages", "getAvailableGifts", "getChat", "getChatMember", "getChatMenuButton"),
        *("getMyCommands", "getMyDescription", "getMyName", "getMyShortDescription", "getMyStarBalance"),
        *("getStarTransactions", "getUserProfilePhotos", "logOut", "pinChatMessage", "refundStarPayment"),
        *("reopenForumTopic", "savePreparedInlineMessage", "sendAnimation", "sendAudio", "sendContact"),
        *("sendDice", "sendGift", "sendLocation", "sendPoll", "sendRichMessage", "sendRichMessageDraft"),
        *("sendSticker", "sendVenue", "sendVideo", "sendVideoNote", "sendVoice", "setChatMenuButton"),
        *("setMessageReaction", "setMyDescription", "setMyName", "setMyShortDescription", "stopPoll"),
        *("unpinAllChatMessages", "unpinChatMessage"),
    }
)
_AT_MOST = 64


def carried_out() -> set[str]:
    """The Bot API methods and OpenAI endpoints that the sandbox carries out."""
    app = web.Application()
    app.add_routes(routes(OpenAIWorld(MovableClock()), Faults()))
    addresses = {resource.canonical for resource in app.router.resources()}
    endpoints = {address for address in addresses if address.startswith("/openai/v1/")}
    return set(IMPLEMENTED) | endpoints - {"/openai/v1/{path}"}  # which refuses whatever else is asked for


def _code_of_the_product() -> str:
    files = [file for folder in PRODUCT for file in (ROOT / folder).rglob("*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_whatever_is_carried_out_has_a_caller_or_is_older_than_the_rule() -> None:
    assert carried_out() == {*CALLED_BY_THE_PRODUCT, *NAMED_BY_A_CHECK, *OLDER_THAN_THE_RULE}
    assert len(OLDER_THAN_THE_RULE) <= _AT_MOST, "nothing is older than the rule but what stood there then"


def test_the_callers_call() -> None:
    code = _code_of_the_product()
    for name, words in CALLED_BY_THE_PRODUCT.items():
        assert re.search(rf"(?<!\w)(?:{words})\b", code), f"the product does not call {name} any more"
    for name, file in NAMED_BY_A_CHECK.items():
        in_python = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        code = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"\b(?:{name}|{in_python})\b", code), f"{file} does not name {name}"
