"""The one catalogue that every table of the application is declared in."""

from sqlalchemy import MetaData

METADATA = MetaData()
