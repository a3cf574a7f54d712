using System.Net;
using System.Text;
using Relay.TestKit;
using Relay.Training.Data.Csv;
using Relay.Training.Engines.Common;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines.Referee;

/// <summary>Real rows for holding the managed engine to other libraries: the same ones every time, few enough for every run.</summary>
/// <param name="Test">Rows that no engine trained on.</param>
internal sealed record RefereeData(TrainingSet Train, TrainingSet Test)
{
    private const ulong Seed = 7;

    private static readonly Lazy<RefereeData?> Kdd = new(LoadKdd);
    private static readonly Lazy<RefereeData?> Http = new(LoadHttp);

    /// <summary>A tenth of either file of KDD Cup 99, five classes.</summary>
    public static RefereeData Kdd99OrSkip() => OrSkip(Kdd.Value, "kdd99");

    /// <summary>Values of HTTP parameters as requests, benign or not, by what our extractor says of their targets.</summary>
    public static RefereeData HttpParamsOrSkip() => OrSkip(Http.Value, "http-params");

    /// <param name="change">Column number, row number and value to the value in its place.</param>
    public RefereeData With(Func<int, int, float, float> change)
    {
        return new(Change(Train), Change(Test));

        TrainingSet Change(TrainingSet set) =>
            set with { Columns = [.. set.Columns.Select((c, f) => c.Select((v, r) => change(f, r, v)).ToArray())] };
    }

    private static RefereeData OrSkip(RefereeData? data, string name)
    {
        Assert.SkipWhen(data is null, $"shared/data/{name} is missing");
        return data!;
    }

    private static RefereeData? LoadKdd() =>
        KddRows.TryGet() is { } rows ? new(Draw(rows.Train, 0, 0.1), Draw(rows.Test, 1, 0.1)) : null;

    private static RefereeData? LoadHttp()
    {
        if (SharedData.File("http-params/payload_full.csv.gz") is not { } path)
        {
            return null;
        }

        HttpFeatureExtractor extractor = new();
        List<float[]> rows = [];
        List<int> labels = [];
        using CsvFile csv = CsvFile.Open(path, new CsvSpec());
        while (csv.Read())
        {
            float[] features = new float[HttpFeatureSchema.Count];
            string target = "/?value=" + Uri.EscapeDataString(Encoding.UTF8.GetString(csv.Field(0)));
            extractor.Extract(new(DateTimeOffset.UnixEpoch, IPAddress.Loopback, "GET", target, []), features);
            rows.Add(features);
            labels.Add(csv.Field(3).SequenceEqual("norm"u8) ? 0 : 1);
        }

        // One client at one time: only what the target says differs from row to row.
        int[] telling = [.. Enumerable.Range(0, HttpFeatureSchema.Count).Where(f =>
            HttpFeatureSchema.Names[f].StartsWith("path_", StringComparison.Ordinal) || HttpFeatureSchema.Names[f] is "target_length")];
        TrainingSet all = new([.. telling.Select(f => rows.Select(r => r[f]).ToArray())], [.. labels], 2);
        return new(Draw(all, 2, 0.7), Draw(all, 2, 0.7, drawn: false));
    }

    private static TrainingSet Draw(TrainingSet set, int turn, double share, bool drawn = true)
    {
        HashSampler sampler = new(Seed, turn, share);
        int[] rows = [.. Enumerable.Range(0, set.RowCount).Where(row => sampler.Draws((ulong)row) == drawn)];
        return new TrainingSet(
            [.. set.Columns.Select(c => rows.Select(r => c[r]).ToArray())], [.. rows.Select(r => set.Labels[r])], set.ClassCount);
    }
}
