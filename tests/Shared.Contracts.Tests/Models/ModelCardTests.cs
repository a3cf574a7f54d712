using System.Text.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class ModelCardTests
{
    [Theory]
    [InlineData("""{"task":"regression","rows":2,"rmse":1,"mae":2,"ofTomorrow":3}""")]
    [InlineData("""{"task":"classification","rows":2,"accuracy":1,"macroF1":1,"logLoss":1,"macroAuc":1,"classes":[],"ofTomorrow":{"a":[1]}}""")]
    [InlineData("""{"task":"anomaly-detection","rows":2,"flagged":1,"offset":1,"ofTomorrow":null}""")]
    [InlineData("""{"rows":2,"maxMean":1,"maxVarianceError":1,"heldOutMaxMean":1,"heldOutMaxVarianceError":1,"constantColumns":0,"ofTomorrow":3,"task":"scaling"}""")]
    public void Json_MetricsWithAFigureOfALaterVersion_AreReadWithoutIt(string json)
    {
        ModelMetrics metrics = JsonSerializer.Deserialize(json, ModelJson.Default.ModelMetrics)!;

        Assert.Equal(2, metrics.Rows);
        Assert.DoesNotContain(metrics.Figures, figure => figure.Name == "ofTomorrow");
    }

    [Fact]
    public void Json_ThereAndBackWithEveryNull_SameText()
    {
        ModelSpec spec = new()
        {
            Name = "a",
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.RandomForest,
            Columns = [new("x", ColumnType.Number), new("y", ColumnType.Label)],
        };
        DataSummary data = new("rows", "00", 2, new Dictionary<string, long> { ["p"] = 1, ["q"] = 1 });
        ModelSchema schema = new([new("x", ColumnType.Number)], ["p", "q"]);
        ClassificationMetrics metrics = new(2, 1, 1, 0.125, 1, [new("p", 1, 1, 1, 1, 0), new("q", 1, 1, 1, 1, 0)]);
        ModelCard card = new()
        {
            Name = "a",
            Version = 1,
            Sha256 = "ff",
            SizeBytes = 10,
            Spec = spec,
            Schema = schema,
            SchemaHash = schema.Hash(),
            Train = data,
            Test = data,
            Metrics = metrics,
            Parity = new ParityReport(2, 0, 0),
            TreeCount = 1,
            NodeCount = 3,
        };

        string text = JsonSerializer.Serialize(card, ModelJson.Default.ModelCard);

        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, ModelJson.Default.ModelCard)!, ModelJson.Default.ModelCard));
    }
}
