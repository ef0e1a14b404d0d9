"""SQLite: engine, the one writer lane, rows, repositories, migrations, sealing."""
