using System.IO.Compression;
using System.Runtime.InteropServices;
using Benchmarks.Training;
using Relay.TestKit;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;

namespace Benchmarks.Quality;

/// <summary>The sets of real rows, without duplicates: equal rows in two folds would test what was memorized.</summary>
internal static class RealSets
{
    private const int Seed = 99;
    private const int QuickRows = 8_000;
    private const string HttpFile = "http-params/payload_full.csv.gz";
    private const string Marks = "'\"<>/\\.;|&=()%-#*:,$+_";

    /// <param name="isFull">All rows, not a sample.</param>
    public static IEnumerable<QualitySet> Load(bool isFull, CancellationToken cancellationToken)
    {
        if (BenchData.FindKdd99() is { } kdd99)
        {
            foreach (QualitySet set in Kdd99(kdd99, isFull, cancellationToken))
            {
                yield return set;
            }
        }
        else
        {
            Console.Error.WriteLine("KDD Cup 99 is not in shared/data: its rows are left out");
        }

        if (SharedData.File(HttpFile) is { } http)
        {
            yield return HttpParameters(http, isFull);
        }
        else
        {
            Console.Error.WriteLine("the HTTP parameters are not in shared/data: their rows are left out");
        }
    }

    /// <summary>All distinct rows of the HTTP parameters; null where they are missing.</summary>
    public static QualitySet? FindHttpParameters() => SharedData.File(HttpFile) is { } http ? HttpParameters(http, isFull: true) : null;

    private static IEnumerable<QualitySet> Kdd99(BenchData data, bool isFull, CancellationToken cancellationToken)
    {
        DataSplit split = DataLoader.Load(data.Source, null, cancellationToken);
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train);
        TrainingSet train = encoder.Encode(split.Train);
        TrainingSet test = encoder.Encode(split.Test);
        int[] trainRows = Sample(Distinct(train.Columns, train.Labels), train.Labels, isFull ? int.MaxValue : QuickRows);
        yield return QualitySet.Stratified(
            "kdd99", Select(train.Columns, trainRows), Array.ConvertAll(trainRows, row => train.Labels[row]), train.ClassCount, Seed);

        // The official test rows have attacks that training never saw: one fold, which no model learns from.
        int[] testRows = Sample(Distinct(test.Columns, test.Labels), test.Labels, isFull ? int.MaxValue : QuickRows);
        float[][] columns = [.. Select(train.Columns, trainRows).Zip(Select(test.Columns, testRows), (a, b) => (float[])[.. a, .. b])];
        yield return new QualitySet(
            "kdd99-official", columns,
            [.. trainRows.Select(row => train.Labels[row]), .. testRows.Select(row => test.Labels[row])], train.ClassCount,
            [.. trainRows.Select(_ => -1), .. testRows.Select(_ => 0)]);
    }

    // Values of parameters become lengths and counts of characters.
    private static QualitySet HttpParameters(string file, bool isFull)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        reader.ReadLine();
        List<float[]> rows = [];
        List<int> labels = [];
        List<string> classes = [];
        while (reader.ReadLine() is { } line)
        {
            // payload,length,attack_type,label: payloads hold commas, the last three cells do not.
            int last = line.LastIndexOf(',');
            int type = last < 0 ? -1 : line.LastIndexOf(',', last - 1);
            int length = type < 0 ? -1 : line.LastIndexOf(',', type - 1);
            if (length < 0)
            {
                continue;
            }

            string name = line[(type + 1)..last];
            if (!classes.Contains(name))
            {
                classes.Add(name);
            }

            rows.Add(Count(line[..length].Trim('"')));
            labels.Add(classes.IndexOf(name));
        }

        float[][] columns = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Select(row => row[c]).ToArray())];
        int[] labelOf = [.. labels];
        int[] kept = Sample(Distinct(columns, labelOf), labelOf, isFull ? int.MaxValue : QuickRows);
        return QualitySet.Stratified("http-params", Select(columns, kept), Array.ConvertAll(kept, row => labelOf[row]), classes.Count, Seed);
    }

    private static float[] Count(string payload) =>
    [
        payload.Length,
        payload.Count(char.IsDigit),
        payload.Count(c => !char.IsLetterOrDigit(c) && c != ' '),
        payload.Count(char.IsUpper),
        payload.Count(char.IsLower),
        payload.Count(c => c == ' '),
        payload.Distinct().Count(),
        .. Marks.Select(mark => (float)payload.Count(c => c == mark)),
    ];

    // The first of equal rows, whatever the labels of the others.
    private static int[] Distinct(float[][] columns, int[] labels)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        float[] row = new float[columns.Length];
        return [.. Enumerable.Range(0, labels.Length).Where(r =>
        {
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = columns[c][r];
            }

            return seen.Add(Convert.ToBase64String(MemoryMarshal.AsBytes<float>(row)));
        })];
    }

    // Every class keeps 400 rows, so that rare ones stay; the rest is drawn.
    private static int[] Sample(int[] rows, int[] labels, int most)
    {
        const int LeastOfClass = 400;
        if (rows.Length <= most)
        {
            return rows;
        }

        int[] drawn = [.. rows];
        new Random(Seed).Shuffle(drawn);
        Dictionary<int, int> taken = [];
        List<int> kept = [];
        List<int> others = [];
        foreach (int row in drawn)
        {
            int count = taken.GetValueOrDefault(labels[row]);
            (count < LeastOfClass ? kept : others).Add(row);
            taken[labels[row]] = count + 1;
        }

        return [.. kept.Concat(others).Take(Math.Max(most, kept.Count)).Order()];
    }

    private static float[][] Select(float[][] columns, int[] rows) => [.. columns.Select(column => Array.ConvertAll(rows, row => column[row]))];
}
