using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class CellFormRulesTests
{
    [Theory]
    [InlineData("""{"missing":["NA","-"],"percent":["x"],"lists":{"z":{"take":"mean"},"c":{"take":"first","separator":"|"}}}""", null)]
    [InlineData("""{"missing":[""]}""", "$.csv.missing[0]")]
    [InlineData("""{"missing":["NA","NA"]}""", "$.csv.missing[1]")]
    [InlineData("""{"missing":[null]}""", "$.csv.missing[0]")]
    [InlineData("""{"percent":["c"]}""", "$.csv.percent[0]")]
    [InlineData("""{"percent":["y"]}""", "$.csv.percent[0]")]
    [InlineData("""{"lists":{"y":{"take":"first"}}}""", "$.csv.lists.y")]
    [InlineData("""{"lists":{"c":{"take":"mean"}}}""", "$.csv.lists.c.take")]
    [InlineData("""{"lists":{"x":{"take":"mean","separator":","}}}""", "$.csv.lists.x.separator")]
    [InlineData("""{"lists":{"x":{"take":"mean","separator":"."}}}""", "$.csv.lists.x.separator")]
    [InlineData("""{"lists":{"x":{"take":"mean","separator":";;"}}}""", "$.csv.lists.x.separator")]
    [InlineData("""{"percent":["x"],"lists":{"x":{"take":"mean"}}}""", "$.csv.lists.x")]
    public void Csv_FormsOfCells_FitTheirColumns(string csv, string? path)
    {
        string spec = """
            {"name":"a","task":"classification","algorithm":"random-forest","csv":CSV,
             "columns":[{"name":"x","type":"number"},{"name":"z","type":"number"},{"name":"c","type":"category"},{"name":"y","type":"label"}]}
            """.Replace("CSV", csv, StringComparison.Ordinal);

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
