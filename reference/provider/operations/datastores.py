"""Operations on databases and key value stores: reading them and how to connect to them."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query, serialize
from reference.provider.answers import Answer, find
from reference.provider.context import Context, Operation
from reference.provider.model import Database, Store
from reference.provider.pages import page


async def list_databases(context: Context, request: Request) -> Response:
    """The databases that the filters leave."""
    states = query.choices(query.joined(request, "suspended"), "suspended", {"suspended", "not_suspended"})
    chosen = [
        each
        for each in context.workspace.databases
        if _fits(context, request, each) and (not states or serialize.suspension(each)["suspended"] in states)
    ]
    return page(request, "postgres", chosen, lambda each: each.id, lambda each: _database(context, each))


def _fits(context: Context, request: Request, resource: Database | Store) -> bool:
    facts = {"name": resource.name, "region": resource.region, "ownerId": context.workspace.owner.id}
    wanted = {name: query.joined(request, name) for name in facts}
    return all(not wanted[name] or fact in wanted[name] for name, fact in facts.items())


def _database(context: Context, database: Database) -> serialize.Json:
    status = context.engine.status_of_database(database)
    return serialize.database(database, status, context.workspace.owner)


def _named_database(context: Context, request: Request) -> Database:
    return find(context.workspace.databases, request.path_params["postgres_id"])


async def get_database(context: Context, request: Request) -> Response:
    """One database."""
    return Answer(_database(context, _named_database(context, request)))


async def connect_database(context: Context, request: Request) -> Response:
    """How to connect to a database, password included."""
    database = _named_database(context, request)
    place = urlsplit(database.external_url)
    command = (
        f"PGPASSWORD={database.password} psql -h {place.hostname} -p {place.port or 5432} "
        f"-U {database.user} {database.database}"
    )
    return Answer(
        {
            "externalConnectionString": database.external_url,
            "internalConnectionString": database.internal_url,
            "password": database.password,
            "psqlCommand": command,
        }
    )


async def list_stores(context: Context, request: Request) -> Response:
    """The key value stores that the filters leave."""
    chosen = [each for each in context.workspace.stores if _fits(context, request, each)]
    shown = {each.id: serialize.listed_store(each, await _store(context, each)) for each in chosen}
    return page(request, "keyValue", chosen, lambda each: each.id, lambda each: shown[each.id])


async def _store(context: Context, store: Store) -> serialize.Json:
    status, policy = context.engine.status_of_store(store), await context.engine.policy_of_store(store)
    return serialize.store(store, status, policy, context.workspace.owner)


def _named_store(context: Context, request: Request) -> Store:
    return find(context.workspace.stores, request.path_params["store_id"])


async def get_store(context: Context, request: Request) -> Response:
    """One key value store."""
    return Answer(await _store(context, _named_store(context, request)))


async def connect_store(context: Context, request: Request) -> Response:
    """How to connect to a key value store; the command begins with a blank, to stay out of shell histories."""
    store = _named_store(context, request)
    place = urlsplit(store.external_url)
    user, password, tls = place.username or "default", place.password or "", place.scheme == "rediss"
    command = f" REDISCLI_AUTH={password} valkey-cli --user {user} -h {place.hostname} -p {place.port or 6379}"
    return Answer(
        {
            "cliCommand": command + (" --tls" if tls else ""),
            "externalConnectionString": store.external_url,
            "internalConnectionString": store.internal_url,
        }
    )


OPERATIONS: list[Operation] = [
    ("GET", "/postgres", list_databases),
    ("GET", "/postgres/{postgres_id}", get_database),
    ("GET", "/postgres/{postgres_id}/connection-info", connect_database),
    ("GET", "/key-value", list_stores),
    ("GET", "/key-value/{store_id}", get_store),
    ("GET", "/key-value/{store_id}/connection-info", connect_store),
]
