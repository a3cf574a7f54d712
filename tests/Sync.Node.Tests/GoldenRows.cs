using System.Globalization;
using Relay.TestKit.Models;
using Shared.Contracts.Models;

namespace Sync.Node.Tests;

/// <summary>The golden rows of a model, and the answers to them, to the bit.</summary>
internal static class GoldenRows
{
    public static float[] Expected(TestModel model, int row) => [.. model.Golden.OutputBits[row].Select(BitConverter.UInt32BitsToSingle)];

    public static float[] Expected(TestModel model) => [.. Enumerable.Range(0, model.Golden.Rows).SelectMany(row => Expected(model, row))];

    /// <summary>All numbers, row after row.</summary>
    public static float[] Numbers(TestModel model) => [.. Enumerable.Range(0, model.Golden.Rows).SelectMany(model.NumbersOf)];

    public static byte[] Raw(IEnumerable<float> numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    /// <summary>A JSON array; NaN is null.</summary>
    public static string Json(IEnumerable<float> numbers) =>
        $"[{string.Join(", ", numbers.Select(n => float.IsNaN(n) ? "null" : n.ToString("R", CultureInfo.InvariantCulture)))}]";

    /// <summary>One tensor for each column, as JSON.</summary>
    public static string Columns(TestModel model)
    {
        (int number, int category) = (0, 0);
        List<string> inputs = [];
        foreach (ColumnSpec input in model.Schema.Inputs)
        {
            int place = input.Type is ColumnType.Category ? category++ : number++;
            IEnumerable<int> rows = Enumerable.Range(0, model.Golden.Rows);
            string data = input.Type is ColumnType.Category
                ? string.Join(",", rows.Select(row => $"\"{model.CategoriesOf(row)[place]}\""))
                : Json(rows.Select(row => model.NumbersOf(row)[place]));
            inputs.Add(input.Type is ColumnType.Category
                ? $$"""{"name":"{{input.Name}}","datatype":"BYTES","shape":[{{model.Golden.Rows}},1],"data":[{{data}}]}"""
                : $$"""{"name":"{{input.Name}}","datatype":"FP32","shape":[{{model.Golden.Rows}}],"data":{{data}}}""");
        }

        return $$"""{"id":"7","inputs":[{{string.Join(",", inputs)}}]}""";
    }
}
