using System.Globalization;
using System.Text.RegularExpressions;

namespace Relay.Server.Tests.Monitoring;

/// <summary>Reads the text form of Prometheus by its rules, strictly: each line is one that a collector takes.</summary>
internal sealed partial class ExpositionParser
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    private readonly List<string> _errors = [];
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _help = new(StringComparer.Ordinal);
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(double Bound, double Count)>> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private string _family = "";

    /// <summary>What is wrong with a text; empty where a collector takes all of it.</summary>
    public static IReadOnlyList<string> FindErrors(string text)
    {
        ExpositionParser parser = new();
        if (!text.EndsWith('\n'))
        {
            parser._errors.Add("the last line has no end");
        }

        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            parser.Read(line);
        }

        parser.CheckHistograms();
        return [.. parser._errors, .. parser._types.Keys.Where(name => !parser._help.ContainsKey(name)).Select(name => $"no help: {name}")];
    }

    private void Read(string line)
    {
        if (Comment().Match(line) is { Success: true } comment)
        {
            Begin(comment.Groups["name"].Value);
            Dictionary<string, string> kept = comment.Groups["kind"].Value == "TYPE" ? _types : _help;
            if (!kept.TryAdd(comment.Groups["name"].Value, comment.Groups["text"].Value))
            {
                _errors.Add($"twice: {line}");
            }
        }
        else if (Sample().Match(line) is { Success: true } sample)
        {
            ReadSample(line, sample);
        }
        else
        {
            _errors.Add($"neither a sample nor a comment: {line}");
        }
    }

    private void ReadSample(string line, Match sample)
    {
        string name = sample.Groups["name"].Value;
        string family = FamilyOf(name);
        Begin(family);
        string type = _types.GetValueOrDefault(family, "untyped");
        (string Name, string Value)[] labels =
            [.. Label().Matches(sample.Groups["labels"].Value).Select(label => (label.Groups["name"].Value, label.Groups["value"].Value))];
        string key = string.Join(',', labels.Where(label => label.Name != "le").Order().Select(label => $"{label.Name}={label.Value}"));
        double value = ReadNumber(sample.Groups["value"].Value);
        if (type is "untyped")
        {
            _errors.Add($"no type: {line}");
        }

        if (labels.DistinctBy(label => label.Name).Count() != labels.Length)
        {
            _errors.Add($"two labels of one name: {line}");
        }

        if (!_series.Add($"{name}{{{key}{labels.FirstOrDefault(label => label.Name == "le").Value}}}"))
        {
            _errors.Add($"two samples of one series: {line}");
        }

        if (type is "counter" && (!name.EndsWith("_total", StringComparison.Ordinal) || !(value >= 0)))
        {
            _errors.Add($"a counter ends with _total and is not negative: {line}");
        }

        if (name == $"{family}_bucket")
        {
            string series = $"{family}{{{key}}}";
            _buckets.TryAdd(series, []);
            _buckets[series].Add((ReadNumber(labels.Single(label => label.Name == "le").Value), value));
        }
        else if (name == $"{family}_count")
        {
            _counts[$"{family}{{{key}}}"] = value;
        }
    }

    private void Begin(string family)
    {
        if (family != _family)
        {
            _ended.Add(_family);
            _family = family;
            if (_ended.Contains(family))
            {
                _errors.Add($"not in one piece: {family}");
            }
        }
    }

    private string FamilyOf(string name) => Suffixes
        .Where(suffix => name.EndsWith(suffix, StringComparison.Ordinal))
        .Select(suffix => name[..^suffix.Length])
        .FirstOrDefault(family => _types.GetValueOrDefault(family) is "histogram") ?? name;

    private void CheckHistograms()
    {
        foreach ((string series, List<(double Bound, double Count)> buckets) in _buckets)
        {
            if (!buckets.SequenceEqual(buckets.OrderBy(bucket => bucket.Bound).ThenBy(bucket => bucket.Count))
                || !buckets.Select(bucket => bucket.Count).SequenceEqual(buckets.Select(bucket => bucket.Count).Order())
                || buckets[^1].Bound != double.PositiveInfinity || buckets[^1].Count != _counts.GetValueOrDefault(series, -1))
            {
                _errors.Add($"buckets do not add up: {series}");
            }
        }
    }

    private double ReadNumber(string text)
    {
        if (text is "+Inf")
        {
            return double.PositiveInfinity;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            _errors.Add($"no number: {text}");
        }

        return number;
    }

    [GeneratedRegex("^# (?<kind>TYPE|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*)\})? (?<value>\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\["\\n])*)",?""")]
    private static partial Regex Label();
}
