"""Models of aiogram and FastAPI are built when they are first used, and then whole. Each case is a process: it imports
once.
"""

from __future__ import annotations

import subprocess
import sys

_COUNT = """
from pydantic import BaseModel
import aiogram.methods, aiogram.types
models = {
    model
    for module in (aiogram.methods, aiogram.types)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
}
print(len(models), sum(model.__pydantic_complete__ for model in models))
"""
_BUILD_ALL = """
assert all(model.model_rebuild() is not False for model in models)
print(sum(model.__pydantic_complete__ for model in models))
class Ours(BaseModel):
    update: aiogram.types.Update
print(Ours.__pydantic_complete__)
"""


def _said_by(script: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_nothing_is_built_by_the_import_and_each_can_be() -> None:
    models, built, built_then, ours = _said_by(f"import mentorium_bot{_COUNT}{_BUILD_ALL}")
    assert int(models) > 500
    assert int(built) == 0
    assert built_then == models
    assert ours == "True", "models made after the import are built at once, as ever"


def test_an_update_is_read_without_most_of_them() -> None:
    script = """
update = aiogram.types.Update.model_validate(
    {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "Salom"}}
)
answer = aiogram.methods.SendMessage(chat_id=update.message.chat.id, text=update.message.text)
print(answer.model_dump_json(include={"chat_id", "text"}))
print(sum(model.__pydantic_complete__ for model in models))
"""
    _models, _built, answer, used = _said_by(f"import mentorium_reporting{_COUNT}{script}")
    assert answer == '{"chat_id":7,"text":"Salom"}'
    assert 0 < int(used) < 20


def test_what_describes_an_api_to_others_is_built_by_whoever_asks_for_it() -> None:
    script = """
import mentorium_bot
from fastapi.openapi import models
classes = {model for model in vars(models).values() if isinstance(model, type)} - {models.BaseModel}
theirs = {model for model in classes if issubclass(model, models.BaseModel)}
print(len(theirs), sum(model.__pydantic_complete__ for model in theirs))
from fastapi import FastAPI
described = FastAPI()
@described.get("/weeks/{week}")
def week(week: int) -> dict[str, int]: return {}
print(described.openapi()["paths"]["/weeks/{week}"]["get"]["parameters"][0]["name"])
assert all(model.model_rebuild() is not False for model in theirs)
"""
    models, built, described = _said_by(script)
    assert int(models) > 30
    assert int(built) < 5, "what FastAPI itself makes one of"
    assert described == "week"
