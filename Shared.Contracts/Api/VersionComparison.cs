using Shared.Contracts.Models;

namespace Shared.Contracts.Api;

/// <summary>What differs between two versions of a model, by their stored cards. Differences are those of <see cref="Version"/> from
/// <see cref="With"/>: first minus second.</summary>
public sealed record VersionComparison
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    /// <summary>The version that it is compared with.</summary>
    public required int With { get; init; }

    /// <summary>Why the figures of the tests say nothing about which version is better, one clause each, such as different test rows; empty where
    /// they are comparable. Then figures and classes have no differences.</summary>
    public required IReadOnlyList<string> NotComparable { get; init; }

    /// <summary>The figures of the tests, those of the version first.</summary>
    public required IReadOnlyList<NumberComparison> Figures { get; init; }

    /// <summary>Recall and precision by class, those that differ most first; empty for tasks without classes.</summary>
    public required IReadOnlyList<ClassComparison> Classes { get; init; }

    /// <summary>Classes beyond the 100 in <see cref="Classes"/>.</summary>
    public int ClassesLeftOut { get; init; }

    /// <summary>Size of the file in bytes, trees and nodes.</summary>
    public required IReadOnlyList<NumberComparison> Sizes { get; init; }

    public required DataComparison Train { get; init; }

    public required DataComparison Test { get; init; }

    /// <summary>Columns of the data that were added, removed or changed.</summary>
    public required IReadOnlyList<ColumnComparison> Columns { get; init; }

    /// <summary>What apps see differ, one clause each; empty where rows and answers mean the same.</summary>
    public required IReadOnlyList<string> SchemaDifferences { get; init; }

    /// <summary>Members of spec, tuning and training record that differ.</summary>
    public required IReadOnlyList<SettingComparison> Settings { get; init; }

    /// <summary>The inputs whose importance differs most; empty where it was not measured for both.</summary>
    public required IReadOnlyList<NumberComparison> Importance { get; init; }

    /// <summary>The gates whose verdicts differ.</summary>
    public required IReadOnlyList<GateComparison> Gates { get; init; }
}

/// <summary>One number of both versions.</summary>
/// <param name="Version">Null where the version does not have it.</param>
/// <param name="With">The same, of the version that it is compared with.</param>
/// <param name="Difference">The first minus the second; null where one is missing, or where they are not comparable.</param>
public sealed record NumberComparison(string Name, double? Version, double? With, double? Difference);

/// <summary>The quality of one class.</summary>
/// <param name="Recall">Its name is that of the class, as of <paramref name="Precision"/>.</param>
public sealed record ClassComparison(string Name, NumberComparison Recall, NumberComparison Precision);

/// <summary>The data of both versions.</summary>
/// <param name="Same">True where digest and number of rows are the same.</param>
public sealed record DataComparison(bool Same, DataFacts Version, DataFacts With)
{
    /// <summary>Rows of the classes whose numbers differ, the largest differences first; at most 100.</summary>
    public required IReadOnlyList<NumberComparison> ClassRows { get; init; }
}

/// <summary>What a card says of one data set.</summary>
/// <param name="Sha256">Of the bytes read (unpacked), lower-case hexadecimal.</param>
public sealed record DataFacts(string Source, string Sha256, long Rows);

/// <summary>A column that differs.</summary>
/// <param name="Version">Its type, required and encoding; null where the version does not have it.</param>
public sealed record ColumnComparison(string Name, ColumnSpec? Version, ColumnSpec? With);

/// <summary>A member that differs.</summary>
/// <param name="Name">Its path, such as <c>parameters.trees</c>.</param>
/// <param name="Version">Its value as JSON; null where it is not given.</param>
public sealed record SettingComparison(string Name, string? Version, string? With);

/// <summary>A gate whose verdicts differ.</summary>
/// <param name="Version">Null where the card does not have the gate.</param>
/// <param name="Detail">What the gate said of the version.</param>
public sealed record GateComparison(string Name, GateVerdict? Version, GateVerdict? With, string? Detail, string? WithDetail);
