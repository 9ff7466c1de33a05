"""Where a draw is computed: plain Python, a compiled kernel, DuckDB, PostgreSQL or Spark, always the same bytes."""
