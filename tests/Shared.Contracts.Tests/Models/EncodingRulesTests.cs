using System.Text;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class EncodingRulesTests
{
    [Theory]
    [InlineData("count", "gradient-boosting", "managed", true, true)]
    [InlineData("count", "random-forest", "xgboost", true, true)]
    [InlineData("count", "gradient-boosting", "managed", false, false)]
    [InlineData("lookup", "gradient-boosting", "managed", false, true)]
    [InlineData("lookup", "imported", "managed", false, true)]
    [InlineData("lookup", "random-forest", "managed", true, false)]
    [InlineData("lookup", "gradient-boosting", "xgboost", true, false)]
    public void Parse_CountsAndLookUps_AreTakenWhereTheModelCanHaveThem(
        string encoding, string algorithm, string engine, bool hasBenign, bool isTaken)
    {
        string label = hasBenign ? ",\"label\":{\"benign\":\"good\"}" : "";
        string spec = $$"""
            {"name":"a","task":"classification","algorithm":"{{algorithm}}","engine":"{{engine}}"{{label}},
             "columns":[{"name":"x","type":"category","encoding":"{{encoding}}"},{"name":"y","type":"label"}]}
            """;

        if (isTaken)
        {
            Assert.Equal(encoding, $"{ModelSpecParser.Parse(spec).Columns[0].Encoding}".ToLowerInvariant());
        }
        else
        {
            Assert.Equal("$.columns[0].encoding", Refused(spec).Problem.Path);
        }

        Assert.Equal("$.columns[0].encoding", Refused(spec.Replace("classification", "regression", StringComparison.Ordinal)).Problem.Path);
    }

    [Theory]
    [InlineData(32, null)]
    [InlineData(33, "$.columns[32].encoding")]
    public void Parse_LookUps_AreSoManyThatTheirScoresStayFinite(int columns, string? path)
    {
        string each = string.Concat(Enumerable.Range(0, columns).Select(i => $$"""{"name":"x{{i}}","type":"category","encoding":"lookup"},"""));
        string spec = $$"""
            {"name":"a","task":"classification","algorithm":"gradient-boosting","columns":[{{each}}{"name":"y","type":"label"}]}
            """;

        ModelSpecException? refused = Record.Exception(() => ModelSpecParser.Parse(spec)) as ModelSpecException;

        Assert.Equal(path, refused?.Problem.Path);
    }

    private static ModelSpecException Refused(string spec) =>
        Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(Encoding.UTF8.GetBytes(spec)));
}
