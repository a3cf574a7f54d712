using Shared.Contracts.Http;
using Shared.Contracts.Models;
using Sync.Client.AspNetCore.Scoring;

namespace Sync.Client.AspNetCore.Tests;

public sealed class SchemaTests
{
    private static ModelSchema Schema(IEnumerable<string> inputs, string? benign = "safe", ColumnType type = ColumnType.Number) =>
        new([.. inputs.Select(name => new ColumnSpec(name, type))], ["safe", "attack"], benign);

    [Fact]
    public void Create_FeaturesInAnyOrder_FillsRowsInThatOfTheModel()
    {
        FeatureMap map = FeatureMap.Create(Version(Schema(["method", "ip_octet_1"]))).Map!;
        float[] features = [.. Enumerable.Range(0, HttpFeatureSchema.Count).Select(i => (float)i)];
        float[] row = new float[2];

        map.Fill(features, row);

        Assert.Equal([14, 0], row);
    }

    [Fact]
    public void Create_ModelOfOtherRows_SaysWhatDoesNotFit()
    {
        Assert.Contains("'temperature'", FeatureMap.Create(Version(Schema(["method", "temperature"]))).Fault, StringComparison.Ordinal);
        Assert.Contains("'method'", FeatureMap.Create(Version(Schema(["method"], type: ColumnType.Category))).Fault, StringComparison.Ordinal);
        Assert.Contains("benign", FeatureMap.Create(Version(Schema(["method"], benign: null))).Fault, StringComparison.Ordinal);
    }

    private static ActiveModelVersion Version(ModelSchema schema) => new("threats", 1, new string('a', 64), schema);
}
