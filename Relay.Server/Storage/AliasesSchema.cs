namespace Relay.Server.Storage;

/// <summary>Each change of an alias of a model; the last one says which version it names, null: it was deleted. The triggers stop a
/// mistake.</summary>
internal static class AliasesSchema
{
    public const string Step = """
        CREATE TABLE alias_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model TEXT NOT NULL,
            alias TEXT NOT NULL,
            version INTEGER,
            at INTEGER NOT NULL,
            key TEXT,
            FOREIGN KEY (model, version) REFERENCES model_versions (model, version));
        CREATE INDEX alias_changes_by_alias ON alias_changes (model, alias, id);

        CREATE TRIGGER alias_changes_update BEFORE UPDATE ON alias_changes BEGIN SELECT RAISE(ABORT, 'changes of aliases are added only'); END;
        CREATE TRIGGER alias_changes_delete BEFORE DELETE ON alias_changes BEGIN SELECT RAISE(ABORT, 'changes of aliases are added only'); END;
        """;
}
