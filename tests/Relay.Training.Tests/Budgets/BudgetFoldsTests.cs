using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Tuning;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Budgets;

/// <summary>The parts of the rows that a search measures on.</summary>
public sealed class BudgetFoldsTests
{
    [Theory]
    [InlineData(CategoryEncoding.Target)]
    [InlineData(CategoryEncoding.Frequency)]
    public void Tested_RowsThatWereReadEqual_AreInOnePart(CategoryEncoding encoding)
    {
        ModelSpec spec = Classes(ModelAlgorithm.RandomForest, null);
        spec = spec with { Columns = [.. spec.Columns.Select(c => c.Name == "protocol" ? c with { Encoding = encoding } : c)] };
        using DataSetBuilder builder = new(spec, "rows");
        for (int row = 0; row < 1000; row++)
        {
            builder.Add([(float)(row % 100), row % 2 == 0 ? "tcp" : "udp", 1f], row % 3 == 0 ? "low" : "high");
        }

        DataSet rows = builder.Build(null);
        LoadedData data = LoadedData.FromSplit(new DataSplit(rows, rows), spec);

        TuningFolds folds = new(data.Train, "budget", data.RowHashes);

        Assert.Equal(encoding is CategoryEncoding.Target, data.Train.Columns.Any(c => Enumerable.Range(100, 900).Any(row => c[row] != c[row - 100])));
        int[][] parts = [.. Enumerable.Range(0, TuningFolds.Count).Select(folds.RowsOf)];
        Assert.Equal(1000, parts.Sum(p => p.Length));
        Assert.All(parts, part => Assert.Equal(part.Length, 10 * part.Select(row => row % 100).Distinct().Count()));
    }
}
