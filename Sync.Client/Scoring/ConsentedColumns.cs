using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring;

/// <summary>The columns that the signed file of a version lets a node send, and their places in a row.</summary>
internal sealed class ConsentedColumns
{
    private const int KeyLength = 16;

    private readonly (JsonEncodedText Name, int Index)[] _numbers;
    private readonly (JsonEncodedText Name, int Index)[] _categories;

    private ConsentedColumns(string dataset, (JsonEncodedText, int)[] numbers, (JsonEncodedText, int)[] categories)
    {
        (Dataset, _numbers, _categories) = (dataset, numbers, categories);
        string columns = string.Join('\n', numbers.Concat(categories).Select(column => column.Item1.Value).Order(StringComparer.Ordinal));
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(columns)))[..KeyLength];
    }

    public string Dataset { get; }

    /// <summary>The same for the same columns only: a row that was kept by one consent leaves by the same one.</summary>
    public string Key { get; }

    /// <summary>Null where the file lets a node send nothing.</summary>
    public static ConsentedColumns? Create(SampleConsent? consent, ModelSchema schema) => consent is null ? null : new(
        consent.Dataset, Find(consent, schema, ColumnType.Number), Find(consent, schema, ColumnType.Category));

    /// <summary>Writes the row as a JSON object on a line of its own. Missing values are left out.</summary>
    /// <returns>Null where a dataset would not take it.</returns>
    public byte[]? Write(string id, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteString(SampleBounds.IdColumn, id);
            foreach ((JsonEncodedText name, int index) in _numbers)
            {
                if (float.IsInfinity(numbers[index]))
                {
                    return null;
                }

                if (!float.IsNaN(numbers[index]))
                {
                    json.WriteNumber(name, numbers[index]);
                }
            }

            foreach ((JsonEncodedText name, int index) in _categories)
            {
                string text = categories[index] ?? "";
                if (Encoding.UTF8.GetByteCount(text) > SampleBounds.CellBytes)
                {
                    return null;
                }

                if (text.Length > 0)
                {
                    json.WriteString(name, text);
                }
            }

            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.Length <= SampleBounds.LineBytes ? line.ToArray() : null;
    }

    public static byte[] WriteLabel(string id, string label)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteString(SampleBounds.IdColumn, id);
            json.WriteString(SampleBounds.LabelColumn, label);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    // In a row, the numbers come first and the categories after them, each in schema order.
    private static (JsonEncodedText, int)[] Find(SampleConsent consent, ModelSchema schema, ColumnType type) =>
    [
        .. schema.Inputs.Where(input => input.Type == type)
            .Select((input, index) => (input.Name, Index: index))
            .Where(input => consent.Columns.Contains(input.Name, StringComparer.Ordinal))
            .Select(input => (JsonEncodedText.Encode(input.Name), input.Index)),
    ];
}
