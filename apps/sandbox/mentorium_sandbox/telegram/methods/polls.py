"""Polls and quizzes; nobody votes here."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.formatting import FormattedText, formatted_parameter
from mentorium_sandbox.telegram.keyboards import markup
from mentorium_sandbox.telegram.nested_fields import Fields, whole_number
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_LONGEST_QUESTION = 300
_LONGEST_OPTION = 100
_LONGEST_EXPLANATION = 200
_MOST_OPTIONS = 12


def send_poll(call: Call) -> Json:
    poll, keyboard = _poll(call.parameters), markup(call.parameters)
    return call.send(call.open_chat(), {"poll": poll}, keyboard)


def stop_poll(call: Call) -> Json:
    keyboard, conversation = markup(call.parameters).inline, call.open_chat()
    stored = call.message(conversation, "message with poll to stop")
    if "poll" not in stored.message:
        raise bad_request("message is not a poll")
    if not stored.outgoing or "forward_origin" in stored.message:
        raise bad_request("poll can't be stopped")
    if stored.message["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    poll = {**stored.message["poll"], "is_closed": True}
    kept = {key: value for key, value in stored.message.items() if key != "reply_markup"}
    shown = {} if keyboard is None else {"reply_markup": keyboard}
    conversation.edit(stored, {**kept, "poll": poll, **shown})
    return poll


def _poll(parameters: Parameters) -> Json:
    question = formatted_parameter(parameters, "question", "question_entities", "question_parse_mode")
    options = _options(parameters)
    kind = parameters.text("type") or "regular"
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    _check_length(question, _LONGEST_QUESTION, "poll question")
    return {
        "id": str(secrets.randbits(62)),
        **question.fields("question", "question_entities"),
        "options": [{"persistent_id": str(n), **option.fields(), "voter_count": 0} for n, option in enumerate(options)],
        "total_voter_count": 0,
        "is_closed": parameters.flag("is_closed"),
        "is_anonymous": "is_anonymous" not in parameters.values or parameters.flag("is_anonymous"),
        "type": kind,
        "allows_multiple_answers": parameters.flag("allows_multiple_answers"),
        "allows_revoting": parameters.flag("allows_revoting"),
        "members_only": parameters.flag("members_only"),
        **(_quiz(parameters, len(options)) if kind == "quiz" else {}),
        **{key: parameters.integer(key) for key in ("open_period", "close_date") if parameters.integer(key) > 0},
    }


def _options(parameters: Parameters) -> list[FormattedText]:
    given = parameters.structure("options")
    if not isinstance(given, list):
        raise bad_request("expected an Array of String as options")
    options = [_option(one) for one in given]
    if len(options) < 2:
        raise bad_request("poll must have at least 2 option")
    if len(options) > _MOST_OPTIONS:
        raise bad_request(f"poll can't have more than {_MOST_OPTIONS} options")
    for option in options:
        _check_length(option, _LONGEST_OPTION, "poll options")
    return options


def _option(given: Any) -> FormattedText:
    if isinstance(given, str):
        return formatted_parameter(Parameters({"text": given}), "text", "text_entities")
    fields = Fields.of(given, "", "expected an option to be of type String")
    fields.text("text")
    return formatted_parameter(Parameters(fields.values), "text", "text_entities", "text_parse_mode")


def _check_length(text: FormattedText, longest: int, what: str) -> None:
    if not text.text:
        raise bad_request(f"{what} must be non-empty")
    if len(text.text) > longest:
        raise bad_request(f"{what} length must not exceed {longest}")


def _quiz(parameters: Parameters, options: int) -> Json:
    given = parameters.structure("correct_option_ids")
    if given is None and "correct_option_id" in parameters.values:
        given = [parameters.integer("correct_option_id", -1)]
    correct = [whole_number(one) for one in given] if isinstance(given, list) else []
    if not correct or not all(number is not None and 0 <= number < options for number in correct):
        raise bad_request("wrong correct option ID specified")
    explanation = formatted_parameter(parameters, "explanation", "explanation_entities", "explanation_parse_mode")
    if len(explanation.text) > _LONGEST_EXPLANATION:
        raise bad_request("explanation is too long")
    return {"correct_option_ids": correct, **explanation.fields("explanation", "explanation_entities")}


METHODS: dict[str, Callable[[Call], Any]] = {"sendPoll": send_poll, "stopPoll": stop_poll}
