"""PyPI's `paytechuz` behind FastAPI, for `benchmarks.payme --paytechuz`; run by an interpreter that has it installed.

<its python> benchmarks/payme_paytechuz.py <DSN> <port>
"""

# mypy: ignore-errors
# it is no dependency of ours, and neither are SQLAlchemy's synchronous drivers

import sys

import uvicorn
from fastapi import FastAPI, Request
from paytechuz.integrations.fastapi import PaymeWebhookHandler
from paytechuz.integrations.fastapi.models import Base
from sqlalchemy import Column, Numeric, String, create_engine
from sqlalchemy.orm import sessionmaker

KEY = "key"


class Account(Base):
    """An order, as its README has it."""

    __tablename__ = "accounts"
    id = Column(String, primary_key=True)
    amount = Column(Numeric(10, 2))
    status = Column(String, default="pending")


class Handler(PaymeWebhookHandler):
    def successfully_payment(self, params, transaction):  # noqa: ARG002
        order = self.db.query(Account).filter_by(id=transaction.account_id).first()
        order.status = "paid"
        self.db.commit()


def main(dsn, port):
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://"), pool_size=10)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(bind=engine)
    app = FastAPI()

    @app.post("/")
    async def payme(request: Request):
        with sessions() as db:
            handler = Handler(db, "merchant", KEY, Account, account_field="order_id", amount_field="amount")
            return await handler.handle_webhook(request)

    # the server of the others: the same loop, the same parser, no log of requests
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, loop="asyncio", http="httptools")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
