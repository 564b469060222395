"""Reports in the words of a model: bot and worker have them alike."""

from __future__ import annotations

from mentorium_ai_client import DEFAULT_MODEL, MentoriumAIClient
from mentorium_core.reports.wording import RESULTS, WordReports
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.nursery import Nursery
from mentorium_observability.metrics import ai_report_guard, from_the_start
from mentorium_runtime.ai_settings import ModelBudgetSettings
from mentorium_runtime.language_model import budgeted


def word_reports(settings: ModelBudgetSettings, ai: MentoriumAIClient, nursery: Nursery) -> WordReports:
    """Within the budget of reports."""
    from_the_start(ai_report_guard, result=RESULTS)
    model = budgeted(settings, ai, ModelPurpose.REPORT, nursery)
    return WordReports(model, settings.bot_openai_model or DEFAULT_MODEL)
