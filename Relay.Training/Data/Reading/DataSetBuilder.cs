using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Makes a data set of rows that come from code, not from a file: the simulator, samples, tests.</summary>
/// <param name="source">What the rows are, for the summary.</param>
public sealed class DataSetBuilder(ModelSpec spec, string source) : IDisposable
{
    private readonly ColumnBuilder[] _columns = [.. spec.Features.Select(ColumnBuilder.Create)];
    private readonly LabelColumnReader? _labelReader = LabelColumnReader.Create(spec);
    private readonly RowWeightInputs _weightInputs = new(spec);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public int Rows { get; private set; }

    /// <summary>Adds a row of numbers; every feature of the spec must be one.</summary>
    /// <param name="label">As a file has it, so a number for regression; not read where the task reads none.</param>
    /// <param name="weight">How much the row counts, above 0; read where the spec has a weight column.</param>
    /// <param name="time">When it was seen; read where the spec has an age rule.</param>
    /// <exception cref="TrainingException">A value is infinite, the label is empty or no text that a file could hold, or weight or time is
    /// not good.</exception>
    public void Add(ReadOnlySpan<float> values, string label = "", float weight = 1, DateTimeOffset? time = null)
    {
        if (values.Length != _columns.Length)
        {
            throw new ArgumentException($"A row has {_columns.Length} values, not {values.Length}.", nameof(values));
        }

        for (int i = 0; i < _columns.Length; i++)
        {
            AddNumber(i, values[i]);
        }

        EndRow(label, weight, time);
    }

    /// <summary>Adds a row: a float for each number, a string for each category, null for a missing value.</summary>
    /// <exception cref="TrainingException">A value is not of its column's type, is infinite or no text that a file could hold, the label is empty, or
    /// weight or time is not good.</exception>
    public void Add(IReadOnlyList<object?> values, string label = "", float weight = 1, DateTimeOffset? time = null)
    {
        if (values.Count != _columns.Length)
        {
            throw new ArgumentException($"A row has {_columns.Length} values, not {values.Count}.", nameof(values));
        }

        for (int i = 0; i < _columns.Length; i++)
        {
            switch (values[i])
            {
                case null when _columns[i] is NumberColumnBuilder:
                    AddNumber(i, float.NaN);
                    break;
                case float number:
                    AddNumber(i, number);
                    break;
                case null or string when _columns[i] is CategoryColumnBuilder:
                    AddCategory(i, (string?)values[i] ?? "");
                    break;
                default:
                    throw Refuse(_columns[i].Name, Convert.ToString(values[i], CultureInfo.InvariantCulture) ?? "", "the column's type");
            }
        }

        EndRow(label, weight, time);
    }

    /// <summary>The data set of all rows. To be called once.</summary>
    /// <param name="classes">The classes of training, for held-out rows; null for training rows: classes are as the spec says, rows get
    /// their weights, and those that are too old for the spec are left out.</param>
    public DataSet Build(IReadOnlyList<string>? classes = null)
    {
        RawTable table = new(
            source, Convert.ToHexStringLower(_hash.GetHashAndReset()), [.. _columns.Select(c => c.Finish())], _labelReader?.Finish(),
            _weightInputs.Finish(), Rows);
        return classes is null ? table.ToTrainingRows(spec, source) : table.ToDataSet(spec, classes, source);
    }

    public void Dispose() => _hash.Dispose();

    private void AddNumber(int column, float value)
    {
        if (_columns[column] is not NumberColumnBuilder builder)
        {
            throw Refuse(_columns[column].Name, value.ToString(CultureInfo.InvariantCulture), "a text");
        }

        if (float.IsInfinity(value))
        {
            throw Refuse(_columns[column].Name, value.ToString(CultureInfo.InvariantCulture), "a finite number");
        }

        if (builder.IsRequired && float.IsNaN(value))
        {
            throw Refuse(_columns[column].Name, "", ColumnReader.RequiredValue);
        }

        builder.Add(value);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }

    private void AddCategory(int column, string text)
    {
        byte[] bytes = ToUtf8(_columns[column].Name, text);
        if (_columns[column].Take(bytes) is { } expected)
        {
            throw Refuse(_columns[column].Name, text, expected);
        }

        _hash.AppendData(bytes);
        _hash.AppendData([0]);
    }

    private void EndRow(string label, float weight, DateTimeOffset? time)
    {
        if (_weightInputs.Add(weight, time) is { } refused)
        {
            throw Refuse(refused.Column, time is null ? $"{weight}" : $"{weight}, {time:O}", refused.Expected);
        }

        AppendWeightInputs(weight, time);

        if (_labelReader is not null)
        {
            byte[] bytes = ToUtf8(_labelReader.Name, label);
            if (_labelReader.Take(bytes, Rows + 1) is { } expected)
            {
                throw Refuse(_labelReader.Name, label, expected);
            }

            _hash.AppendData(bytes);
            _hash.AppendData([0]);
        }

        Rows++;
    }

    // What changes the model changes the digest of its data.
    private void AppendWeightInputs(float weight, DateTimeOffset? time)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (_weightInputs.Weights is not null)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, weight);
            _hash.AppendData(bytes[..sizeof(float)]);
        }

        if (_weightInputs.Times is not null)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, time!.Value.UtcTicks);
            _hash.AppendData(bytes);
        }
    }

    private byte[] ToUtf8(string column, string text) => CellText.ToUtf8(text) ?? throw Refuse(column, text, CellText.WholeExpected);

    private TrainingException Refuse(string column, string value, string expected) =>
        new(TrainingFault.InvalidData, DataErrors.Cell(source, Rows + 1, column, value, expected));
}
