"""An XForm, and one person's answers to it: parser, expressions, dependency graph, session."""
