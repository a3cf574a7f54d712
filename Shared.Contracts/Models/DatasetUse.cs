using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>What a training run took of a dataset, and what it left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record DatasetUse
{
    /// <summary>The name of the dataset.</summary>
    public required string Name { get; init; }

    /// <summary>The number of the last sample or label that the run could see.</summary>
    public required long Position { get; init; }

    /// <summary>Samples that it saw.</summary>
    public required long Rows { get; init; }

    /// <summary>Samples that it took, for training and held out together.</summary>
    public required long Used { get; init; }

    /// <summary>Samples without a label.</summary>
    public long Unlabeled { get; init; }

    /// <summary>Samples with several labels of which none has the most votes.</summary>
    public long Contradicted { get; init; }

    /// <summary>Samples of a node whose label of the same content all but a few others contradict.</summary>
    public long Outvoted { get; init; }

    /// <summary>Samples of nodes that were banned when the run started.</summary>
    public long Banned { get; init; }

    /// <summary>The ids of these nodes; null for none. To reproduce the run leaves out the same.</summary>
    public IReadOnlyList<string>? BannedNodes { get; init; }

    /// <summary>Samples of nodes beyond the share that one node may make up.</summary>
    public long Capped { get; init; }

    /// <summary>The share of <see cref="Used"/> that one node may have sent.</summary>
    public required double NodeShare { get; init; }

    /// <summary>Nodes whose samples were taken.</summary>
    public required int Nodes { get; init; }

    /// <summary>Nodes of which nothing was taken, because they contradict the others on most of what they have in common; 20 at most.</summary>
    public IReadOnlyList<string>? DissentingNodes { get; init; }
}
