using System.Text;
using System.Text.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class BudgetRulesTests
{
    [Theory]
    [InlineData("""{"maxBytes": 50000}""", 50000L, null, null)]
    [InlineData("""{"maxMicroseconds": 1.5}""", null, 1.5, null)]
    [InlineData("""{"maxQualityLoss": 0, "maxBytes": 1000}""", 1000L, null, 0.0)]
    public void Parse_Budget_IsRead(string budget, long? bytes, double? microseconds, double? loss) => Assert.Equal(
        new BudgetSpec { MaxBytes = bytes, MaxMicroseconds = microseconds, MaxQualityLoss = loss }, Parse(budget, "random-forest").Budget);

    [Theory]
    [InlineData("""{}""", "random-forest", "$.budget")]
    [InlineData("""{"maxBytes": 999}""", "random-forest", "$.budget.maxBytes")]
    [InlineData("""{"maxBytes": -1}""", "random-forest", "$.budget.maxBytes")]
    [InlineData("""{"maxBytes": 1073741825}""", "random-forest", "$.budget.maxBytes")]
    [InlineData("""{"maxMicroseconds": 0}""", "gradient-boosting", "$.budget.maxMicroseconds")]
    [InlineData("""{"maxMicroseconds": 1e300}""", "gradient-boosting", "$.budget.maxMicroseconds")]
    [InlineData("""{"maxQualityLoss": -0.1}""", "gradient-boosting", "$.budget.maxQualityLoss")]
    [InlineData("""{"maxQualityLoss": 100.5}""", "gradient-boosting", "$.budget.maxQualityLoss")]
    [InlineData("""{"maxBytes": 5000}""", "imported", "$.budget")]
    public void Parse_BudgetThatBreaksARule_IsRefusedAtItsPath(string budget, string algorithm, string path) =>
        Assert.Equal(path, Assert.Throws<ModelSpecException>(() => Parse(budget, algorithm)).Problem.Path);

    [Theory]
    [InlineData("""{"maxBytes": "much"}""")]
    [InlineData("""{"maxBytes": 1.5}""")]
    [InlineData("""{"bytes": 5000}""")]
    [InlineData("""5000""")]
    public void Parse_BudgetOfAnotherForm_IsRefused(string budget) => Assert.Throws<ModelSpecException>(() => Parse(budget, "random-forest"));

    [Fact]
    public void Parse_AnomaliesWithoutLabels_AreRefused()
    {
        const string Form =
            """{"name":"a","task":"anomaly-detection","algorithm":"isolation-forest","budget":{"maxBytes":9000},"columns":[{"name":"x","type":"number"}]}""";

        Assert.Equal("$.budget", Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(Form)).Problem.Path);
    }

    [Theory]
    [InlineData("earlyStoppingRounds", "5", "$.parameters.earlyStoppingRounds")]
    [InlineData("scale", "true", "$.parameters.scale")]
    [InlineData("scale", "false", null)]
    public void Parse_BesideAParameterThatTheSearchDoesNotMeasureWith_IsRefused(string parameter, string value, string? path)
    {
        string json = Text("{\"maxBytes\": 9000}", "gradient-boosting").Replace(
            "\"budget\"", $"\"parameters\":{{\"{parameter}\":{value}}},\"budget\"", StringComparison.Ordinal);

        ModelSpecException? refused = Record.Exception(() => ModelSpecParser.Parse(json)) as ModelSpecException;

        Assert.Equal(path, refused?.Problem.Path);
        ModelSpecParser.Parse(json.Replace("\"budget\":{\"maxBytes\": 9000},", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lookup")]
    [InlineData("count")]
    public void Parse_BesideAColumnThatIsAlwaysInTheFile_IsRefused(string encoding)
    {
        string form = $$"""
            {"name":"a","task":"classification","algorithm":"gradient-boosting","budget":{"maxBytes":9000},"label":{"benign":"b"},
             "columns":[{"name":"x","type":"category","encoding":"{{encoding}}"},{"name":"y","type":"label"}]}
            """;

        Assert.Equal("$.budget", Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(form)).Problem.Path);
    }

    [Theory]
    [InlineData("""["x"]""", null)]
    [InlineData("""[]""", "$.parameters.features")]
    [InlineData("""["y"]""", "$.parameters.features[0]")]
    [InlineData("""["x", "x"]""", "$.parameters.features[1]")]
    [InlineData("""["x", null]""", "$.parameters.features[1]")]
    public void Parse_Features_AreColumnsOfTheModel(string features, string? path)
    {
        string json = Text("""{"maxBytes": 9000}""", "random-forest").Replace(
            "\"budget\"", $"\"parameters\":{{\"features\":{features}}},\"budget\"", StringComparison.Ordinal);

        if (path is null)
        {
            Assert.Equal(["x"], ModelSpecParser.Parse(json).Parameters.Features!);
            return;
        }

        Assert.Equal(path, Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(json)).Problem.Path);
    }

    [Fact]
    public void DigestText_SpecWithoutABudget_DoesNotMentionIt()
    {
        string text = Encoding.UTF8.GetString(SpecDigestText.Write(Parse("""{"maxBytes": 9000}""", "random-forest") with { Budget = null }));

        Assert.DoesNotContain("budget", text, StringComparison.Ordinal);
        Assert.DoesNotContain("features", text, StringComparison.Ordinal);
    }

    [Fact]
    public void FrontierPoint_OfAnEarlierOrALaterVersion_IsRead()
    {
        FrontierPoint point = JsonSerializer.Deserialize(
            """{"sizeBytes": 5, "quality": 0.5, "isChosen": true, "ofALaterVersion": 1}""", ModelJson.Default.FrontierPoint)!;

        Assert.Equal(new FrontierPoint(5, 0.5) { IsChosen = true }, point);
    }

    private static ModelSpec Parse(string budget, string algorithm) => ModelSpecParser.Parse(Text(budget, algorithm));

    private static string Text(string budget, string algorithm) =>
        $$"""
        {"name":"a","task":"classification","algorithm":"{{algorithm}}","budget":{{budget}},
         "columns":[{"name":"x","type":"number"},{"name":"y","type":"label"}]}
        """;
}
