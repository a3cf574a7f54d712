namespace Relay.WebConsole.Data;

/// <summary>What a new spec begins with: a valid one, to change.</summary>
internal static class NewDatasetSpec
{
    public const string Text =
        """
        {
          "name": "my-dataset",
          "columns": [
            { "name": "requests", "type": "number", "required": true, "nodes": true },
            { "name": "method", "type": "category", "nodes": true },
            { "name": "client", "type": "category", "addresses": "hash" },
            { "name": "verdict", "type": "label" }
          ],
          "label": { "classes": ["benign", "attack"] },
          "limits": { "rowsPerNodeAndDay": 10000, "nodeShare": 0.2, "maxRows": 1000000, "retentionDays": 365 }
        }
        """;
}
