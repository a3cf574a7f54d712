using System.Globalization;
using System.Text.Json;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>What a file says of categories: the texts of those columns of a data frame that are of the type category, in the order of the columns,
/// and the largest value of each feature.</summary>
internal static class LightgbmTexts
{
    private const string Pandas = "pandas_categorical:";
    private const string HowToGet = "train LightGBM's Python package on a pandas data frame whose column is of the type category";

    /// <exception cref="TrainingException">With InvalidModelFile: lists that are none.</exception>
    public static SourceTexts Read(LightgbmFile file, int features)
    {
        string[] infos = (file.Header.Text("feature_infos") ?? "").Split(' ');
        double?[] max = [.. Enumerable.Range(0, features).Select(f => infos.Length == features ? MaxOf(infos[f]) : null)];
        return new SourceTexts(ReadLists(file.Tail.Span, features) ?? [], AreInColumnOrder: true, max, HowToGet);
    }

    // "[-1.5:7]" of numbers, "3:1:0" of categories, "none" of a feature with one value.
    private static double? MaxOf(string info)
    {
        double? max = null;
        foreach (string part in info.Trim('[', ']').Split(':'))
        {
            if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !(value <= max))
            {
                max = value;
            }
        }

        return max;
    }

    // The library reads the last line.
    private static string[][]? ReadLists(ReadOnlySpan<byte> tail, int features)
    {
        string[][]? lists = null;
        bool isFound = false;
        foreach (Range range in tail.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = tail[range].TrimEnd("\r "u8);
            if (!line.StartsWith("pandas_categorical:"u8))
            {
                continue;
            }

            if (isFound)
            {
                throw LightgbmFile.Refuse($"{Pandas} is there twice: it can be read in more than one way");
            }

            isFound = true;
            lists = Parse(line[Pandas.Length..], features);
        }

        return lists;
    }

    private static string[][]? Parse(ReadOnlySpan<byte> json, int features)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = 2 });
            JsonElement lists = document.RootElement;
            if (lists.ValueKind is JsonValueKind.Null)
            {
                return null;
            }

            return lists.ValueKind is JsonValueKind.Array && lists.GetArrayLength() <= features
                ? [.. lists.EnumerateArray().Select((list, i) => CategoryTexts.Read(list, $"{Pandas} list {i}"))]
                : throw LightgbmFile.Refuse($"{Pandas} expected at most a list per feature, of which there are {features}");
        }
        catch (JsonException e)
        {
            throw LightgbmFile.Refuse($"{Pandas} no list of texts: {e.Message}");
        }
    }
}
