using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Makes a data set of rows that come from code, not from a file: the simulator, samples, tests.</summary>
/// <param name="source">What the rows are, for the summary.</param>
public sealed class DataSetBuilder(ModelSpec spec, string source) : IDisposable
{
    private readonly ColumnBuilder[] columns = [.. spec.Features.Select(ColumnBuilder.For)];
    private readonly TruthBuilder? truth = TruthBuilder.For(spec);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public int Rows { get; private set; }

    /// <summary>Adds a row of numbers; every feature of the spec must be one.</summary>
    /// <param name="label">As a file has it, so a number for regression; not read where the task reads none.</param>
    /// <exception cref="TrainingException">A value is infinite or the label is empty.</exception>
    public void Add(ReadOnlySpan<float> values, string label = "")
    {
        if (values.Length != columns.Length)
        {
            throw new ArgumentException($"A row has {columns.Length} values, not {values.Length}.", nameof(values));
        }

        for (int i = 0; i < columns.Length; i++)
        {
            AddNumber(i, values[i]);
        }

        EndRow(label);
    }

    /// <summary>Adds a row: a float for each number, a string for each category, null for a missing value.</summary>
    /// <exception cref="TrainingException">A value is not of its column's type, is infinite, or the label is empty.</exception>
    public void Add(IReadOnlyList<object?> values, string label = "")
    {
        if (values.Count != columns.Length)
        {
            throw new ArgumentException($"A row has {columns.Length} values, not {values.Count}.", nameof(values));
        }

        for (int i = 0; i < columns.Length; i++)
        {
            switch (values[i])
            {
                case null when columns[i] is NumberColumnBuilder:
                    AddNumber(i, float.NaN);
                    break;
                case float number:
                    AddNumber(i, number);
                    break;
                case null or string when columns[i] is CategoryColumnBuilder:
                    AddCategory(i, (string?)values[i] ?? "");
                    break;
                default:
                    throw Refuse(columns[i].Name, Convert.ToString(values[i], CultureInfo.InvariantCulture) ?? "", "the column's type");
            }
        }

        EndRow(label);
    }

    /// <summary>The data set of all rows. To be called once.</summary>
    /// <param name="classes">The classes of training, for held-out rows; null makes them as the spec says.</param>
    public DataSet Build(IReadOnlyList<string>? classes = null)
    {
        RawTable table = new(
            source, Convert.ToHexStringLower(hash.GetHashAndReset()), [.. columns.Select(c => c.Finish())], truth?.Finish(), Rows);
        return table.ToDataSet(spec, classes, 0, table.Rows, source);
    }

    public void Dispose() => hash.Dispose();

    private void AddNumber(int column, float value)
    {
        if (columns[column] is not NumberColumnBuilder builder)
        {
            throw Refuse(columns[column].Name, value.ToString(CultureInfo.InvariantCulture), "a text");
        }

        if (float.IsInfinity(value))
        {
            throw Refuse(columns[column].Name, value.ToString(CultureInfo.InvariantCulture), "a finite number");
        }

        builder.Add(value);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private void AddCategory(int column, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (columns[column].Add(bytes) is { } expected)
        {
            throw Refuse(columns[column].Name, text, expected);
        }

        hash.AppendData(bytes);
        hash.AppendData([0]);
    }

    private void EndRow(string label)
    {
        if (truth is not null)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(label);
            if (truth.Add(bytes, Rows + 1) is { } expected)
            {
                throw Refuse(truth.Name, label, expected);
            }

            hash.AppendData(bytes);
            hash.AppendData([0]);
        }

        Rows++;
    }

    private TrainingException Refuse(string column, string value, string expected) =>
        new(TrainingFault.InvalidData, DataFault.Cell(source, Rows + 1, column, value, expected));
}
