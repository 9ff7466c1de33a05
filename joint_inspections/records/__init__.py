"""One form of many items: sections, answers, results, submission, review."""
