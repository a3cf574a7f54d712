using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class FairnessRulesTests
{
    [Theory]
    [InlineData("""["region"]""", null)]
    [InlineData("""["region","x"]""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""["y"]""", "$.fairness[0]")]
    [InlineData("""["x","x"]""", "$.fairness[1]")]
    [InlineData("""["none"]""", "$.fairness[0]")]
    [InlineData("""[null]""", "$.fairness[0]")]
    [InlineData("""["x","region","a","b","c"]""", "$.fairness")]
    [InlineData("\"x\"", "$.fairness")]
    public void Fairness_IsAFewColumnsThatTheDataHave(string fairness, string? path)
    {
        string spec = """
            {"name":"a","task":"classification","algorithm":"random-forest","fairness":FAIRNESS,
             "columns":[{"name":"x","type":"number"},{"name":"region","type":"ignore"},{"name":"y","type":"label"}]}
            """.Replace("FAIRNESS", fairness, StringComparison.Ordinal);

        ModelSpecException? refused = null;
        try
        {
            _ = ModelSpecParser.Parse(spec);
        }
        catch (ModelSpecException e)
        {
            refused = e;
        }

        Assert.Equal(path, refused?.Problem.Path);
    }
}
