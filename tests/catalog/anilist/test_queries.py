"""Our documents and the recorded shapes fit AniList's own schema."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import graphql
import pytest

from catalog.anilist.queries import DETAILS, OF_SERIES, POPULAR, SEARCH
from tests.catalog.anilist.stand_in import EVERYBODY, REI

ROOT = Path(__file__).resolve().parents[3]
CONTRACTS = Path(os.environ.get("ANIWHOIS_CONTRACTS", ROOT.parent / "shared" / "contracts"))


@pytest.fixture(scope="module")
def schema() -> graphql.GraphQLSchema:
    file = CONTRACTS / "anilist.graphql"
    if not file.is_file():
        pytest.skip(f"NO SCHEMA OF ANILIST at {file}; set ANIWHOIS_CONTRACTS to check the queries")
    return graphql.build_schema(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", [SEARCH, DETAILS, POPULAR, OF_SERIES])
def test_the_documents_are_valid(schema: graphql.GraphQLSchema, document: str) -> None:
    assert graphql.validate(schema, graphql.parse(document)) == []


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        (SEARCH, SEARCH.replace("alternativeSpoiler", "alternativeSecret")),
        (SEARCH, SEARCH.replace("SEARCH_MATCH", "BEST")),
        (DETAILS, DETAILS.replace("$id: Int!", "$id: String!")),
    ],
)
def test_the_check_bites(schema: graphql.GraphQLSchema, document: str, wrong: str) -> None:
    assert wrong != document
    assert graphql.validate(schema, graphql.parse(wrong))


def test_no_document_asks_for_more_than_anilist_gives(schema: graphql.GraphQLSchema) -> None:
    """25 a page is the most for a character's media."""
    assert "perPage: 12" in SEARCH
    page = schema.type_map["Character"].fields["media"].args["perPage"]  # type: ignore[attr-defined]
    assert "max 25" in page.description


@pytest.mark.parametrize("recorded", EVERYBODY, ids=lambda one: one["name"]["full"])
def test_the_recorded_shapes_are_what_the_schema_answers(
    schema: graphql.GraphQLSchema, recorded: dict[str, Any]
) -> None:
    """The document, run by a GraphQL server on the recorded character, gives exactly that back."""
    root = {"Character": lambda info, id: recorded if id == recorded["id"] else None}
    answer = graphql.graphql_sync(schema, DETAILS, root, variable_values={"id": recorded["id"]})
    assert answer.errors is None
    assert _sorted(answer.data["Character"]) == _sorted(recorded)


def test_a_search_answers_a_page(schema: graphql.GraphQLSchema) -> None:
    root = {"Page": lambda info, **_: {"characters": lambda info, **_: [REI]}}
    variables = {"text": "Rei", "most": 10}
    answer = graphql.graphql_sync(schema, SEARCH, root, variable_values=variables)
    assert answer.errors is None
    assert _sorted(answer.data) == _sorted({"Page": {"characters": [REI]}})


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
