"""Alembic environment: runs on the connection it is given, leaves the durable engine's tables alone."""

from alembic import context
from sqlmodel import SQLModel

import storage.models  # noqa: F401  (fills the metadata)
from storage.migrate import ours

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, include_object=ours, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
