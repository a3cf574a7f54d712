namespace Relay.WebConsole.Models.Specs;

/// <summary>What a new spec begins with: a valid one, to change.</summary>
internal static class NewSpec
{
    public const string Text =
        """
        {
          "name": "my-model",
          "task": "classification",
          "algorithm": "random-forest",
          "columns": [
            { "name": "requests", "type": "number" },
            { "name": "method", "type": "category" },
            { "name": "verdict", "type": "label" }
          ],
          "label": { "benign": "safe" },
          "parameters": { "trees": 100 }
        }
        """;
}
