using System.Text.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

/// <summary>Names of parameters in JSON: today's are written, older ones are still read.</summary>
public sealed class ParameterNamesTests
{
    private static readonly ModelParameters All = new()
    {
        Trees = 1,
        Depth = 2,
        Leaves = 3,
        LearningRate = 0.3,
        MinSamplesLeaf = 4,
        MinSamplesSplit = 5,
        MinChildWeight = 6,
        L2 = 7,
        StartScore = 0.7,
        FeatureFraction = 0.8,
        Subsample = 0.9,
        EarlyStoppingRounds = 10,
        ValidationFraction = 0.11,
        Monotone = new Dictionary<string, int> { ["x"] = 1 },
        Features = ["x"],
        SamplesPerTree = 12,
        Contamination = 0.13,
        Scale = true,
        Seed = 14,
    };

    [Fact]
    public void Table_HasEveryMemberInItsOrder() => Assert.Equal(
        JsonSerializer.SerializeToElement(All, ModelJson.Default.ModelParameters).EnumerateObject().Select(p => p.Name),
        ParameterTable.All.Select(p => p.Name));

    [Fact]
    public void Table_EveryValue_IsRead() => Assert.All(ParameterTable.All, p => Assert.NotNull(p.Value(All)));

    [Fact]
    public void Parse_OlderNames_AreRead()
    {
        ModelSpec spec = ModelSpecParser.Parse(Spec("\"columnShare\": 0.5, \"trees\": 3, \"rowShare\": 0.25, \"watchedShare\": 0.125"));

        Assert.Equal(new ModelParameters { FeatureFraction = 0.5, Trees = 3, Subsample = 0.25, ValidationFraction = 0.125 }, spec.Parameters);
    }

    [Fact]
    public void Deserialize_StoredSpecWithOlderNames_IsRead()
    {
        ModelSpec spec = JsonSerializer.Deserialize(Spec("\"rowShare\": 0.25"), ModelJson.Default.ModelSpec)!;

        Assert.Equal(0.25, spec.Parameters.Subsample);
        Assert.Contains("\"subsample\":0.25", JsonSerializer.Serialize(spec, ModelJson.Default.ModelSpec), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rowShare\": 0.5, \"subsample\": 0.5", "$.parameters.rowShare", 3, 30)]
    [InlineData("\"subsample\": 0.5, \"rowShare\": 0.5", "$.parameters.rowShare", 3, 48)]
    [InlineData("\"columnShare\": 0.5, \"featureFraction\": 0.5", "$.parameters.columnShare", 3, 33)]
    [InlineData("\"watchedShare\": 0.5, \"validationFraction\": 0.5", "$.parameters.watchedShare", 3, 34)]
    [InlineData("\"subsample\": 0", "$.parameters.subsample", 3, 31)]
    [InlineData("\"featureFraction\": 1.01", "$.parameters.featureFraction", 3, 37)]
    [InlineData("\"validationFraction\": 0.6", "$.parameters.validationFraction", 3, 40)]
    public void Parse_TwoNamesOrOutOfRange_NamesTheValueAndItsPlace(string parameters, string path, int line, int column)
    {
        ModelSpecException e = Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(Spec(parameters)));

        Assert.Equal((path, line, column), (e.Problem.Path, e.Line, e.Column));
    }

    [Fact]
    public void Parse_OlderNameTwice_IsRefused() =>
        Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(Spec("\"rowShare\": 0.5, \"rowShare\": 0.5")));

    [Fact]
    public void DigestText_RenamedParameters_HaveTheirFirstNames()
    {
        ModelParameters parameters = new() { Trees = 3, FeatureFraction = 0.5, Subsample = 0.25, ValidationFraction = 0.125, Seed = 1 };

        Assert.Equal(
            """{"trees":3,"columnShare":0.5,"rowShare":0.25,"watchedShare":0.125,"seed":1}"""u8, SpecDigestText.Write(parameters));
    }

    [Fact]
    public void DigestText_NothingRenamed_IsTheJsonOfTheSpec()
    {
        ModelSpec spec = ModelSpecParser.Parse(Spec("\"trees\": 3"));

        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(spec, ModelJson.Default.ModelSpec), SpecDigestText.Write(spec));
    }

    private static string Spec(string parameters) => $$"""
        {"name":"a","task":"classification","algorithm":"gradient-boosting",
         "columns":[{"name":"x","type":"number"},{"name":"y","type":"label"}],
         "parameters": { {{parameters}} } }
        """;
}
