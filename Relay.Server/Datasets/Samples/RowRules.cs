using System.Text;
using Relay.Training.Data.Uploads;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Datasets.Samples;

/// <summary>Checks the rows of an upload against the spec of a dataset, and hashes addresses in them.</summary>
internal sealed class RowRules(DatasetSpec spec, AddressHasher hasher, SampleSource source, DateTimeOffset now)
{
    private const int ShownLength = 40;
    private const string NotForNodes = "nodes may not send this column: the dataset does not mark it with nodes";
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    public int LabelPosition { get; } = spec.Columns.ToList().FindIndex(column => column.Type is ColumnType.Label);

    /// <summary>What is wrong with a row; null for one that the dataset takes.</summary>
    public SampleFault? Check(SampleRow row)
    {
        if (CheckId(row) is { } noId)
        {
            return noId;
        }

        for (int i = 0; i < spec.Columns.Count; i++)
        {
            if (CheckCell(row, i, spec.Columns[i]) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>What is wrong with a row of an upload of labels; null for one that the dataset takes.</summary>
    public SampleFault? CheckLabel(SampleRow row)
    {
        if (CheckId(row) is { } noId)
        {
            return noId;
        }

        if (IsWithheld(spec.LabelColumn))
        {
            return new(row.Line, SampleFaultReason.NotConsented, NotForNodes, SampleBounds.LabelColumn);
        }

        return FindLabelError(row.Text(0)) is { } expected
            ? new(row.Line, SampleFaultReason.InvalidLabel, Describe(row.Text(0), expected), SampleBounds.LabelColumn)
            : null;
    }

    private static SampleFault? CheckId(SampleRow row) => SampleBounds.IsId(row.Id)
        ? null
        : new(row.Line, SampleFaultReason.InvalidId, Describe(row.Id ?? "", SampleBounds.IdRule), SampleBounds.IdColumn);

    // A number could be written with a thousand zeros.
    private string? FindLabelError(string label) => spec.Label switch
    {
        null => "none: the dataset has no labels",
        _ when label.Length > SampleBounds.LabelLength => $"at most {SampleBounds.LabelLength} characters",
        { Number: true } => CellRules.FindNumberError(Encoding.UTF8.GetBytes(label)),
        { Classes: { } classes } when !classes.Contains(label, StringComparer.Ordinal) => $"one of {Shorten(string.Join(", ", classes))}",
        _ => null,
    };

    private bool IsWithheld(DatasetColumn? column) => source.IsNode && column is not { Nodes: true };

    private static string Describe(string found, string expected) => $"got '{Shorten(found)}', expected {expected}";

    private SampleFault? CheckCell(SampleRow row, int index, DatasetColumn column)
    {
        ReadOnlySpan<byte> cell = row.Cell(index);
        if (cell.IsEmpty)
        {
            return column.Required ? Fault(SampleFaultReason.MissingValue, "a value is missing") : null;
        }

        if (IsWithheld(column))
        {
            return Fault(SampleFaultReason.NotConsented, NotForNodes);
        }

        string? expected = cell.Length > SampleBounds.CellBytes ? $"at most {SampleBounds.CellBytes} bytes" : CellRules.FindError(column.Type, cell);
        if (expected is not null)
        {
            return Fault(SampleFaultReason.InvalidValue, Describe(row.Text(index), expected));
        }

        return column.Type switch
        {
            ColumnType.Label => FindLabelError(row.Text(index)) is { } label
                ? Fault(SampleFaultReason.InvalidLabel, Describe(row.Text(index), label))
                : null,
            ColumnType.Category or ColumnType.Ignore => CheckAddress(row, index, column),
            ColumnType.Time when source.IsNode => CheckTime(CellRules.FindTime(cell)!.Value) is { } time
                ? Fault(SampleFaultReason.InvalidValue, time)
                : null,
            _ => null,
        };

        SampleFault Fault(SampleFaultReason reason, string detail) => new(row.Line, reason, detail, column.Name);
    }

    private SampleFault? CheckAddress(SampleRow row, int index, DatasetColumn column)
    {
        switch (column.Addresses)
        {
            case AddressHandling.Keep:
                return null;
            case AddressHandling.Hash:
                // The text is not repeated: it may be somebody's address, written in a form of its own.
                if (hasher.Hash(row.Text(index)) is not { } hash)
                {
                    return new(row.Line, SampleFaultReason.Address, "expected an IP address, or nothing", column.Name);
                }

                row.Set(index, Encoding.ASCII.GetBytes(hash));
                return null;
            default:
                return MayHoldAddress(row.Cell(index)) && LoggedAddress.IsIn(row.Text(index))
                    ? new(
                        row.Line, SampleFaultReason.Address,
                        "an IP address in a column that is not for addresses: leave it out, or set the 'addresses' of the column to keep",
                        column.Name)
                    : null;
        }
    }

    // A node could make its rows count more by dating them later.
    private string? CheckTime(double seconds) =>
        seconds > (now + ClockMargin).ToUnixTimeSeconds() ? "a time in the future" : null;

    private static bool MayHoldAddress(ReadOnlySpan<byte> cell) => cell.Count((byte)'.') >= 3 || cell.Count((byte)':') >= 2;

    private static string Shorten(string text) => DisplayText.Escape(text, ShownLength);
}
