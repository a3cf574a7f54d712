using System.Text.Json.Serialization;
using Shared.Contracts.Json;

namespace Shared.Contracts.Api;

/// <summary>What became of each row of an upload. What was accepted is durable. To send an upload again adds no sample twice, and no label that is
/// the last of its source for the sample.</summary>
public sealed record UploadReport
{
    /// <summary>Rows that the dataset has now and did not have before.</summary>
    public required long Accepted { get; init; }

    /// <summary>Rows that it had already, with the same content.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Rows that it did not take.</summary>
    public required long Refused { get; init; }

    /// <summary>Labels that were accepted and differ from an earlier one of the same sample.</summary>
    public long Conflicts { get; init; }

    /// <summary>Labels that were accepted and wait for their sample.</summary>
    public long Waiting { get; init; }

    /// <summary>Why rows were refused, in their order; at most <see cref="Shared.Contracts.Datasets.SampleBounds.Faults"/>.</summary>
    public required IReadOnlyList<SampleFault> Faults { get; init; }

    /// <summary>Why the rest of the upload was not read, such as damaged content; null when all of it was. Rows before it count.</summary>
    public string? Stopped { get; init; }

    /// <summary>The number of the dataset's last sample or label after the upload.</summary>
    public required long Position { get; init; }
}

/// <summary>Why a row was refused.</summary>
/// <param name="Line">The line at which the row begins, from 1; of Parquet the row.</param>
/// <param name="Reason">For programs; one that a program does not know is <see cref="SampleFaultReason.Unknown"/> to it.</param>
/// <param name="Detail">What was found and what was expected, on one line.</param>
/// <param name="Column">The column; null where it is about the whole row.</param>
public sealed record SampleFault(long Line, SampleFaultReason Reason, string Detail, string? Column = null);

/// <summary>The kinds of reasons why a row is refused.</summary>
[JsonConverter(typeof(TolerantEnumConverter<SampleFaultReason>))]
public enum SampleFaultReason
{
    /// <summary>One of a newer relay.</summary>
    Unknown,

    /// <summary>The line is not in the form of the upload.</summary>
    Malformed,

    /// <summary>The id is missing or no id.</summary>
    InvalidId,

    /// <summary>The dataset has no such column.</summary>
    UnknownColumn,

    /// <summary>A column that is required is missing or empty.</summary>
    MissingValue,

    /// <summary>A value is not of the type of its column.</summary>
    InvalidValue,

    /// <summary>The label is none that the dataset takes.</summary>
    InvalidLabel,

    /// <summary>An IP address in a column that is not for addresses, or none in one that is.</summary>
    Address,

    /// <summary>Nodes may not send the column.</summary>
    NotConsented,

    /// <summary>Another sample has the id.</summary>
    IdTaken,

    /// <summary>The sample was deleted at somebody's request, and is not taken again.</summary>
    Forgotten,

    /// <summary>The sample is another node's: only its sender, and holders of an API key, label it.</summary>
    NotOwner,

    /// <summary>The source has changed its label of the sample too often.</summary>
    TooManyLabels,

    /// <summary>The node has added as much as it may on this day; it may send again on the next (UTC).</summary>
    NodeQuota,

    /// <summary>The node holds as large a part of the dataset as it may.</summary>
    NodeShare,

    /// <summary>The dataset is full.</summary>
    DatasetFull,
}
