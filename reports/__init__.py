"""Everything that leaves the house: public pages, open data, printed documents, the whole-life record."""
