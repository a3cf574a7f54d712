using System.Text.Json.Serialization;
using Shared.Contracts.Datasets;

namespace Shared.Contracts.Api;

/// <summary>A dataset of the relay.</summary>
public sealed record DatasetView
{
    public required string Name { get; init; }

    public required DatasetSpec Spec { get; init; }

    /// <summary>Samples that it holds.</summary>
    public required long Rows { get; init; }

    /// <summary>Labels that it holds, those that came with a sample included; a sample may have several, and one may wait for its sample.</summary>
    public required long Labels { get; init; }

    /// <summary>Labels that differ from an earlier one of the same sample.</summary>
    public required long Conflicts { get; init; }

    /// <summary>Samples that were deleted by their id and are not taken again.</summary>
    public required long Forgotten { get; init; }

    /// <summary>The number of the last sample or label: each has a number of its own, which grows.</summary>
    public required long Position { get; init; }

    /// <summary>Bytes of its samples on the disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Who sent its samples, those with most samples first; at most <see cref="MaxSources"/>.</summary>
    public required IReadOnlyList<DatasetSource> Sources { get; init; }

    /// <summary>Samples by their label, the most frequent label first; at most <see cref="MaxBalance"/>. A sample with labels that differ counts for
    /// each of them. Null in a list of datasets, where the dataset takes no label, and where labels are numbers.</summary>
    public IReadOnlyList<LabelCount>? Balance { get; init; }

    /// <summary>Rows that were sent to it since the relay started; null in a list of datasets.</summary>
    public UploadTotals? Uploads { get; init; }

    /// <summary>Why its samples cannot be read, and what to do; null where they can.</summary>
    public string? Problem { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Maximum length of <see cref="Sources"/>.</summary>
    public const int MaxSources = 50;

    /// <summary>Maximum length of <see cref="Balance"/>.</summary>
    public const int MaxBalance = 50;
}

/// <summary>How many samples have a label.</summary>
public sealed record LabelCount(string Label, long Samples);

/// <summary>What became of the rows of all uploads, of samples and of labels. The relay counts in memory: a restart begins anew.</summary>
public sealed record UploadTotals
{
    /// <summary>When the count began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Rows that the dataset did not have before.</summary>
    public required long Accepted { get; init; }

    /// <summary>Rows that it had already, with the same content.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Rows that it did not take.</summary>
    public required long Refused { get; init; }

    /// <summary>Why, the most frequent reason first.</summary>
    public required IReadOnlyList<RefusalCount> Refusals { get; init; }
}

/// <summary>How many rows were refused for a reason.</summary>
/// <param name="Reason">One that a program does not know is <see cref="SampleFaultReason.Unknown"/> to it.</param>
public sealed record RefusalCount(SampleFaultReason Reason, long Rows);

/// <summary>Who sent samples and labels.</summary>
/// <param name="Name"><c>node:</c> and the id of a node, or <c>key:</c> and the id of an API key, the first of those that replaced each
/// other.</param>
public sealed record DatasetSource(string Name, long Rows, long Labels);

/// <summary>The samples that are to be deleted: their ids, or who sent them.</summary>
/// <param name="Ids">Empty where a source is given.</param>
public sealed record ForgetRequest(IReadOnlyList<string> Ids)
{
    /// <summary>A name of a <see cref="DatasetSource"/>, such as <c>node:web-1</c>: all samples and labels that it sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>Further requests with ids follow: the dataset is written anew with the last one, or within an hour.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMore { get; init; }
}

/// <summary>What was deleted.</summary>
/// <param name="Forgotten">Ids with a sample or a label.</param>
/// <param name="Unknown">Ids without one; they are not taken later either.</param>
/// <param name="Purged">True when no byte of them is left in the files of the relay. False while an export, an upload, a backup or a training run
/// that began earlier has a copy, where the disk has no room to write the dataset anew, which the relay tries again each hour, and where more
/// requests follow. To send the same ids again tells how it stands.</param>
public sealed record ForgetReport(long Forgotten, long Unknown, bool Purged)
{
    /// <summary>Unknown ids that no earlier request was about either: they may be misspelled.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long NeverThere { get; init; }
}
