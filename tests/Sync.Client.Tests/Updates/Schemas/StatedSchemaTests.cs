using Shared.Contracts.Models;
using Sync.Client.Updates.Schemas;

namespace Sync.Client.Tests.Updates.Schemas;

public sealed class StatedSchemaTests
{
    private const string Name = "threat-classifier";

    private static readonly ModelSchema Schema = new(
        [new("rate", ColumnType.Number), new("protocol", ColumnType.Category), new("size", ColumnType.Number)], ["benign", "scan"], "benign");

    [Theory]
    [InlineData("inputs", true)]
    [InlineData("classes", true)]
    [InlineData("task", true)]
    [InlineData("hash", true)]
    [InlineData("nothing", true)]
    [InlineData("fewer inputs", false)]
    [InlineData("inputs in another order", false)]
    [InlineData("inputs in other letters", false)]
    [InlineData("classes in another order", false)]
    [InlineData("another task", false)]
    [InlineData("another hash", false)]
    [InlineData("the right inputs and another hash", false)]
    public void FindDifferences_Statement_IsEmptyWhereTheSchemaFits(string statement, bool fits)
    {
        IReadOnlyList<string> found = State(s => Set(s, statement)).FindDifferences(Schema, Schema.Hash());

        Assert.Equal(fits, found.Count == 0);
    }

    [Fact]
    public void Digest_OfDifferentStatements_DiffersAndOfNothingIsEmpty()
    {
        string[] digests =
        [
            State(_ => { }).Digest,
            State(s => s.Inputs = ["a", "b"]).Digest,
            State(s => s.Inputs = ["b", "a"]).Digest,
            State(s => s.Inputs = ["ab"]).Digest,
            State(s => s.Classes = ["a", "b"]).Digest,
            State(s => s.Task = ModelTask.Regression).Digest,
            State(s => s.AnySchema = true).Digest,
            State(s => s.Hash = "a").Digest,
            StateRow<FirstRow>().Digest,
            StateRow<SecondRow>().Digest,
        ];

        Assert.Equal("", digests[0]);
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(digests[1], State(s => s.Inputs = ["a", "b"]).Digest);
    }

    private static void Set(ExpectedSchema expected, string statement)
    {
        switch (statement)
        {
            case "inputs": expected.Inputs = ["rate", "protocol", "size"]; break;
            case "fewer inputs": expected.Inputs = ["rate", "protocol"]; break;
            case "inputs in another order": expected.Inputs = ["rate", "size", "protocol"]; break;
            case "inputs in other letters": expected.Inputs = ["Rate", "protocol", "size"]; break;
            case "classes": expected.Classes = ["benign", "scan"]; break;
            case "classes in another order": expected.Classes = ["scan", "benign"]; break;
            case "task": expected.Task = ModelTask.Classification; break;
            case "another task": expected.Task = ModelTask.Regression; break;
            case "hash": expected.Hash = Schema.Hash(); break;
            case "another hash": expected.Hash = new string('a', 64); break;
            case "the right inputs and another hash": (expected.Inputs, expected.Hash) = (["rate", "protocol", "size"], new string('a', 64)); break;
            default: break;
        }
    }

    private static StatedSchema State(Action<ExpectedSchema> expect)
    {
        RelaySyncOptions options = new();
        options.AddModel(Name, expect);
        return new StatedSchema(options, Name);
    }

    private static StatedSchema StateRow<TRow>()
    {
        RelaySyncOptions options = new();
        options.AddModel<TRow>(Name);
        return new StatedSchema(options, Name);
    }

    private sealed record FirstRow(float Rate);

    private sealed record SecondRow(float Rate);
}
