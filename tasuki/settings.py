"""Settings: environment variables that begin with ``TASUKI_``, or a file ``.env``."""

from __future__ import annotations

import os
import secrets
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.session import Database, async_url
from models.vault import SECRET_KEY_BYTES_MIN, Vault, default_keys_url

VAR = Path("var")
ANALYSIS_PROCESSES = min(4, os.cpu_count() or 1)


class Environment(StrEnum):
    """``production`` refuses to guess what must be said."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class WorkerPlace(StrEnum):
    """Whether mails and timers are the server's work, or that of ``tasuki worker``."""

    INSIDE = "inside"
    APART = "apart"


class Settings(BaseSettings):
    """Everything that can be set. ``.env.example`` says what each is for."""

    model_config = SettingsConfigDict(env_prefix="TASUKI_", env_file=".env", extra="ignore")

    env: Environment = Environment.DEVELOPMENT
    database_url: str = f"sqlite:///{VAR}/tasuki.db"
    keys_url: str | None = None
    secret_key: str | None = None
    base_url: str | None = None
    smtp_url: str | None = None
    mail_dir: Path = VAR / "mail"
    mail_from: str = "Tasuki <tasuki@localhost>"
    contact: str | None = None
    worker: WorkerPlace = WorkerPlace.INSIDE
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    introspection: bool | None = None
    metrics_token: str | None = None
    analysis_processes: Annotated[int, Field(ge=1, le=64)] = ANALYSIS_PROCESSES

    @field_validator("database_url", "keys_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None:
            async_url(value)
        return value

    @field_validator("base_url")
    @classmethod
    def _plain_origin(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/") if value else None

    @model_validator(mode="after")
    def _said_in_production(self) -> Settings:
        if self.secret_key is not None and len(self.secret_key.encode()) < SECRET_KEY_BYTES_MIN:
            raise ValueError(f"TASUKI_SECRET_KEY needs at least {SECRET_KEY_BYTES_MIN} bytes")
        if self.env is Environment.PRODUCTION:
            missing = [
                f"TASUKI_{name.upper()}"
                for name in ("secret_key", "base_url", "mail_from")
                if name not in self.model_fields_set or getattr(self, name) is None
            ]
            if missing:
                raise ValueError(f"production needs {', '.join(missing)}")
        return self

    @property
    def is_development(self) -> bool:
        """Whether GraphiQL, introspection and guesses are on."""
        return self.env is Environment.DEVELOPMENT

    @property
    def contact_address(self) -> str:
        """Whom people ask about their data: the operator, else the sender of the mails."""
        return self.contact or parseaddr(self.mail_from)[1]

    @property
    def allows_introspection(self) -> bool:
        """Whether clients may read the schema."""
        return self.is_development if self.introspection is None else self.introspection

    def open_database(self, *, durable: bool = True) -> Database:
        """The database and its vault. Makes the folder of a SQLite file where it is missing."""
        url = async_url(self.database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        vault = Vault(
            self._secret().encode(),
            self.keys_url or default_keys_url(self.database_url),
            durable=durable,
        )
        return Database(self.database_url, vault, durable=durable)

    def _secret(self) -> str:
        return self.secret_key if self.secret_key is not None else development_secret(VAR)


def development_secret(folder: Path) -> str:
    """A secret made once for development, readable by its owner only."""
    path = folder / "development-secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret
