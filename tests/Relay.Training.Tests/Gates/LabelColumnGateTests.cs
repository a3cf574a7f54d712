using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Gates;
using Relay.Training.Gates.Rows;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Gates;

/// <summary>Columns with many texts, of which trees see a number.</summary>
public sealed class LabelColumnGateTests
{
    private static readonly ModelSpec Spec = GateData.Spec with
    {
        Columns = [new("network", ColumnType.Category) { Encoding = CategoryEncoding.Count }, new("verdict", ColumnType.Label)],
    };

    [Fact]
    public void Check_CountedColumnThatIsFilledAfterTheLabel_Fails()
    {
        GateResult result = Check(Spec, (row, isBad) => isBad ? "confirmed" : "");

        Assert.Equal((GateVerdict.Fail, 1d), (result.Verdict, result.Figure));
        Assert.Contains("'network'", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CountedColumnOfManyTextsThatAreFilledAfterTheLabel_Warns()
    {
        GateResult result = Check(Spec, (row, isBad) => isBad ? $"ticket {row / 3 % 8}" : "");

        Assert.Equal((GateVerdict.Warn, 1d), (result.Verdict, result.Figure));
    }

    [Fact]
    public void Check_CountedColumnThatSaysLittle_Passes()
    {
        GateResult result = Check(Spec, (row, isBad) => $"10.{(isBad && row % 5 > 0 ? row / 3 % 20 : row / 3 % 200)}.0.0/16");

        Assert.Equal(GateVerdict.Pass, result.Verdict);
        Assert.InRange(result.Figure!.Value, 0.5, 0.95);
    }

    [Fact]
    public void Check_LookedUpColumn_IsLeftOut()
    {
        ModelSpec spec = Spec with { Columns = [Spec.Columns[0] with { Encoding = CategoryEncoding.Lookup }, Spec.Columns[1]] };

        Assert.Equal(GateVerdict.NotApplicable, Check(spec, (_, isBad) => isBad ? "confirmed" : "").Verdict);
    }

    private static GateResult Check(ModelSpec spec, Func<int, bool, string> network)
    {
        DataSet rows = Build(0, null);
        return new LabelColumnGate().Check(
            new GateContext(spec, LoadedData.FromSplit(new DataSplit(rows, Build(1, rows.Classes)), spec), null));

        DataSet Build(int seed, IReadOnlyList<string>? classes)
        {
            Random random = new(seed);
            using DataSetBuilder builder = new(spec, "rows");
            for (int row = 0; row < 2000; row++)
            {
                bool isBad = random.Next(4) == 0;
                string text = network(row, isBad);
                builder.Add([text.Length == 0 ? null : text], isBad ? "flood" : GateData.Fine);
            }

            return builder.Build(classes);
        }
    }
}
