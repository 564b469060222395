"""OpenAI's stand-in: what the SDK speaks to, answered by scripts and otherwise by the scripted mentor."""

from __future__ import annotations

from aiohttp import web

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.openai.openai_api import OpenAIApi
from mentorium_sandbox.openai.openai_world import OpenAIWorld
from mentorium_sandbox.openai.script_api import control_routes

__all__ = ["OpenAIWorld", "routes"]


def routes(world: OpenAIWorld, faults: Faults) -> list[web.AbstractRouteDef]:
    """/openai/v1/... for the product; /sandbox/openai and its script for whoever drives it."""
    return [*OpenAIApi(world, faults).routes(), *control_routes(world)]
