"""Where the project's parts are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "reference"
ALEMBIC = ROOT / "reference" / "app" / "alembic.ini"
MIGRATIONS = ROOT / "reference" / "app" / "migrations"
