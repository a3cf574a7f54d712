using System.Text.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class ModelSchemaTests
{
    private static readonly ModelSchema Schema = new(
        [new ColumnSpec("bytes", ColumnType.Number), new ColumnSpec("proto", ColumnType.Category)], ["normal", "dos"], "normal");

    // Spelled out: nodes in the field compare this hash, so a change of the JSON would part old files from new code.
    private const string Text =
        """{"inputs":[{"name":"bytes","type":"number"},{"name":"proto","type":"category"}],"classes":["normal","dos"],"benign":"normal"}""";

    [Fact]
    public void ToJson_Schema_KeepsItsForm() => Assert.Equal(Text, Schema.ToJson());

    [Fact]
    public void Hash_Schema_IsThatOfItsText()
    {
        // printf '%s' TEXT | sha256sum
        Assert.Equal("c2d9b5ece04121ac75aefe62260edca5d5d20f3513daf5dae9b09317cc4d020f", Schema.Hash());
        Assert.Equal(Schema.Hash(), ModelSchema.ComputeHash(Text));
    }

    [Fact]
    public void ToJson_RequiredInput_SaysSoAndIsReadAgain()
    {
        ModelSchema strict = Schema with { Inputs = [Schema.Inputs[0] with { Required = true }, Schema.Inputs[1]] };

        Assert.Equal(
            """{"inputs":[{"name":"bytes","type":"number","required":true},{"name":"proto","type":"category"}],"classes":["normal","dos"],"benign":"normal"}""",
            strict.ToJson());
        Assert.Equal([true, false], JsonSerializer.Deserialize(strict.ToJson(), ModelJson.Default.ModelSchema)!.Inputs.Select(i => i.Required));
    }

    [Fact]
    public void Hash_OtherOrderOfInputs_Differs() =>
        Assert.NotEqual(Schema.Hash(), (Schema with { Inputs = [.. Schema.Inputs.Reverse()] }).Hash());

    [Theory]
    [InlineData("normal")]
    [InlineData(null)]
    public void ToJson_ThereAndBack_SameText(string? benign)
    {
        string text = (Schema with { Benign = benign }).ToJson();

        Assert.Equal(text, JsonSerializer.Deserialize(text, ModelJson.Default.ModelSchema)!.ToJson());
    }
}
