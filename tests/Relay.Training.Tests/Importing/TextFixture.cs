using System.Globalization;
using System.Text;
using System.Text.Json;
using Relay.Training.Importing;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Importing;

/// <summary>A model whose columns flags and bytes are texts.</summary>
internal sealed class TextFixture(ImportFixture fixture, string[][] texts)
{
    public const string Lightgbm = "lightgbm-sets-multiclass";
    public const string Xgboost = "xgboost-sets-multiclass";

    public string[][] Texts => texts;

    private bool IsXgboost => fixture.Name.StartsWith("xgboost", StringComparison.Ordinal);

    private string[]?[] ByFeature => [null, Texts[0], null, Texts[1]];

    public static TextFixture Load(string name) => new(
        ImportFixture.Load(name),
        [name == Lightgbm ? ["ack", "fin", "rst", "syn", "über, \"psh\""] : ["a", "é", "ccc"],
            [.. Enumerable.Range(100, 70).Select(i => i.ToString(CultureInfo.InvariantCulture))]]);

    public ImportJob Job(string folder)
    {
        ImportJob job = fixture.Job(Path.Combine(folder, "texts.csv"));
        StringBuilder text = new("packets,flags,share,bytes,truth\n");
        foreach ((float[] numbers, string[] own, double[] answer) in Rows())
        {
            string Number(float value) => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
            text.Append(Number(numbers[0])).Append(',').Append(Quote(own[0])).Append(',').Append(Number(numbers[1])).Append(',')
                .Append(Quote(own[1])).Append(',').Append(Array.IndexOf(answer, answer.Max())).Append('\n');
        }

        File.WriteAllText(job.TestPath, text.ToString());
        return job with
        {
            File = IsXgboost && fixture.Name == Xgboost ? WithLists(Texts) : job.File,
            Spec = job.Spec with
            {
                Columns = [.. job.Spec.Columns.Select(c => c.Name is "flags" or "bytes" ? c with { Type = ColumnType.Category } : c)],
            },
        };
    }

    /// <summary>Rows whose categories are codes that have texts, or missing.</summary>
    public IEnumerable<(float[] Numbers, string[] Texts, double[] Answer)> Rows()
    {
        for (int row = 0; row < fixture.Rows.Length; row++)
        {
            float[] cells = fixture.Rows[row];
            bool isText = Enumerable.Range(0, 4).All(
                f => ByFeature[f] is not { } list ? !float.IsInfinity(cells[f])
                    : float.IsNaN(cells[f]) || Enumerable.Range(0, list.Length).Contains((int)cells[f]) && cells[f] == MathF.Floor(cells[f]));
            if (isText)
            {
                string Text(int f) => float.IsNaN(cells[f]) ? "" : ByFeature[f]![(int)cells[f]];
                yield return ([cells[0], cells[2]], [Text(1), Text(3)], fixture.Expected(row));
            }
        }
    }

    /// <summary>The file with other lists: in the form of LightGBM's Python package, and of XGBoost 3.1.</summary>
    public byte[] WithLists(string[][] lists)
    {
        if (!IsXgboost)
        {
            int at = fixture.Text.IndexOf("pandas_categorical:", StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(fixture.Text[..at] + "pandas_categorical:" + JsonSerializer.Serialize(lists) + "\n");
        }

        string[] encoded = [.. lists[0].Select(t => string.Join(',', Encoding.UTF8.GetBytes(t).Select(b => (sbyte)b)))];
        IEnumerable<int> offsets = lists[0].Aggregate<string, List<int>>([0], (all, t) => [.. all, all[^1] + Encoding.UTF8.GetByteCount(t)]);
        string enc = "{\"offsets\":[],\"values\":[]},{\"offsets\":[" + string.Join(',', offsets) + "],\"values\":[" + string.Join(',', encoded)
            + "]},{\"offsets\":[],\"values\":[]},{\"type\":15,\"values\":[" + string.Join(',', lists[1]) + "]}";
        return fixture.With(
            "\"model\":{", "\"model\":{\"cats\":{\"enc\":[" + enc + "],\"feature_segments\":[0,0,3,3,73],\"is_ref\":false,\"sorted_idx\":[]},");
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
