"""What we ask AniList, in GraphQL. The tests hold every document against AniList's own schema.

Adult series can only be told apart after asking (``isAdult``): the arguments of
``Character.media`` do not filter them.
"""

MOST_FOUND = 10
"""Characters a search asks for: nobody reads on for longer in a chooser."""

_FIELDS = """
fragment Fields on Character {
  id
  name { full native alternative alternativeSpoiler }
  image { large }
  description(asHtml: false)
  gender
  age
  dateOfBirth { month day }
  media(sort: [POPULARITY_DESC], perPage: 12) {
    edges {
      characterRole
      node { isAdult startDate { year } title { romaji english native } }
    }
  }
}
"""

SEARCH = (
    """
query Search($text: String!, $most: Int!) {
  Page(page: 1, perPage: $most) {
    characters(search: $text, sort: [SEARCH_MATCH]) { ...Fields }
  }
}
"""
    + _FIELDS
)

N_PAGE = 25
"""Characters a page of `POPULAR` or a series asks for, the best-known first."""

POPULAR = (
    """
query Popular($page: Int!, $most: Int!) {
  Page(page: $page, perPage: $most) {
    characters(sort: [FAVOURITES_DESC]) { ...Fields }
  }
}
"""
    + _FIELDS
)

OF_SERIES = (
    """
query OfSeries($text: String!, $most: Int!) {
  Media(search: $text, isAdult: false, sort: [SEARCH_MATCH]) {
    characters(sort: [ROLE, RELEVANCE], page: 1, perPage: $most) {
      nodes { ...Fields }
    }
  }
}
"""
    + _FIELDS
)

DETAILS = (
    """
query Details($id: Int!) {
  Character(id: $id) { ...Fields }
}
"""
    + _FIELDS
)
