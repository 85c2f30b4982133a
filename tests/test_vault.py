"""Sealing, keyed hashes and derived secrets."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from models.session import Database
from models.tokens import is_well_formed, new_api_token, token_of
from models.vault import KEY_BATCH, KeyDestroyed, Vault, default_keys_url

PERSON = {"name": "佐藤 花子", "email": "hanako@example.jp"}


async def test_what_is_sealed_opens_with_its_own_key_only(database: Database) -> None:
    one, other = await database.vault.new_key(), await database.vault.new_key()
    sealed = one.seal(PERSON)
    assert one.unseal(sealed) == PERSON
    assert "花子".encode() not in sealed
    with pytest.raises(InvalidTag):
        other.unseal(sealed)
    with pytest.raises(InvalidTag):
        one.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))


async def test_sealing_twice_differs(database: Database) -> None:
    key = await database.vault.new_key()
    assert key.seal(PERSON) != key.seal(PERSON)


async def test_a_key_is_stored_before_it_is_used(database: Database) -> None:
    keys = [await database.vault.new_key() for _ in range(KEY_BATCH + 1)]
    assert len({key.id for key in keys}) == KEY_BATCH + 1
    stored = await database.vault.keys(key.id for key in keys)
    assert stored == {key.id: key for key in keys}


async def test_a_destroyed_key_opens_nothing(database: Database) -> None:
    key = await database.vault.new_key()
    await database.vault.destroy([key.id])
    assert await database.vault.keys([key.id]) == {}
    with pytest.raises(KeyDestroyed):
        await database.vault.key(key.id)


async def test_keys_are_useless_under_another_secret(database: Database, database_url: str) -> None:
    key = await database.vault.new_key()
    stranger = Vault(b"another secret key of 32 bytes or more", default_keys_url(database_url))
    with pytest.raises(InvalidTag):
        await stranger.key(key.id)
    await stranger.close()


async def test_keyed_hashes_match_within_one_consortium_only(database: Database) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    vault = database.vault
    assert vault.blind("email", one, "a@example.jp") == vault.blind("email", one, "a@example.jp")
    assert vault.blind("email", one, "a@example.jp") != vault.blind("email", other, "a@example.jp")
    assert vault.blind("email", one, "a@example.jp") != vault.blind("phone", one, "a@example.jp")


async def test_derived_tokens_are_stable_and_apart(database: Database) -> None:
    row = uuid.uuid4()
    token = token_of(database.vault, "relay-link", row)
    assert token == token_of(database.vault, "relay-link", row)
    assert len(token) == 22
    assert token != token_of(database.vault, "confirm-registration", row)
    assert token != token_of(database.vault, "relay-link", uuid.uuid4())


async def test_an_id_of_the_pool_is_one_organizations_own(database: Database) -> None:
    vault, one, other, person = database.vault, uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    listed = vault.listing_id(one, person)
    assert vault.listed_candidate(one, listed) == person
    assert listed == vault.listing_id(one, person)
    assert len({person, listed, vault.listing_id(other, person)}) == 3
    assert vault.listed_candidate(other, listed) != person
    assert vault.listed_candidate(one, person) != person


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Vault(b"short", f"sqlite:///{tmp_path}/keys.db")


def test_the_keys_of_a_file_lie_beside_it() -> None:
    assert default_keys_url("sqlite:///var/tasuki.db") == "sqlite:///var/tasuki-keys.db"
    assert default_keys_url("postgresql:///tasuki") == "postgresql:///tasuki"


def test_an_api_token_shows_typing_errors() -> None:
    token = new_api_token()
    assert is_well_formed(token)
    assert not is_well_formed(token[:-1] + ("0" if token[-1] != "0" else "1"))
    assert not is_well_formed("tsk_" + token[5:] + "0")
    assert not is_well_formed("")
