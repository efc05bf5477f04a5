"""A target's settings: one typed list, each with its help; where a setting is missing, what needs it is unverified."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from acceptance.paths import ROOT

_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
TARGETS_DIR = ROOT / "targets"


class TargetError(Exception):
    """The target can't be resolved or its settings are wrong; the message names the setting and never its value."""


class Target(BaseSettings):
    """Where a deployment is, with which keys it is measured, and what the suite may do to it."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_ignore_empty=True, populate_by_name=True)

    name: str = Field(default="", exclude=True)
    base_url: str = Field(
        alias="APEX_BASE_URL",
        description="The application's public https address.",
        examples=["https://ecomdash-api.onrender.com"],
    )
    http_url: str = Field(
        default="",
        alias="APEX_HTTP_URL",
        description="The plain-http address that must redirect. Default: the same host on port 80.",
    )
    ca_file: Path | None = Field(
        default=None,
        alias="APEX_CA_FILE",
        description="A PEM file of authorities to trust instead of the system's (a private authority).",
    )
    database_url: SecretStr | None = Field(
        default=None,
        alias="DATABASE_URL",
        description="PostgreSQL, as reachable from here; a role that can read the catalogs is enough."
        " Without it MH-3 to MH-6 are unverified.",
        examples=["postgresql://ecomdash:...@dpg-....oregon-postgres.render.com/ecomdash?sslmode=require"],
    )
    redis_url: SecretStr | None = Field(
        default=None,
        alias="REDIS_URL",
        description="The key value store, as reachable from here. MH-5 compares it with the service's own"
        " and is unverified without it; DP-3 asks it.",
        examples=["rediss://red-...:...@oregon-keyvalue.render.com:6379"],
    )
    provider_url: str = Field(
        default="https://api.render.com/v1",
        alias="RENDER_API_URL",
        description="The hosting provider's API.",
    )
    provider_key: SecretStr | None = Field(
        default=None,
        alias="RENDER_API_KEY",
        description="A key for the provider's API. Without it MH-1, MH-5, MH-7 and DP-3 are unverified.",
        examples=["rnd_..."],
    )
    service: str = Field(
        default="ecomdash-api", alias="APEX_SERVICE", description="The API's service name at the provider."
    )
    expected_version: str = Field(
        default="",
        alias="APEX_EXPECTED_VERSION",
        description="The version that must answer, such as 2.0.0.",
    )
    expected_commit: str = Field(
        default="",
        alias="APEX_EXPECTED_COMMIT",
        description="The commit that must be live, at least 7 digits of it.",
    )
    skipped_variables: str = Field(
        default="",
        alias="APEX_SKIPPED_VARIABLES",
        description="Comma-separated variables that are knowingly not set (the plan allows it for SHOPIFY_API_KEY,"
        " SHOPIFY_API_SECRET and OPENROUTER_API_KEY): a note instead of a failure.",
        examples=["SHOPIFY_API_KEY,SHOPIFY_API_SECRET"],
    )
    allow_synthetic: bool = Field(
        default=False,
        alias="APEX_ALLOW_SYNTHETIC",
        description="Allow synthetic visitors' events to be sent; they carry the run's prefix and are removed"
        " afterwards. Without it MH-6 is unverified.",
    )
    allow_load: bool = Field(
        default=False,
        alias="APEX_ALLOW_LOAD",
        description="Allow the load profile to run against this target.",
    )
    allow_drills: bool = Field(
        default=False,
        alias="APEX_ALLOW_DRILLS",
        description="Allow drills that deploy and roll back on this target.",
    )
    request_budget: int = Field(
        default=90,
        alias="APEX_REQUEST_BUDGET",
        ge=1,
        description="The most requests a run may send to the application; the plan's rate limit is 100 a minute.",
    )
    cold_start_s: float = Field(
        default=90.0,
        alias="APEX_COLD_START_S",
        ge=0,
        description="Seconds a sleeping free-plan service may take to wake before it is measured.",
    )
    deployer: str = Field(default="", alias="APEX_DEPLOYER", description="Who deploys; shown on the sign-off.")
    reference: bool = Field(
        default=False,
        alias="APEX_REFERENCE",
        description="Set by the embedded deployment itself: every report says that it is no production sign-off.",
    )

    @field_validator("base_url")
    @classmethod
    def _is_https(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.hostname or parts.username:
            raise ValueError("expected an address like https://host, without user name or password")
        return value.rstrip("/")

    @field_validator("database_url", "redis_url")
    @classmethod
    def _is_an_address(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            parts = urlsplit(value.get_secret_value() if value else "x://x")
            usable = bool(parts.scheme and parts.hostname) and parts.port != 0 and not parts.fragment
        except ValueError:
            usable = False  # the exception's text holds a piece of the address
        if not usable:
            raise ValueError("no address; percent-encode /, ?, #, @, : and brackets in its password")
        return value

    @field_validator("provider_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("expected printable ASCII characters without white space")
        return value

    @field_validator("ca_file")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("no such file")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings' interface
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the values that `load_target` merged: one place reads files and the environment."""
        return (init_settings,)

    @property
    def plain_http_url(self) -> str:
        """The address that must redirect to https."""
        parts = urlsplit(self.base_url)
        return self.http_url.rstrip("/") or urlunsplit(("http", parts.hostname or "", "", "", ""))

    @property
    def knowingly_skipped(self) -> frozenset[str]:
        """The variables that are knowingly not set."""
        return frozenset(name.strip() for name in self.skipped_variables.split(",") if name.strip())

    def values(self) -> dict[str, str]:
        """Return every setting by name, secrets included, as a settings file would hold it."""
        found = {field.alias: getattr(self, name) for name, field in type(self).model_fields.items() if field.alias}
        return {alias: _plain(value) for alias, value in found.items() if value is not None}

    def secrets(self) -> dict[str, str]:
        """Return the settings that no output may show, by name."""
        secret = {f.alias for name, f in type(self).model_fields.items() if isinstance(getattr(self, name), SecretStr)}
        found = {alias: value for alias, value in self.values().items() if alias in secret}
        for alias in ("DATABASE_URL", "REDIS_URL"):
            password = urlsplit(found.get(alias, "")).password
            if password:
                found[f"{alias} (password)"] = password
        return found


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever a setting holds
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def setting_names() -> tuple[str, ...]:
    """Return every setting's name, in the order of declaration."""
    return tuple(field.alias for field in Target.model_fields.values() if field.alias)


def load_target(name_or_file: str, environment: Mapping[str, str] = os.environ) -> Target:
    """Read a target: `targets/NAME.env` or a file; the process environment wins over the file.

    Raises:
        TargetError: no such target, an unknown setting, or a setting with a wrong value.
    """
    path = _resolve(name_or_file)
    values = {key: value for key, value in dotenv_values(path, interpolate=False).items() if value}
    for key in values:
        _refuse_unknown(key, path)
    overrides = {name: environment[name] for name in setting_names() if environment.get(name)}
    return make_target(values | overrides, path.stem)


def make_target(values: Mapping[str, Any], name: str) -> Target:
    """Build a target from settings by name.

    Raises:
        TargetError: a setting is missing or has a wrong value.
    """
    try:
        return Target(**values, name=name)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        raise TargetError(f"the settings of target {name!r} are wrong: {'; '.join(lines)}") from None


def _resolve(name_or_file: str) -> Path:
    as_file, as_name = Path(name_or_file), TARGETS_DIR / f"{name_or_file}.env"
    if as_file.is_file():
        return as_file
    if "/" not in name_or_file and as_name.is_file():
        return as_name
    known = ["reference", *sorted(p.stem for p in TARGETS_DIR.glob("*.env") if p.stem != "example")]
    raise TargetError(
        f"target {name_or_file!r} is neither a file nor targets/{as_name.name}; known here: {', '.join(known)}."
        " Copy targets/example.env to make one."
    )


def _refuse_unknown(key: str, path: Path) -> None:
    if not _NAME.match(key):  # perhaps an address with its password, so it is not shown
        raise TargetError(f"{path.name}: a line is not NAME=value; the settings are listed in targets/example.env")
    if key not in setting_names():
        near = difflib.get_close_matches(key, setting_names(), n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; the settings are listed in {TARGETS_DIR.name}/example.env"
        raise TargetError(f"{path.name}: unknown setting {key}{hint}")


def example_file() -> str:
    """Return the text of `targets/example.env`, generated from the declarations."""
    lines = [
        "# A target: where a deployment is and with which keys it is measured.",
        "# Copy to targets/NAME.env (git-ignored) and run: make gate TARGET=NAME",
        "# The process environment wins over this file. What is not set is unverified, never guessed.",
        "# Generated from acceptance/target.py: make docs",
    ]
    for field in Target.model_fields.values():
        if not field.alias or field.alias == "APEX_REFERENCE":
            continue
        example = (field.examples or [""])[0]
        default = "" if field.is_required() or field.default in (None, "") else str(field.default).lower()
        required = " Required." if field.is_required() else ""
        lines += ["", f"# {field.description}{required}"]
        lines += [f"# For example: {example}"] if example else []
        lines.append(
            f"{'' if field.is_required() else '# '}{field.alias}={default or (example if field.is_required() else '')}"
        )
    return "\n".join(lines) + "\n"
