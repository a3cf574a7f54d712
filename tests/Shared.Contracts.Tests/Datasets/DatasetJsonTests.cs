using System.Text.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Shared.Contracts.Tests.Datasets;

public sealed class DatasetJsonTests
{
    [Theory]
    [InlineData("""{"name":"a","columns":[]}""", 1_000_000)]
    [InlineData("""{"name":"a","columns":[],"limits":{}}""", 1_000_000)]
    [InlineData("""{"name":"a","columns":[],"limits":{"maxRows":10}}""", 10)]
    public void Limits_ThatAreNotGiven_HaveTheirDefaults(string json, int maxRows)
    {
        DatasetSpec spec = JsonSerializer.Deserialize(json, RelayApiJson.Default.DatasetSpec)!;

        Assert.Equal(new DatasetLimits(MaxRows: maxRows), spec.Limits);
    }
}
