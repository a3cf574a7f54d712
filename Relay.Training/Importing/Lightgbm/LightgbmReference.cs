using System.Globalization;
using System.Text;
using System.Text.Json;
using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>What LightGBM answers, by the rules of its predictor (GBDT::Predict), in double.</summary>
internal sealed class LightgbmReference : SourceReference
{
    private readonly string _objective = "";
    private readonly double _sigmoid = 1;
    private readonly bool _isMean;
    private readonly string[][] _lists = [];

    /// <param name="file">A file that the converter accepted.</param>
    public LightgbmReference(byte[] file)
    {
        using StreamReader lines = new(new MemoryStream(file, writable: false), Encoding.UTF8);
        List<Dictionary<string, string>> trees = [];
        Dictionary<string, string> now = new(StringComparer.Ordinal);
        Dictionary<string, string> header = now;
        while (lines.ReadLine() is { } line && line != "end of trees")
        {
            string[] pair = line.Split('=', 2);
            if (pair[0] == "Tree")
            {
                now = new(StringComparer.Ordinal);
                trees.Add(now);
            }

            now[pair[0]] = pair.Length == 2 ? pair[1] : "";
        }

        const string Pandas = "pandas_categorical:";
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith(Pandas, StringComparison.Ordinal))
            {
                JsonElement[][] values = JsonSerializer.Deserialize<JsonElement[][]?>(line[Pandas.Length..]) ?? [];
                _lists = Array.ConvertAll(values, list => Array.ConvertAll(list, value => value.ToString()));
            }
        }

        FeatureCount = int.Parse(header["max_feature_idx"], CultureInfo.InvariantCulture) + 1;
        OutputCount = int.Parse(header["num_tree_per_iteration"], CultureInfo.InvariantCulture);
        foreach (string word in header.GetValueOrDefault("objective", "").Split(' '))
        {
            _objective = _objective.Length == 0 ? word : _objective;
            _sigmoid = word.StartsWith("sigmoid:", StringComparison.Ordinal) ? double.Parse(word[8..], CultureInfo.InvariantCulture) : _sigmoid;
        }

        _isMean = header.ContainsKey("average_output");
        double factor = (_objective == "binary" ? _sigmoid : 1) / (_isMean ? trees.Count / OutputCount : 1);
        Trees = [.. trees.Select((tree, t) => new LightgbmSourceTree(tree, t % OutputCount, factor))];
    }

    public override int FeatureCount { get; }

    public override int OutputCount { get; }

    public override IReadOnlyList<SourceTree> Trees { get; }

    public override double Base(int output) => 0;

    public override IReadOnlyList<string>? Texts(int list) => list < _lists.Length ? _lists[list] : null;

    public override double[] Answer(ReadOnlySpan<double> sums)
    {
        switch (_objective)
        {
            case "binary":
                double positive = 1 / (1 + Math.Exp(-sums[0]));
                return [1 - positive, positive];
            case "multiclass":
                double[] answer = sums.ToArray();
                double highest = answer.Max();
                double total = 0;
                for (int k = 0; k < answer.Length; k++)
                {
                    total += answer[k] = Math.Exp(answer[k] - highest);
                }

                return Array.ConvertAll(answer, a => a / total);
            default:
                return [sums[0]];
        }
    }
}
