using Shared.Contracts.Models;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Storage;

public sealed class StoredSchemaTests
{
    private static readonly StoredSchema Whole = StoredSchema.Create(
        "login-risk", new ModelSchema([new("rate", ColumnType.Number)], ["benign", "scan"]), release: 7, statement: "");

    [Fact]
    public void Read_EntryThatTheNodeWrote_IsTheSchema() => Assert.Equal(Whole.Sha256, Whole.Read()?.Hash());

    [Theory]
    [InlineData("login\u001b[2J", null)]
    [InlineData("../up", null)]
    [InlineData("login-risk", "{}")]
    [InlineData("login-risk", "null")]
    [InlineData("login-risk", "{\"inputs\":[null],\"classes\":[]}")]
    [InlineData("login-risk", "{\"\ud800\":1}")]
    public void Read_ModelOrTextThatNoNodeWrites_HasNone(string model, string? text)
    {
        StoredSchema entry = Whole with { Model = model, Text = text ?? Whole.Text };

        Assert.Null((entry with { Sha256 = ModelSchema.ComputeHash(entry.Text) }).Read());
    }
}
