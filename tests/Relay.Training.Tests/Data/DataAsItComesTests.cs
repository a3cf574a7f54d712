using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

/// <summary>Files as people have them: several faults at once, marks for missing values, percentages, lists, columns without a name in the spec.</summary>
public sealed class DataAsItComesTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_SeveralFaultyColumns_AreAllNamedInOneAnswerEachWithItsFirstLine(bool binned)
    {
        string path = _folder.Write("a.csv", CsvFolder.Header, "1,a,tcp,0.5,good", "x,b,udp,0.25,bad", "y,c,tcp,many,good", "4,d,tcp,-7,", "z,d,tcp,more,");

        TrainingException refused = Refuse(CsvFolder.Spec, path, binned);

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains("a.csv:3, column 'size': got 'x'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("a.csv:4, column 'rate': got 'many'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("a.csv:5, column 'verdict': got ''", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'y'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RaggedRowAfterAFaultyCell_BothAreNamed()
    {
        string message = Refuse(CsvFolder.Spec, _folder.Write("a.csv", CsvFolder.Header, "x,a,tcp,0.5,good", "1,2,3")).Message;

        Assert.Contains("a.csv:2, column 'size': got 'x'", message, StringComparison.Ordinal);
        Assert.Contains("a.csv:3: got 3 fields, expected 5", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManyFaultyColumns_AreCounted()
    {
        ModelSpec spec = CsvFolder.Spec with { Columns = [.. Enumerable.Range(0, 40).Select(c => new ColumnSpec($"c{c}", ColumnType.Number)), new("verdict", ColumnType.Label)] };
        string path = _folder.Write("a.csv", string.Join(',', spec.Columns.Select(c => c.Name)), string.Concat(Enumerable.Repeat("x,", 40)) + "good");

        string message = Refuse(spec, path).Message;

        Assert.EndsWith("and in 28 more columns", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 100, 2000);
    }

    [Fact]
    public void Load_HeaderThatLacksAndRepeatsColumns_SaysBoth()
    {
        string message = Refuse(CsvFolder.Spec, _folder.Write("a.csv", "size,size,note,verdict", "1,1,a,good")).Message;

        Assert.Contains("'size' twice", message, StringComparison.Ordinal);
        Assert.Contains("lacks 'kind', 'rate'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralUnknownLabels_AreAllNamed()
    {
        string train = _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows]);
        string test = _folder.Write("b.csv", CsvFolder.Header, "1,a,tcp,0.5,odd", "1,a,tcp,0.5,good", "1,a,tcp,0.5,strange");

        TrainingException refused = Assert.Throws<TrainingException>(() => DataLoader.Load(new DataSource(CsvFolder.Spec, train, test)));

        Assert.Contains("b.csv:2, column 'verdict': got 'odd'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'strange'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ColumnsThatTheSpecDoesNotName_AreToldAndNotRead()
    {
        string path = _folder.Write("a.csv", [CsvFolder.Header + ",extra,more", .. CsvFolder.Rows.Select(row => row + ",x,\0")]);

        DataSet rows = DataLoader.Load(CsvFolder.Spec, path, null, null, default);

        Assert.Equal(["size", "kind", "rate"], rows.Columns.Select(c => c.Name));
        Assert.Contains("'extra', 'more'", Assert.Single(rows.Summary.Warnings!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_MarksOfMissingValues_AreMissingInEveryColumn(bool binned)
    {
        ModelSpec spec = CsvFolder.Spec with { Csv = new CsvSpec { Missing = ["NA", "-", "?"] } };
        string marked = _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows, "NA,a,?,-,good", "-7,a,NA,1,bad"]);
        string plain = _folder.Write("b.csv", [CsvFolder.Header, .. CsvFolder.Rows, ",a,,,good", "-7,a,,1,bad"]);

        DataSet rows = DataLoader.Load(spec, marked, null, null, default);

        Assert.Equal([1, 2, 3, 4, float.NaN, -7], ((NumberColumn)rows.Columns[0]).Values);
        Assert.Equal(["tcp", "udp"], ((CategoryColumn)rows.Columns[1]).Categories);
        Assert.Equal([0, 1, 0, 0, -1, -1], ((CategoryColumn)rows.Columns[1]).Codes);
        Assert.Contains("got 'NA'", Refuse(CsvFolder.Spec, marked, binned).Message, StringComparison.Ordinal);
        if (binned)
        {
            ulong[] prints = DataLoader.LoadBinned(new DataSource(spec, marked, marked)).Facts.Fingerprints;
            Assert.Equal(DataLoader.LoadBinned(new DataSource(CsvFolder.Spec, plain, plain)).Facts.Fingerprints, prints);
        }
    }

    [Fact]
    public void Load_MarkInARequiredColumn_IsRefused()
    {
        ModelSpec spec = CsvFolder.Spec with
        {
            Csv = new CsvSpec { Missing = ["?"] },
            Columns = [.. CsvFolder.Spec.Columns.Select(c => c.Name == "rate" ? c with { Required = true } : c)],
        };

        Assert.Contains("got '?', expected a value", Refuse(spec, _folder.Write("a.csv", CsvFolder.Header, "1,a,tcp,?,good")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12.5%", 12.5f)]
    [InlineData("12.5 %", 12.5f)]
    [InlineData("-3%", -3f)]
    [InlineData("7", 7f)]
    [InlineData("%", null)]
    [InlineData("1%%", null)]
    public void Load_Percentages_AreTheNumberBeforeTheSign(string cell, float? expected)
    {
        ModelSpec spec = CsvFolder.Spec with { Csv = new CsvSpec { Percent = ["rate"] } };
        string path = _folder.Write("a.csv", CsvFolder.Header, $"1,a,tcp,{cell},good");

        if (expected is null && cell != "%")
        {
            Assert.Contains("column 'rate'", Refuse(spec, path).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal([expected ?? float.NaN], ((NumberColumn)DataLoader.Load(spec, path, null, null, default).Columns[2]).Values);
    }

    [Theory]
    [InlineData(ListValue.Count, "80;443;22", 3f)]
    [InlineData(ListValue.First, "80; 443", 80f)]
    [InlineData(ListValue.Last, "80; 443", 443f)]
    [InlineData(ListValue.Min, "80;443;22", 22f)]
    [InlineData(ListValue.Max, "80;443;NA", 443f)]
    [InlineData(ListValue.Mean, "1;2;6", 3f)]
    [InlineData(ListValue.Mean, "NA;NA", float.NaN)]
    [InlineData(ListValue.Count, "", float.NaN)]
    [InlineData(ListValue.Max, "80;x", null)]
    public void Load_Lists_AreOneValueOfThem(ListValue take, string cell, float? expected)
    {
        ModelSpec spec = CsvFolder.Spec with
        {
            Csv = new CsvSpec { Missing = ["NA"], Lists = new Dictionary<string, ListSpec> { ["rate"] = new(take) } },
        };
        string path = _folder.Write("a.csv", CsvFolder.Header, $"1,a,tcp,{cell},good");

        if (expected is not { } number)
        {
            Assert.Contains($"got '{cell}'", Refuse(spec, path).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal([number], ((NumberColumn)DataLoader.Load(spec, path, null, null, default).Columns[2]).Values);
    }

    [Fact]
    public void Run_ScalerWithAColumnThatIsEmptyThisTime_IsMadeWithAWarning()
    {
        ModelSpec spec = new()
        {
            Name = "scaler",
            Task = ModelTask.Scaling,
            Algorithm = ModelAlgorithm.StandardScaler,
            Columns = [new("x", ColumnType.Number), new("empty", ColumnType.Number)],
        };
        string path = _folder.Write("a.csv", ["x,empty", .. Enumerable.Range(0, 40).Select(i => $"{i},")]);
        string later = _folder.Write("b.csv", ["x,empty", .. Enumerable.Range(0, 40).Select(i => $"{i},{i}")]);

        ModelCard card = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Files(path, later))).Card;

        GateResult gate = card.Gates!.Single(g => g.Name == "constant-columns");
        Assert.Equal(GateVerdict.Warn, gate.Verdict);
        Assert.Contains("'empty'", gate.Detail, StringComparison.Ordinal);
        Assert.Throws<TrainingException>(
            () => TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Files(_folder.Write("c.csv", ["x,empty", ",", ",", ","]), later))));
    }

    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\u1ebf", "e\u0302\u0301")]
    [InlineData("Good", "\uff27ood")]
    [InlineData("\u0419", "\u0418\u0306")]
    [InlineData("Good", "good ")]
    public void Spelling_FormsOfOneText_AreOne(string one, string other) => Assert.Equal(LabelSpelling.Fold(one), LabelSpelling.Fold(other));

    [Theory]
    [InlineData("caf\u00e9", "cafe")]
    [InlineData("\u00f8", "o")]
    public void Spelling_OtherLetters_AreOthers(string one, string other) => Assert.NotEqual(LabelSpelling.Fold(one), LabelSpelling.Fold(other));

    private static TrainingException Refuse(ModelSpec spec, string path, bool binned = false) => Assert.Throws<TrainingException>(() =>
    {
        if (binned)
        {
            _ = DataLoader.LoadBinned(new DataSource(spec, path, path));
        }
        else
        {
            _ = DataLoader.Load(spec, path, null, null, default);
        }
    });
}
