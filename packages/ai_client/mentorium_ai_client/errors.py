"""What can go wrong between us and the language model. To a parent all of it reads the same: not now.

UnavailableError (mentorium_kit)
└── AIUnavailableError        no whole answer in the time and the attempts we have
    ├── AIQuotaError          the account has no credit left: an operator must act
    ├── AIRequestError        we were refused (key, model, parameter): an operator must act
    └── AIFilteredError       the service's filter let the question or the answer not through: asking again is no use

None carries a text that was sent or received: `context` holds reason, status, code, parameter and request id.
"""

from __future__ import annotations

from mentorium_kit.errors import UnavailableError


class AIUnavailableError(UnavailableError):
    pass


class AIQuotaError(AIUnavailableError):
    pass


class AIRequestError(AIUnavailableError):
    pass


class AIFilteredError(AIUnavailableError):
    pass
